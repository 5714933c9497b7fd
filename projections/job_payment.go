package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// JobPaymentStatus is how far a job's payment has come.
type JobPaymentStatus string

// The statuses of a job's payment, in their order. The first three are promises.
const (
	JobPaymentRegistered JobPaymentStatus = "registered" // waits for a proof
	JobPaymentReady      JobPaymentStatus = "ready"      // the proof is there
	JobPaymentReleased   JobPaymentStatus = "released"   // PaymentRouter may pay the worker, and no tokens have moved
	JobPaymentCancelled  JobPaymentStatus = "cancelled"  // the result was challenged and found wrong: nothing is promised any more
	JobPaymentPaid       JobPaymentStatus = "paid"
)

// JobPayment is what a job's worker is to get and what came: the sum of the promises that are not paid is what is pending.
type JobPayment struct {
	JobID        schemas.Amount         `db:"job_id"`
	Worker       Maybe[schemas.Address] `db:"worker_address"`
	Status       JobPaymentStatus       `db:"status"`
	Promised     Maybe[schemas.Amount]  `db:"promised_amount"`
	Paid         schemas.Amount         `db:"paid_amount"`
	Source       Maybe[string]          `db:"verification_source"`
	Private      Maybe[bool]            `db:"privacy_enabled"`
	RegisteredAt Maybe[time.Time]       `db:"registered_at"`
	ReadyAt      Maybe[time.Time]       `db:"ready_at"`
	ReleasedAt   Maybe[time.Time]       `db:"released_at"`
	CancelledAt  Maybe[time.Time]       `db:"cancelled_at"`
	PaidAt       Maybe[time.Time]       `db:"paid_at"`
	TxHash       schemas.Hash           `db:"tx_hash"`
}

// JobPayments follows the payment of each job that is to be paid against a proof, or that was paid. JobManager and
// ProofGatedPayment tell of the same promise, each with an event of its own.
var JobPayments = Entity[JobPayment]{Table: "job_payments", Version: 1, Keys: jobPaymentKeys, Fold: foldJobPayment}

func jobPaymentKeys(f schemas.Fact) []string {
	switch e := f.Event.(type) {
	case schemas.JobManagerJobPaymentRegistered:
		return []string{e.JobID.String()}
	case schemas.ProofGatedPaymentJobPaymentRegistered:
		return []string{e.JobID.String()}
	case schemas.ProofGatedPaymentProofVerifiedPaymentReady:
		return []string{e.JobID.String()}
	case schemas.ProofGatedPaymentTEEFinalizedPaymentReady:
		return []string{e.JobID.String()}
	case schemas.ProofGatedPaymentPaymentReleased:
		return []string{e.JobID.String()}
	case schemas.ProofGatedPaymentDisputeResolved:
		if e.ChallengerWins { // the other end of a dispute is a PaymentReleased
			return []string{e.JobID.String()}
		}
	case schemas.PaymentRouterWorkerPaid:
		return []string{e.JobID.String()}
	case schemas.JobManagerPaymentReleased:
		return []string{e.JobID.String()}
	}
	return nil
}

func foldJobPayment(p JobPayment, f schemas.Fact) JobPayment {
	p.TxHash = f.TxHash
	at := Known(f.Time)
	switch e := f.Event.(type) {
	case schemas.ProofGatedPaymentJobPaymentRegistered:
		p.JobID, p.Worker, p.Promised = e.JobID, Known(e.Worker), Known(e.SageAmount)
		p.Status, p.RegisteredAt = p.at(JobPaymentRegistered), at
	case schemas.JobManagerJobPaymentRegistered:
		p.JobID, p.Worker, p.Promised, p.Private = e.JobID, Known(e.Worker), Known(e.SageAmount), Known(e.PrivacyEnabled)
		p.Status, p.RegisteredAt = p.at(JobPaymentRegistered), at
	case schemas.ProofGatedPaymentProofVerifiedPaymentReady:
		p.JobID, p.ReadyAt = e.JobID, at // where StwoVerifier calls, the proof's hash is told as 0
		p.Status = p.at(JobPaymentReady)
	case schemas.ProofGatedPaymentTEEFinalizedPaymentReady:
		p.JobID, p.ReadyAt = e.JobID, at
		p.Status = p.at(JobPaymentReady)
	case schemas.ProofGatedPaymentPaymentReleased:
		p.JobID, p.Worker, p.Promised, p.Private = e.JobID, Known(e.Worker), Known(e.SageAmount), Known(e.PrivacyEnabled)
		p.Source, p.ReleasedAt, p.CancelledAt = shortText(e.VerificationSource), at, Maybe[time.Time]{}
		p.Status = p.at(JobPaymentReleased)
	case schemas.ProofGatedPaymentDisputeResolved:
		p.JobID, p.CancelledAt = e.JobID, at
		p.Status = p.at(JobPaymentCancelled)
	case schemas.PaymentRouterWorkerPaid:
		p = p.paid(e.JobID, e.Worker, e.SageAmount, f.Time)
	case schemas.JobManagerPaymentReleased:
		p = p.paid(e.JobID, e.Worker, e.Amount, f.Time)
	}
	return p
}

// at returns the status after another step. A payment that was made stays made: a job may be paid before all is told of it.
func (p JobPayment) at(next JobPaymentStatus) JobPaymentStatus {
	if p.Status == JobPaymentPaid {
		return JobPaymentPaid
	}
	return next
}

func (p JobPayment) paid(job schemas.Amount, worker schemas.Address, amount schemas.Amount, at time.Time) JobPayment {
	p.JobID, p.Worker, p.Paid = job, Known(worker), p.Paid.Add(amount)
	p.Status, p.PaidAt = JobPaymentPaid, Known(at)
	return p
}
