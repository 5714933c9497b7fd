package chaintail

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"pgregory.net/rapid"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestCommonBlock: whatever the depth, the newest block that stands is found, in few looks.
func TestCommonBlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		depth := rapid.IntRange(0, 5000).Draw(t, "depth")
		length := depth + rapid.IntRange(0, 5000).Draw(t, "standing")
		index, found, looks := search(t, depth, length)
		if index != depth || found != (length > depth) {
			t.Fatalf("index %d, found %v", index, found)
		}
		if most := 2*int(math.Log2(float64(depth+2))) + 2; looks > most {
			t.Fatalf("%d looks for a depth of %d, want at most %d", looks, depth, most)
		}
	})
	if _, _, looks := search(t, 3000, 100_000); looks > 24 {
		t.Errorf("%d looks for 3,000 blocks, want at most 24", looks)
	}
}

func search(t interface{ Fatal(...any) }, depth, length int) (index int, found bool, looks int) {
	index, found, err := commonBlock(func(i int) (verdict, error) {
		looks++
		switch {
		case i >= length:
			return pastEnd, nil
		case i < depth:
			return void, nil
		}
		return stands, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return index, found, looks
}

func TestCommonBlockGivesUpOnErrors(t *testing.T) {
	for failing := range 8 {
		looks := 0
		_, _, err := commonBlock(func(i int) (verdict, error) {
			if looks++; looks > failing {
				return void, errFaulty
			}
			return map[bool]verdict{true: void, false: stands}[i < 9], nil
		})
		if !errors.Is(err, errFaulty) && looks > failing {
			t.Errorf("after %d looks: %v", failing, err)
		}
	}
}

// TestReverts: the records of a deep reorganisation list every void block once, each goes back to a block that is sealed, and
// the last one to the common block.
func TestReverts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var blocks []standingBlock
		for i := range rapid.IntRange(0, 60).Draw(t, "blocks") {
			blocks = append(blocks, standingBlock{schemas.BlockRef{Number: uint64(i + 1), Hash: schemas.Hash{31: byte(i + 1)}}, rapid.Bool().Draw(t, "sealed")})
		}
		common := schemas.BlockRef{Number: 0, Hash: schemas.Hash{1}}
		most := rapid.IntRange(1, 20).Draw(t, "most")
		var all []schemas.BlockRef
		out := reverts(common, blocks, most)
		for i, r := range out {
			all = append(slices.Clone(r.Voided), all...)
			if i == len(out)-1 {
				if r.Common != common {
					t.Fatalf("the last goes back to %v", r.Common)
				}
				continue
			}
			if len(r.Voided) > most || len(r.Voided) == 0 || !blocks[r.Common.Number-1].sealed || r.Voided[0].Number != r.Common.Number+1 {
				t.Fatalf("goes back to %v and voids %v", r.Common, r.Voided)
			}
		}
		if !slices.Equal(all, refs(blocks)) {
			t.Fatalf("voided %v", all)
		}
	})
}

// reorganised reads a log and returns its reorganisations.
func reorganised(t *testing.T, w *world) (out []schemas.Reorg) {
	t.Helper()
	r := schemas.NewChainReader(schemas.StartOfChain())
	for _, rec := range w.records {
		steps, err := r.Read(rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			if s.Reorg != nil {
				out = append(out, *s.Reorg)
			}
		}
	}
	return out
}

// follow lets one tailer write until the log holds the chain.
func follow(t *testing.T, w *world) {
	t.Helper()
	w.done = false
	w.calm, w.limit = w.calls, 50_000
	synctest.Test(t, func(t *testing.T) {
		if err := w.live(t.Context(), false); err != nil {
			t.Fatal(err)
		}
	})
	if !w.done {
		t.Fatal("the log did not come to the end of the chain")
	}
	check(t, w)
}

// fork replaces the chain's last blocks by others, and one more.
func (w *world) fork(depth int) {
	w.chain = slices.Clip(w.chain[:len(w.chain)-depth])
	w.extend(depth + 1)
}

// TestReorganisations of any depth, also within what a backfill put under one seal, at the first block of a log, and deeper
// than one record can list.
func TestReorganisations(t *testing.T) {
	for _, tc := range []struct{ blocks, depth, records int }{
		{30, 1, 1}, {30, 7, 1}, {30, 20, 1}, {30, 29, 1}, {900, 450, 1}, {9_000, 8_990, 2},
	} {
		t.Run(fmt.Sprintf("%d of %d", tc.depth, tc.blocks), func(t *testing.T) {
			w := newCalmWorld(tc.blocks)
			follow(t, w)
			first := w.chain[len(w.chain)-tc.depth-1]
			w.fork(tc.depth)
			calls := w.calls
			follow(t, w)
			reorgs := reorganised(t, w)
			if len(reorgs) != tc.records {
				t.Fatalf("%d reorganisations, want %d", len(reorgs), tc.records)
			}
			if common := reorgs[len(reorgs)-1].Common; common.Number > first.number {
				t.Errorf("back to %d, the common block is %d", common.Number, first.number)
			}
			t.Logf("%d calls in all", w.calls-calls)
		})
	}
}

// TestHeadBehindIsNoReorganisation: a node that is behind proves nothing.
func TestHeadBehindIsNoReorganisation(t *testing.T) {
	w := newCalmWorld(40)
	follow(t, w)
	whole := w.chain
	for keep := range whole {
		w.chain, w.done, w.calm, w.limit = whole[:keep+1], false, w.calls, 60
		synctest.Test(t, func(t *testing.T) {
			if err := w.live(t.Context(), false); err != nil {
				t.Fatalf("head %d: %v", keep, err)
			}
		})
	}
	if n := len(reorganised(t, w)); n > 0 {
		t.Errorf("%d reorganisations", n)
	}
}

// TestShorterBranch: a head that is lower and of another branch is one, where the log holds its height.
func TestShorterBranch(t *testing.T) {
	w := newCalmWorld(12)
	follow(t, w)
	w.chain = slices.Clip(w.chain[:8])
	w.extend(1)
	follow(t, w)
	if reorgs := reorganised(t, w); len(reorgs) != 1 || reorgs[0].Common != w.chain[7].ref() {
		t.Errorf("%v", reorgs)
	}
}

// TestOtherChain: a node with none of the log's blocks is refused with what to do, and nothing is taken back.
func TestOtherChain(t *testing.T) {
	w := newCalmWorld(40)
	follow(t, w)
	w.chain = nil
	w.extend(60)
	w.done, w.calm = false, w.calls
	synctest.Test(t, func(t *testing.T) {
		err := w.live(t.Context(), false)
		if _, fatal := errors.AsType[*FatalError](err); !fatal {
			t.Fatalf("got error %v, want a fatal one", err)
		}
	})
	if n := len(reorganised(t, w)); n > 0 {
		t.Errorf("%d reorganisations", n)
	}
}

// TestFirstBlockPartlyWritten: before the first seal the log is bound to nothing, so a first block that was only partly written
// and is gone begins again.
func TestFirstBlockPartlyWritten(t *testing.T) {
	w := newCalmWorld(3)
	w.start, w.batch = 2, 1
	for len(w.chain[2].events()) < 4 || w.chain[2].events()[0].From == (schemas.Address{31: 99}) || w.chain[2].events()[1].From == (schemas.Address{31: 99}) {
		w.chain = w.chain[:2]
		w.extend(1)
	}
	w.calm, w.settled = 1<<30, false
	synctest.Test(t, func(t *testing.T) {
		w.killAfter = 2 // appends
		w.quiet = true
		if err := w.live(t.Context(), false); err != nil {
			t.Fatal(err)
		}
	})
	w.killAfter, w.quiet, w.settled = 0, false, true
	if len(w.records) != 3 { // a claim and two events
		t.Fatalf("%d records", len(w.records))
	}
	w.fork(1)
	follow(t, w)
	reorgs := reorganised(t, w)
	if len(reorgs) != 1 || reorgs[0].Common != (schemas.BlockRef{Number: 1}) || len(reorgs[0].Voided) != 1 {
		t.Errorf("%v", reorgs)
	}
}

// TestNodeThatContradictsItself: nothing is taken back unless the node says twice that it has another block.
func TestNodeThatContradictsItself(t *testing.T) {
	for seed := range uint64(40) {
		w := newCalmWorld(30 + int(seed))
		follow(t, w)
		w.rnd = rand.New(rand.NewPCG(seed, 5))
		good := slices.Clone(w.chain)
		w.fork(1 + int(seed)%12)
		w.old, w.chain = [][]fakeBlock{w.chain}, good
		w.extend(1)
		w.liar, w.lies = 1+int(seed)%4, 1+int(seed/4)%2 // one header or two come from the other branch
		follow(t, w)
		if n := len(reorganised(t, w)); n > 0 {
			t.Errorf("seed %d: %d reorganisations", seed, n)
		}
	}
}

// TestChunkFromTwoBranches: several nodes behind one address may answer one call each from another branch; what they say is
// never put together.
func TestChunkFromTwoBranches(t *testing.T) {
	w := newCalmWorld(30)
	follow(t, w)
	left := slices.Clone(w.chain)
	w.chain = slices.Clip(w.chain[:25])
	w.extend(60)
	w.old = [][]fakeBlock{append(left, w.unserved(left[29]))}
	w.liar, w.lies = 2, 1 // the header of the chunk's first block continues the log, the last one's is of the other branch
	follow(t, w)
	if reorgs := reorganised(t, w); len(reorgs) != 1 || reorgs[0].Common.Number > 24 {
		t.Errorf("%v", reorgs)
	}
}

// unserved returns a block that follows another and is on no branch that is served.
func (w *world) unserved(parent fakeBlock) fakeBlock {
	b := fakeBlock{number: parent.number + 1, parent: parent.hash, hash: schemas.Hash{30: 0xbb}}
	w.numbers[b.hash] = b.number
	return b
}

// TestPrunedNode: that a node lacks old blocks does not mean that they are void.
func TestPrunedNode(t *testing.T) {
	w := newCalmWorld(60)
	w.limit = 50_000
	tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil)
	synctest.Test(t, func(t *testing.T) {
		w.in(time.Minute, func() {
			w.pruned = 55
			w.fork(20) // the common block is gone
		})
		if err := during(t, tailer, func() { time.Sleep(10 * time.Minute) }); err != nil {
			t.Fatal(err)
		}
	})
	if n := len(reorganised(t, w)); n > 0 {
		t.Errorf("%d reorganisations", n)
	}
	if err := tailer.Status().Err; err == nil || !strings.Contains(err.Error(), "pruned") {
		t.Errorf("status %v", err)
	}
	w.pruned = 0
	follow(t, w)
}
