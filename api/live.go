package api

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// liveStats is the data of a NetworkStats frame.
type liveStats struct {
	TotalWorkers     int64   `json:"total_workers"`
	ActiveWorkers    int64   `json:"active_workers"`
	TotalJobs        int64   `json:"total_jobs"`
	InProgress       int64   `json:"jobs_in_progress"`
	CompletedLast24h int64   `json:"jobs_completed_24h"`
	TPS              float64 `json:"network_tps"` // completions a second over the last day
	Timestamp        int64   `json:"timestamp"`
}

// LiveStats returns the data of a NetworkStats frame that is sent now.
func LiveStats(n projections.NetworkStats, now time.Time) any {
	out := liveStats{
		TotalWorkers: n.Workers, ActiveWorkers: *n.ActiveWorkers, CompletedLast24h: n.CompletedLastDay,
		InProgress: n.JobsByStatus[string(projections.JobAssigned)], TPS: float64(n.CompletedLastDay) / (24 * 60 * 60), Timestamp: now.Unix(),
	}
	for _, count := range n.JobsByStatus {
		out.TotalJobs += count
	}
	return out
}

// networkCollector tells the network's numbers at scrape time.
type networkCollector struct {
	models                           ReadModels
	active, pending, complete, stake *prometheus.Desc
	activeTwin, pendingTwin          *prometheus.Desc // gauges by names that do not end like a counter's

	mu   sync.Mutex
	last projections.NetworkStats // guarded by mu
	at   time.Time                // guarded by mu
}

// scrapeWithin bounds the question that a scrape asks, and scrapeKept how long its answer serves the next ones.
const (
	scrapeWithin = 3 * time.Second
	scrapeKept   = 2 * time.Second
)

// RegisterNetwork registers the guide's metrics that follow from the read models. While the database does not answer they are
// absent, not zero.
func RegisterNetwork(reg prometheus.Registerer, models ReadModels) {
	reg.MustRegister(&networkCollector{
		models:      models,
		active:      prometheus.NewDesc("active_workers_total", "Registered workers with a heartbeat in the last two minutes.", nil, nil),
		pending:     prometheus.NewDesc("jobs_pending_total", "Jobs that nobody has taken yet.", nil, nil),
		complete:    prometheus.NewDesc("jobs_completed_total", "Jobs that came to an end, by status.", []string{"status"}, nil),
		activeTwin:  prometheus.NewDesc("dashboard_workers_active", "As active_workers_total.", nil, nil),
		pendingTwin: prometheus.NewDesc("dashboard_jobs_pending", "As jobs_pending_total.", nil, nil),
		stake:       prometheus.NewDesc("total_staked_sage", "Stake of the registered workers, in SAGE.", nil, nil),
	})
}

// Describe implements prometheus.Collector.
func (c *networkCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.active, c.activeTwin, c.pending, c.pendingTwin, c.complete, c.stake} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *networkCollector) Collect(ch chan<- prometheus.Metric) {
	n, err := c.numbers()
	if err != nil {
		return // absent: an alert on absence is right, a zero would be a lie
	}
	for _, d := range []*prometheus.Desc{c.active, c.activeTwin} {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(*n.ActiveWorkers))
	}
	for _, d := range []*prometheus.Desc{c.pending, c.pendingTwin} {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n.JobsByStatus[string(projections.JobPending)]))
	}
	for _, status := range []projections.JobStatus{projections.JobCompleted, projections.JobCancelled} {
		ch <- prometheus.MustNewConstMetric(c.complete, prometheus.CounterValue, float64(n.JobsByStatus[string(status)]), string(status))
	}
	staked, _ := n.Staked.Big().Float64()
	ch <- prometheus.MustNewConstMetric(c.stake, prometheus.GaugeValue, staked/1e18)
}

func (c *networkCollector) numbers() (projections.NetworkStats, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.at.IsZero() && time.Since(c.at) < scrapeKept {
		return c.last, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), scrapeWithin)
	defer cancel()
	n, _, err := c.models.NetworkStats(ctx, projections.AsOf{})
	if err == nil {
		c.last, c.at = n, time.Now()
	}
	return n, err
}
