package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Anomaly is an event that cannot be, by what the log held before it: such as the completion of a job that was never submitted, which a
// log that begins in the middle of a chain has too. Its fold is total all the same: what does not follow is unknown.
type Anomaly struct {
	BlockNumber int64        `db:"block_number"`
	Offset      int64        `db:"log_offset"`
	EventID     string       `db:"event_id"`
	TxHash      schemas.Hash `db:"tx_hash"`
	Time        time.Time    `db:"block_timestamp"`
	Contract    string       `db:"contract_name"`
	EventType   string       `db:"event_type"`
	Model       string       `db:"read_model"` // table of the entity that it does not fit
	Key         string       `db:"entity_key"`
	Reason      string       `db:"reason"`
}

// Anomalies is filled by the engine, from what [Entity.Doubt] says: no fact alone tells of one.
var Anomalies = Journal[Anomaly]{Table: "anomalies", Rows: func(schemas.Fact) []Anomaly { return nil }}

var anomalyRow = rowOf[Anomaly]()

// anomaly is the row that says why a fact does not fit an entity.
func anomaly(model, key, reason string, f schemas.Fact) []any {
	return anomalyRow.values(Anomaly{
		BlockNumber: int64(f.Position.Block), Offset: f.Offset, EventID: f.ID, TxHash: f.TxHash, Time: f.Time,
		Contract: f.ContractName, EventType: f.Type, Model: model, Key: key, Reason: reason,
	})
}
