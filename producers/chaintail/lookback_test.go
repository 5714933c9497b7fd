package chaintail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// memoryLog is a log that is only read.
type memoryLog struct {
	records []schemas.Record
	first   int64 // what is below is gone
}

func (l *memoryLog) Bounds(context.Context, string, int32) (first, next int64, err error) {
	return l.first, int64(len(l.records)), nil
}

func (l *memoryLog) ReadBack(_ context.Context, _ string, _ int32, before int64, n int) ([]schemas.Record, error) {
	return l.records[max(l.first, before-int64(n)):before], nil
}

// write appends a record, in a term if it is of a kind that has one.
func (l *memoryLog) write(typ string, term int64, value any) {
	env := schemas.Envelope{
		ID: fmt.Sprint(typ, "@", len(l.records)), Source: "starknet:SN_BITSAGE_LOCAL", Type: typ, Time: time.Unix(0, 0), Term: term,
	}
	if s, ok := value.(schemas.Sealed); ok {
		p := schemas.SealPosition(s.Number)
		env.Position = &p
	}
	rec := recordOf(env, value)
	rec.Offset = int64(len(l.records))
	l.records = append(l.records, rec)
}

// anyLog draws a log that writers and zombies of older terms wrote, ending with a claim.
func anyLog(t *rapid.T) *memoryLog {
	l := &memoryLog{}
	var claims []int64
	claim := func() {
		claims = append(claims, int64(len(l.records)))
		l.write(schemas.TypeClaimed, 0, schemas.Claimed{})
	}
	claim()
	reader := schemas.NewChainReader(schemas.StartOfChain())
	hash := byte(0)
	for range rapid.IntRange(0, 80).Draw(t, "records") {
		hash++
		term := claims[len(claims)-1]
		kind := rapid.IntRange(0, 9).Draw(t, "kind")
		if kind < 3 && len(claims) > 1 { // a zombie
			term = claims[rapid.IntRange(0, len(claims)-2).Draw(t, "term")]
		}
		head := reader.State().Sealed.Number
		block := uint64(rapid.IntRange(0, 12).Draw(t, "block"))
		switch {
		case kind == 9:
			claim()
		case kind == 8 || kind == 0:
			if term == claims[len(claims)-1] {
				if !reader.State().Begun {
					continue
				}
				block = min(block, head)
			}
			l.write(schemas.TypeReorged, term, schemas.Reorged{Common: schemas.BlockRef{Number: block, Hash: schemas.Hash{31: 0xcc}}, Previous: reader.State().LastReorg})
		case kind == 7 && reader.State().Sealed.Hash != (schemas.Hash{}): // of this term or of a zombie
			l.write(schemas.TypeFinalized, term, schemas.Finalized{BlockRef: reader.State().Sealed})
		case kind < 5 && term == claims[len(claims)-1]: // a batch of this term comes once more
			after := max(term, reader.State().LastReorg)
			if again := l.records[rapid.Int64Range(after, int64(len(l.records))-1).Draw(t, "again")]; strings.HasPrefix(idOf(again), schemas.TypeSealed) {
				again.Offset = int64(len(l.records))
				l.records = append(l.records, again)
			}
		default:
			if term == claims[len(claims)-1] {
				block = head + 1 + block%3
			}
			l.write(schemas.TypeSealed, term, schemas.Sealed{
				Number: block, Hash: schemas.Hash{31: hash}, LastReorg: reader.State().LastReorg, Final: reader.State().Final, Retracted: reader.State().Retracted,
			})
		}
		for _, rec := range l.records[reader.State().Next:] {
			if _, err := reader.Read(rec); err != nil {
				t.Fatal(err)
			}
		}
	}
	claim()
	return l
}

// TestLookback: reading back finds what reading forwards accepts, wherever it begins and however far it goes.
func TestLookback(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLog(t)
		var standing []seal
		reader := schemas.NewChainReader(schemas.StartOfChain())
		for _, rec := range l.records {
			steps, err := reader.Read(rec)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range steps {
				if s.Final != nil {
					continue
				}
				if s.Reorg != nil {
					standing = slices.DeleteFunc(standing, func(b seal) bool { return b.Number > s.Reorg.Common.Number })
					continue
				}
				standing = append(standing, seal{BlockRef: s.Block.BlockRef, offset: rec.Offset, term: reader.State().Term, at: reader.State().SealedAt.Unix()})
			}
		}
		b := newBranch(l, "starknet:SN_BITSAGE_LOCAL", int64(len(l.records)))
		for i := range len(standing) + 1 {
			got, ok, err := b.at(t.Context(), i)
			if err != nil {
				t.Fatal(err)
			}
			if ok != (i < len(standing)) || ok && got != standing[len(standing)-1-i] {
				t.Fatalf("the seal numbered %d from the end is %v, %v; want one of %v", i, got, ok, standing)
			}
		}
		for n := range uint64(40) {
			got, ok, err := b.atOrBelow(t.Context(), n)
			i := slices.IndexFunc(standing, func(s seal) bool { return s.Number > n })
			if i < 0 {
				i = len(standing)
			}
			if err != nil || ok != (i > 0) || ok && got != standing[i-1] {
				t.Fatalf("at or below %d: %v, %v, %v", n, got, ok, err)
			}
		}
	})
}

// TestTail: the reader that a claim finds stands where one that read everything stands.
func TestTail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLog(t)
		whole := schemas.NewChainReader(schemas.StartOfChain())
		for _, rec := range l.records {
			if _, err := whole.Read(rec); err != nil {
				t.Fatal(err)
			}
		}
		w := &chainWriter{t: &Tailer{log: l, classes: newClasses(nil, 1, slog.New(slog.DiscardHandler))}, source: "starknet:SN_BITSAGE_LOCAL", term: int64(len(l.records)) - 1}
		if err := w.readTail(t.Context()); err != nil {
			t.Fatal(err)
		}
		got, want := w.reader.State(), whole.State()
		// What is not told by the records behind the newest seal is not known, and not needed.
		got.Branch, want.Branch = 0, 0
		if got != want {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	})
}

// TestBranchForgets: a branch that follows the chain for long keeps a bounded part of it, and finds the rest in the log.
func TestBranchForgets(t *testing.T) {
	l := &memoryLog{}
	l.write(schemas.TypeClaimed, 0, schemas.Claimed{})
	b := newBranch(l, "starknet:SN_BITSAGE_LOCAL", 1)
	const blocks = 5 * keptSeals
	for n := range uint64(blocks) {
		if n%keptSeals == 77 { // a reorganisation here and there
			l.write(schemas.TypeReorged, 0, schemas.Reorged{Common: schemas.BlockRef{Number: n - 1}})
			b.reverted(n - 1)
		}
		ref := schemas.BlockRef{Number: n, Hash: schemas.Hash(schemas.FeltFromUint64(n + 1))}
		b.sealed(seal{BlockRef: ref, offset: int64(len(l.records))})
		l.write(schemas.TypeSealed, 0, schemas.Sealed{Number: n, Hash: ref.Hash})
		if len(b.seals) > 2*keptSeals {
			t.Fatalf("%d seals are kept", len(b.seals))
		}
	}
	for _, i := range []int{0, keptSeals, 2*keptSeals + 5, blocks - 1} {
		s, ok, err := b.at(t.Context(), i)
		if err != nil || !ok || s.Number != uint64(blocks-1-i) || l.records[s.offset].Offset != s.offset {
			t.Errorf("seal %d from the end: %v, %v, %v", i, s, ok, err)
		}
	}
	if _, ok, err := b.at(t.Context(), blocks); ok || err != nil {
		t.Errorf("there is a seal before the first: %v", err)
	}
	b.reverted(3)
	if s, ok, err := b.at(t.Context(), 0); err != nil || !ok || s.Number != 3 {
		t.Errorf("after a reorganisation: %v, %v, %v", s, ok, err)
	}
}

// TestTruncatedLog: a log whose beginning is gone is refused where it is needed, with what to do.
func TestTruncatedLog(t *testing.T) {
	l := &memoryLog{}
	l.write(schemas.TypeClaimed, 0, schemas.Claimed{})
	for n := range uint64(10) {
		l.write(schemas.TypeSealed, 0, schemas.Sealed{Number: n, LastReorg: -1})
	}
	l.write(schemas.TypeClaimed, 0, schemas.Claimed{})
	l.first = 5
	_, err := newBranch(l, "starknet:SN_BITSAGE_LOCAL", int64(len(l.records))).newestSeal(t.Context())
	if _, ok := errors.AsType[*logError](err); !ok {
		t.Fatalf("got error %v", err)
	}
}

func TestReadReorgs(t *testing.T) {
	l := &memoryLog{}
	l.write(schemas.TypeClaimed, 0, schemas.Claimed{})
	last := int64(-1)
	var want []schemas.Reorged
	for n := range uint64(3 * window) {
		if n%1000 != 0 {
			l.write(schemas.TypeSealed, 0, schemas.Sealed{Number: n, LastReorg: last})
			continue
		}
		v := schemas.Reorged{Common: schemas.BlockRef{Number: n}, Voided: []schemas.BlockRef{{Number: n + 1, Hash: schemas.Hash{31: 7}}}, Previous: last}
		last = int64(len(l.records))
		want = slices.Insert(want, 0, v)
		l.write(schemas.TypeReorged, 0, v)
	}
	got, err := readReorgs(t.Context(), l, last)
	if err != nil || len(got) != len(want) || got[0].Common != want[0].Common || got[len(got)-1].Common != want[len(want)-1].Common {
		t.Fatalf("got %d, %v; want %d", len(got), err, len(want))
	}
	if counts := schemas.VoidedCounts(got); counts[schemas.Hash{31: 7}] != len(want) {
		t.Errorf("counts %v", counts)
	}
	if _, err := readReorgs(t.Context(), l, last-1); err == nil {
		t.Error("a link to another record was followed")
	}
}
