package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Pair is a trading pair of the OTCOrderbook; its base is always SAGE.
type Pair struct {
	ID           schemas.Amount         `db:"pair_id"`
	QuoteToken   Maybe[schemas.Address] `db:"quote_token"`
	MinOrderSize Maybe[schemas.Amount]  `db:"min_order_size"`
	AddedAt      Maybe[time.Time]       `db:"added_at"`
	Orders       int64                  `db:"orders_placed"`
	LastOrderAt  Maybe[time.Time]       `db:"last_order_at"`
	TxHash       schemas.Hash           `db:"tx_hash"`
}

// Pairs follows the pairs. Pair 0 is made by the constructor and has no event: it is known by its orders, and its quote token
// is not. Neither the tick size nor whether a pair is active is told by any event.
var Pairs = Entity[Pair]{
	Table: "pairs",
	Keys: func(f schemas.Fact) []string {
		switch e := f.Event.(type) {
		case schemas.OTCOrderbookPairAdded:
			return []string{pairID(e.PairID).String()}
		case schemas.OTCOrderbookOrderPlaced:
			return []string{pairID(e.PairID).String()}
		}
		return nil
	},
	Fold: func(p Pair, f schemas.Fact) Pair {
		p.TxHash = f.TxHash
		switch e := f.Event.(type) {
		case schemas.OTCOrderbookPairAdded:
			p.ID = pairID(e.PairID)
			p.QuoteToken, p.MinOrderSize, p.AddedAt = Known(e.QuoteToken), Known(e.MinOrderSize), Known(f.Time)
		case schemas.OTCOrderbookOrderPlaced:
			p.ID, p.LastOrderAt = pairID(e.PairID), Known(f.Time)
			p.Orders++
		}
		return p
	},
}

func pairID(n uint8) schemas.Amount { return schemas.AmountFromUint64(uint64(n)) }
