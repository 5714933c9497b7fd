package chaintail

import (
	"math"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Metrics tells how far the tailer is.
type Metrics struct {
	height            prometheus.Gauge
	final             prometheus.Gauge
	reorgs, unsettled prometheus.Counter
	depth             prometheus.Histogram
	events, undecoded *prometheus.CounterVec
	observations      *prometheus.CounterVec
	auditFaults       *prometheus.CounterVec
}

// NewMetrics registers the metrics; [RegisterStatus] those that are read at scrape time.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		height: prometheus.NewGauge(prometheus.GaugeOpts{Name: "indexer_block_height", Help: "Newest block in the log."}),
		final: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "indexer_final_block_height", Help: "Newest block in the log that is accepted on L1; 0 where none is known to be.",
		}),
		unsettled: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "indexer_reorgs_below_l1_total", Help: "Reorganisations that took back blocks that were accepted on L1.",
		}),
		reorgs: prometheus.NewCounter(prometheus.CounterOpts{Name: "indexer_reorgs_total", Help: "Reorganisations written to the log."}),
		depth: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "indexer_reorg_depth", Help: "Blocks that a reorganisation took back.", Buckets: []float64{1, 2, 5, 10, 50, 100, 500, 1000, 3000},
		}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "indexer_events_total", Help: "Events written to the log, by contract and event.",
		}, []string{"contract", "event"}),
		undecoded: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "indexer_undecoded_events_total", Help: "Events written raw, by contract and reason.",
		}, []string{"contract", "reason"}),
		observations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "indexer_observations_total", Help: "What views told at a block, written to the log, by contract, view and why it is unknown.",
		}, []string{"contract", "view", "unknown"}),
	}
	m.auditFaults = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "indexer_audit_faults_total", Help: "Events of which the log and the receipts tell differently, by kind.",
	}, []string{"kind"})
	for _, kind := range []string{FaultMissing, FaultSurplus, FaultWrong, FaultCount} {
		m.auditFaults.WithLabelValues(kind)
	}
	reg.MustRegister(m.height, m.final, m.reorgs, m.unsettled, m.depth, m.events, m.undecoded, m.observations, m.auditFaults)
	return m
}

// RegisterStatus registers how far the log is behind the node: indexer_lag_blocks ([Status.LagBlocks]) and indexer_lag_seconds
// ([Status.Lag]), which is NaN while a tailer cannot begin, since it then knows neither the log's age nor the node's head;
// indexer_stalled by reason ([Status.Stalled]); and of each provider whether it may serve and what its head is.
func RegisterStatus(reg prometheus.Registerer, status func() Status) {
	reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "indexer_lag_blocks", Help: "Blocks that the node has and the log has not.",
	}, func() float64 {
		return float64(status().LagBlocks())
	}), prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "indexer_lag_seconds", Help: "Age of the newest block in the log while the node has newer ones or does not answer, else 0; NaN while it is not known.",
	}, func() float64 {
		s := status()
		if !s.Begun && s.Err != nil {
			return math.NaN()
		}
		return s.Lag(time.Now()).Seconds()
	}))
	for _, reason := range Stalls() {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "indexer_stalled", Help: "1 while the node's head moves and the log has not for three block times, by reason.",
			ConstLabels: prometheus.Labels{"reason": string(reason)},
		}, func() float64 {
			return truth(status().Stalled(time.Now()) == reason)
		}))
	}
	for i, p := range status().Providers {
		labels := prometheus.Labels{"provider": p.Name}
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "blockchain_provider_usable", Help: "1 where the chain may be read from the provider, 0 while it is set aside.", ConstLabels: labels,
		}, func() float64 {
			return truth(status().Providers[i].Aside == nil)
		}), prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "blockchain_provider_head", Help: "Newest block that the provider told of; 0 before it did.", ConstLabels: labels,
		}, func() float64 {
			return float64(status().Providers[i].Head)
		}))
	}
}

// RegisterAudit registers what the audit of completeness has found: indexer_audit_blocks_total by reason and outcome,
// indexer_audit_pending, indexer_audit_dropped_total and indexer_audit_faulty_blocks.
func RegisterAudit(reg prometheus.Registerer, audit func() AuditStatus) {
	for _, reason := range []string{AuditRandom, AuditOdd} {
		for _, outcome := range []string{AuditWhole, AuditFault, AuditVoid, AuditNotKnown} {
			reg.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
				Name: "indexer_audit_blocks_total", Help: "Blocks of the log that were held against the node's receipts, by reason and outcome.",
				ConstLabels: prometheus.Labels{"reason": reason, "outcome": outcome},
			}, func() float64 { return float64(audit().Blocks[AuditResult{reason, outcome}]) }))
		}
	}
	reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "indexer_audit_pending", Help: "Blocks where something odd was seen, and that wait for their audit.",
	}, func() float64 { return float64(audit().Pending) }), prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "indexer_audit_dropped_total", Help: "Blocks where something odd was seen, too many to remember.",
	}, func() float64 { return float64(audit().Dropped) }), prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "indexer_audit_faulty_blocks", Help: "Blocks whose last audit found that the log does not hold what the chain does.",
	}, func() float64 { return float64(audit().Faulty) }))
}

func (m *Metrics) stands(s schemas.ChainState) {
	m.height.Set(float64(s.Sealed.Number))
	m.final.Set(float64(s.Final.Number))
}

func (m *Metrics) reorged(depth uint64) {
	m.reorgs.Inc()
	m.depth.Observe(float64(depth))
}

func (m *Metrics) fact(e schemas.Fact) {
	if e.Observed() {
		m.observations.WithLabelValues(e.ContractName, e.Name, e.Reason).Inc()
		return
	}
	if e.Reason != "" {
		m.undecoded.WithLabelValues(e.ContractName, e.Reason).Inc()
		return
	}
	m.events.WithLabelValues(e.ContractName, e.Name).Inc()
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
