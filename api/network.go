package api

import (
	"context"

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

func (s *Server) networkStats(ctx context.Context, in *struct{ Moment }) (a networkStats, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	n, at, err := s.config.Models.NetworkStats(ctx, as)
	return s.statsAnswer(n, at), at, err
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

type networkWorkers struct {
	Workers []worker `json:"workers"`
	Count   int      `json:"total_count" doc:"Of this page."`
	Total   int64    `json:"total" doc:"Of all pages."`
}

func (s *Server) networkWorkers(ctx context.Context, in *struct {
	Moment
	Limit int `query:"limit" default:"100" minimum:"1" maximum:"100" doc:"How many at most."`
},
) (a networkWorkers, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	list, total, at, err := s.config.Models.Workers(ctx, as, in.Limit)
	a = networkWorkers{Workers: make([]worker, len(list)), Count: len(list), Total: total}
	for i, w := range list {
		a.Workers[i] = workerAnswer(w, as)
	}
	return a, at, err
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

type recentJobs struct {
	Jobs  []job `json:"jobs"`
	Total int64 `json:"total_count" doc:"Of all that are there."`
}

type recentJobsQuestion struct {
	Moment
	Status string `query:"status" maxLength:"32" doc:"Only jobs of this status."`
	Limit  int    `query:"limit" default:"10" minimum:"1" maximum:"100" doc:"How many at most."`
}

func (s *Server) recentJobs(ctx context.Context, in *recentJobsQuestion) (a recentJobs, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	list, total, at, err := s.config.Models.RecentJobs(ctx, as, in.Status, in.Limit)
	a = recentJobs{Jobs: make([]job, len(list)), Total: total}
	for i, j := range list {
		a.Jobs[i] = jobAnswer(j)
	}
	return a, at, err
}

func (s *Server) eachRecentJob(ctx context.Context, in *recentJobsQuestion, begin func(projections.Freshness), row func(job) error) error {
	as, err := in.asOf()
	if err != nil {
		return err
	}
	return s.config.Models.EachJob(ctx, as, in.Status, begin, func(j projections.JobView) error { return row(jobAnswer(j)) })
}

func jobAnswer(j projections.JobView) job {
	out := job{ID: j.ID, Type: "unknown", Status: j.Status, CompletedAt: unix(j.CompletedAt), Worker: j.Worker, Block: j.Block, Unknown: []string{}}
	if j.Type != nil {
		out.Type = *j.Type
	} else {
		out.Unknown = append(out.Unknown, "job_type") // it was not observed
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

func shortened(a schemas.Address) string {
	text := a.String()
	return text[:6] + "..." + text[len(text)-4:]
}
