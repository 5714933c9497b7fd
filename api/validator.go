package api

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ValidatorReads answers questions about one validator.
type ValidatorReads interface {
	Worker(ctx context.Context, as projections.AsOf, address schemas.Address) (projections.WorkerStatus, bool, projections.Freshness, error)
	WorkerByID(ctx context.Context, id schemas.Felt) (schemas.Address, bool, error)
	WorkerReports(ctx context.Context, address schemas.Address, window time.Duration) (projections.WorkerReports, projections.Freshness, error)
	GPUs(ctx context.Context, address schemas.Address) ([]projections.GPUView, projections.Freshness, error)
	Heartbeats(ctx context.Context, worker schemas.Address, span projections.Span, p projections.Page) (projections.Listed[projections.HeartbeatView], projections.Freshness, error)
	EachHeartbeat(ctx context.Context, worker schemas.Address, span projections.Span, p projections.Page, begin func(projections.Freshness), row func(projections.HeartbeatView) error) error
	EachReward(ctx context.Context, as projections.AsOf, address schemas.Address, f projections.RewardFilter, p projections.Page, begin func(projections.Freshness), row func(projections.RewardEntry) error) error
	RewardHistory(ctx context.Context, as projections.AsOf, address schemas.Address, f projections.RewardFilter, p projections.Page) (projections.Listed[projections.RewardEntry], projections.RewardSums, projections.Freshness, error)
}

const aboutRewards = `total_earned is what jobs paid, plus the rewards that contracts paid, plus what may be claimed. pending_rewards is what was promised for jobs and not
paid. claimable_rewards is (what was settled + stake × time since) × reward rate, cut to whole wei, as ProverStaking counts it; it is unknown where the log
does not have the stake's beginning. mining_rewards are claimed ones; staking_rewards are claimed and claimable ones. next_reward_estimate and
estimated_daily are stake × reward rate / 365. apy_estimate is the contract's reward_apy_bps / 100.`

// validatorRoutes are of one validator.
func (s *Server) validatorRoutes() []endpoint {
	of := func(path, tag, summary string, from Source, limit int, about, example string) Route {
		return Route{Path: path, Tag: tag, Summary: summary, Of: from, PerMinute: limit, About: about, Example: example}
	}
	const validators, workers = "Validators", "Workers"
	return []endpoint{
		read(asking(of("/api/validator/status", validators, "A validator's stake, work and liveness", Chain|Telemetry, 200,
			`An account that the chain has never told of is answered with is_registered false and zeros. A validator is active with a stake and a
heartbeat in the last five minutes. uptime_percent is 100 × minutes with a heartbeat / minutes that were listened to, over the last day; uptime_bps is
100 times that. reputation is reputation_score / 10. pending_rewards is what may be claimed, as /api/validator/rewards has it. status is unregistered, pending
(registered without a stake), active, suspended (a stake that does not count) or exiting (a stake that was asked back).`, "GET_api_validator_status.200")), s.validatorStatus),
		read(of("/api/validator/gpus", validators, "A validator's GPUs, as it reports them", Telemetry, 120,
			`A GPU is active above 5 % of utilisation, else idle, and offline when its last report is ten minutes old by its partition's time. Averages are over the
GPUs that say the number. total_vram_mb is 1024 × the sum in GiB. tee_type, driver_version and total_tflops nobody reports.`, "GET_api_validator_gpus.200"), s.validatorGPUs),
		read(of("/api/validator/rewards", validators, "What a validator earned, may claim and was paid", Chain, 60, aboutRewards, "GET_api_validator_rewards.200"), s.validatorRewards),
		exported(of("/api/validator/history", validators, "What a validator got: payments for jobs, and rewards", Chain, 30,
			`reward_type is job_completion, stake_reward or bonus, type the same as mining, staking or bonus, and kind what the chain says. job_count counts jobs that were
paid for, avg_reward_per_job is the sum of the payments for jobs / job_count. Periods end with the newest block.`, "GET_api_validator_history.200"), s.validatorHistory, s.eachReward),
		read(of("/api/worker/uptime", workers, "How reliably a worker reports", Telemetry, 60,
			`expected_heartbeats are the minutes of the period, after the registration, in which somebody listened; total_heartbeats those of them with a heartbeat.`,
			"GET_api_worker_uptime.200"), s.workerUptime),
		read(of("/api/worker/status", workers, "What a worker last reported", Chain|Telemetry, 120, "", "GET_api_worker_status.200"), s.workerStatus),
		exported(of("/api/worker/heartbeats", workers, "The heartbeats of a worker, the newest first", Telemetry, 60,
			`As long as they are kept. timestamp is when the heartbeat was received; what the worker did not say is null.`, ""), s.heartbeats, s.eachHeartbeat),
		read(Route{
			Path: "/api/workers", Tag: workers, Summary: "The registered workers", Of: Chain | Telemetry, About: aboutWorkers, Apart: statusIsNow,
		}, s.sdkWorkers),
		read(Route{
			Path: "/api/workers/{id}", Tag: workers, Summary: "A worker, by its account or its id", Of: Chain | Telemetry, Asks: true, About: aboutWorkers, NotFound: true,
		}, s.sdkWorker),
	}
}

type validatorStatus struct {
	IsActive          bool     `json:"is_active"`
	IsRegistered      bool     `json:"is_registered"`
	Staked            string   `json:"staked_amount"`
	StakedFormatted   string   `json:"staked_amount_formatted"`
	StakeTier         string   `json:"stake_tier"`
	GPUTier           *string  `json:"gpu_tier"`
	Reputation        int64    `json:"reputation_score"`
	ReputationPercent float64  `json:"reputation"`
	Earnings          string   `json:"total_earnings"`
	EarningsFormatted string   `json:"total_earnings_formatted"`
	Pending           string   `json:"pending_rewards"`
	PendingFormatted  string   `json:"pending_rewards_formatted"`
	JobsCompleted     int64    `json:"jobs_completed"`
	JobsInProgress    int64    `json:"jobs_in_progress"`
	JobsFailed        int64    `json:"jobs_failed"`
	UptimePercent     float64  `json:"uptime_percent"`
	UptimeBps         int64    `json:"uptime_bps"`
	LastHeartbeat     *int64   `json:"last_heartbeat"`
	LastActivity      *int64   `json:"last_activity_at" doc:"As last_heartbeat."`
	RegisteredAt      *int64   `json:"registered_at"`
	Address           string   `json:"address"`
	WorkerID          *string  `json:"worker_id"`
	Status            string   `json:"status" enum:"unregistered,pending,active,suspended,exiting"`
	Unknown           []string `json:"unknown"`
	fromChain
}

func (s *Server) validatorStatus(ctx context.Context, in *struct {
	Caller
	Moment
	Sourced
},
) (out validatorStatus, at projections.Freshness, err error) {
	if out, at, err = s.validatorStatusOf(ctx, in.Caller, in.Moment); err == nil {
		out.Chain, err = s.fromChain(ctx, in.Sourced, at, validatorSubjects(out.Address, out.WorkerID)...)
	}
	return out, at, err
}

// validatorSubjects are the rows that are about a validator.
func validatorSubjects(address string, workerID *string) []subject {
	about := []subject{{"workers", address}, {"stakes", "ProverStaking/" + address}, {"stakes", "CDCPool/" + address}, {"rewards", address}}
	if workerID != nil {
		about = append(about, subject{"reputations", *workerID})
	}
	return about
}

func (s *Server) validatorStatusOf(ctx context.Context, in Caller, m Moment) (out validatorStatus, at projections.Freshness, err error) {
	address, err := in.whom()
	if err != nil {
		return out, at, err
	}
	as, err := m.asOf()
	if err != nil {
		return out, at, err
	}
	w, known, at, err := s.config.Models.Worker(ctx, as, address)
	if err != nil {
		return out, at, err
	}
	out = validatorStatus{
		Staked: "0", StakedFormatted: "0 SAGE", StakeTier: "None", Earnings: "0", EarningsFormatted: "0 SAGE",
		Pending: "0", PendingFormatted: "0 SAGE", Address: address.String(), Status: "unregistered", Unknown: []string{},
	}
	if !known {
		return out, at, nil
	}
	r, _, err := s.config.Models.Rewards(ctx, sameMoment(as, at), address)
	if err != nil {
		return out, at, err
	}
	answer := workerAnswer(w.WorkerView, as.Past())
	out.IsRegistered, out.RegisteredAt, out.WorkerID = w.RegisteredAt != nil, answer.RegisteredAt, w.WorkerID
	out.IsActive = !w.Staked.IsZero() && w.StakeActive && w.HeartbeatAge != nil && *w.HeartbeatAge < 300
	out.Staked, out.StakedFormatted, out.StakeTier, out.GPUTier = w.Staked.String(), w.Staked.FormatSage(), answer.StakeTier, w.Tier
	out.Earnings, out.EarningsFormatted = w.Earnings.String(), w.Earnings.FormatSage()
	out.JobsCompleted, out.JobsInProgress = w.JobsCompleted, w.JobsInProgress
	out.LastHeartbeat, out.LastActivity = answer.LastHeartbeat, answer.LastHeartbeat
	claimable := r.Claimable
	if !r.HasRewards {
		claimable = &schemas.Amount{}
	}
	pending := orUnknown(&out.Unknown, "pending_rewards", claimable)
	out.Pending, out.PendingFormatted = pending.String(), pending.FormatSage()
	out.Unknown = append(out.Unknown, "jobs_failed") // the contract never says that a job failed
	switch {
	case !w.Locked.IsZero():
		out.Status = "exiting"
	case !w.Staked.IsZero() && w.StakeActive:
		out.Status = "active"
	case !w.Staked.IsZero():
		out.Status = "suspended"
	case out.IsRegistered:
		out.Status = "pending"
	}
	out.Reputation = orUnknown(&out.Unknown, "reputation_score", w.Reputation)
	out.ReputationPercent = float64(out.Reputation) / 10
	if as.Past() {
		out.Unknown = append(out.Unknown, "is_active", "last_heartbeat")
	}
	out.UptimePercent = orUnknown(&out.Unknown, "uptime_percent", w.UptimePercent)
	out.UptimeBps = int64(100 * out.UptimePercent)
	return out, at, nil
}

type gpu struct {
	Index           int64    `json:"index"`
	Model           string   `json:"model"`
	Name            string   `json:"name"`
	Tier            string   `json:"tier"`
	TotalGB         float64  `json:"vram_total_gb"`
	UsedGB          float64  `json:"vram_used_gb"`
	VRAMUtilization float64  `json:"vram_utilization" doc:"Percent."`
	Utilization     float64  `json:"compute_utilization" doc:"Percent."`
	Temperature     float64  `json:"temperature_celsius"`
	Power           float64  `json:"power_watts"`
	Status          string   `json:"status" enum:"active,idle,offline"`
	HasTEE          bool     `json:"has_tee"`
	TEEType         *string  `json:"tee_type"`
	Job             *string  `json:"current_job_id"`
	Driver          *string  `json:"driver_version"`
	CUDA            *string  `json:"cuda_version"`
	RecordedAt      int64    `json:"recorded_at"`
	Unknown         []string `json:"unknown"`
}

type gpus struct {
	GPUs           []gpu    `json:"gpus"`
	TotalMB        int64    `json:"total_vram_mb"`
	UsedMB         int64    `json:"used_vram_mb"`
	AvgUtilization float64  `json:"avg_utilization"`
	AvgTemperature float64  `json:"avg_temperature"`
	Total          int      `json:"total_gpus"`
	Active         int      `json:"active_gpus"`
	TFLOPS         *float64 `json:"total_tflops"`
	Unknown        []string `json:"unknown"`
}

// plainGPU is a GPU in the list of GPUs that has nothing around it.
type plainGPU struct {
	ID          string  `json:"id"`
	Name        string  `json:"name"`
	Model       string  `json:"model"`
	VRAM        float64 `json:"vram" doc:"GiB."`
	Temperature float64 `json:"temperature"`
	Utilization float64 `json:"utilization"`
	Power       float64 `json:"power_draw"`
	Used        float64 `json:"memory_used" doc:"GiB."`
	TotalGB     float64 `json:"memory_total" doc:"GiB."`
	Status      string  `json:"status"`
	Job         *string `json:"current_job"`
}

func (s *Server) validatorGPUs(ctx context.Context, in *struct {
	Caller
	Shape string `query:"shape" enum:"object,array" default:"object" doc:"array: only the list, with other names."`
},
) (a either[gpus, []plainGPU], at projections.Freshness, err error) {
	address, err := in.whom()
	if err != nil {
		return a, at, err
	}
	list, at, err := s.config.Models.GPUs(ctx, address)
	out := gpus{GPUs: []gpu{}, Total: len(list), Unknown: []string{"total_tflops"}}
	plain := []plainGPU{}
	var utilization, temperature mean
	for _, g := range list {
		row := gpuOf(g)
		out.GPUs = append(out.GPUs, row)
		out.TotalMB, out.UsedMB = out.TotalMB+int64(1024*row.TotalGB), out.UsedMB+int64(1024*row.UsedGB)
		utilization.add(g.Utilization)
		temperature.add(g.Temperature)
		if row.Status == "active" {
			out.Active++
		}
		plain = append(plain, plainGPU{
			strconv.FormatInt(row.Index, 10), row.Name, row.Model, row.TotalGB, row.Temperature, row.Utilization, row.Power, row.UsedGB, row.TotalGB, row.Status, row.Job,
		})
	}
	out.AvgUtilization = orUnknown(&out.Unknown, "avg_utilization", utilization.value())
	out.AvgTemperature = orUnknown(&out.Unknown, "avg_temperature", temperature.value())
	if len(list) == 0 {
		out.Unknown = append(out.Unknown, "gpus") // it has never told of any
	}
	a.first = out
	if in.Shape == "array" {
		a.second = &plain
	}
	return a, at, err
}

func gpuOf(g projections.GPUView) gpu {
	out := gpu{
		Index: g.Index, Name: fmt.Sprint("GPU ", g.Index), Status: "idle", Job: g.Job, RecordedAt: g.Time.Unix(),
		Unknown: []string{"tee_type", "driver_version", "cuda_version"},
	}
	unknown := &out.Unknown
	out.Model, out.Tier = orUnknown(unknown, "model", g.Model), orUnknown(unknown, "tier", g.Tier)
	out.TotalGB, out.UsedGB = orUnknown(unknown, "vram_total_gb", g.TotalGB), orUnknown(unknown, "vram_used_gb", g.UsedGB)
	out.Utilization = orUnknown(unknown, "compute_utilization", g.Utilization)
	out.Temperature, out.Power = orUnknown(unknown, "temperature_celsius", g.Temperature), orUnknown(unknown, "power_watts", g.Power)
	out.HasTEE = orUnknown(unknown, "has_tee", g.TEE)
	if out.TotalGB > 0 && g.UsedGB != nil {
		out.VRAMUtilization = 100 * out.UsedGB / out.TotalGB
	} else {
		out.Unknown = append(out.Unknown, "vram_utilization")
	}
	switch {
	case g.Age != nil && *g.Age >= 600:
		out.Status = "offline"
	case out.Utilization > 5:
		out.Status = "active"
	}
	return out
}

// mean is that of the numbers that are known.
type mean struct {
	sum   float64
	count int
}

func (m *mean) add(v *float64) {
	if v != nil {
		m.sum, m.count = m.sum+*v, m.count+1
	}
}

func (m mean) value() *float64 {
	if m.count == 0 {
		return nil
	}
	return new(m.sum / float64(m.count))
}

type validatorRewards struct {
	Earned             string   `json:"total_earned"`
	EarnedFormatted    string   `json:"total_earned_formatted"`
	Pending            string   `json:"pending_rewards"`
	PendingFormatted   string   `json:"pending_rewards_formatted"`
	PendingToo         string   `json:"pending" doc:"As pending_rewards."`
	Claimable          string   `json:"claimable_rewards"`
	ClaimableFormatted string   `json:"claimable_rewards_formatted"`
	Claimed            string   `json:"total_claimed"`
	ClaimedToo         string   `json:"claimed_total" doc:"As total_claimed."`
	Mining             string   `json:"mining_rewards"`
	Staking            string   `json:"staking_rewards"`
	LastClaim          *int64   `json:"last_claim_timestamp"`
	LastClaimToo       *int64   `json:"last_claim_at" doc:"As last_claim_timestamp."`
	Next               string   `json:"next_reward_estimate"`
	Daily              string   `json:"estimated_daily" doc:"Wei."`
	APY                float64  `json:"apy_estimate" doc:"Percent."`
	APYBps             int64    `json:"estimated_apy_bps"`
	Unknown            []string `json:"unknown"`
}

func (s *Server) validatorRewards(ctx context.Context, in *struct {
	Caller
	Moment
},
) (a validatorRewards, at projections.Freshness, err error) {
	address, err := in.whom()
	if err != nil {
		return a, at, err
	}
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	r, at, err := s.config.Models.Rewards(ctx, as, address)
	if !r.HasRewards { // no stake ever was: nothing is known to be nothing
		r.Claimable, r.ADay = &schemas.Amount{}, &schemas.Amount{}
	}
	unknown := []string{}
	if r.Claimable == nil {
		unknown = append(unknown, "total_earned", "staking_rewards")
	}
	claimable, daily := orUnknown(&unknown, "claimable_rewards", r.Claimable), orUnknown(&unknown, "estimated_daily", r.ADay)
	earned := r.Earned.Add(r.Claimed).Add(claimable)
	bps, _ := r.Rules.RewardBps()
	a = validatorRewards{
		Earned: earned.String(), EarnedFormatted: earned.FormatSage(), Pending: r.Pending.String(), PendingFormatted: r.Pending.FormatSage(),
		PendingToo: r.Pending.String(), Claimable: claimable.String(), ClaimableFormatted: claimable.FormatSage(), Claimed: r.Claimed.String(),
		ClaimedToo: r.Claimed.String(), Mining: r.Mining.String(), Staking: r.Staking.Add(claimable).String(), LastClaim: unix(r.LastClaim),
		LastClaimToo: unix(r.LastClaim), Next: "~" + daily.FormatSage(), Daily: daily.String(), APY: float64(bps) / 100, APYBps: bps, Unknown: unknown,
	}
	switch {
	case r.ADay == nil:
		a.Next, a.Unknown = "Pending", append(a.Unknown, "next_reward_estimate")
	case daily.IsZero():
		a.Next = "0 SAGE"
	}
	return a, at, err
}

type rewardEntry struct {
	Timestamp int64    `json:"timestamp"`
	Amount    string   `json:"amount"`
	Formatted string   `json:"amount_formatted"`
	JobID     *string  `json:"job_id"`
	Reward    string   `json:"reward_type" enum:"job_completion,stake_reward,bonus"`
	Type      string   `json:"type" enum:"mining,staking,bonus"`
	Kind      string   `json:"kind"`
	TxHash    *string  `json:"tx_hash"`
	Block     int64    `json:"block_number"`
	Unknown   []string `json:"unknown"`
}

func rewardEntryOf(r projections.RewardEntry) rewardEntry {
	out := rewardEntry{Timestamp: r.Time.Unix(), Kind: r.Kind, Reward: "bonus", Type: "bonus", TxHash: &r.TxHash, Block: r.Block, Unknown: []string{}}
	amount := orUnknown(&out.Unknown, "amount", r.Amount)
	out.Amount, out.Formatted = amount.String(), amount.FormatSage()
	if r.JobID != nil {
		out.JobID = new(r.JobID.String())
	}
	switch {
	case !r.Claimed:
		out.Reward, out.Type = "job_completion", "mining"
	case r.Kind == string(projections.RewardStaking):
		out.Reward, out.Type = "stake_reward", "staking"
	case r.Kind == string(projections.RewardMining):
		out.Type = "mining"
	}
	return out
}

type rewardSummary struct {
	Period    string `json:"period"`
	Total     string `json:"total_rewards"`
	Formatted string `json:"total_rewards_formatted"`
	Jobs      int64  `json:"job_count"`
	Average   string `json:"avg_reward_per_job"`
}

type validatorHistory struct {
	Rewards []rewardEntry `json:"rewards"`
	Entries []rewardEntry `json:"entries" doc:"As rewards."`
	Count   int64         `json:"total_count" doc:"Of all pages."`
	Summary rewardSummary `json:"period_summary"`
	Period  string        `json:"period"`
	Start   *int64        `json:"period_start"`
	End     *int64        `json:"period_end"`
	paging
}

type rewardsQuestion struct {
	Caller
	Listing
	Between
	Period string `query:"period" enum:"day,week,month,all" default:"week" doc:"Only what is of this time before the newest block."`
}

func (in *rewardsQuestion) filter() projections.RewardFilter {
	f := projections.RewardFilter{Span: in.span()}
	const day = 24 * time.Hour
	if window, ok := map[string]time.Duration{"day": day, "week": 7 * day, "month": 30 * day}[in.Period]; ok {
		f.Within = &window
	}
	return f
}

func (s *Server) eachReward(ctx context.Context, in *rewardsQuestion, begin func(projections.Freshness), row func(rewardEntry) error) error {
	address, err := in.whom()
	if err != nil {
		return err
	}
	as, p, err := in.whole("")
	if err != nil {
		return err
	}
	return s.config.Models.EachReward(ctx, as, address, in.filter(), p, begin, func(r projections.RewardEntry) error { return row(rewardEntryOf(r)) })
}

func (s *Server) validatorHistory(ctx context.Context, in *rewardsQuestion) (a validatorHistory, at projections.Freshness, err error) {
	address, err := in.whom()
	if err != nil {
		return a, at, err
	}
	f := in.filter()
	as, p, name, err := in.page("rewards", 1, "", address, "|", in.Period, "|", in.Between)
	if err != nil {
		return a, at, err
	}
	found, sums, at, err := s.config.Models.RewardHistory(ctx, as, address, f, p)
	a.Rewards, a.paging = listing(in.Listing, name, found, at, rewardEntryOf)
	a.Entries, a.Count, a.Period = a.Rewards, found.Total, in.Period
	a.Summary = rewardSummary{in.Period, sums.Sum.String(), sums.Sum.FormatSage(), sums.Jobs, "0 SAGE"}
	if mean := sums.MeanPerJob(); mean != nil {
		a.Summary.Average = mean.FormatSage()
	}
	if at.Known {
		a.End = unix(&at.Time)
		if f.Within != nil {
			a.Start = new(at.Time.Add(-*f.Within).Unix())
		}
	}
	return a, at, err
}

type workerUptime struct {
	Worker    string   `json:"worker_address"`
	Hours     int      `json:"period_hours"`
	Percent   float64  `json:"uptime_percent"`
	Reported  int64    `json:"total_heartbeats"`
	Expected  int64    `json:"expected_heartbeats"`
	Heartbeat *int64   `json:"last_heartbeat"`
	Status    string   `json:"status" enum:"online,idle,offline,unknown"`
	Unknown   []string `json:"unknown"`
}

func (s *Server) workerUptime(ctx context.Context, in *struct {
	Caller
	Hours int `query:"period_hours" default:"24" minimum:"1" maximum:"8760" doc:"The last so many hours, by the time of the worker's partition."`
},
) (a workerUptime, at projections.Freshness, err error) {
	address, err := in.whom()
	if err != nil {
		return a, at, err
	}
	window := time.Duration(in.Hours) * time.Hour
	r, at, err := s.config.Models.WorkerReports(ctx, address, window)
	a = workerUptime{
		Worker: address.String(), Hours: in.Hours, Reported: r.Up.Reported, Expected: r.Up.Expected, Status: string(r.Liveness()), Unknown: []string{},
	}
	a.Percent = orUnknown(&a.Unknown, "uptime_percent", r.Up.Percent())
	if r.Age != nil && *r.Age < window.Seconds() {
		a.Heartbeat = unix(r.Heartbeat)
	}
	return a, at, err
}

type heartbeatRow struct {
	Timestamp         int64    `json:"timestamp"`
	WorkerID          *string  `json:"worker_id"`
	GPUCount          *int64   `json:"gpu_count"`
	GPUUtilization    *float64 `json:"gpu_utilization" doc:"Percent."`
	MemoryUtilization *float64 `json:"memory_utilization" doc:"Percent."`
	Jobs              *int64   `json:"jobs_in_progress"`
	Latency           *int64   `json:"latency_ms"`
	Version           *string  `json:"version"`
}

func heartbeatOf(h projections.HeartbeatView) heartbeatRow {
	return heartbeatRow{h.Time.Unix(), h.WorkerID, h.GPUCount, h.GPUUtilization, h.MemoryUtilization, h.JobsInProgress, h.LatencyMS, h.Version}
}

type heartbeatList struct {
	Worker     string         `json:"worker_address"`
	Heartbeats []heartbeatRow `json:"heartbeats"`
	paging
}

type heartbeatsQuestion struct {
	Caller
	Between
	Paged
	SortOrder string `query:"sort_order" enum:"desc,asc" default:"desc" doc:"The newest first, or the oldest."`
	Limit     int    `query:"limit" default:"60" minimum:"1" maximum:"1000" doc:"How many at most."`
}

// listing are the parameters as those of a list of the chain, at whose newest block it is.
func (in *heartbeatsQuestion) listing() Listing {
	return Listing{Listed{Paged: in.Paged, SortOrder: in.SortOrder}, in.Limit}
}

func (s *Server) heartbeats(ctx context.Context, in *heartbeatsQuestion) (a heartbeatList, at projections.Freshness, err error) {
	address, err := in.whom()
	if err != nil {
		return a, at, err
	}
	_, p, name, err := in.listing().page("heartbeats", 2, "", address, "|", in.Between)
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Heartbeats(ctx, address, in.span(), p)
	a.Worker = address.String()
	a.Heartbeats, a.paging = listing(in.listing(), name, found, at, heartbeatOf)
	return a, at, err
}

func (s *Server) eachHeartbeat(ctx context.Context, in *heartbeatsQuestion, begin func(projections.Freshness), row func(heartbeatRow) error) error {
	address, err := in.whom()
	if err != nil {
		return err
	}
	_, p, err := in.listing().whole("")
	if err != nil {
		return err
	}
	return s.config.Models.EachHeartbeat(ctx, address, in.span(), p, begin, func(h projections.HeartbeatView) error { return row(heartbeatOf(h)) })
}

type workerStatus struct {
	Worker   string   `json:"worker_address"`
	Status   string   `json:"status" enum:"online,idle,offline,unknown"`
	Uptime   float64  `json:"uptime_percent_24h"`
	LastSeen *int64   `json:"last_seen"`
	GPUs     *int64   `json:"gpu_count"`
	GPU      *float64 `json:"gpu_utilization" doc:"Percent."`
	Jobs     int64    `json:"jobs_in_progress" doc:"As the worker says."`
	Version  *string  `json:"version"`
	Claims   int64    `json:"total_claims" doc:"Rewards that contracts say they paid."`
	Claimed  string   `json:"total_claimed" doc:"Their sum."`
	Unknown  []string `json:"unknown"`
}

func (s *Server) workerStatus(ctx context.Context, in *struct{ Caller }) (a workerStatus, at projections.Freshness, err error) {
	address, err := in.whom()
	if err != nil {
		return a, at, err
	}
	r, at, err := s.config.Models.WorkerReports(ctx, address, 24*time.Hour)
	a = workerStatus{
		Worker: address.String(), Status: string(r.Liveness()), LastSeen: unix(r.Heartbeat), GPUs: r.GPUs, GPU: r.GPU, Version: r.Version, Claims: r.Claims,
		Claimed: r.Claimed.String(), Unknown: []string{},
	}
	a.Uptime = orUnknown(&a.Unknown, "uptime_percent_24h", r.Up.Percent())
	a.Jobs = orUnknown(&a.Unknown, "jobs_in_progress", r.Jobs)
	return a, at, err
}

const aboutWorkers = `status is busy with an assigned job or one in progress as the worker says, else available when it is online, else offline; suspended where its stake does not
count. capabilities are what the worker reports of its GPUs: no one tells of its processors, its memory or the types of jobs it takes.`

// sdkWorker is a worker as the client libraries read it.
type sdkWorker struct {
	ID           string       `json:"id"`
	Address      string       `json:"address"`
	Capabilities capabilities `json:"capabilities"`
	Status       string       `json:"status" enum:"available,busy,offline,suspended"`
	Reputation   int64        `json:"reputation"`
	Stake        string       `json:"stake_amount"`
	Tier         *string      `json:"gpu_tier"`
	RegisteredAt *time.Time   `json:"registered_at"`
	Unknown      []string     `json:"unknown"`
}

type capabilities struct {
	Model    string   `json:"gpu_model"`
	MemoryGB float64  `json:"gpu_memory_gb"`
	Cores    int      `json:"cpu_cores"`
	RAM      float64  `json:"ram_gb"`
	HasTEE   bool     `json:"has_tee"`
	TEEType  *string  `json:"tee_type"`
	JobTypes []string `json:"supported_job_types"`
}

func sdkWorkerOf(w projections.WorkerView) sdkWorker {
	out := sdkWorker{
		ID: w.Address.String(), Address: w.Address.String(), Status: "offline", Stake: w.Staked.String(), Tier: w.Tier, RegisteredAt: w.RegisteredAt,
		Capabilities: capabilities{JobTypes: []string{}},
		Unknown:      []string{"capabilities.gpu_memory_gb", "capabilities.cpu_cores", "capabilities.ram_gb", "capabilities.supported_job_types"},
	}
	if w.WorkerID != nil {
		out.ID = *w.WorkerID
	}
	out.Capabilities.Model = orUnknown(&out.Unknown, "capabilities.gpu_model", w.GPUModel)
	out.Capabilities.HasTEE = orUnknown(&out.Unknown, "capabilities.has_tee", w.HasTEE)
	out.Reputation = orUnknown(&out.Unknown, "reputation", w.Reputation)
	switch {
	case !w.Staked.IsZero() && !w.StakeActive:
		out.Status = "suspended"
	case w.Liveness() == projections.Online && (w.JobsInProgress > 0 || w.JobsReported != nil && *w.JobsReported > 0):
		out.Status = "busy"
	case w.Liveness() == projections.Online:
		out.Status = "available"
	case w.Liveness() == projections.Unheard:
		out.Unknown = append(out.Unknown, "status")
	}
	return out
}

// sdkWorkers answers with a list and nothing around it, as the client libraries read it.
func (s *Server) sdkWorkers(ctx context.Context, in *struct {
	WorkersParams
	Shape string `query:"shape" enum:"array,object" default:"array" doc:"object: the list under workers, with the place of the page."`
},
) (a either[[]sdkWorker, sdkWorkerList], at projections.Freshness, err error) {
	found, name, at, err := s.listWorkers(ctx, in.WorkersParams)
	list, place := listing(in.listing(), name, found, at, sdkWorkerOf)
	a.first = list
	if in.Shape == "object" {
		a.second = &sdkWorkerList{list, place}
	}
	return a, at, err
}

type sdkWorkerList struct {
	Workers []sdkWorker `json:"workers"`
	paging
}

func (s *Server) sdkWorker(ctx context.Context, in *struct {
	Moment
	Sourced
	ID workerName `path:"id" doc:"The worker: its account, or its id."`
},
) (a sdkWorkerAnswer, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	address, ok, err := s.config.Models.WorkerByID(ctx, in.ID.Felt)
	if err != nil {
		return a, at, err
	}
	if !ok {
		address = schemas.Address(in.ID.Felt)
	}
	w, ok, at, err := s.config.Models.Worker(ctx, as, address)
	if err == nil && !ok {
		err = problemError{fault(notFound, "the chain has not told of this worker")}
	}
	if err != nil {
		return a, at, err
	}
	a.sdkWorker = sdkWorkerOf(w.WorkerView)
	a.Chain, err = s.fromChain(ctx, in.Sourced, at, validatorSubjects(address.String(), w.WorkerID)...)
	return a, at, err
}

type sdkWorkerAnswer struct {
	sdkWorker
	fromChain
}

type contracts struct {
	Network           string                       `json:"network"`
	SageToken         schemas.Address              `json:"sage_token"`
	ProverStaking     schemas.Address              `json:"prover_staking"`
	ReputationManager schemas.Address              `json:"reputation_manager"`
	JobManager        schemas.Address              `json:"job_manager"`
	Faucet            *schemas.Address             `json:"faucet"`
	Explorer          string                       `json:"explorer_base_url"`
	Contracts         map[string][]schemas.Address `json:"contracts" doc:"All that are followed, by name."`
	Simulated         bool                         `json:"simulated" doc:"Whether the network is one that this process makes up."`
}

// contracts answers with the addresses that this process follows, and where an explorer shows them.
func (s *Server) contracts(context.Context, *struct{}) (contracts, error) {
	address := map[string]schemas.Address{}
	all := map[string][]schemas.Address{}
	for _, k := range s.config.Contracts {
		if _, ok := address[k.Name]; !ok {
			address[k.Name] = k.Address
		}
		all[k.Name] = append(all[k.Name], k.Address)
	}
	out := contracts{
		Network: s.config.Network, SageToken: address["SAGEToken"], ProverStaking: address["ProverStaking"],
		ReputationManager: address["ReputationManager"], JobManager: address["JobManager"],
		Explorer: cmp.Or(explorerOf(s.config.Network), "https://sepolia.starkscan.co"), Contracts: all, Simulated: s.config.Network == schemas.Local,
	}
	if a, ok := address["Faucet"]; ok {
		out.Faucet = &a
	}
	return out, nil
}
