package chaintail

import (
	"context"
	"errors"
	"maps"
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

// observed is a node that remembers which contracts were asked for, and up to which block.
type observed struct {
	*process
	mu     sync.Mutex
	asked  map[schemas.Address]uint64 // the lowest last block of a filter that names the contract
	all    uint64                     // the same of filters that name none
	states int                        // questions for a class
}

func (o *observed) Events(ctx context.Context, f starknet.Filter) (starknet.Page, error) {
	to, err := o.findIn(o.served(), f.To)
	if err != nil {
		return starknet.Page{}, err
	}
	for _, a := range f.Addresses {
		if lowest, ok := o.asked[a]; !ok || to.number < lowest {
			o.asked[a] = to.number
		}
	}
	if len(f.Addresses) == 0 {
		o.all = min(o.all, to.number)
	}
	return o.process.Events(ctx, f)
}

func (o *observed) ClassHashAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (schemas.Hash, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.states++
	return o.process.ClassHashAt(ctx, id, contract)
}

// begunLate returns a calm world whose contracts were deployed at the given blocks, and in which nobody says where the log begins.
func begunLate(blocks int, since ...uint64) *world {
	w := newCalmWorld(0)
	w.since, w.start, w.search, w.limit = since, slices.Min(since), true, 1_000_000
	w.extend(blocks)
	return w
}

func observing(w *world) *observed {
	return &observed{process: &process{world: w, kill: func() {}}, asked: map[schemas.Address]uint64{}, all: 1 << 40}
}

// TestStart: without a word of the settings the log begins with the lowest block that deployed a contract, and of each contract nothing
// is asked below its own, with lists of addresses or without.
func TestStart(t *testing.T) {
	for _, lists := range []bool{true, false} {
		w := begunLate(600, 453, 301, 595, 595)
		w.lists = lists
		node := observing(w)
		tailer := tailerOf(w, node, nil, prometheus.NewRegistry(), func(c *Config) { c.Ahead = 1 })
		synctest.Test(t, func(t *testing.T) {
			if err := during(t, tailer, func() { time.Sleep(5 * time.Second) }); err != nil {
				t.Error(err)
			}
		})
		check(t, w)
		for i, c := range followed {
			if lowest := node.asked[c.Address]; lists && lowest < w.since[i] || !lists && i < 2 && lowest < w.since[i] {
				t.Errorf("lists %v: events up to block %d were asked of a contract that was deployed at %d", lists, lowest, w.since[i])
			}
		}
		if node.all < w.start {
			t.Errorf("block %d was read whole, before any contract was there", node.all)
		}
		if most := len(followed) * 12; node.states > most+10 {
			t.Errorf("%d questions for classes, want at most %d and one for each class", node.states, most)
		}
		first := slices.IndexFunc(w.records, func(r schemas.Record) bool { return strings.HasPrefix(idOf(r), "seal/") })
		if want := "seal/" + w.chain[301].hash.String(); !strings.HasPrefix(idOf(w.records[first]), want) {
			t.Errorf("the log begins with %s, want block 301", idOf(w.records[first]))
		}
	}
}

// TestStartOfContracts: a contract is found wherever it was deployed: at the first block, at the head, or not at all so far.
func TestStartOfContracts(t *testing.T) {
	for _, since := range [][]uint64{{0, 0, 0, 0}, {1, 0, 2, 2}, {49, 50, 48, 50}, {7, 60, 9, 9}, {51, 70, 90, 90}} {
		w := begunLate(50, since...)
		p := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil).providers.all[0]
		got, err := p.deployments(t.Context(), 0, w.chain[49].header(), 2)
		if err != nil {
			t.Fatal(err)
		}
		want := map[schemas.Address]uint64{}
		for i, c := range followed {
			want[c.Address] = min(since[i], 50) // the one after the head stands for all later ones
		}
		if !maps.Equal(got, want) {
			t.Errorf("deployed at %v: found %v", since, got)
		}
	}
}

// TestStartWithoutContracts: a log whose contracts are not there yet begins at the head, and has all of their events when they are.
func TestStartWithoutContracts(t *testing.T) {
	w := begunLate(50, 60, 70, 65, 65)
	w.start = 49
	tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil)
	synctest.Test(t, func(t *testing.T) {
		w.in(time.Minute, func() { w.extend(40) })
		if err := during(t, tailer, func() { time.Sleep(2 * time.Minute) }); err != nil {
			t.Error(err)
		}
	})
	check(t, w)
}

// TestStartMovesWithTheBranch: on another branch a contract may be deployed earlier than it was on the first.
func TestStartMovesWithTheBranch(t *testing.T) {
	w := begunLate(100, 10, 90, 95, 95)
	tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil)
	synctest.Test(t, func(t *testing.T) {
		w.in(time.Minute, func() {
			w.since = []uint64{10, 82, 82, 82}
			w.fork(20)
			w.extend(30)
		})
		if err := during(t, tailer, func() { time.Sleep(5 * time.Minute) }); err != nil {
			t.Error(err)
		}
	})
	check(t, w)
}

// TestStartWhereStateIsPruned: a node that cannot tell says so, with what to do, and nothing is written; with a start given it serves.
func TestStartWhereStateIsPruned(t *testing.T) {
	w := begunLate(100, 10, 20, 30, 30)
	w.stateless = 90
	tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil)
	synctest.Test(t, func(t *testing.T) {
		if err := during(t, tailer, func() { time.Sleep(time.Minute) }); err != nil {
			t.Error(err)
		}
	})
	err := tailer.Status().Err
	for _, part := range []string{"--start-block", "INDEXER_START_BLOCK", "archive", "state of block"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("status %v should name %s", err, part)
		}
	}
	if tailer.Status().Begun {
		t.Error("a log has begun")
	}
	w.search = false
	follow(t, w)
}

// TestOldestBlock: how far back a node goes is found out before anything is asked of it, and again by the hour.
func TestOldestBlock(t *testing.T) {
	for _, pruned := range []uint64{0, 1, 2, 57, 98, 99} {
		w := newCalmWorld(100)
		w.pruned = pruned
		tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil)
		tailer.chainID, _ = schemas.ChainID(schemas.Local)
		p := tailer.providers.all[0]
		if err := tailer.probe(t.Context(), p); err != nil || p.can.oldest.Load() != pruned {
			t.Errorf("blocks below %d are gone: found %d, %v", pruned, p.can.oldest.Load(), err)
		}
		w.pruned = 60
		p.can.probed = p.can.probed.Add(-2 * probeEvery)
		if err := tailer.probe(t.Context(), p); err != nil || p.can.oldest.Load() != 60 {
			t.Errorf("after an hour: found %d, %v", p.can.oldest.Load(), err)
		}
	}
}

// TestPrunedProvider: of several providers the one that no longer has the blocks that the log needs is set aside and named, and serves
// once the log is above them; where no other one has them, the log stands still and says so.
func TestPrunedProvider(t *testing.T) {
	full := newCalmWorld(100)
	short := *full
	short.pruned = 60
	pruned, archive := viewOf(&short), viewOf(full)
	archive.hangs.Store(true)
	between(t, []*view{pruned, archive}, func(tailer *Tailer) {
		time.Sleep(2 * time.Minute)
		s := tailer.Status()
		if aside := s.Providers[0].Aside; aside == nil || !strings.Contains(aside.Error(), "a is pruned: its oldest block is 60, and the log needs block 0") || s.Begun {
			t.Errorf("set aside because of %v; begun %v", aside, s.Begun)
		}
		archive.hangs.Store(false)
		time.Sleep(10 * time.Minute)
		if s = tailer.Status(); s.Sealed != 99 || s.Providers[0].Aside != nil {
			t.Errorf("block %d is sealed, %+v", s.Sealed, s.Providers)
		}
	})
}

// TestLonelyPrunedNode: a node without substitutes is asked no more than it has, and the status says what to do.
func TestLonelyPrunedNode(t *testing.T) {
	w := newCalmWorld(100)
	w.pruned = 60
	tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil)
	synctest.Test(t, func(t *testing.T) {
		if err := during(t, tailer, func() { time.Sleep(time.Minute) }); err != nil {
			t.Error(err)
		}
	})
	err := tailer.Status().Err
	if e, ok := errors.AsType[*prunedError](err); !ok || !strings.Contains(e.Error(), "its oldest block is 60, and the log needs block 0") {
		t.Errorf("status %v", err)
	}
}

// TestHourlyProbe: the providers that do not serve are probed too, so that one of another chain is named before it is needed.
func TestHourlyProbe(t *testing.T) {
	other := schemas.ShortString("SN_MAIN")
	w := newCalmWorld(10)
	good, bad := viewOf(w), viewOf(w)
	between(t, []*view{good, bad}, func(tailer *Tailer) {
		time.Sleep(time.Minute)
		if s := tailer.Status(); s.Providers[1].Aside != nil {
			t.Fatalf("set aside because of %v", s.Providers[1].Aside)
		}
		bad.id = &other
		time.Sleep(probeEvery + time.Minute)
		if aside := tailer.Status().Providers[1].Aside; aside == nil || !strings.Contains(aside.Error(), "is on chain SN_MAIN") {
			t.Errorf("set aside because of %v", aside)
		}
	})
}
