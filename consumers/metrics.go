package consumers

import (
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics counts what the readers do.
type Metrics struct {
	facts   *prometheus.CounterVec
	batches *prometheus.HistogramVec
	reverts prometheus.Counter
	odd     prometheus.Counter
	parked  *prometheus.CounterVec
}

// NewMetrics registers the metrics.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		facts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "projection_facts_total", Help: "Facts stored in the read models, by reader.",
		}, []string{"reader"}),
		batches: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "projection_commit_seconds", Help: "Time to store one batch, by reader.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
		}, []string{"reader"}),
		reverts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "projection_reverts_total", Help: "Reorganisations that the chain read models were taken back by.",
		}),
	}
	m.odd = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "projection_anomalies_total", Help: "Events of the chain that cannot be, by what came before them; see /api/audit.",
	})
	m.parked = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "projection_parked_total", Help: "Records of telemetry that were parked, by reader; those parked again count again.",
	}, []string{"reader"})
	reg.MustRegister(m.facts, m.batches, m.reverts, m.odd, m.parked)
	return m
}

// RegisterStatus registers where readers stand, each by reader and partition: their state ([Phases], 1 for the one that they are in),
// whether they are stuck ([Status.Stuck]), and how far they are behind.
func RegisterStatus(reg prometheus.Registerer, readers func() []Status) {
	labels := []string{"reader", "partition"}
	desc := func(name, help string, more ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, append(slices.Clone(labels), more...), nil)
	}
	reg.MustRegister(&statusCollector{
		readers: readers,
		state:   desc("projection_state", "1 for the state that a reader is in.", "state"),
		stuck:   desc("projection_stuck", "1 where a reader makes no progress: the log gives less than it has (fetch), or the database does not take a batch (store).", "at"),
		next:    desc("projection_next_offset", "Offset that a reader stores next."),
		end:     desc("projection_end_offset", "Offset of the next record to be written, asked for beside the fetches."),
		lag:     desc("projection_lag_records", "Records that a reader has not stored."),
		logTime: desc("projection_log_time_seconds", "The log's time up to which a reader has stored, as Unix time."),
	})
}

type statusCollector struct {
	readers                               func() []Status
	state, stuck, next, end, lag, logTime *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c *statusCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.state, c.stuck, c.next, c.end, c.lag, c.logTime} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c *statusCollector) Collect(out chan<- prometheus.Metric) {
	now := time.Now()
	for _, s := range c.readers() {
		tell := func(d *prometheus.Desc, v float64, more ...string) {
			out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, append([]string{s.Reader, strconv.Itoa(int(s.Partition))}, more...)...)
		}
		for _, phase := range Phases() {
			tell(c.state, truth(s.Phase == phase), string(phase))
		}
		for _, at := range []Stuck{StuckFetch, StuckStore} {
			tell(c.stuck, truth(s.Stuck(now) == at), string(at))
		}
		if s.Phase != Reading {
			continue // where it stands is another process's to tell
		}
		tell(c.next, float64(s.Next))
		tell(c.lag, float64(s.Lag()))
		if s.LogEnd >= 0 {
			tell(c.end, float64(s.LogEnd))
		}
		if !s.LogTime.IsZero() {
			tell(c.logTime, float64(s.LogTime.UnixMilli())/1000)
		}
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (m *Metrics) stored(reader string, facts int, took time.Duration) {
	m.facts.WithLabelValues(reader).Add(float64(facts))
	m.batches.WithLabelValues(reader).Observe(took.Seconds())
}
