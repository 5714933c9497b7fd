package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

type networkStats struct {
	Network              string           `json:"network"`
	TotalWorkers         int64            `json:"total_workers"`
	ActiveWorkers        int64            `json:"active_workers"`
	TotalJobsProcessed   int64            `json:"total_jobs_processed"`
	JobsLast24h          int64            `json:"jobs_last_24h"`
	AvgCompletionSeconds float64          `json:"avg_job_completion_time_secs"`
	ComputeHours         float64          `json:"total_compute_hours"`
	Utilization          float64          `json:"network_utilization"` // percent: active of registered workers
	Staked               schemas.Amount   `json:"total_staked"`
	StakedFormatted      string           `json:"total_staked_formatted"`
	CurrentBlock         int64            `json:"current_block"`
	Completed            int64            `json:"total_jobs_completed"`
	CompletedLast24h     int64            `json:"jobs_completed_24h"`
	InProgress           int64            `json:"jobs_in_progress"`
	Proofs               int64            `json:"total_proofs_verified"`
	ByTier               map[string]int64 `json:"workers_by_tier"`
	IndexedAt            *int64           `json:"indexed_at"` // unix seconds of the newest block
	Simulated            bool             `json:"simulated"`
	Unknown              []string         `json:"unknown"`
}

func (s *Server) networkStats(c *gin.Context) {
	as, ok := moment(c)
	if !ok {
		return
	}
	n, at, err := s.config.Models.NetworkStats(c, as)
	if err != nil {
		s.unavailable(c, "the database", err)
		return
	}
	fresh(c, at)
	c.JSON(http.StatusOK, s.statsAnswer(n, at))
}

func (s *Server) statsAnswer(n projections.NetworkStats, at projections.Freshness) networkStats {
	out := networkStats{
		Network: s.config.Network, TotalWorkers: n.Workers, JobsLast24h: n.JobsLastDay,
		ComputeHours: n.ComputeHours, Staked: n.Staked, StakedFormatted: n.Staked.FormatSage(), CurrentBlock: at.Block,
		Completed: n.JobsByStatus[string(projections.JobCompleted)], InProgress: n.JobsByStatus[string(projections.JobAssigned)],
		CompletedLast24h: n.CompletedLastDay, Proofs: n.Proofs, Simulated: s.config.Network == schemas.Local, Unknown: []string{},
		ByTier: map[string]int64{"consumer": 0, "workstation": 0, "datacenter": 0, "enterprise": 0, "frontier": 0},
	}
	for _, count := range n.JobsByStatus {
		out.TotalJobsProcessed += count
	}
	for tier, count := range n.ByTier {
		out.ByTier[tier] = count
	}
	if n.ActiveWorkers == nil {
		out.Unknown = append(out.Unknown, "active_workers", "network_utilization")
	} else {
		out.ActiveWorkers = *n.ActiveWorkers
		if n.Workers > 0 {
			out.Utilization = 100 * float64(*n.ActiveWorkers) / float64(n.Workers)
		}
	}
	if n.AvgSeconds != nil {
		out.AvgCompletionSeconds = *n.AvgSeconds
	} else {
		out.Unknown = append(out.Unknown, "avg_job_completion_time_secs")
	}
	if at.Known {
		out.IndexedAt = unix(&at.Time)
	} else {
		out.Unknown = append(out.Unknown, "current_block")
	}
	return out
}

type worker struct {
	ID             string   `json:"worker_id"`
	Address        string   `json:"address"` // shortened, as published clients show it
	Status         string   `json:"status"`
	GPUCount       int64    `json:"gpu_count"`
	GPUType        string   `json:"gpu_type"`
	Reputation     int64    `json:"reputation"`
	JobsCompleted  int64    `json:"jobs_completed"`
	StakeTier      string   `json:"stake_tier"`
	WorkerAddress  string   `json:"worker_address"`
	LastHeartbeat  *int64   `json:"last_heartbeat"`
	GPUUtilization *float64 `json:"gpu_utilization"`
	RegisteredAt   *int64   `json:"registered_at"`
	Staked         string   `json:"staked_amount"`
	IsActive       bool     `json:"is_active"`
	Unknown        []string `json:"unknown"`
}

const (
	defaultWorkers = 100
	defaultJobs    = 10
	maxPage        = 100
)

func (s *Server) networkWorkers(c *gin.Context) {
	limit, ok := pageLimit(c, defaultWorkers)
	if !ok {
		return
	}
	as, ok := moment(c)
	if !ok {
		return
	}
	list, total, at, err := s.config.Models.Workers(c, as, limit)
	if err != nil {
		s.unavailable(c, "the database", err)
		return
	}
	workers := make([]worker, len(list))
	for i, w := range list {
		workers[i] = workerAnswer(w, as)
	}
	fresh(c, at)
	c.JSON(http.StatusOK, gin.H{"workers": workers, "total_count": len(workers), "total": total})
}

func workerAnswer(w projections.WorkerView, as projections.AsOf) worker {
	out := worker{
		ID: w.Address.String(), Address: shortened(w.Address), Status: string(w.Liveness()), GPUType: "Unknown", StakeTier: "None",
		JobsCompleted: w.JobsCompleted, WorkerAddress: w.Address.String(), LastHeartbeat: unix(w.LastHeartbeat),
		GPUUtilization: w.GPUUtilization, RegisteredAt: unix(w.RegisteredAt), Staked: w.Staked.String(),
		IsActive: w.Liveness() == projections.Online, Unknown: []string{"gpu_type"},
	}
	if as.Past() { // what workers reported then is not kept by block
		out.Unknown = append(out.Unknown, "is_active", "last_heartbeat")
	}
	if w.WorkerID != nil {
		out.ID = *w.WorkerID
	}
	if w.GPUCount != nil {
		out.GPUCount = *w.GPUCount
	} else {
		out.Unknown = append(out.Unknown, "gpu_count")
	}
	if w.Reputation != nil {
		out.Reputation = *w.Reputation
	} else {
		out.Unknown = append(out.Unknown, "reputation")
	}
	if w.Tier != nil && !w.Staked.IsZero() {
		out.StakeTier = *w.Tier
	}
	return out
}

type job struct {
	ID          string   `json:"job_id"`
	Type        string   `json:"job_type"`
	Status      string   `json:"status"`
	SubmittedAt int64    `json:"submitted_at"`
	CompletedAt *int64   `json:"completed_at"`
	Duration    *int64   `json:"duration_secs"`
	Reward      *string  `json:"reward"`
	Client      string   `json:"client_address"`
	Worker      *string  `json:"worker_address"`
	Payment     *string  `json:"payment_amount"` // wei
	Block       int64    `json:"block"`
	Unknown     []string `json:"unknown"`
}

func (s *Server) recentJobs(c *gin.Context) {
	limit, ok := pageLimit(c, defaultJobs)
	if !ok {
		return
	}
	as, ok := moment(c)
	if !ok {
		return
	}
	list, total, at, err := s.config.Models.RecentJobs(c, as, c.Query("status"), limit)
	if err != nil {
		s.unavailable(c, "the database", err)
		return
	}
	jobs := make([]job, len(list))
	for i, j := range list {
		jobs[i] = jobAnswer(j)
	}
	fresh(c, at)
	c.JSON(http.StatusOK, gin.H{"jobs": jobs, "total_count": total})
}

func jobAnswer(j projections.JobView) job {
	out := job{ID: j.ID, Type: "unknown", Status: j.Status, CompletedAt: unix(j.CompletedAt), Worker: j.Worker, Block: j.Block, Unknown: []string{}}
	if j.Type != nil {
		out.Type = *j.Type
	} else {
		out.Unknown = append(out.Unknown, "job_type") // no event of the contract says it
	}
	if j.SubmittedAt != nil {
		out.SubmittedAt = j.SubmittedAt.Unix()
	} else {
		out.Unknown = append(out.Unknown, "submitted_at")
	}
	if j.Client != nil {
		out.Client = *j.Client
	} else {
		out.Unknown = append(out.Unknown, "client_address")
	}
	if j.AssignedAt != nil && j.CompletedAt != nil {
		out.Duration = new(int64(j.CompletedAt.Sub(*j.AssignedAt).Seconds()))
	}
	if j.Payment != nil {
		out.Payment, out.Reward = new(j.Payment.String()), new(j.Payment.FormatSage())
	}
	if j.Paid != nil {
		out.Reward = new(j.Paid.FormatSage())
	}
	return out
}

// pageLimit reads the query's limit, bounded, and answers 400 for one that is not a number in range.
func pageLimit(c *gin.Context, usual int) (int, bool) {
	text := c.Query("limit")
	if text == "" {
		return usual, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxPage {
		fail(c, http.StatusBadRequest, "invalid_limit", "limit: want 1 to "+strconv.Itoa(maxPage))
		return 0, false
	}
	return n, true
}

func shortened(a schemas.Address) string {
	text := a.String()
	return text[:6] + "..." + text[len(text)-4:]
}

func unix(t *time.Time) *int64 {
	if t == nil {
		return nil
	}
	return new(t.Unix())
}
