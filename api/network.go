package api

import (
	"context"
	"slices"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// NetworkReads answers questions about the network as a whole.
type NetworkReads interface {
	NetworkStats(ctx context.Context, as projections.AsOf) (projections.NetworkStats, projections.Freshness, error)
	Workers(ctx context.Context, as projections.AsOf, f projections.WorkerFilter, p projections.Page) (projections.Listed[projections.WorkerView], projections.Freshness, error)
	NetworkHours(ctx context.Context, as projections.AsOf, window time.Duration, limit int) ([]projections.NetworkHourView, projections.Freshness, error)
	Activity(ctx context.Context, as projections.AsOf, limit int) ([]projections.Activity, projections.Freshness, error)
	Dashboard(ctx context.Context, as projections.AsOf) (projections.DashboardStats, projections.Freshness, error)
	// Anomalies returns the newest events that cannot be, by what the log held before them, and how many there are.
	Anomalies(ctx context.Context, as projections.AsOf, limit int) (newest []projections.Anomaly, total int64, at projections.Freshness, err error)
	Digest(ctx context.Context, as projections.AsOf) (projections.StateDigest, projections.Freshness, error)
}

const aboutHours = `One point an hour of block time, as of the hour's last block; the chain's numbers count from the first indexed block. active_workers are those that
reported in the hour, network_utilization is 100 × active_workers / total_workers, gpu_utilization the mean of what heartbeats told. What workers reported is not
told as of a past block. avg_job_time_ms of an hour is not known.`

// networkRoutes are of the network as a whole.
func (s *Server) networkRoutes() []endpoint {
	of := func(path, summary, about, example string) Route {
		return Route{Path: path, Tag: "Network", Summary: summary, Of: Chain | Telemetry, About: about, Example: example}
	}
	stats := of("/api/network/stats", "The network in numbers", `network_utilization is 100 × active_workers / total_workers, utilization_bps 100 times that; a worker is active with a heartbeat in the
last two minutes of its partition's time. Hours and days end with the newest block. total_jobs_processed are the completed ones. total_compute_hours is the sum
over completed jobs of the time from assignment to completion. current_tps is jobs completed in the last day / 86400. avg_apy_bps is the contract's
reward_apy_bps, the same for every stake. No contract tells how long a proof took.`, "GET_api_network_stats.200")
	stats.PerMinute = 120
	workers := of("/api/network/workers", "The registered workers, those with most completed jobs first", `status is online with a heartbeat in the last two minutes of its partition's
time, idle in the last ten, else offline. stake_tier is the tier that was staked for.`, "GET_api_network_workers.200")
	workers.PerMinute, workers.Apart = 60, statusIsNow
	return []endpoint{
		read(stats, s.networkStats),
		read(workers, s.networkWorkers),
		read(of("/api/network/stats/history", "The network by the hour, the newest first", aboutHours, "GET_api_network_stats_history.200"), s.networkHistory),
		read(of("/api/network/stats/chart", "The network by the hour or day, the oldest first", aboutHours, "GET_api_network_stats_chart.200"), s.networkChart),
		read(of("/api/network/growth", "How the network grew", `100 × (now − then) / then, where then is the end of the last whole hour that is a day or a week before the
newest block. Where there was nothing then, or it is not indexed, it is 0 and unknown.`, "GET_api_network_growth.200"), s.networkGrowth),
		read(Route{
			Path: "/api/state/digest", Tag: "Network", Summary: "The digest of the read models", Of: Chain,
			About: "Coordinators with logs of their own that agree on the digest of a block have the same read models.",
		}, s.stateDigest),
		plain(Route{
			Path: "/api/contracts", Tag: "Network", Summary: "The contracts that are followed", PerMinute: 300, Example: "GET_api_contracts.200",
		}, s.contracts),
	}
}

type networkStats struct {
	Network              string           `json:"network"`
	TotalWorkers         int64            `json:"total_workers"`
	ActiveWorkers        int64            `json:"active_workers"`
	TotalJobsProcessed   int64            `json:"total_jobs_processed"`
	JobsLast24h          int64            `json:"jobs_last_24h"`
	AvgCompletionSeconds float64          `json:"avg_job_completion_time_secs"`
	AvgDuration          float64          `json:"average_job_duration_secs" doc:"As avg_job_completion_time_secs."`
	ComputeHours         float64          `json:"total_compute_hours"`
	Utilization          float64          `json:"network_utilization"` // percent: active of registered workers
	UtilizationBps       int64            `json:"utilization_bps"`
	Staked               schemas.Amount   `json:"total_staked"`
	StakedFormatted      string           `json:"total_staked_formatted"`
	CurrentBlock         int64            `json:"current_block"`
	Completed            int64            `json:"total_jobs_completed"`
	CompletedLast24h     int64            `json:"jobs_completed_24h"`
	InProgress           int64            `json:"jobs_in_progress"`
	TPS                  float64          `json:"current_tps"`
	APYBps               int64            `json:"avg_apy_bps"`
	Proofs               int64            `json:"total_proofs_verified"`
	ProofTime            float64          `json:"average_proof_time_ms"`
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
	completed := n.JobsByStatus[string(projections.JobCompleted)]
	out := networkStats{
		Network: s.config.Network, TotalWorkers: n.Workers, JobsLast24h: n.JobsLastDay, TotalJobsProcessed: completed,
		ComputeHours: n.ComputeHours, Staked: n.Staked, StakedFormatted: n.Staked.FormatSage(), CurrentBlock: at.Block,
		Completed: completed, InProgress: n.JobsByStatus[string(projections.JobAssigned)], TPS: float64(n.CompletedLastDay) / (24 * 60 * 60), APYBps: n.APYBps,
		CompletedLast24h: n.CompletedLastDay, Proofs: n.Proofs, Simulated: s.config.Network == schemas.Local, Unknown: []string{"average_proof_time_ms"},
		ByTier: map[string]int64{"consumer": 0, "workstation": 0, "datacenter": 0, "enterprise": 0, "frontier": 0},
	}
	for tier, count := range n.ByTier {
		out.ByTier[tier] = count
	}
	if n.ActiveWorkers == nil {
		out.Unknown = append(out.Unknown, "active_workers", "network_utilization", "utilization_bps")
	} else {
		out.ActiveWorkers = *n.ActiveWorkers
		if n.Workers > 0 {
			out.Utilization = 100 * float64(*n.ActiveWorkers) / float64(n.Workers)
			out.UtilizationBps = int64(100 * out.Utilization)
		}
	}
	out.AvgCompletionSeconds = orUnknown(&out.Unknown, "avg_job_completion_time_secs", n.AvgSeconds)
	out.AvgDuration = out.AvgCompletionSeconds
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
	GPUModel       string   `json:"gpu_model" doc:"As gpu_type."`
	GPUTier        *string  `json:"gpu_tier"`
	Reputation     int64    `json:"reputation"`
	JobsCompleted  int64    `json:"jobs_completed"`
	JobsDay        int64    `json:"jobs_24h" doc:"Completed in the day before the newest block."`
	InProgress     int64    `json:"jobs_in_progress"`
	StakeTier      string   `json:"stake_tier"`
	WorkerAddress  string   `json:"worker_address"`
	LastHeartbeat  *int64   `json:"last_heartbeat"`
	GPUUtilization *float64 `json:"gpu_utilization"`
	RegisteredAt   *int64   `json:"registered_at"`
	Staked         string   `json:"staked_amount"`
	IsActive       bool     `json:"is_active"`
	Unknown        []string `json:"unknown"`
}

// WorkersParams are the parameters of lists of workers.
type WorkersParams struct {
	Listed
	Limit    int    `query:"limit" default:"100" minimum:"1" maximum:"100" doc:"How many at most."`
	PageSize int    `query:"page_size" minimum:"1" maximum:"100" doc:"As limit; it goes before it."`
	Status   string `query:"status" enum:"online,idle,offline,unknown" doc:"Only workers of this status. Not as of a past block."`
	Tier     string `query:"tier" enum:"consumer,workstation,datacenter,enterprise,frontier" doc:"Only workers of this tier."`
	SortBy   string `query:"sort_by" enum:"jobs_completed,staked_amount,total_earnings,registered_at" default:"jobs_completed" doc:"What it is ordered by."`
}

// statusIsNow are the parameters that do not go with a worker's status: what workers reported is not known of the past.
var statusIsNow = [][]string{{"status", "block"}, {"status", "at"}}

// listing are the parameters as other lists have them.
func (p WorkersParams) listing() Listing {
	l := Listing{p.Listed, p.Limit}
	if p.PageSize > 0 {
		l.Limit = p.PageSize
	}
	return l
}

func (s *Server) listWorkers(ctx context.Context, in WorkersParams) (found projections.Listed[projections.WorkerView], name string, at projections.Freshness, err error) {
	if in.Status != "" && (in.Block.given || in.At.given) {
		return found, name, at, problemError{fault(kind("invalid_status"), "status: what workers reported is not known as of a past block")}
	}
	as, p, name, err := in.listing().page("workers", 2, in.SortBy, in.Status, "|", in.Tier)
	if err != nil {
		return found, name, at, err
	}
	found, at, err = s.config.Models.Workers(ctx, as, projections.WorkerFilter{Registered: true, Tier: in.Tier, Status: projections.Liveness(in.Status)}, p)
	return found, name, at, err
}

type networkWorkers struct {
	Workers  []worker `json:"workers"`
	Count    int      `json:"total_count" doc:"Of this page."`
	PageSize int      `json:"page_size"`
	paging
}

func (s *Server) networkWorkers(ctx context.Context, in *WorkersParams) (a networkWorkers, at projections.Freshness, err error) {
	found, name, at, err := s.listWorkers(ctx, *in)
	past := in.Block.given || in.At.given
	a.Workers, a.paging = listing(in.listing(), name, found, at, func(w projections.WorkerView) worker { return workerAnswer(w, past) })
	a.Count, a.PageSize = len(a.Workers), a.Limit
	return a, at, err
}

// workerAnswer is a worker as lists have it; past tells whether it is of a past block.
func workerAnswer(w projections.WorkerView, past bool) worker {
	out := worker{
		ID: w.Address.String(), Address: shortened(w.Address), Status: string(w.Liveness()), GPUType: "Unknown", StakeTier: "None", GPUTier: w.Tier,
		JobsCompleted: w.JobsCompleted, JobsDay: w.JobsLastDay, InProgress: w.JobsInProgress, WorkerAddress: w.Address.String(),
		LastHeartbeat: unix(w.LastHeartbeat), GPUUtilization: w.GPUUtilization, RegisteredAt: unix(w.RegisteredAt), Staked: w.Staked.String(),
		IsActive: w.Liveness() == projections.Online, Unknown: []string{},
	}
	if w.GPUModel != nil {
		out.GPUType = *w.GPUModel
	} else {
		out.Unknown = append(out.Unknown, "gpu_type", "gpu_model")
	}
	out.GPUModel = out.GPUType
	if past { // what workers reported then is not kept by block
		out.Unknown = append(out.Unknown, "is_active", "last_heartbeat", "status")
	}
	if w.WorkerID != nil {
		out.ID = *w.WorkerID
	}
	out.GPUCount = orUnknown(&out.Unknown, "gpu_count", w.GPUCount)
	out.Reputation = orUnknown(&out.Unknown, "reputation", w.Reputation)
	if w.Tier != nil && !w.Staked.IsZero() {
		out.StakeTier = *w.Tier
	}
	return out
}

type networkSnapshot struct {
	ID             string   `json:"id" doc:"The hour."`
	Workers        int64    `json:"total_workers"`
	Active         int64    `json:"active_workers"`
	Jobs           int64    `json:"total_jobs"`
	Completed      int64    `json:"jobs_completed"`
	JobsDay        int64    `json:"jobs_24h"`
	Staked         string   `json:"total_staked"`
	VolumeDay      *string  `json:"total_volume_24h" doc:"Wei that workers were paid in the 24 hours up to the hour's end."`
	AvgTime        *int64   `json:"avg_job_time_ms"`
	Utilization    *float64 `json:"network_utilization"`
	GPUUtilization *float64 `json:"gpu_utilization"`
	At             int64    `json:"snapshot_at" doc:"The hour's end."`
	Whole          bool     `json:"is_whole" doc:"Whether a block after the hour is indexed."`
	Unknown        []string `json:"unknown"`
}

func networkSnapshotOf(h projections.NetworkHourView) networkSnapshot {
	out := networkSnapshot{
		ID: h.Hour.UTC().Format(time.RFC3339), Workers: h.Workers, Jobs: h.Submitted, Completed: h.Completed, JobsDay: h.JobsDay, Staked: h.Staked.String(),
		VolumeDay: wei(&h.PaidDay), GPUUtilization: h.GPU, At: h.Hour.Add(time.Hour).Unix(), Whole: h.Whole, Unknown: []string{"avg_job_time_ms"},
	}
	out.Active = orUnknown(&out.Unknown, "active_workers", h.Reporting)
	out.Utilization = h.Utilization()
	return out
}

// hourWindows are the windows before the newest block that the network is told of by the hour.
var hourWindows = map[string]time.Duration{"1h": time.Hour, "24h": 24 * time.Hour, "7d": 7 * 24 * time.Hour, "30d": 30 * 24 * time.Hour}

type networkHistory struct {
	Snapshots []networkSnapshot `json:"snapshots"`
	Period    string            `json:"period"`
	Latest    *networkSnapshot  `json:"latest"`
}

func (s *Server) networkHistory(ctx context.Context, in *struct {
	Moment
	Period string `query:"period" enum:"1h,24h,7d,30d" default:"24h" doc:"Only hours that end in this time before the newest block, or after it."`
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"How many at most."`
},
) (a networkHistory, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	hours, at, err := s.config.Models.NetworkHours(ctx, as, hourWindows[in.Period]+time.Hour, in.Limit)
	a = networkHistory{Snapshots: make([]networkSnapshot, len(hours)), Period: in.Period}
	for i, h := range hours {
		a.Snapshots[i] = networkSnapshotOf(h)
	}
	if len(hours) > 0 {
		a.Latest = &a.Snapshots[0]
	}
	return a, at, err
}

type networkPoint struct {
	Timestamp   int64    `json:"timestamp"`
	Workers     int64    `json:"workers"`
	Jobs        int64    `json:"jobs" doc:"Submitted in all."`
	Staked      float64  `json:"staked" doc:"SAGE."`
	Utilization float64  `json:"utilization"`
	Unknown     []string `json:"unknown"`
}

type networkChart struct {
	Data   []networkPoint `json:"data"`
	Period string         `json:"period"`
}

func (s *Server) networkChart(ctx context.Context, in *struct {
	Moment
	Period string `query:"period" enum:"24h,7d,30d" default:"7d" doc:"The time before the newest block; of 30d it is a point a day, else one an hour."`
},
) (a networkChart, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	hours, at, err := s.config.Models.NetworkHours(ctx, as, hourWindows[in.Period], 24*31)
	a = networkChart{Data: []networkPoint{}, Period: in.Period}
	for i, h := range slices.Backward(hours) {
		if in.Period == "30d" && i > 0 && hours[i-1].Hour.UTC().Day() == h.Hour.UTC().Day() {
			continue // a later hour of the day is there
		}
		staked, _ := h.Staked.Big().Float64()
		p := networkPoint{Timestamp: h.Hour.Add(time.Hour).Unix(), Workers: h.Workers, Jobs: h.Submitted, Staked: staked / 1e18, Unknown: []string{}}
		p.Utilization = orUnknown(&p.Unknown, "utilization", h.Utilization())
		a.Data = append(a.Data, p)
	}
	return a, at, err
}

type networkGrowth struct {
	WorkersDay  float64  `json:"workers_growth_24h" doc:"Percent."`
	WorkersWeek float64  `json:"workers_growth_7d" doc:"Percent."`
	JobsDay     float64  `json:"jobs_growth_24h" doc:"Percent."`
	JobsWeek    float64  `json:"jobs_growth_7d" doc:"Percent."`
	StakedDay   float64  `json:"staked_growth_24h" doc:"Percent."`
	StakedWeek  float64  `json:"staked_growth_7d" doc:"Percent."`
	Unknown     []string `json:"unknown"`
}

func (s *Server) networkGrowth(ctx context.Context, in *struct{ Moment }) (a networkGrowth, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	const day = 24 * time.Hour
	hours, at, err := s.config.Models.NetworkHours(ctx, as, 8*day, 24*8+1)
	a.Unknown = []string{}
	for _, of := range []struct {
		name                  string
		window                time.Duration
		workers, jobs, staked *float64
	}{{"24h", day, &a.WorkersDay, &a.JobsDay, &a.StakedDay}, {"7d", 7 * day, &a.WorkersWeek, &a.JobsWeek, &a.StakedWeek}} {
		then := slices.IndexFunc(hours, func(h projections.NetworkHourView) bool { return !h.Hour.Add(time.Hour).After(at.Time.Add(-of.window)) })
		grown := func(name string, value func(projections.NetworkHourView) float64) float64 {
			if then < 0 || value(hours[then]) <= 0 {
				a.Unknown = append(a.Unknown, name+"_growth_"+of.name)
				return 0
			}
			return 100 * (value(hours[0]) - value(hours[then])) / value(hours[then])
		}
		*of.workers = grown("workers", func(h projections.NetworkHourView) float64 { return float64(h.Workers) })
		*of.jobs = grown("jobs", func(h projections.NetworkHourView) float64 { return float64(h.Submitted) })
		*of.staked = grown("staked", func(h projections.NetworkHourView) float64 {
			staked, _ := h.Staked.Big().Float64()
			return staked
		})
	}
	return a, at, err
}

func shortened(a schemas.Address) string {
	text := a.String()
	return text[:6] + "..." + text[len(text)-4:]
}
