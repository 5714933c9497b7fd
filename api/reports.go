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

// Checks turn the bodies of requests into reports, or say what is wrong with them.
type Checks struct {
	Heartbeat  func(body []byte) (schemas.Heartbeat, error)
	GPUMetrics func(body []byte) (schemas.GPUMetrics, error)
	Claim      func(body []byte) (schemas.ClaimRequested, error)
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
	claimRoute:      30,
}

// take reads a report, checks it, records it, and counts the outcome. ok is false where the request has been answered with what went wrong.
func take[R any](s *Server, c *gin.Context, count *prometheus.CounterVec, check func([]byte) (R, error), of func(R) schemas.Address, record func(context.Context, R) error) (r R, ok bool) {
	outcome := func(name string) { count.WithLabelValues(name).Inc() }
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	if err != nil {
		outcome("invalid")
		fail(c, http.StatusRequestEntityTooLarge, "too_large", "the body is above 64 KiB, or was cut off")
		return r, false
	}
	if r, err = check(body); err != nil {
		outcome("invalid")
		fail(c, http.StatusBadRequest, "invalid", err.Error())
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
			c.Header("Retry-After", "1")
			fail(c, http.StatusServiceUnavailable, "busy", "the log is busy; try again in a moment")
			return r, false
		}
		s.unavailable(c, "the log", err)
		return r, false
	}
	outcome("recorded")
	return r, true
}

// takesReports answers for a process that takes none.
func (s *Server) takesReports(c *gin.Context) {
	if s.config.Reports == nil {
		fail(c, http.StatusServiceUnavailable, "unavailable", "this process takes no reports of workers")
	}
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
	out := gin.H{
		"success": true, "message": "Heartbeat recorded", "status": status, "uptime_percent": 0.0,
		"heartbeat_interval_secs": heartbeatInterval, "unknown": []string{},
	}
	// The log has it; what the read models cannot say does not make that undone.
	if w, known, _, err := s.config.Models.Worker(c, projections.AsOf{}, h.Worker); err == nil && known && w.UptimePercent != nil {
		out["uptime_percent"] = *w.UptimePercent
	} else {
		out["unknown"] = []string{"uptime_percent"}
	}
	c.JSON(http.StatusOK, out)
}

func (s *Server) gpuMetrics(c *gin.Context) {
	m, ok := take(s, c, s.metrics.reportsOf("gpu-metrics"), s.config.Checks.GPUMetrics, func(m schemas.GPUMetrics) schemas.Address { return m.Worker }, s.config.Reports.GPUMetrics)
	if ok {
		c.JSON(http.StatusOK, gin.H{"success": true, "recorded_count": len(m.GPUs)})
	}
}

// claimReward records a claim. The chain decides: until it has, the claim is pending. Sent again, the same claim is answered with how far it
// has come.
func (s *Server) claimReward(c *gin.Context) {
	r, ok := take(s, c, s.metrics.reportsOf("claim"), s.config.Checks.Claim, func(r schemas.ClaimRequested) schemas.Address { return r.Address }, s.config.Reports.Claim)
	if !ok {
		return
	}
	out := gin.H{"success": true, "claim_id": r.ClaimID, "status": projections.ClaimPending, "reason": nil, "total_claimed": "0", "unknown": []string{}}
	// The log has it; what the read models cannot say does not make that undone.
	if state, err := s.config.Claims.ClaimState(c, r.Address, r.ClaimID); err == nil {
		out["status"], out["reason"], out["total_claimed"] = state.Status, state.Reason, state.Claimed.String()
	} else {
		out["unknown"] = []string{"status", "reason", "total_claimed"}
	}
	c.JSON(http.StatusOK, out)
}
