package economy

import (
	"slices"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// otcOrderbook trades SAGE against a quote token. A limit order is matched once, with the oldest order at the best opposite
// price; a market order goes on until it is filled. Best prices may be stale, as the contract's are.
type otcOrderbook struct {
	Contract
	owner    address
	sage     *sageToken
	quotes   map[address]*erc20
	referral *referralSystem

	config        Cell[bookConfig]
	pairs         Map[uint8, tradingPair]
	pairCount     Cell[uint8]
	orders        Map[uint64, order]
	orderCount    Cell[amount]
	ordersOf      Map[userSlot, uint64] // limit orders only
	orderCountOf  Map[address, uint32]
	live          Map[bookSide, []uint64]
	best          Map[bookSide, amount]
	levels        Map[bookLevel, uint32]
	trades        Map[uint64, trade]
	tradeCount    Cell[amount]
	volume        Cell[amount]
	quoteVolume   Map[uint8, amount]
	fees          Map[address, amount]
	market        Map[uint8, marketData]
	snapshots     Map[snapshotSlot, priceAt]
	snapshotCount Map[uint8, uint32]
}

type (
	orderSide   = schemas.OTCOrderbookOrderSide
	orderStatus = schemas.OTCOrderbookOrderStatus
)

const (
	buy  = schemas.OTCOrderbookOrderSideBuy
	sell = schemas.OTCOrderbookOrderSideSell

	orderOpen      = schemas.OTCOrderbookOrderStatusOpen
	orderPartial   = schemas.OTCOrderbookOrderStatusPartialFill
	orderFilled    = schemas.OTCOrderbookOrderStatusFilled
	orderCancelled = schemas.OTCOrderbookOrderStatusCancelled
)

type bookSide struct {
	pair uint8
	side orderSide
}

type userSlot struct {
	user  address
	index uint32
}

type bookLevel struct {
	bookSide
	price amount
}

type snapshotSlot struct {
	pair  uint8
	index uint32
}

type priceAt struct {
	price amount
	at    uint64
}

type bookConfig struct {
	MakerFee  uint32 `json:"maker_fee_bps"`
	TakerFee  uint32 `json:"taker_fee_bps"`
	Expiry    u64    `json:"default_expiry_secs"`
	MaxOrders uint32 `json:"max_orders_per_user"`
	Paused    bool   `json:"paused"`
}

type tradingPair struct {
	Base     address `json:"base_token"`
	Quote    address `json:"quote_token"`
	MinOrder amount  `json:"min_order_size"`
	Tick     amount  `json:"tick_size"`
	Active   bool    `json:"is_active"`
}

type order struct {
	ID        amount                        `json:"order_id"`
	Maker     address                       `json:"maker"`
	Pair      uint8                         `json:"pair_id"`
	Side      orderSide                     `json:"side"`
	Type      schemas.OTCOrderbookOrderType `json:"order_type"`
	Price     amount                        `json:"price"`
	Amount    amount                        `json:"amount"`
	Remaining amount                        `json:"remaining"`
	Status    orderStatus                   `json:"status"`
	Created   u64                           `json:"created_at"`
	Expires   u64                           `json:"expires_at"`
}

type trade struct {
	ID         amount  `json:"trade_id"`
	MakerOrder amount  `json:"maker_order_id"`
	TakerOrder amount  `json:"taker_order_id"`
	Maker      address `json:"maker"`
	Taker      address `json:"taker"`
	Price      amount  `json:"price"`
	Amount     amount  `json:"amount"`
	Quote      amount  `json:"quote_amount"`
	At         u64     `json:"executed_at"`
}

// marketData is what a pair's last trades left behind.
type marketData struct {
	price, amount amount
	at            uint64
	cumulative    amount // price times seconds, up to at
	volume        amount // within the window
	windowStart   uint64
	high, low     amount
}

func opposite(s orderSide) orderSide {
	if s == buy {
		return sell
	}
	return buy
}

func (o order) live() bool {
	return !o.Remaining.IsZero() && (o.Status == orderOpen || o.Status == orderPartial)
}

// quoteOf is what an amount of SAGE costs at a price.
func quoteOf(price, amount amount) amount { return mulDiv(price, amount, wei) }

func (b *otcOrderbook) functions() {
	b.entries = map[string]entry{
		"place_limit_order":   on(b.placeLimit),
		"place_market_order":  on(b.placeMarket),
		"cancel_order":        on(b.cancel),
		"cancel_all_orders":   onCall(b.cancelAll),
		"add_pair":            on(b.addPair),
		"set_config":          on(b.setConfig),
		"set_referral_system": on(func(*Env, setReferralArgs) {}),
	}
	b.viewFunctions()
}

type setReferralArgs struct {
	Referral address `json:"referral_system"`
}

// construct adds the first pair, for which there is no PairAdded.
func (b *otcOrderbook) construct(e *Env, quote address) {
	b.config.set(e, bookConfig{MakerFee: 10, TakerFee: 30, Expiry: 7 * secondsPerDay, MaxOrders: 100})
	b.pairs.set(e, 0, tradingPair{Base: b.sage.Address, Quote: quote, MinOrder: schemas.Sage(10), Tick: milliSage(1), Active: true})
	b.pairCount.set(e, 1)
}

type limitArgs struct {
	Pair    uint8     `json:"pair_id"`
	Side    orderSide `json:"side"`
	Price   amount    `json:"price"`
	Amount  amount    `json:"amount"`
	Expires u64       `json:"expires_in"`
}

func (b *otcOrderbook) placeLimit(e *Env, a limitArgs) {
	c, pair := b.config.get(e), b.pairs.get(e, a.Pair)
	e.requireText(pair.Active, "Trading pair not active")
	e.requireText(a.Amount.Cmp(pair.MinOrder) >= 0, "Order below minimum size")
	e.requireText(!a.Price.IsZero(), "Price must be > 0")
	e.requireText(mulDiv(mulDiv(a.Price, number(1), pair.Tick), pair.Tick, number(1)) == a.Price, "Price must be multiple of tick size")
	mine := b.orderCountOf.get(e, e.caller)
	e.requireText(mine < c.MaxOrders, "Max orders reached")
	expiry := a.Expires
	if expiry == 0 {
		expiry = c.Expiry
	}
	o := b.open(e, pair, order{
		Maker: e.caller, Pair: a.Pair, Side: a.Side, Type: schemas.OTCOrderbookOrderTypeLimit, Price: a.Price,
		Amount: a.Amount, Expires: u64(e.block.Time) + expiry,
	})
	b.ordersOf.set(e, userSlot{e.caller, mine}, low(o.ID))
	b.orderCountOf.set(e, e.caller, mine+1)
	side := bookSide{a.Pair, a.Side}
	level := bookLevel{side, a.Price}
	b.levels.set(e, level, b.levels.get(e, level)+1)
	if best := b.best.get(e, side); best.IsZero() || better(a.Side, a.Price, best) {
		b.best.set(e, side, a.Price)
	}
	b.announce(e, o)
	against := b.best.get(e, bookSide{a.Pair, opposite(a.Side)})
	if !against.IsZero() && (a.Price == against || better(a.Side, a.Price, against)) {
		b.match(e, low(o.ID), against)
	}
}

// better tells whether a price is ahead of another in its side's queue.
func better(side orderSide, price, than amount) bool {
	if side == buy {
		return price.Cmp(than) > 0
	}
	return price.Cmp(than) < 0
}

// open numbers an order and locks what it may cost.
func (b *otcOrderbook) open(e *Env, pair tradingPair, o order) order {
	o.ID = b.orderCount.get(e).Add(number(1))
	b.orderCount.set(e, o.ID)
	o.Remaining, o.Status, o.Created = o.Amount, orderOpen, u64(e.block.Time)
	if o.Side == buy {
		quote := b.quotes[pair.Quote]
		quote.transferFrom(e.into(&quote.Contract), transferFromArgs{o.Maker, b.Address, quoteOf(o.Price, o.Amount)})
	} else {
		b.sage.transferFrom(e.into(&b.sage.Contract), transferFromArgs{o.Maker, b.Address, o.Amount})
	}
	b.put(e, o)
	return o
}

// put stores an order and keeps the list of live ones, oldest first.
func (b *otcOrderbook) put(e *Env, o order) {
	n, side := low(o.ID), bookSide{o.Pair, o.Side}
	b.orders.set(e, n, o)
	queue := b.live.get(e, side)
	at, listed := slices.BinarySearch(queue, n)
	if o.live() == listed {
		return
	}
	queue = slices.Clone(queue)
	if listed {
		queue = slices.Delete(queue, at, at+1)
	} else {
		queue = slices.Insert(queue, at, n)
	}
	b.live.set(e, side, queue)
}

func (b *otcOrderbook) announce(e *Env, o order) {
	e.emit(schemas.OTCOrderbookOrderPlaced{
		OrderID: o.ID, Maker: o.Maker, PairID: o.Pair, Side: o.Side, OrderType: o.Type, Price: o.Price, Amount: o.Amount, ExpiresAt: uint64(o.Expires),
	})
}

type marketArgs struct {
	Pair   uint8     `json:"pair_id"`
	Side   orderSide `json:"side"`
	Amount amount    `json:"amount"`
}

// placeMarket fills as much as it can. What is left is refunded and the order cancelled without an event.
func (b *otcOrderbook) placeMarket(e *Env, a marketArgs) {
	pair := b.pairs.get(e, a.Pair)
	e.requireText(pair.Active, "Trading pair not active")
	against := bookSide{a.Pair, opposite(a.Side)}
	price := b.best.get(e, against)
	e.requireText(!price.IsZero(), "No liquidity available")
	o := b.open(e, pair, order{
		Maker: e.caller, Pair: a.Pair, Side: a.Side, Type: schemas.OTCOrderbookOrderTypeMarket, Price: price,
		Amount: a.Amount, Expires: u64(e.block.Time + 60),
	})
	b.announce(e, o)
	n := low(o.ID)
	for {
		price = b.best.get(e, against)
		if b.orders.get(e, n).Remaining.IsZero() || price.IsZero() {
			break
		}
		if !b.match(e, n, price) && b.best.get(e, against) == price {
			e.fail(schemas.ShortString("Out of gas")) // only the taker's own orders are left: the contract loops
		}
	}
	if o = b.orders.get(e, n); !o.Remaining.IsZero() {
		b.refund(e, o)
		o.Status, o.Remaining = orderCancelled, amount{}
		b.put(e, o)
	}
}

type orderArgs struct {
	OrderID amount `json:"order_id"`
}

func (b *otcOrderbook) cancel(e *Env, a orderArgs) {
	o := b.orders.get(e, low(a.OrderID))
	e.requireText(o.Maker == e.caller, "Not order owner")
	e.requireText(o.Status == orderOpen || o.Status == orderPartial, "Order not cancellable")
	b.drop(e, o)
}

func (b *otcOrderbook) cancelAll(e *Env) {
	for _, o := range b.openOrders(e, e.caller) {
		b.drop(e, o)
	}
}

// openOrders are a user's limit orders that can still be filled or cancelled, oldest first.
func (b *otcOrderbook) openOrders(e *Env, user address) (out []order) {
	for i := range b.orderCountOf.get(e, user) {
		if o := b.orders.get(e, b.ordersOf.get(e, userSlot{user, i})); o.Status == orderOpen || o.Status == orderPartial {
			out = append(out, o)
		}
	}
	return out
}

func (b *otcOrderbook) drop(e *Env, o order) {
	b.refund(e, o)
	remaining := o.Remaining
	o.Status, o.Remaining = orderCancelled, amount{}
	b.put(e, o)
	b.leaveLevel(e, o)
	e.emit(schemas.OTCOrderbookOrderCancelled{OrderID: o.ID, Maker: o.Maker, RemainingAmount: remaining})
}

func (b *otcOrderbook) refund(e *Env, o order) {
	if o.Side == buy {
		quote := b.quotes[b.pairs.get(e, o.Pair).Quote]
		quote.transfer(e.into(&quote.Contract), transferArgs{o.Maker, quoteOf(o.Price, o.Remaining)})
		return
	}
	b.sage.transfer(e.into(&b.sage.Contract), transferArgs{o.Maker, o.Remaining})
}

// leaveLevel only counts; the best price is looked up anew when the count says that the level is empty.
func (b *otcOrderbook) leaveLevel(e *Env, o order) {
	level := bookLevel{bookSide{o.Pair, o.Side}, o.Price}
	n := b.levels.get(e, level)
	if n > 0 {
		b.levels.set(e, level, n-1)
	}
	if n <= 1 {
		b.recalculate(e, level.bookSide)
	}
}

func (b *otcOrderbook) recalculate(e *Env, side bookSide) {
	var best amount
	for _, n := range b.live.get(e, side) {
		if p := b.orders.get(e, n).Price; best.IsZero() || better(side.side, p, best) {
			best = p
		}
	}
	b.best.set(e, side, best)
}

type addPairArgs struct {
	Quote    address `json:"quote_token"`
	MinOrder amount  `json:"min_order_size"`
	Tick     amount  `json:"tick_size"`
}

func (b *otcOrderbook) addPair(e *Env, a addPairArgs) {
	e.requireText(e.caller == b.owner, "Only owner")
	n := b.pairCount.get(e)
	b.pairs.set(e, n, tradingPair{Base: b.sage.Address, Quote: a.Quote, MinOrder: a.MinOrder, Tick: a.Tick, Active: true})
	b.pairCount.set(e, n+1)
	e.emit(schemas.OTCOrderbookPairAdded{PairID: n, QuoteToken: a.Quote, MinOrderSize: a.MinOrder})
}

type bookConfigArgs struct {
	Config bookConfig `json:"config"`
}

func (b *otcOrderbook) setConfig(e *Env, a bookConfigArgs) {
	e.requireText(e.caller == b.owner, "Only owner")
	b.config.set(e, a.Config)
	e.emit(schemas.OTCOrderbookConfigUpdated{MakerFeeBps: a.Config.MakerFee, TakerFeeBps: a.Config.TakerFee})
}
