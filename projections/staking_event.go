package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// StakingEventType says what happened to a stake.
type StakingEventType string

// What happens to stakes. A request locks an amount that is still at stake; it leaves only with the withdrawal.
const (
	StakeAdded     StakingEventType = "stake"
	StakeUnlocking StakingEventType = "unstake_request"
	StakeWithdrawn StakingEventType = "unstake"
	StakeSlashed   StakingEventType = "slashed"
)

// StakingEvent is one change of a stake at any of the contracts that hold one.
type StakingEvent struct {
	Block    int64                  `db:"block_number"`
	Offset   int64                  `db:"log_offset"`
	ID       string                 `db:"event_id"`
	TxHash   schemas.Hash           `db:"tx_hash"`
	Time     time.Time              `db:"block_timestamp"`
	Contract string                 `db:"contract_name"`
	Type     StakingEventType       `db:"event_type"`
	Staker   Maybe[schemas.Address] `db:"worker_address"`
	WorkerID Maybe[schemas.Felt]    `db:"worker_id"`
	Amount   schemas.Amount         `db:"amount"`
	Total    Maybe[schemas.Amount]  `db:"total_stake"` // after the event, where it says so
	Tier     Maybe[string]          `db:"gpu_tier"`
	TEE      Maybe[bool]            `db:"has_tee"`
	Reason   Maybe[string]          `db:"reason"`
	Unlocks  Maybe[time.Time]       `db:"unlocks_at"`
}

// StakingEvents keeps the history of every stake. The contracts share names and even layouts of events, so each row says
// which contract it is of; sums over more than one contract are nobody's stake.
var StakingEvents = Journal[StakingEvent]{Table: "staking_events", Rows: stakingRows}

func stakingRows(f schemas.Fact) []StakingEvent {
	s := StakingEvent{
		Block: int64(f.Position.Block), Offset: f.Offset, ID: f.ID, TxHash: f.TxHash, Time: f.Time, Contract: f.ContractName,
	}
	s, ok := s.ofProvers(f.Event)
	if !ok {
		s, ok = s.ofOthers(f.Event)
	}
	if !ok {
		return nil
	}
	return []StakingEvent{s}
}

// ofProvers reads the contracts where workers and provers stake.
func (s StakingEvent) ofProvers(event schemas.Event) (StakingEvent, bool) {
	switch e := event.(type) {
	case schemas.ProverStakingStaked:
		s = s.of(StakeAdded, e.Worker, e.Amount)
		s.Total, s.Tier = Known(e.TotalStake), Known(string(e.GpuTier))
	case schemas.ProverStakingUnstakeRequested:
		s = s.of(StakeUnlocking, e.Worker, e.Amount)
		s.Unlocks = chainTime(e.UnlockTime)
	case schemas.ProverStakingUnstakeCompleted:
		s = s.of(StakeWithdrawn, e.Worker, e.Amount)
	case schemas.ProverStakingSlashed:
		s = s.of(StakeSlashed, e.Worker, e.Amount)
		s.Reason = Known(string(e.Reason))
	case schemas.WorkerStakingStaked:
		// The tier is a number here, and nothing says which tier it stands for.
		s = s.of(StakeAdded, e.WorkerAddress, e.Amount)
		s.WorkerID, s.TEE = Known(e.WorkerID), Known(e.HasTee)
	case schemas.WorkerStakingStakeIncreased:
		s.Type, s.WorkerID, s.Amount, s.Total = StakeAdded, Known(e.WorkerID), e.AdditionalAmount, Known(e.NewTotal)
	case schemas.WorkerStakingUnstakeInitiated:
		s.Type, s.WorkerID, s.Amount, s.Unlocks = StakeUnlocking, Known(e.WorkerID), e.Amount, chainTime(e.UnbondTime)
	case schemas.WorkerStakingUnstaked:
		// After an emergency it is what was given back, less the penalty.
		s.Type, s.WorkerID, s.Amount = StakeWithdrawn, Known(e.WorkerID), e.Amount
	case schemas.WorkerStakingSlashed:
		s.Type, s.WorkerID, s.Amount, s.Reason = StakeSlashed, Known(e.WorkerID), e.Amount, shortText(e.Reason)
	case schemas.ObelyskProverRegistryProverStaked:
		s = s.of(StakeAdded, e.Prover, e.Amount)
		s.Total = Known(e.TotalStake)
	case schemas.ObelyskProverRegistryProverUnstaked:
		s = s.of(StakeWithdrawn, e.Prover, e.Amount)
		s.Total = Known(e.RemainingStake)
	default:
		return s, false
	}
	return s, true
}

// ofOthers reads the pool's, the validators' and the collateral's contracts. CDCPool slashes without an event.
func (s StakingEvent) ofOthers(event schemas.Event) (StakingEvent, bool) {
	switch e := event.(type) {
	case schemas.CDCPoolStakeAdded:
		s = s.of(StakeAdded, e.Worker, e.Amount)
		s.Total = Known(e.TotalStake)
	case schemas.CDCPoolUnstakeRequested:
		s = s.of(StakeUnlocking, e.Worker, e.Amount)
		s.Unlocks = chainTime(e.UnlockTime)
	case schemas.CDCPoolUnstakeExecuted:
		s = s.of(StakeWithdrawn, e.Worker, e.Amount)
	case schemas.ValidatorRegistryStakeAdded:
		s = s.of(StakeAdded, e.Validator, e.Amount)
		s.Total = Known(e.NewTotal)
	case schemas.ValidatorRegistryStakeRemoved:
		s = s.of(StakeWithdrawn, e.Validator, e.Amount)
		s.Total = Known(e.NewTotal)
	case schemas.CollateralCollateralDeposited:
		s = s.of(StakeAdded, e.Participant, e.Amount)
		s.Total = Known(e.NewTotal)
	case schemas.CollateralWithdrawalInitiated:
		s = s.of(StakeUnlocking, e.Participant, e.Amount)
		s.Unlocks = chainTime(e.CompletionTime)
	case schemas.CollateralWithdrawalCompleted:
		s = s.of(StakeWithdrawn, e.Participant, e.Amount)
	case schemas.CollateralCollateralSlashed:
		s = s.of(StakeSlashed, e.Participant, e.Amount)
		s.Reason = Known(string(e.Reason))
	default:
		return s, false
	}
	return s, true
}

func (s StakingEvent) of(t StakingEventType, staker schemas.Address, amount schemas.Amount) StakingEvent {
	s.Type, s.Staker, s.Amount = t, Known(staker), amount
	return s
}

// shortText reads a short string that a contract packed into a felt; a felt that holds none is unknown.
func shortText(f schemas.Felt) Maybe[string] {
	if s, ok := f.ShortString(); ok {
		return text(s)
	}
	return Maybe[string]{}
}
