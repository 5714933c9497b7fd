package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

var (
	onlySeed  = flag.Uint64("seed", 0, "replay the one history of this seed")
	histories = flag.Uint64("histories", 150, "how many random histories to run")
)

// TestRandomHistories lets a tailer follow a chain that grows, forks, comes back to an old branch, lags and fails, with
// appends that fail before or after they took effect and zombies that write on; then the log, read by the shared rule, must
// hold exactly the chain.
func TestRandomHistories(t *testing.T) {
	for seed := range *histories {
		if *onlySeed != 0 && seed+1 != *onlySeed {
			continue
		}
		t.Run(fmt.Sprint("seed=", seed+1), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { runHistory(t, seed+1) })
		})
	}
}

func runHistory(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 0))
	node := newFakeNode(rnd)
	log := &fakeLog{rnd: rnd}
	tailer := New(Config{
		Network: schemas.Local, Contracts: followed, StartBlock: node.start, PollInterval: time.Second, Writer: "test",
		Split: splitSmall, Fenced: func(error) bool { return false }, Logger: slog.New(slog.DiscardHandler),
	}, node, log, log, NewMetrics(prometheus.NewRegistry()))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- tailer.Run(ctx) }()
	for range 25 {
		time.Sleep(time.Duration(rnd.IntN(4000)) * time.Millisecond)
		node.change()
		if rnd.IntN(6) == 0 {
			log.zombie()
		}
	}
	node.calm()
	log.calm()
	node.outgrow()
	time.Sleep(5 * time.Minute)
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	check(t, node, log, tailer)
}

// check reads the log from its beginning and compares what stands with the node's chain.
func check(t *testing.T, node *fakeNode, log *fakeLog, tailer *Tailer) {
	t.Helper()
	reader := schemas.NewChainReader(schemas.StartOfChain())
	var got []schemas.Fact
	ids := map[string]int64{}
	for _, rec := range log.records {
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
	head := node.chain[len(node.chain)-1]
	if sealed := reader.State().Sealed; sealed != head.ref() {
		t.Fatalf("sealed %d %s, the head is %d %s; tailer: %+v", sealed.Number, sealed.Hash, head.number, head.hash, tailer.Status())
	}
	var want []string
	for _, b := range node.chain {
		for _, e := range b.events() {
			if _, ours := tailer.follows[e.From]; ours && b.number >= node.start {
				want = append(want, fmt.Sprint(b.number, "/", *e.TxIndex, "/", *e.EventIndex, " ", b.hash, e.TxHash, e.From))
			}
		}
	}
	var have []string
	for _, f := range got {
		have = append(have, fmt.Sprint(f.Position, " ", f.BlockHash, f.TxHash, f.Contract))
		if f.Reason != "" {
			t.Errorf("event %s is undecoded: %s", f.Position, f.Detail)
		}
	}
	if !slices.Equal(have, want) {
		t.Fatalf("the log holds %d events, the chain %d; first difference at %d", len(have), len(want), firstDifference(have, want))
	}
	if len(want) == 0 || len(log.claims) == 0 {
		t.Fatal("nothing happened")
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

var followed = []schemas.Contract{
	{Name: "JobManager", Address: schemas.Address{31: 1}},
	{Name: "ProverStaking", Address: schemas.Address{31: 2}},
}

// splitSmall makes batches of a few records, so that blocks are often written in parts.
func splitSmall(records []schemas.Record) [][]schemas.Record {
	return slices.Collect(slices.Chunk(records, 4))
}

// fakeBlock is a block of the fake chain; its hash depends on everything before it.
type fakeBlock struct {
	number       uint64
	hash, parent schemas.Hash
	txs          []schemas.Hash
	emitted      [][]starknet.Event // by transaction
}

func (b fakeBlock) ref() schemas.BlockRef { return schemas.BlockRef{Number: b.number, Hash: b.hash} }

func (b fakeBlock) events() []starknet.Event { return slices.Concat(b.emitted...) }

// fakeNode serves a chain that changes, and faults.
type fakeNode struct {
	mu       sync.Mutex
	rnd      *rand.Rand
	chain    []fakeBlock
	old      [][]fakeBlock // branches that were left, to come back to
	start    uint64
	salt     uint64
	indexed  bool // events carry their indices, as from spec 0.10 on
	receipts bool // receipts are served by block
	faults   bool
	lag      int // blocks by which the head that is told lags
}

func newFakeNode(rnd *rand.Rand) *fakeNode {
	n := &fakeNode{rnd: rnd, indexed: rnd.IntN(2) == 0, receipts: rnd.IntN(3) > 0, faults: true, start: uint64(rnd.IntN(3))}
	n.extend(3 + rnd.IntN(60))
	return n
}

func (n *fakeNode) extend(count int) {
	for range count {
		n.salt++
		b := fakeBlock{number: uint64(len(n.chain)), hash: schemas.Hash(schemas.FeltFromUint64(0xb10c00000000 + n.salt))}
		if len(n.chain) > 0 {
			b.parent = n.chain[len(n.chain)-1].hash
		}
		for tx := range n.rnd.IntN(4) {
			hash := schemas.Hash(schemas.FeltFromUint64(b.number*100 + uint64(tx) + 1)) // the same transactions come back on other branches
			b.txs = append(b.txs, hash)
			var events []starknet.Event
			for i := range n.rnd.IntN(4) {
				events = append(events, n.event(b, hash, uint32(tx), uint32(i)))
			}
			b.emitted = append(b.emitted, events)
		}
		n.chain = append(n.chain, b)
	}
}

func (n *fakeNode) event(b fakeBlock, tx schemas.Hash, txIndex, index uint32) starknet.Event {
	number, hash := b.number, b.hash
	e := starknet.Event{TxHash: tx, BlockNumber: &number, BlockHash: &hash, TxIndex: &txIndex, EventIndex: &index}
	switch n.rnd.IntN(3) {
	case 0:
		e.From = followed[0].Address
		e.Keys = []schemas.Felt{schemas.Selector("JobCompleted"), {31: 7}, {}, {31: 9}}
	case 1:
		e.From = followed[1].Address
		e.Keys, e.Data = []schemas.Felt{schemas.Selector("SuccessRecorded"), {31: 9}}, []schemas.Felt{{31: 1}}
	default:
		e.From = schemas.Address{31: 99} // a contract that is not ours
		e.Keys = []schemas.Felt{schemas.Selector("Transfer")}
	}
	return e
}

// change does something to the chain.
func (n *fakeNode) change() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lag = 0
	switch n.rnd.IntN(8) {
	case 0:
		n.lag = n.rnd.IntN(5)
	case 1, 2: // a fork
		keep := max(int(n.start)+1, len(n.chain)-1-n.rnd.IntN(30))
		if keep < len(n.chain) {
			n.old = append(n.old, slices.Clone(n.chain))
			n.chain = slices.Clip(n.chain[:keep])
		}
		n.extend(n.rnd.IntN(5))
	case 3: // back to an old branch
		if len(n.old) > 0 {
			branch := n.old[n.rnd.IntN(len(n.old))]
			n.old = append(n.old, slices.Clone(n.chain))
			n.chain = slices.Clone(branch)
			n.extend(n.rnd.IntN(3))
		}
	case 4:
		n.extend(20 + n.rnd.IntN(60))
	default:
		n.extend(1 + n.rnd.IntN(3))
	}
}

func (n *fakeNode) calm() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.faults, n.lag = false, 0
}

// outgrow makes the chain longer than any branch was: one that is shorter is not told from a node that lags.
func (n *fakeNode) outgrow() {
	n.mu.Lock()
	defer n.mu.Unlock()
	longest := len(n.chain)
	for _, branch := range n.old {
		longest = max(longest, len(branch))
	}
	n.extend(longest - len(n.chain) + 1)
}

var errNode = errors.New("the node fails")

// serve takes the lock, and fails now and then; sometimes the chain changes between two calls.
func (n *fakeNode) serve() (func(), error) {
	n.mu.Lock()
	if n.faults && n.rnd.IntN(40) == 0 {
		n.mu.Unlock()
		return nil, errNode
	}
	return n.mu.Unlock, nil
}

func (n *fakeNode) ChainID(context.Context) (schemas.Felt, error) {
	return schemas.ChainID(schemas.Local)
}

func (n *fakeNode) Head(context.Context) (schemas.BlockRef, error) {
	unlock, err := n.serve()
	if err != nil {
		return schemas.BlockRef{}, err
	}
	defer unlock()
	return n.chain[max(0, len(n.chain)-1-n.lag)].ref(), nil
}

func (n *fakeNode) find(id starknet.BlockID) (fakeBlock, error) {
	doc, err := json.Marshal(id)
	if err != nil {
		return fakeBlock{}, err
	}
	var named struct {
		Hash   *schemas.Hash `json:"block_hash"`
		Number *uint64       `json:"block_number"`
	}
	if err := json.Unmarshal(doc, &named); err != nil {
		return fakeBlock{}, err
	}
	for _, b := range n.chain {
		if named.Hash != nil && b.hash == *named.Hash || named.Number != nil && b.number == *named.Number {
			return b, nil
		}
	}
	return fakeBlock{}, starknet.ErrBlockNotFound
}

func (n *fakeNode) Header(_ context.Context, id starknet.BlockID) (starknet.Header, error) {
	unlock, err := n.serve()
	if err != nil {
		return starknet.Header{}, err
	}
	defer unlock()
	b, err := n.find(id)
	return starknet.Header{Hash: b.hash, Number: b.number, Parent: b.parent, Timestamp: int64(1_700_000_000 + b.number), TxHashes: b.txs}, err
}

// Events pages through a filter a few events at a time, with an empty page now and then.
func (n *fakeNode) Events(_ context.Context, f starknet.Filter) (starknet.Page, error) {
	unlock, err := n.serve()
	if err != nil {
		return starknet.Page{}, err
	}
	defer unlock()
	from, err := n.find(f.From)
	if err != nil {
		return starknet.Page{}, err
	}
	to, err := n.find(f.To)
	if err != nil {
		return starknet.Page{}, err
	}
	var all []starknet.Event
	for _, b := range n.chain[from.number : to.number+1] {
		for _, e := range b.events() {
			if f.Address == nil || *f.Address == e.From {
				if !n.indexed {
					e.TxIndex, e.EventIndex = nil, nil
				}
				all = append(all, e)
			}
		}
	}
	at := 0
	if f.Token != "" {
		if at, err = strconv.Atoi(f.Token); err != nil {
			return starknet.Page{}, starknet.ErrBadToken
		}
	}
	half, at := at%2, at/2
	if half == 0 && n.rnd.IntN(4) == 0 {
		return starknet.Page{Token: strconv.Itoa(2*at + 1)}, nil
	}
	end := min(at+3, len(all))
	page := starknet.Page{Events: all[min(at, end):end]}
	if end < len(all) {
		page.Token = strconv.Itoa(2 * end)
	}
	return page, nil
}

func (n *fakeNode) Receipts(_ context.Context, id starknet.BlockID) ([]starknet.Receipt, error) {
	unlock, err := n.serve()
	if err != nil {
		return nil, err
	}
	defer unlock()
	if !n.receipts {
		return nil, starknet.ErrMethodNotFound
	}
	b, err := n.find(id)
	var out []starknet.Receipt
	for i, tx := range b.txs {
		out = append(out, starknet.Receipt{TxHash: tx, Events: bare(b.emitted[i])})
	}
	return out, err
}

func (n *fakeNode) Receipt(_ context.Context, tx schemas.Hash) (starknet.Receipt, error) {
	unlock, err := n.serve()
	if err != nil {
		return starknet.Receipt{}, err
	}
	defer unlock()
	for _, b := range n.chain {
		if i := slices.Index(b.txs, tx); i >= 0 {
			return starknet.Receipt{TxHash: tx, Events: bare(b.emitted[i])}, nil
		}
	}
	return starknet.Receipt{}, starknet.ErrTxNotFound
}

// bare are events as receipts hold them: without any place.
func bare(events []starknet.Event) []starknet.Event {
	var out []starknet.Event
	for _, e := range events {
		out = append(out, starknet.Event{From: e.From, Keys: e.Keys, Data: e.Data})
	}
	return out
}

func (n *fakeNode) ABIAt(context.Context, starknet.BlockID, schemas.Address) (json.RawMessage, error) {
	return nil, starknet.ErrMethodNotFound
}

// fakeLog is one partition that fences by claims, and loses answers.
type fakeLog struct {
	rnd     *rand.Rand
	mu      sync.Mutex
	records []schemas.Record
	claims  []int64
	quiet   bool
}

var errAppend = errors.New("the append fails")

func (l *fakeLog) Claim(_ context.Context, claim schemas.Record) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	base := l.put([]schemas.Record{claim})
	l.claims = append(l.claims, base)
	return base, nil
}

func (l *fakeLog) Append(_ context.Context, records []schemas.Record) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.quiet:
	case l.rnd.IntN(30) == 0:
		return 0, fmt.Errorf("before: %w", errAppend)
	case l.rnd.IntN(30) == 0:
		l.put(records)
		return 0, fmt.Errorf("after: %w", errAppend)
	}
	return l.put(records), nil
}

func (l *fakeLog) put(records []schemas.Record) int64 {
	base := int64(len(l.records))
	for i, r := range records {
		r.Offset = base + int64(i)
		l.records = append(l.records, r)
	}
	return base
}

// zombie appends what a writer of an older term had ready, as a broker that forgot its epoch would let it; the present writer
// notices that its next offset is not where it should be.
func (l *fakeLog) zombie() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.claims) < 2 {
		return
	}
	stale := l.claims[l.rnd.IntN(len(l.claims)-1)]
	block := uint64(l.rnd.IntN(100))
	p := schemas.SealPosition(block)
	data, err := json.Marshal(schemas.Sealed{Number: block, Hash: schemas.Hash{31: 0xee}, LastReorg: -1})
	if err != nil {
		panic(err)
	}
	env := schemas.Envelope{ID: fmt.Sprint("zombie", len(l.records)), Source: "starknet:SN_BITSAGE_LOCAL", Type: schemas.TypeSealed, Time: time.Unix(1, 0), Term: stale, Position: &p, Data: data}
	rec, err := env.Record(schemas.TopicChain, nil)
	if err != nil {
		panic(err)
	}
	l.put([]schemas.Record{rec})
}

func (l *fakeLog) calm() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.quiet = true
}

func (l *fakeLog) ReadBack(_ context.Context, _ string, _ int32, before int64, n int) ([]schemas.Record, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before = min(before, int64(len(l.records)))
	return slices.Clone(l.records[max(0, before-int64(n)):before]), nil
}
