package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// What goes on around escrow, fees, metered machines, results from enclaves, the pool's slashes and the token's own governance comes last in
// a block and has chance of its own, so that it changes nothing of what else comes to people's minds.

// aside does something by that other chance.
func (s *scene) aside(do func()) {
	mine := s.rnd
	s.rnd = s.other
	do()
	s.rnd = mine
}

// openServices is the owner's part in the first block.
func (s *scene) openServices() {
	pool := schemas.Sage(200)
	s.send(s.owner.Address,
		call(&s.fees.Contract, "update_fee_config", feeConfigArgs{feeConfig{Fee: 2_000, Burn: 6_000, Treasury: 2_500, Stakers: 1_500}}),
		call(&s.fees.Contract, "update_staker_share", shareArgs{s.stakersPool.Address, number(2_500)}),
		call(&s.escrow.Contract, "set_fee_manager", feeManagerArgs{s.fees.Address}),
		call(&s.tee.Contract, "set_challenge_period", periodArgs{60}),
		s.approve(&s.tee.Contract, pool), call(&s.tee.Contract, "fund_keeper_pool", amountArgs{pool}))
}

// serve is what of all this comes to people's minds. Rates are as those of improvise.
func (s *scene) serve() {
	scale := max(1, float64(len(s.workers))/8)
	for _, habit := range []struct {
		rate float64
		do   func()
	}{
		{0.06, s.lock},
		{0.03, s.meter},
		{0.008, s.slashAtPool},
		{0.01, s.allocate},
		{0.01, s.proposeAtToken},
		{0.002, s.changeRate},
	} {
		for range s.often(habit.rate * scale) {
			habit.do()
		}
	}
}

// lock puts a job's cost in escrow.
func (s *scene) lock() {
	client, cost := s.some(s.clients), milliSage(uint64(s.between(5_000, 60_000)))
	if s.balance(client).Cmp(cost) < 0 {
		s.fund(client, schemas.Sage(500))
	}
	n := s.actors.escrows.get(s.e) + 1
	s.actors.escrows.set(s.e, n)
	deadline := u64(s.block.Time) + u64(float64(s.between(20, 60))*s.actors.blockSeconds)
	s.send(client, s.approve(&s.escrow.Contract, cost), call(&s.escrow.Contract, "create_escrow", createEscrowArgs{number(n), cost, deadline}))
}

func (s *scene) acceptEscrow(t task) {
	if w, ok := s.joinedWorker(); ok && s.escrow.jobs.get(s.e, t.id).Status == escrowLocked {
		s.send(w, call(&s.escrow.Contract, "accept_job", plainJobArgs{number(t.id)}))
	}
}

// closeEscrow ends a job in escrow: most are completed, and their cost goes through FeeManager at once.
func (s *scene) closeEscrow(t task) {
	j := s.escrow.jobs.get(s.e, t.id)
	switch {
	case !j.open():
	case u64(s.block.Time) > j.Deadline:
		s.send(j.Client, call(&s.escrow.Contract, "request_refund", plainJobArgs{number(t.id)}))
	case !j.Worker.IsZero() && s.maybe(0.8):
		cost := bps(j.MaxCost, uint64(min(s.between(4_000, 12_000), 10_000)))
		s.send(s.owner.Address, call(&s.escrow.Contract, "complete_job", completeEscrowArgs{number(t.id), cost, j.Worker}),
			call(&s.fees.Contract, "process_transaction", processArgs{cost, j.Worker}))
	case s.maybe(0.2):
		s.send(s.owner.Address, call(&s.escrow.Contract, "cancel_job", plainJobArgs{number(t.id)}))
	default:
		s.again(s.after(uint64(j.Deadline)+1), t)
	}
}

// meter rents a machine by the hour. A worker registers its own first.
func (s *scene) meter() {
	w, ok := s.joinedWorker()
	if !ok {
		return
	}
	if _, known := s.metered.gpus.find(s.e, w); !known {
		i := s.actors.index[w]
		c := capabilities(gpuTiers[tierOf(s.seed, i)], i)
		s.send(w, call(&s.metered.Contract, "register_worker_gpu", registerGPUArgs{
			Tier: meteredTiers[tierOf(s.seed, i)], Count: 1, Memory: uint32(c.GpuMemory), TEE: i%2 == 0, Measurement: schemas.ShortString("enclave-H100"),
		}))
		return
	}
	n := s.actors.metered.get(s.e) + 1
	s.actors.metered.set(s.e, n)
	s.send(s.some(s.clients), call(&s.metered.Contract, "start_metered_job", startMeteredArgs{
		JobID: number(n), Worker: w, Tier: s.metered.gpus.get(s.e, w).Tier, MaxHours: uint32(s.between(1, 24)),
		Method: []string{"STWOProof", "TEEAttestation"}[n%2], Private: s.maybe(0.1),
	}))
}

// checkpoint is sent by workers who do not know yet that it reverts.
func (s *scene) checkpoint(t task) {
	j := s.metered.jobs.get(s.e, t.id)
	if !j.Active {
		return
	}
	job, use := number(t.id), uint8(s.between(40, 100))
	if j.Method == "STWOProof" {
		data := s.proofData(true)
		s.send(j.Worker, call(&s.metered.Contract, "submit_hourly_checkpoint", checkpointArgs{job, 1, use, 16, s.random(), data, proofHash(data)}))
		return
	}
	s.send(j.Worker, call(&s.metered.Contract, "submit_tee_checkpoint", teeCheckpointArgs{
		job, 1, use, 16, s.random(), []felt{s.random()}, schemas.ShortString("enclave-H100"),
	}))
}

func (s *scene) endMetered(t task) {
	if j := s.metered.jobs.get(s.e, t.id); j.Active {
		s.send([]address{j.Client, j.Worker}[s.rnd.IntN(2)], call(&s.metered.Contract, "end_metered_job", plainJobArgs{number(t.id)}))
	}
}

func (s *scene) changeRate() {
	tier := meteredTiers[s.rnd.IntN(len(meteredTiers))]
	s.send(s.owner.Address, call(&s.metered.Contract, "set_hourly_rate", rateArgs{tier, milliSage(uint64(s.between(2_000, 40_000)))}))
}

// byResult lets one in three of the jobs that wait for a proof be paid for a result from an enclave instead. It tells whether it does.
func (s *scene) byResult(job uint64, j job) bool {
	if _, submitted := s.tee.results.find(s.e, job); submitted {
		return true
	}
	d := newDigest("enclave")
	d.uint64(s.seed)
	d.uint64(job)
	if d.sum()[31]%3 != 0 || !s.staking.eligible(s.e, j.worker) {
		return false
	}
	done := false
	s.aside(func() {
		a := resultArgs{
			JobID: number(job), WorkerID: s.jobs.workerIDs.get(s.e, j.worker), Hash: j.result, Measurement: schemas.ShortString("enclave-H100"),
			Signature: []felt{s.random(), s.random()},
		}
		if s.maybe(0.5) {
			done = s.send(j.worker, call(&s.tee.Contract, "submit_result", a))
		} else {
			done = s.send(j.worker, call(&s.tee.Contract, "submit_result_with_payment", paidResultArgs{a, j.payment}))
		}
	})
	return done
}

// finalizeResult is a keeper's work, who takes along what else is ready.
func (s *scene) finalizeResult(t task) {
	r := s.tee.results.get(s.e, t.id)
	switch {
	case r.status != teePending:
	case !s.tee.ripe(s.e, t.id):
		s.again(s.after(r.at+uint64(s.tee.period.get(s.e))), t)
	case s.maybe(0.5):
		s.send(s.some(s.traders), call(&s.tee.Contract, "finalize_result", plainJobArgs{number(t.id)}))
	default:
		s.send(s.some(s.traders), call(&s.tee.Contract, "finalize_ready_jobs", readyArgs{10}))
	}
}

func (s *scene) challengeResult(t task) {
	who := s.some(s.traders)
	if s.balance(who).Cmp(teeStake) > 0 && s.tee.results.get(s.e, t.id).status == teePending {
		s.send(who, s.approve(&s.tee.Contract, teeStake), call(&s.tee.Contract, "challenge_result", challengeResultArgs{number(t.id), s.random()}))
	}
}

// resolveResult settles a challenge by a proof of the challenger's. While ProofVerifier tells ProofGatedPayment of proofs, one that verifies
// is of no registered job, and reverts.
func (s *scene) resolveResult(t task) {
	if s.tee.results.get(s.e, t.id).status != teeChallenged {
		return
	}
	data, proof := s.proofData(s.maybe(0.5)), number(1<<32+t.id)
	if !s.send(s.tee.challenges.get(s.e, t.id).challenger,
		call(&s.proofs.Contract, "submit_proof", submitProofArgs{proofSubmission{
			JobID: id{proof}, Data: data, Hash: feltBox{proofHash(data)}, TimeMS: u64(s.between(400, 9_000)), Gas: 1, Attestation: []felt{s.random()},
		}}),
		call(&s.tee.Contract, "resolve_challenge", resolveResultArgs{number(t.id), proof})) {
		s.again(20, t)
	}
}

// slashAtPool takes something from a worker's stake at the pool. No event tells, so that it is known to those who did it.
func (s *scene) slashAtPool() {
	w, ok := s.joinedWorker()
	if !ok || s.pool.stakes.get(s.e, w).Amount.IsZero() {
		return
	}
	reason := []string{"Malicious", "Unavailable", "PoorPerformance", "ProtocolViolation", "Fraud"}[s.rnd.IntN(5)]
	s.send(s.owner.Address, call(&s.pool.Contract, "slash_worker", poolSlashArgs{
		workerID{s.pool.byOwner.get(s.e, w)}, reason, []felt{s.random()},
	}))
	if s.maybe(0.8) {
		s.plan(uint64(s.between(1, 5)), task{kind: disputeSlash, who: w, hash: schemas.FeltFromUint64(s.pool.slashCount.get(s.e))})
	}
}

func (s *scene) disputeSlash(t task) {
	if s.balance(t.who).Cmp(disputeBond) < 0 {
		s.fund(t.who, disputeBond)
	}
	s.send(t.who, s.approve(&s.pool.Contract, disputeBond), call(&s.pool.Contract, "challenge_slash", challengeSlashArgs{t.hash, s.random()}))
}

func (s *scene) resolveSlash(t task) {
	if s.pool.dispute(s.e, t.hash).Status == "Pending" {
		s.send(s.owner.Address, call(&s.pool.Contract, "resolve_slash_challenge", resolveSlashArgs{t.hash, s.maybe(0.6), schemas.ShortString("review")}))
	}
}

// returnToPool brings a slashed worker back by the way that is left: from inactive.
func (s *scene) returnToPool(t task) {
	key := s.pool.byOwner.get(s.e, t.who)
	if s.pool.status.get(s.e, key) != poolSlashed {
		return
	}
	if ready := s.pool.lastJob.get(s.e, key) + poolCooldown; s.pool.activeJobs.get(s.e, key) > 0 || s.block.Time < ready {
		s.again(s.after(ready), t)
		return
	}
	worker := workerID{key}
	s.send(t.who, call(&s.pool.Contract, "deactivate_worker", deactivateArgs{worker, schemas.ShortString("slashed")}),
		call(&s.pool.Contract, "reactivate_worker", jobWorkerArgs{worker}))
}

func (s *scene) allocate() {
	s.send(s.some(s.clients), call(&s.pool.Contract, "allocate_job", allocateArgs{
		JobID: idOf(s.jobs.nextJob.get(s.e)), Requirements: modelRequirements{MinMemory: uint32(s.between(8, 80)), Dependencies: []felt{}}, Priority: 1, Latency: 60,
	}))
}

// proposeAtToken is for those who hold enough.
func (s *scene) proposeAtToken() {
	who := []address{s.liquidity.Address, s.owner.Address, s.treasury.Address}[s.rnd.IntN(3)]
	kind := uint32(s.rnd.IntN(3))
	if !s.sage.mayPropose(s.e, who, kind) || s.block.Time-s.sage.lastProposal.get(s.e, who) < tokenCooldown {
		return
	}
	titles := []string{"Lower the burn rate", "Raise the inflation", "A new phase"}
	s.send(who, call(&s.sage.Contract, "create_typed_proposal", tokenProposeArgs{
		schemas.ShortString(titles[kind]), kind, int32(s.between(-50, 50)), int32(s.between(-100, 100)),
	}))
}

func (s *scene) voteAtToken(t task) {
	p := s.sage.proposals.get(s.e, t.id)
	if p.Status == "Active" && u64(s.block.Time) <= p.End && !s.sage.voted.get(s.e, ballot{t.id, t.who}) {
		power := bps(s.balance(t.who), uint64(s.between(2_000, 9_000)))
		s.send(t.who, call(&s.sage.Contract, "vote_on_proposal", tokenVoteArgs{number(t.id), s.maybe(0.6), power}))
	}
}

func (s *scene) executeAtToken(t task) {
	switch p := s.sage.proposals.get(s.e, t.id); {
	case p.Status == "Executed":
	case u64(s.block.Time) <= p.End:
		s.again(s.after(uint64(p.End)+1), t)
	default:
		s.send(p.Proposer, call(&s.sage.Contract, "execute_proposal", proposalArgs{number(t.id)}))
	}
}

// seeServices lets the actors react to an event of these contracts.
func (s *scene) seeServices(event schemas.Event) {
	switch ev := event.(type) {
	case schemas.EscrowEscrowCreated:
		if s.maybe(0.85) {
			s.plan(uint64(s.between(1, 4)), task{kind: acceptEscrow, id: low(ev.JobID)})
		}
		s.plan(uint64(s.between(5, 15)), task{kind: closeEscrow, id: low(ev.JobID)})
	case schemas.MeteredBillingMeteredJobStarted:
		if s.maybe(0.5) {
			s.plan(uint64(s.between(3, 10)), task{kind: checkpoint, id: low(ev.JobID)})
		}
		s.plan(uint64(s.between(20, 60)), task{kind: endMetered, id: low(ev.JobID)})
	case schemas.OptimisticTEEResultSubmitted:
		if s.maybe(0.4) {
			s.plan(uint64(s.between(1, 3)), task{kind: challengeResult, id: low(ev.JobID)})
		}
		s.plan(s.after(s.block.Time+uint64(s.tee.period.get(s.e))), task{kind: finalizeResult, id: low(ev.JobID)})
	case schemas.OptimisticTEEResultChallenged:
		s.plan(uint64(s.between(3, 8)), task{kind: resolveResult, id: low(ev.JobID)})
	case schemas.CDCPoolDisputeFiled:
		s.plan(uint64(s.between(3, 12)), task{kind: resolveSlash, hash: ev.DisputeID})
	case schemas.CDCPoolDisputeResolved:
		if worker := s.pool.dispute(s.e, ev.DisputeID).WorkerID; ev.Upheld {
			s.plan(uint64(s.between(2, 6)), task{kind: returnToPool, who: s.pool.profiles.get(s.e, worker).Owner})
		}
	case schemas.CDCPoolUnstakeRequested:
		s.plan(s.after(ev.UnlockTime), task{kind: completePoolUnstake, who: ev.Worker})
	case schemas.SAGETokenProposalCreated:
		for _, voter := range []address{s.owner.Address, s.liquidity.Address, s.treasury.Address} {
			s.plan(uint64(s.between(2, 30)), task{kind: voteAtToken, id: low(ev.ProposalID), who: voter})
		}
		s.plan(s.after(ev.VotingEndsAt+1), task{kind: executeAtToken, id: low(ev.ProposalID)})
	}
}

// doService carries out a task of these.
func (s *scene) doService(t task) {
	switch t.kind {
	case acceptEscrow:
		s.acceptEscrow(t)
	case closeEscrow:
		s.closeEscrow(t)
	case checkpoint:
		s.checkpoint(t)
	case endMetered:
		s.endMetered(t)
	case challengeResult:
		s.challengeResult(t)
	case finalizeResult:
		s.finalizeResult(t)
	case resolveResult:
		s.resolveResult(t)
	case disputeSlash:
		s.disputeSlash(t)
	case resolveSlash:
		s.resolveSlash(t)
	case returnToPool:
		s.returnToPool(t)
	case completePoolUnstake:
		s.send(t.who, call(&s.pool.Contract, "complete_unstake", nil))
	case voteAtToken:
		s.voteAtToken(t)
	case executeAtToken:
		s.executeAtToken(t)
	}
}
