package economy

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
)

// TestLedgerAgainstCopies compares cells and maps with plain copies of all values at every version, over random writes and
// truncations.
func TestLedgerAgainstCopies(t *testing.T) {
	for seed := range uint64(50) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		w := &World{}
		var cell Cell[int]
		var table Map[int, int]
		type state struct {
			cell  int
			table map[int]int
		}
		now := state{table: map[int]int{}}
		past := map[Version]state{0: {table: map[int]int{}}}
		for range 400 {
			switch rnd.IntN(10) {
			case 0:
				to := Version(rnd.Uint64N(uint64(w.ledger.version) + 1))
				w.Truncate(to)
				now = state{past[to].cell, maps.Clone(past[to].table)}
				maps.DeleteFunc(past, func(v Version, _ state) bool { return v > to })
			default:
				w.ledger.next()
				e := w.env(Block{})
				for range rnd.IntN(4) {
					k, v := rnd.IntN(6), rnd.IntN(1000)
					table.set(e, k, v)
					now.table[k] = v
				}
				if rnd.IntN(3) == 0 {
					now.cell = rnd.IntN(1000)
					cell.set(e, now.cell)
				}
				past[w.ledger.version] = state{now.cell, maps.Clone(now.table)}
			}
			at := Version(rnd.Uint64N(uint64(w.ledger.version) + 1))
			e := w.env(Block{})
			e.at = at
			want := past[at]
			for k := range 6 {
				got, known := table.find(e, k)
				wanted, wrote := want.table[k]
				if got != wanted || known != wrote {
					t.Fatalf("seed %d: key %d at version %d of %d is %d %v, want %d %v", seed, k, at, w.ledger.version, got, known, wanted, wrote)
				}
			}
			if got := cell.get(e); got != want.cell {
				t.Fatalf("seed %d: the cell at version %d of %d is %d, want %d", seed, at, w.ledger.version, got, want.cell)
			}
		}
	}
}

// TestRevertUndoesAllCalls: what the first call of a transaction did is gone when the second fails.
func TestRevertUndoesAllCalls(t *testing.T) {
	s := stage(t)
	bob := s.world.workers[0].Address
	before := fmt.Sprint(s.sage(bob), s.world.Nonce(Now, bob))
	x := s.send(bob, call(&s.world.sage.Contract, "approve", approveArgs{s.world.router.Address, wei}),
		call(&s.world.sage.Contract, "transfer", transferArgs{s.world.owner.Address, wei}),
		call(&s.world.staking.Contract, "complete_unstake", nil))
	if x.Revert == nil || len(x.Events) != 1 || x.Events[0].Contract != &s.world.strk.Contract {
		t.Fatalf("%v %v, want a revert and only the fee", x.Revert, x.Events)
	}
	e := s.world.env(Block{})
	if !s.world.sage.allowances.get(e, [2]address{bob, s.world.router.Address}).IsZero() {
		t.Error("the approval is still there")
	}
	if after := fmt.Sprint(s.sage(bob), s.world.Nonce(Now, bob)-1); after != before {
		t.Errorf("balance and nonce are %s, want %s and one more", after, before)
	}
	if _, ok := s.world.Execute(Block{}, x.Tx); ok {
		t.Error("the same nonce was taken twice")
	}
}
