package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// SlashingEvent is stake that was taken from somebody, with the reason.
type SlashingEvent struct {
	Block        int64                  `db:"block_number"`
	Offset       int64                  `db:"log_offset"`
	ID           string                 `db:"event_id"`
	TxHash       schemas.Hash           `db:"tx_hash"`
	Time         time.Time              `db:"block_timestamp"`
	Contract     string                 `db:"contract_name"`
	Staker       Maybe[schemas.Address] `db:"worker_address"`
	WorkerID     Maybe[schemas.Felt]    `db:"worker_id"`
	Amount       schemas.Amount         `db:"amount"`
	Reason       Maybe[string]          `db:"reason"`
	JobID        Maybe[schemas.Amount]  `db:"job_id"`
	ToChallenger Maybe[schemas.Amount]  `db:"to_challenger"`
	ToBurn       Maybe[schemas.Amount]  `db:"to_burn"`
	ToTreasury   Maybe[schemas.Amount]  `db:"to_treasury"`
}

// SlashingEvents keeps every slash that an event tells, once. OptimisticTEE announces its slashes too, with an amount that is
// always 0: the slash itself is ProverStaking's event of the same transaction. CDCPool slashes without an event.
var SlashingEvents = Journal[SlashingEvent]{
	Table: "slashing_events",
	Rows: func(f schemas.Fact) []SlashingEvent {
		s := SlashingEvent{
			Block: int64(f.Position.Block), Offset: f.Offset, ID: f.ID, TxHash: f.TxHash, Time: f.Time, Contract: f.ContractName,
		}
		switch e := f.Event.(type) {
		case schemas.ProverStakingSlashed:
			s.Staker, s.Amount, s.Reason, s.JobID = Known(e.Worker), e.Amount, Known(string(e.Reason)), feltNumber(e.JobID)
		case schemas.WorkerStakingSlashed:
			s.WorkerID, s.Amount, s.Reason = Known(e.WorkerID), e.Amount, shortText(e.Reason)
			s.ToChallenger, s.ToBurn, s.ToTreasury = Known(e.ToChallenger), Known(e.ToBurn), Known(e.ToTreasury)
		case schemas.CollateralCollateralSlashed:
			s.Staker, s.Amount, s.Reason = Known(e.Participant), e.Amount, Known(string(e.Reason))
		default:
			return nil
		}
		return []SlashingEvent{s}
	},
}

// feltNumber reads the id of a job from a contract that keeps it as a felt.
func feltNumber(f schemas.Felt) Maybe[schemas.Amount] {
	n, err := schemas.AmountFromBig(f.Big())
	if err != nil {
		return Maybe[schemas.Amount]{} // a felt always fits
	}
	return Known(n)
}
