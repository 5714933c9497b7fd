package chaintail

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// spoiled is a node whose getEvents does not tell what its receipts do.
type spoiled struct {
	*process
	block uint64
	spoil func([]starknet.Event) []starknet.Event
}

func (s *spoiled) Events(ctx context.Context, f starknet.Filter) (starknet.Page, error) {
	page, err := s.process.Events(ctx, f)
	var out []starknet.Event
	for _, e := range page.Events {
		if *e.BlockNumber == s.block && slices.ContainsFunc(followed, func(c schemas.Contract) bool { return c.Address == e.From }) {
			out = append(out, s.spoil([]starknet.Event{e})...)
			s.spoil = func(e []starknet.Event) []starknet.Event { return e } // only the first
			continue
		}
		out = append(out, e)
	}
	page.Events = append([]starknet.Event{}, out...)
	return page, err
}

// busyBlock is a block of a world with events of ours.
func busyBlock(w *world, from uint64) uint64 {
	for _, b := range w.chain[from:] {
		if slices.ContainsFunc(b.events(), func(e starknet.Event) bool { return e.From == followed[1].Address }) {
			return b.number
		}
	}
	panic("no block with events")
}

// written lets a tailer write a world's chain into the log, and returns it.
func written(t *testing.T, w *world, node Node) *Tailer {
	t.Helper()
	tailer := tailerOf(w, node, nil, prometheus.NewRegistry(), func(c *Config) { c.PollInterval = time.Second })
	synctest.Test(t, func(t *testing.T) {
		if err := during(t, tailer, func() { time.Sleep(10 * time.Second) }); err != nil {
			t.Fatal(err)
		}
	})
	if tailer.Status().Sealed != uint64(len(w.chain)-1) {
		t.Fatalf("block %d is sealed: %v", tailer.Status().Sealed, tailer.Status().Err)
	}
	return tailer
}

// TestAuditOfAWholeLog: every block of a log that was backfilled, followed, reorganised and taken over is found whole, whatever the node
// can do, and the ones that are only in the log as void are not held against it.
func TestAuditOfAWholeLog(t *testing.T) {
	for _, tc := range []struct{ receipts, indexed bool }{{true, true}, {false, true}, {true, false}} {
		w := newCalmWorld(50)
		w.receipts, w.indexed, w.lists = tc.receipts, tc.indexed, tc.indexed
		w.l1Depth, w.looksAtL1 = 35, time.Second // markers of finality stand among the blocks
		written(t, w, nil)
		for _, depth := range []int{3, 30} {
			w.fork(depth)
			w.extend(depth)
			w.put([]schemas.Record{w.zombie()})
			written(t, w, nil)
		}
		w.put([]schemas.Record{w.claim(), w.zombie(), w.zombie()})
		w.extend(3)
		tailer := written(t, w, nil)
		check(t, w)
		for _, b := range w.chain {
			synctest.Test(t, func(t *testing.T) {
				if outcome, faults, err := tailer.auditor.audit(t.Context(), b.number); outcome != AuditWhole || err != nil {
					t.Errorf("%+v: block %d: %s %v %v", tc, b.number, outcome, faults, err)
				}
			})
		}
	}
}

// TestAuditFindsFaults: an event that is missing, one that is not the chain's, one that differs and a block whose receipts are not all
// there are each found by chance, whether the block was backfilled or read at the head, and told in status and metrics.
func TestAuditFindsFaults(t *testing.T) {
	for kind, spoil := range map[string]func([]starknet.Event) []starknet.Event{
		FaultMissing: func([]starknet.Event) []starknet.Event { return nil },
		FaultWrong: func(e []starknet.Event) []starknet.Event {
			e[0].Keys = append(slices.Clone(e[0].Keys), schemas.Felt{31: 9})
			return e
		},
		FaultSurplus: func(e []starknet.Event) []starknet.Event {
			more, index := e[0], *e[0].EventIndex+100
			more.EventIndex = &index
			return append(e, more)
		},
	} {
		for _, from := range []uint64{10, 32} {
			w := newCalmWorld(40)
			block := busyBlock(w, from)
			tailer := written(t, w, &spoiled{process: &process{world: w, kill: func() {}}, block: block, spoil: spoil})
			tailer.suspects = newSuspects() // chance alone
			tailer.auditor.rnd = rand.New(rand.NewPCG(1, from))
			reg := prometheus.NewRegistry()
			RegisterAudit(reg, tailer.Audit)
			synctest.Test(t, func(t *testing.T) {
				tailer.config.AuditEvery = time.Second
				auditing(t, tailer, 5*time.Minute) // three hundred blocks of forty
			})
			s := tailer.Audit()
			if s.Faulty != 1 || len(s.Faults) != 1 || s.Faults[0].Kind != kind || s.Faults[0].Block != block || s.Faults[0].Hash != w.chain[block].hash || s.Faults[0].Contract == "" {
				t.Errorf("%s in block %d: found %+v", kind, block, s.Faults)
			}
			if s.Blocks[AuditResult{AuditRandom, AuditWhole}] == 0 || s.Blocks[AuditResult{AuditRandom, AuditFault}] == 0 || s.Blocks[AuditResult{AuditRandom, AuditNotKnown}] > 0 {
				t.Errorf("%s: %+v", kind, s)
			}
			if n := gauge(t, reg, "indexer_audit_faulty_blocks"); n != 1 {
				t.Errorf("%s: %v faulty blocks are told", kind, n)
			}
		}
	}
}

// auditing runs the audit alone for a while.
func auditing(t *testing.T, tailer *Tailer, d time.Duration) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { tailer.auditor.run(ctx) })
	time.Sleep(d)
	stop()
	running.Wait()
}

// TestAuditCountsEvents: receipts that do not hold as many events as the header says prove nothing, and that is told.
func TestAuditCountsEvents(t *testing.T) {
	w := newCalmWorld(5)
	b := w.chain[busyBlock(w, 0)]
	var receipts []starknet.Receipt
	n := 0
	for i, tx := range b.txs {
		receipts = append(receipts, starknet.Receipt{TxHash: tx, Events: bare(b.emitted[i])})
		n += len(b.emitted[i])
	}
	h := b.header()
	p := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil).providers.all[0]
	events := slices.DeleteFunc(b.events(), func(e starknet.Event) bool { return p.follows.contracts[e.From].Name == "" })
	_, placed, err := p.placed(t.Context(), b.hash, &h, events)
	if err != nil {
		t.Fatal(err)
	}
	var facts []schemas.Fact
	for _, e := range placed {
		facts = append(facts, schemas.Fact{Position: e.position, ChainEvent: schemas.ChainEvent{BlockHash: e.blockHash, TxHash: e.txHash, Contract: e.contract.Address, Raw: e.raw}})
	}
	facts = append(facts, schemas.Fact{Position: schemas.Position{Block: b.number, Tx: math.MaxUint32}}) // an observation is in no receipt
	for count, want := range map[int]int{n: 0, n + 1: 1} {
		h.Events = &count
		if faults := blockFaults(h, receipts, facts, p.follows.contracts); len(faults) != want || want > 0 && faults[0].Kind != FaultCount {
			t.Errorf("the header says %d of %d events: %+v", count, n, faults)
		}
	}
}

// TestAuditOfOddBlocks: what was odd when it was read is audited, all of it: undecoded events, calls that
// were made again, empty pages, pages that got smaller, and both sides of a reorganisation.
func TestAuditOfOddBlocks(t *testing.T) {
	w := newCalmWorld(60)
	w.maxPage = 20
	tailer := written(t, w, nil)
	if n, _ := tailer.suspects.counts(); n == 0 {
		t.Error("pages that got smaller are not odd")
	}
	tailer.suspects = newSuspects()
	odd := map[uint64]bool{}
	for _, b := range w.chain {
		if slices.ContainsFunc(b.events(), func(e starknet.Event) bool {
			return e.From == followed[1].Address && e.Keys[0] == schemas.Selector("NoSuchEvent")
		}) {
			odd[b.number] = true
		}
	}
	calm := newCalmWorld(0)
	calm.chain, calm.numbers = w.chain, w.numbers
	again := written(t, calm, nil)
	for block := range odd {
		if !again.suspects.blocks[block] {
			t.Errorf("block %d has an event that could not be read, and is no suspect", block)
		}
	}
	if len(odd) == 0 || len(again.suspects.blocks) != len(odd) {
		t.Errorf("%d suspects, want %d", len(again.suspects.blocks), len(odd))
	}
	calm.fork(4)
	calm.extend(4)
	third := written(t, calm, nil)
	for _, block := range []uint64{55, 56} {
		if !third.suspects.blocks[block] {
			t.Errorf("block %d, at a reorganisation, is no suspect", block)
		}
	}
	pending := len(third.suspects.blocks)
	synctest.Test(t, func(t *testing.T) {
		third.config.AuditEvery = time.Second
		auditing(t, third, time.Duration(2*pending)*time.Second)
	})
	s := third.Audit()
	if s.Pending != 0 || s.Blocks[AuditResult{AuditOdd, AuditWhole}] != int64(pending) || s.Faulty > 0 {
		t.Errorf("%+v, want %d odd blocks", s, pending)
	}
}

// TestAuditWhereTheNodeIsPruned: what the node no longer has is told as not checked, with the reason.
func TestAuditWhereTheNodeIsPruned(t *testing.T) {
	w := newCalmWorld(60)
	tailer := written(t, w, nil)
	w.pruned = 50
	tailer.suspects = newSuspects()
	tailer.suspects.add(20)
	synctest.Test(t, func(t *testing.T) {
		tailer.config.AuditEvery = time.Second
		auditing(t, tailer, 2*time.Second+time.Millisecond)
	})
	s := tailer.Audit()
	if s.Blocks[AuditResult{AuditOdd, AuditNotKnown}] != 1 || !strings.Contains(s.Problem, "block 20: node: block 20: ") || s.Faulty != 0 {
		t.Errorf("%+v", s)
	}
}
