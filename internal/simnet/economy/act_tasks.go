package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// do carries out a task that is due.
func (s *scene) do(t task) {
	switch t.kind {
	case finishJob:
		s.finish(t)
	case abandonJob:
		s.abandon(t)
	case settleJob:
		s.settle(t)
	case rateWorker:
		s.rate(t)
	case payRouter:
		s.payRouter(t)
	case voteProposal:
		s.voteProposal(t)
	case closeProposal:
		s.closeProposal(t)
	case voteChallenge:
		s.voteChallenge(t)
	case closeChallenge:
		s.closeChallenge(t)
	case completeUnstake:
		if r := s.staking.requests.get(s.e, t.who); r.amount.IsZero() || s.block.Time >= r.unlocks {
			s.send(t.who, call(&s.staking.Contract, "complete_unstake", nil))
		} else {
			s.again(s.after(r.unlocks), t)
		}
	case cancelOrder:
		if o := s.book.orders.get(s.e, t.id); o.live() {
			s.send(t.who, call(&s.book.Contract, "cancel_order", orderArgs{number(t.id)}))
		}
	case executeTransfer:
		if !s.sage.transfers.get(s.e, t.id).IsExecuted {
			s.send(t.who, call(&s.sage.Contract, "execute_large_transfer", transferIDArgs{number(t.id)}))
		}
	case verifyProof:
		s.verifyProof(t)
	default:
		s.aside(func() { s.doService(t) })
	}
}

func (s *scene) finish(t task) {
	j := s.jobs.jobs.get(s.e, t.id)
	if j.state != stateProcessing || j.worker != t.who {
		s.idle(t.who, t.id)
		return
	}
	gas := jobGas[j.jobType]
	took := max(s.block.Time-j.assigned, 1)
	s.send(t.who, call(&s.jobs.Contract, "submit_job_result", submitResultArgs{
		JobID: idOf(t.id),
		Result: jobResult{
			JobID: idOf(t.id), WorkerID: workerID{s.jobs.workerIDs.get(s.e, t.who)}, OutputHash: s.random(), Proof: []felt{}, Quote: []felt{},
			GasUsed: number(gas * uint64(s.between(60, 130)) / 100), ExecutionTime: u64(took),
		},
	}))
}

// abandon lets a worker drop a job. The job stays in processing for ever, since nothing on chain can end it; the owner takes
// some of the worker's stake for it.
func (s *scene) abandon(t task) {
	s.idle(t.who, t.id)
	worker := s.jobs.workerIDs.get(s.e, t.who)
	s.send(s.owner.Address,
		call(&s.staking.Contract, "slash", slashArgs{t.who, schemas.ProverStakingSlashReasonTimeout, schemas.FeltFromUint64(t.id)}),
		call(&s.reputation.Contract, "update_reputation", updateReputationArgs{worker, -100, "WorkerSlashed", jobRef(t.id)}))
}

func jobRef(job uint64) *amount {
	n := number(job)
	return &n
}

// settle brings a completed job to its payment: through its proof, or in the legacy flow directly.
func (s *scene) settle(t task) {
	j := s.jobs.jobs.get(s.e, t.id)
	payment, registered := s.gated.payments.find(s.e, t.id)
	status, proved := s.proofs.status.find(s.e, t.id)
	if j.state == stateCompleted && registered && payment.Status == "Pending" && s.byResult(t.id, j) {
		return
	}
	switch {
	case j.state != stateCompleted:
	case s.proofs.proofGated.get(s.e) && registered && payment.Status == "Pending",
		!s.proofs.proofGated.get(s.e) && j.jobType == typeProof && status != proofVerified:
		valid := proved || !s.maybe(0.03)
		s.send(j.worker, s.proof(t.id, j, valid))
		if !valid {
			s.punish(t.id, j)
		}
		if !valid || !registered {
			s.again(2, t)
		}
	case registered && payment.Status == "PaymentReleased":
	case s.jobs.proofGated.get(s.e):
		s.again(25, t) // completed before the switch: it cannot be paid until the flow is switched back
	default:
		if !s.send(j.worker, call(&s.jobs.Contract, "distribute_rewards", jobIDArgs{idOf(t.id)})) {
			s.again(20, t)
		}
	}
}

func (s *scene) proof(job uint64, j job, valid bool) Call {
	data := s.proofData(valid)
	return call(&s.proofs.Contract, "submit_proof", submitProofArgs{proofSubmission{
		JobID: idOf(job), WorkerID: workerID{s.jobs.workerIDs.get(s.e, j.worker)}, Data: data, Hash: feltBox{proofHash(data)},
		TimeMS: u64(s.between(400, 9_000)), Gas: u64(jobGas[j.jobType]), Attestation: []felt{s.random(), s.random()},
	}})
}

// proofData is a proof of the least length. Without its first commitment it is not valid.
func (s *scene) proofData(valid bool) []felt {
	data := make([]felt, proofElements)
	for i := range data {
		data[i] = schemas.FeltFromUint64(1 + s.rnd.Uint64N(1<<31-2))
	}
	if !valid {
		data[0] = felt{}
	}
	return data
}

// punish is what a rejected proof costs.
func (s *scene) punish(job uint64, j job) {
	s.send(s.owner.Address,
		call(&s.staking.Contract, "slash", slashArgs{j.worker, schemas.ProverStakingSlashReasonInvalidProof, schemas.FeltFromUint64(job)}),
		call(&s.reputation.Contract, "update_reputation", updateReputationArgs{
			s.jobs.workerIDs.get(s.e, j.worker), -25, "JobFailed", jobRef(job),
		}))
}

func (s *scene) rate(t task) {
	if s.actors.rated.get(s.e, t.id) {
		return // a transaction carried over from another branch did it
	}
	j := s.jobs.jobs.get(s.e, t.id)
	s.send(s.owner.Address,
		call(&s.reputation.Contract, "update_reputation", updateReputationArgs{
			s.jobs.workerIDs.get(s.e, j.worker), int32(s.between(1, 4)), "JobCompleted", jobRef(t.id),
		}),
		call(&s.staking.Contract, "record_success", recordSuccessArgs{j.worker, schemas.FeltFromUint64(t.id)}))
}

// payRouter lets the client pay for a job whose proof was verified.
func (s *scene) payRouter(t task) {
	if s.actors.paid.get(s.e, t.id) {
		return // a transaction carried over from another branch did it
	}
	p := s.gated.payments.get(s.e, t.id)
	if s.balance(p.Client).Cmp(p.Sage) < 0 {
		s.fund(p.Client, schemas.Sage(500))
	}
	s.send(p.Client, s.approve(&s.router.Contract, p.Sage), call(&s.router.Contract, "pay_with_sage", payArgs{p.Sage, number(t.id)}))
}

func (s *scene) voteProposal(t task) {
	p := s.governance.proposals.get(s.e, t.id)
	power := s.balance(t.who)
	mine := ballot{t.id, t.who}
	if p.Executed || p.Cancelled || power.IsZero() || s.governance.voted.get(s.e, mine) || u64(s.block.Time) > p.End {
		return
	}
	if u64(s.block.Time) < p.Start {
		s.again(2, t)
		return
	}
	if s.maybe(0.3) { // the voter chooses how much of the balance counts
		power = bps(power, uint64(s.between(2_000, 9_000)))
	}
	s.send(t.who, call(&s.governance.Contract, "vote", voteArgs{number(t.id), s.maybe(0.7), power}))
}

// closeProposal executes a proposal that passed. One that did not is left, or withdrawn.
func (s *scene) closeProposal(t task) {
	p := s.governance.proposals.get(s.e, t.id)
	passed := p.For.Cmp(p.Against) > 0 && p.For.Cmp(governanceRules.Quorum) >= 0
	switch {
	case p.Executed || p.Cancelled:
	case u64(s.block.Time) < p.Execution:
		s.again(s.after(uint64(p.Execution)), t)
	case passed:
		s.send(s.some(s.traders), call(&s.governance.Contract, "execute_proposal", proposalArgs{number(t.id)}))
	case s.maybe(0.5):
		s.send(p.Proposer, call(&s.governance.Contract, "cancel_proposal", proposalArgs{number(t.id)}))
	}
}

func (s *scene) voteChallenge(t task) {
	c := s.fraud.challenges.get(s.e, t.id)
	if c.Status == schemas.FraudProofChallengeStatusPending && c.Method == methodArbitration && !s.balance(t.who).IsZero() {
		s.send(t.who, call(&s.fraud.Contract, "vote_on_challenge", challengeVoteArgs{number(t.id), s.maybe(0.35)}))
	}
}

// closeChallenge settles what no vote settles. A challenge that the vote upheld cannot be settled, and runs out in time.
func (s *scene) closeChallenge(t task) {
	c := s.fraud.challenges.get(s.e, t.id)
	expired := u64(s.block.Time) > c.Created+s.fraud.period.get(s.e)
	switch {
	case c.Status != schemas.FraudProofChallengeStatusPending:
	case c.Method == methodHash || expired:
		if !s.send(c.Challenger, call(&s.fraud.Contract, "resolve_challenge", challengeArgs{number(t.id)})) {
			s.again(s.after(uint64(c.Created+s.fraud.period.get(s.e))+1), t)
		}
	default:
		s.again(s.after(uint64(c.Created+s.fraud.period.get(s.e))+1), t)
	}
}

func (s *scene) verifyProof(t task) {
	p := s.stwo.proofs.get(s.e, t.hash)
	switch {
	case p.Status == "Pending":
		s.send(t.who, call(&s.stwo.Contract, "verify_proof", proofHashArgs{t.hash}))
	case p.Status == "OptimisticPending" && s.block.Time >= uint64(p.Deadline):
		s.send(t.who, call(&s.stwo.Contract, "finalize_gpu_tee_proof", proofHashArgs{t.hash}))
	case p.Status == "OptimisticPending":
		s.again(s.after(uint64(p.Deadline)), t)
	}
}
