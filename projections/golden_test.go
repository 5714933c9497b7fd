package projections_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/simnet"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	goldenLog     = "testdata-golden/chain.log.gz"
	goldenDigests = "testdata-golden/digests.txt"
	goldenEvents  = 20_000 // at least
	goldenSteps   = 100    // blocks between two digests
)

// rewriting tells whether golden files are to be written anew; the flag is that of the transcripts.
func rewriting() bool { return flag.Lookup("rewrite").Value.String() == "true" }

// TestGoldenLog folds a log that never changes, of a simulated network with reorganisations and takeovers, and compares what comes of it with
// what came of it when it was made: no change of the code may alter history unnoticed. A fold whose meaning is to change gets a new version,
// and the digests are then written anew with -rewrite. The log itself is made only where there is none.
func TestGoldenLog(t *testing.T) {
	if _, err := os.Stat(goldenLog); errors.Is(err, os.ErrNotExist) && rewriting() {
		writeGoldenLog(t)
	}
	reader := schemas.NewChainReader(schemas.StartOfChain())
	var standing []schemas.Step
	var found strings.Builder
	events, reorgs := 0, 0
	for _, rec := range readGoldenLog(t) {
		events += decodesAsItDid(t, rec)
		steps, err := reader.Read(rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			if s.Reorg == nil {
				standing = append(standing, s)
				continue
			}
			reorgs++
			standing = slices.DeleteFunc(standing, func(b schemas.Step) bool { return b.Block.Number > s.Reorg.Common.Number })
		}
	}
	if events < goldenEvents || reorgs == 0 || reader.Pending() > 0 {
		t.Fatalf("%d events, %d reorganisations, %d facts left over", events, reorgs, reader.Pending())
	}
	fmt.Fprintf(&found, "%d events, %d reorganisations, %d blocks stand\n", events, reorgs, len(standing))
	foldGolden(t, standing, &found)
	if rewriting() {
		if err := os.WriteFile(goldenDigests, []byte(found.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenDigests)
	if err != nil {
		t.Fatal(err)
	}
	if got := found.String(); got != string(want) {
		t.Errorf("the golden log folds to\n%s\nwhere it was\n%s\nIf a fold is to mean something else from now on, raise its version and run with -rewrite.", got, want)
	}
}

// decodesAsItDid decodes an event from its felts, and returns 1 where the record is one.
func decodesAsItDid(t *testing.T, rec schemas.Record) int {
	t.Helper()
	env, err := schemas.ParseEnvelope(rec)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(env.Type, "bitsage.chain.") {
		return 0
	}
	var e schemas.ChainEvent
	if err := json.Unmarshal(env.Data, &e); err != nil {
		t.Fatal(err)
	}
	abi, err := schemas.Embedded(e.ContractName)
	if err != nil {
		t.Fatal(err)
	}
	name, members, err := abi.DecodeEvent(e.Raw.Keys, e.Raw.Data)
	if err != nil || name != e.Name || !bytes.Equal(members, e.Data) || schemas.EventType(e.ContractName, name) != env.Type {
		t.Fatalf("offset %d: the felts of %s decode to %s %s, %v; they were %s", rec.Offset, env.Type, name, members, err, e.Data)
	}
	return 1
}

// foldGolden folds the chain in batches, and writes the digest every so many blocks, and at the end the rows and their hash of each table.
func foldGolden(t *testing.T, chain []schemas.Step, to io.Writer) {
	t.Helper()
	set := projections.Chain()
	folder := projections.NewFolder(set)
	var digest projections.Digest
	tables := map[string]*projections.Digest{}
	rows := map[string]int{}
	add := func(table, row string) {
		if tables[table] == nil {
			tables[table] = &projections.Digest{}
		}
		*tables[table] = tables[table].Next(uint64(rows[table]), hashOf(row))
		rows[table]++
	}
	current := make([]map[string]string, len(set.Entities))
	for i := range current {
		current[i] = map[string]string{}
	}
	for batch := range slices.Chunk(chain, goldenSteps) {
		for i, keys := range folder.Missing(batch) {
			folder.Learn(i, keys, nil) // a key that is not remembered is new: nothing is forgotten in a chain this short
		}
		b, err := folder.Fold(batch)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range b.Blocks {
			if block.Changes != nil {
				digest = digest.Next(block.Number, *block.Changes)
			}
		}
		fmt.Fprintf(to, "block %d: %s\n", batch[len(batch)-1].Block.Number, digest)
		for i, m := range set.Entities {
			for _, key := range b.Entities[i].SortedKeys() {
				current[i][key] = fmt.Sprint(m.Values(b.Entities[i].Current[key].State))
			}
			for _, v := range b.Entities[i].Closed {
				add(m.Table+"_versions", fmt.Sprint(v.From, v.To, m.Values(v.State)))
			}
		}
		for i, m := range set.Journals {
			for _, row := range b.Journals[i] {
				add(m.Table, fmt.Sprint(row))
			}
		}
	}
	for i, m := range set.Entities {
		for _, key := range sorted(current[i]) {
			add(m.Table, current[i][key])
		}
	}
	for _, table := range sorted(tables) {
		fmt.Fprintf(to, "%s: %d rows %s\n", table, rows[table], tables[table])
	}
}

// readGoldenLog reads the log, a record a line.
func readGoldenLog(t *testing.T) []schemas.Record {
	t.Helper()
	f, err := os.Open(goldenLog)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // it was only read
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var log []schemas.Record
	lines := bufio.NewReader(z)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return log
		}
		if err != nil {
			t.Fatal(err)
		}
		var g goldenRecord
		if err := json.Unmarshal(line, &g); err != nil {
			t.Fatalf("record %d: %v", len(log), err)
		}
		log = append(log, g.record(int64(len(log))))
	}
}

// goldenRecord is a record as a line: its headers in their order, and its value.
type goldenRecord struct {
	Headers [][2]string     `json:"h"`
	Value   json.RawMessage `json:"v"`
}

func (g goldenRecord) record(offset int64) schemas.Record {
	r := schemas.Record{Topic: schemas.TopicChain, Offset: offset, Value: g.Value}
	for _, h := range g.Headers {
		r.Headers = append(r.Headers, schemas.Header{Key: h[0], Value: []byte(h[1])})
	}
	return r
}

// goldenWriter writes the log of a simulated network as a tailer would.
type goldenWriter struct {
	*testing.T
	lines     bytes.Buffer
	offset    int64
	term      int64
	lastReorg int64
}

func (w *goldenWriter) append(id, typ string, at time.Time, position *schemas.Position, term int64, value any) {
	w.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		w.Fatal(err)
	}
	env := schemas.Envelope{ID: id, Source: "starknet:SN_BITSAGE_LOCAL", Type: typ, Time: at, Term: term, Position: position, Data: data}
	rec, err := env.Record(schemas.TopicChain, nil)
	if err != nil {
		w.Fatal(err)
	}
	g := goldenRecord{Value: data}
	for _, h := range rec.Headers {
		g.Headers = append(g.Headers, [2]string{h.Key, string(h.Value)})
	}
	line, err := json.Marshal(g)
	if err != nil {
		w.Fatal(err)
	}
	w.lines.Write(append(line, '\n'))
	w.offset++
}

func (w *goldenWriter) claim() {
	w.term = w.offset
	w.append(fmt.Sprint("claim/", w.offset), schemas.TypeClaimed, goldenTime(0), nil, 0, schemas.Claimed{Writer: "golden", Build: "golden"})
}

// goldenTime is that of a block: there are enough for several days.
func goldenTime(block uint64) time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(block) * time.Minute)
}

// block writes a block with its seal.
func (w *goldenWriter) block(ref schemas.BlockRef, parent schemas.Hash, events []simnet.Placed) {
	w.Helper()
	at := goldenTime(ref.Number)
	for _, e := range events {
		parts := strings.Split(e.Type, ".")
		abi, err := schemas.Embedded(parts[2])
		if err != nil {
			w.Fatal(err)
		}
		keys, data, err := abi.EncodeEvent(parts[3], e.Value)
		if err != nil {
			w.Fatal(err)
		}
		_, members, err := abi.DecodeEvent(keys, data)
		if err != nil {
			w.Fatal(err)
		}
		w.append(fmt.Sprintf("%s/%d/%d/%d", ref.Hash, e.Position.Tx, e.Position.Event, w.lastReorg), e.Type, at, &e.Position, w.term, schemas.ChainEvent{
			BlockHash: ref.Hash, TxHash: e.TxHash, Contract: contractAddress(w.T, parts[2]), ContractName: parts[2], Name: parts[3], Data: members,
			Raw: schemas.RawEvent{Keys: keys, Data: data},
		})
	}
	position := schemas.SealPosition(ref.Number)
	w.append(fmt.Sprintf("%s/seal/%d", ref.Hash, w.lastReorg), schemas.TypeSealed, at, &position, w.term, schemas.Sealed{
		Number: ref.Number, Hash: ref.Hash, Parent: parent, Events: len(events), LastReorg: w.lastReorg,
	})
}

// writeGoldenLog makes the log. Every few dozen blocks another writer takes over, or the network is reorganised.
func writeGoldenLog(t *testing.T) {
	t.Helper()
	network, err := simnet.New(simnet.Config{Seed: 2026, Workers: 25, L1Depth: 100, BlockTime: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	w := &goldenWriter{T: t, lastReorg: -1}
	w.claim()
	var written []schemas.BlockRef // that stand
	for round, events := 0, 0; events < goldenEvents+goldenEvents/50; round++ {
		if err := network.ProduceN(60); err != nil {
			t.Fatal(err)
		}
		if round%3 == 1 {
			if err := network.Reorg(20); err != nil { // of what was written no more than the newest blocks of this round are not
				t.Fatal(err)
			}
		}
		all := network.Events()
		byBlock := map[uint64][]simnet.Placed{}
		for _, e := range all {
			byBlock[e.Position.Block] = append(byBlock[e.Position.Block], e)
		}
		head, _ := network.Head()
		if round%3 == 2 {
			w.claim()
		}
		first := uint64(0)
		if n := len(written); n > 0 {
			first = written[n-1].Number + 1
		}
		for number := first; number <= head.Number; number++ {
			ref := schemas.BlockRef{Number: number, Hash: blockHash(byBlock[number], number, round)}
			var parent schemas.Hash
			if n := len(written); n > 0 {
				parent = written[n-1].Hash
			}
			w.block(ref, parent, byBlock[number])
			written = append(written, ref)
			events += len(byBlock[number])
		}
		if round%3 == 0 { // the newest blocks are written, and taken back
			if err := network.Reorg(15); err != nil {
				t.Fatal(err)
			}
			cut := len(written) - 15
			w.append(fmt.Sprint("reorg/", w.offset), schemas.TypeReorged, goldenTime(head.Number), nil, w.term, schemas.Reorged{
				Common: written[cut-1], Voided: written[cut:], Previous: w.lastReorg,
			})
			w.lastReorg, written = w.offset-1, slices.Clone(written[:cut])
		}
	}
	if err := network.Close(); err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(w.lines.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(goldenLog, packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// blockHash is the network's hash of a block, or one made up for a block without events, whose hash nobody sees.
func blockHash(events []simnet.Placed, number uint64, round int) schemas.Hash {
	if len(events) > 0 {
		return events[0].BlockHash
	}
	return schemas.Hash(schemas.FeltFromUint64(number<<16 | uint64(round)))
}

func hashOf(text string) projections.Digest { return sha256.Sum256([]byte(text)) }

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
