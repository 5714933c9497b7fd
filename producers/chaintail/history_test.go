package chaintail

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

var (
	onlySeed  = flag.Uint64("seed", 0, "replay the one history of this seed")
	histories = flag.Uint64("histories", 300, "how many random histories to run")
)

// TestRandomHistories lets tailers follow a chain that grows, forks, comes back to old branches and lags, with a node that fails,
// answers from another branch, splits transactions over pages and runs out of patience, with a log that loses answers, forgets
// epochs and takes what dead writers had on its way, with rivals, and with kills between any two calls; then the log, read by
// the shared rule, must hold exactly the chain.
func TestRandomHistories(t *testing.T) {
	for seed := range *histories {
		if *onlySeed != 0 {
			seed = *onlySeed - 1
		}
		t.Run(fmt.Sprint("seed=", seed+1), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { runHistory(t, seed+1) })
		})
		if *onlySeed != 0 {
			return
		}
	}
}

func runHistory(t *testing.T, seed uint64) {
	w := newWorld(seed)
	if *onlySeed != 0 {
		w.log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	for lives := 0; !w.done; lives++ {
		err := w.live(t.Context(), false)
		if err != nil && !errors.Is(err, ErrTakenOver) {
			t.Fatal(err)
		}
		if lives > 200 || w.calls > w.calm+w.limit {
			t.Fatalf("the log did not come to the end of the chain in %d calls; head %d", w.calls, w.chain[len(w.chain)-1].number)
		}
	}
	check(t, w)
}

// check reads the log from its beginning and compares what stands with the node's chain.
func check(t *testing.T, w *world) {
	t.Helper()
	reader := schemas.NewChainReader(schemas.StartOfChain())
	var got []schemas.Fact
	ids := map[string]int64{}
	for _, rec := range w.records {
		steps, err := reader.Read(rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			if s.Reorg != nil {
				for len(got) > 0 && got[len(got)-1].Position.Block > s.Reorg.Common.Number {
					got = got[:len(got)-1]
				}
				continue
			}
			for _, f := range s.Block.Facts {
				if other, taken := ids[f.ID]; taken {
					t.Fatalf("offsets %d and %d have the same id %s", other, f.Offset, f.ID)
				}
				ids[f.ID] = f.Offset
				got = append(got, f)
			}
		}
	}
	head := w.chain[len(w.chain)-1]
	if sealed := reader.State().Sealed; sealed != head.ref() || reader.State().Unsealed > 0 {
		t.Fatalf("sealed %d %s, the head is %d %s", sealed.Number, sealed.Hash, head.number, head.hash)
	}
	var observed []schemas.Fact
	got = slices.DeleteFunc(got, func(f schemas.Fact) bool {
		if f.Observed() {
			observed = append(observed, f)
		}
		return f.Observed()
	})
	checkObserved(t, w, observed)
	var want, have []string
	for _, b := range w.chain[w.start:] {
		for _, e := range b.events() {
			if slices.ContainsFunc(followed, func(c schemas.Contract) bool { return c.Address == e.From }) {
				want = append(want, fmt.Sprint(b.number, "/", *e.TxIndex, "/", *e.EventIndex, " ", b.time(), b.hash, e.TxHash, e.From, e.Keys, e.Data))
			}
		}
	}
	for _, f := range got {
		have = append(have, fmt.Sprint(f.Position, " ", f.Time, f.BlockHash, f.TxHash, f.Contract, f.Raw.Keys, f.Raw.Data))
		if (f.Reason != "") != (f.Raw.Keys[0] == schemas.Selector("NoSuchEvent")) {
			t.Errorf("event %s %s: reason %q", f.Position, f.Name, f.Reason)
		}
	}
	if !slices.Equal(have, want) {
		i := firstDifference(have, want)
		t.Fatalf("the log holds %d events, the chain %d; the first difference is the one numbered %d:\nhave %v\nwant %v", len(have), len(want), i, have[min(i, len(have)):min(i+3, len(have))], want[min(i, len(want)):min(i+3, len(want))])
	}
}

func firstDifference(a, b []string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
