package economy

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Config says what world to make.
type Config struct {
	Seed    uint64
	Workers int
	// BlockSeconds is how long blocks usually take, so that actors know in which block to look again.
	BlockSeconds float64
	Keys         Keys
}

// World is everything on the simulated chain. It is not safe for concurrent use, but for [World.View], of which any number
// may run while nothing else does.
type World struct {
	ledger    Ledger
	seed      uint64
	chainID   schemas.Felt
	keys      Keys
	classes   map[string]schemas.Hash
	contracts []*Contract
	byAddress map[schemas.Address]*Contract
	accounts  map[schemas.Address]Account

	accountABI *schemas.ABI
	nonces     Map[address, uint64]

	owner, treasury, liquidity, stakersPool Account
	sequencer                               schemas.Address
	workers, clients, traders               []Account

	strk, usdc *erc20
	deployer   *Contract
	sage       *sageToken
	staking    *proverStaking
	reputation *reputationManager
	jobs       *jobManager
	pool       *cdcPool
	proofs     *proofVerifier
	stwo       *stwoVerifier
	gated      *proofGatedPayment
	router     *paymentRouter
	book       *otcOrderbook
	governance *governanceTreasury
	fraud      *fraudProof
	faucet     *faucet
	referral   *referralSystem
	fees       *feeManager
	escrow     *escrow
	metered    *meteredBilling
	tee        *optimisticTEE

	actors actors
}

//go:embed abi/Account.json
var accountDocument []byte

//go:embed abi/Deployer.json
var deployerDocument []byte

// Tokens of others that the simulation needs, at their Sepolia addresses, and the deployer that everybody uses.
var (
	strkAddress     = schemas.Address(mustFelt("0x04718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d"))
	usdcAddress     = schemas.Address(mustFelt("0x053b40a647cedfca6ca84f542a0fe36736031905a9639a7f19a3c1e66bfd5080"))
	deployerAddress = schemas.Address(mustFelt("0x041a78e741e5af2fec34b695679bc6891742439f7afb8484ecd7766661ad02bf"))
)

// NewWorld returns a world before its first block: accounts have STRK, and nothing of BitSage is deployed.
func NewWorld(c Config) (*World, error) {
	chainID, err := schemas.ChainID(schemas.Local)
	if err != nil {
		return nil, err
	}
	w := &World{
		seed: c.Seed, chainID: chainID, keys: c.Keys,
		classes: map[string]schemas.Hash{}, byAddress: map[schemas.Address]*Contract{}, accounts: map[schemas.Address]Account{},
	}
	if w.accountABI, err = schemas.ParseABI("Account", accountDocument); err != nil {
		return nil, err
	}
	deployerABI, err := schemas.ParseABI("Deployer", deployerDocument)
	if err != nil {
		return nil, err
	}
	w.classes["Account"] = classHash("Account")
	w.deployer = &Contract{Name: "Deployer", Address: deployerAddress, Class: classHash("Deployer"), ABI: deployerABI, ABIDocument: deployerDocument}
	w.deployer.entries = map[string]entry{"deployContract": on(w.deploy)}
	w.add(w.deployer)
	w.people(c)
	if err := w.build(); err != nil {
		return nil, fmt.Errorf("contracts of the simulated network: %w", err)
	}
	w.endow()
	w.actors = newActors(w, c)
	return w, nil
}

func classHash(name string) schemas.Hash {
	d := newDigest("class")
	d.text(name)
	return schemas.Hash(d.sum())
}

func (w *World) add(c *Contract) {
	w.byAddress[c.Address] = c
	w.contracts = append(w.contracts, c)
}

// people makes the accounts. Clients and traders grow with the workers.
func (w *World) people(c Config) {
	w.owner = w.newAccount("owner", 0)
	w.treasury = w.newAccount("treasury", 0)
	w.liquidity = w.newAccount("liquidity", 0)
	w.stakersPool = w.newAccount("staker rewards pool", 0)
	w.sequencer = w.newAccount("sequencer", 0).Address
	crowd := func(role string, n int) (out []Account) {
		for i := range n {
			out = append(out, w.newAccount(role, i))
		}
		return out
	}
	w.workers = crowd("worker", c.Workers)
	w.clients = crowd("client", 4+c.Workers/8)
	w.traders = crowd("trader", 6+c.Workers/16)
}

// Workers returns the workers' accounts, joined or not.
func (w *World) Workers() []Account { return w.workers }

// Sequencer returns who makes the blocks.
func (w *World) Sequencer() schemas.Address { return w.sequencer }

// Contract returns what is at an address.
func (w *World) Contract(at schemas.Address) (*Contract, bool) {
	c, ok := w.byAddress[at]
	return c, ok
}

// Version returns the point that the world is at now.
func (w *World) Version() Version { return w.ledger.version }

// Truncate takes the world back to a point that it was at.
func (w *World) Truncate(to Version) { w.ledger.truncate(to) }

func (w *World) env(b Block) *Env { return &Env{world: w, ledger: &w.ledger, at: Now, block: b} }

// Nonce returns an account's nonce at a point.
func (w *World) Nonce(at Version, account schemas.Address) uint64 {
	e := w.env(Block{})
	e.at = at
	return w.nonces.get(e, account)
}

// Execute runs a transaction. It reports false, and does nothing, where the nonce is not the sender's next one.
func (w *World) Execute(b Block, tx *Transaction) (*Executed, bool) {
	e := w.env(b)
	if w.nonces.get(e, tx.Sender) != tx.Nonce {
		return nil, false
	}
	before := w.ledger.next()
	out := &Executed{Tx: tx}
	out.Revert = w.run(e, tx, &out.Events)
	if out.Revert != nil {
		w.ledger.truncate(before)
		w.ledger.next()
		out.Events = nil
	}
	w.nonces.set(e, tx.Sender, tx.Nonce+1)
	out.Gas = gasOf(len(tx.Calls), len(out.Events))
	fee := *e
	fee.self, fee.events = &w.strk.Contract, &out.Events
	w.strk.move(&fee, tx.Sender, w.sequencer, number(out.Gas.Fee))
	return out, true
}

func (w *World) run(e *Env, tx *Transaction, events *[]Event) (failed *Revert) {
	defer catch(&failed)
	for _, c := range tx.Calls {
		call := *e
		call.caller, call.self, call.events = tx.Sender, c.To, events
		do, ok := c.To.entries[c.Entry]
		if !ok {
			call.fail(schemas.ShortString("Not simulated"))
		}
		do(&call, c.Args)
	}
	return nil
}

// Errors of [World.View] besides [Revert].
var (
	ErrNoContract   = errors.New("contract not found")
	ErrNoEntryPoint = errors.New("entry point not found")
)

// View calls a function at a point of the past, as starknet_call does. A failed assertion gives a [Revert].
func (w *World) View(b Block, at Version, to schemas.Address, selector schemas.Felt, calldata []schemas.Felt) (out []schemas.Felt, err error) {
	c, ok := w.byAddress[to]
	if !ok {
		return nil, ErrNoContract
	}
	name, ok := c.ABI.FunctionName(selector)
	if !ok {
		return nil, ErrNoEntryPoint
	}
	e := w.env(b)
	e.at, e.self = at, c
	failed := e.view(name, calldata, &out)
	if failed != nil {
		failed.Selector = selector
		return nil, failed
	}
	return out, nil
}

func (e *Env) view(name string, calldata []schemas.Felt, out *[]schemas.Felt) (failed *Revert) {
	defer catch(&failed)
	do, ok := e.self.views[name]
	if !ok {
		e.fail(schemas.ShortString("Not simulated"))
	}
	args, err := e.self.ABI.DecodeInputs(name, calldata)
	if err != nil {
		e.fail(schemas.ShortString(inputError(err)))
	}
	result, err := do(e, args)
	if err != nil {
		e.fail(schemas.ShortString("Failed to deserialize param #1"))
	}
	doc, err := json.Marshal(result)
	if err == nil {
		*out, err = e.self.ABI.EncodeOutputs(name, json.RawMessage(doc))
	}
	if err != nil {
		panic(fmt.Sprintf("economy: result of %s.%s: %v", e.self.Name, name, err)) // our struct and the ABI disagree
	}
	return nil
}

// inputError is what Cairo's wrapper of an entry point says about calldata that does not fit.
func inputError(err error) string {
	var d *schemas.DecodeError
	if errors.As(err, &d) {
		switch d.Reason {
		case schemas.ReasonTrailingData:
			return "Input too long for arguments"
		case schemas.ReasonBadValue:
			return "Failed to deserialize param #1"
		}
	}
	return "Input too short for arguments"
}

// Class returns a contract of a class.
func (w *World) Class(h schemas.Hash) (*Contract, bool) {
	for _, c := range w.contracts {
		if c.Class == h {
			return c, true
		}
	}
	return nil, false
}
