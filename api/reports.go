package api

import (
	"context"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Reports records what workers report. Each method returns once the log has it.
type Reports interface {
	Heartbeat(ctx context.Context, h schemas.Heartbeat) error
	GPUMetrics(ctx context.Context, m schemas.GPUMetrics) error
	Claim(ctx context.Context, c schemas.ClaimRequested) error
}

// ClaimStates tells how far a claim has come.
type ClaimStates interface {
	ClaimState(ctx context.Context, claimer schemas.Address, id string) (projections.ClaimState, error)
}

// Checks turn the bodies of requests into reports, or say what is wrong with them. Shapes are values of the types that they read, for the
// description of the API.
type Checks struct {
	Heartbeat  func(body []byte) (schemas.Heartbeat, error)
	GPUMetrics func(body []byte) (schemas.GPUMetrics, error)
	Claim      func(body []byte) (schemas.ClaimRequested, error)

	HeartbeatShape, GPUMetricsShape, ClaimShape any
}

const (
	heartbeatRoute    = "/api/worker/heartbeat"
	gpuMetricsRoute   = "/api/worker/gpu-metrics"
	claimRoute        = "/api/worker/claim-reward"
	maxBody           = 64 << 10
	heartbeatInterval = 60 // seconds, what published workers keep to
)

// perWorker are the routes of reports: how many a minute a worker may send there.
var perWorker = map[string]int{
	heartbeatRoute:  120,
	gpuMetricsRoute: 30,
	claimRoute:      60,
}

// reportRoutes take what workers report.
func (s *Server) reportRoutes() []endpoint {
	checks := s.config.Checks
	about := func(path, summary, example string) Route {
		return Route{Method: http.MethodPost, Path: path, Tag: "Workers", Summary: summary, PerMinute: perWorker[path] * fleet, Example: example}
	}
	return []endpoint{
		handled(about(heartbeatRoute, "Report that a worker is there", "POST_api_worker_heartbeat.200"), checks.HeartbeatShape, heartbeatAnswer{}, s.heartbeat),
		handled(about(gpuMetricsRoute, "Report on a worker's GPUs", "POST_api_worker_gpu-metrics.200"), checks.GPUMetricsShape, gpuMetricsAnswer{}, s.gpuMetrics),
		handled(about(claimRoute, "Report a reward that was paid", "POST_api_worker_claim-reward.200"), checks.ClaimShape, claimAnswer{}, s.claimReward),
	}
}

type heartbeatAnswer struct {
	Success  bool     `json:"success"`
	Message  string   `json:"message"`
	Status   string   `json:"status" enum:"idle,active"`
	Uptime   float64  `json:"uptime_percent"`
	Interval int      `json:"heartbeat_interval_secs" doc:"Seconds between two heartbeats."`
	Unknown  []string `json:"unknown"`
}

type gpuMetricsAnswer struct {
	Success  bool `json:"success"`
	Recorded int  `json:"recorded_count"`
}

type claimAnswer struct {
	Success bool                    `json:"success"`
	ID      string                  `json:"claim_id"`
	Status  projections.ClaimStatus `json:"status"`
	Reason  *string                 `json:"reason"`
	Claimed string                  `json:"total_claimed"`
	Unknown []string                `json:"unknown"`
}

// take reads a report, checks it, records it, and counts the outcome. ok is false where the request has been answered with what went wrong.
func take[R any](s *Server, c *gin.Context, count *prometheus.CounterVec, check func([]byte) (R, error), of func(R) schemas.Address, record func(context.Context, R) error) (r R, ok bool) {
	outcome := func(name string) { count.WithLabelValues(name).Inc() }
	if s.config.Reports == nil {
		fail(c, fault(unavailable, "this process takes no reports of workers").retry(60))
		return r, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	if err != nil {
		outcome("invalid")
		fail(c, fault(tooLarge, "the body is above 64 KiB, or was cut off"))
		return r, false
	}
	if r, err = check(body); err != nil {
		outcome("invalid")
		fail(c, fault(invalid, err.Error()))
		return r, false
	}
	if !s.limitWorker(c, of(r).String()) {
		outcome("limited")
		return r, false
	}
	// Signatures and sessions will be checked here, before anything is written.
	if err := record(c, r); err != nil {
		outcome("failed")
		if s.config.Busy(err) {
			fail(c, fault(busy, "the log is busy; try again in a moment").retry(1))
			return r, false
		}
		fail(c, s.trouble(c, c.FullPath(), err))
		return r, false
	}
	outcome("recorded")
	return r, true
}

func (s *Server) heartbeat(c *gin.Context) {
	h, ok := take(s, c, s.metrics.beats, s.config.Checks.Heartbeat, func(h schemas.Heartbeat) schemas.Address { return h.Worker }, s.config.Reports.Heartbeat)
	if !ok {
		return
	}
	status := "idle"
	if h.JobsInProgress != nil && *h.JobsInProgress > 0 {
		status = "active"
	}
	out := heartbeatAnswer{Success: true, Message: "Heartbeat recorded", Status: status, Interval: heartbeatInterval, Unknown: []string{}}
	// The log has it; what the read models cannot say does not make that undone.
	if w, known, _, err := s.config.Models.Worker(c, projections.AsOf{}, h.Worker); err == nil && known && w.UptimePercent != nil {
		out.Uptime = *w.UptimePercent
	} else {
		out.Unknown = []string{"uptime_percent"}
	}
	c.JSON(http.StatusOK, out)
}

func (s *Server) gpuMetrics(c *gin.Context) {
	m, ok := take(s, c, s.metrics.reportsOf("gpu-metrics"), s.config.Checks.GPUMetrics, func(m schemas.GPUMetrics) schemas.Address { return m.Worker }, s.config.Reports.GPUMetrics)
	if ok {
		c.JSON(http.StatusOK, gpuMetricsAnswer{true, len(m.GPUs)})
	}
}

// claimReward records a claim. The chain decides: until it has, the claim is pending. Sent again, the same claim is answered with how far it
// has come.
func (s *Server) claimReward(c *gin.Context) {
	r, ok := take(s, c, s.metrics.reportsOf("claim"), s.config.Checks.Claim, func(r schemas.ClaimRequested) schemas.Address { return r.Address }, s.config.Reports.Claim)
	if !ok {
		return
	}
	out := claimAnswer{Success: true, ID: r.ClaimID, Status: projections.ClaimPending, Claimed: "0", Unknown: []string{}}
	// The log has it; what the read models cannot say does not make that undone.
	if state, err := s.config.Claims.ClaimState(c, r.Address, r.ClaimID); err == nil {
		out.Status, out.Reason, out.Claimed = state.Status, state.Reason, state.Claimed.String()
	} else {
		out.Unknown = []string{"status", "reason", "total_claimed"}
	}
	c.JSON(http.StatusOK, out)
}
