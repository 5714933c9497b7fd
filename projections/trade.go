package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Trade is one match of two orders at the OTCOrderbook. Which pair it is of, and which side took, its event does not say: the
// orders do, and the view trades_in_pairs joins them.
type Trade struct {
	Block      int64           `db:"block_number"`
	Offset     int64           `db:"log_offset"`
	EventID    string          `db:"event_id"`
	TxHash     schemas.Hash    `db:"tx_hash"`
	Time       time.Time       `db:"block_timestamp"`
	ID         schemas.Amount  `db:"trade_id"`
	MakerOrder schemas.Amount  `db:"maker_order_id"`
	TakerOrder schemas.Amount  `db:"taker_order_id"`
	Maker      schemas.Address `db:"maker_address"`
	Taker      schemas.Address `db:"taker_address"`
	Price      schemas.Amount  `db:"price"`        // quote per SAGE, 18 decimals
	Amount     schemas.Amount  `db:"amount"`       // SAGE
	Quote      schemas.Amount  `db:"quote_amount"` // the pair's quote token
	MakerFee   schemas.Amount  `db:"maker_fee"`
	TakerFee   schemas.Amount  `db:"taker_fee"`
}

// Trades keeps every trade. Both fees are told as shares of the quote amount, although the buyer's fee is taken in SAGE.
var Trades = Journal[Trade]{
	Table: "trades",
	Rows: func(f schemas.Fact) []Trade {
		e, ok := f.Event.(schemas.OTCOrderbookTradeExecuted)
		if !ok {
			return nil
		}
		return []Trade{{
			Block: int64(f.Position.Block), Offset: f.Offset, EventID: f.ID, TxHash: f.TxHash, Time: f.Time,
			ID: e.TradeID, MakerOrder: e.MakerOrderID, TakerOrder: e.TakerOrderID, Maker: e.Maker, Taker: e.Taker,
			Price: e.Price, Amount: e.Amount, Quote: e.QuoteAmount, MakerFee: e.MakerFee, TakerFee: e.TakerFee,
		}}
	},
}
