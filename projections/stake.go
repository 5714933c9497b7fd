package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Stake is what one account has at stake at one contract. Its id is the contract and the account, or the worker's id where the
// contract knows workers by that.
type Stake struct {
	ID        string                 `db:"stake_id"`
	Contract  string                 `db:"contract_name"`
	Staker    Maybe[schemas.Address] `db:"worker_address"`
	WorkerID  Maybe[schemas.Felt]    `db:"worker_id"`
	Amount    Maybe[schemas.Amount]  `db:"amount"`
	Exact     bool                   `db:"exact"`         // false where it may be less: the contract slashes without an event
	Locked    schemas.Amount         `db:"locked_amount"` // asked back, still at stake
	UnlocksAt Maybe[time.Time]       `db:"unlocks_at"`
	Slashed   schemas.Amount         `db:"slashed_amount"`
	Tier      Maybe[string]          `db:"gpu_tier"`
	TEE       Maybe[bool]            `db:"has_tee"`
	StakedAt  Maybe[time.Time]       `db:"staked_at"` // the first time
	TxHash    schemas.Hash           `db:"tx_hash"`
}

// Stakes follows the stakes at every contract that holds some, one row per staker: what [StakingEvents] come to. Whether a stake
// at ProverStaking is active is in [Workers].
var Stakes = Entity[Stake]{
	Table:   "stakes",
	Version: 1,
	Keys: func(f schemas.Fact) []string {
		if id, _ := stakeID(f); id != "" {
			return []string{id}
		}
		return nil
	},
	Fold:  foldStake,
	Doubt: doubtStake,
}

// stakeID names the stake that a fact is about, and how a staking event would tell it.
func stakeID(f schemas.Fact) (string, StakingEvent) {
	if e, ok := f.Event.(schemas.ValidatorRegistryValidatorExited); ok {
		// A validator that leaves takes the stake along, and no other event says so.
		return f.ContractName + "/" + e.Validator.String(), StakingEvent{Contract: f.ContractName, Staker: Known(e.Validator), Type: stakeLeft}
	}
	rows := stakingRows(f)
	if len(rows) == 0 {
		return "", StakingEvent{}
	}
	e := rows[0]
	if e.WorkerID.Known {
		return e.Contract + "/" + e.WorkerID.Value.String(), e
	}
	return e.Contract + "/" + e.Staker.Value.String(), e
}

// stakeLeft is the end of a stake that no staking event tells.
const stakeLeft StakingEventType = "left"

const (
	contractCDCPool       = "CDCPool"
	contractWorkerStaking = "WorkerStaking"
)

func doubtStake(s Stake, f schemas.Fact) string {
	_, e := stakeID(f)
	if e.Type != StakeWithdrawn && e.Type != StakeSlashed {
		return ""
	}
	switch {
	case e.Total.Known:
	case !s.Amount.Known && s.ID == "":
		return "an event of a stake that was never added"
	case s.Amount.Known && s.Amount.Value.Cmp(e.Amount) < 0:
		return "more is taken from a stake than there is"
	}
	return ""
}

func foldStake(s Stake, f schemas.Fact) Stake {
	id, e := stakeID(f)
	s.ID, s.Contract, s.TxHash, s.Exact = id, e.Contract, f.TxHash, e.Contract != contractCDCPool
	if e.Staker.Known {
		s.Staker = e.Staker
	}
	if e.WorkerID.Known {
		s.WorkerID = e.WorkerID
	}
	switch e.Type {
	case StakeAdded:
		s = s.added(e)
	case StakeUnlocking:
		s.Locked, s.UnlocksAt = s.Locked.Add(e.Amount), e.Unlocks
	case StakeWithdrawn:
		s = s.withdrawn(e)
	case stakeLeft:
		s.Amount, s.Locked, s.UnlocksAt = Known(schemas.Amount{}), schemas.Amount{}, Maybe[time.Time]{}
	case StakeSlashed:
		s.Amount, s.Slashed = less(s.Amount, e.Amount), s.Slashed.Add(e.Amount)
	}
	return s
}

func (s Stake) added(e StakingEvent) Stake {
	switch {
	case e.Contract == "Collateral" && !s.Locked.IsZero():
		s.Amount = Maybe[schemas.Amount]{} // whether its total has what is on the way out nothing says
	case e.Total.Known:
		s.Amount = e.Total
	default:
		s.Amount = Known(e.Amount) // WorkerStaking's first stake; later ones have a total
	}
	if e.Tier.Known {
		s.Tier = e.Tier
	}
	if e.TEE.Known {
		s.TEE = e.TEE
	}
	if !s.StakedAt.Known {
		s.StakedAt = Known(e.Time)
	}
	return s
}

func (s Stake) withdrawn(e StakingEvent) Stake {
	switch {
	case e.Total.Known:
		s.Amount = e.Total
	case e.Contract == contractWorkerStaking:
		s.Amount, s.Locked = Known(schemas.Amount{}), schemas.Amount{} // all of it goes, also where a penalty keeps some back
	default:
		s.Amount = less(s.Amount, e.Amount)
	}
	if s.Locked = s.Locked.Sub(e.Amount); s.Locked.IsZero() {
		s.UnlocksAt = Maybe[time.Time]{}
	}
	return s
}
