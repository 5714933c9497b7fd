package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TransferKind is what a row of the transfers tells.
type TransferKind string

// The kinds of a transfer. The token tells one that is large three times over: it takes the amount from the sender when the transfer is
// initiated, moves it once more when it is executed, and tells that move twice, around LargeTransferExecuted.
const (
	TransferMoved     TransferKind = "transfer"
	TransferMinted    TransferKind = "mint"
	TransferInitiated TransferKind = "large_initiated" // taken from the sender, not yet given to anybody
	TransferExecuted  TransferKind = "large_executed"  // moves nothing: the transfer before it did, and the one after it is the same again
)

// Transfer is a movement of SAGE as its contract told it. The view wallet_transfers leaves out what is told twice.
type Transfer struct {
	Block      int64           `db:"block_number"`
	Offset     int64           `db:"log_offset"`
	EventID    string          `db:"event_id"`
	TxHash     schemas.Hash    `db:"tx_hash"`
	Time       time.Time       `db:"block_timestamp"`
	EventIndex int64           `db:"event_index"` // in its transaction
	Kind       TransferKind    `db:"kind"`
	From       schemas.Address `db:"from_address"` // zero for what is minted
	To         schemas.Address `db:"to_address"`
	Amount     schemas.Amount  `db:"amount"`
}

// Transfers keeps every movement of SAGE that an event tells. They do not add up to balances: gas fees are taken, and revenue is burned,
// without one.
var Transfers = Journal[Transfer]{
	Table: "transfers",
	Rows: func(f schemas.Fact) []Transfer {
		t := Transfer{
			Block: int64(f.Position.Block), Offset: f.Offset, EventID: f.ID, TxHash: f.TxHash, Time: f.Time, EventIndex: int64(f.Position.Event),
		}
		switch e := f.Event.(type) {
		case schemas.SAGETokenTransfer:
			t.Kind, t.From, t.To, t.Amount = TransferMoved, e.From, e.To, e.Value
			if e.From.IsZero() {
				t.Kind = TransferMinted
			}
		case schemas.SAGETokenLargeTransferInitiated:
			t.Kind, t.From, t.To, t.Amount = TransferInitiated, e.From, e.To, e.Amount
		case schemas.SAGETokenLargeTransferExecuted:
			t.Kind, t.From, t.To, t.Amount = TransferExecuted, e.From, e.To, e.Amount
		default:
			return nil
		}
		return []Transfer{t}
	},
}
