package projections

import (
	"encoding/json"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// BlockchainEvent is one contract event, decoded or raw.
type BlockchainEvent struct {
	Block        int64           `db:"block_number"`
	Tx           int64           `db:"tx_index"`
	Event        int64           `db:"event_index"`
	ID           string          `db:"event_id"`
	Contract     schemas.Address `db:"contract_address"`
	ContractName string          `db:"contract_name"`
	Name         string          `db:"event_name"`
	Type         string          `db:"event_type"`
	Data         json.RawMessage `db:"event_data"`
	Reason       Maybe[string]   `db:"undecoded_reason"`
	Raw          json.RawMessage `db:"raw"`
	TxHash       schemas.Hash    `db:"tx_hash"`
	BlockHash    schemas.Hash    `db:"block_hash"`
	Time         time.Time       `db:"block_timestamp"`
	Offset       int64           `db:"log_offset"`
}

// BlockchainEvents keeps every event of every contract, in chain order. What was observed is no event.
var BlockchainEvents = Journal[BlockchainEvent]{
	Table: "blockchain_events",
	Rows: func(f schemas.Fact) []BlockchainEvent {
		if f.Observed() {
			return nil
		}
		raw, err := json.Marshal(f.Raw)
		if err != nil {
			panic("projections: felts that JSON cannot hold: " + err.Error()) // felts always marshal
		}
		e := BlockchainEvent{
			Block: int64(f.Position.Block), Tx: int64(f.Position.Tx), Event: int64(f.Position.Event),
			ID: f.ID, Contract: f.Contract, ContractName: f.ContractName, Name: f.Name, Type: f.Type,
			Data: f.Data, Raw: raw, TxHash: f.TxHash, BlockHash: f.BlockHash, Time: f.Time, Offset: f.Offset,
		}
		if f.Reason != "" {
			e.Reason = Known(f.Reason)
		}
		return []BlockchainEvent{e}
	},
}
