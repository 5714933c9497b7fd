package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// PaymentType says which way a payment took to its worker.
type PaymentType string

// The ways of a payment.
const (
	PaymentJob     PaymentType = "job"     // JobManager pays from what it holds, net of the platform's fee
	PaymentRouted  PaymentType = "routed"  // PaymentRouter pays the worker's share of a client's payment
	PaymentPrivate PaymentType = "private" // PrivacyRouter credits the worker; the amount is encrypted
)

// Payment is tokens that reached a worker.
type Payment struct {
	Block   int64                 `db:"block_number"`
	Offset  int64                 `db:"log_offset"`
	ID      string                `db:"event_id"`
	TxHash  schemas.Hash          `db:"tx_hash"`
	Time    time.Time             `db:"block_timestamp"`
	Type    PaymentType           `db:"payment_type"`
	JobID   schemas.Amount        `db:"job_id"`
	Worker  schemas.Address       `db:"worker_address"`
	Amount  Maybe[schemas.Amount] `db:"amount"` // in wei of the token
	Token   Maybe[string]         `db:"token"`  // a symbol
	Private Maybe[bool]           `db:"privacy_enabled"`
}

// Payments keeps what workers were paid. Of the two events named PaymentReleased only JobManager's is a payment:
// ProofGatedPayment's says that a payment may be made, and no tokens move until PaymentRouter's WorkerPaid.
var Payments = Journal[Payment]{Table: "payments", Rows: paymentRows}

const tokenSage = "SAGE"

func paymentRows(f schemas.Fact) []Payment {
	p := Payment{Block: int64(f.Position.Block), Offset: f.Offset, ID: f.ID, TxHash: f.TxHash, Time: f.Time}
	switch e := f.Event.(type) {
	case schemas.JobManagerPaymentReleased:
		p.Type, p.JobID, p.Worker = PaymentJob, e.JobID, e.Worker
		p.Amount, p.Token = Known(e.Amount), Known(tokenSage)
	case schemas.PaymentRouterWorkerPaid:
		p.Type, p.JobID, p.Worker = PaymentRouted, e.JobID, e.Worker
		p.Amount, p.Token, p.Private = Known(e.SageAmount), Known(tokenSage), Known(e.PrivacyEnabled)
	case schemas.PrivacyRouterWorkerPaymentReceived:
		// The asset has a number and no name here; what was paid nobody but the worker can read.
		p.Type, p.JobID, p.Worker, p.Private = PaymentPrivate, e.JobID, e.Worker, Known(true)
	default:
		return nil
	}
	return []Payment{p}
}
