package projections

import (
	"encoding/json"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Pair is a trading pair of the OTCOrderbook.
type Pair struct {
	ID           schemas.Amount         `db:"pair_id"`
	QuoteToken   Maybe[schemas.Address] `db:"quote_token"`
	MinOrderSize Maybe[schemas.Amount]  `db:"min_order_size"`
	AddedAt      Maybe[time.Time]       `db:"added_at"`
	Orders       int64                  `db:"orders_placed"`
	LastOrderAt  Maybe[time.Time]       `db:"last_order_at"`
	TxHash       Maybe[schemas.Hash]    `db:"tx_hash"`
	ObservedPair
}

// ObservedPair is what the view says of a pair: two members that the pair's event told, if it had one, and three that none tells.
type ObservedPair struct {
	BaseToken        Maybe[schemas.Address] `db:"base_token,observed"`
	SeenQuote        Maybe[schemas.Address] `db:"observed_quote_token,observed"`
	SeenMinOrderSize Maybe[schemas.Amount]  `db:"observed_min_order_size,observed"`
	TickSize         Maybe[schemas.Amount]  `db:"tick_size,observed"`
	Active           Maybe[bool]            `db:"is_active,observed"`
	SeenSince        Maybe[time.Time]       `db:"observed_since,observed"` // the first block that was seen with these
}

// Quote returns the token that prices are in, whoever told it.
func (p Pair) Quote() Maybe[schemas.Address] { return p.QuoteToken.or(p.SeenQuote) }

// LeastOrder returns the smallest size of an order, in wei of SAGE, whoever told it.
func (p Pair) LeastOrder() Maybe[schemas.Amount] { return p.MinOrderSize.or(p.SeenMinOrderSize) }

// Pairs follows the pairs. Pair 0 is made by the constructor and has no event: it is known by its orders, and by what was observed.
// Neither the tick size nor whether a pair is active is told by any event: they are observed.
var Pairs = Entity[Pair]{
	Table:   "pairs",
	Version: 1,
	Keys: func(f schemas.Fact) []string {
		switch e := f.Event.(type) {
		case schemas.OTCOrderbookPairAdded:
			return []string{pairID(e.PairID).String()}
		case schemas.OTCOrderbookOrderPlaced:
			return []string{pairID(e.PairID).String()}
		case schemas.PairDetails:
			if id, ok := observedPair(f, e); ok {
				return []string{id.String()}
			}
		}
		return nil
	},
	Fold: func(p Pair, f schemas.Fact) Pair {
		if e, ok := f.Event.(schemas.PairDetails); ok {
			return p.observed(f, e)
		}
		p.TxHash = Known(f.TxHash)
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

// observedPair names the pair that a view was asked about; the answer does not. There is none where it is all zeros.
func observedPair(f schemas.Fact, e schemas.PairDetails) (schemas.Amount, bool) {
	var of schemas.PairArgument
	if err := json.Unmarshal(f.Args, &of); err != nil || e.QuoteToken.IsZero() {
		return schemas.Amount{}, false
	}
	return pairID(of.PairID), true
}

func (p Pair) observed(f schemas.Fact, e schemas.PairDetails) Pair {
	p.ID, _ = observedPair(f, e)
	seen := ObservedPair{Known(e.BaseToken), Known(e.QuoteToken), Known(e.MinOrderSize), Known(e.TickSize), Known(e.IsActive), p.SeenSince}
	if p.ObservedPair != seen {
		seen.SeenSince = Known(f.Time)
	}
	p.ObservedPair = seen
	return p
}
