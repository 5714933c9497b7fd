package chaintail

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math"
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

// TestRuleHasTeeth reads the logs of random histories by the rule, one clause of it left out at a time: each must be missed in some
// history, or the histories would not show that it is needed.
func TestRuleHasTeeth(t *testing.T) {
	missed := map[string]bool{}
	for seed := range uint64(40) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(seed + 1)
			for range 200 {
				if w.done {
					break
				}
				if err := w.live(t.Context(), false); err != nil && !errors.Is(err, ErrTakenOver) {
					t.Fatal(err)
				}
			}
			if !readsRight(w, rule{}) {
				t.Fatalf("seed %d: the rule as it is does not give the chain", seed+1)
			}
			for name, r := range withoutOne {
				missed[name] = missed[name] || !readsRight(w, r)
			}
		})
	}
	for name := range withoutOne {
		if !missed[name] {
			t.Errorf("no history shows that the clause %q is needed", name)
		}
	}
}

// rule is the reader's rule told a second time, as plainly as can be, with clauses that can be left out.
type rule struct{ anyTerm, anyPosition, sealsHaveNone, reorgKeepsPosition, reorgKeepsEvents, reorgKeepsFinality bool }

var withoutOne = map[string]rule{
	"records of a lower term are dropped":                   {anyTerm: true},
	"positions not above the last are dropped":              {anyPosition: true},
	"seals have positions, too":                             {sealsHaveNone: true},
	"a reorganisation sets the position back":               {reorgKeepsPosition: true},
	"a reorganisation voids what is above the common block": {reorgKeepsEvents: true},
	"a reorganisation takes back the finality above":        {reorgKeepsFinality: true},
}

// readsRight reads a world's log by a rule, and tells whether that gives the chain: its events in order, seals that count them, and what
// is final, which stands at any time.
func readsRight(w *world, r rule) bool {
	type event struct {
		at  schemas.Position
		raw string
	}
	var term int64
	var last schemas.Position
	var events []event
	var final schemas.BlockRef
	var sealed []schemas.BlockRef
	unsealed, begun := 0, false
	for _, rec := range w.records {
		env, err := schemas.ParseEnvelope(rec)
		if err != nil {
			return false
		}
		if env.Type == schemas.TypeClaimed {
			term = rec.Offset
			continue
		}
		if env.Term < term && !r.anyTerm {
			continue
		}
		switch env.Type {
		case schemas.TypeReorged:
			var v schemas.Reorged
			if json.Unmarshal(env.Data, &v) != nil {
				return false
			}
			if !r.reorgKeepsPosition {
				last = schemas.SealPosition(v.Common.Number)
			}
			for !r.reorgKeepsEvents && len(events) > 0 && events[len(events)-1].at.Block > v.Common.Number {
				events = events[:len(events)-1]
			}
			unsealed = 0
			sealed = slices.DeleteFunc(sealed, func(b schemas.BlockRef) bool { return b.Number > v.Common.Number })
			if final.Number > v.Common.Number && !r.reorgKeepsFinality {
				final = v.Common
			}
			if !final.Hash.IsZero() && !slices.Contains(sealed, final) {
				return false
			}
			continue
		case schemas.TypeClassABI:
			continue
		case schemas.TypeFinalized:
			var v schemas.Finalized
			if json.Unmarshal(env.Data, &v) != nil {
				return false
			}
			final = v.BlockRef
			continue
		case schemas.TypeSealed:
			if begun && env.Position.Compare(last) <= 0 {
				continue
			}
			var v schemas.Sealed
			if json.Unmarshal(env.Data, &v) != nil || v.Events != unsealed {
				return false
			}
			if !r.sealsHaveNone {
				begun, last = true, *env.Position
			}
			sealed, unsealed = append(sealed, schemas.BlockRef{Number: v.Number, Hash: v.Hash}), 0
			continue
		}
		if begun && env.Position.Compare(last) <= 0 && !r.anyPosition {
			continue
		}
		var v schemas.ChainEvent
		if json.Unmarshal(env.Data, &v) != nil {
			return false
		}
		begun, last = true, *env.Position
		if unsealed++; last.Tx == math.MaxUint32 {
			continue // an observation: check compares those with the chain
		}
		events = append(events, event{last, fmt.Sprint(v.BlockHash, v.TxHash, v.Contract, v.Raw.Keys, v.Raw.Data)})
	}
	var want []event
	for _, b := range w.chain[w.start:] {
		for _, e := range b.events() {
			if slices.ContainsFunc(followed, func(c schemas.Contract) bool { return c.Address == e.From }) {
				want = append(want, event{schemas.Position{Block: b.number, Tx: *e.TxIndex, Event: *e.EventIndex}, fmt.Sprint(b.hash, e.TxHash, e.From, e.Keys, e.Data)})
			}
		}
	}
	return slices.Equal(events, want) && (!w.tellsFinality() || final == w.final())
}

// check reads the log from its beginning and compares what stands with the node's chain.
func check(t *testing.T, w *world) {
	t.Helper()
	reader := schemas.NewChainReader(schemas.StartOfChain())
	var got []schemas.Fact
	ids := map[string]int64{}
	recorded := map[schemas.Hash]int64{} // where the log holds the ABI of a class
	for _, rec := range w.records {
		steps, err := reader.Read(rec)
		if err != nil {
			t.Fatal(err)
		}
		if reader.State().LastABI == rec.Offset && rec.Offset > 0 {
			var abi schemas.ClassABI
			if err := json.Unmarshal(rec.Value, &abi); err != nil {
				t.Fatal(err)
			}
			at, twice := recorded[abi.Class]
			if twice && !sameRecord(w.records[at], rec) { // a log that takes a resend has it twice, to the byte
				t.Errorf("the ABI of class %s is at offset %d, and at %d again", abi.Class, at, rec.Offset)
			}
			if !twice {
				recorded[abi.Class] = rec.Offset
			}
		}
		for _, s := range steps {
			if s.Final != nil {
				continue
			}
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
		switch emitter := w.chain[f.Position.Block].emitter(f.Position.Tx, f.Position.Event); {
		case f.Contract != followed[0].Address:
		case f.Class.IsZero() || f.Position.Block == w.since[0]: // the node did not tell it, or cannot: the contract is from the same block
			continue
		case f.Class != classOf(emitter):
			t.Errorf("event %s %s: class %s, on the chain it is %s", f.Position, f.Name, f.Class, classOf(emitter))
		case f.Name == "JobCompleted" && !f.Embedded != (recorded[f.Class] > 0 && recorded[f.Class] < f.Offset):
			t.Errorf("event %s: decoded by the embedded ABI: %t, and the ABI of its class is at offset %d", f.Position, f.Embedded, recorded[f.Class])
		case f.Embedded && f.Reason != "":
			continue // by an ABI that was not to be had
		}
		if (f.Reason != "") != (f.Raw.Keys[0] == schemas.Selector("NoSuchEvent")) {
			t.Errorf("event %s %s: reason %q", f.Position, f.Name, f.Reason)
		}
	}
	if !slices.Equal(have, want) {
		i := firstDifference(have, want)
		t.Fatalf("the log holds %d events, the chain %d; the first difference is the one numbered %d:\nhave %v\nwant %v", len(have), len(want), i, have[min(i, len(have)):min(i+3, len(have))], want[min(i, len(want)):min(i+3, len(want))])
	}
}

// sameRecord tells whether two records of the log are one that was sent twice.
func sameRecord(a, b schemas.Record) bool {
	return bytes.Equal(a.Value, b.Value) && slices.EqualFunc(a.Headers, b.Headers, func(x, y schemas.Header) bool {
		return x.Key == y.Key && bytes.Equal(x.Value, y.Value)
	})
}

func firstDifference(a, b []string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
