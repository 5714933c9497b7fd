package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// optimisticTEE takes results from enclaves. A result is final when nobody challenged it in time, and its payment is then released; keepers
// are rewarded for saying so. A challenge is settled by a proof at ProofVerifier: one that verifies convicts the worker.
type optimisticTEE struct {
	Contract
	owner   address
	sage    *sageToken
	proofs  *proofVerifier
	staking *proverStaking
	gated   *proofGatedPayment

	period     Cell[u64]
	results    Map[uint64, teeResult]
	challenges Map[uint64, teeChallenge]
	queue      Map[uint64, uint64] // jobs that wait, by their place
	places     Map[uint64, uint64]
	queued     Map[uint64, bool]
	pending    Cell[uint64]
	payments   Map[uint64, amount]
	pool, paid Cell[amount] // keepers' rewards
	finalized  Cell[u64]    // by keepers
	slashed    Cell[u64]
	rewarded   Cell[amount]
}

type teeResult struct {
	worker address
	hash   felt
	at     uint64
	status uint8
}

type teeChallenge struct {
	challenger address
	stake      amount
	locked     bool
}

const (
	teePending uint8 = iota
	teeFinalized
	teeChallenged
	teeInvalid
)

const (
	keeperBps   = 50
	keeperBatch = 50 // results at once
)

var (
	teeStake     = schemas.Sage(100) // of a challenger
	keeperReward = milliSage(10)     // where the payment is not known
)

func (o *optimisticTEE) functions() {
	o.entries = map[string]entry{
		"submit_result":              on(func(e *Env, a resultArgs) { o.submit(e, a) }),
		"submit_result_with_payment": on(o.submitWithPayment),
		"challenge_result":           on(o.challenge),
		"resolve_challenge":          on(o.resolve),
		"finalize_result":            on(o.finalize),
		"finalize_ready_jobs":        on(o.finalizeReady),
		"fund_keeper_pool":           on(o.fund),
		"set_challenge_period":       on(o.setPeriod),
	}
	o.views = map[string]view{
		"get_result_status":       ask(func(e *Env, q plainJobArgs) uint8 { return o.results.get(e, low(q.JobID)).status }),
		"is_finalized":            ask(func(e *Env, q plainJobArgs) bool { return o.results.get(e, low(q.JobID)).status == teeFinalized }),
		"can_finalize":            ask(func(e *Env, q plainJobArgs) bool { return o.ripe(e, low(q.JobID)) }),
		"get_challenge_period":    cellView(&o.period),
		"get_pending_job_count":   tell(func(e *Env) u64 { return u64(o.pending.get(e)) }),
		"get_finalizable_jobs":    ask(func(e *Env, q readyArgs) []amount { return o.ready(e, q.Max) }),
		"get_keeper_pool_balance": cellView(&o.pool),
		"get_keeper_reward_bps":   constant(keeperBps),
		"get_keeper_stats":        tell(func(e *Env) list { return list{o.paid.get(e), o.finalized.get(e)} }),
		"estimate_keeper_reward":  ask(func(e *Env, q plainJobArgs) amount { return o.reward(e, low(q.JobID)) }),
		// The amount that was slashed is never written.
		"get_slash_stats": tell(func(e *Env) list { return list{o.slashed.get(e), amount{}, o.rewarded.get(e)} }),
		"get_challenger_stake": ask(func(e *Env, q plainJobArgs) list {
			c := o.challenges.get(e, low(q.JobID))
			return list{c.stake, c.locked}
		}),
		"is_worker_eligible":      ask(func(e *Env, q workerAddressArgs) bool { return o.staking.eligible(e, q.Worker) }),
		"is_staking_required":     constant(true),
		"get_prover_staking":      constant(o.staking.Address),
		"is_contract_configured":  constant(true),
		"is_configuration_locked": constant(false),
	}
}

func (o *optimisticTEE) construct(e *Env) { o.period.set(e, 4*secondsPerHour) }

type (
	resultArgs struct {
		JobID       amount `json:"job_id"`
		WorkerID    felt   `json:"worker_id"`
		Hash        felt   `json:"result_hash"`
		Measurement felt   `json:"enclave_measurement"`
		Signature   []felt `json:"signature"`
	}
	paidResultArgs struct {
		resultArgs
		Payment amount `json:"payment_amount"`
	}
	challengeResultArgs struct {
		JobID    amount `json:"job_id"`
		Evidence felt   `json:"evidence_hash"`
	}
	resolveResultArgs struct {
		JobID amount `json:"job_id"`
		Proof amount `json:"zk_proof_id"`
	}
	readyArgs struct {
		Max uint32 `json:"max_count"`
	}
)

// submit takes a result again, also of a job that is settled; it then waits once more.
func (o *optimisticTEE) submit(e *Env, a resultArgs) {
	e.requireText(o.staking.eligible(e, e.caller), "Worker not staked or ineligible")
	e.requireText(o.proofs.enclaves.get(e, a.Measurement), "Invalid Enclave")
	e.requireText(len(a.Signature) > 0, "Missing signature")
	n := low(a.JobID)
	o.results.set(e, n, teeResult{worker: e.caller, hash: a.Hash, at: e.block.Time})
	if !o.queued.get(e, n) {
		place := o.pending.get(e)
		o.queue.set(e, place, n)
		o.places.set(e, n, place)
		o.queued.set(e, n, true)
		o.pending.set(e, place+1)
	}
	e.emit(schemas.OptimisticTEEResultSubmitted{JobID: a.JobID, WorkerID: a.WorkerID, ResultHash: a.Hash})
}

func (o *optimisticTEE) submitWithPayment(e *Env, a paidResultArgs) {
	o.payments.set(e, low(a.JobID), a.Payment)
	o.submit(e, a.resultArgs)
}

// leave takes a job out of the queue; the last one takes its place.
func (o *optimisticTEE) leave(e *Env, n uint64) {
	if !o.queued.get(e, n) {
		return
	}
	place, last := o.places.get(e, n), o.pending.get(e)-1
	if place != last {
		moved := o.queue.get(e, last)
		o.queue.set(e, place, moved)
		o.places.set(e, moved, place)
	}
	o.pending.set(e, last)
	o.queued.set(e, n, false)
}

func (o *optimisticTEE) challenge(e *Env, a challengeResultArgs) {
	n := low(a.JobID)
	r := o.results.get(e, n)
	e.requireText(r.status == teePending, "Result not pending")
	e.requireText(e.block.Time-r.at < uint64(o.period.get(e)), "Challenge period expired")
	o.sage.transferFrom(e.into(&o.sage.Contract), transferFromArgs{e.caller, o.Address, teeStake})
	r.status = teeChallenged
	o.results.set(e, n, r)
	o.leave(e, n)
	o.challenges.set(e, n, teeChallenge{e.caller, teeStake, true})
	e.emit(schemas.OptimisticTEEChallengeStakeCollected{JobID: a.JobID, Challenger: e.caller, StakeAmount: teeStake, Timestamp: e.block.Time})
	e.emit(schemas.OptimisticTEEResultChallenged{JobID: a.JobID, Challenger: e.caller})
}

func (o *optimisticTEE) resolve(e *Env, a resolveResultArgs) {
	n := low(a.JobID)
	r, c := o.results.get(e, n), o.challenges.get(e, n)
	e.requireText(r.status == teeChallenged, "Not challenged")
	status, known := o.proofs.status.find(e, low(a.Proof))
	if !known {
		e.into(&o.proofs.Contract).unknownEnum()
	}
	token := e.into(&o.sage.Contract)
	convicted := status == proofVerified
	if convicted {
		r.status = teeInvalid
		o.results.set(e, n, r)
		o.staking.slash(e.into(&o.staking.Contract), slashArgs{r.worker, schemas.ProverStakingSlashReasonInvalidProof, schemas.FeltFromUint64(n)})
		o.slashed.set(e, o.slashed.get(e)+1)
		e.emit(schemas.OptimisticTEEWorkerSlashed{JobID: a.JobID, Worker: r.worker, ChallengerReward: c.stake, Timestamp: e.block.Time})
		o.sage.transfer(token, transferArgs{c.challenger, c.stake})
		o.rewarded.set(e, o.rewarded.get(e).Add(c.stake))
		e.emit(schemas.OptimisticTEEChallengerRewarded{JobID: a.JobID, Challenger: c.challenger, StakeReturned: c.stake, Timestamp: e.block.Time})
	} else {
		r.status = teeFinalized
		o.results.set(e, n, r)
		half := bps(c.stake, 5_000)
		o.sage.transfer(token, transferArgs{r.worker, half})
		o.pool.set(e, o.pool.get(e).Add(c.stake.Sub(half)))
		e.emit(schemas.OptimisticTEEChallengerSlashed{
			JobID: a.JobID, Challenger: c.challenger, StakeLost: c.stake, WorkerReward: half, Timestamp: e.block.Time,
		})
	}
	c.locked = false
	o.challenges.set(e, n, c)
	o.gated.challengeResolved(e.into(&o.gated.Contract), a.JobID, convicted)
}

// ripe tells whether a result's time has passed. Of a job without a result it has, as its time is the beginning of all time.
func (o *optimisticTEE) ripe(e *Env, n uint64) bool {
	r := o.results.get(e, n)
	return r.status == teePending && e.block.Time-r.at >= uint64(o.period.get(e))
}

func (o *optimisticTEE) ready(e *Env, most uint32) []amount {
	out := []amount{}
	for i := uint64(0); i < o.pending.get(e) && uint32(len(out)) < most; i++ {
		if n := o.queue.get(e, i); o.ripe(e, n) {
			out = append(out, number(n))
		}
	}
	return out
}

func (o *optimisticTEE) finalize(e *Env, a plainJobArgs) {
	n := low(a.JobID)
	e.requireText(o.results.get(e, n).status == teePending, "Not pending")
	e.requireText(o.ripe(e, n), "Challenge period active")
	o.settle(e, n)
}

func (o *optimisticTEE) settle(e *Env, n uint64) {
	r := o.results.get(e, n)
	r.status = teeFinalized
	o.results.set(e, n, r)
	o.leave(e, n)
	o.gated.teeFinalized(e.into(&o.gated.Contract), number(n))
	e.emit(schemas.OptimisticTEEResultFinalized{JobID: number(n)})
}

func (o *optimisticTEE) finalizeReady(e *Env, a readyArgs) {
	jobs := o.ready(e, a.Max)
	e.requireText(len(jobs) <= keeperBatch, "Batch too large")
	var total amount
	for _, job := range jobs {
		o.settle(e, low(job))
		reward := o.reward(e, low(job))
		if pool := o.pool.get(e); reward.Cmp(pool) > 0 {
			reward = pool
		}
		total = total.Add(reward)
	}
	if !total.IsZero() {
		o.payKeeper(e, total)
		o.paid.set(e, o.paid.get(e).Add(total))
		o.finalized.set(e, o.finalized.get(e)+u64(len(jobs)))
	}
	e.emit(schemas.OptimisticTEEBatchFinalized{Keeper: e.caller, JobsFinalized: uint32(len(jobs)), TotalReward: total, Timestamp: e.block.Time})
}

func (o *optimisticTEE) reward(e *Env, n uint64) amount {
	if payment := o.payments.get(e, n); !payment.IsZero() {
		return bps(payment, keeperBps)
	}
	return keeperReward
}

// payKeeper pays what the pool has of a reward. The event names no job.
func (o *optimisticTEE) payKeeper(e *Env, reward amount) {
	pool := o.pool.get(e)
	if reward.Cmp(pool) > 0 {
		reward = pool
	}
	o.pool.set(e, pool.Sub(reward))
	o.sage.transfer(e.into(&o.sage.Contract), transferArgs{e.caller, reward})
	e.emit(schemas.OptimisticTEEKeeperRewarded{Keeper: e.caller, RewardAmount: reward})
}

func (o *optimisticTEE) fund(e *Env, a amountArgs) {
	o.sage.transferFrom(e.into(&o.sage.Contract), transferFromArgs{e.caller, o.Address, a.Amount})
	o.pool.set(e, o.pool.get(e).Add(a.Amount))
	e.emit(schemas.OptimisticTEEKeeperPoolFunded{Funder: e.caller, Amount: a.Amount, NewPoolBalance: o.pool.get(e)})
}

func (o *optimisticTEE) setPeriod(e *Env, a periodArgs) {
	e.requireText(e.caller == o.owner, "Only owner")
	o.period.set(e, a.Period)
}
