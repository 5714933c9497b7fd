package projections

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// jobsOf is a chain of random jobs, from block 1 on.
func jobsOf(t *testing.T, rnd *rand.Rand, blocks int, log string) []schemas.Step {
	t.Helper()
	var steps []schemas.Step
	offset := int64(1)
	for n := range blocks {
		b := &schemas.Block{BlockRef: schemas.BlockRef{Number: uint64(n + 1)}, Time: time.Unix(int64(n), 0), Sealed: true}
		for i := range rnd.IntN(5) {
			data := fmt.Sprintf(`{"job_id":"%d","client":"0x1","payment":"%d"}`, rnd.IntN(6), rnd.IntN(100))
			typ := "bitsage.jobs.JobManager.JobSubmitted"
			e, err := schemas.DecodeEventData(typ, []byte(data))
			if err != nil {
				t.Fatal(err)
			}
			b.Facts = append(b.Facts, schemas.Fact{
				Event: e, ID: fmt.Sprint(log, offset), Type: typ, Position: schemas.Position{Block: b.Number, Event: uint32(i)}, Time: b.Time, Offset: offset,
				ChainEvent: schemas.ChainEvent{ContractName: "JobManager", Name: "JobSubmitted", Data: json.RawMessage(data)},
			})
			offset++
		}
		steps = append(steps, schemas.Step{Block: b})
	}
	return steps
}

// TestDigestLeavesOutWhatWasObserved: a coordinator whose node can still tell and one whose node cannot agree.
func TestDigestLeavesOutWhatWasObserved(t *testing.T) {
	told, untold := jobsOf(t, rand.New(rand.NewPCG(3, 3)), 40, "a"), jobsOf(t, rand.New(rand.NewPCG(3, 3)), 40, "b")
	seen := 0
	for _, s := range told {
		for i, f := range slices.Clone(s.Block.Facts) {
			e := schemas.JobDetails{JobID: schemas.JobRef{Value: f.Event.(schemas.JobManagerJobSubmitted).JobID}, JobType: "AITraining"}
			s.Block.Facts = append(s.Block.Facts, schemas.Fact{
				Event: e, Type: e.EventType(), Position: schemas.ObservationPosition(s.Block.Number, uint32(i)), Time: s.Block.Time,
				ChainEvent: schemas.ChainEvent{ContractName: "JobManager", Name: "get_job_details"},
			})
			seen++
		}
	}
	want, got := digests(t, untold, 7), digests(t, told, 3)
	if seen == 0 || len(want) == 0 || !maps.Equal(got, want) {
		t.Errorf("%d observations make %d digests others, of %d", seen, len(got), len(want))
	}
}

// digests folds a chain in batches of a size and returns the digest after each block that changed anything.
func digests(t *testing.T, steps []schemas.Step, size int) map[uint64]Digest {
	t.Helper()
	folder := NewFolder(Chain())
	out := map[uint64]Digest{}
	var last Digest
	for batch := range slices.Chunk(steps, size) {
		for i, keys := range folder.Missing(batch) {
			folder.Learn(i, keys, nil)
		}
		b, err := folder.Fold(batch)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range b.Blocks {
			if block.Changes != nil {
				last = last.Next(block.Number, *block.Changes)
				out[block.Number] = last
			}
		}
	}
	return out
}

func TestDigestIsOfStatesOnly(t *testing.T) {
	chain := func(log string, seed uint64) []schemas.Step {
		return jobsOf(t, rand.New(rand.NewPCG(seed, 1)), 60, log)
	}
	one := digests(t, chain("a", 5), 60)
	for name, other := range map[string]map[uint64]Digest{
		"a batch a block":    digests(t, chain("a", 5), 1),
		"batches of seven":   digests(t, chain("a", 5), 7),
		"a log of other ids": digests(t, chain("b", 5), 60),
	} {
		if len(other) != len(one) || len(one) < 20 {
			t.Fatalf("%s: %d digests, want %d", name, len(other), len(one))
		}
		for block, want := range one {
			if other[block] != want {
				t.Errorf("%s: block %d has digest %s, want %s", name, block, other[block], want)
			}
		}
	}
	changed := chain("a", 5)
	changed[30].Block.Time = changed[30].Block.Time.Add(time.Second)
	for i := range changed[30].Block.Facts {
		changed[30].Block.Facts[i].Time = changed[30].Block.Time
	}
	if len(changed[30].Block.Facts) == 0 {
		t.Fatal("block 31 has no fact: choose another seed")
	}
	other := digests(t, changed, 60)
	for block, digest := range one {
		if same := other[block] == digest; same != (block < 31) {
			t.Errorf("block 31 differs; the digests of block %d are the same: %t", block, same)
		}
	}
}

func TestDigestTellsValuesApart(t *testing.T) {
	columns := []Column{{Name: "a"}, {Name: "b"}}
	seen := map[Digest][]any{}
	for _, values := range [][]any{
		{nil, nil},
		{"", nil},
		{nil, ""},
		{"a", "b"},
		{"ab", ""},
		{"a\x00", "b"},
		{"a", "\x00b"},
		{int64(1), nil},
		{1.0, nil},
		{true, nil},
		{false, nil},
		{"1", nil},
		{time.Unix(0, 1000), nil},
		{"a\x00\x00s", "b"},
	} {
		var changes tally
		changes.add("t", "k", columns, values)
		d, ok := changes.digest()
		if other, twice := seen[d]; !ok || twice {
			t.Errorf("%q and %q look alike", values, other)
		}
		seen[d] = values
	}
	if _, ok := new(tally).digest(); ok {
		t.Error("nothing has a digest")
	}
}

func TestVersionsKnowTheirOrder(t *testing.T) {
	for _, c := range []struct {
		v, w  Versions
		newer bool
	}{
		{Versions{"a": 1}, Versions{"a": 1}, false},
		{Versions{"a": 2}, Versions{"a": 1}, true},
		{Versions{"a": 1}, Versions{"a": 2}, false},
		{Versions{"a": 1, "b": 0}, Versions{"a": 1}, true},
		{Versions{"a": 1}, Versions{"a": 1, "b": 0}, false},
		{Versions{"a": 2}, Versions{"a": 1, "b": 0}, false},
		{Versions{"a": 0}, nil, true},
	} {
		if got := c.v.Newer(c.w); got != c.newer {
			t.Errorf("%v newer than %v: %t, want %t", c.v, c.w, got, c.newer)
		}
	}
}
