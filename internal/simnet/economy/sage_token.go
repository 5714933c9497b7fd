package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// largeTransfer is the amount from which SAGEToken.transfer refuses and asks for the two-step way; it has no setter.
var largeTransfer = schemas.Sage(10_000)

// sageToken is BitSage's own token: no keys in its Transfer and Approval, large transfers in two steps, supply by emission.
type sageToken struct {
	Contract
	owner, liquidity address

	supply, burned, minted Cell[amount]
	revenue, monthly       Cell[amount]
	launched, revenueReset Cell[u64]
	balances               Map[address, amount]
	allowances             Map[[2]address, amount]
	firstHeld              Map[address, uint64] // when an account first got tokens by a transfer
	transfers              Map[uint64, pendingTransfer]
	transferCount          Cell[uint64]
	burns                  Map[uint64, burnEvent]
	burnCount              Cell[uint64]
	moved                  Map[rateKey, amount] // what an account moved within a day's window
	proposals              Map[uint64, tokenProposal]
	proposalCount          Cell[uint64]
	voted                  Map[ballot, bool]
	lastProposal           Map[address, uint64]
	openProposals          Map[address, uint64]
}

type rateKey struct {
	account address
	window  uint64
}

type pendingTransfer struct {
	ID                amount  `json:"id"`
	TransferID        amount  `json:"transfer_id"`
	From              address `json:"from"`
	To                address `json:"to"`
	Amount            amount  `json:"amount"`
	Timestamp         u64     `json:"timestamp"`
	InitiatedAt       u64     `json:"initiated_at"`
	ExecuteAfter      u64     `json:"execute_after"`
	ExecutionTime     u64     `json:"execution_time"`
	ApprovedByCouncil bool    `json:"approved_by_council"`
	IsExecuted        bool    `json:"is_executed"`
}

type burnEvent struct {
	Timestamp    u64    `json:"timestamp"`
	Amount       amount `json:"amount"`
	Reason       felt   `json:"reason"`
	NetworkPhase felt   `json:"network_phase"`
	SupplyAfter  amount `json:"total_supply_after"`
	BurnRate     uint32 `json:"burn_rate"`
}

const (
	secondsPerDay   = 86_400
	secondsPerMonth = 30 * secondsPerDay
	burnRateBps     = 3_000
)

var (
	sageAtStart   = schemas.Sage(110_000_000)
	sageLiquidity = schemas.Sage(100_000_000)
	sagePublic    = schemas.Sage(10_000_000)
	sageTotal     = schemas.Sage(1_000_000_000)
)

func (t *sageToken) functions() {
	t.entries = map[string]entry{
		"transfer":      on(t.transfer),
		"transfer_from": on(t.transferFrom),
		"approve":       on(t.approve),
		"mint": on(func(e *Env, a mintArgs) {
			e.require(e.caller == t.owner, "Unauthorized caller")
			t.mint(e, a.To, a.Amount, a.Reason)
		}),
		"burn_from_revenue":       on(t.burnFromRevenue),
		"initiate_large_transfer": on(t.initiateLargeTransfer),
		"execute_large_transfer":  on(t.executeLargeTransfer),
	}
	t.viewFunctions()
	t.governanceFunctions()
}

// construct mints what is there at the token's generation event.
func (t *sageToken) construct(e *Env) {
	t.supply.set(e, sageAtStart)
	t.minted.set(e, sageAtStart)
	t.launched.set(e, u64(e.block.Time))
	t.revenueReset.set(e, u64(e.block.Time))
	t.balances.set(e, t.liquidity, sageLiquidity)
	t.balances.set(e, t.owner, sagePublic)
	e.emit(schemas.SAGETokenTransfer{To: t.liquidity, Value: sageLiquidity})
	e.emit(schemas.SAGETokenTransfer{To: t.owner, Value: sagePublic})
	e.emit(schemas.SAGETokenTGECompleted{
		MarketLiquidity: sageLiquidity, PublicSaleTge: sagePublic, TotalCirculating: sageAtStart, Timestamp: e.block.Time,
	})
}

func (t *sageToken) transfer(e *Env, a transferArgs) {
	e.require(a.Amount.Cmp(largeTransfer) < 0, "Use initiate_large_transfer")
	window := rateKey{e.caller, e.block.Time / secondsPerDay * secondsPerDay}
	used := t.moved.get(e, window).Add(a.Amount)
	e.require(used.Cmp(sageLiquidity) <= 0, "Rate limit exceeded")
	t.moved.set(e, window, used)
	t.move(e, e.caller, a.Recipient, a.Amount)
}

// transferFrom has no threshold for large amounts.
func (t *sageToken) transferFrom(e *Env, a transferFromArgs) {
	pair := [2]address{a.Sender, e.caller}
	left, ok := t.allowances.get(e, pair).SubOK(a.Amount)
	e.require(ok, "Insufficient allowance")
	t.allowances.set(e, pair, left)
	t.move(e, a.Sender, a.Recipient, a.Amount)
}

func (t *sageToken) move(e *Env, from, to address, value amount) {
	e.require(!from.IsZero(), "Transfer from zero address")
	e.require(!to.IsZero(), "Transfer to zero address")
	rest, ok := t.balances.get(e, from).SubOK(value)
	e.require(ok, "Insufficient balance")
	t.balances.set(e, from, rest)
	before := t.balances.get(e, to)
	t.balances.set(e, to, before.Add(value))
	if before.IsZero() && t.firstHeld.get(e, to) == 0 {
		t.firstHeld.set(e, to, e.block.Time)
	}
	e.emit(schemas.SAGETokenTransfer{From: from, To: to, Value: value})
}

func (t *sageToken) approve(e *Env, a approveArgs) {
	t.allowances.set(e, [2]address{e.caller, a.Spender}, a.Amount)
	e.emit(schemas.SAGETokenApproval{Owner: e.caller, Spender: a.Spender, Value: a.Amount})
}

type mintArgs struct {
	To     address `json:"to"`
	Amount amount  `json:"amount"`
	Reason felt    `json:"reason"`
}

// mint is checked against the yearly inflation of the bootstrap phase, 8 %, of which one transaction may take a hundredth.
func (t *sageToken) mint(e *Env, to address, value amount, reason felt) {
	supply := t.supply.get(e)
	e.require(value.Cmp(bps(supply, 8)) <= 0, "Exceeds inflation limit")
	e.require(supply.Add(value).Cmp(sageTotal) <= 0, "Exceeds max supply cap")
	t.supply.set(e, supply.Add(value))
	t.balances.set(e, to, t.balances.get(e, to).Add(value))
	t.minted.set(e, t.minted.get(e).Add(value))
	e.emit(schemas.SAGETokenMint{To: to, Amount: value, Reason: reason})
	e.emit(schemas.SAGETokenTransfer{To: to, Value: value})
}

type burnArgs struct {
	Amount         amount `json:"amount"`
	RevenueSource  amount `json:"revenue_source"`
	ExecutionPrice amount `json:"execution_price"`
}

// burnFromRevenue lowers the supply and debits nobody.
func (t *sageToken) burnFromRevenue(e *Env, a burnArgs) {
	e.require(e.caller == t.owner, "Unauthorized caller")
	rest, ok := t.supply.get(e).SubOK(a.Amount)
	e.require(ok, "Insufficient supply to burn")
	t.supply.set(e, rest)
	t.burned.set(e, t.burned.get(e).Add(a.Amount))
	n := t.burnCount.get(e)
	t.burns.set(e, n, burnEvent{
		Timestamp: u64(e.block.Time), Amount: a.Amount, Reason: schemas.ShortString("revenue_burn"),
		NetworkPhase: schemas.FeltFromUint64(1), SupplyAfter: rest, BurnRate: burnRateBps,
	})
	t.burnCount.set(e, n+1)
	t.revenue.set(e, t.revenue.get(e).Add(a.RevenueSource))
	if e.block.Time-uint64(t.revenueReset.get(e)) > secondsPerMonth {
		t.monthly.set(e, a.RevenueSource)
		t.revenueReset.set(e, u64(e.block.Time))
	} else {
		t.monthly.set(e, t.monthly.get(e).Add(a.RevenueSource))
	}
	e.emit(schemas.SAGETokenBurn{
		Amount: a.Amount, RevenueSource: a.RevenueSource, ExecutionPrice: a.ExecutionPrice, BurnRate: burnRateBps,
	})
}

type initiateArgs struct {
	To     address `json:"to"`
	Amount amount  `json:"amount"`
}

// initiateLargeTransfer debits the sender without a Transfer; executeLargeTransfer debits it once more.
func (t *sageToken) initiateLargeTransfer(e *Env, a initiateArgs) {
	rest, ok := t.balances.get(e, e.caller).SubOK(a.Amount)
	e.require(ok, "Insufficient balance")
	e.require(a.Amount.Cmp(largeTransfer) >= 0, "Not a large transfer")
	id, now := t.transferCount.get(e), u64(e.block.Time)
	t.transferCount.set(e, id+1)
	t.transfers.set(e, id, pendingTransfer{
		ID: number(id), TransferID: number(id), From: e.caller, To: a.To, Amount: a.Amount,
		Timestamp: now, InitiatedAt: now, ExecuteAfter: now,
	})
	t.balances.set(e, e.caller, rest)
	e.emit(schemas.SAGETokenLargeTransferInitiated{
		TransferID: number(id), From: e.caller, To: a.To, Amount: a.Amount, ExecuteAfter: uint64(now),
	})
}

type transferIDArgs struct {
	TransferID amount `json:"transfer_id"`
}

func (t *sageToken) executeLargeTransfer(e *Env, a transferIDArgs) {
	p := t.transfers.get(e, low(a.TransferID))
	e.require(!p.IsExecuted, "Transfer already executed")
	t.move(e, p.From, p.To, p.Amount)
	p.IsExecuted, p.ExecutionTime = true, u64(e.block.Time)
	t.transfers.set(e, low(a.TransferID), p)
	e.emit(schemas.SAGETokenLargeTransferExecuted{
		TransferID: a.TransferID, From: p.From, To: p.To, Amount: p.Amount, ExecutionTime: e.block.Time,
	})
	e.emit(schemas.SAGETokenTransfer{From: p.From, To: p.To, Value: p.Amount})
}
