package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Reputation is a worker's score at the ReputationManager, which knows workers by id and not by address.
type Reputation struct {
	WorkerID  schemas.Felt `db:"worker_id"`
	Score     int64        `db:"score"` // 0 to 1000
	UpdatedAt time.Time    `db:"updated_at"`
}

// Reputations follows the scores, one row per worker id.
var Reputations = Entity[Reputation]{
	Table: "reputations",
	Keys: func(f schemas.Fact) []string {
		switch e := f.Event.(type) {
		case schemas.ReputationManagerReputationInitialized:
			return []string{e.WorkerID.String()}
		case schemas.ReputationManagerReputationUpdated:
			return []string{e.WorkerID.String()}
		case schemas.ReputationManagerAdminAdjusted:
			return []string{e.WorkerID.String()}
		}
		return nil
	},
	Fold: foldReputation,
}

// foldReputation takes the new score, never the delta: the contract clamps the score and keeps the requested delta.
func foldReputation(r Reputation, f schemas.Fact) Reputation {
	r.UpdatedAt = f.Time
	switch e := f.Event.(type) {
	case schemas.ReputationManagerReputationInitialized:
		r.WorkerID, r.Score = e.WorkerID, int64(e.InitialScore)
	case schemas.ReputationManagerReputationUpdated:
		r.WorkerID, r.Score = e.WorkerID, int64(e.NewScore)
	case schemas.ReputationManagerAdminAdjusted:
		r.WorkerID, r.Score = e.WorkerID, int64(e.NewScore)
	}
	return r
}
