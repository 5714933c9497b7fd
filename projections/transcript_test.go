package projections

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestTranscripts folds the events of each file in testdata and compares the rows that come of them in the tables that the
// command names. A line is "<block> <Contract>.<Event> <members as JSON>", or "<block> <Contract>.<view> <answer as JSON, or unknown>" with
// the view's arguments in brackets where the answer does not repeat them; run with -rewrite to have the lower halves written, and read the diff.
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd != "fold" {
				d.Fatalf(t, "unknown command %s", d.Cmd)
			}
			var blocks []schemas.Step
			for i, line := range strings.Split(d.Input, "\n") {
				fact := narrated(t, line, i)
				if n := len(blocks); n == 0 || blocks[n-1].Block.Number != fact.Position.Block {
					blocks = append(blocks, schemas.Step{Block: &schemas.Block{BlockRef: schemas.BlockRef{Number: fact.Position.Block}, Time: fact.Time, Sealed: true}})
				}
				b := blocks[len(blocks)-1].Block
				b.Facts = append(b.Facts, fact)
			}
			shown := map[string]bool{}
			for _, arg := range d.CmdArgs {
				shown[arg.Key] = true
			}
			return tables(t, blocks, shown)
		})
	})
}

// narrated reads a line of a transcript. Block N is at N seconds after 2026-01-01.
func narrated(t *testing.T, line string, index int) schemas.Fact {
	t.Helper()
	parts := strings.SplitN(line, " ", 3)
	if len(parts) != 3 {
		t.Fatalf("line %q: want <block> <Contract>.<Event> <members>", line)
	}
	block, err := strconv.ParseUint(parts[0], 10, 64)
	if err != nil {
		t.Fatalf("line %q: %v", line, err)
	}
	contract, event, _ := strings.Cut(parts[1], ".")
	event, args, _ := strings.Cut(strings.TrimSuffix(event, ")"), "(")
	if slices.Contains(schemas.Views(), schemas.View{Contract: contract, Function: event}) {
		f := observed(t, block, contract, event, parts[2], index)
		if args != "" {
			f.Args = json.RawMessage(args)
		}
		return f
	}
	abi, err := schemas.Embedded(contract)
	if err != nil {
		t.Fatal(err)
	}
	// Through the felts and back, so that a transcript says nothing that the contract could not.
	keys, data, err := abi.EncodeEvent(event, json.RawMessage(parts[2]))
	if err != nil {
		t.Fatalf("line %q: %v", line, err)
	}
	name, members, err := abi.DecodeEvent(keys, data)
	if err != nil {
		t.Fatalf("line %q: %v", line, err)
	}
	typ := schemas.EventType(contract, name)
	e, err := schemas.DecodeEventData(typ, members)
	if err != nil {
		t.Fatalf("line %q: %v", line, err)
	}
	return schemas.Fact{
		Event: e, Type: typ, ID: fmt.Sprint("id-", index), Offset: int64(index),
		Position: schemas.Position{Block: block, Event: uint32(index)},
		Time:     time.Date(2026, 1, 1, 0, 0, int(block), 0, time.UTC),
		ChainEvent: schemas.ChainEvent{
			ContractName: contract, Name: name, Data: members,
			TxHash: schemas.Hash(schemas.FeltFromUint64(0xf000 + uint64(index))),
		},
	}
}

// observed reads a line that tells what a view answered, or with no members that it told nothing.
func observed(t *testing.T, block uint64, contract, function, answer string, index int) schemas.Fact {
	t.Helper()
	typ := schemas.ObservationType(contract, function)
	f := schemas.Fact{
		Type: typ, ID: fmt.Sprint("id-", index), Offset: int64(index), Position: schemas.ObservationPosition(block, uint32(index)),
		Time: time.Date(2026, 1, 1, 0, 0, int(block), 0, time.UTC), ChainEvent: schemas.ChainEvent{ContractName: contract, Name: function},
	}
	if answer == "unknown" {
		f.Reason = schemas.ReasonNoState
		f.Event = schemas.Undecoded{Reason: f.Reason}
		return f
	}
	abi, err := schemas.Embedded(contract)
	if err != nil {
		t.Fatal(err)
	}
	felts, err := abi.EncodeOutputs(function, json.RawMessage(answer))
	if err != nil {
		t.Fatalf("%s.%s %s: %v", contract, function, answer, err)
	}
	if f.Data, err = abi.DecodeOutputs(function, felts); err != nil {
		t.Fatal(err)
	}
	if f.Event, err = schemas.DecodeEventData(typ, f.Data); err != nil {
		t.Fatal(err)
	}
	return f
}

// tables folds the blocks and prints what some tables then hold.
func tables(t *testing.T, blocks []schemas.Step, some map[string]bool) string {
	t.Helper()
	set := Chain()
	folder := NewFolder(set)
	for i, keys := range folder.Missing(blocks) {
		folder.Learn(i, keys, nil)
	}
	batch, err := folder.Fold(blocks)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i, m := range set.Entities {
		if !some[m.Table] {
			continue
		}
		changes := batch.Entities[i]
		for _, key := range changes.SortedKeys() {
			v := changes.Current[key]
			fmt.Fprintf(&b, "%s since %d: %s\n", m.Table, v.From, shown(m.Columns, m.Values(v.State)))
		}
		slices.SortStableFunc(changes.Closed, func(x, y ClosedVersion) int { return int(x.From - y.From) })
		for _, v := range changes.Closed {
			fmt.Fprintf(&b, "%s %d to %d: %s\n", m.Table, v.From, v.To, shown(m.Columns, m.Values(v.State)))
		}
	}
	for i, m := range set.Journals {
		if !some[m.Table] {
			continue
		}
		for _, row := range batch.Journals[i] {
			fmt.Fprintf(&b, "%s: %s\n", m.Table, shown(m.Columns, row))
		}
	}
	if b.Len() == 0 {
		return "nothing\n"
	}
	return b.String()
}

// shown prints the columns that say something: not the unknown ones, nor zeros.
func shown(columns []Column, row []any) string {
	var parts []string
	for i, value := range row {
		switch value {
		case nil, "0", int64(0), false:
			continue
		}
		if at, ok := value.(time.Time); ok {
			value = at.Format("15:04:05")
			if at.Year() != 2026 || at.YearDay() != 1 {
				value = at.Format(time.DateTime)
			}
		}
		if s, ok := value.(string); ok && len(s) > 20 && strings.HasPrefix(s, "0x") {
			value = "0x" + strings.TrimLeft(s[2:], "0")
		}
		parts = append(parts, fmt.Sprintf("%s=%v", columns[i].Name, value))
	}
	return strings.Join(parts, " ")
}

func TestRowsSurviveTheirColumns(t *testing.T) {
	job := Job{
		ID: schemas.AmountFromUint64(7), Client: Known(schemas.Address{31: 1}), Status: JobPending,
		Payment: Known(schemas.Amount{}), SubmittedAt: Known(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
	}
	m := Jobs.Model()
	back, err := m.Restore(m.Values(job))
	if err != nil {
		t.Fatal(err)
	}
	if back != any(job) {
		t.Errorf("restored %+v, want %+v", back, job)
	}
	if p := back.(Job).Payment; !p.Known || !p.Value.IsZero() {
		t.Error("a payment of zero must not become unknown")
	}
	if back.(Job).Paid.Known {
		t.Error("an unknown payment must not become known")
	}
	row := m.Values(Job{})
	row[0] = int64(7)
	if _, err := m.Restore(row); err == nil {
		t.Error("a number in a numeric column's place must be refused")
	}
}
