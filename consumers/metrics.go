package consumers

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics counts what the readers do.
type Metrics struct {
	facts   *prometheus.CounterVec
	batches *prometheus.HistogramVec
	reverts prometheus.Counter
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
	reg.MustRegister(m.facts, m.batches, m.reverts)
	return m
}

func (m *Metrics) stored(reader string, facts int, took time.Duration) {
	m.facts.WithLabelValues(reader).Add(float64(facts))
	m.batches.WithLabelValues(reader).Observe(took.Seconds())
}
