package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ReputationEvent is one change of a worker's score at the ReputationManager.
type ReputationEvent struct {
	Block    int64                 `db:"block_number"`
	Offset   int64                 `db:"log_offset"`
	ID       string                `db:"event_id"`
	TxHash   schemas.Hash          `db:"tx_hash"`
	Time     time.Time             `db:"block_timestamp"`
	WorkerID schemas.Felt          `db:"worker_id"`
	Type     string                `db:"event_type"` // initialized, updated, admin_adjusted
	Old      Maybe[int64]          `db:"old_score"`
	New      int64                 `db:"new_score"`
	Asked    Maybe[int64]          `db:"requested_delta"`
	Reason   Maybe[string]         `db:"reason"`
	JobID    Maybe[schemas.Amount] `db:"job_id"`
}

// ReputationEvents keeps the history of the scores. The delta is the one that was asked for: the score is kept between 0 and
// 1000, so that new less old may be another. Updates that the contract refuses leave no event.
var ReputationEvents = Journal[ReputationEvent]{
	Table: "reputation_events",
	Rows: func(f schemas.Fact) []ReputationEvent {
		r := ReputationEvent{Block: int64(f.Position.Block), Offset: f.Offset, ID: f.ID, TxHash: f.TxHash, Time: f.Time}
		switch e := f.Event.(type) {
		case schemas.ReputationManagerReputationInitialized:
			r.WorkerID, r.Type, r.New = e.WorkerID, "initialized", int64(e.InitialScore)
		case schemas.ReputationManagerReputationUpdated:
			r.WorkerID, r.Type, r.New, r.Reason = e.WorkerID, "updated", int64(e.NewScore), shortText(e.Reason)
			r.Old, r.Asked = Known(int64(e.OldScore)), Known(int64(e.ScoreDelta))
			if e.JobID != nil {
				r.JobID = Known(*e.JobID)
			}
		case schemas.ReputationManagerAdminAdjusted:
			r.WorkerID, r.Type, r.New, r.Reason = e.WorkerID, "admin_adjusted", int64(e.NewScore), shortText(e.Reason)
		default:
			return nil
		}
		return []ReputationEvent{r}
	},
}
