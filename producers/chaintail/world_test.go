package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// world is a chain, a node that serves it and the log, for any number of tailers one after the other or one inside another's
// call. Everything happens within the calls that tailers make, so a history follows from its seed alone.
type world struct {
	log   *slog.Logger
	rnd   *rand.Rand
	calls int
	calm  int // from this call on nothing goes wrong any more
	limit int // calls after that until the tailer has to be done
	plan  []planned

	// The chain.
	chain   []fakeBlock
	old     [][]fakeBlock // branches that were left, to come back to
	start   uint64        // where the log begins
	salt    uint64
	numbers map[schemas.Hash]uint64
	lag     int // blocks that the node does not serve yet

	// The node.
	spec     string
	indexed  bool // events carry their indices, as from spec 0.10 on
	lists    bool // filters take several addresses, as from spec 0.10.1 on
	receipts bool // receipts are served by block
	maxPage  int  // events that may be asked for at once
	perPage  int  // events that are given at once
	liar     int  // counts down to the one header that is of another branch
	maxRange uint64
	faulty   int // calls that will fail

	// The log.
	records   []schemas.Record
	epoch     int
	batch     int                // records that a batch takes
	lost      [][]schemas.Record // batches on their way that were given up
	settled   bool               // the chain does not change any more
	quiet     bool               // nothing goes wrong, though the world is not calm
	killAfter int                // appends, where it is not 0
	done      bool               // the log has come to the end of the chain
}

var (
	errFaulty = errors.New("the node fails")
	errKilled = errors.New("this process was killed")
	errAppend = errors.New("no answer to the append")
	errFenced = errors.New("fenced")
)

func newWorld(seed uint64) *world {
	w := &world{log: slog.New(slog.DiscardHandler), rnd: rand.New(rand.NewPCG(seed, 17)), numbers: map[schemas.Hash]uint64{}}
	w.calm, w.limit = 150+w.rnd.IntN(450), 9000
	w.start = uint64(w.rnd.IntN(3))
	w.spec = []string{"0.8.1", "0.9.0", "0.9.0", "0.10.0", "0.10.1", "0.10.3"}[w.rnd.IntN(6)]
	w.indexed, w.receipts = strings.HasPrefix(w.spec, "0.10."), w.rnd.IntN(3) > 0
	w.lists = w.indexed && w.spec > "0.10.0" && w.rnd.IntN(8) > 0 // some say a spec and do not keep to it
	w.maxPage, w.maxRange = []int{20, 300, 1024}[w.rnd.IntN(3)], []uint64{7, 60, 1 << 40}[w.rnd.IntN(3)]
	w.batch, w.perPage = 1+w.rnd.IntN(8), 5
	w.extend(3 + w.rnd.IntN(80))
	return w
}

// newCalmWorld returns a world in which nothing goes wrong, with a chain of so many blocks.
func newCalmWorld(blocks int) *world {
	w := &world{
		log: slog.New(slog.DiscardHandler), rnd: rand.New(rand.NewPCG(1, 1)), limit: 9000, settled: true, numbers: map[schemas.Hash]uint64{},
		spec: "0.10.1", indexed: true, lists: true, receipts: true, maxPage: 1024, perPage: 1024, maxRange: 1 << 40, batch: 1 << 30,
	}
	w.extend(blocks)
	return w
}

// planned is something that happens at a time, in the first call after it.
type planned struct {
	at time.Time
	do func()
}

func (w *world) in(d time.Duration, do func()) {
	w.plan = append(w.plan, planned{time.Now().Add(d), do})
}

// chance is true once in n times, while the world is not calm.
func (w *world) chance(n int) bool { return w.calls < w.calm && !w.quiet && w.rnd.IntN(n) == 0 }

// process is one tailer's way into the world.
type process struct {
	*world
	epoch  int
	left   int // calls until it is killed
	nested bool
	dead   bool
	kill   context.CancelFunc
}

// live runs a tailer until it is killed, is taken over, or has nothing to do in a calm world.
func (w *world) live(ctx context.Context, nested bool) error {
	ctx, kill := context.WithCancel(ctx)
	defer kill()
	p := &process{world: w, nested: nested, kill: kill, left: 1 + w.rnd.IntN(250)}
	if nested {
		p.left = 1 + w.rnd.IntN(40)
	}
	t := New(Config{
		Network: schemas.Local, Contracts: followed, StartBlock: w.start, PollInterval: time.Second, Writer: "test",
		Split:  func(r []schemas.Record) [][]schemas.Record { return slices.Collect(slices.Chunk(r, w.batch)) },
		Fenced: func(err error) bool { return errors.Is(err, errFenced) }, Logger: w.log,
	}, p, p, p, NewMetrics(prometheus.NewRegistry()))
	return t.Run(ctx)
}

// step is the beginning of every call: what may happen to the world and to the caller.
func (p *process) step() error {
	if p.dead {
		return errKilled
	}
	for len(p.plan) > 0 && !time.Now().Before(p.plan[0].at) {
		p.plan[0].do()
		p.plan = p.plan[1:]
	}
	p.calls++
	if p.calls >= p.calm || p.quiet {
		return nil
	}
	if p.left--; p.left < 0 {
		p.dead = true
		p.kill()
		return errKilled
	}
	if p.chance(12) {
		p.change()
	}
	if p.chance(60) {
		p.land() // a broker that forgot the epoch takes what an old writer had on its way
	}
	if p.chance(80) {
		p.put([]schemas.Record{p.zombie()})
	}
	if !p.nested && p.chance(120) {
		if err := p.live(context.Background(), true); err != nil && !errors.Is(err, ErrTakenOver) {
			return err
		}
	}
	return nil
}

// fault is an answer that is none.
func (p *process) fault() error {
	if p.faulty > 0 && p.calls < p.calm { // faults come in runs
		p.faulty--
	} else if !p.chance(40) {
		return nil
	} else {
		p.faulty = p.rnd.IntN(10)
	}
	return []error{
		errFaulty, starknet.ErrTimeout, starknet.ErrMalformed,
		&starknet.HTTPError{Status: 429, RetryAfter: 3 * time.Second},
	}[p.rnd.IntN(4)]
}

// The chain.

// fakeBlock is a block of the fake chain.
type fakeBlock struct {
	number       uint64
	hash, parent schemas.Hash
	txs          []schemas.Hash
	emitted      [][]starknet.Event // by transaction
}

func (b fakeBlock) ref() schemas.BlockRef { return schemas.BlockRef{Number: b.number, Hash: b.hash} }

func (b fakeBlock) time() time.Time { return time.Unix(int64(1_700_000_000+b.number), 0).UTC() }

func (b fakeBlock) header() starknet.Header {
	return starknet.Header{Hash: b.hash, Number: b.number, Parent: b.parent, Timestamp: b.time().Unix(), TxHashes: b.txs}
}

func (b fakeBlock) events() []starknet.Event { return slices.Concat(b.emitted...) }

var followed = []schemas.Contract{
	{Name: "JobManager", Address: schemas.Address{31: 1}},
	{Name: "ProverStaking", Address: schemas.Address{31: 2}},
	{Name: "ProverStaking", Address: schemas.Address{31: 3}},
}

func (w *world) extend(count int) {
	for range count {
		w.salt++
		b := fakeBlock{number: uint64(len(w.chain)), hash: schemas.Hash(schemas.FeltFromUint64(0xb10c00000000 + w.salt))}
		if len(w.chain) > 0 {
			b.parent = w.chain[len(w.chain)-1].hash
		}
		for tx := range w.rnd.IntN(4) {
			hash := schemas.Hash(schemas.FeltFromUint64(b.number*100 + uint64(tx) + 1)) // the same transactions come back on other branches
			b.txs = append(b.txs, hash)
			var events []starknet.Event
			for i := range w.rnd.IntN(4) {
				events = append(events, w.event(b, hash, uint32(tx), uint32(i)))
			}
			b.emitted = append(b.emitted, events)
		}
		w.chain, w.numbers[b.hash] = append(w.chain, b), b.number
	}
}

func (w *world) event(b fakeBlock, tx schemas.Hash, txIndex, index uint32) starknet.Event {
	number, hash := b.number, b.hash
	e := starknet.Event{TxHash: tx, BlockNumber: &number, BlockHash: &hash, TxIndex: &txIndex, EventIndex: &index}
	worker := schemas.Felt{31: byte(w.rnd.IntN(5))}
	switch w.rnd.IntN(8) {
	case 0, 1:
		e.From = followed[0].Address
		e.Keys = []schemas.Felt{schemas.Selector("JobCompleted"), {31: 7}, {}, worker}
	case 2, 3:
		e.From = followed[1].Address
		e.Keys, e.Data = []schemas.Felt{schemas.Selector("SuccessRecorded"), worker}, []schemas.Felt{{31: 1}}
	case 4:
		e.From = followed[2].Address // the same as the one before, of another address
		e.Keys, e.Data = []schemas.Felt{schemas.Selector("SuccessRecorded"), worker}, []schemas.Felt{{31: 1}}
	case 5:
		e.From = followed[1].Address
		e.Keys = []schemas.Felt{schemas.Selector("NoSuchEvent"), worker} // is written raw
	default:
		e.From = schemas.Address{31: 99} // a contract that is not ours
		e.Keys = []schemas.Felt{schemas.Selector("Transfer"), worker}
	}
	return e
}

// change does something to the chain.
func (w *world) change() {
	w.lag = 0
	switch w.rnd.IntN(10) {
	case 0:
		w.lag = w.rnd.IntN(6)
	case 1, 2: // a fork, a few blocks deep or any depth
		depth := 1 + w.rnd.IntN(12)
		if w.rnd.IntN(4) == 0 {
			depth = w.rnd.IntN(len(w.chain))
		}
		w.leave(len(w.chain) - depth)
		w.extend(w.rnd.IntN(6))
	case 3, 4: // back to an old branch, whose blocks are the same as before
		if len(w.old) > 0 {
			w.leave(len(w.chain))
			w.chain = slices.Clone(w.old[w.rnd.IntN(len(w.old))])
			w.extend(w.rnd.IntN(3))
		}
	case 5:
		w.extend(20 + w.rnd.IntN(60))
	default:
		w.extend(1 + w.rnd.IntN(3))
	}
}

// leave cuts the chain and remembers the branch. The first block of the log stays: it binds the log to its chain.
func (w *world) leave(keep int) {
	keep = max(int(w.start)+1, keep)
	w.old = append(w.old, slices.Clone(w.chain))
	if keep < len(w.chain) {
		w.chain = slices.Clip(w.chain[:keep])
	}
}

// idOf is the id of a record; the second header has it.
func idOf(r schemas.Record) string { return string(r.Headers[1].Value) }

// settle makes the chain longer than any branch was: one that is shorter is not told from a node that lags.
func (w *world) settle() {
	if w.settled {
		return
	}
	w.settled, w.lag = true, 0
	longest := len(w.chain)
	for _, branch := range w.old {
		longest = max(longest, len(branch))
	}
	w.extend(longest - len(w.chain) + 1)
}

// atEnd tells whether the log holds the whole chain.
func (w *world) atEnd() bool {
	head := w.chain[len(w.chain)-1]
	sealed := slices.ContainsFunc(w.records, func(r schemas.Record) bool {
		return strings.HasPrefix(idOf(r), "seal/"+head.hash.String())
	})
	if !sealed {
		return false
	}
	reader := schemas.NewChainReader(schemas.StartOfChain())
	for _, rec := range w.records {
		if _, err := reader.Read(rec); err != nil {
			return true // nothing will mend it; the check tells
		}
	}
	return reader.State().Sealed == head.ref()
}

// The node.

func (w *world) served() []fakeBlock { return w.chain[:max(1, len(w.chain)-w.lag)] }

func (p *process) SpecVersion(context.Context) (string, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return "", err
	}
	return p.spec, nil
}

func (p *process) ChainID(context.Context) (schemas.Felt, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return schemas.Felt{}, err
	}
	return schemas.ChainID(schemas.Local)
}

func (p *process) Head(context.Context) (schemas.BlockRef, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return schemas.BlockRef{}, err
	}
	if p.calls >= p.calm {
		p.settle()
		if p.done = p.atEnd(); p.done || p.calls > p.calm+p.limit {
			p.kill()
		}
	}
	served := p.served()
	return served[len(served)-1].ref(), nil
}

func (p *process) find(id starknet.BlockID) (fakeBlock, error) {
	served := p.served()
	if p.chance(150) && len(p.old) > 0 { // one call is answered by a machine that is on another branch
		served = p.old[p.rnd.IntN(len(p.old))]
	}
	return p.findIn(served, id)
}

func (w *world) findIn(chain []fakeBlock, id starknet.BlockID) (fakeBlock, error) {
	doc, err := json.Marshal(id)
	if err != nil {
		return fakeBlock{}, err
	}
	var named struct {
		Hash   schemas.Hash `json:"block_hash"`
		Number uint64       `json:"block_number"`
	}
	if err := json.Unmarshal(doc, &named); err != nil {
		return fakeBlock{}, err
	}
	if !named.Hash.IsZero() {
		named.Number = w.numbers[named.Hash]
	}
	if named.Number >= uint64(len(chain)) || !named.Hash.IsZero() && chain[named.Number].hash != named.Hash {
		return fakeBlock{}, starknet.ErrBlockNotFound
	}
	return chain[named.Number], nil
}

func (p *process) Header(_ context.Context, id starknet.BlockID) (starknet.Header, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return starknet.Header{}, err
	}
	b, err := p.find(id)
	if p.liar--; p.liar == 0 {
		if other, oerr := p.findIn(p.old[0], id); oerr == nil {
			b, err = other, nil
		}
	}
	if err != nil {
		return starknet.Header{}, err
	}
	return b.header(), nil
}

// Events pages through a filter a few events at a time, so that transactions are split, with an empty page now and then.
func (p *process) Events(_ context.Context, f starknet.Filter) (starknet.Page, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return starknet.Page{}, err
	}
	from, ferr := p.findIn(p.served(), f.From)
	to, terr := p.findIn(p.served(), f.To)
	switch {
	case ferr != nil || terr != nil:
		return starknet.Page{}, starknet.ErrBlockNotFound
	case len(f.Addresses) > 1 && !p.lists:
		return starknet.Page{}, starknet.ErrInvalidParams
	case f.Chunk > p.maxPage:
		return starknet.Page{}, starknet.ErrPageTooBig
	case to.number-from.number > p.maxRange:
		return starknet.Page{}, &starknet.RPCError{Code: -32005, Message: "query returned more than 10000 results"}
	case f.Token != "" && p.chance(50):
		return starknet.Page{Token: f.Token, Events: []starknet.Event{}}, nil // stuck
	case f.Token != "" && p.chance(50):
		return starknet.Page{}, starknet.ErrBadToken
	}
	var all []starknet.Event
	for _, b := range p.served()[from.number : to.number+1] {
		for _, e := range b.events() {
			if len(f.Addresses) > 0 && !slices.Contains(f.Addresses, e.From) {
				continue
			}
			if !p.indexed {
				e.TxIndex, e.EventIndex = nil, nil
			}
			all = append(all, e)
		}
	}
	at := 0
	if f.Token != "" {
		var err error
		if at, err = strconv.Atoi(f.Token); err != nil {
			return starknet.Page{}, starknet.ErrBadToken
		}
	}
	half, at := at%2, at/2
	if half == 0 && p.chance(4) {
		return starknet.Page{Token: strconv.Itoa(2*at + 1), Events: []starknet.Event{}}, nil
	}
	end := min(at+min(f.Chunk, p.perPage), len(all))
	page := starknet.Page{Events: all[min(at, end):end]}
	if end < len(all) {
		page.Token = strconv.Itoa(2 * end)
	}
	return page, nil
}

func (p *process) Receipts(_ context.Context, id starknet.BlockID) (starknet.Header, []starknet.Receipt, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return starknet.Header{}, nil, err
	}
	if !p.receipts {
		return starknet.Header{}, nil, starknet.ErrMethodNotFound
	}
	b, err := p.find(id)
	if err != nil {
		return starknet.Header{}, nil, err
	}
	var out []starknet.Receipt
	for i, tx := range b.txs {
		out = append(out, starknet.Receipt{TxHash: tx, Events: bare(b.emitted[i])})
	}
	return b.header(), out, nil
}

func (p *process) Receipt(_ context.Context, tx schemas.Hash) (starknet.Receipt, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return starknet.Receipt{}, err
	}
	for _, b := range p.served() {
		if i := slices.Index(b.txs, tx); i >= 0 {
			return starknet.Receipt{TxHash: tx, BlockHash: &b.hash, Events: bare(b.emitted[i])}, nil
		}
	}
	return starknet.Receipt{}, starknet.ErrTxNotFound
}

// bare are events as receipts hold them: without any place.
func bare(events []starknet.Event) []starknet.Event {
	out := []starknet.Event{}
	for _, e := range events {
		out = append(out, starknet.Event{From: e.From, Keys: e.Keys, Data: e.Data})
	}
	return out
}

func (p *process) ClassHashAt(context.Context, starknet.BlockID, schemas.Address) (schemas.Hash, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return schemas.Hash{}, err
	}
	return schemas.Hash{31: 0xc1}, nil
}

func (p *process) ABIAt(context.Context, starknet.BlockID, schemas.Address) (json.RawMessage, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return nil, err
	}
	return nil, starknet.ErrMethodNotFound
}

// The log.

func (w *world) put(records []schemas.Record) int64 {
	base := int64(len(w.records))
	for i, r := range records {
		r.Offset = base + int64(i)
		w.records = append(w.records, r)
	}
	return base
}

// land appends a batch that was given up, sometimes not for the last time.
func (w *world) land() {
	if len(w.lost) == 0 {
		return
	}
	i := w.rnd.IntN(len(w.lost))
	w.put(w.lost[i])
	if w.rnd.IntN(2) == 0 {
		w.lost = slices.Delete(w.lost, i, i+1)
	}
}

// zombie is a record of a term that is over, or of none.
func (w *world) zombie() schemas.Record {
	var claims []int64
	for _, r := range w.records {
		if env, err := schemas.ParseEnvelope(r); err == nil && env.Type == schemas.TypeClaimed {
			claims = append(claims, r.Offset)
		}
	}
	if len(claims) < 2 {
		return w.claim() // a process that claimed and died
	}
	block := uint64(w.rnd.IntN(len(w.chain)))
	position := schemas.SealPosition(block)
	env := schemas.Envelope{
		ID: fmt.Sprint("zombie/", len(w.records)), Source: "starknet:SN_BITSAGE_LOCAL", Type: schemas.TypeSealed, Time: time.Unix(1, 0),
		Term: claims[w.rnd.IntN(len(claims)-1)], Position: &position,
	}
	var value any = schemas.Sealed{Number: block, Hash: schemas.Hash{31: 0xee}, Events: w.rnd.IntN(3), LastReorg: -1}
	if w.rnd.IntN(3) == 0 {
		env.Type, env.Position = schemas.TypeReorged, nil
		value = schemas.Reorged{Common: schemas.BlockRef{Number: block, Hash: schemas.Hash{31: 0xee}}, Previous: -1}
	}
	return recordOf(env, value)
}

func (w *world) claim() schemas.Record {
	return recordOf(schemas.Envelope{
		ID: fmt.Sprint("rival/", len(w.records)), Source: "starknet:SN_BITSAGE_LOCAL", Type: schemas.TypeClaimed, Time: time.Unix(1, 0),
	}, schemas.Claimed{Writer: "rival"})
}

func recordOf(env schemas.Envelope, value any) schemas.Record {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	env.Data = data
	rec, err := env.Record(schemas.TopicChain, nil)
	if err != nil {
		panic(err)
	}
	return rec
}

func (p *process) Claim(_ context.Context, claim schemas.Record) (int64, error) {
	if err := p.step(); err != nil {
		return 0, err
	}
	if p.chance(20) {
		return 0, errAppend
	}
	if p.chance(3) {
		p.land() // what was on its way may arrive as long as the claim has not
	}
	p.world.epoch++
	p.epoch = p.world.epoch
	return p.put([]schemas.Record{claim}), nil
}

func (p *process) Append(_ context.Context, records []schemas.Record) (int64, error) {
	if err := p.step(); err != nil {
		return 0, err
	}
	if p.killAfter > 0 {
		if p.killAfter--; p.killAfter == 0 {
			p.dead = true
			p.kill()
		}
	}
	switch {
	case p.epoch != p.world.epoch && !p.chance(8): // now and then the broker has forgotten
		return 0, errFenced
	case p.chance(25): // killed while the batch is on its way
		p.dead = true
		p.kill()
		if p.chance(2) {
			p.put(records)
		} else {
			p.lost = append(p.lost, slices.Clone(records))
		}
		return 0, errKilled
	case p.chance(30):
		p.lost = append(p.lost, slices.Clone(records))
		return 0, errAppend
	case p.chance(30):
		p.put(records)
		return 0, errAppend
	}
	return p.put(records), nil
}

func (p *process) Bounds(context.Context, string, int32) (first, next int64, err error) {
	return 0, int64(len(p.records)), p.step()
}

func (p *process) ReadBack(_ context.Context, _ string, _ int32, before int64, n int) ([]schemas.Record, error) {
	if err := p.step(); err != nil {
		return nil, err
	}
	if p.chance(40) {
		return nil, errAppend
	}
	return slices.Clone(p.records[max(0, before-int64(n)):before]), nil
}
