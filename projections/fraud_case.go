package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// CaseStatus is how a fraud case ended, or that nothing was told of its end.
type CaseStatus string

// The statuses of a fraud case.
const (
	CaseOpen     CaseStatus = "open"
	CaseUpheld   CaseStatus = "upheld"   // the challenger was right
	CaseRejected CaseStatus = "rejected" // the challenger was wrong
	CaseResolved CaseStatus = "resolved" // it is over, and the event does not say who was right
)

// FraudCase is somebody's claim that a result, a payment or a slash is wrong. Its id is the contract and the challenge, the job
// or the dispute there.
type FraudCase struct {
	ID         string                 `db:"case_id"`
	Contract   string                 `db:"contract_name"`
	Status     CaseStatus             `db:"status"`
	JobID      Maybe[schemas.Amount]  `db:"job_id"`
	SlashID    Maybe[schemas.Felt]    `db:"slash_id"`
	WorkerID   Maybe[schemas.Felt]    `db:"worker_id"`
	Worker     Maybe[schemas.Address] `db:"worker_address"`
	Challenger Maybe[schemas.Address] `db:"challenger_address"`
	Deposit    Maybe[schemas.Amount]  `db:"deposit"`
	For        schemas.Amount         `db:"votes_for"`
	Against    schemas.Amount         `db:"votes_against"`
	Votes      int64                  `db:"votes"` // not voters: one account may vote often
	Winner     Maybe[schemas.Address] `db:"winner_address"`
	Reward     Maybe[schemas.Amount]  `db:"reward"`
	Upheld     Maybe[bool]            `db:"upheld"`        // CDCPool's own word
	Returned   Maybe[bool]            `db:"bond_returned"` // CDCPool's
	Reason     Maybe[string]          `db:"reason"`
	OpenedAt   Maybe[time.Time]       `db:"opened_at"`
	Deadline   Maybe[time.Time]       `db:"deadline"`
	ResolvedAt Maybe[time.Time]       `db:"resolved_at"`
	TxHash     schemas.Hash           `db:"tx_hash"`
}

// FraudCases follows challenges and disputes. A challenge at FraudProof runs out without an event, and at the contracts as they
// are written a challenger cannot win there: such a case stays open.
var FraudCases = Entity[FraudCase]{
	Table: "fraud_cases",
	Keys: func(f schemas.Fact) []string {
		if id := caseID(f); id != "" {
			return []string{id}
		}
		return nil
	},
	Fold: func(c FraudCase, f schemas.Fact) FraudCase {
		c.ID, c.Contract, c.TxHash = caseID(f), f.ContractName, f.TxHash
		if c.Status == "" {
			c.Status = CaseOpen
		}
		switch f.Event.(type) {
		case schemas.FraudProofChallengeSubmitted, schemas.FraudProofVoteCast, schemas.FraudProofChallengeResolved:
			return c.challenge(f)
		case schemas.CDCPoolDisputeFiled, schemas.CDCPoolDisputeResolved, schemas.ProofGatedPaymentDisputeResolved:
			return c.dispute(f)
		}
		return c.optimistic(f)
	},
}

// caseID names the case that a fact concerns, or nothing.
func caseID(f schemas.Fact) string {
	switch e := f.Event.(type) {
	case schemas.FraudProofChallengeSubmitted:
		return numbered(f, e.ChallengeID)
	case schemas.FraudProofVoteCast:
		return numbered(f, e.ChallengeID)
	case schemas.FraudProofChallengeResolved:
		return numbered(f, e.ChallengeID)
	case schemas.OptimisticTEEResultChallenged:
		return numbered(f, e.JobID)
	case schemas.OptimisticTEEChallengeStakeCollected:
		return numbered(f, e.JobID)
	case schemas.OptimisticTEEWorkerSlashed:
		return numbered(f, e.JobID)
	case schemas.OptimisticTEEChallengerRewarded:
		return numbered(f, e.JobID)
	case schemas.OptimisticTEEChallengerSlashed:
		return numbered(f, e.JobID)
	case schemas.CDCPoolDisputeFiled:
		return f.ContractName + "/" + e.DisputeID.String()
	case schemas.CDCPoolDisputeResolved:
		return f.ContractName + "/" + e.DisputeID.String()
	case schemas.ProofGatedPaymentDisputeResolved:
		return numbered(f, e.JobID)
	}
	return ""
}

// challenge folds FraudProof. A challenge that fails has no winner: the event then names the zero address.
func (c FraudCase) challenge(f schemas.Fact) FraudCase {
	switch e := f.Event.(type) {
	case schemas.FraudProofChallengeSubmitted:
		c.JobID, c.WorkerID, c.Challenger, c.Deposit = Known(e.JobID), Known(e.WorkerID), Known(e.Challenger), Known(e.Deposit)
		c.OpenedAt = Known(f.Time)
	case schemas.FraudProofVoteCast:
		c.Votes++
		if e.SupportsChallenger {
			c.For = c.For.Add(e.VotingPower)
		} else {
			c.Against = c.Against.Add(e.VotingPower)
		}
	case schemas.FraudProofChallengeResolved:
		c.Reward, c.ResolvedAt = Known(e.Reward), Known(f.Time)
		if !e.Winner.IsZero() {
			c.Winner = Known(e.Winner)
		}
		switch e.Status {
		case schemas.FraudProofChallengeStatusValidProof:
			c.Status = CaseUpheld
		case schemas.FraudProofChallengeStatusInvalidProof:
			c.Status = CaseRejected
		case schemas.FraudProofChallengeStatusPending, schemas.FraudProofChallengeStatusExpired:
			c.Status = CaseResolved // the contract never says so
		}
	}
	return c
}

// optimistic folds challenges of results at OptimisticTEE. Its events of who is slashed and rewarded are the only ones that tell
// how a challenge ended; the slash's amount and the reward in them are always 0, and mean nothing.
func (c FraudCase) optimistic(f schemas.Fact) FraudCase {
	switch e := f.Event.(type) {
	case schemas.OptimisticTEEResultChallenged:
		c.JobID, c.Challenger, c.OpenedAt = Known(e.JobID), Known(e.Challenger), Known(f.Time)
	case schemas.OptimisticTEEChallengeStakeCollected:
		c.JobID, c.Challenger, c.Deposit = Known(e.JobID), Known(e.Challenger), Known(e.StakeAmount)
	case schemas.OptimisticTEEWorkerSlashed:
		c.JobID, c.Worker = Known(e.JobID), Known(e.Worker)
		c.Status, c.ResolvedAt = CaseUpheld, Known(f.Time)
	case schemas.OptimisticTEEChallengerRewarded:
		c.JobID, c.Challenger, c.Winner = Known(e.JobID), Known(e.Challenger), Known(e.Challenger)
		c.Status, c.ResolvedAt = CaseUpheld, Known(f.Time)
	case schemas.OptimisticTEEChallengerSlashed:
		c.JobID, c.Challenger = Known(e.JobID), Known(e.Challenger)
		c.Status, c.ResolvedAt = CaseRejected, Known(f.Time)
	}
	return c
}

// dispute folds disputes of CDCPool's slashes, which are the first that the chain tells of such a slash, and those about
// payments. Of the former it is not clear whether upheld is said of the slash or of the dispute, so the words are kept.
func (c FraudCase) dispute(f schemas.Fact) FraudCase {
	switch e := f.Event.(type) {
	case schemas.CDCPoolDisputeFiled:
		c.SlashID, c.WorkerID, c.Challenger, c.Deposit = Known(e.SlashID), Known(e.WorkerID), Known(e.Challenger), Known(e.BondAmount)
		c.OpenedAt, c.Deadline = Known(f.Time), chainTime(e.Deadline)
	case schemas.CDCPoolDisputeResolved:
		c.SlashID, c.Upheld, c.Returned, c.Reason = Known(e.SlashID), Known(e.Upheld), Known(e.BondReturned), shortText(e.ResolutionReason)
		c.Status, c.ResolvedAt = CaseResolved, Known(f.Time)
	case schemas.ProofGatedPaymentDisputeResolved:
		c.JobID, c.ResolvedAt = Known(e.JobID), Known(f.Time)
		c.Status = CaseRejected
		if e.ChallengerWins {
			c.Status = CaseUpheld
		}
	}
	return c
}
