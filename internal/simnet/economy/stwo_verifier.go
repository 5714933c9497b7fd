package economy

import (
	"encoding/json"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// stwoVerifier takes STWO proofs in two steps: submitted, then verified; proofs from an enclave wait for a challenge first.
type stwoVerifier struct {
	Contract
	owner address

	proofs                Map[felt, stwoProof]
	attestations          Map[felt, attestation]
	enclaves              Map[felt, uint8] // the enclave's TEE type; types count from 1
	verified, teeVerified Cell[u64]
}

type stwoProof struct {
	Hash       felt                            `json:"proof_hash"`
	Input      felt                            `json:"public_input_hash"`
	Security   uint32                          `json:"security_bits"`
	Submitted  u64                             `json:"submitted_at"`
	Submitter  address                         `json:"submitter"`
	Status     string                          `json:"status"`
	VerifiedAt u64                             `json:"verified_at_block"`
	Source     schemas.StwoVerifierProofSource `json:"proof_source"`
	Deadline   u64                             `json:"challenge_deadline"`
	valid      bool
}

type attestation struct {
	TeeType     uint8 `json:"tee_type"`
	Measurement felt  `json:"enclave_measurement"`
	Quote       felt  `json:"quote_hash"`
	Timestamp   u64   `json:"attestation_timestamp"`
	Whitelisted bool  `json:"is_whitelisted"`
}

type stwoConfig struct {
	MinSecurity    uint32 `json:"min_security_bits"`
	MaxSize        uint32 `json:"max_proof_size"`
	Paused         bool   `json:"is_paused"`
	TeeEnabled     bool   `json:"gpu_tee_enabled"`
	Window         u64    `json:"challenge_window_seconds"`
	TeeMinSecurity uint32 `json:"gpu_tee_min_security_bits"`
}

const (
	stwoSecurity = 96
	stwoWindow   = 14_400 // seconds in which a proof from an enclave may be challenged
)

func (v *stwoVerifier) functions() {
	v.entries = map[string]entry{
		"submit_proof":           on(v.submit),
		"submit_gpu_tee_proof":   on(v.submitTee),
		"verify_proof":           on(v.verify),
		"finalize_gpu_tee_proof": on(v.finalize),
		"whitelist_enclave":      on(v.whitelist),
	}
	v.views = map[string]view{
		"get_proof_metadata": ask(func(e *Env, q proofHashArgs) stwoProof {
			p, known := v.proofs.find(e, q.ProofHash)
			if !known {
				return stwoProof{Status: "NotSubmitted", Source: schemas.StwoVerifierProofSourceStandardSTWO}
			}
			return p
		}),
		"get_tee_attestation": ask(func(e *Env, q proofHashArgs) attestation { return v.attestations.get(e, q.ProofHash) }),
		"is_proof_verified":   ask(func(e *Env, q proofHashArgs) bool { return v.proofs.get(e, q.ProofHash).Status == "Verified" }),
		"is_enclave_whitelisted": ask(func(e *Env, q enclaveArgs) bool {
			return v.enclaves.get(e, q.Measurement) != 0
		}),
		"get_config": constant(stwoConfig{
			MinSecurity: stwoSecurity, MaxSize: 100_000, TeeEnabled: true, Window: stwoWindow, TeeMinSecurity: stwoSecurity / 2,
		}),
		"get_verified_count":         cellView(&v.verified),
		"get_gpu_tee_verified_count": cellView(&v.teeVerified),
		"get_verification_callback":  constant(address{}),
		"get_job_for_proof":          func(*Env, json.RawMessage) (any, error) { return amount{}, nil },
	}
}

type (
	proofHashArgs struct {
		ProofHash felt `json:"proof_hash"`
	}
	stwoSubmitArgs struct {
		Data  []felt `json:"proof_data"`
		Input felt   `json:"public_input_hash"`
	}
	stwoTeeArgs struct {
		Data        []felt `json:"proof_data"`
		Input       felt   `json:"public_input_hash"`
		TeeType     uint8  `json:"tee_type"`
		Measurement felt   `json:"enclave_measurement"`
		Quote       felt   `json:"quote_hash"`
		Timestamp   u64    `json:"attestation_timestamp"`
	}
	stwoEnclaveArgs struct {
		Measurement felt  `json:"enclave_measurement"`
		TeeType     uint8 `json:"tee_type"`
	}
)

// proofHash stands for Poseidon over the proof's data.
func proofHash(data []felt) felt {
	d := newDigest("proof")
	for _, f := range data {
		d.felt(f)
	}
	return d.sum()
}

func (v *stwoVerifier) submit(e *Env, a stwoSubmitArgs) {
	p := v.store(e, a.Data, a.Input, stwoProof{
		Security: stwoSecurity, Status: "Pending", Source: schemas.StwoVerifierProofSourceStandardSTWO, valid: !a.Data[0].IsZero(),
	})
	v.announce(e, p)
}

func (v *stwoVerifier) submitTee(e *Env, a stwoTeeArgs) {
	e.requireText(v.enclaves.get(e, a.Measurement) != 0, "Enclave not whitelisted")
	p := v.store(e, a.Data, a.Input, stwoProof{
		Security: stwoSecurity, Status: "OptimisticPending", Source: schemas.StwoVerifierProofSourceGpuTeeSTWO,
		Deadline: u64(e.block.Time + stwoWindow), valid: true,
	})
	v.attestations.set(e, p.Hash, attestation{a.TeeType, a.Measurement, a.Quote, a.Timestamp, true})
	v.announce(e, p)
	e.emit(schemas.StwoVerifierGpuTeeProofSubmitted{
		ProofHash: p.Hash, Submitter: e.caller, EnclaveMeasurement: a.Measurement, TeeType: a.TeeType, ChallengeDeadline: uint64(p.Deadline),
	})
}

func (v *stwoVerifier) store(e *Env, data []felt, input felt, p stwoProof) stwoProof {
	e.requireText(len(data) >= proofElements, "Proof too small")
	p.Hash, p.Input, p.Submitter, p.Submitted = proofHash(data), input, e.caller, u64(e.block.Time)
	_, known := v.proofs.find(e, p.Hash)
	e.requireText(!known, "Proof already submitted")
	v.proofs.set(e, p.Hash, p)
	return p
}

func (v *stwoVerifier) announce(e *Env, p stwoProof) {
	e.emit(schemas.StwoVerifierProofSubmitted{
		ProofHash: p.Hash, Submitter: e.caller, PublicInputHash: p.Input, Timestamp: e.block.Time, ProofSource: p.Source,
	})
}

func (v *stwoVerifier) verify(e *Env, a proofHashArgs) {
	p := v.proofs.get(e, a.ProofHash)
	e.requireText(p.Status == "Pending", "Proof not pending verification")
	if !p.valid {
		p.Status = "Failed"
		v.proofs.set(e, p.Hash, p)
		e.emit(schemas.StwoVerifierProofRejected{ProofHash: p.Hash, Reason: schemas.ShortString("stwo_verification_failed")})
		return
	}
	v.accept(e, p)
	v.verified.set(e, v.verified.get(e)+1)
}

func (v *stwoVerifier) accept(e *Env, p stwoProof) {
	p.Status, p.VerifiedAt = "Verified", u64(e.block.Number)
	v.proofs.set(e, p.Hash, p)
	e.emit(schemas.StwoVerifierProofVerified{
		ProofHash: p.Hash, BlockNumber: e.block.Number, SecurityBits: p.Security, ProofSource: p.Source,
	})
}

func (v *stwoVerifier) finalize(e *Env, a proofHashArgs) {
	p := v.proofs.get(e, a.ProofHash)
	e.requireText(p.Status == "OptimisticPending", "Proof not in optimistic pending state")
	e.requireText(e.block.Time >= uint64(p.Deadline), "Challenge window still active")
	v.accept(e, p)
	v.teeVerified.set(e, v.teeVerified.get(e)+1)
	e.emit(schemas.StwoVerifierGpuTeeProofFinalized{ProofHash: p.Hash, BlockNumber: e.block.Number})
}

func (v *stwoVerifier) whitelist(e *Env, a stwoEnclaveArgs) {
	e.requireText(e.caller == v.owner, "Only owner")
	v.enclaves.set(e, a.Measurement, a.TeeType)
	e.emit(schemas.StwoVerifierEnclaveWhitelisted{EnclaveMeasurement: a.Measurement, TeeType: a.TeeType, AuthorizedBy: e.caller})
}
