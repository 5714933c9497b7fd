package api

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// dashboardRoutes are the first page's, and short words about the whole.
func (s *Server) dashboardRoutes() []endpoint {
	short := func(path, summary, example string) Route {
		return Route{Path: path, Tag: "Health", Summary: summary, Of: Chain | Telemetry, Example: example}
	}
	health := short("/api/health", "How the coordinator is, in short", "GET_api_health.200")
	stats := short("/api/stats", "The coordinator in numbers", "GET_api_stats.200")
	health.Name, stats.Name = "getShortHealth", "getCoordinatorStats"
	return []endpoint{
		read(Route{
			Path: "/api/dashboard/stats", Tag: "Dashboard", Summary: "The numbers of the first page", Of: Chain | Telemetry, Example: "GET_api_dashboard_stats.200",
			About: aboutJobNumbers + `
active_jobs are pending and assigned, total_earnings is what workers were paid in all since the first indexed block, total_staked what registered workers
have at stake at ProverStaking. failed_jobs is unknown: no event tells it.`,
		}, s.dashboardStats),
		read(Route{
			Path: "/api/dashboard/activity", Tag: "Dashboard", Summary: "What happened last in jobs, payments and stakes", Of: Chain,
		}, s.dashboardActivity),
		handled(short("/status", "How the coordinator is, in the words of the command line's client", "GET_status.sdk-cli.200"), nil, statusAnswer{}, s.status, http.StatusServiceUnavailable),
		handled(health, nil, shortHealth{}, s.shortHealth, http.StatusServiceUnavailable),
		handled(stats, nil, coordinatorStats{}, s.coordinatorStats),
	}
}

type dashboardStats struct {
	Total         int64    `json:"total_jobs"`
	Completed     int64    `json:"completed_jobs"`
	Active        int64    `json:"active_jobs"`
	Failed        int64    `json:"failed_jobs"`
	Cancelled     int64    `json:"cancelled_jobs"`
	Workers       int64    `json:"total_workers"`
	ActiveWorkers int64    `json:"active_workers"`
	Earnings      string   `json:"total_earnings"`
	EarningsDay   string   `json:"earnings_24h"`
	AvgTime       int64    `json:"avg_job_time_ms"`
	SuccessRate   float64  `json:"success_rate"`
	JobsDay       int64    `json:"jobs_24h"`
	Staked        string   `json:"total_staked"`
	Unknown       []string `json:"unknown"`
}

func (s *Server) dashboardStats(ctx context.Context, in *struct{ Moment }) (a dashboardStats, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	d, at, err := s.config.Models.Dashboard(ctx, as)
	a = dashboardStats{
		Total: d.Jobs.Numbers().Count, Completed: d.Jobs.Of(projections.JobCompleted), Active: d.Jobs.Of(projections.JobPending) + d.Jobs.Of(projections.JobAssigned),
		Cancelled: d.Jobs.Of(projections.JobCancelled), Workers: d.Workers, Earnings: d.Paid.String(), EarningsDay: d.PaidDay.String(), JobsDay: d.JobsLastDay,
		Staked: d.Staked.String(), Unknown: []string{"failed_jobs"},
	}
	a.ActiveWorkers = orUnknown(&a.Unknown, "active_workers", d.ActiveWorkers)
	a.AvgTime = int64(1000 * orUnknown(&a.Unknown, "avg_job_time_ms", d.Jobs.MeanSeconds()))
	a.SuccessRate = orUnknown(&a.Unknown, "success_rate", d.Jobs.SuccessPercent())
	return a, at, err
}

type activity struct {
	Type        string    `json:"activity_type" enum:"job,payment,staking"`
	Event       string    `json:"event_type"`
	Description string    `json:"description"`
	Amount      *string   `json:"amount"`
	Address     *string   `json:"address"`
	JobID       *string   `json:"job_id"`
	Timestamp   time.Time `json:"timestamp"`
	TxHash      *string   `json:"tx_hash"`
	Block       int64     `json:"block_number"`
}

func (s *Server) dashboardActivity(ctx context.Context, in *struct {
	Moment
	Limit int `query:"limit" default:"10" minimum:"1" maximum:"100" doc:"How many at most."`
},
) (a []activity, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	list, at, err := s.config.Models.Activity(ctx, as, in.Limit)
	a = make([]activity, len(list))
	for i, e := range list {
		a[i] = activity{e.Kind, e.What, activityText(e), wei(e.Amount), e.Who, e.JobID, e.Time, &e.TxHash, e.Block}
	}
	return a, at, err
}

// activityText tells what happened in words.
func activityText(e projections.Activity) string {
	job := ""
	if e.JobID != nil {
		job = *e.JobID
	}
	switch e.What {
	case "JobSubmitted":
		return "Job " + job + " was submitted"
	case "JobCompleted":
		return "Job " + job + " was completed"
	case "JobCancelled":
		return "Job " + job + " was cancelled"
	case string(projections.StakeAdded):
		return "A stake was added to"
	case string(projections.StakeUnlocking):
		return "A stake was asked back"
	case string(projections.StakeWithdrawn):
		return "A stake was withdrawn"
	case string(projections.StakeSlashed):
		return "A stake was slashed"
	}
	return "Job " + job + " was paid for"
}

// statusAnswer is what the command line's client asks.
type statusAnswer struct {
	Status  string `json:"status" enum:"ok,degraded,error"`
	Version string `json:"version"`
	Uptime  int64  `json:"uptime_seconds"`
	Online  int64  `json:"workers_online"`
	Pending int64  `json:"jobs_pending"`
}

func (s *Server) status(c *gin.Context) {
	h := s.config.Health.look(c)
	n, _, err := s.config.Models.NetworkStats(c, projections.AsOf{})
	if err != nil {
		fail(c, s.trouble(c, c.FullPath(), err))
		return
	}
	out := statusAnswer{"ok", h.Version, h.Uptime, 0, n.JobsByStatus[string(projections.JobPending)]}
	if n.ActiveWorkers != nil {
		out.Online = *n.ActiveWorkers
	}
	status := http.StatusOK
	switch h.Status {
	case Degraded:
		out.Status = "degraded"
	case Unhealthy:
		out.Status, status = "error", http.StatusServiceUnavailable
	}
	c.JSON(status, out)
}

// shortHealth is what pages ask.
type shortHealth struct {
	Status    State  `json:"status"`
	Timestamp int64  `json:"timestamp"`
	Version   string `json:"version"`
	Uptime    int64  `json:"uptime_secs"`
	Active    int64  `json:"active_workers"`
	Jobs      int64  `json:"total_jobs"`
}

func (s *Server) shortHealth(c *gin.Context) {
	h := s.config.Health.look(c)
	n, _, err := s.config.Models.NetworkStats(c, projections.AsOf{})
	if err != nil {
		fail(c, s.trouble(c, c.FullPath(), err))
		return
	}
	out := shortHealth{Status: h.Status, Timestamp: h.Timestamp, Version: h.Version, Uptime: h.Uptime}
	if n.ActiveWorkers != nil {
		out.Active = *n.ActiveWorkers
	}
	for _, count := range n.JobsByStatus {
		out.Jobs += count
	}
	status := http.StatusOK
	if h.Status == Unhealthy {
		status = http.StatusServiceUnavailable
	}
	c.JSON(status, out)
}

type coordinatorNumbers struct {
	Workers   int64 `json:"total_workers"`
	Online    int64 `json:"online_workers"`
	Busy      int64 `json:"busy_workers" doc:"Registered workers with an assigned job."`
	Offline   int64 `json:"offline_workers" doc:"Registered workers that are not online."`
	Jobs      int64 `json:"total_jobs"`
	Pending   int64 `json:"pending_jobs"`
	Running   int64 `json:"running_jobs"`
	Completed int64 `json:"completed_jobs"`
	Failed    int64 `json:"failed_jobs"`
	GPUs      int64 `json:"total_gpus" doc:"As workers report them."`
}

type coordinatorStats struct {
	Coordinator coordinatorNumbers `json:"coordinator"`
	Subscribers int64              `json:"websocket_subscribers"`
	Unknown     []string           `json:"unknown"`
}

func (s *Server) coordinatorStats(c *gin.Context) {
	d, _, err := s.config.Models.Dashboard(c, projections.AsOf{})
	if err != nil {
		fail(c, s.trouble(c, c.FullPath(), err))
		return
	}
	a := coordinatorStats{Unknown: []string{"coordinator.failed_jobs"}}
	n := &a.Coordinator
	n.Workers, n.Jobs, n.Busy = d.Workers, d.Jobs.Numbers().Count, d.Busy
	n.Pending, n.Running, n.Completed = d.Jobs.Of(projections.JobPending), d.Jobs.Of(projections.JobAssigned), d.Jobs.Of(projections.JobCompleted)
	n.Online = orUnknown(&a.Unknown, "coordinator.online_workers", d.ActiveWorkers)
	n.Offline = n.Workers - n.Online
	n.GPUs = orUnknown(&a.Unknown, "coordinator.total_gpus", d.Reported)
	if subscribers, ok := s.config.Health.look(c).Metrics["websocket_subscribers"].(int); ok {
		a.Subscribers = int64(subscribers)
	} else {
		a.Unknown = append(a.Unknown, "websocket_subscribers")
	}
	c.JSON(http.StatusOK, a)
}
