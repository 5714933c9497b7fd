package starknet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics times the calls.
type metrics struct {
	provider string
	took     *prometheus.HistogramVec
}

// newMetrics registers the metrics, or finds them where another client has.
func newMetrics(o Options) (*metrics, error) {
	m := &metrics{provider: o.Name, took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "blockchain_rpc_duration_seconds", Help: "Time of calls to the StarkNet node, by method, provider and outcome.",
		Buckets: []float64{.001, .005, .01, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"method", "provider", "outcome"})}
	if o.Registerer == nil {
		return m, nil
	}
	err := o.Registerer.Register(m.took)
	if there, ok := errors.AsType[prometheus.AlreadyRegisteredError](err); ok {
		if took, ok := there.ExistingCollector.(*prometheus.HistogramVec); ok {
			m.took, err = took, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("RPC metrics: %w", err)
	}
	return m, nil
}

func (m *metrics) observe(method string, err error, took time.Duration) {
	m.took.WithLabelValues(method, m.provider, outcome(err)).Observe(took.Seconds())
}

// outcome sorts an error for the metric's label.
func outcome(err error) string {
	if err == nil {
		return "ok"
	}
	if _, ok := errors.AsType[*RPCError](err); ok {
		return "rpc_error"
	}
	if _, ok := errors.AsType[*HTTPError](err); ok {
		return "http_error"
	}
	switch {
	case errors.Is(err, ErrMalformed):
		return "malformed"
	case errors.Is(err, ErrTimeout), errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "canceled"
	}
	return "unreachable"
}
