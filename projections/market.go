package projections

import (
	"math/big"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// PairView is a trading pair with what was traded in it.
type PairView struct {
	Pair
	Market
}

// Market is what was traded in a pair in the day before the newest block. Prices are quote per SAGE with 18 decimals, volumes are in
// wei of SAGE and of the quote token.
type Market struct {
	Last        *schemas.Amount // of the newest trade of all times
	Open        *schemas.Amount // of the newest trade before the day, or else of the first in it
	High, Low   *schemas.Amount // in it
	Volume      schemas.Amount
	QuoteVolume schemas.Amount
	Trades      int64
}

// OrderView is an order with the time of the block that changed it last.
type OrderView struct {
	Order
	Created   int64            `db:"created_block"`
	UpdatedAt Maybe[time.Time] `db:"updated_at"`
}

// OrderFilter says which orders a list is of; what is zero filters nothing.
type OrderFilter struct {
	Maker  *schemas.Address
	Pair   *int64
	Status OrderStatus
}

// Level is the orders of one price that rest in a book.
type Level struct {
	Side   string         `db:"side"`
	Price  schemas.Amount `db:"price"`
	Amount schemas.Amount `db:"amount"` // wei of SAGE that can still be traded
	Orders int64          `db:"orders"`
}

// OrderBook is what rests in a pair's book: bids from the highest price down, asks from the lowest up.
type OrderBook struct{ Bids, Asks []Level }

// TradeView is a trade with what its orders say of it.
type TradeView struct {
	Trade
	Pair Maybe[int64]  `db:"pair_id"`
	Side Maybe[string] `db:"taker_side"`
}

// TradeFilter says which trades a list is of; what is nil filters nothing.
type TradeFilter struct {
	Pair    *int64
	Account *schemas.Address // maker or taker
}

// Candle is the trades of a pair in a span of time.
type Candle struct {
	Start  time.Time      `db:"start"`
	Open   schemas.Amount `db:"open"`
	High   schemas.Amount `db:"high"`
	Low    schemas.Amount `db:"low"`
	Close  schemas.Amount `db:"close"`
	Volume schemas.Amount `db:"volume"` // wei of SAGE
	Trades int64          `db:"trades"`
}

// PricePoint is a price that held from a moment on.
type PricePoint struct {
	Time  time.Time      `db:"block_timestamp"`
	Price schemas.Amount `db:"price"`
}

// MeanPrice is the mean of prices up to a moment, each weighted with the time for which it held; nil of none.
func MeanPrice(prices []PricePoint, until time.Time) *schemas.Amount {
	if len(prices) == 0 {
		return nil
	}
	sum, span := new(big.Int), until.Sub(prices[0].Time)
	if span <= 0 {
		return &prices[len(prices)-1].Price
	}
	for i, p := range prices {
		end := until
		if i+1 < len(prices) {
			end = prices[i+1].Time
		}
		sum.Add(sum, new(big.Int).Mul(p.Price.Big(), big.NewInt(int64(end.Sub(p.Time)))))
	}
	mean, err := schemas.ParseAmount(sum.Div(sum, big.NewInt(int64(span))).String())
	if err != nil {
		panic(err) // a mean is no larger than the largest
	}
	return &mean
}
