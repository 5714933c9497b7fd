package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Rewards is what a stake at ProverStaking earns. Rewards have no event until they are claimed: they grow by a formula, and
// these are its terms. What may be claimed at a time t is
//
//	(settled_stake_seconds + earning_amount × (t − earning_since)) × reward_apy_bps / (10000 × 31536000)
//
// up to one wei for each time that the stake was added to, where the contract rounds down. The contract settles at the rate of
// the day: where staking_config changed the rate between unclaimed_since and earning_since, the settled part is not known.
type Rewards struct {
	Address       schemas.Address       `db:"address"`
	Earning       Maybe[schemas.Amount] `db:"earning_amount"`
	Since         Maybe[time.Time]      `db:"earning_since"`
	Settled       Maybe[schemas.Amount] `db:"settled_stake_seconds"` // wei times seconds, before earning_since
	UnclaimedFrom Maybe[time.Time]      `db:"unclaimed_since"`
	Claimed       schemas.Amount        `db:"claimed_amount"`
	Claims        int64                 `db:"claims"`
	LastClaimAt   Maybe[time.Time]      `db:"last_claim_at"`
	TxHash        schemas.Hash          `db:"tx_hash"`
}

// RewardsOf follows what stakes earn, one row per account.
var RewardsOf = Entity[Rewards]{Table: "rewards", Version: 1, Keys: rewardsKeys, Fold: foldRewards}

func rewardsKeys(f schemas.Fact) []string {
	switch e := f.Event.(type) {
	case schemas.ProverStakingStaked:
		return []string{e.Worker.String()}
	case schemas.ProverStakingUnstakeCompleted:
		return []string{e.Worker.String()}
	case schemas.ProverStakingSlashed:
		return []string{e.Worker.String()}
	case schemas.ProverStakingRewardsClaimed:
		return []string{e.Worker.String()}
	}
	return nil
}

// foldRewards settles only where the contract does: when the stake is added to. A withdrawal and a slash settle nothing, so
// that the smaller amount counts for all the time since.
func foldRewards(r Rewards, f schemas.Fact) Rewards {
	r.TxHash = f.TxHash
	switch e := f.Event.(type) {
	case schemas.ProverStakingStaked:
		r = r.added(e, f.Time)
	case schemas.ProverStakingUnstakeCompleted:
		r.Address, r.Earning = e.Worker, less(r.Earning, e.Amount)
	case schemas.ProverStakingSlashed:
		r.Address, r.Earning = e.Worker, less(r.Earning, e.Amount)
	case schemas.ProverStakingRewardsClaimed:
		r.Address, r.Claimed, r.LastClaimAt = e.Worker, r.Claimed.Add(e.Amount), Known(f.Time)
		r.Settled, r.Since, r.UnclaimedFrom = Known(schemas.Amount{}), Known(f.Time), Known(f.Time)
		r.Claims++
	}
	return r
}

func (r Rewards) added(e schemas.ProverStakingStaked, now time.Time) Rewards {
	first := r.Address.IsZero()
	before, _ := e.TotalStake.SubOK(e.Amount)
	switch {
	case before.IsZero() && first:
		r.Settled = Known(schemas.Amount{})
	case before.IsZero():
		// Nothing was at stake, so nothing was earned; what was settled before it left is still to be claimed.
	case r.Settled.Known && r.Since.Known && r.Earning.Known:
		r.Settled = Known(r.Settled.Value.Add(stakeSeconds(r.Earning.Value, r.Since.Value, now)))
	default:
		r.Settled = Maybe[schemas.Amount]{} // the log does not have this stake's beginning
	}
	r.Address, r.Earning, r.Since = e.Worker, Known(e.TotalStake), Known(now)
	if !r.UnclaimedFrom.Known {
		r.UnclaimedFrom = Known(now)
	}
	return r
}

func less(a Maybe[schemas.Amount], b schemas.Amount) Maybe[schemas.Amount] {
	if a.Known {
		a.Value, a.Known = a.Value.SubOK(b)
	}
	return a
}

// stakeSeconds is an amount times the seconds between two times.
func stakeSeconds(a schemas.Amount, from, to time.Time) schemas.Amount {
	seconds := to.Unix() - from.Unix()
	if seconds <= 0 {
		return schemas.Amount{}
	}
	product := a.Big()
	product.Mul(product, schemas.AmountFromUint64(uint64(seconds)).Big())
	n, err := schemas.AmountFromBig(product)
	if err != nil {
		return schemas.Amount{} // above 2^256: no stake is that large
	}
	return n
}
