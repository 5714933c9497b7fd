package api

import (
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// TestAScrapeTellsWhatHappened plays a scenario and holds each value of a scrape to it.
func TestAScrapeTellsWhatHappened(t *testing.T) {
	s := serverOf(t, models{}, func(c *Config) { c.Limits = Limits{Enabled: true, Default: 60} })
	h, reg := s.Handler(), s.config.Registry
	RegisterNetwork(reg, models{})
	RegisterWatch(reg, watched{answer: projections.Watch{
		Workers: []projections.WorkerWatch{{Address: "0x1", UptimePercent: new(99.5), GPUUtilization: new(43.75)}, {UptimePercent: new(50.0)}},
		Votes:   []projections.VoterWatch{{Address: "0xa", Votes: 3}}, Rounds: map[projections.CaseStatus]int64{projections.CaseUpheld: 2},
		Frauds: 4, Validators: new(int64(5)),
	}})
	for range 3 {
		from(h, "192.0.2.1", "", "GET", "/api/network/stats", "")
	}
	from(h, "192.0.2.1", "", "GET", "/api/network/stats?block=x", "")
	from(h, "192.0.2.2", "", "GET", "/api/nowhere/1", "")
	from(h, "192.0.2.2", "", "GET", "/api/nowhere/2", "")
	for _, body := range []string{`{"worker_address":"` + someone.String() + `"}`, `{"worker_address":"` + someone.String() + `"}`, `{`} {
		from(h, "192.0.2.3", "", "POST", heartbeatRoute, body)
	}
	from(h, "192.0.2.3", "", "POST", claimRoute, `{`)

	have := map[string]bool{}
	scrape := from(h, "192.0.2.9", "", "GET", "/metrics", "").Body.String()
	for line := range strings.SplitSeq(scrape, "\n") {
		have[line] = true
	}
	for _, want := range []string{
		`dashboard_requests_total{endpoint="/api/network/stats",status="200"} 3`,
		`dashboard_requests_total{endpoint="/api/network/stats",status="400"} 1`,
		`dashboard_requests_total{endpoint="other",status="404"} 2`,
		`dashboard_request_duration_seconds_count{endpoint="/api/network/stats"} 4`,
		`dashboard_request_duration_seconds_bucket{endpoint="/api/network/stats",le="10"} 4`,
		`dashboard_answers_total{from="memory"} 2`,
		`dashboard_answers_total{from="database"} 1`,
		`worker_heartbeats_total{outcome="recorded"} 2`,
		`worker_heartbeats_total{outcome="invalid"} 1`,
		`worker_reports_total{kind="claim",outcome="invalid"} 1`,
		`worker_uptime_percent{worker_id="0x1"} 99.5`,
		`worker_uptime_percent{worker_id="other"} 50`,
		`gpu_utilization_percent{worker_id="0x1"} 43.75`,
		`active_workers_total 3`, `dashboard_workers_active 3`,
		`jobs_pending_total 1`, `dashboard_jobs_pending 1`,
		`jobs_completed_total{status="completed"} 6`, `jobs_completed_total{status="cancelled"} 1`,
		`total_staked_sage 20000`,
		`consensus_votes_total{validator="0xa"} 3`, `consensus_votes_total{validator="other"} 0`,
		`consensus_rounds_total{outcome="upheld"} 2`, `consensus_rounds_total{outcome="rejected"} 0`,
		`consensus_fraud_detected_total 4`, `consensus_active_validators 5`,
		`rate_limiter_active_buckets 3`, `rate_limiter_active_workers 1`,
	} {
		if !have[want] {
			t.Errorf("not in the scrape: %s", want)
		}
	}
	if strings.Contains(scrape, "nowhere") {
		t.Error("a raw path is a label")
	}
	problems, err := testutil.GatherAndLint(reg)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if !slices.Contains([]string{"active_workers_total", "jobs_pending_total"}, p.Metric) {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}
