package api

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TradingModels answers what is asked of the OTC order book.
type TradingModels interface {
	Pairs(ctx context.Context, as projections.AsOf) ([]projections.PairView, projections.Freshness, error)
	Pair(ctx context.Context, as projections.AsOf, id int64) (projections.PairView, bool, projections.Freshness, error)
	OrderBook(ctx context.Context, as projections.AsOf, pair int64, depth int) (projections.OrderBook, projections.Freshness, error)
	Orders(ctx context.Context, as projections.AsOf, f projections.OrderFilter, p projections.Page) (projections.Listed[projections.OrderView], projections.Freshness, error)
	Order(ctx context.Context, as projections.AsOf, id schemas.Amount) (projections.OrderView, bool, projections.Freshness, error)
	Trades(ctx context.Context, as projections.AsOf, f projections.TradeFilter, p projections.Page) (projections.Listed[projections.TradeView], projections.Freshness, error)
	Candles(ctx context.Context, as projections.AsOf, pair int64, span, since time.Duration) ([]projections.Candle, projections.Freshness, error)
	Prices(ctx context.Context, as projections.AsOf, pair int64, since time.Duration) ([]projections.PricePoint, projections.Freshness, error)
}

// tradingRoutes are of the OTC order book.
func (s *Server) tradingRoutes() []endpoint {
	const market = `Prices are quote per SAGE with 18 decimals. The day is the one before the newest block. open_price is that of the newest trade before the
day, or else of the first in it; price_change_24h is last_price - open_price, price_change_pct the same in percent of open_price.`
	const pairs = `
No event tells tick_size and is_active, nor anything of the first pair: a view of the contract does, at the block that added the pair and once an hour.`
	return []endpoint{
		read(Route{Path: "/api/trading/pairs", Tag: "Trading", Summary: "The trading pairs", About: market + pairs, Of: Chain}, s.tradingPairs),
		read(Route{Path: "/api/trading/pairs/{pair_id}", Tag: "Trading", Summary: "One trading pair", About: market + pairs, Of: Chain, NotFound: true}, s.tradingPair),
		read(Route{
			Path: "/api/trading/orderbook/{pair_id}", Tag: "Trading", Summary: "What rests in a pair's book", Of: Chain, PerMinute: 120,
			About: `Amounts are what can still be traded, total is the sum from the best price up to the level. spread is best_ask - best_bid, spread_percentage the
same in percent of mid_price, which is (best_bid + best_ask) / 2. An order past its expiry still trades: the contract does not look.`,
		}, s.orderBook),
		read(Route{Path: "/api/trading/orderbook/{pair_id}/depth", Tag: "Trading", Summary: "The same as the book", Of: Chain, PerMinute: 120}, s.orderBook),
		readArray(Route{Path: "/api/trading/orders", Tag: "Trading", Summary: "Orders, the newest first", Of: Chain, PerMinute: 30}, s.tradingOrders),
		read(Route{Path: "/api/trading/orders/{order_id}", Tag: "Trading", Summary: "One order", Of: Chain, NotFound: true}, s.tradingOrder),
		readArray(Route{
			Path: "/api/trading/trades/{pair_id}", Tag: "Trading", Summary: "A pair's trades, the newest first", Of: Chain,
			About: "The pair recent stands for all pairs.",
		}, s.tradingTrades),
		read(Route{Path: "/api/trading/stats", Tag: "Trading", Summary: "All pairs of the last day", Of: Chain, About: market}, s.tradingStats),
		read(Route{Path: "/api/trading/stats/{pair_id}", Tag: "Trading", Summary: "A pair's last day", About: market, Of: Chain, NotFound: true}, s.pairStats),
		read(Route{Path: "/api/trading/stats/{pair_id}/24h", Tag: "Trading", Summary: "A pair's last day", About: market, Of: Chain, NotFound: true}, s.pairStats),
		read(Route{
			Path: "/api/trading/stats/{pair_id}/twap", Tag: "Trading", Summary: "A pair's time-weighted average price", Of: Chain,
			About: `The mean of the price of the newest trade, each weighted with the time for which it was the newest, over the interval before the newest block. Where
nothing was traded before the interval, the mean is over the time since its first trade.`,
		}, s.twap),
		read(Route{
			Path: "/api/trading/stats/{pair_id}/price-history", Tag: "Trading", Summary: "A pair's prices by spans of time", Of: Chain,
			About: "Spans without trades are left out.",
		}, s.priceHistory),
	}
}

type tradingPair struct {
	ID           string   `json:"id"`
	PairID       string   `json:"pair_id" doc:"As id."`
	Base         string   `json:"base"`
	BaseSymbol   string   `json:"base_symbol"`
	BaseAddress  string   `json:"base_address"`
	BaseToken    string   `json:"base_token" doc:"As base_address."`
	Quote        string   `json:"quote" doc:"Its symbol; empty where it is not known."`
	QuoteSymbol  string   `json:"quote_symbol" doc:"As quote."`
	QuoteAddress string   `json:"quote_address"`
	QuoteToken   string   `json:"quote_token" doc:"As quote_address."`
	MinOrderSize string   `json:"min_order_size" doc:"Wei of SAGE."`
	TickSize     string   `json:"tick_size"`
	IsActive     bool     `json:"is_active"`
	LastPrice    *string  `json:"last_price"`
	Change       *string  `json:"price_change_24h"`
	Volume       string   `json:"volume_24h" doc:"Wei of SAGE."`
	OrdersPlaced int64    `json:"orders_placed"`
	Unknown      unknowns `json:"unknown"`
}

type tradingPairs struct {
	Pairs []tradingPair `json:"pairs"`
	Total int           `json:"total"`
}

func (s *Server) tradingPairs(ctx context.Context, in *struct{ Moment }) (a tradingPairs, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Pairs(ctx, as)
	a = tradingPairs{Pairs: make([]tradingPair, len(found)), Total: len(found)}
	for i, p := range found {
		a.Pairs[i] = s.pairAnswer(p)
	}
	return a, at, err
}

// PairOf are the parameters of what is of one pair. Embed it beside [Moment].
type PairOf struct {
	Pair int64 `path:"pair_id" minimum:"0" maximum:"255" doc:"The pair's number."`
}

func (s *Server) tradingPair(ctx context.Context, in *struct {
	PairOf
	Moment
},
) (a tradingPair, at projections.Freshness, err error) {
	p, at, err := s.onePair(ctx, in.Pair, in.Moment)
	if err != nil {
		return a, at, err
	}
	return s.pairAnswer(p), at, nil
}

func (s *Server) onePair(ctx context.Context, id int64, m Moment) (p projections.PairView, at projections.Freshness, err error) {
	as, err := m.asOf()
	if err != nil {
		return p, at, err
	}
	p, ok, at, err := s.config.Models.Pair(ctx, as, id)
	if err == nil && !ok {
		err = problemError{fault(notFound, fmt.Sprintf("pair %d: neither an order nor its addition is on the chain, and no view told of it", id))}
	}
	return p, at, err
}

func (s *Server) pairAnswer(p projections.PairView) tradingPair {
	base := ""
	if sage := s.contract("SAGEToken"); sage != nil {
		base = sage.String()
	}
	if p.BaseToken.Known {
		base = p.BaseToken.Value.String()
	}
	least := p.LeastOrder()
	out := tradingPair{
		ID: p.ID.String(), PairID: p.ID.String(), Base: "SAGE", BaseSymbol: "SAGE", BaseAddress: base, BaseToken: base, MinOrderSize: least.Value.String(),
		TickSize: p.TickSize.Value.String(), IsActive: p.Active.Value, LastPrice: decimal(p.Last), Change: change(p.Market), Volume: p.Volume.String(),
		OrdersPlaced: p.Orders, Unknown: unknowns{"quote", "quote_symbol"}, // nobody tells what a token is called
	}
	quote := p.Quote()
	if quote.Known {
		out.QuoteAddress, out.QuoteToken = quote.Value.String(), quote.Value.String()
	}
	out.Unknown.unless(p.TickSize.Known, "tick_size")
	out.Unknown.unless(p.Active.Known, "is_active")
	out.Unknown.unless(quote.Known, "quote_address", "quote_token")
	out.Unknown.unless(least.Known, "min_order_size")
	return out
}

// decimal returns an amount's digits; nil of one that is not known.
func decimal(a *schemas.Amount) *string {
	if a == nil {
		return nil
	}
	return new(a.String())
}

// change is by how much a market's price has changed; nil where nothing was traded.
func change(m projections.Market) *string {
	if m.Last == nil || m.Open == nil {
		return nil
	}
	return new(new(big.Int).Sub(m.Last.Big(), m.Open.Big()).String())
}

type level struct {
	Price  string `json:"price"`
	Amount string `json:"amount" doc:"Wei of SAGE."`
	Total  string `json:"total" doc:"Wei of SAGE from the best price up to this one."`
	Orders int64  `json:"order_count"`
}

type orderBook struct {
	PairID        string   `json:"pair_id"`
	Bids          []level  `json:"bids"`
	Asks          []level  `json:"asks"`
	BestBid       *string  `json:"best_bid"`
	BestAsk       *string  `json:"best_ask"`
	Spread        *string  `json:"spread"`
	SpreadPercent *float64 `json:"spread_percentage"`
	MidPrice      *string  `json:"mid_price"`
	LastUpdated   *string  `json:"last_updated" format:"date-time" doc:"The time of the block that the answer is of."`
}

func (s *Server) orderBook(ctx context.Context, in *struct {
	PairOf
	Moment
	Depth int `query:"depth" default:"50" minimum:"1" maximum:"500" doc:"How many prices on each side at most."`
},
) (a orderBook, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	b, at, err := s.config.Models.OrderBook(ctx, as, in.Pair, in.Depth)
	a = orderBook{PairID: fmt.Sprint(in.Pair), Bids: levels(b.Bids), Asks: levels(b.Asks)}
	if at.Known {
		a.LastUpdated = new(at.Time.UTC().Format(time.RFC3339))
	}
	if len(b.Bids) > 0 {
		a.BestBid = new(b.Bids[0].Price.String())
	}
	if len(b.Asks) > 0 {
		a.BestAsk = new(b.Asks[0].Price.String())
	}
	if a.BestBid != nil && a.BestAsk != nil {
		bid, ask := b.Bids[0].Price.Big(), b.Asks[0].Price.Big()
		spread := new(big.Int).Sub(ask, bid)
		mid := new(big.Int).Rsh(new(big.Int).Add(ask, bid), 1)
		a.Spread, a.MidPrice, a.SpreadPercent = new(spread.String()), new(mid.String()), percentOf(spread, mid)
	}
	return a, at, err
}

// percentOf is nil of nothing.
func percentOf(part, whole *big.Int) *float64 {
	if whole.Sign() == 0 {
		return nil
	}
	f, _ := new(big.Rat).SetFrac(new(big.Int).Mul(part, big.NewInt(100)), whole).Float64()
	return &f
}

func levels(some []projections.Level) []level {
	out, total := make([]level, len(some)), schemas.Amount{}
	for i, l := range some {
		total = total.Add(l.Amount)
		out[i] = level{Price: l.Price.String(), Amount: l.Amount.String(), Total: total.String(), Orders: l.Orders}
	}
	return out
}

type tradingOrder struct {
	ID        string   `json:"id"`
	OrderID   string   `json:"order_id" doc:"As id."`
	PairID    string   `json:"pair_id"`
	Trader    string   `json:"trader"`
	Maker     string   `json:"maker_address" doc:"As trader."`
	Side      string   `json:"side" enum:"buy,sell"`
	Type      string   `json:"order_type" enum:"limit,market"`
	Price     string   `json:"price"`
	Amount    string   `json:"amount" doc:"Wei of SAGE."`
	Filled    string   `json:"filled_amount"`
	Remaining string   `json:"remaining_amount" doc:"What can still be traded."`
	Status    string   `json:"status" enum:"open,partial,filled,cancelled"`
	CreatedAt *string  `json:"created_at" format:"date-time"`
	UpdatedAt *string  `json:"updated_at" format:"date-time"`
	ExpiresAt *string  `json:"expires_at" format:"date-time" doc:"After it the order still trades: the contract does not look."`
	TxHash    string   `json:"tx_hash" doc:"Of the event that shaped it last."`
	Unknown   unknowns `json:"unknown"`
}

func (s *Server) tradingOrders(ctx context.Context, in *struct {
	Moment
	Paged
	Address addressText          `query:"address" doc:"Only the orders of this account."`
	Pair    optional[pairNumber] `query:"pair_id" doc:"Only the orders of this pair."`
	Status  string               `query:"status" enum:"open,partial,filled,cancelled" doc:"Only orders of this status."`
	Limit   int                  `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"How many at most."`
},
) (a array[tradingOrder], at projections.Freshness, err error) {
	f := projections.OrderFilter{Status: projections.OrderStatus(in.Status)}
	if in.Address.given {
		f.Maker = &in.Address.Address
	}
	if in.Pair.given {
		f.Pair = new(int64(in.Pair.value))
	}
	list := listOf("orders", in.Address, in.Pair, in.Status)
	p, as, err := in.page(in.Moment, list, 2, in.Limit)
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Orders(ctx, as, f, p)
	return arrayOf(found, list, at, orderAnswer, func(o projections.OrderView) []string { return []string{fmt.Sprint(o.Created), o.ID.String()} }), at, err
}

// pairNumber is a pair's number. It is read wider than it may be, so that one that is too large is refused and not cut to another pair's.
type pairNumber uint64

// Schema implements huma.SchemaProvider.
func (pairNumber) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeInteger, Format: "int32", Minimum: new(0.0), Maximum: new(255.0)}
	s.PrecomputeMessages()
	return s
}

func (s *Server) tradingOrder(ctx context.Context, in *struct {
	Moment
	ID amountText `path:"order_id" doc:"The order's number."`
},
) (a tradingOrder, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	o, ok, at, err := s.config.Models.Order(ctx, as, in.ID.Amount)
	if err == nil && !ok {
		err = problemError{fault(notFound, fmt.Sprintf("order %s is not on the chain", in.ID))}
	}
	return orderAnswer(o), at, err
}

func orderAnswer(o projections.OrderView) tradingOrder {
	out := tradingOrder{
		ID: o.ID.String(), OrderID: o.ID.String(), Status: string(o.Status), CreatedAt: rfc3339(o.PlacedAt), UpdatedAt: rfc3339(o.UpdatedAt),
		ExpiresAt: rfc3339(o.ExpiresAt), TxHash: o.TxHash.String(), Side: "buy", Type: "limit", Unknown: unknowns{},
	}
	known := func(name string, to *string, text string, ok bool) {
		*to = text
		out.Unknown.unless(ok, name)
	}
	known("trader", &out.Trader, o.Maker.Value.String(), o.Maker.Known)
	known("pair_id", &out.PairID, fmt.Sprint(o.PairID.Value), o.PairID.Known)
	known("price", &out.Price, o.Price.Value.String(), o.Price.Known)
	known("amount", &out.Amount, o.Amount.Value.String(), o.Amount.Known)
	known("filled_amount", &out.Filled, o.Filled.Value.String(), o.Filled.Known)
	known("remaining_amount", &out.Remaining, o.Remaining.Value.String(), o.Remaining.Known)
	out.Maker = out.Trader
	if o.Side.Known {
		out.Side, out.Type = o.Side.Value, o.Type.Value
	}
	out.Unknown.unless(o.Side.Known, "side", "order_type")
	return out
}

// rfc3339 returns a time's text; nil of one that is not known.
func rfc3339(t projections.Maybe[time.Time]) *string {
	if !t.Known {
		return nil
	}
	return new(t.Value.UTC().Format(time.RFC3339))
}

type trade struct {
	ID         string   `json:"id"`
	TradeID    string   `json:"trade_id" doc:"As id."`
	PairID     string   `json:"pair_id"`
	MakerOrder string   `json:"maker_order_id"`
	TakerOrder string   `json:"taker_order_id"`
	Maker      string   `json:"maker"`
	Taker      string   `json:"taker"`
	Price      string   `json:"price"`
	Amount     string   `json:"amount" doc:"Wei of SAGE."`
	Quote      string   `json:"quote_amount" doc:"Of the pair's quote token."`
	Side       string   `json:"side" enum:"buy,sell" doc:"Of the order that took."`
	Fee        string   `json:"fee" doc:"maker_fee + taker_fee."`
	MakerFee   string   `json:"maker_fee" doc:"A share of the quote amount, also where it is taken in SAGE."`
	TakerFee   string   `json:"taker_fee" doc:"A share of the quote amount, also where it is taken in SAGE."`
	ExecutedAt string   `json:"executed_at" format:"date-time"`
	TxHash     string   `json:"tx_hash"`
	Block      int64    `json:"block_number"`
	Unknown    unknowns `json:"unknown"`
}

func (s *Server) tradingTrades(ctx context.Context, in *struct {
	Moment
	Paged
	Pair    pairText    `path:"pair_id" doc:"The pair's number, or recent for all pairs."`
	Address addressText `query:"address" doc:"Only trades that this account made or took."`
	Limit   int         `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"How many at most."`
},
) (a array[trade], at projections.Freshness, err error) {
	f := projections.TradeFilter{Pair: in.Pair.number}
	if in.Address.given {
		f.Account = &in.Address.Address
	}
	list := listOf("trades", in.Pair.text, in.Address)
	p, as, err := in.page(in.Moment, list, 1, in.Limit)
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Trades(ctx, as, f, p)
	return arrayOf(found, list, at, tradeAnswer, func(t projections.TradeView) []string { return []string{fmt.Sprint(t.Offset)} }), at, err
}

func tradeAnswer(t projections.TradeView) trade {
	out := trade{
		ID: t.ID.String(), TradeID: t.ID.String(), MakerOrder: t.MakerOrder.String(), TakerOrder: t.TakerOrder.String(), Maker: t.Maker.String(), Taker: t.Taker.String(),
		Price: t.Price.String(), Amount: t.Amount.String(), Quote: t.Quote.String(), Fee: t.MakerFee.Add(t.TakerFee).String(), MakerFee: t.MakerFee.String(),
		TakerFee: t.TakerFee.String(), ExecutedAt: t.Time.UTC().Format(time.RFC3339), TxHash: t.TxHash.String(), Block: t.Block, Side: "buy", Unknown: unknowns{},
	}
	if t.Pair.Known {
		out.PairID = fmt.Sprint(t.Pair.Value)
	}
	out.Unknown.unless(t.Pair.Known, "pair_id")
	if t.Side.Known {
		out.Side = t.Side.Value
	}
	out.Unknown.unless(t.Side.Known, "side")
	return out
}

type marketStats struct {
	PairID        string   `json:"pair_id"`
	LastPrice     *string  `json:"last_price"`
	OpenPrice     *string  `json:"open_price"`
	Change        *string  `json:"price_change_24h"`
	ChangePercent *float64 `json:"price_change_pct"`
	High          *string  `json:"high_24h"`
	Low           *string  `json:"low_24h"`
	Volume        string   `json:"volume_24h" doc:"Wei of SAGE."`
	QuoteVolume   string   `json:"volume_quote_24h" doc:"Of the quote token."`
	Trades        int64    `json:"trade_count_24h"`
}

func statsOf(p projections.PairView) marketStats {
	out := marketStats{
		PairID: p.ID.String(), LastPrice: decimal(p.Last), OpenPrice: decimal(p.Open), Change: change(p.Market), High: decimal(p.High), Low: decimal(p.Low),
		Volume: p.Volume.String(), QuoteVolume: p.QuoteVolume.String(), Trades: p.Trades,
	}
	if p.Last != nil && p.Open != nil {
		out.ChangePercent = percentOf(new(big.Int).Sub(p.Last.Big(), p.Open.Big()), p.Open.Big())
	}
	return out
}

func (s *Server) pairStats(ctx context.Context, in *struct {
	PairOf
	Moment
},
) (a marketStats, at projections.Freshness, err error) {
	p, at, err := s.onePair(ctx, in.Pair, in.Moment)
	if err != nil {
		return a, at, err
	}
	return statsOf(p), at, nil
}

type tradingStats struct {
	Pairs  []marketStats `json:"pairs"`
	Volume string        `json:"volume_24h" doc:"Wei of SAGE, of all pairs."`
	Trades int64         `json:"trade_count_24h"`
}

func (s *Server) tradingStats(ctx context.Context, in *struct{ Moment }) (a tradingStats, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Pairs(ctx, as)
	a.Pairs = make([]marketStats, len(found))
	var volume schemas.Amount
	for i, p := range found {
		a.Pairs[i] = statsOf(p)
		a.Trades, volume = a.Trades+p.Trades, volume.Add(p.Volume)
	}
	a.Volume = volume.String()
	return a, at, err
}

// intervals are the spans of time that prices are asked for.
var intervals = map[string]time.Duration{"1h": time.Hour, "4h": 4 * time.Hour, "24h": 24 * time.Hour, "7d": 7 * 24 * time.Hour, "30d": 30 * 24 * time.Hour}

type pricePoint struct {
	Time  string `json:"timestamp" format:"date-time"`
	Price string `json:"price"`
}

type twap struct {
	PairID   string       `json:"pair_id"`
	Interval string       `json:"interval"`
	Price    *string      `json:"twap_price" doc:"Null where nothing was ever traded."`
	Points   []pricePoint `json:"data_points" doc:"Each price and since when it held."`
}

func (s *Server) twap(ctx context.Context, in *struct {
	PairOf
	Moment
	Interval string `query:"interval" default:"24h" enum:"1h,4h,24h,7d,30d" doc:"How long before the newest block."`
},
) (a twap, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	prices, at, err := s.config.Models.Prices(ctx, as, in.Pair, intervals[in.Interval])
	a = twap{PairID: fmt.Sprint(in.Pair), Interval: in.Interval, Price: decimal(projections.MeanPrice(prices, at.Time)), Points: make([]pricePoint, len(prices))}
	for i, p := range prices {
		a.Points[i] = pricePoint{p.Time.UTC().Format(time.RFC3339), p.Price.String()}
	}
	return a, at, err
}

type candle struct {
	Time   string `json:"timestamp" format:"date-time"`
	Open   string `json:"open"`
	High   string `json:"high"`
	Low    string `json:"low"`
	Close  string `json:"close"`
	Volume string `json:"volume" doc:"Wei of SAGE."`
	Trades int64  `json:"trade_count"`
}

type priceHistory struct {
	PairID   string   `json:"pair_id"`
	Interval string   `json:"interval"`
	Period   string   `json:"period"`
	Data     []candle `json:"data"`
}

func (s *Server) priceHistory(ctx context.Context, in *struct {
	PairOf
	Moment
	Interval string `query:"interval" default:"1h" enum:"1h,4h,24h,7d" doc:"The span of one point."`
	Period   string `query:"period" default:"7d" enum:"24h,7d,30d" doc:"How long before the newest block."`
},
) (a priceHistory, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Candles(ctx, as, in.Pair, intervals[in.Interval], intervals[in.Period])
	a = priceHistory{PairID: fmt.Sprint(in.Pair), Interval: in.Interval, Period: in.Period, Data: make([]candle, len(found))}
	for i, c := range found {
		a.Data[i] = candle{
			c.Start.UTC().Format(time.RFC3339), c.Open.String(), c.High.String(), c.Low.String(), c.Close.String(), c.Volume.String(), c.Trades,
		}
	}
	return a, at, err
}
