package api

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// watched answers the same always, or fails.
type watched struct {
	answer projections.Watch
	err    error
}

func (w watched) Watch(context.Context, int) (projections.Watch, error) { return w.answer, w.err }

func TestMetricsTellWorkersAndConsensus(t *testing.T) {
	reg := prometheus.NewRegistry()
	RegisterWatch(reg, watched{answer: projections.Watch{
		Workers: []projections.WorkerWatch{
			{Address: "0x1", UptimePercent: new(99.5), GPUUtilization: new(43.75)},
			{Address: "0x2", UptimePercent: new(0.0)},
			{Address: "0x3"},
			{UptimePercent: new(50.0), GPUUtilization: new(10.0)},
		},
		Votes:  []projections.VoterWatch{{Address: "0xa", Votes: 3}, {Votes: 7}},
		Rounds: map[projections.CaseStatus]int64{projections.CaseUpheld: 2},
		Frauds: 4, Validators: new(int64(5)),
	}})
	const want = `
# HELP consensus_active_validators Validators of the newest set that the chain told of; NaN before the first.
# TYPE consensus_active_validators gauge
consensus_active_validators 5
# HELP consensus_fraud_detected_total Frauds that a challenge has shown.
# TYPE consensus_fraud_detected_total counter
consensus_fraud_detected_total 4
# HELP consensus_rounds_total Challenges that were decided, by outcome.
# TYPE consensus_rounds_total counter
consensus_rounds_total{outcome="rejected"} 0
consensus_rounds_total{outcome="upheld"} 2
# HELP consensus_votes_total Votes on challenges, by voter.
# TYPE consensus_votes_total counter
consensus_votes_total{validator="0xa"} 3
consensus_votes_total{validator="other"} 7
# HELP gpu_utilization_percent Mean over the GPUs of a registered worker, as its newest heartbeat says; other is the mean over those without a series.
# TYPE gpu_utilization_percent gauge
gpu_utilization_percent{worker_id="0x1"} 43.75
gpu_utilization_percent{worker_id="other"} 10
# HELP worker_uptime_percent Share of the minutes of the last day in which a registered worker reported; other is the mean over those without a series.
# TYPE worker_uptime_percent gauge
worker_uptime_percent{worker_id="0x1"} 99.5
worker_uptime_percent{worker_id="0x2"} 0
worker_uptime_percent{worker_id="other"} 50
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	silent := prometheus.NewRegistry()
	RegisterWatch(silent, watched{})
	const none = `
# HELP consensus_active_validators Validators of the newest set that the chain told of; NaN before the first.
# TYPE consensus_active_validators gauge
consensus_active_validators NaN
# HELP consensus_votes_total Votes on challenges, by voter.
# TYPE consensus_votes_total counter
consensus_votes_total{validator="other"} 0
`
	if err := testutil.GatherAndCompare(silent, strings.NewReader(none), "consensus_active_validators", "consensus_votes_total", "worker_uptime_percent"); err != nil {
		t.Error(err)
	}
	absent := prometheus.NewRegistry()
	RegisterWatch(absent, watched{err: errDown})
	if n, err := testutil.GatherAndCount(absent); err != nil || n != 0 {
		t.Errorf("a database that does not answer gives %d metrics, %v; want none", n, err)
	}
}

// TestMetricsAreNamedAsIsUsual lints what the network's collectors tell. Three of the guide's names are gauges that end like counters.
func TestMetricsAreNamedAsIsUsual(t *testing.T) {
	reg := prometheus.NewRegistry()
	RegisterNetwork(reg, models{})
	RegisterWatch(reg, watched{})
	problems, err := testutil.GatherAndLint(reg)
	if err != nil {
		t.Fatal(err)
	}
	given := []string{"active_workers_total", "jobs_pending_total", "websocket_subscribers_total"}
	for _, p := range problems {
		if !slices.Contains(given, p.Metric) {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}
