package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// fraudProof takes challenges of jobs' results. Challengers never win: settling that reads the worker's stake from
// WorkerStaking, where nobody can have one, and reverts. So a challenge ends lost, or runs out without an event.
type fraudProof struct {
	Contract
	owner address
	sage  *sageToken

	next                 Cell[uint64] // the last id given
	challenges           Map[uint64, challenge]
	byJob                Map[uint64, amount]
	votes                Map[uint64, voteCount]
	total, valid, failed Cell[u64]
	slashed              Cell[amount]
	period               Cell[u64]
}

type voteCount struct {
	support, oppose amount
}

type challenge struct {
	ID         amount                            `json:"challenge_id"`
	JobID      amount                            `json:"job_id"`
	WorkerID   felt                              `json:"worker_id"`
	Challenger address                           `json:"challenger"`
	Deposit    amount                            `json:"deposit"`
	Original   felt                              `json:"original_result_hash"`
	Disputed   felt                              `json:"disputed_result_hash"`
	Method     uint8                             `json:"verification_method"`
	Status     schemas.FraudProofChallengeStatus `json:"status"`
	Created    u64                               `json:"created_at"`
	Resolved   u64                               `json:"resolved_at"`
	Evidence   felt                              `json:"evidence_hash"`
}

const (
	methodHash        = 1 // hash comparison
	methodArbitration = 3 // a vote
	arbitrationPeriod = 2 * secondsPerDay
)

var (
	challengeDeposit  = schemas.Sage(500)
	arbitrationQuorum = schemas.Sage(1_000)
)

func (f *fraudProof) functions() {
	f.entries = map[string]entry{
		"submit_challenge":        on(f.submit),
		"resolve_challenge":       on(f.resolve),
		"vote_on_challenge":       on(f.vote),
		"finalize_arbitration":    on(f.finalize),
		"update_challenge_period": on(f.setPeriod),
	}
	f.views = map[string]view{
		"get_challenge":     ask(func(e *Env, q challengeArgs) challenge { return f.known(e, q.ChallengeID) }),
		"get_job_challenge": ask(func(e *Env, q plainJobArgs) amount { return f.byJob.get(e, low(q.JobID)) }),
		"get_stats": tell(func(e *Env) list {
			return list{f.total.get(e), f.valid.get(e), f.failed.get(e), f.slashed.get(e), amount{}}
		}),
	}
}

func (f *fraudProof) construct(e *Env) { f.period.set(e, secondsPerDay) }

func (f *fraudProof) known(e *Env, which amount) challenge {
	c, ok := f.challenges.find(e, low(which))
	if !ok {
		e.unknownEnum()
	}
	return c
}

type (
	challengeArgs struct {
		ChallengeID amount `json:"challenge_id"`
	}
	submitChallengeArgs struct {
		JobID    amount `json:"job_id"`
		WorkerID felt   `json:"worker_id"`
		Original felt   `json:"original_result_hash"`
		Disputed felt   `json:"disputed_result_hash"`
		Method   uint8  `json:"verification_method"`
		Evidence felt   `json:"evidence_hash"`
	}
	challengeVoteArgs struct {
		ChallengeID amount `json:"challenge_id"`
		Supports    bool   `json:"supports_challenger"`
	}
	periodArgs struct {
		Period u64 `json:"period"`
	}
)

func (f *fraudProof) submit(e *Env, a submitChallengeArgs) {
	if before := f.byJob.get(e, low(a.JobID)); !before.IsZero() {
		e.requireText(f.known(e, before).Status != schemas.FraudProofChallengeStatusPending, "Challenge already active")
	}
	f.sage.transferFrom(e.into(&f.sage.Contract), transferFromArgs{e.caller, f.Address, challengeDeposit})
	n := f.next.get(e) + 1
	f.next.set(e, n)
	f.challenges.set(e, n, challenge{
		ID: number(n), JobID: a.JobID, WorkerID: a.WorkerID, Challenger: e.caller, Deposit: challengeDeposit, Original: a.Original,
		Disputed: a.Disputed, Method: a.Method, Status: schemas.FraudProofChallengeStatusPending, Created: u64(e.block.Time), Evidence: a.Evidence,
	})
	f.byJob.set(e, low(a.JobID), number(n))
	f.total.set(e, f.total.get(e)+1)
	e.emit(schemas.FraudProofChallengeSubmitted{
		ChallengeID: number(n), JobID: a.JobID, WorkerID: a.WorkerID, Challenger: e.caller, Deposit: challengeDeposit,
	})
}

// pending returns a challenge that is not decided yet, or reverts.
func (f *fraudProof) pending(e *Env, which amount) challenge {
	c := f.known(e, which)
	e.requireText(c.Status == schemas.FraudProofChallengeStatusPending, "Challenge not pending")
	return c
}

func (f *fraudProof) resolve(e *Env, a challengeArgs) {
	c := f.pending(e, a.ChallengeID)
	switch {
	case u64(e.block.Time) > c.Created+f.period.get(e):
		c.Status, c.Resolved = schemas.FraudProofChallengeStatusExpired, u64(e.block.Time)
		f.challenges.set(e, low(a.ChallengeID), c)
	case c.Method == methodHash && c.Original != c.Disputed:
		f.uphold(e)
	default:
		f.reject(e, c)
	}
}

func (f *fraudProof) vote(e *Env, a challengeVoteArgs) {
	c := f.pending(e, a.ChallengeID)
	e.requireText(c.Method == methodArbitration, "Not arbitration challenge")
	e.requireText(u64(e.block.Time) <= c.Created+arbitrationPeriod, "Arbitration period expired")
	power := f.sage.balances.get(e, e.caller)
	e.requireText(!power.IsZero(), "No voting power")
	v := f.votes.get(e, low(a.ChallengeID))
	if a.Supports {
		v.support = v.support.Add(power)
	} else {
		v.oppose = v.oppose.Add(power)
	}
	f.votes.set(e, low(a.ChallengeID), v)
	e.emit(schemas.FraudProofVoteCast{ChallengeID: a.ChallengeID, Voter: e.caller, SupportsChallenger: a.Supports, VotingPower: power})
	if v.support.Add(v.oppose).Cmp(arbitrationQuorum) < 0 {
		return
	}
	if v.support.Cmp(v.oppose) > 0 {
		f.uphold(e)
	}
	f.reject(e, c)
}

func (f *fraudProof) finalize(e *Env, a challengeArgs) {
	c := f.pending(e, a.ChallengeID)
	e.requireText(c.Method == methodArbitration, "Not arbitration challenge")
	e.requireText(u64(e.block.Time) > c.Created+arbitrationPeriod, "Arbitration period not ended")
	v := f.votes.get(e, low(a.ChallengeID))
	if v.support.Add(v.oppose).Cmp(arbitrationQuorum) >= 0 && v.support.Cmp(v.oppose) > 0 {
		f.uphold(e)
	}
	f.reject(e, c)
}

// uphold asks WorkerStaking for the worker's stake, which has no way to exist.
func (f *fraudProof) uphold(e *Env) { e.unknownEnum() }

// reject sends the deposit to the owner; the winner in the event is nobody.
func (f *fraudProof) reject(e *Env, c challenge) {
	c.Status, c.Resolved = schemas.FraudProofChallengeStatusInvalidProof, u64(e.block.Time)
	f.challenges.set(e, low(c.ID), c)
	f.failed.set(e, f.failed.get(e)+1)
	f.sage.transfer(e.into(&f.sage.Contract), transferArgs{f.owner, c.Deposit})
	e.emit(schemas.FraudProofChallengeResolved{ChallengeID: c.ID, Status: c.Status})
}

func (f *fraudProof) setPeriod(e *Env, a periodArgs) {
	e.requireText(e.caller == f.owner, "Not owner")
	f.period.set(e, a.Period)
}
