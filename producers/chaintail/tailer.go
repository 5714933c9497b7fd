package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Node is the StarkNet node that is followed.
type Node interface {
	SpecVersion(ctx context.Context) (string, error)
	ChainID(ctx context.Context) (schemas.Felt, error)
	// Head returns the newest accepted block.
	Head(ctx context.Context) (starknet.Header, error)
	Header(ctx context.Context, id starknet.BlockID) (starknet.Header, error)
	Events(ctx context.Context, f starknet.Filter) (starknet.Page, error)
	Receipts(ctx context.Context, id starknet.BlockID) (starknet.Header, []starknet.Receipt, error)
	Receipt(ctx context.Context, tx schemas.Hash) (starknet.Receipt, error)
	// PreConfirmed returns the block in the making; ok is false where there is none.
	PreConfirmed(ctx context.Context) (h starknet.Header, receipts []starknet.Receipt, ok bool, err error)
	ClassHashAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (schemas.Hash, error)
	ABIAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (json.RawMessage, error)
	// Call asks a view of a contract at a block.
	Call(ctx context.Context, id starknet.BlockID, contract schemas.Address, entryPoint schemas.Felt, calldata []schemas.Felt) ([]schemas.Felt, error)
}

// Log is the way back into the chain topic.
type Log interface {
	// Bounds returns the first offset that a partition still has, and the one that its next record will get.
	Bounds(ctx context.Context, topic string, partition int32) (first, next int64, err error)
	// ReadBack returns up to n records below an offset, oldest first.
	ReadBack(ctx context.Context, topic string, partition int32, before int64, n int) ([]schemas.Record, error)
}

// Writer is the right to append to the chain topic.
type Writer interface {
	// Claim takes the right from whoever has it; the offset of the claim record is the term.
	Claim(ctx context.Context, claim schemas.Record) (term int64, err error)
	// Append writes records as one batch, whole or not at all.
	Append(ctx context.Context, records []schemas.Record) (base int64, err error)
}

// Config says what to follow.
type Config struct {
	// Network names the chain; the node must be of its chain id.
	Network string
	// Contracts are followed; events of others are not written.
	Contracts []schemas.Contract
	// StartBlock is where a new log begins; nil for where the first contract was deployed. A log that has begun goes on where it is.
	StartBlock *uint64
	// PollInterval is the pause between two looks at the head. Defaults to 3 s.
	PollInterval time.Duration
	// FinalityInterval is the pause between two looks at what is accepted on L1. Defaults to a minute.
	FinalityInterval time.Duration
	// Bell rings when there may be a new head, so that it need not be waited for; nil where nobody rings. Nothing depends on it:
	// silence for the longer of 2 s and PollInterval does the same.
	Bell <-chan struct{}
	// Ahead is the number of chunks that a backfill reads at a time. Defaults to 4; with 1 everything happens in one goroutine.
	Ahead int
	// Progress is told once a second how a backfill gets on; nil for a line of the log every ten.
	Progress func(Backfilling)
	// PreConfirmed takes the block in the making, as often as it changes; nil where nobody wants it. PreConfirmedEvery is the pause between two looks.
	PreConfirmed      func(ctx context.Context, record schemas.Record) error
	PreConfirmedEvery time.Duration
	// AuditEvery is the pause between two blocks that are held against the receipts of the node; 0 for no audit.
	AuditEvery time.Duration
	// Writer names this process in its claims, for people; Build is its version.
	Writer, Build string
	// Split cuts records into batches that the log takes.
	Split func([]schemas.Record) [][]schemas.Record
	// Fenced tells whether an error of the writer means that another one has taken over.
	Fenced func(error) bool
	Logger *slog.Logger
}

var (
	// ErrTakenOver says that another tailer has claimed the chain topic.
	ErrTakenOver = errors.New("another tailer has taken over the chain topic")
	// errTermEnds ends a term that went on for long enough, so that a takeover never has to read back far.
	errTermEnds = errors.New("the term ends")
)

// FatalError is a state of chain, log and settings that trying again cannot mend. It says what to do.
type FatalError struct{ Problem string }

func (e *FatalError) Error() string { return e.Problem }

// Tailer follows one chain. Make it with [New].
type Tailer struct {
	config    Config
	chainID   schemas.Felt
	providers *providers
	log       Log
	writer    Writer
	metrics   *Metrics
	status    statusBoard
	suspects  *suspects
	auditor   *auditor
	reading   atomic.Pointer[reading]

	// Of Run's goroutine only.
	at       *provider // that the chain is read from in this round
	ahead    ahead
	classes  *classes
	progress progress
	begin    uint64    // where a new log begins, as far as it was searched for
	settled  time.Time // when finality was last asked for
}

// follows are the contracts whose events are written.
type follows struct {
	contracts map[schemas.Address]schemas.Contract
	addresses []schemas.Address // in the order of the settings
	// since are the blocks that they were deployed at; nil where all are asked for everywhere. Run's goroutine writes it, and only
	// while no chunk is being read.
	since map[schemas.Address]uint64
}

func newFollows(contracts []schemas.Contract) *follows {
	f := &follows{contracts: map[schemas.Address]schemas.Contract{}}
	for _, c := range contracts {
		if _, twice := f.contracts[c.Address]; !twice {
			f.addresses = append(f.addresses, c.Address)
		}
		f.contracts[c.Address] = c
	}
	return f
}

// New returns a tailer. At least one provider must be given; the first is preferred.
func New(c Config, from []Provider, log Log, writer Writer, m *Metrics) *Tailer {
	if c.PollInterval <= 0 {
		c.PollInterval = 3 * time.Second
	}
	if c.FinalityInterval <= 0 {
		c.FinalityInterval = time.Minute
	}
	if c.Ahead <= 0 {
		c.Ahead = 4
	}
	odd := newSuspects()
	t := &Tailer{
		config: c, providers: newProviders(from, newFollows(c.Contracts), odd, c.Logger), log: log, writer: writer, metrics: m, suspects: odd,
		classes: newClasses(nil, c.Ahead, c.Logger),
	}
	t.auditor = newAuditor(t)
	return t
}

// Status returns where the tailer stands. It is safe for concurrent use.
func (t *Tailer) Status() Status {
	s := t.status.read()
	s.Providers = t.providers.statuses()
	return s
}

const (
	retryPause = 250 * time.Millisecond
	maxPause   = 10 * time.Second
)

// Run follows the chain until ctx ends, and then returns within two seconds. A node or a log that does not answer, or answers
// nonsense, is asked again; only what no retry can mend ends it: another tailer's claim ([ErrTakenOver]), and a [FatalError]
// such as a log of another chain.
func (t *Tailer) Run(ctx context.Context) (err error) {
	if t.chainID, err = schemas.ChainID(t.config.Network); err != nil {
		err = &FatalError{err.Error()}
		t.status.failed(err)
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { t.providers.watch(ctx, inspector{t.probe, t.status.place}) })
	watching.Go(func() { t.auditor.run(ctx) })
	watching.Go(func() { t.foresee(ctx) })
	defer watching.Wait()
	defer stop()
	return t.run(ctx)
}

// run goes from term to term.
func (t *Tailer) run(ctx context.Context) error {
	w := newChainWriter(t)
	defer t.ahead.drop()
	pause := retryPause
	for {
		started := time.Now()
		err := t.term(ctx, w)
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, errTermEnds) {
			continue
		}
		t.status.failed(err)
		if _, fatal := errors.AsType[*FatalError](err); fatal {
			return err
		}
		if t.config.Fenced(err) {
			t.status.lost()
			return fmt.Errorf("%w: %w", ErrTakenOver, err)
		}
		if time.Since(started) > maxPause {
			pause = retryPause
		}
		wait := max(pause, retryAfter(err))
		t.config.Logger.WarnContext(ctx, "tailer claims again", "error", err, "pause", wait)
		if !sleep(ctx, wait) {
			return nil
		}
		pause = min(2*pause, maxPause)
	}
}

// term is one stretch of writing: from a claim until something goes wrong with the log.
func (t *Tailer) term(ctx context.Context, w *chainWriter) error {
	if err := t.turn(ctx); err != nil {
		return err
	}
	if err := w.claim(ctx, t.chainID); err != nil {
		return err
	}
	return t.follow(ctx, w)
}

// turn picks the provider of the next round, one that is of our chain and whose spec we speak.
func (t *Tailer) turn(ctx context.Context) error {
	for {
		p := t.providers.pick()
		err := t.probe(ctx, p)
		if err == nil {
			t.at, t.classes.node = p, p
			return nil
		}
		if _, fatal := errors.AsType[*FatalError](err); fatal || ctx.Err() != nil || !t.providers.failed(p, err) {
			return err
		}
	}
}

// follow writes what the chain has beyond the log, and then what comes.
func (t *Tailer) follow(ctx context.Context, w *chainWriter) error {
	pause := retryPause
	for {
		err := t.turn(ctx)
		more, turned := false, false
		if err == nil {
			if more, err = t.round(ctx, w); err != nil && !endsTerm(err) && ctx.Err() == nil {
				turned = t.turnsAway(err)
			}
			if err == nil {
				err = t.settle(ctx, w)
			}
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && endsTerm(err):
			return err
		case turned:
			continue
		case err != nil:
			wait := max(pause, retryAfter(err))
			t.config.Logger.WarnContext(ctx, "chain not read, trying again", "error", err, "pause", wait)
			t.status.failed(err)
			if !sleep(ctx, wait) {
				return nil
			}
			pause = min(2*pause, maxPause)
			continue
		}
		pause = retryPause
		t.status.fine()
		if w.longEnough() {
			return errTermEnds
		}
		if !more && !t.pause(ctx) {
			return nil
		}
	}
}

// leastSilence is how long a bell must have been silent before the head is looked at all the same.
const leastSilence = 2 * time.Second

// pause waits for the next look at the head.
func (t *Tailer) pause(ctx context.Context) bool {
	wait := t.config.PollInterval
	if t.config.Bell != nil {
		wait = max(wait, leastSilence)
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.config.Bell:
	case <-timer.C:
	}
	return true
}

// turnsAway sets the provider of a round that failed aside, and tells whether there is another to turn to at once.
func (t *Tailer) turnsAway(err error) bool {
	if _, stand := errors.AsType[*disagreement](err); stand {
		return false // nobody is known to be wrong
	}
	return t.providers.failed(t.at, err)
}

// endsTerm tells whether an error is about the log rather than the node.
func endsTerm(err error) bool {
	_, log := errors.AsType[*logError](err)
	_, fatal := errors.AsType[*FatalError](err)
	return log || fatal
}

func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*starknet.HTTPError](err); ok {
		return e.RetryAfter
	}
	return 0
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
