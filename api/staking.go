package api

import (
	"context"
	"strings"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// StakingReads answers questions about stakes.
type StakingReads interface {
	StakingEvents(ctx context.Context, as projections.AsOf, f projections.StakingFilter, p projections.Page) (projections.Listed[projections.StakingEventView], projections.Freshness, error)
	StakingStats(ctx context.Context, as projections.AsOf) (projections.StakingStats, projections.Freshness, error)
	StakingRules(ctx context.Context, as projections.AsOf) (projections.StakingRules, projections.Freshness, error)
	Rewards(ctx context.Context, as projections.AsOf, address schemas.Address) (projections.RewardsView, projections.Freshness, error)
}

const aboutStakes = `Stakes are those at ProverStaking, which make a worker. success_rate is 100 × jobs completed / jobs assigned, and null for who was assigned none.
jobs_failed is unknown: no event tells it. has_tee is what the worker reports of its GPUs.`

const aboutStake = aboutStakes + `
pending_rewards is what may be claimed: (what was settled + stake × time since) × reward rate, cut to whole wei, as the contract counts it. can_unstake tells
that something was asked back and its time is over. min_stake_for_tier is what a view of the contract told, or else its default.`

const aboutStakingNumbers = `Of ProverStaking. avg_stake is total_staked / total_stakers. daily_trend has net = staked − unstaked − slashed of each of the last 30 days.
Numbers of events count from the first indexed block.`

const aboutStakingEvents = `Changes of stakes at every contract that holds some; contract_name tells which. event_type is stake, unstake_request, unstake or slashed.`

const aboutStakingRules = `ProverStaking's events tell reward_apy_bps and the first tier's minimum; all else was observed: a view of the contract told it, at the block in
which an event told a change, and once an hour. What neither told is the contract's default while no event tells of a change, and unknown then.
apy_percent is reward_apy_bps / 100.`

// stakingRoutes are of stakes. Published clients know some of them under two paths.
func (s *Server) stakingRoutes() (table []endpoint) {
	of := func(path, summary, about, example string, notFound bool) Route {
		return Route{Path: path, Tag: "Staking", Summary: summary, Of: Chain, About: about, Example: example, NotFound: notFound}
	}
	for _, under := range []string{"/api/staking/db", "/api/staking"} {
		info := of(under+"/info/{address}", "An account's stake", aboutStake, "", under == "/api/staking/db")
		info.Of |= Telemetry
		info.Asks = true
		board := of(under+"/leaderboard", "The stakes, the largest first", aboutStakes, "GET_api_staking_db_leaderboard.200", false)
		workers := of(under+"/workers", "The workers with a stake, the largest first", aboutStakes, "", false)
		workers.Of |= Telemetry
		one := s.stakeOrNone
		if under == "/api/staking/db" {
			one = s.stake
		}
		table = append(table,
			read(info, one),
			read(of(under+"/history/{address}", "What happened to an account's stakes", aboutStakingEvents, "", false), s.stakingHistory),
			read(board, s.stakingLeaderboard),
			read(of(under+"/stats", "The stakes in numbers", aboutStakingNumbers, "", false), s.stakingNumbers),
			read(workers, s.stakingWorkers),
			read(of(under+"/events", "What happened to stakes", aboutStakingEvents, "", false), s.stakingEvents),
			read(of(under+"/config", "The rules of staking", aboutStakingRules, "", false), s.stakingConfig),
			read(of(under+"/total", "All that is at stake", aboutStakingNumbers, "", false), s.stakingTotal),
			read(of(under+"/tiers", "The tiers of stakes", aboutStakingRules, "", false), s.stakingTiers),
		)
	}
	return table
}

// stake is an account's stake.
type stake struct {
	WorkerID         *string    `json:"worker_id"`
	Address          string     `json:"address"`
	Status           string     `json:"status" enum:"active,inactive,none"`
	StakeStatus      string     `json:"stake_status" doc:"As status."`
	Staked           string     `json:"staked_amount"`
	StakedFormatted  string     `json:"staked_amount_formatted"`
	Locked           string     `json:"locked_amount" doc:"Asked back, and still at stake."`
	LockedFormatted  string     `json:"locked_amount_formatted"`
	LockedUntil      *time.Time `json:"locked_until"`
	Pending          string     `json:"pending_rewards"`
	PendingFormatted string     `json:"pending_rewards_formatted"`
	Claimed          string     `json:"total_rewards_claimed"`
	Slashed          string     `json:"slashed_amount"`
	Tier             *string    `json:"gpu_tier"`
	WorkerTier       *string    `json:"worker_tier"`
	MinStake         string     `json:"min_stake_for_tier"`
	HasTEE           bool       `json:"has_tee"`
	Active           bool       `json:"is_active"`
	Slashable        bool       `json:"is_slashable" doc:"Whether there is anything to take."`
	CanUnstake       bool       `json:"can_unstake"`
	StakedAt         *int64     `json:"staked_at"`
	Reputation       int64      `json:"reputation_score"`
	Completed        int64      `json:"jobs_completed"`
	Failed           int64      `json:"jobs_failed"`
	Earnings         string     `json:"total_earnings"`
	RegisteredAt     *time.Time `json:"registered_at"`
	LastHeartbeat    *time.Time `json:"last_heartbeat"`
	Unknown          []string   `json:"unknown"`
	fromChain
}

// AccountParams say whom a question is about, by the path.
type AccountParams struct {
	Moment
	Address addressText `path:"address" doc:"The account, in any case and with any padding."`
}

// StakeParams say whose stake, and whom to ask.
type StakeParams struct {
	AccountParams
	Sourced
}

func (s *Server) stakeOrNone(ctx context.Context, in *StakeParams) (a stake, at projections.Freshness, err error) {
	if a, _, at, err = s.stakeOf(ctx, in.AccountParams); err == nil {
		a.Chain, err = s.fromChain(ctx, in.Sourced, at, validatorSubjects(a.Address, a.WorkerID)...)
	}
	return a, at, err
}

func (s *Server) stake(ctx context.Context, in *StakeParams) (a stake, at projections.Freshness, err error) {
	a, ok, at, err := s.stakeOf(ctx, in.AccountParams)
	if err == nil && !ok {
		err = problemError{fault(notFound, "the chain has not told of this account as a worker or a staker")}
	}
	if err == nil {
		a.Chain, err = s.fromChain(ctx, in.Sourced, at, validatorSubjects(a.Address, a.WorkerID)...)
	}
	return a, at, err
}

func (s *Server) stakeOf(ctx context.Context, in AccountParams) (a stake, ok bool, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, false, at, err
	}
	w, ok, at, err := s.config.Models.Worker(ctx, as, in.Address.Address)
	if err != nil {
		return a, false, at, err
	}
	r, _, err := s.config.Models.Rewards(ctx, sameMoment(as, at), in.Address.Address)
	if err != nil {
		return a, false, at, err
	}
	a = stake{
		WorkerID: w.WorkerID, Address: in.Address.String(), Status: "none", Staked: w.Staked.String(), StakedFormatted: w.Staked.FormatSage(),
		Locked: w.Locked.String(), LockedFormatted: w.Locked.FormatSage(), LockedUntil: w.UnlocksAt, Claimed: r.Staking.String(), Slashed: w.Slashed.String(),
		Tier: w.Tier, WorkerTier: w.Tier, MinStake: "0", Active: w.StakeActive && !w.Staked.IsZero(), Slashable: !w.Staked.IsZero(), StakedAt: unix(r.StakedAt),
		Completed: w.JobsCompleted, Earnings: w.Earnings.String(), RegisteredAt: w.RegisteredAt, LastHeartbeat: w.LastHeartbeat, Unknown: []string{"jobs_failed"},
		CanUnstake: !w.Locked.IsZero() && w.UnlocksAt != nil && !w.UnlocksAt.After(at.Time),
	}
	claimable := r.Claimable
	if !r.HasRewards {
		claimable = &schemas.Amount{}
	}
	pending := orUnknown(&a.Unknown, "pending_rewards", claimable)
	a.Pending, a.PendingFormatted = pending.String(), pending.FormatSage()
	switch {
	case a.Active:
		a.Status = "active"
	case !w.Staked.IsZero():
		a.Status = "inactive"
	}
	a.StakeStatus = a.Status
	if w.Tier != nil {
		for _, t := range r.Rules.Tiers() {
			if t.Name == *w.Tier {
				a.MinStake = orUnknown(&a.Unknown, "min_stake_for_tier", valueOf(t.MinStake)).String()
			}
		}
	}
	a.HasTEE = orUnknown(&a.Unknown, "has_tee", w.HasTEE)
	a.Reputation = orUnknown(&a.Unknown, "reputation_score", w.Reputation)
	if as.Past() {
		a.Unknown = append(a.Unknown, "last_heartbeat")
	}
	return a, ok, at, nil
}

// sameMoment is the moment of an answer, for a further question about it.
func sameMoment(as projections.AsOf, at projections.Freshness) projections.AsOf {
	if as.Past() || !at.Known {
		return as
	}
	return projections.AsOf{Block: new(uint64(at.Block))}
}

type stakingEvent struct {
	ID        string    `json:"id"`
	Contract  string    `json:"contract_name"`
	WorkerID  *string   `json:"worker_id"`
	Worker    *string   `json:"worker_address"`
	Type      string    `json:"event_type"`
	Amount    string    `json:"amount"`
	Total     *string   `json:"total_stake" doc:"After it, where it says so."`
	Tier      *string   `json:"gpu_tier"`
	TEE       *bool     `json:"has_tee"`
	Reason    *string   `json:"reason"`
	UnlocksAt *int64    `json:"unlocks_at"`
	CreatedAt time.Time `json:"created_at"`
	TxHash    string    `json:"tx_hash"`
	Block     int64     `json:"block_number"`
}

func stakingEventOf(e projections.StakingEventView) stakingEvent {
	return stakingEvent{
		e.ID, e.Contract, e.WorkerID, e.Staker, e.Type, e.Amount.String(), wei(e.Total), e.Tier, e.TEE, e.Reason, unix(e.Unlocks), e.Time, e.TxHash, e.Block,
	}
}

type stakingEvents struct {
	Events []stakingEvent `json:"events"`
	paging
}

// StakingEventsParams are the parameters of lists of what happened to stakes.
type StakingEventsParams struct {
	Listing
	Between
	Type     string `query:"event_type" enum:"stake,unstake_request,unstake,slashed" doc:"Only what is of this type."`
	Contract string `query:"contract" maxLength:"64" doc:"Only what is of this contract."`
}

func (s *Server) listStakingEvents(ctx context.Context, in StakingEventsParams, staker addressText) (a stakingEvents, at projections.Freshness, err error) {
	f := projections.StakingFilter{Staker: staker.filter(), Type: in.Type, Contract: in.Contract, Span: in.span()}
	as, p, name, err := in.page("staking events", 1, "", f.Staker, "|", f.Type, "|", f.Contract, "|", in.Between)
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.StakingEvents(ctx, as, f, p)
	a.Events, a.paging = listing(in.Listing, name, found, at, stakingEventOf)
	return a, at, err
}

func (s *Server) stakingEvents(ctx context.Context, in *struct {
	StakingEventsParams
	Staker addressText `query:"address" doc:"Only what is of this account."`
},
) (stakingEvents, projections.Freshness, error) {
	return s.listStakingEvents(ctx, in.StakingEventsParams, in.Staker)
}

func (s *Server) stakingHistory(ctx context.Context, in *struct {
	StakingEventsParams
	Staker addressText `path:"address" doc:"The account."`
},
) (stakingEvents, projections.Freshness, error) {
	return s.listStakingEvents(ctx, in.StakingEventsParams, in.Staker)
}

type leader struct {
	Rank       int64    `json:"rank"`
	Address    string   `json:"address"`
	WorkerID   string   `json:"worker_id" doc:"The address of who never registered."`
	Staked     string   `json:"staked_amount"`
	Tier       *string  `json:"gpu_tier"`
	Active     bool     `json:"is_active"`
	Reputation int64    `json:"reputation_score"`
	Completed  int64    `json:"jobs_completed"`
	Earnings   string   `json:"total_earnings"`
	Success    float64  `json:"success_rate" doc:"Percent."`
	Unknown    []string `json:"unknown"`
}

func leaderOf(w projections.WorkerView) leader {
	out := leader{
		Address: w.Address.String(), WorkerID: w.Address.String(), Staked: w.Staked.String(), Tier: w.Tier, Active: w.StakeActive, Completed: w.JobsCompleted,
		Earnings: w.Earnings.String(), Unknown: []string{},
	}
	if w.WorkerID != nil {
		out.WorkerID = *w.WorkerID
	}
	out.Reputation = orUnknown(&out.Unknown, "reputation_score", w.Reputation)
	out.Success = orUnknown(&out.Unknown, "success_rate", w.SuccessPercent())
	return out
}

// StakersParams are the parameters of lists of stakes.
type StakersParams struct {
	Listing
	Tier   string `query:"tier" enum:"consumer,workstation,datacenter,enterprise,frontier" doc:"Only stakes of this tier."`
	SortBy string `query:"sort_by" enum:"staked_amount,jobs_completed,total_earnings" default:"staked_amount" doc:"What it is ordered by."`
}

func (s *Server) stakers(ctx context.Context, in StakersParams) (found projections.Listed[projections.WorkerView], name string, at projections.Freshness, err error) {
	as, p, name, err := in.page("stakers", 2, in.SortBy, in.Tier)
	if err != nil {
		return found, name, at, err
	}
	found, at, err = s.config.Models.Workers(ctx, as, projections.WorkerFilter{Staked: true, Tier: in.Tier}, p)
	return found, name, at, err
}

type leaderboard struct {
	Leaders   []leader   `json:"leaderboard"`
	Stakers   int64      `json:"total_stakers"`
	Staked    string     `json:"total_staked"`
	UpdatedAt *time.Time `json:"updated_at" doc:"The time of the block."`
	paging
}

func (s *Server) stakingLeaderboard(ctx context.Context, in *StakersParams) (a leaderboard, at projections.Freshness, err error) {
	found, name, at, err := s.stakers(ctx, *in)
	if err != nil {
		return a, at, err
	}
	n, _, err := s.config.Models.StakingStats(ctx, sameMoment(projections.AsOf{}, at))
	stakers, _, staked := n.Stakers()
	a = leaderboard{Stakers: stakers, Staked: staked.String()}
	a.Leaders, a.paging = listing(in.Listing, name, found, at, leaderOf)
	for i := range a.Leaders {
		a.Leaders[i].Rank = found.First + int64(i) + 1
	}
	if at.Known {
		a.UpdatedAt = new(at.Time.UTC())
	}
	return a, at, err
}

type stakingWorkers struct {
	Workers []worker `json:"workers"`
	paging
}

func (s *Server) stakingWorkers(ctx context.Context, in *StakersParams) (a stakingWorkers, at projections.Freshness, err error) {
	found, name, at, err := s.stakers(ctx, *in)
	past := in.Block.given || in.At.given
	a.Workers, a.paging = listing(in.Listing, name, found, at, func(w projections.WorkerView) worker { return workerAnswer(w, past) })
	return a, at, err
}

type tierNumbers struct {
	GPUTier *string `json:"gpu_tier"`
	Tier    *string `json:"tier"`
	Count   int64   `json:"count"`
	Staked  string  `json:"total_staked"`
}

type stakingTypeNumbers struct {
	Type  string `json:"event_type"`
	Count int64  `json:"count"`
	Total string `json:"total_amount"`
}

type stakingDay struct {
	Date     string `json:"date"`
	Staked   string `json:"staked"`
	Unstaked string `json:"unstaked"`
	Slashed  string `json:"slashed"`
	Net      string `json:"net" doc:"May be negative."`
}

type stakingNumbers struct {
	Stakers     int64                `json:"total_stakers"`
	Active      int64                `json:"active_stakers"`
	Staked      string               `json:"total_staked"`
	Average     *string              `json:"avg_stake"`
	AverageToo  *string              `json:"avg_stake_amount"`
	Slashed     string               `json:"total_slashed"`
	EventsDay   int64                `json:"staking_events_24h"`
	StakesDay   int64                `json:"stakes_last_24h"`
	UnstakesDay int64                `json:"unstakes_last_24h"`
	ByTier      []tierNumbers        `json:"by_tier"`
	ByType      []stakingTypeNumbers `json:"by_event_type"`
	Daily       []stakingDay         `json:"daily_trend"`
}

func (s *Server) stakingNumbers(ctx context.Context, in *struct{ Moment }) (a stakingNumbers, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	n, at, err := s.config.Models.StakingStats(ctx, as)
	stakers, active, staked := n.Stakers()
	a = stakingNumbers{
		Stakers: stakers, Active: active, Staked: staked.String(), Average: wei(n.MeanStake()), AverageToo: wei(n.MeanStake()),
		Slashed: n.Of(projections.StakeSlashed).Sum.String(), StakesDay: n.Of(projections.StakeAdded).Day, UnstakesDay: n.Of(projections.StakeWithdrawn).Day,
		ByTier: []tierNumbers{}, ByType: []stakingTypeNumbers{}, Daily: []stakingDay{},
	}
	for _, t := range n.ByTier {
		a.ByTier = append(a.ByTier, tierNumbers{t.Tier, t.Tier, t.Count, t.Staked.String()})
	}
	for _, t := range n.ByType {
		a.EventsDay += t.Day
		a.ByType = append(a.ByType, stakingTypeNumbers{t.Type, t.Count, t.Sum.String()})
	}
	for _, d := range n.Days {
		net := d.Staked.Big()
		net.Sub(net, d.Withdrawn.Big()).Sub(net, d.Slashed.Big())
		a.Daily = append(a.Daily, stakingDay{d.Day.Format(time.DateOnly), d.Staked.String(), d.Withdrawn.String(), d.Slashed.String(), net.String()})
	}
	return a, at, err
}

type stakingTotal struct {
	Staked          string `json:"total_staked"`
	StakedFormatted string `json:"total_staked_formatted"`
	Stakers         int64  `json:"total_stakers"`
	Active          int64  `json:"active_stakers"`
}

func (s *Server) stakingTotal(ctx context.Context, in *struct{ Moment }) (a stakingTotal, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	n, at, err := s.config.Models.StakingStats(ctx, as)
	stakers, active, staked := n.Stakers()
	return stakingTotal{staked.String(), staked.FormatSage(), stakers, active}, at, err
}

type stakingTier struct {
	Tier              string   `json:"tier"`
	MinStake          string   `json:"min_stake"`
	MinStakeFormatted string   `json:"min_stake_formatted"`
	Default           bool     `json:"is_default" doc:"Whether it is the contract's default, and neither an event nor a view told it."`
	Unknown           []string `json:"unknown"`
}

type stakingTiers struct {
	Tiers []stakingTier `json:"tiers"`
}

func tiersOf(r projections.StakingRules) []stakingTier {
	out := []stakingTier{}
	for _, t := range r.Tiers() {
		tier := stakingTier{Tier: t.Name, Default: t.Default, Unknown: []string{}}
		least := orUnknown(&tier.Unknown, "min_stake", valueOf(t.MinStake))
		tier.MinStake, tier.MinStakeFormatted = least.String(), least.FormatSage()
		out = append(out, tier)
	}
	return out
}

func (s *Server) stakingTiers(ctx context.Context, in *struct{ Moment }) (a stakingTiers, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	r, at, err := s.config.Models.StakingRules(ctx, as)
	return stakingTiers{tiersOf(r)}, at, err
}

type stakingConfig struct {
	Contract   *schemas.Address `json:"staking_contract"`
	Token      *schemas.Address `json:"sage_token"`
	APYBps     int64            `json:"reward_apy_bps"`
	APYPercent float64          `json:"apy_percent"`
	Default    bool             `json:"is_default" doc:"Whether neither an event nor a view told reward_apy_bps: then it is the contract's default."`
	ChangedAt  *int64           `json:"changed_at" doc:"When an event told a change."`
	Observed   *int64           `json:"observed_since" doc:"When a view first told what it tells still; null where none has since the last change."`
	Tiers      []stakingTier    `json:"tiers"`
	Lockup     int64            `json:"unstake_lockup_secs"`
	Failures   int64            `json:"max_consecutive_failures" doc:"So many slashes in a row end a stake's activity."`
	Slash      slashShares      `json:"slash_bps" doc:"What a slash takes of a stake, by its reason, in hundredths of a percent."`
	Unknown    []string         `json:"unknown"`
}

type slashShares struct {
	InvalidProof     int64 `json:"invalid_proof"`
	Timeout          int64 `json:"timeout"`
	RepeatedFailures int64 `json:"repeated_failures"`
	Malicious        int64 `json:"malicious"`
	BenchmarkFraud   int64 `json:"benchmark_fraud"`
}

func (s *Server) stakingConfig(ctx context.Context, in *struct{ Moment }) (a stakingConfig, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	r, at, err := s.config.Models.StakingRules(ctx, as)
	bps, told := r.RewardBps()
	a = stakingConfig{
		APYBps: bps, APYPercent: float64(bps) / 100, Default: !told, ChangedAt: unix(valueOf(r.ChangedAt)), Observed: unix(valueOf(r.SeenSince)), Tiers: tiersOf(r),
		Contract: s.contract("ProverStaking"), Token: s.contract("SAGEToken"), Unknown: []string{},
	}
	a.Lockup = orUnknown(&a.Unknown, "unstake_lockup_secs", valueOf(r.UnstakeLockup))
	a.Failures = orUnknown(&a.Unknown, "max_consecutive_failures", valueOf(r.MaxFailures))
	a.Slash = slashShares{
		InvalidProof:     orUnknown(&a.Unknown, "slash_bps.invalid_proof", valueOf(r.SlashInvalidProof)),
		Timeout:          orUnknown(&a.Unknown, "slash_bps.timeout", valueOf(r.SlashTimeout)),
		RepeatedFailures: orUnknown(&a.Unknown, "slash_bps.repeated_failures", valueOf(r.SlashFailures)),
		Malicious:        orUnknown(&a.Unknown, "slash_bps.malicious", valueOf(r.SlashMalicious)),
		BenchmarkFraud:   orUnknown(&a.Unknown, "slash_bps.benchmark_fraud", valueOf(r.SlashBenchmarkFraud)),
	}
	return a, at, err
}

// contract is the address of the first contract of a name that this process follows; nil where it follows none.
func (s *Server) contract(name string) *schemas.Address {
	for _, c := range s.config.Contracts {
		if strings.EqualFold(c.Name, name) {
			return &c.Address
		}
	}
	return nil
}
