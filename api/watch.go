package api

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// Watched answers what monitoring asks of workers and of consensus.
type Watched interface {
	Watch(ctx context.Context, limit int) (projections.Watch, error)
}

const (
	// watchedByName bounds the workers, and the voters, that have a series of their own.
	watchedByName = 100
	// watchKept is how long an answer serves the scrapes after it: it costs a look at every worker.
	watchKept = 10 * time.Second
)

// unnamed is the label of all that have no series of their own.
const unnamed = "other"

// watchCollector tells of workers and of consensus at scrape time.
type watchCollector struct {
	models                                                 Watched
	uptime, utilization, votes, rounds, frauds, validators *prometheus.Desc

	mu   sync.Mutex
	last projections.Watch // guarded by mu
	at   time.Time         // guarded by mu
}

// RegisterWatch registers the guide's metrics of single workers and of consensus. While the database does not answer they are
// absent, not zero.
func RegisterWatch(reg prometheus.Registerer, models Watched) {
	reg.MustRegister(&watchCollector{
		models: models,
		uptime: prometheus.NewDesc("worker_uptime_percent",
			"Share of the minutes of the last day in which a registered worker reported; other is the mean over those without a series.", []string{"worker_id"}, nil),
		utilization: prometheus.NewDesc("gpu_utilization_percent",
			"Mean over the GPUs of a registered worker, as its newest heartbeat says; other is the mean over those without a series.", []string{"worker_id"}, nil),
		votes:      prometheus.NewDesc("consensus_votes_total", "Votes on challenges, by voter.", []string{"validator"}, nil),
		rounds:     prometheus.NewDesc("consensus_rounds_total", "Challenges that were decided, by outcome.", []string{"outcome"}, nil),
		frauds:     prometheus.NewDesc("consensus_fraud_detected_total", "Frauds that a challenge has shown.", nil, nil),
		validators: prometheus.NewDesc("consensus_active_validators", "Validators of the newest set that the chain told of; NaN before the first.", nil, nil),
	})
}

// Describe implements prometheus.Collector.
func (c *watchCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.uptime, c.utilization, c.votes, c.rounds, c.frauds, c.validators} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *watchCollector) Collect(ch chan<- prometheus.Metric) {
	w, err := c.watch()
	if err != nil {
		return // absent, as the network's numbers are
	}
	tell := func(d *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, kind, value, labels...)
	}
	for _, of := range w.Workers {
		if of.UptimePercent != nil {
			tell(c.uptime, prometheus.GaugeValue, *of.UptimePercent, name(of.Address))
		}
		if of.GPUUtilization != nil {
			tell(c.utilization, prometheus.GaugeValue, *of.GPUUtilization, name(of.Address))
		}
	}
	others := int64(0)
	for _, of := range w.Votes {
		if of.Address == "" {
			others = of.Votes
		} else {
			tell(c.votes, prometheus.CounterValue, float64(of.Votes), of.Address)
		}
	}
	tell(c.votes, prometheus.CounterValue, float64(others), unnamed) // always there, so that a rate has a zero to begin from
	for _, outcome := range []projections.CaseStatus{projections.CaseUpheld, projections.CaseRejected} {
		tell(c.rounds, prometheus.CounterValue, float64(w.Rounds[outcome]), string(outcome))
	}
	tell(c.frauds, prometheus.CounterValue, float64(w.Frauds))
	validators := math.NaN()
	if w.Validators != nil {
		validators = float64(*w.Validators)
	}
	tell(c.validators, prometheus.GaugeValue, validators)
}

func name(address string) string {
	if address == "" {
		return unnamed
	}
	return address
}

func (c *watchCollector) watch() (projections.Watch, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.at.IsZero() && time.Since(c.at) < watchKept {
		return c.last, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), scrapeWithin)
	defer cancel()
	w, err := c.models.Watch(ctx, watchedByName)
	if err == nil {
		c.last, c.at = w, time.Now()
	}
	return w, err
}
