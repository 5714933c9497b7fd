package schemas_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestChainReader reads the logs of testdata/chain_reader by the reader's rule. A line is one record:
//
//	claim                                a writer's claim; what follows carries its term
//	event <block>/<tx>/<event> <hash>    of the block with this hash
//	raw <block>/<tx>/<event> <hash>      the same, undecoded
//	seal <block> <hash> <events>
//	final <block> <hash>                 accepted on L1
//	reorg <block> <hash> [<block>=<hash> ...]   to the common block, with the void ones
//	foreign                              not an envelope of ours
//	skip                                 an offset that is missing
//
// term=N after any of them writes it in another term. What it completes stands behind the record; run with -rewrite to have
// that half written, and read the diff.
func TestChainReader(t *testing.T) {
	datadriven.Walk(t, "testdata/chain_reader", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd != "read" {
				d.Fatalf(t, "unknown command %s", d.Cmd)
			}
			records := logOf(t, d.Input)
			testResuming(t, records)
			return transcript(records)
		})
	})
}

// logOf makes the records that the lines tell.
func logOf(t *testing.T, lines string) []schemas.Record {
	t.Helper()
	var records []schemas.Record
	var term, offset int64
	for _, line := range strings.Split(lines, "\n") {
		words := strings.Fields(line)
		if words[0] == "skip" {
			offset++
			continue
		}
		rec, err := recordOf(words, offset, &term)
		if err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		records = append(records, rec)
		offset++
	}
	return records
}

func recordOf(words []string, offset int64, term *int64) (schemas.Record, error) {
	env := schemas.Envelope{ID: fmt.Sprintf("id%d", offset), Source: "starknet:TEST", Time: time.Unix(0, 0), Term: *term}
	if last, ok := strings.CutPrefix(words[len(words)-1], "term="); ok {
		n, err := strconv.ParseInt(last, 10, 64)
		if err != nil {
			return schemas.Record{}, err
		}
		env.Term, words = n, words[:len(words)-1]
	}
	var value any
	var err error
	switch words[0] {
	case "claim":
		env.Type, env.Term, value = schemas.TypeClaimed, 0, schemas.Claimed{Writer: "test"}
		*term = offset
	case "event", "raw":
		var p schemas.Position
		p, err = schemas.ParsePosition(words[1])
		env.Position, env.Time = &p, time.Unix(int64(p.Block), 0)
		e := schemas.ChainEvent{BlockHash: hashOf(words[2]), ContractName: "Faucet", Name: "FaucetConfigUpdated", Data: json.RawMessage(`{}`)}
		env.Type = "bitsage.faucet.Faucet.New" // a type that this build does not know needs no members
		if words[0] == "raw" {
			env.Type, e.Data, e.Reason = schemas.TypeUndecoded, nil, schemas.ReasonNoABI
		}
		value = e
	case "seal":
		var n uint64
		var events int
		n, err = strconv.ParseUint(words[1], 10, 64)
		if err == nil {
			events, err = strconv.Atoi(words[3])
		}
		p := schemas.SealPosition(n)
		env.Type, env.Position, env.Time = schemas.TypeSealed, &p, time.Unix(int64(n), 0)
		value = schemas.Sealed{Number: n, Hash: hashOf(words[2]), Events: events, LastReorg: -1}
	case "final":
		var v schemas.Finalized
		v.BlockRef, err = refOf(words[1], words[2])
		env.Type, value = schemas.TypeFinalized, v
	case "reorg":
		v := schemas.Reorged{Previous: -1}
		v.Common, err = refOf(words[1], words[2])
		for _, w := range words[3:] {
			number, hash, _ := strings.Cut(w, "=")
			ref, rerr := refOf(number, hash)
			v.Voided, err = append(v.Voided, ref), errors.Join(err, rerr)
		}
		env.Type, value = schemas.TypeReorged, v
	case "foreign":
		return schemas.Record{Topic: schemas.TopicChain, Offset: offset, Value: []byte("hello")}, nil
	default:
		err = errors.New("unknown record")
	}
	if err != nil {
		return schemas.Record{}, err
	}
	if env.Data, err = json.Marshal(value); err != nil {
		return schemas.Record{}, err
	}
	rec, err := env.Record(schemas.TopicChain, nil)
	rec.Offset = offset
	return rec, err
}

func refOf(number, hash string) (schemas.BlockRef, error) {
	n, err := strconv.ParseUint(number, 10, 64)
	return schemas.BlockRef{Number: n, Hash: hashOf(hash)}, err
}

// hashOf stands for a block's hash: a word is one as a short string, and a dash none.
func hashOf(word string) schemas.Hash {
	if word == "-" {
		return schemas.Hash{}
	}
	return schemas.Hash(schemas.ShortString(word))
}

func wordOf(h schemas.Hash) string {
	if h.IsZero() {
		return "-"
	}
	if s, ok := h.Felt().ShortString(); ok {
		return s
	}
	return h.String()
}

// transcript tells what each record completes, and where the reader stands in the end.
func transcript(records []schemas.Record) string {
	var b strings.Builder
	r := schemas.NewChainReader(schemas.StartOfChain())
	for _, rec := range records {
		steps, err := r.Read(rec)
		if err != nil {
			fmt.Fprintf(&b, "%d: error: %v\n", rec.Offset, err)
			return b.String()
		}
		for _, s := range steps {
			fmt.Fprintf(&b, "%d: %s\n", rec.Offset, stepOf(s))
		}
	}
	s := r.State()
	fmt.Fprintf(&b, "term %d, branch %d, last reorg %d, sealed %d %s, ", s.Term, s.Branch, s.LastReorg, s.Sealed.Number, wordOf(s.Sealed.Hash))
	if s.Begun {
		fmt.Fprintf(&b, "at %s", s.Position)
	} else {
		b.WriteString("not begun")
	}
	fmt.Fprintf(&b, ", %d unsealed, %d pending", s.Unsealed, r.Pending())
	if !s.Final.Hash.IsZero() {
		fmt.Fprintf(&b, ", final %d %s", s.Final.Number, wordOf(s.Final.Hash))
	}
	if !s.Retracted.Hash.IsZero() {
		fmt.Fprintf(&b, ", retracted %d %s", s.Retracted.Number, wordOf(s.Retracted.Hash))
	}
	b.WriteString("\n")
	return b.String()
}

func stepOf(s schemas.Step) string {
	if s.Reorg != nil {
		var voided []string
		for _, v := range s.Reorg.Voided {
			voided = append(voided, fmt.Sprintf("%d=%s", v.Number, wordOf(v.Hash)))
		}
		return fmt.Sprintf("back to %d %s, void [%s]; next %d", s.Reorg.Common.Number, wordOf(s.Reorg.Common.Hash), strings.Join(voided, " "), s.State.Next)
	}
	if s.Final != nil {
		return fmt.Sprintf("final up to %d %s; next %d", s.Final.Number, wordOf(s.Final.Hash), s.State.Next)
	}
	var facts []string
	for _, f := range s.Block.Facts {
		facts = append(facts, fmt.Sprintf("%d:%s", f.Offset, f.Position))
	}
	kind := "block"
	if s.Block.Sealed {
		kind = "sealed block"
	}
	return fmt.Sprintf("%s %d %s [%s]; next %d", kind, s.Block.Number, wordOf(s.Block.Hash), strings.Join(facts, " "), s.State.Next)
}

// testResuming checks the law that stored states rest on: whoever goes on from the state of a step reads what follows as
// whoever never stopped.
func testResuming(t *testing.T, records []schemas.Record) {
	t.Helper()
	whole, states := read(schemas.StartOfChain(), records)
	for i, state := range states {
		rest := slices.DeleteFunc(slices.Clone(records), func(r schemas.Record) bool { return r.Offset < state.Next })
		if got, _ := read(state, rest); !slices.Equal(got, whole[i+1:]) {
			t.Errorf("going on after step %d (%s):\n%s\nwithout the stop:\n%s", i, whole[i], strings.Join(got, "\n"), strings.Join(whole[i+1:], "\n"))
		}
		if state.Next > 0 && state.Next <= int64(len(records)) && records[state.Next-1].Offset == state.Next-1 && state.Fingerprint != fmt.Sprintf("id%d", state.Next-1) {
			t.Errorf("step %d ends before offset %d and has the fingerprint %s", i, state.Next, state.Fingerprint)
		}
	}
}

func read(from schemas.ChainState, records []schemas.Record) (steps []string, states []schemas.ChainState) {
	r := schemas.NewChainReader(from)
	for _, rec := range records {
		found, err := r.Read(rec)
		if err != nil {
			return append(steps, err.Error()), states
		}
		for _, s := range found {
			steps, states = append(steps, stepOf(s)), append(states, s.State)
		}
	}
	return steps, states
}

// TestResumingAnyLog checks the same law for logs of any records in any order.
func TestResumingAnyLog(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lines := []string{"claim"}
		for range rapid.IntRange(1, 30).Draw(rt, "records") {
			block, hash := rapid.IntRange(1, 4).Draw(rt, "block"), rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "hash")
			lines = append(lines, rapid.SampledFrom([]string{
				"claim",
				fmt.Sprintf("event %d/%d/0 %s", block, rapid.IntRange(0, 2).Draw(rt, "tx"), hash),
				fmt.Sprintf("event %d/%d/0 %s", block, rapid.IntRange(0, 2).Draw(rt, "tx"), "a"),
				fmt.Sprintf("seal %d %s %d", block, hash, rapid.IntRange(0, 2).Draw(rt, "events")),
				fmt.Sprintf("reorg %d %s", block, hash),
				fmt.Sprintf("final %d %s", block, hash),
				fmt.Sprintf("final %d %s term=0", block, hash),
				fmt.Sprintf("seal %d %s 0 term=0", block, hash),
			}).Draw(rt, "record"))
		}
		testResuming(t, logOf(t, strings.Join(lines, "\n")))
	})
}
