package chaintail

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
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
	chain  []fakeBlock
	old    [][]fakeBlock // branches that were left, to come back to
	start  uint64        // where the log begins
	since  []uint64      // where each of the followed contracts was deployed
	search bool          // nobody tells where the log begins
	salt   uint64
	// upgrades tells that the first contract changes its class, with an event that says so.
	upgrades bool
	numbers  map[schemas.Hash]uint64
	lag      int // blocks that the node does not serve yet

	// The node.
	spec      string
	indexed   bool // events carry their indices, as from spec 0.10 on
	lists     bool // filters take several addresses, as from spec 0.10.1 on
	receipts  bool // receipts are served by block
	maxPage   int  // events that may be asked for at once
	perPage   int  // events that are given at once
	liar      int  // counts down to the first header that is of another branch
	lies      int  // such headers in a row
	maxRange  uint64
	faulty    int    // calls that will fail
	pruned    uint64 // blocks below are gone
	stateless uint64 // blocks below have no state any more
	viewless  uint64 // blocks below have no state that views could be asked in
	// looksAtL1 is the tailer's pause between two looks at what is accepted on L1.
	looksAtL1 time.Duration
	making    []starknet.Receipt // what the block in the making holds; nil where the node does not tell
	l1Depth   int                // how far what is accepted on L1 is behind the head

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
	w.start, w.since = uint64(w.rnd.IntN(3)), make([]uint64, len(followed))
	if w.search = w.rnd.IntN(2) == 0; w.search {
		w.start = math.MaxUint64
		for i := range w.since {
			w.since[i] = uint64(w.rnd.IntN(40))
			w.start = min(w.start, w.since[i])
		}
	}
	w.spec = []string{"0.8.1", "0.9.0", "0.9.0", "0.10.0", "0.10.1", "0.10.3"}[w.rnd.IntN(6)]
	w.indexed, w.receipts = strings.HasPrefix(w.spec, "0.10."), w.rnd.IntN(3) > 0
	w.lists = w.indexed && w.spec > "0.10.0" && w.rnd.IntN(8) > 0 // some say a spec and do not keep to it
	w.maxPage, w.maxRange = []int{20, 300, 1024}[w.rnd.IntN(3)], []uint64{7, 60, 1 << 40}[w.rnd.IntN(3)]
	w.viewless = []uint64{0, 0, uint64(w.rnd.IntN(30))}[w.rnd.IntN(3)]
	w.l1Depth, w.looksAtL1 = w.rnd.IntN(30), 3*time.Second
	w.batch, w.perPage, w.upgrades = 1+w.rnd.IntN(8), 5, w.rnd.IntN(3) > 0
	w.extend(3 + w.rnd.IntN(80))
	if w.search { // a log that began before any contract was there would begin at the head
		w.extend(max(0, int(w.start)+1-len(w.chain)))
	}
	return w
}

// newCalmWorld returns a world in which nothing goes wrong, with a chain of so many blocks.
func newCalmWorld(blocks int) *world {
	w := &world{
		log: slog.New(slog.DiscardHandler), rnd: rand.New(rand.NewPCG(1, 1)), limit: 9000, settled: true, numbers: map[schemas.Hash]uint64{},
		spec: "0.10.1", indexed: true, lists: true, receipts: true, maxPage: 1024, perPage: 1024, maxRange: 1 << 40, batch: 1 << 30,
		since: make([]uint64, len(followed)),
	}
	w.extend(blocks)
	return w
}

// startBlock is what the settings say of the beginning.
func (w *world) startBlock() *uint64 {
	if w.search {
		return nil
	}
	return &w.start
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
		Network: schemas.Local, Contracts: followed, StartBlock: w.startBlock(), PollInterval: time.Second, FinalityInterval: w.looksAtL1, Ahead: 1, Writer: "test",
		Split:  func(r []schemas.Record) [][]schemas.Record { return slices.Collect(slices.Chunk(r, w.batch)) },
		Fenced: func(err error) bool { return errors.Is(err, errFenced) }, Logger: w.log,
	}, alone(p), p, p, NewMetrics(prometheus.NewRegistry()))
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
	if p.calls > p.calm+p.limit {
		p.dead = true
		p.kill()
		return errKilled
	}
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
