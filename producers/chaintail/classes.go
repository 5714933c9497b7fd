package chaintail

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sort"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// An event is decoded by the ABI of the class that its contract had at its place on the chain. The event's record names the class, and the
// log holds the ABI, from before the first event that it decodes; so whoever reads the log can decode again as the tailer did, and a
// reorganisation takes the class back with the event. A class never changes, so one whose ABI the log holds is not asked for again.
//
// Far behind the head a contract's class is asked for at the last event of each chunk, and where that is another one than before, the
// blocks with events between are halved until the one that it changed at is found. Near the head it is asked for where an event tells of an
// upgrade, where an event does not fit the class, and once an hour, since an upgrade need not be told.

const (
	// askFailed is how long a node is left alone that could not tell a contract's class, or the ABI of a class.
	askFailed = 10 * time.Minute
	// maxTries is how often a node that does not answer is waited for before the ABI that this build brings along has to do.
	maxTries = 3
)

// classSource tells the classes of contracts. [Node] has it.
type classSource interface {
	Header(ctx context.Context, id starknet.BlockID) (starknet.Header, error)
	ClassHashAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (schemas.Hash, error)
	ABIAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (json.RawMessage, error)
}

// classes knows the classes of contracts, and decodes by them. It is of Run's goroutine, which may ask for [classes.class] in several.
type classes struct {
	node   classSource // of the round
	log    *slog.Logger
	atOnce int
	abis   *schemas.ABIs // those that the log holds
	lives  map[schemas.Address]*life

	mu     sync.Mutex // of what follows: contracts are asked for at a time
	found  []schemas.ClassABI
	silent map[schemas.Hash]time.Time // classes whose ABI could not be told, and until when it is not asked for again
}

// life is what is known of the classes that a contract has had.
type life struct {
	changes     []change                    // lowest first
	upTo        uint64                      // last block that they are known for, or taken to be
	asked       uint64                      // last block that the node was asked about
	askedAt     time.Time                   // its time
	upgrades    map[uint64]schemas.Position // of the events at hand: the last one of each block that tells of an upgrade
	tries       int                         // without an answer, in a row
	silentUntil time.Time                   // the node does not tell
	told        string
}

// change is the class that a contract has from a block on.
type change struct {
	from uint64
	to   schemas.Hash
}

func newClasses(node classSource, atOnce int, log *slog.Logger) *classes {
	return &classes{
		node: node, atOnce: atOnce, log: log, abis: schemas.NewABIs(), lives: map[schemas.Address]*life{}, silent: map[schemas.Hash]time.Time{},
	}
}

// forget forgets the classes of all contracts.
func (c *classes) forget() { clear(c.lives) }

// upTo forgets what is known above a block: it may be of blocks that were not written, or were taken back.
func (c *classes) upTo(block uint64) {
	for address, l := range c.lives {
		l.upTo, l.asked = min(l.upTo, block), min(l.asked, block)
		l.changes = l.changes[:sort.Search(len(l.changes), func(i int) bool { return l.changes[i].from > block })]
		if len(l.changes) == 0 {
			delete(c.lives, address)
		}
	}
}

// at returns the class at a block; the newest known one where it is above all that is known.
func (l *life) at(block uint64) (class schemas.Hash, known bool) {
	if l == nil {
		return class, false
	}
	i := sort.Search(len(l.changes), func(i int) bool { return l.changes[i].from > block })
	if i == 0 {
		return class, false
	}
	return l.changes[i-1].to, true
}

// class returns the class that a contract has at the end of a block, zero where that is not known.
func (c *classes) class(contract schemas.Address, block uint64) schemas.Hash {
	h, _ := c.lives[contract].at(block)
	return h
}

// of returns the class that emitted an event. An upgrade takes effect after the event that tells of it.
func (c *classes) of(e chainEvent) schemas.Hash {
	l := c.lives[e.contract.Address]
	if l == nil || e.position.Block > l.upTo {
		return schemas.Hash{} // the node does not tell
	}
	if last, upgraded := l.upgrades[e.position.Block]; upgraded && e.position.Compare(last) <= 0 && e.position.Block > 0 {
		if before, known := l.at(e.position.Block - 1); known {
			return before
		}
	}
	h, _ := l.at(e.position.Block)
	return h
}

// decoded is an event as the log carries it.
type decoded struct {
	value schemas.ChainEvent
	typ   string
}

// decode turns events into the values and types that the log carries. What cannot be read is kept raw, with the reason. Record puts an
// ABI into the log; near tells that the events are of one block, near the head.
func (c *classes) decode(ctx context.Context, events []chainEvent, near bool, record func(context.Context, schemas.ClassABI) error) ([]decoded, error) {
	for {
		if err := c.learn(ctx, events, near, record); err != nil {
			return nil, err
		}
		out := make([]decoded, len(events))
		doubtful := false
		for i, e := range events {
			out[i].value = schemas.ChainEvent{
				BlockHash: e.blockHash, TxHash: e.txHash, Contract: e.contract.Address, ContractName: e.contract.Name, Class: c.of(e), Raw: e.raw,
			}
			out[i].typ = c.abis.Decode(&out[i].value)
			doubtful = out[i].typ == schemas.TypeUndecoded && c.doubt(e) || doubtful
		}
		if !doubtful {
			return out, nil
		}
	}
}

// doubt forgets a contract's class where the node was not asked for it at the block of an event that does not fit it.
func (c *classes) doubt(e chainEvent) bool {
	l := c.lives[e.contract.Address]
	if l == nil || l.asked >= e.position.Block || l.upTo < e.position.Block {
		return false
	}
	l.upTo, l.askedAt = l.asked, time.Time{}
	return true
}

// learn finds out the classes of the events' contracts, and the ABIs that are new to the log.
func (c *classes) learn(ctx context.Context, events []chainEvent, near bool, record func(context.Context, schemas.ClassABI) error) error {
	by := map[schemas.Address][]chainEvent{}
	for _, e := range events {
		by[e.contract.Address] = append(by[e.contract.Address], e)
		if c.lives[e.contract.Address] == nil {
			c.lives[e.contract.Address] = &life{}
		}
	}
	c.found = nil
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(c.atOnce)
	for _, address := range slices.SortedFunc(maps.Keys(by), func(a, b schemas.Address) int { return bytes.Compare(a[:], b[:]) }) {
		l := c.lives[address]
		find := func() error { return c.follow(within, l, by[address], near) }
		if c.atOnce > 1 {
			group.Go(find)
		} else if err := find(); err != nil {
			return err
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, abi := range c.found {
		if c.abis.Has(abi.Class) {
			continue
		}
		if err := record(ctx, abi); err != nil {
			return err
		}
	}
	for address, events := range by {
		c.tell(ctx, c.lives[address], events[len(events)-1])
	}
	return nil
}

// follow goes on with a contract's classes up to the last of its events.
func (c *classes) follow(ctx context.Context, l *life, events []chainEvent, near bool) error {
	l.upgrades = upgradesOf(events)
	if time.Now().Before(l.silentUntil) {
		return nil
	}
	next := *l
	if slices.ContainsFunc(l.changes, func(x change) bool { return c.lacks(x.to) }) || len(l.changes) > 0 && events[0].position.Block < l.changes[0].from {
		next = life{upgrades: l.upgrades, tries: l.tries, told: l.told}
	}
	next.changes = slices.Clone(next.changes)
	err := c.extend(ctx, &next, events, near)
	switch {
	case err == nil:
		*l = next
		l.tries = 0
		return nil
	case ctx.Err() != nil:
		return err
	}
	if l.tries++; unanswered(err) && l.tries < maxTries {
		return fmt.Errorf("class of %s: %w", events[0].contract.Name, err)
	}
	c.log.WarnContext(ctx, "decoding by the embedded ABI: the node does not tell the contract's class", "contract", events[0].contract.Name,
		"address", events[0].contract.Address.String(), "block", events[0].position.Block, "because", err)
	l.tries, l.silentUntil, l.told = 0, time.Now().Add(askFailed), ""
	return nil
}

// upgradeSelectors are the events after which a contract may have another class.
var upgradeSelectors = []schemas.Felt{schemas.Selector("UpgradeExecuted"), schemas.Selector("Upgraded"), schemas.Selector("ImplementationReplaced")}

// upgradesOf returns where the last event of each block is that tells of an upgrade. An event of a component may have the component's
// selector before its own.
func upgradesOf(events []chainEvent) map[uint64]schemas.Position {
	var found map[uint64]schemas.Position
	for _, e := range events {
		leading := e.raw.Keys[:min(2, len(e.raw.Keys))]
		if slices.ContainsFunc(leading, func(k schemas.Felt) bool { return slices.Contains(upgradeSelectors, k) }) {
			if found == nil {
				found = map[uint64]schemas.Position{}
			}
			found[e.position.Block] = e.position
		}
	}
	return found
}

// point is a block that a contract's class is asked for at.
type point struct {
	block uint64
	id    starknet.BlockID
	time  time.Time
	class schemas.Hash
}

// extend asks the node for the classes at the blocks of a contract's events, so far as they are not known.
func (c *classes) extend(ctx context.Context, l *life, events []chainEvent, near bool) error {
	contract := events[0].contract.Address
	var points []point
	for _, e := range events {
		if known := len(l.changes) > 0 && e.position.Block <= l.upTo; known || len(points) > 0 && points[len(points)-1].block == e.position.Block {
			continue
		}
		points = append(points, point{block: e.position.Block, id: starknet.ByHash(e.blockHash), time: e.time})
	}
	if len(points) == 0 {
		return nil
	}
	last := &points[len(points)-1]
	if newest, known := l.at(last.block); known {
		if near && len(l.upgrades) == 0 && l.askedAt.Truncate(time.Hour).Equal(last.time.Truncate(time.Hour)) {
			l.upTo = last.block
			return nil
		}
		points = slices.Insert(points, 0, point{block: l.upTo, class: newest})
	} else {
		first, err := c.first(ctx, l, contract, points[0])
		if err != nil {
			return err
		}
		if l.changes = []change{{first.block, first.class}}; first.block == points[0].block {
			points[0] = first
		} else {
			points = slices.Insert(points, 0, first)
		}
	}
	last = &points[len(points)-1]
	if last.class.IsZero() {
		if err := c.ask(ctx, l, contract, last); err != nil {
			return err
		}
	}
	l.upTo, l.asked, l.askedAt = last.block, last.block, last.time
	return c.halve(ctx, l, contract, points)
}

// first asks for the class at the first block with events: where one of them tells of an upgrade, at the block before, if the contract was there.
func (c *classes) first(ctx context.Context, l *life, contract schemas.Address, at point) (point, error) {
	if _, upgraded := l.upgrades[at.block]; upgraded && at.block > 0 {
		before := point{block: at.block - 1, id: starknet.ByNumber(at.block - 1), time: at.time}
		if err := c.ask(ctx, l, contract, &before); !errors.Is(err, starknet.ErrContractNotFound) {
			return before, err
		}
	}
	err := c.ask(ctx, l, contract, &at)
	return at, err
}

// halve finds the changes between points whose first and last classes are known. It takes a contract that has the same class at both ends,
// and told of no upgrade between them, to have had no other.
func (c *classes) halve(ctx context.Context, l *life, contract schemas.Address, points []point) error {
	first, last := points[0], points[len(points)-1]
	upgraded := slices.ContainsFunc(points[1:], func(p point) bool { _, told := l.upgrades[p.block]; return told })
	switch {
	case first.class == last.class && (!upgraded || len(points) == 2):
		return nil
	case len(points) == 2:
		l.changes = append(l.changes, change{last.block, last.class})
		return nil
	}
	middle := len(points) / 2
	if err := c.ask(ctx, l, contract, &points[middle]); err != nil {
		return err
	}
	if err := c.halve(ctx, l, contract, points[:middle+1]); err != nil {
		return err
	}
	return c.halve(ctx, l, contract, points[middle:])
}

// ask asks the node for a contract's class, and for its ABI where the log does not have it.
func (c *classes) ask(ctx context.Context, l *life, contract schemas.Address, at *point) (err error) {
	at.class, err = c.node.ClassHashAt(ctx, at.id, contract)
	if errors.Is(err, starknet.ErrBlockNotFound) {
		// A node without old states says so, and so does one that is changing branches: the one has the block, the other does not.
		if _, gone := c.node.Header(ctx, at.id); gone != nil {
			return fmt.Errorf("its class at block %d: the node no longer has this block: %w", at.block, errGone)
		}
	}
	if noState(err) {
		at.id = starknet.TagLatest
		at.class, err = c.node.ClassHashAt(ctx, at.id, contract)
		c.log.DebugContext(ctx, "asked for the class at the newest block: the node has no state of the event's", "contract", contract.String(),
			"block", at.block, "error", err)
	}
	if err != nil || !c.lacks(at.class) {
		return err
	}
	doc, err := c.node.ABIAt(ctx, at.id, contract)
	switch {
	case err == nil && !json.Valid(doc):
		err = fmt.Errorf("%w: it is no JSON", schemas.ErrUnreadableABI)
	case err == nil && len(doc) > schemas.MaxRecordBytes-classABIRoom:
		err = fmt.Errorf("%w: %d bytes are too many for the log", schemas.ErrUnreadableABI, len(doc))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.found = append(c.found, schemas.ClassABI{Class: at.class, ABI: doc})
	case unanswered(err) && l.tries < maxTries-1:
		return err
	default:
		c.log.WarnContext(ctx, "the node does not tell the ABI of a class", "class", at.class.String(), "because", err)
		c.silent[at.class] = time.Now().Add(askFailed)
	}
	return nil
}

// errGone says that a node does not have a block that it had.
var errGone = errors.New("it may be changing branches")

// classABIRoom is what an ABI's record takes beside the document.
const classABIRoom = 1 << 10

// lacks tells whether the ABI of a class is to be asked for.
func (c *classes) lacks(class schemas.Hash) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.abis.Has(class) && time.Now().After(c.silent[class])
}

// noState tells whether a node refuses to look into the state of a block: those that keep the newest only say so by codes of
// their own. Today's class is then the best guess.
func noState(err error) bool {
	_, refused := errors.AsType[*starknet.RPCError](err)
	return refused && !errors.Is(err, starknet.ErrContractNotFound) && !errors.Is(err, starknet.ErrMethodNotFound)
}

// unanswered tells whether an error is the absence of an answer, which waiting may mend, rather than a refusal.
func unanswered(err error) bool {
	if _, refused := errors.AsType[*starknet.RPCError](err); refused || errors.Is(err, schemas.ErrUnreadableABI) {
		return false
	}
	if e, ok := errors.AsType[*starknet.HTTPError](err); ok {
		return e.Status == http.StatusTooManyRequests || e.Status >= 500
	}
	return true
}

// tell says once which ABI a contract is decoded with from now on.
func (c *classes) tell(ctx context.Context, l *life, e chainEvent) {
	class, known := l.at(e.position.Block)
	if !known {
		return // said already that the node does not tell
	}
	because := c.abis.Readable(e.contract.Name, class)
	told := fmt.Sprint(class, because)
	if l.told == told {
		return
	}
	l.told = told
	attrs := []any{"contract", e.contract.Name, "address", e.contract.Address.String(), "block", e.position.Block, "class", class.String()}
	if because == nil {
		c.log.InfoContext(ctx, "decoding by the ABI of the contract's class", attrs...)
		return
	}
	c.log.WarnContext(ctx, "decoding by the embedded ABI: the one of the contract's class is not to be had", append(attrs, "because", because)...)
}
