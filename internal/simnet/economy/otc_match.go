package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// match trades an order with the oldest live one at a price that is not the taker's own. It tells whether it did; where there
// is none, the best price was stale and is looked up anew.
func (b *otcOrderbook) match(e *Env, takerID uint64, price amount) bool {
	taker := b.orders.get(e, takerID)
	side := bookSide{taker.Pair, opposite(taker.Side)}
	var maker order
	for _, n := range b.live.get(e, side) {
		if o := b.orders.get(e, n); o.Price == price && o.Maker != taker.Maker {
			maker = o
			break
		}
	}
	if maker.ID.IsZero() {
		b.recalculate(e, side)
		return false
	}
	filled := taker.Remaining
	if maker.Remaining.Cmp(filled) < 0 {
		filled = maker.Remaining
	}
	t := trade{
		ID: b.tradeCount.get(e).Add(number(1)), MakerOrder: maker.ID, TakerOrder: taker.ID, Maker: maker.Maker, Taker: taker.Maker,
		Price: price, Amount: filled, Quote: quoteOf(price, filled), At: u64(e.block.Time),
	}
	c := b.config.get(e)
	makerFee, takerFee := bps(t.Quote, uint64(c.MakerFee)), bps(t.Quote, uint64(c.TakerFee))
	if taker.Side == buy {
		b.settle(e, taker, maker, t, c.TakerFee, makerFee)
	} else {
		b.settle(e, maker, taker, t, c.MakerFee, takerFee)
	}

	taker, maker = taker.fill(filled), maker.fill(filled)
	b.put(e, taker)
	b.put(e, maker)
	if maker.Remaining.IsZero() {
		b.leaveLevel(e, maker)
	}
	b.tradeCount.set(e, t.ID)
	b.trades.set(e, low(t.ID), t)
	b.volume.set(e, b.volume.get(e).Add(filled))
	b.quoteVolume.set(e, taker.Pair, b.quoteVolume.get(e, taker.Pair).Add(t.Quote))
	b.record(e, taker.Pair, price, filled)

	e.emit(schemas.OTCOrderbookTradeExecuted{
		TradeID: t.ID, MakerOrderID: t.MakerOrder, TakerOrderID: t.TakerOrder, Maker: t.Maker, Taker: t.Taker, Price: price,
		Amount: filled, QuoteAmount: t.Quote, MakerFee: makerFee, TakerFee: takerFee,
	})
	for _, o := range []order{taker, maker} {
		e.emit(schemas.OTCOrderbookOrderFilled{OrderID: o.ID, FilledAmount: filled, RemainingAmount: o.Remaining, Status: o.Status})
	}
	b.referral.recordTrade(e.into(&b.referral.Contract), taker.Maker, t.Quote, takerFee)
	b.referral.recordTrade(e.into(&b.referral.Contract), maker.Maker, t.Quote, makerFee)
	return true
}

func (o order) fill(filled amount) order {
	o.Remaining, o.Status = o.Remaining.Sub(filled), orderPartial
	if o.Remaining.IsZero() {
		o.Status = orderFilled
	}
	return o
}

// settle moves SAGE to the buyer, less the buyer's fee in SAGE, and the quote to the seller, less the seller's fee.
func (b *otcOrderbook) settle(e *Env, buyer, seller order, t trade, buyerFeeBps uint32, sellerFee amount) {
	pair := b.pairs.get(e, buyer.Pair)
	quote := b.quotes[pair.Quote]
	sageFee := bps(t.Amount, uint64(buyerFeeBps))
	b.sage.transfer(e.into(&b.sage.Contract), transferArgs{buyer.Maker, t.Amount.Sub(sageFee)})
	quote.transfer(e.into(&quote.Contract), transferArgs{seller.Maker, t.Quote.Sub(sellerFee)})
	b.fees.set(e, pair.Base, b.fees.get(e, pair.Base).Add(sageFee))
	b.fees.set(e, pair.Quote, b.fees.get(e, pair.Quote).Add(sellerFee))
}

// record keeps the pair's last trade, its time-weighted price, its rolling day and an hourly price.
func (b *otcOrderbook) record(e *Env, pair uint8, price, volume amount) {
	d, now := b.market.get(e, pair), e.block.Time
	if d.at > 0 && !d.price.IsZero() {
		d.cumulative = d.cumulative.Add(mulDiv(d.price, number(now-d.at), number(1)))
	}
	d.price, d.amount, d.at = price, volume, now
	if now >= d.windowStart+secondsPerDay {
		d.volume, d.windowStart, d.high, d.low = volume, now, price, price
	} else {
		d.volume = d.volume.Add(volume)
		if price.Cmp(d.high) > 0 {
			d.high = price
		}
		if price.Cmp(d.low) < 0 {
			d.low = price
		}
	}
	b.market.set(e, pair, d)
	n := b.snapshotCount.get(e, pair)
	if n == 0 || now >= b.snapshots.get(e, snapshotSlot{pair, n - 1}).at+3600 {
		b.snapshots.set(e, snapshotSlot{pair, n}, priceAt{price, now})
		b.snapshotCount.set(e, pair, n+1)
	}
}
