package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Worker is an account that works for the network: its registration, its stake and what it has done and earned.
type Worker struct {
	Address        schemas.Address     `db:"address"`
	ID             Maybe[schemas.Felt] `db:"worker_id"`      // as registered with the JobManager
	PoolID         Maybe[schemas.Felt] `db:"pool_worker_id"` // CDCPool's own count, another namespace
	RegisteredAt   Maybe[time.Time]    `db:"registered_at"`
	Staked         schemas.Amount      `db:"staked_amount"`
	Locked         schemas.Amount      `db:"locked_amount"` // asked back, still at stake
	UnlocksAt      Maybe[time.Time]    `db:"unlocks_at"`
	Slashed        schemas.Amount      `db:"slashed_amount"`
	Tier           Maybe[string]       `db:"gpu_tier"`
	StakeActive    bool                `db:"stake_active"`
	Failures       int64               `db:"failures"`
	JobsAssigned   int64               `db:"jobs_assigned"`
	JobsCompleted  int64               `db:"jobs_completed"`
	Earnings       schemas.Amount      `db:"total_earnings"`
	RewardsClaimed schemas.Amount      `db:"rewards_claimed"`
	LastClaimAt    Maybe[time.Time]    `db:"last_claim_at"`
}

// Workers follows the workers, one row per account.
var Workers = Entity[Worker]{Table: "workers", Keys: workerKeys, Fold: foldWorker}

// maxFailures is ProverStaking's default: a stake with as many slashes in a row is no longer active. No event carries a
// change of it.
const maxFailures = 3

// minStakes are ProverStaking's defaults by tier. ConfigUpdated carries only the first of them, so a change of the others is
// not known here.
var minStakes = map[schemas.ProverStakingGpuTier]schemas.Amount{
	schemas.ProverStakingGpuTierConsumer:    schemas.Sage(1_000),
	schemas.ProverStakingGpuTierWorkstation: schemas.Sage(2_500),
	schemas.ProverStakingGpuTierDataCenter:  schemas.Sage(5_000),
	schemas.ProverStakingGpuTierEnterprise:  schemas.Sage(10_000),
	schemas.ProverStakingGpuTierFrontier:    schemas.Sage(25_000),
}

func workerKeys(f schemas.Fact) []string {
	if a, ok := workerOf(f); ok {
		return []string{a.String()}
	}
	return nil
}

// workerOf names the account that a fact concerns, for the facts that this fold uses.
func workerOf(f schemas.Fact) (schemas.Address, bool) {
	switch e := f.Event.(type) {
	case schemas.JobManagerWorkerRegistered:
		return e.WorkerAddress, true
	case schemas.CDCPoolWorkerRegistered:
		return e.Owner, true
	case schemas.ProverStakingStaked:
		return e.Worker, true
	case schemas.ProverStakingUnstakeRequested:
		return e.Worker, true
	case schemas.ProverStakingUnstakeCompleted:
		return e.Worker, true
	case schemas.ProverStakingSlashed:
		return e.Worker, true
	case schemas.ProverStakingSuccessRecorded:
		return e.Worker, true
	case schemas.ProverStakingRewardsClaimed:
		return e.Worker, true
	case schemas.JobManagerJobAssigned:
		return e.Worker, true
	case schemas.JobManagerJobClaimed:
		return e.Worker, true
	case schemas.JobManagerJobCompleted:
		return e.Worker, true
	case schemas.JobManagerPaymentReleased:
		return e.Worker, true
	case schemas.PaymentRouterWorkerPaid:
		return e.Worker, true
	}
	return schemas.Address{}, false
}

func foldWorker(w Worker, f schemas.Fact) Worker {
	w.Address, _ = workerOf(f)
	switch e := f.Event.(type) {
	case schemas.JobManagerWorkerRegistered:
		// The contract says it again when the same worker registers again; the first time counts.
		w.ID = Known(e.WorkerID)
		w = w.registered(f.Time)
	case schemas.CDCPoolWorkerRegistered:
		w.PoolID = Known(e.WorkerID.Value)
		w = w.registered(f.Time)
	case schemas.ProverStakingStaked:
		w.Staked, w.StakeActive = e.TotalStake, true
		w.Tier = Known(string(e.GpuTier))
	case schemas.ProverStakingUnstakeRequested:
		w.Locked = e.Amount
		w.UnlocksAt = chainTime(e.UnlockTime)
	case schemas.ProverStakingUnstakeCompleted:
		w.Staked = w.Staked.Sub(e.Amount)
		w.Locked, w.UnlocksAt = schemas.Amount{}, Maybe[time.Time]{}
		w.StakeActive = w.StakeActive && w.enough()
	case schemas.ProverStakingSlashed:
		w.Staked, w.Slashed = w.Staked.Sub(e.Amount), w.Slashed.Add(e.Amount)
		w.Failures++
		w.StakeActive = w.StakeActive && w.enough() && w.Failures < maxFailures
	case schemas.ProverStakingSuccessRecorded:
		w.Failures = 0 // does not activate a stake again
	case schemas.ProverStakingRewardsClaimed:
		w.RewardsClaimed = w.RewardsClaimed.Add(e.Amount)
		w.LastClaimAt = Known(f.Time)
	case schemas.JobManagerJobAssigned, schemas.JobManagerJobClaimed:
		w.JobsAssigned++
	case schemas.JobManagerJobCompleted:
		w.JobsCompleted++
	case schemas.JobManagerPaymentReleased:
		w.Earnings = w.Earnings.Add(e.Amount)
	case schemas.PaymentRouterWorkerPaid:
		// The way that proof-gated payments take; ProofGatedPayment's own PaymentReleased moves no tokens.
		w.Earnings = w.Earnings.Add(e.SageAmount)
	}
	return w
}

func (w Worker) registered(at time.Time) Worker {
	if !w.RegisteredAt.Known {
		w.RegisteredAt = Known(at)
	}
	return w
}

// chainTime reads seconds since 1970 from an event. What lies past the year 9999 is not a time that anyone meant, nor one that
// every reader can hold: unknown.
func chainTime(seconds uint64) Maybe[time.Time] {
	const year10000 = 253402300800
	if seconds >= year10000 {
		return Maybe[time.Time]{}
	}
	return Known(time.Unix(int64(seconds), 0).UTC())
}

func (w Worker) enough() bool {
	return w.Staked.Cmp(minStakes[schemas.ProverStakingGpuTier(w.Tier.Value)]) >= 0
}
