package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// proofGatedPayment holds a job's payment back until its proof is verified. To release one is to tell PaymentRouter whom the
// job's payment is for; no tokens move.
type proofGatedPayment struct {
	Contract
	jobs, proofs, tee address
	router            *paymentRouter

	payments Map[uint64, gatedPayment]
}

type gatedPayment struct {
	JobID      amount  `json:"job_id"`
	Worker     address `json:"worker"`
	Client     address `json:"client"`
	Sage       amount  `json:"sage_amount"`
	USD        amount  `json:"usd_value"`
	Source     string  `json:"verification_source"`
	Status     string  `json:"status"`
	VerifiedAt u64     `json:"proof_verified_at"`
	ReleasedAt u64     `json:"payment_released_at"`
	Privacy    bool    `json:"privacy_enabled"`
}

func (g *proofGatedPayment) functions() {
	g.views = map[string]view{
		"get_job_payment": ask(func(e *Env, q plainJobArgs) gatedPayment {
			p, known := g.payments.find(e, low(q.JobID))
			if !known {
				e.unknownEnum()
			}
			return p
		}),
		"is_payment_ready":    ask(func(e *Env, q plainJobArgs) bool { return g.ready(e, q.JobID) }),
		"get_job_checkpoints": constant(0),
		"is_configured":       constant(true),
		"is_finalized":        constant(false),
	}
}

type (
	plainJobArgs struct {
		JobID amount `json:"job_id"`
	}
	registerPaymentArgs struct {
		JobID  amount
		Worker address
		Client address
		Sage   amount
		USD    amount
	}
)

func (g *proofGatedPayment) register(e *Env, a registerPaymentArgs) {
	e.require(e.caller == g.jobs, "Not authorized")
	_, known := g.payments.find(e, low(a.JobID))
	e.require(!known, "Job already registered")
	g.payments.set(e, low(a.JobID), gatedPayment{
		JobID: a.JobID, Worker: a.Worker, Client: a.Client, Sage: a.Sage, USD: a.USD, Source: "STWOProof", Status: "Pending",
	})
	e.emit(schemas.ProofGatedPaymentJobPaymentRegistered{JobID: a.JobID, Worker: a.Worker, SageAmount: a.Sage, Timestamp: e.block.Time})
}

// proofVerified releases the payment at once, which is why JobManager never finds one that is ready.
func (g *proofGatedPayment) proofVerified(e *Env, job amount, proof felt) {
	e.require(e.caller == g.proofs, "Only ProofVerifier")
	p, known := g.payments.find(e, low(job))
	e.require(known, "Job not registered")
	e.require(p.Status == "Pending", "Invalid status")
	e.emit(schemas.ProofGatedPaymentProofVerifiedPaymentReady{JobID: job, ProofHash: proof, Timestamp: e.block.Time})
	g.release(e, p, "STWO_PROOF")
}

func (g *proofGatedPayment) release(e *Env, p gatedPayment, source string) {
	p.Status, p.VerifiedAt, p.ReleasedAt = "PaymentReleased", u64(e.block.Time), u64(e.block.Time)
	g.router.workers.set(e, low(p.JobID), p.Worker)
	g.payments.set(e, low(p.JobID), p)
	e.emit(schemas.ProofGatedPaymentPaymentReleased{
		JobID: p.JobID, Worker: p.Worker, SageAmount: p.Sage, VerificationSource: schemas.ShortString(source),
		PrivacyEnabled: p.Privacy, Timestamp: e.block.Time,
	})
}

func (g *proofGatedPayment) teeFinalized(e *Env, job amount) {
	e.require(e.caller == g.tee, "Only OptimisticTEE")
	p, known := g.payments.find(e, low(job))
	e.require(known, "Job not registered")
	e.require(p.Status == "Pending", "Invalid status")
	e.emit(schemas.ProofGatedPaymentTEEFinalizedPaymentReady{JobID: job, Timestamp: e.block.Time})
	p.Source = "TEEOptimistic"
	g.release(e, p, "TEE_OPTIMISTIC")
}

// challengeResolved cancels the payment, or releases it, whatever it was before.
func (g *proofGatedPayment) challengeResolved(e *Env, job amount, convicted bool) {
	e.require(e.caller == g.tee, "Only OptimisticTEE")
	p, known := g.payments.find(e, low(job))
	e.require(known, "Job not registered")
	if convicted {
		p.Status = "Cancelled"
		g.payments.set(e, low(job), p)
	} else {
		p.Source = "TEEChallenged"
		g.release(e, p, "TEE_CHALLENGED")
	}
	e.emit(schemas.ProofGatedPaymentDisputeResolved{JobID: job, ChallengerWins: convicted, Timestamp: e.block.Time})
}

// ready tells whether a payment waits to be released; auto-release leaves none.
func (g *proofGatedPayment) ready(e *Env, job amount) bool {
	p, known := g.payments.find(e, low(job))
	return known && p.Status == "ProofVerified"
}
