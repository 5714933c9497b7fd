package chaintail

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Why a block is audited.
const (
	AuditRandom = "random" // by chance
	AuditOdd    = "odd"    // something was seen when it was read: undecoded events, retries, a reorganisation, pages that were not plain
)

// How an audit of a block ends.
const (
	AuditWhole    = "whole"       // the log has exactly what the receipts have
	AuditFault    = "fault"       // it has not
	AuditVoid     = "void"        // the block has left the chain since
	AuditNotKnown = "not_checked" // the node did not tell, or the log could not be read
)

// Kinds of faults.
const (
	FaultMissing = "missing" // the receipts have an event that the log has not
	FaultSurplus = "surplus" // the log has one that the receipts have not
	FaultWrong   = "wrong"   // the log has another one in its place
	FaultCount   = "count"   // the receipts have not as many events as the block's header says, so they prove nothing
)

// AuditFaultFound is an event of which log and receipts tell differently.
type AuditFaultFound struct {
	Block    uint64
	Hash     schemas.Hash
	Position schemas.Position
	Kind     string
	Contract string // its name; empty where the fault is the block's
	Provider string // whose receipts they are
	FoundAt  time.Time
}

// AuditResult is why and how blocks were audited.
type AuditResult struct{ Reason, Outcome string }

// AuditStatus is what the audit of completeness has found so far in this process.
type AuditStatus struct {
	Every     time.Duration // between two audits; 0 where there is none
	Blocks    map[AuditResult]int64
	Pending   int   // odd blocks that wait
	Dropped   int64 // odd blocks that were too many to remember: chance alone may come to them
	LastBlock uint64
	LastAt    time.Time         // zero before the first
	Problem   string            // why the last one that was not checked was not
	Faulty    int               // blocks whose last audit found a fault
	Faults    []AuditFaultFound // of those, the lowest first, at most a hundred
}

const (
	keptOdd    = 10_000
	keptFaults = 100
	// everyRandom is how many audits there is one by chance in, whatever waits: an odd block that cannot be checked waits for ever.
	everyRandom = 4
	// auditReach is how many records are read around a block at most: a chunk, and what an interrupted one left.
	auditReach = 4 * maxChunkEvents
	auditCalls = 30 * time.Second // for one block
)

// suspects are the blocks that are to be audited for a reason. It is safe for concurrent use.
type suspects struct {
	mu      sync.Mutex
	blocks  map[uint64]bool // guarded by mu
	dropped int64           // guarded by mu
}

func newSuspects() *suspects { return &suspects{blocks: map[uint64]bool{}} }

func (s *suspects) add(blocks ...uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range blocks {
		switch {
		case s.blocks[b]:
		case len(s.blocks) >= keptOdd:
			s.dropped++
		default:
			s.blocks[b] = true
		}
	}
}

// take returns any suspect up to a block.
func (s *suspects) take(upTo uint64) (block uint64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for b := range s.blocks {
		if b <= upTo {
			delete(s.blocks, b)
			return b, true
		}
	}
	return 0, false
}

func (s *suspects) counts() (pending int, dropped int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.blocks), s.dropped
}

// auditor holds blocks of the log against the receipts of the node, now and then. It only reads.
type auditor struct {
	t     *Tailer
	rnd   *rand.Rand // of run's goroutine, as is first
	first *uint64    // the log's first block, once it is known

	mu     sync.Mutex
	status AuditStatus                  // guarded by mu; without what is counted elsewhere
	faults map[uint64][]AuditFaultFound // by block; guarded by mu
}

func newAuditor(t *Tailer) *auditor {
	return &auditor{
		t: t, rnd: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())), status: AuditStatus{Every: t.config.AuditEvery, Blocks: map[AuditResult]int64{}},
		faults: map[uint64][]AuditFaultFound{},
	}
}

// Audit returns what the audit has found. It is safe for concurrent use.
func (t *Tailer) Audit() AuditStatus {
	a := t.auditor
	a.mu.Lock()
	defer a.mu.Unlock()
	out := a.status
	out.Blocks = maps.Clone(out.Blocks)
	out.Pending, out.Dropped = t.suspects.counts()
	out.Faulty = len(a.faults)
	for _, block := range slices.Sorted(maps.Keys(a.faults)) {
		out.Faults = append(out.Faults, a.faults[block]...)
	}
	out.Faults = out.Faults[:min(len(out.Faults), keptFaults)]
	return out
}

// run audits until ctx ends.
func (a *auditor) run(ctx context.Context) {
	if a.t.config.AuditEvery <= 0 {
		return
	}
	for turn := 0; sleep(ctx, a.t.config.AuditEvery); turn++ {
		sealed := a.t.status.place().sealed
		if sealed.Hash.IsZero() {
			continue
		}
		reason := AuditOdd
		block, ok := uint64(0), false
		if turn%everyRandom > 0 {
			block, ok = a.t.suspects.take(sealed.Number)
		}
		if !ok {
			reason = AuditRandom
			first, err := a.firstBlock(ctx)
			if err != nil || first > sealed.Number {
				a.note(AuditResult{reason, AuditNotKnown}, sealed.Number, nil, err)
				continue
			}
			block = first + a.rnd.Uint64N(sealed.Number-first+1)
		}
		outcome, faults, err := a.audit(ctx, block)
		if ctx.Err() != nil {
			return
		}
		if err != nil && reason == AuditOdd {
			a.t.suspects.add(block) // later
		}
		a.note(AuditResult{reason, outcome}, block, faults, err)
	}
}

// note publishes the outcome of an audit.
func (a *auditor) note(r AuditResult, block uint64, faults []AuditFaultFound, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.status.Blocks[r]++
	a.status.LastBlock, a.status.LastAt = block, time.Now()
	if err != nil {
		a.status.Problem = fmt.Sprintf("block %d: %v", block, err)
	}
	if r.Outcome == AuditNotKnown {
		return
	}
	known := a.faults[block]
	if delete(a.faults, block); len(faults) > 0 {
		a.faults[block] = faults
	}
	if len(faults) == 0 || len(known) > 0 {
		return
	}
	for _, f := range faults {
		a.t.metrics.auditFaults.WithLabelValues(f.Kind).Inc()
	}
	a.t.config.Logger.Error("the log does not hold what the chain does", "block", block, "faults", len(faults), "first", faults[0].Kind,
		"contract", faults[0].Contract, "position", faults[0].Position.String(), "provider", faults[0].Provider)
}

// audit compares one block. An answer that shows a fault is asked for twice.
func (a *auditor) audit(ctx context.Context, block uint64) (outcome string, faults []AuditFaultFound, err error) {
	for range 2 {
		if outcome, faults, err = a.compare(ctx, block); outcome != AuditFault {
			break
		}
	}
	return outcome, faults, err
}

// held is a block as the log holds it: its events, and the seal that it is under.
type held struct {
	hash  schemas.Hash // zero where it has no event and no seal of its own
	facts []schemas.Fact
	seal  schemas.BlockRef
}

// copiesKept is how many inclusions of a block are looked at: those before the last were taken back.
const copiesKept = 4

func (a *auditor) compare(ctx context.Context, block uint64) (outcome string, faults []AuditFaultFound, err error) {
	ctx, cancel := context.WithTimeout(ctx, auditCalls)
	defer cancel()
	for copied := range copiesKept {
		have, err := a.held(ctx, block, copied)
		if errors.Is(err, errNotHeld) && copied > 0 {
			break
		}
		if err != nil {
			return AuditNotKnown, nil, fmt.Errorf("read the log: %w", err)
		}
		if outcome, faults, err = a.against(ctx, a.t.providers.witness(), block, have); outcome != AuditVoid {
			return outcome, faults, err
		}
	}
	return AuditVoid, nil, nil
}

// against holds what the log has of a block against what a provider has.
func (a *auditor) against(ctx context.Context, p *provider, block uint64, have held) (outcome string, faults []AuditFaultFound, err error) {
	anchor, id := have.seal, starknet.ByNumber(block)
	if !have.hash.IsZero() {
		anchor, id = schemas.BlockRef{Number: block, Hash: have.hash}, starknet.ByHash(have.hash)
	}
	now, err := p.header(ctx, anchor.Number)
	if err == nil && now.Hash != anchor.Hash {
		return AuditVoid, nil, nil
	}
	var h starknet.Header
	var receipts []starknet.Receipt
	if err == nil {
		h, receipts, err = p.everyReceipt(ctx, id)
	}
	if err == nil && (h.Number != block || !have.hash.IsZero() && h.Hash != have.hash) {
		err = fmt.Errorf("asked for block %d, the node answered block %d %s", block, h.Number, h.Hash)
	}
	if err != nil {
		return AuditNotKnown, nil, fmt.Errorf("%s: %w", p.name, err)
	}
	faults = blockFaults(h, receipts, have.facts, p.follows.contracts)
	for i := range faults {
		faults[i].Block, faults[i].Hash, faults[i].Provider, faults[i].FoundAt = block, h.Hash, p.name, time.Now()
	}
	if len(faults) > 0 {
		return AuditFault, faults, nil
	}
	return AuditWhole, nil, nil
}

// errNotHeld says that the log has no further inclusion of a block.
var errNotHeld = errors.New("no seal covers the block")

// blockFaults compares the events of a block's receipts with those that the log has of it.
func blockFaults(h starknet.Header, receipts []starknet.Receipt, have []schemas.Fact, follows map[schemas.Address]schemas.Contract) (faults []AuditFaultFound) {
	facts := map[schemas.Position]schemas.Fact{}
	for _, f := range have {
		if !f.Observed() { // what views told is in no receipt
			facts[f.Position] = f
		}
	}
	total := 0
	for tx, r := range receipts {
		for i, e := range r.Events {
			total++
			contract, ours := follows[e.From]
			if !ours {
				continue
			}
			at := schemas.Position{Block: h.Number, Tx: uint32(tx), Event: uint32(i)}
			f, there := facts[at]
			delete(facts, at)
			switch {
			case !there:
				faults = append(faults, AuditFaultFound{Position: at, Kind: FaultMissing, Contract: contract.Name})
			case f.Contract != e.From || f.TxHash != r.TxHash || f.BlockHash != h.Hash || !slices.Equal(f.Raw.Keys, e.Keys) || !slices.Equal(f.Raw.Data, e.Data):
				faults = append(faults, AuditFaultFound{Position: at, Kind: FaultWrong, Contract: contract.Name})
			}
		}
	}
	for at, f := range facts {
		faults = append(faults, AuditFaultFound{Position: at, Kind: FaultSurplus, Contract: f.ContractName})
	}
	if h.Events != nil && *h.Events != total {
		faults = append(faults, AuditFaultFound{Position: schemas.Position{Block: h.Number}, Kind: FaultCount})
	}
	slices.SortFunc(faults, func(x, y AuditFaultFound) int { return x.Position.Compare(y.Position) })
	return faults
}

// everyReceipt returns the receipts of a block, one by one where the node does not serve them by block.
func (p *provider) everyReceipt(ctx context.Context, id starknet.BlockID) (starknet.Header, []starknet.Receipt, error) {
	if !p.can.noReceipts.Load() {
		h, receipts, err := p.Receipts(ctx, id)
		if !errors.Is(err, starknet.ErrMethodNotFound) {
			return h, receipts, err
		}
	}
	h, err := p.Header(ctx, id)
	if err != nil {
		return h, nil, err
	}
	receipts := make([]starknet.Receipt, len(h.TxHashes))
	for i, tx := range h.TxHashes {
		if receipts[i], err = p.Receipt(ctx, tx); err != nil {
			return h, nil, err
		}
		if of := receipts[i].BlockHash; receipts[i].TxHash != tx || of != nil && *of != h.Hash {
			return h, nil, fmt.Errorf("block %d: the receipt of transaction %s is of another block by now", h.Number, tx)
		}
	}
	return h, receipts, nil
}

// witness returns the provider that blocks are audited with: one that does not serve, where there is one, since what one node left out
// of its events it may leave out of its receipts too.
func (ps *providers) witness() *provider {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for _, p := range ps.all {
		if p != ps.serving && p.aside == nil {
			return p
		}
	}
	if ps.serving != nil {
		return ps.serving
	}
	return ps.all[0]
}

// firstBlock returns the block that the log begins with, which never changes.
func (a *auditor) firstBlock(ctx context.Context) (block uint64, err error) {
	if a.first != nil {
		return *a.first, nil
	}
	found := false
	err = a.forward(ctx, schemas.StartOfChain(), func(s schemas.Step) bool {
		if s.Block != nil {
			block, found = s.Block.Number, true
		}
		return found
	})
	switch {
	case err == nil && !found:
		err = errors.New("the log has no block")
	case err == nil:
		a.first = &block
	}
	return block, err
}

// held reads a block back from the log: where it is, the seal before it, and from there on by the rule that every reader applies, until
// a seal covers the block. Of several inclusions, one after the other, the first ones may be skipped.
func (a *auditor) held(ctx context.Context, block uint64, skip int) (held, error) {
	at, err := a.offsetOf(ctx, block)
	if err != nil {
		return held{}, err
	}
	for below := at; ; {
		state, err := a.sealBefore(ctx, &below, block)
		if err != nil {
			return held{}, err
		}
		out, found, copied := held{}, false, 0
		err = a.forward(ctx, state, func(s schemas.Step) bool {
			switch {
			case s.Reorg != nil:
				if s.Reorg.Common.Number < block {
					out = held{}
				}
			case s.Block == nil: // what is final says nothing of what a block holds
			case s.Block.Number == block:
				out.hash, out.facts = s.Block.Hash, s.Block.Facts
				fallthrough
			default:
				if s.Block.Sealed && s.Block.Number >= block && out.seal.Hash.IsZero() {
					out.seal = s.Block.BlockRef
					found = copied == skip
					copied++
				}
			}
			return found
		})
		if errors.Is(err, schemas.ErrBadClaim) && state.Next > 0 {
			continue // that seal was a fenced writer's: an older one
		}
		if err == nil && !found {
			err = errNotHeld
		}
		return out, err
	}
}

// offsetOf returns an offset up to which there is a record of a lower block, or none, and after which one of the block or a higher
// follows at once among those with a position. Reorganisations make numbers go down again, so there may be several; any will do.
func (a *auditor) offsetOf(ctx context.Context, block uint64) (int64, error) {
	first, next, err := a.t.log.Bounds(ctx, schemas.TopicChain, 0)
	if err != nil {
		return 0, err
	}
	const few = 64
	low, high := first, next // what is below low is of lower blocks; the record before high is not
	for high-low > few {
		middle := low + (high-low)/2
		number, found := uint64(0), false
		for end := middle; end > low && !found; end -= few {
			records, err := readBack(ctx, a.t.log, end, min(few, end-low))
			if err != nil {
				return 0, err
			}
			for _, rec := range records {
				env, err := schemas.ParseEnvelope(rec)
				if err != nil {
					return 0, err
				}
				if env.Position != nil {
					number, found = env.Position.Block, true
				}
			}
		}
		if found && number >= block {
			high = middle
		} else {
			low = middle
		}
	}
	return low, nil
}

// sealBefore returns the state of a reader after the newest seal of a lower block below an offset, which it sets to that seal's; the
// start of the log, where there is none.
func (a *auditor) sealBefore(ctx context.Context, below *int64, block uint64) (schemas.ChainState, error) {
	for from := *below; *below > 0; {
		if from-*below > auditReach {
			return schemas.ChainState{}, fmt.Errorf("no seal of a block below %d within %d records", block, auditReach)
		}
		n := min(window, *below)
		records, err := readBack(ctx, a.t.log, *below, n)
		if err != nil {
			return schemas.ChainState{}, err
		}
		for i := len(records) - 1; i >= 0; i-- {
			*below = records[i].Offset
			env, err := schemas.ParseEnvelope(records[i])
			if err != nil {
				return schemas.ChainState{}, err
			}
			if env.Type == schemas.TypeSealed && env.Position != nil && env.Position.Block < block {
				return schemas.ChainState{Next: *below + 1, Term: env.Term, Begun: true, Position: *env.Position, LastReorg: -1}, nil
			}
		}
	}
	return schemas.StartOfChain(), nil
}

// forward reads the log on from a state until a step is the wanted one.
func (a *auditor) forward(ctx context.Context, from schemas.ChainState, wanted func(schemas.Step) bool) error {
	_, next, err := a.t.log.Bounds(ctx, schemas.TopicChain, 0)
	if err != nil {
		return err
	}
	reader := schemas.NewChainReader(from)
	found, step := false, int64(64)
	for at := from.Next; at < next && !found && at < from.Next+2*auditReach; {
		to := min(at+step, next)
		step = min(2*step, window)
		err := readOn(ctx, a.t.log, at, to, func(rec schemas.Record) error {
			if found {
				return nil
			}
			steps, err := reader.Read(rec)
			for _, s := range steps {
				found = found || wanted(s)
			}
			return err
		})
		if err != nil {
			return err
		}
		at = to
	}
	return nil
}
