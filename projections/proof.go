package projections

import (
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ProofStatus is what is known of a proof's validity.
type ProofStatus string

// The statuses of a proof.
const (
	ProofPending    ProofStatus = "pending"
	ProofChallenged ProofStatus = "challenged"
	ProofVerified   ProofStatus = "verified"
	ProofRejected   ProofStatus = "rejected"
)

// ProofType says what is proved, and by which way.
type ProofType string

// The types of proofs.
const (
	ProofOfJob        ProofType = "job"        // ProofVerifier, a proof per job
	ProofSTWO         ProofType = "stwo"       // StwoVerifier, verified on chain
	ProofSTWOInTEE    ProofType = "stwo_tee"   // StwoVerifier, valid unless challenged in time
	ProofOptimistic   ProofType = "optimistic" // OptimisticTEE, a result that is valid unless challenged
	ProofOfCheckpoint ProofType = "checkpoint" // an hour of a metered job
	ProofRequested    ProofType = "request"    // asked for at ObelyskProverRegistry
)

// Proof is a proof, or a result that stands for one, at one of the contracts that take them. Its id is the contract and what
// the contract knows it by: a job, a hash, or a number.
type Proof struct {
	ID           string                 `db:"proof_id"`
	Contract     string                 `db:"contract_name"`
	Type         ProofType              `db:"proof_type"`
	Status       ProofStatus            `db:"status"`
	JobID        Maybe[schemas.Amount]  `db:"job_id"`
	WorkerID     Maybe[schemas.Felt]    `db:"worker_id"`
	Prover       Maybe[schemas.Address] `db:"prover_address"`
	Hash         Maybe[schemas.Felt]    `db:"proof_hash"`
	SecurityBits Maybe[int64]           `db:"security_bits"`
	Challenger   Maybe[schemas.Address] `db:"challenger_address"`
	Reason       Maybe[string]          `db:"reject_reason"`
	SubmittedAt  Maybe[time.Time]       `db:"submitted_at"`
	FinalAt      Maybe[time.Time]       `db:"challenge_deadline"`
	VerifiedAt   Maybe[time.Time]       `db:"verified_at"`
	RejectedAt   Maybe[time.Time]       `db:"rejected_at"`
	Rejections   int64                  `db:"rejections"`
	TxHash       schemas.Hash           `db:"tx_hash"`
}

// Proofs follows proofs. No contract tells how long a proof took or how large it is.
var Proofs = Entity[Proof]{
	Table:   "proofs",
	Version: 1,
	Keys: func(f schemas.Fact) []string {
		if id := proofID(f); id != "" {
			return []string{id}
		}
		return nil
	},
	Fold: foldProof,
}

// proofID names the proof that a fact concerns, or nothing.
func proofID(f schemas.Fact) string {
	switch e := f.Event.(type) {
	case schemas.ProofVerifierProofVerified:
		return numbered(f, e.JobID)
	case schemas.ProofVerifierProofRejected:
		return numbered(f, e.JobID)
	case schemas.StwoVerifierProofSubmitted:
		return hashed(f, e.ProofHash)
	case schemas.StwoVerifierProofVerified:
		return hashed(f, e.ProofHash)
	case schemas.StwoVerifierProofRejected:
		return hashed(f, e.ProofHash)
	case schemas.StwoVerifierGpuTeeProofSubmitted:
		return hashed(f, e.ProofHash)
	case schemas.StwoVerifierGpuTeeProofFinalized:
		return hashed(f, e.ProofHash)
	case schemas.StwoVerifierGpuTeeProofChallenged:
		return hashed(f, e.ProofHash)
	case schemas.StwoVerifierProofLinkedToJob:
		return hashed(f, e.ProofHash)
	case schemas.OptimisticTEEResultSubmitted:
		return numbered(f, e.JobID)
	case schemas.OptimisticTEEResultFinalized:
		return numbered(f, e.JobID)
	case schemas.OptimisticTEEResultChallenged:
		return numbered(f, e.JobID)
	case schemas.OptimisticTEEChallengerSlashed:
		return numbered(f, e.JobID)
	case schemas.OptimisticTEEWorkerSlashed:
		return numbered(f, e.JobID)
	case schemas.MeteredBillingCheckpointSubmitted:
		return numbered(f, e.CheckpointID)
	case schemas.MeteredBillingCheckpointVerified:
		return numbered(f, e.CheckpointID)
	case schemas.ProofGatedPaymentCheckpointSubmitted:
		return numbered(f, e.CheckpointID)
	case schemas.ProofGatedPaymentCheckpointVerified:
		return numbered(f, e.CheckpointID)
	case schemas.ObelyskProverRegistryProofRequested:
		return numbered(f, e.RequestID)
	case schemas.ObelyskProverRegistryProofSubmitted:
		return numbered(f, e.RequestID)
	case schemas.ObelyskProverRegistryProofVerified:
		return numbered(f, e.RequestID)
	}
	return ""
}

// numbered is the id of what a contract knows by a number.
func numbered(f schemas.Fact, n schemas.Amount) string { return f.ContractName + "/" + n.String() }

// hashed is the id of a proof by its hash. One that is rejected before it has a hash is told with 0, and is one of its own,
// known by its event's place on the chain.
func hashed(f schemas.Fact, h schemas.Felt) string {
	if h.IsZero() {
		return fmt.Sprintf("%s/%s.%d", f.ContractName, f.TxHash, f.Position.Event)
	}
	return f.ContractName + "/" + h.String()
}

func foldProof(p Proof, f schemas.Fact) Proof {
	p.ID, p.Contract, p.TxHash = proofID(f), f.ContractName, f.TxHash
	if p.Status == "" {
		p.Status = ProofPending
	}
	switch e := f.Event.(type) {
	case schemas.ProofVerifierProofVerified:
		p.Type, p.JobID, p.WorkerID, p.Hash = ProofOfJob, Known(e.JobID), Known(e.WorkerID), Known(e.ProofHash)
		return p.verified(f.Time) // the event's verification_time is a time, too, and no duration
	case schemas.ProofVerifierProofRejected:
		p.Type, p.JobID = ProofOfJob, Known(e.JobID)
		return p.rejected(f.Time, e.Reason) // whose proof it was the event does not say
	case schemas.OptimisticTEEResultSubmitted, schemas.OptimisticTEEResultFinalized, schemas.OptimisticTEEResultChallenged,
		schemas.OptimisticTEEChallengerSlashed, schemas.OptimisticTEEWorkerSlashed:
		p.Type = ProofOptimistic
		return p.optimistic(f)
	case schemas.MeteredBillingCheckpointSubmitted, schemas.MeteredBillingCheckpointVerified,
		schemas.ProofGatedPaymentCheckpointSubmitted, schemas.ProofGatedPaymentCheckpointVerified:
		p.Type = ProofOfCheckpoint
		return p.checkpoint(f)
	case schemas.ObelyskProverRegistryProofRequested, schemas.ObelyskProverRegistryProofSubmitted, schemas.ObelyskProverRegistryProofVerified:
		p.Type = ProofRequested
		return p.requested(f)
	}
	if p.Type == "" {
		p.Type = ProofSTWO
	}
	return p.stwo(f)
}

// stwo folds what StwoVerifier says. Its ProofVerified comes before GpuTeeProofFinalized, which adds nothing to it.
func (p Proof) stwo(f schemas.Fact) Proof {
	switch e := f.Event.(type) {
	case schemas.StwoVerifierProofSubmitted:
		p.Hash, p.Prover, p.SubmittedAt = Known(e.ProofHash), Known(e.Submitter), Known(f.Time)
		p.Type = stwoType(e.ProofSource)
	case schemas.StwoVerifierGpuTeeProofSubmitted:
		p.Type, p.Hash, p.Prover, p.SubmittedAt = ProofSTWOInTEE, Known(e.ProofHash), Known(e.Submitter), Known(f.Time)
		p.FinalAt = chainTime(e.ChallengeDeadline)
	case schemas.StwoVerifierProofVerified:
		p.Type, p.Hash, p.SecurityBits = stwoType(e.ProofSource), Known(e.ProofHash), Known(int64(e.SecurityBits))
		return p.verified(f.Time)
	case schemas.StwoVerifierGpuTeeProofFinalized:
		p.Type, p.Hash = ProofSTWOInTEE, Known(e.ProofHash)
		return p.verified(f.Time)
	case schemas.StwoVerifierGpuTeeProofChallenged:
		// One that is not accepted leaves the proof as it was; what an accepted one comes to another event must say.
		p.Type, p.Hash, p.Challenger = ProofSTWOInTEE, Known(e.ProofHash), Known(e.Challenger)
		if e.ChallengeAccepted {
			p.Status = ProofChallenged
		}
	case schemas.StwoVerifierProofRejected:
		if !e.ProofHash.IsZero() {
			p.Hash = Known(e.ProofHash)
		}
		return p.rejected(f.Time, e.Reason)
	case schemas.StwoVerifierProofLinkedToJob:
		p.Hash, p.JobID = Known(e.ProofHash), Known(e.JobID)
	}
	return p
}

func stwoType(s schemas.StwoVerifierProofSource) ProofType {
	if s == schemas.StwoVerifierProofSourceGpuTeeSTWO {
		return ProofSTWOInTEE
	}
	return ProofSTWO
}

// optimistic folds results at OptimisticTEE. When a challenge fails the result is final without ResultFinalized: only
// ChallengerSlashed tells. A job's result may be submitted again, also where one is settled: it takes that one's place, and waits.
func (p Proof) optimistic(f schemas.Fact) Proof {
	switch e := f.Event.(type) {
	case schemas.OptimisticTEEResultSubmitted:
		p = Proof{ID: p.ID, Contract: p.Contract, Type: p.Type, Status: ProofPending, Rejections: p.Rejections, TxHash: p.TxHash}
		p.JobID, p.WorkerID, p.Hash, p.SubmittedAt = Known(e.JobID), Known(e.WorkerID), Known(e.ResultHash), Known(f.Time)
	case schemas.OptimisticTEEResultFinalized:
		p.JobID = Known(e.JobID)
		return p.verified(f.Time)
	case schemas.OptimisticTEEResultChallenged:
		p.JobID, p.Challenger, p.Status = Known(e.JobID), Known(e.Challenger), ProofChallenged
	case schemas.OptimisticTEEChallengerSlashed:
		p.JobID, p.Challenger = Known(e.JobID), Known(e.Challenger)
		return p.verified(f.Time)
	case schemas.OptimisticTEEWorkerSlashed:
		p.JobID, p.Prover = Known(e.JobID), Known(e.Worker)
		return p.rejected(f.Time, schemas.Felt{})
	}
	return p
}

// checkpoint folds hours of metered jobs. One that is verified at once is told as verified before it is told as submitted.
func (p Proof) checkpoint(f schemas.Fact) Proof {
	verdict := func(p Proof, valid bool) Proof {
		if valid {
			return p.verified(f.Time)
		}
		return p.rejected(f.Time, schemas.Felt{})
	}
	switch e := f.Event.(type) {
	case schemas.MeteredBillingCheckpointSubmitted:
		p.JobID, p.Hash, p.SubmittedAt = Known(e.JobID), Known(e.ProofHash), Known(f.Time)
	case schemas.ProofGatedPaymentCheckpointSubmitted:
		p.JobID, p.Hash, p.SubmittedAt = Known(e.JobID), Known(e.ProofHash), Known(f.Time)
	case schemas.MeteredBillingCheckpointVerified:
		p.JobID = Known(e.JobID)
		return verdict(p, e.Verified)
	case schemas.ProofGatedPaymentCheckpointVerified:
		return verdict(p, e.Verified)
	}
	return p
}

// requested folds proofs that clients ask for at ObelyskProverRegistry.
func (p Proof) requested(f schemas.Fact) Proof {
	switch e := f.Event.(type) {
	case schemas.ObelyskProverRegistryProofSubmitted:
		p.Prover, p.SubmittedAt = Known(e.Prover), Known(f.Time)
	case schemas.ObelyskProverRegistryProofVerified:
		p.Prover = Known(e.Prover)
		if e.Success {
			return p.verified(f.Time)
		}
		return p.rejected(f.Time, schemas.Felt{})
	}
	return p
}

func (p Proof) verified(at time.Time) Proof {
	p.Status = ProofVerified
	if !p.VerifiedAt.Known {
		p.VerifiedAt = Known(at)
	}
	return p
}

// rejected keeps the verdict and, where the event has one, the reason.
func (p Proof) rejected(at time.Time, reason schemas.Felt) Proof {
	p.Status, p.RejectedAt, p.Reason = ProofRejected, Known(at), shortText(reason)
	p.Rejections++
	return p
}
