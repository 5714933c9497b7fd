package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// proofVerifier takes workers' proofs. Where ProofGatedPayment is set, a verified proof releases the job's payment.
type proofVerifier struct {
	Contract
	owner address
	gated *proofGatedPayment

	status     Map[uint64, string]
	enclaves   Map[felt, bool]
	proofGated Cell[bool]
}

const (
	proofVerified = "Verified"
	proofFailed   = "Failed"
	proofElements = 32 // fewer are no proof
)

func (v *proofVerifier) functions() {
	v.entries = map[string]entry{
		"submit_proof":            on(v.submit),
		"whitelist_enclave":       on(v.whitelist),
		"set_proof_gated_payment": on(v.setProofGated),
	}
	v.views = map[string]view{
		"get_proof_status": ask(func(e *Env, q jobIDArgs) string {
			s, known := v.status.find(e, low(q.JobID.Value))
			if !known {
				e.unknownEnum()
			}
			return s
		}),
		"get_proof_job":    unknown, // nobody submits proof jobs here
		"get_pending_jobs": constant([]id{}),
		"get_prover_metrics": ask(func(_ *Env, q jobWorkerArgs) proverMetrics {
			return proverMetrics{WorkerID: q.WorkerID}
		}),
		"is_enclave_whitelisted": ask(func(e *Env, q enclaveArgs) bool { return v.enclaves.get(e, q.Measurement) }),
		"get_proof_gated_payment": tell(func(e *Env) address {
			if v.proofGated.get(e) {
				return v.gated.Address
			}
			return address{}
		}),
	}
}

type proverMetrics struct {
	WorkerID   workerID `json:"worker_id"`
	Completed  u64      `json:"proofs_completed"`
	Success    uint16   `json:"success_rate"`
	Average    u64      `json:"average_completion_time"`
	Stake      amount   `json:"stake_amount"`
	Rewards    amount   `json:"total_rewards_earned"`
	Reputation uint16   `json:"reputation_score"`
}

type (
	feltBox struct {
		Value felt `json:"value"`
	}
	proofSubmission struct {
		JobID       id       `json:"job_id"`
		WorkerID    workerID `json:"worker_id"`
		Data        []felt   `json:"proof_data"`
		Hash        feltBox  `json:"proof_hash"`
		TimeMS      u64      `json:"computation_time_ms"`
		Gas         u64      `json:"gas_used"`
		Attestation []felt   `json:"attestation_signature"`
	}
	submitProofArgs struct {
		Submission proofSubmission `json:"submission"`
	}
)

// submit verifies a proof as far as the contract looks: its structure. A zero commitment fails it.
func (v *proofVerifier) submit(e *Env, a submitProofArgs) {
	s := a.Submission
	e.require(len(s.Data) >= proofElements, "Proof too short")
	e.require(len(s.Attestation) > 0, "Missing attestation")
	n := low(s.JobID.Value)
	if s.Data[0].IsZero() || s.Data[1].IsZero() {
		v.status.set(e, n, proofFailed)
		e.emit(schemas.ProofVerifierProofRejected{JobID: s.JobID.Value, Reason: schemas.ShortString("verification_failed")})
		return
	}
	v.status.set(e, n, proofVerified)
	e.emit(schemas.ProofVerifierProofVerified{
		JobID: s.JobID.Value, WorkerID: s.WorkerID.Value, ProofHash: s.Hash.Value, VerificationTime: e.block.Time,
	})
	if v.proofGated.get(e) {
		v.gated.proofVerified(e.into(&v.gated.Contract), s.JobID.Value, s.Hash.Value)
	}
}

type (
	enclaveArgs struct {
		Measurement felt `json:"enclave_measurement"`
	}
	whitelistArgs struct {
		Measurement felt `json:"enclave_measurement"`
		Valid       bool `json:"valid"`
	}
)

func (v *proofVerifier) whitelist(e *Env, a whitelistArgs) {
	e.require(e.caller == v.owner, "Unauthorized: not owner/council")
	before := v.enclaves.get(e, a.Measurement)
	v.enclaves.set(e, a.Measurement, a.Valid)
	switch {
	case a.Valid && !before:
		e.emit(schemas.ProofVerifierEnclaveWhitelisted{EnclaveMeasurement: a.Measurement, AuthorizedBy: e.caller})
	case !a.Valid && before:
		e.emit(schemas.ProofVerifierEnclaveRevoked{EnclaveMeasurement: a.Measurement, RevokedBy: e.caller})
	}
}

func (v *proofVerifier) setProofGated(e *Env, a setPaymentArgs) {
	e.require(e.caller == v.owner, "Only owner")
	v.proofGated.set(e, !a.Payment.IsZero())
}
