package eventlog

import "github.com/prometheus/client_golang/prometheus"

// metrics is what the client tells about its work, all by topic.
type metrics struct {
	produce *prometheus.HistogramVec
	resends *prometheus.CounterVec
	fetches *prometheus.CounterVec
	bytes   *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		produce: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "log_append_seconds", Help: "Time until the log had a batch, by topic.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"topic"}),
		resends: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "log_resends_total", Help: "Batches sent again because it was not known whether the log has them.",
		}, []string{"topic"}),
		fetches: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "log_fetches_total", Help: "Fetches from the log: records, empty, error, or stalled where the log has more and gave nothing.",
		}, []string{"topic", "outcome"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "log_bytes_total", Help: "Bytes of acknowledged batches (out) and of fetched keys, values and headers (in).",
		}, []string{"topic", "direction"}),
	}
	if reg != nil {
		reg.MustRegister(m.produce, m.resends, m.fetches, m.bytes)
	}
	return m
}
