package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// upTo bounds a journal by the snapshot's block.
func (s snapshot) upTo(l *list) {
	if s.past {
		l.filter("block_number <= %s", s.at.Block)
	}
}

// newestFirst is the order of a journal's list.
func newestFirst() []order { return []order{{"log_offset", "bigint"}} }

// Pairs returns the trading pairs with what was traded in the last day.
func (q *Questions) Pairs(ctx context.Context, as projections.AsOf) ([]projections.PairView, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) ([]projections.PairView, error) {
		pairs, err := collect[projections.Pair](ctx, tx, "from "+tx.table("pairs")+" p order by p.pair_id")
		if err != nil {
			return nil, fmt.Errorf("list pairs: %w", err)
		}
		out := make([]projections.PairView, len(pairs))
		for i, p := range pairs {
			m, err := tx.market(ctx, p.ID.Big().Int64())
			if err != nil {
				return nil, fmt.Errorf("market of pair %s: %w", p.ID, err)
			}
			out[i] = projections.PairView{Pair: p, Market: m}
		}
		return out, nil
	})
}

// Pair returns one trading pair; ok is false where the log does not have it.
func (q *Questions) Pair(ctx context.Context, as projections.AsOf, id int64) (p projections.PairView, ok bool, at projections.Freshness, err error) {
	p, at, err = ask(ctx, q, as, func(tx snapshot) (p projections.PairView, err error) {
		if p.Pair, ok, err = collectOne[projections.Pair](ctx, tx, "from "+tx.table("pairs")+" p where p.pair_id = $1", id); err != nil || !ok {
			return p, err
		}
		p.Market, err = tx.market(ctx, id)
		return p, err
	})
	if err != nil {
		return p, false, at, fmt.Errorf("pair %d: %w", id, err)
	}
	return p, ok, at, nil
}

// market is what was traded in a pair.
func (s snapshot) market(ctx context.Context, pair int64) (m projections.Market, err error) {
	const day = 24 * time.Hour
	since := s.at.Time.Add(-day)
	newest, known, err := s.priceBefore(ctx, pair, s.at.Time.Add(time.Microsecond))
	if err != nil || !known {
		return m, err
	}
	m.Last = &newest
	type sums struct {
		Open   projections.Maybe[schemas.Amount] `db:"open"`
		High   projections.Maybe[schemas.Amount] `db:"high"`
		Low    projections.Maybe[schemas.Amount] `db:"low"`
		Volume schemas.Amount                    `db:"volume"`
		Quote  schemas.Amount                    `db:"quote"`
		Trades int64                             `db:"trades"`
	}
	of, _, err := collectOne[sums](ctx, s, `
from (select (array_agg(price order by log_offset))[1] as open, max(price) as high, min(price) as low,
             coalesce(sum(amount), 0) as volume, coalesce(sum(quote_amount), 0) as quote, count(*) as trades
      from trades_in_pairs where pair_id = $1 and block_timestamp > $2 and block_number <= $3) d`, pair, since, s.at.Block)
	if err != nil {
		return m, err
	}
	m.Volume, m.QuoteVolume, m.Trades = of.Volume, of.Quote, of.Trades
	for known, at := range map[*projections.Maybe[schemas.Amount]]**schemas.Amount{&of.Open: &m.Open, &of.High: &m.High, &of.Low: &m.Low} {
		if known.Known {
			*at = &known.Value
		}
	}
	before, known, err := s.priceBefore(ctx, pair, since.Add(time.Microsecond))
	if known {
		m.Open = &before
	}
	return m, err
}

// priceBefore is the price of the newest trade of a pair before a moment.
func (s snapshot) priceBefore(ctx context.Context, pair int64, before time.Time) (schemas.Amount, bool, error) {
	p, ok, err := collectOne[projections.PricePoint](ctx, s, `
from trades_in_pairs where pair_id = $1 and block_timestamp < $2 and block_number <= $3
order by block_timestamp desc, log_offset desc limit 1`, pair, before, s.at.Block)
	return p.Price, ok, err
}

// OrderBook returns the best prices of a pair's book, up to depth on each side.
func (q *Questions) OrderBook(ctx context.Context, as projections.AsOf, pair int64, depth int) (projections.OrderBook, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (b projections.OrderBook, err error) {
		side := func(name, direction string) ([]projections.Level, error) {
			return collect[projections.Level](ctx, tx, `
from (select side, price, sum(remaining_amount) as amount, count(*) as orders
      from `+tx.table("orders")+` o
      where pair_id = $1 and side = $2 and status in ('open', 'partial') and remaining_amount > 0
      group by side, price) l
order by price `+direction+` limit $3`, pair, name, depth)
		}
		if b.Bids, err = side("buy", "desc"); err != nil {
			return b, fmt.Errorf("bids of pair %d: %w", pair, err)
		}
		if b.Asks, err = side("sell", "asc"); err != nil {
			return b, fmt.Errorf("asks of pair %d: %w", pair, err)
		}
		return b, nil
	})
}

// orders is the list of orders at the snapshot's moment, with the time of the block that changed each last.
func (s snapshot) orders() list {
	return list{
		from:  "(select o.*, b.time as updated_at from " + s.table("orders") + " o left join blocks b on b.number = o.valid_from) o",
		order: []order{{"created_block", "bigint"}, {"order_id", "numeric"}},
	}
}

// Orders returns a page of orders, the newest first.
func (q *Questions) Orders(ctx context.Context, as projections.AsOf, f projections.OrderFilter, p projections.Page) (projections.Listed[projections.OrderView], projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.Listed[projections.OrderView], error) {
		l := tx.orders()
		if f.Maker != nil {
			l.filter("maker_address = %s", f.Maker.String())
		}
		if f.Pair != nil {
			l.filter("pair_id = %s", *f.Pair)
		}
		if f.Status != "" {
			l.filter("status = %s", string(f.Status))
		}
		found, err := page[projections.OrderView](ctx, tx, l, p)
		if err != nil {
			return found, fmt.Errorf("list orders: %w", err)
		}
		return found, nil
	})
}

// Order returns one order; ok is false where the log does not have it.
func (q *Questions) Order(ctx context.Context, as projections.AsOf, id schemas.Amount) (o projections.OrderView, ok bool, at projections.Freshness, err error) {
	o, at, err = ask(ctx, q, as, func(tx snapshot) (o projections.OrderView, err error) {
		o, ok, err = collectOne[projections.OrderView](ctx, tx, "from "+tx.orders().from+" where order_id = $1::text::numeric", id.String())
		return o, err
	})
	if err != nil {
		return o, false, at, fmt.Errorf("order %s: %w", id, err)
	}
	return o, ok, at, nil
}

// Trades returns a page of trades, the newest first.
func (q *Questions) Trades(ctx context.Context, as projections.AsOf, f projections.TradeFilter, p projections.Page) (projections.Listed[projections.TradeView], projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.Listed[projections.TradeView], error) {
		l := list{from: "trades_in_pairs t", order: newestFirst()}
		tx.upTo(&l)
		if f.Pair != nil {
			l.filter("pair_id = %s", *f.Pair)
		}
		if f.Account != nil {
			l.filter("%[1]s in (maker_address, taker_address)", f.Account.String())
		}
		found, err := page[projections.TradeView](ctx, tx, l, p)
		if err != nil {
			return found, fmt.Errorf("list trades: %w", err)
		}
		return found, nil
	})
}

// Candles returns what was traded in a pair in each span of the time up to the newest block, the oldest first; a span without trades is
// left out.
func (q *Questions) Candles(ctx context.Context, as projections.AsOf, pair int64, span, since time.Duration) ([]projections.Candle, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) ([]projections.Candle, error) {
		found, err := collect[projections.Candle](ctx, tx, `
from (select date_bin($2::interval, block_timestamp, timestamptz '2020-01-01 00:00:00Z') as start,
             (array_agg(price order by log_offset))[1] as open, max(price) as high, min(price) as low,
             (array_agg(price order by log_offset desc))[1] as close, sum(amount) as volume, count(*) as trades
      from trades_in_pairs where pair_id = $1 and block_timestamp > $3 and block_number <= $4
      group by 1) c
order by start`, pair, span, tx.at.Time.Add(-since), tx.at.Block)
		if err != nil {
			return nil, fmt.Errorf("candles of pair %d: %w", pair, err)
		}
		return found, nil
	})
}

// Prices returns the prices of a pair in the time up to the newest block, the oldest first: the one that held at its beginning, and then
// one for each trade that changed it.
func (q *Questions) Prices(ctx context.Context, as projections.AsOf, pair int64, since time.Duration) ([]projections.PricePoint, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) ([]projections.PricePoint, error) {
		begin := tx.at.Time.Add(-since)
		found, err := collect[projections.PricePoint](ctx, tx, `
from (select block_timestamp, log_offset, price, lag(price) over (order by log_offset) as before
      from trades_in_pairs where pair_id = $1 and block_timestamp > $2 and block_number <= $3) t
where before is distinct from price
order by log_offset`, pair, begin, tx.at.Block)
		if err != nil {
			return nil, fmt.Errorf("prices of pair %d: %w", pair, err)
		}
		held, known, err := tx.priceBefore(ctx, pair, begin.Add(time.Microsecond))
		if err != nil {
			return nil, fmt.Errorf("price of pair %d: %w", pair, err)
		}
		if known {
			found = append([]projections.PricePoint{{Time: begin, Price: held}}, found...)
		}
		return found, nil
	})
}
