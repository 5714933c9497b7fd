package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// NetworkHour is what the chain added to the network's numbers in one hour of block time. It holds differences, so that an hour
// needs no other row; the view network_stats has the sums as of the last block of each hour.
type NetworkHour struct {
	ID        string         `db:"network_hour"` // the hour in RFC 3339
	Hour      time.Time      `db:"hour"`         // its beginning
	Submitted int64          `db:"jobs_submitted"`
	Completed int64          `db:"jobs_completed"`
	Cancelled int64          `db:"jobs_cancelled"`
	Paid      schemas.Amount `db:"paid_amount"`     // to workers
	StakedIn  schemas.Amount `db:"staked_amount"`   // at ProverStaking
	StakedOut schemas.Amount `db:"unstaked_amount"` // paid back
	Slashed   schemas.Amount `db:"slashed_amount"`
	Minted    schemas.Amount `db:"minted_amount"`
	Burned    schemas.Amount `db:"burned_amount"`
	Trades    int64          `db:"trades"`
	Traded    schemas.Amount `db:"traded_amount"`
	Frauds    int64          `db:"frauds_detected"`
}

// NetworkHours sums up the network, one row per hour in which any of these events came.
var NetworkHours = Entity[NetworkHour]{
	Table: "network_hours",
	Keys: func(f schemas.Fact) []string {
		if _, ok := (NetworkHour{}).with(f.Event); ok {
			return []string{hourOf(f).Format(time.RFC3339)}
		}
		return nil
	},
	Fold: func(h NetworkHour, f schemas.Fact) NetworkHour {
		h, _ = h.with(f.Event)
		h.Hour = hourOf(f)
		h.ID = h.Hour.Format(time.RFC3339)
		return h
	},
}

func hourOf(f schemas.Fact) time.Time { return f.Time.UTC().Truncate(time.Hour) }

// with returns the hour with an event counted in, and whether the event counts at all.
func (h NetworkHour) with(event schemas.Event) (NetworkHour, bool) {
	switch e := event.(type) {
	case schemas.JobManagerJobSubmitted:
		h.Submitted++
	case schemas.JobManagerJobCompleted:
		h.Completed++
	case schemas.JobManagerJobCancelled:
		h.Cancelled++
	case schemas.JobManagerPaymentReleased:
		h.Paid = h.Paid.Add(e.Amount)
	case schemas.PaymentRouterWorkerPaid:
		h.Paid = h.Paid.Add(e.SageAmount) // as in [Workers]
	case schemas.ProverStakingStaked:
		h.StakedIn = h.StakedIn.Add(e.Amount)
	case schemas.ProverStakingUnstakeCompleted:
		h.StakedOut = h.StakedOut.Add(e.Amount)
	case schemas.ProverStakingSlashed:
		h.Slashed = h.Slashed.Add(e.Amount)
	case schemas.SAGETokenTransfer:
		// Every way to mint ends in such a Transfer; its other events would count twice.
		if !e.From.IsZero() {
			return h, false
		}
		h.Minted = h.Minted.Add(e.Value)
	case schemas.SAGETokenBurn:
		h.Burned = h.Burned.Add(e.Amount) // goes without a Transfer to zero
	case schemas.OTCOrderbookTradeExecuted:
		h.Trades++
		h.Traded = h.Traded.Add(e.Amount)
	case schemas.FraudProofFraudDetected:
		h.Frauds++
	default:
		return h, false
	}
	return h, true
}
