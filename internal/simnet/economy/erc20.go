package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// erc20 is a token of somebody else's (STRK, USDC), with keyed events as OpenZeppelin's have.
type erc20 struct {
	Contract
	symbol     string
	decimals   uint8
	supply     amount // constant: nobody mints here
	balances   Map[address, amount]
	allowances Map[[2]address, amount]
}

type transferArgs struct {
	Recipient address `json:"recipient"`
	Amount    amount  `json:"amount"`
}

type transferFromArgs struct {
	Sender    address `json:"sender"`
	Recipient address `json:"recipient"`
	Amount    amount  `json:"amount"`
}

type approveArgs struct {
	Spender address `json:"spender"`
	Amount  amount  `json:"amount"`
}

type accountArgs struct {
	Account address `json:"account"`
}

type allowanceArgs struct {
	Owner   address `json:"owner"`
	Spender address `json:"spender"`
}

func (t *erc20) functions() {
	t.entries = map[string]entry{
		"transfer":      on(t.transfer),
		"transfer_from": on(t.transferFrom),
		"approve":       on(t.approve),
	}
	t.views = map[string]view{
		"name":         constant(schemas.ShortString(t.symbol)),
		"symbol":       constant(schemas.ShortString(t.symbol)),
		"decimals":     constant(t.decimals),
		"total_supply": constant(t.supply),
		"balance_of":   ask(func(e *Env, q accountArgs) amount { return t.balances.get(e, q.Account) }),
		"allowance": ask(func(e *Env, q allowanceArgs) amount {
			return t.allowances.get(e, [2]address{q.Owner, q.Spender})
		}),
	}
}

func (t *erc20) transfer(e *Env, a transferArgs) { t.move(e, e.caller, a.Recipient, a.Amount) }

func (t *erc20) transferFrom(e *Env, a transferFromArgs) {
	pair := [2]address{a.Sender, e.caller}
	left, ok := t.allowances.get(e, pair).SubOK(a.Amount)
	e.require(ok, "ERC20: insufficient allowance")
	t.allowances.set(e, pair, left)
	t.move(e, a.Sender, a.Recipient, a.Amount)
}

func (t *erc20) approve(e *Env, a approveArgs) {
	t.allowances.set(e, [2]address{e.caller, a.Spender}, a.Amount)
	e.emit(tokenApproval{Owner: e.caller, Spender: a.Spender, Value: a.Amount})
}

func (t *erc20) move(e *Env, from, to address, value amount) {
	rest, ok := t.balances.get(e, from).SubOK(value)
	e.require(ok, "ERC20: insufficient balance")
	t.balances.set(e, from, rest)
	t.balances.set(e, to, t.balances.get(e, to).Add(value))
	e.emit(tokenTransfer{From: from, To: to, Value: value})
}

// tokenTransfer and tokenApproval are events of tokens that are not BitSage's, so no generated type has them.
type tokenTransfer struct {
	From  address `json:"from"`
	To    address `json:"to"`
	Value amount  `json:"value"`
}

// EventType names the event for [Event.Name] only.
func (tokenTransfer) EventType() string { return "erc20.Transfer" }

type tokenApproval struct {
	Owner   address `json:"owner"`
	Spender address `json:"spender"`
	Value   amount  `json:"value"`
}

// EventType names the event for [Event.Name] only.
func (tokenApproval) EventType() string { return "erc20.Approval" }
