package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// StakingEventView is a change of a stake as lists show it. What is nil is not known.
type StakingEventView struct {
	ID       string          `db:"event_id"`
	Contract string          `db:"contract_name"`
	Type     string          `db:"event_type"`
	Staker   *string         `db:"worker_address"`
	WorkerID *string         `db:"worker_id"`
	Amount   schemas.Amount  `db:"amount"`
	Total    *schemas.Amount `db:"total_stake"` // after the event
	Tier     *string         `db:"gpu_tier"`
	TEE      *bool           `db:"has_tee"`
	Reason   *string         `db:"reason"`
	Unlocks  *time.Time      `db:"unlocks_at"`
	Time     time.Time       `db:"block_timestamp"`
	TxHash   string          `db:"tx_hash"`
	Block    int64           `db:"block_number"`
}

// StakingFilter says which changes of stakes; what is empty does not count.
type StakingFilter struct {
	Staker, Type, Contract string
	Span
}

// WorkerFilter says which workers.
type WorkerFilter struct {
	Registered bool // only those that the network knows as workers
	Staked     bool // only those with something at stake at ProverStaking
	Tier       string
	Status     Liveness
}

// TierNumbers sums up the stakes of one tier.
type TierNumbers struct {
	Tier   *string        `db:"gpu_tier"`
	Count  int64          `db:"count"`
	Active int64          `db:"active"`
	Staked schemas.Amount `db:"staked"`
}

// StakingEventNumbers sums up one kind of changes of stakes.
type StakingEventNumbers struct {
	Type  string         `db:"event_type"`
	Count int64          `db:"count"`
	Day   int64          `db:"day"` // of these, in the day before the newest block
	Sum   schemas.Amount `db:"sum"`
}

// StakingDay is what a day added to the stakes, and took.
type StakingDay struct {
	Day       time.Time      `db:"day"`
	Staked    schemas.Amount `db:"staked"`
	Withdrawn schemas.Amount `db:"withdrawn"`
	Slashed   schemas.Amount `db:"slashed"`
}

// StakingStats are ProverStaking's stakes in numbers.
type StakingStats struct {
	ByTier []TierNumbers
	ByType []StakingEventNumbers
	Days   []StakingDay
	StakingRules
}

// Stakers returns how many accounts have something at stake, how many of these stakes are active, and what it is in all.
func (s StakingStats) Stakers() (stakers, active int64, staked schemas.Amount) {
	for _, t := range s.ByTier {
		stakers, active, staked = stakers+t.Count, active+t.Active, staked.Add(t.Staked)
	}
	return stakers, active, staked
}

// Of returns the numbers of one kind of changes.
func (s StakingStats) Of(t StakingEventType) StakingEventNumbers {
	for _, n := range s.ByType {
		if n.Type == string(t) {
			return n
		}
	}
	return StakingEventNumbers{Type: string(t)}
}

// StakingRules are the rules of ProverStaking as far as events and views told them. The zero value is that of a contract whose rules nobody
// has told: then the defaults hold.
type StakingRules struct{ StakingConfig }

// defaultAPYBps is ProverStaking's reward rate before an event or a view tells another.
const defaultAPYBps = 1500

// RewardBps returns what a year's stake earns, in hundredths of a percent; told is false where it is the contract's default.
func (r StakingRules) RewardBps() (bps int64, told bool) {
	rate := r.APY.or(r.SeenAPY).or(Maybe[int64]{Value: defaultAPYBps})
	return rate.Value, rate.Known
}

// Tier is a tier of stakes. What it asks for is not known where the rules changed and no view has told since.
type Tier struct {
	Name     string
	MinStake Maybe[schemas.Amount]
	Default  bool // whether it is the contract's default, and nobody told it
}

// Tiers returns the tiers with what they ask for, the lowest first.
func (r StakingRules) Tiers() (tiers []Tier) {
	for _, t := range []struct {
		tier schemas.ProverStakingGpuTier
		told Maybe[schemas.Amount]
	}{
		{schemas.ProverStakingGpuTierConsumer, r.MinConsumer.or(r.SeenMinConsumer)},
		{schemas.ProverStakingGpuTierWorkstation, r.MinWorkstation},
		{schemas.ProverStakingGpuTierDataCenter, r.MinDataCenter},
		{schemas.ProverStakingGpuTierEnterprise, r.MinEnterprise},
		{schemas.ProverStakingGpuTierFrontier, r.MinFrontier},
	} {
		one := Tier{string(t.tier), t.told, !t.told.Known && !r.ChangedAt.Known}
		if one.Default {
			one.MinStake = Known(minStakes[t.tier])
		}
		tiers = append(tiers, one)
	}
	return tiers
}

// RewardsView is what an account earned, may claim and was paid. What is nil is not known.
type RewardsView struct {
	Earned     schemas.Amount  `db:"earned"` // by jobs
	Claimed    schemas.Amount  `db:"claimed"`
	Mining     schemas.Amount  `db:"mining"`  // of what was claimed
	Staking    schemas.Amount  `db:"staking"` // likewise
	Claims     int64           `db:"claims"`
	Pending    schemas.Amount  `db:"pending"` // promised for jobs, and not paid
	Claimable  *schemas.Amount `db:"claimable"`
	ADay       *schemas.Amount `db:"a_day"` // what the stake earns in a day
	LastClaim  *time.Time      `db:"last_claim_at"`
	StakedAt   *time.Time      `db:"staked_at"`
	HasRewards bool            `db:"has_rewards"` // whether there ever was a stake
	Rules      StakingRules
}

// MeanStake is what is at stake on average; nil where nobody has anything.
func (s StakingStats) MeanStake() *schemas.Amount {
	stakers, _, staked := s.Stakers()
	return mean(staked, stakers)
}

// mean is nil of nothing.
func mean(sum schemas.Amount, count int64) *schemas.Amount {
	if count <= 0 {
		return nil
	}
	n := sum.Big()
	a, err := schemas.AmountFromBig(n.Div(n, schemas.AmountFromUint64(uint64(count)).Big()))
	if err != nil {
		return nil // a quotient is no larger than its dividend: it always fits
	}
	return &a
}

// SuccessPercent is how many of the jobs that were assigned to the worker it has completed; nil where there were none.
func (w WorkerView) SuccessPercent() *float64 { return percent(w.JobsCompleted, w.JobsAssigned) }
