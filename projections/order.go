package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// OrderStatus is where an order stands, in the words that published clients read.
type OrderStatus string

// The statuses of an order. None is ever expired: matching ignores the time of expiry, so an order past it still trades.
const (
	OrderOpen      OrderStatus = "open"
	OrderPartial   OrderStatus = "partial"
	OrderFilled    OrderStatus = "filled"
	OrderCancelled OrderStatus = "cancelled"
)

// Order is one order of the OTCOrderbook. A price is quote per SAGE with 18 decimals; amounts are in wei of SAGE.
type Order struct {
	ID        schemas.Amount         `db:"order_id"`
	Maker     Maybe[schemas.Address] `db:"maker_address"`
	PairID    Maybe[int64]           `db:"pair_id"`
	Side      Maybe[string]          `db:"side"`       // buy or sell
	Type      Maybe[string]          `db:"order_type"` // limit or market
	Price     Maybe[schemas.Amount]  `db:"price"`
	Amount    Maybe[schemas.Amount]  `db:"amount"`
	Filled    Maybe[schemas.Amount]  `db:"filled_amount"`
	Remaining Maybe[schemas.Amount]  `db:"remaining_amount"` // what can still be traded
	Status    OrderStatus            `db:"status"`
	PlacedAt  Maybe[time.Time]       `db:"placed_at"`
	ExpiresAt Maybe[time.Time]       `db:"expires_at"`
	EndedAt   Maybe[time.Time]       `db:"ended_at"`
	TxHash    schemas.Hash           `db:"tx_hash"`
}

// Orders follows the orders, one row each.
var Orders = Entity[Order]{Table: "orders", Keys: orderKeys, Fold: foldOrder, Doubt: doubtOrder}

const (
	orderLimit  = "limit"
	orderMarket = "market"
)

func orderKeys(f schemas.Fact) []string {
	switch e := f.Event.(type) {
	case schemas.OTCOrderbookOrderPlaced:
		return []string{e.OrderID.String()}
	case schemas.OTCOrderbookOrderFilled:
		return []string{e.OrderID.String()}
	case schemas.OTCOrderbookOrderCancelled:
		return []string{e.OrderID.String()}
	}
	return nil
}

func doubtOrder(o Order, f schemas.Fact) string {
	switch e := f.Event.(type) {
	case schemas.OTCOrderbookOrderPlaced:
		if o.PlacedAt.Known {
			return "an order is placed that was placed before"
		}
	case schemas.OTCOrderbookOrderFilled:
		switch {
		case !o.PlacedAt.Known:
			return "an order is filled that was never placed"
		case o.Type != Known(orderMarket) && o.EndedAt.Known:
			return "an order is filled that is " + string(o.Status)
		case o.Type != Known(orderMarket) && o.Remaining.Known && o.Remaining.Value.Cmp(e.FilledAmount) < 0:
			return "more is filled of an order than was left"
		}
	case schemas.OTCOrderbookOrderCancelled:
		switch {
		case !o.PlacedAt.Known:
			return "an order is cancelled that was never placed"
		case o.EndedAt.Known:
			return "an order is cancelled that is " + string(o.Status)
		}
	}
	return ""
}

func foldOrder(o Order, f schemas.Fact) Order {
	o.TxHash = f.TxHash
	switch e := f.Event.(type) {
	case schemas.OTCOrderbookOrderPlaced:
		o.ID, o.Maker, o.PairID = e.OrderID, Known(e.Maker), Known(int64(e.PairID))
		o.Side, o.Type = Known(orderSide(e.Side)), Known(orderType(e.OrderType))
		o.Price, o.Amount, o.Filled, o.Remaining = Known(e.Price), Known(e.Amount), Known(schemas.Amount{}), Known(e.Amount)
		o.Status, o.PlacedAt, o.ExpiresAt = OrderOpen, Known(f.Time), chainTime(e.ExpiresAt)
	case schemas.OTCOrderbookOrderFilled:
		o.ID, o.Remaining = e.OrderID, Known(e.RemainingAmount)
		if o.Filled.Known {
			o.Filled = Known(o.Filled.Value.Add(e.FilledAmount))
		}
		o.Status = OrderPartial
		if e.Status == schemas.OTCOrderbookOrderStatusFilled {
			o.Status, o.EndedAt = OrderFilled, Known(f.Time)
		}
	case schemas.OTCOrderbookOrderCancelled:
		o.ID, o.Maker, o.Remaining = e.OrderID, Known(e.Maker), Known(schemas.Amount{})
		o.Status, o.EndedAt = OrderCancelled, Known(f.Time)
	}
	return o.endedIfMarket(f.Time)
}

// endedIfMarket ends a market order that is not filled. Such an order never outlives its transaction: the contract fills what
// it can and cancels the rest, and there is no event for that. Rows are seen block by block, so what the order is between its
// own events nobody sees.
func (o Order) endedIfMarket(at time.Time) Order {
	if o.Type == Known(orderMarket) && o.Status != OrderFilled {
		o.Status, o.Remaining, o.EndedAt = OrderCancelled, Known(schemas.Amount{}), Known(at)
	}
	return o
}

func orderSide(s schemas.OTCOrderbookOrderSide) string {
	if s == schemas.OTCOrderbookOrderSideSell {
		return "sell"
	}
	return "buy"
}

func orderType(t schemas.OTCOrderbookOrderType) string {
	if t == schemas.OTCOrderbookOrderTypeMarket {
		return orderMarket
	}
	return orderLimit
}
