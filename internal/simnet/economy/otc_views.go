package economy

import (
	"slices"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

type (
	pairArgs struct {
		Pair uint8 `json:"pair_id"`
	}
	pairPageArgs struct {
		Pair   uint8  `json:"pair_id"`
		Offset uint32 `json:"offset"`
		Limit  uint32 `json:"limit"`
	}
)

func (b *otcOrderbook) viewFunctions() {
	price := func(side orderSide) view {
		return ask(func(e *Env, q pairArgs) amount { return b.best.get(e, bookSide{q.Pair, side}) })
	}
	b.views = map[string]view{
		"get_order": ask(func(e *Env, q orderArgs) order {
			o, known := b.orders.find(e, low(q.OrderID))
			if !known {
				return order{Side: buy, Type: schemas.OTCOrderbookOrderTypeLimit, Status: orderOpen}
			}
			return o
		}),
		"get_user_orders": ask(func(e *Env, q struct {
			User address `json:"user"`
		},
		) []amount {
			out := []amount{}
			for _, o := range b.openOrders(e, q.User) {
				out = append(out, o.ID)
			}
			return out
		}),
		"get_best_bid": price(buy),
		"get_best_ask": price(sell),
		"get_spread": ask(func(e *Env, q pairArgs) amount {
			bid, ask := b.best.get(e, bookSide{q.Pair, buy}), b.best.get(e, bookSide{q.Pair, sell})
			if bid.IsZero() {
				return bid
			}
			return ask.Sub(bid)
		}),
		"get_pair":        ask(func(e *Env, q pairArgs) tradingPair { return b.pairs.get(e, q.Pair) }),
		"get_config":      cellView(&b.config),
		"get_order_count": cellView(&b.orderCount),
		"get_trade_count": cellView(&b.tradeCount),
		"get_stats": tell(func(e *Env) list {
			return list{b.orderCount.get(e), b.tradeCount.get(e), b.volume.get(e), b.quoteVolume.get(e, 0)}
		}),
		"get_twap": ask(b.twap),
		"get_24h_stats": ask(func(e *Env, q pairArgs) list {
			d := b.market.get(e, q.Pair)
			return list{d.volume, d.high, d.low, d.price}
		}),
		"get_last_trade": ask(func(e *Env, q pairArgs) list {
			d := b.market.get(e, q.Pair)
			return list{d.price, d.amount, u64(d.at)}
		}),
		"get_snapshot_count": ask(func(e *Env, q pairArgs) uint32 { return b.snapshotCount.get(e, q.Pair) }),
		"get_price_snapshot": ask(func(e *Env, q struct {
			Pair  uint8  `json:"pair_id"`
			Index uint32 `json:"index"`
		},
		) list {
			s := b.snapshots.get(e, snapshotSlot{q.Pair, q.Index})
			return list{s.price, u64(s.at)}
		}),
		"get_active_orders": ask(b.activeOrders),
		"get_trade_history": ask(b.tradeHistory),
		"get_orderbook_depth": ask(func(e *Env, q struct {
			Pair   uint8  `json:"pair_id"`
			Levels uint32 `json:"max_levels"`
		},
		) list {
			return list{b.depth(e, bookSide{q.Pair, buy}, q.Levels), b.depth(e, bookSide{q.Pair, sell}, q.Levels)}
		}),
		"get_orders_at_price": ask(func(e *Env, q struct {
			Pair  uint8     `json:"pair_id"`
			Side  orderSide `json:"side"`
			Price amount    `json:"price"`
			Limit uint32    `json:"limit"`
		},
		) []order {
			out := []order{}
			for _, n := range b.live.get(e, bookSide{q.Pair, q.Side}) {
				if o := b.orders.get(e, n); o.Price == q.Price && uint32(len(out)) < min(q.Limit, 50) {
					out = append(out, o)
				}
			}
			return out
		}),
	}
}

// twap divides by the time since the day's window began, not since the first trade, as the contract does.
func (b *otcOrderbook) twap(e *Env, q pairArgs) amount {
	d := b.market.get(e, q.Pair)
	if d.at == 0 {
		return amount{}
	}
	if e.block.Time <= d.windowStart {
		return d.price
	}
	total := d.cumulative.Add(mulDiv(d.price, number(e.block.Time-d.at), number(1)))
	return mulDiv(total, number(1), number(e.block.Time-d.windowStart))
}

func (b *otcOrderbook) activeOrders(e *Env, q pairPageArgs) []order {
	both := slices.Concat(b.live.get(e, bookSide{q.Pair, buy}), b.live.get(e, bookSide{q.Pair, sell}))
	slices.Sort(both)
	out := []order{}
	for i, n := range both {
		if i >= int(q.Offset) && len(out) < int(min(q.Limit, 100)) {
			out = append(out, b.orders.get(e, n))
		}
	}
	return out
}

// tradeHistory is newest first.
func (b *otcOrderbook) tradeHistory(e *Env, q pairPageArgs) []trade {
	out, skip := []trade{}, q.Offset
	for n := low(b.tradeCount.get(e)); n > 0 && len(out) < int(min(q.Limit, 100)); n-- {
		t := b.trades.get(e, n)
		if b.orders.get(e, low(t.MakerOrder)).Pair != q.Pair {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		out = append(out, t)
	}
	return out
}

type level struct {
	price, total amount
	orders       uint32
}

// depth adds up the live orders by price, best first, over the first levels that orders in the order of their ids open.
func (b *otcOrderbook) depth(e *Env, side bookSide, limit uint32) []list {
	var levels []level
	for _, n := range b.live.get(e, side) {
		o := b.orders.get(e, n)
		i := slices.IndexFunc(levels, func(l level) bool { return l.price == o.Price })
		if i < 0 {
			if uint32(len(levels)) >= limit {
				continue
			}
			i = len(levels)
			levels = append(levels, level{price: o.Price})
		}
		levels[i].total = levels[i].total.Add(o.Remaining)
		levels[i].orders++
	}
	slices.SortFunc(levels, func(a, c level) int {
		if better(side.side, a.price, c.price) {
			return -1
		}
		return 1
	})
	out := []list{}
	for _, l := range levels {
		out = append(out, list{l.price, l.total, l.orders})
	}
	return out
}
