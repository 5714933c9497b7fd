package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Node is the StarkNet node that is followed.
type Node interface {
	ChainID(ctx context.Context) (schemas.Felt, error)
	Head(ctx context.Context) (schemas.BlockRef, error)
	Header(ctx context.Context, id starknet.BlockID) (starknet.Header, error)
	Events(ctx context.Context, f starknet.Filter) (starknet.Page, error)
	Receipts(ctx context.Context, id starknet.BlockID) ([]starknet.Receipt, error)
	Receipt(ctx context.Context, tx schemas.Hash) (starknet.Receipt, error)
	ABIAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (json.RawMessage, error)
}

// Log is the way back into the chain topic.
type Log interface {
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
	// StartBlock is where a new log begins.
	StartBlock uint64
	// PollInterval is the pause between two looks at the head. Defaults to 3 s.
	PollInterval time.Duration
	// Writer names this process in its claims, for people; Build is its version.
	Writer, Build string
	// Split cuts records into batches that the log takes.
	Split func([]schemas.Record) [][]schemas.Record
	// Fenced tells whether an error of the writer means that another one has taken over.
	Fenced func(error) bool
	Logger *slog.Logger
}

// ErrTakenOver says that another tailer has claimed the chain topic.
var ErrTakenOver = errors.New("another tailer has taken over")

// Status is where the tailer stands, for health and metrics.
type Status struct {
	Head     uint64 // newest block that the node has told of
	Sealed   uint64 // newest block in the log
	SealedAt time.Time
	Begun    bool      // false until the log has a sealed block
	SeenAt   time.Time // when the node last answered
	Err      error     // why it does not get on, nil where it does
}

// Tailer follows one chain. Make it with [New].
type Tailer struct {
	config  Config
	node    Node
	log     Log
	writer  Writer
	metrics *Metrics
	follows map[schemas.Address]schemas.Contract
	abis    map[schemas.Address]*schemas.ABI // of Run's goroutine; nil for a contract without one

	mu     sync.Mutex
	status Status // guarded by mu
}

// New returns a tailer.
func New(c Config, node Node, log Log, writer Writer, m *Metrics) *Tailer {
	if c.PollInterval <= 0 {
		c.PollInterval = 3 * time.Second
	}
	t := &Tailer{config: c, node: node, log: log, writer: writer, metrics: m, follows: map[schemas.Address]schemas.Contract{}, abis: map[schemas.Address]*schemas.ABI{}}
	for _, contract := range c.Contracts {
		t.follows[contract.Address] = contract
	}
	return t
}

// Status returns where the tailer stands. It is safe for concurrent use.
func (t *Tailer) Status() Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.status
}

func (t *Tailer) update(change func(*Status)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(&t.status)
}

const (
	retryPause = 250 * time.Millisecond
	maxPause   = 10 * time.Second
)

// Run follows the chain until ctx ends. A node that does not answer, or answers nonsense, is asked again; only what no retry can
// mend ends it: another tailer's claim ([ErrTakenOver]), a log of another chain, or a chain that left this log's first block.
func (t *Tailer) Run(ctx context.Context) error {
	pause := retryPause
	for {
		started := time.Now()
		err := t.term(ctx)
		var fatal *FatalError
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &fatal):
			t.update(func(s *Status) { s.Err = err })
			return err
		case t.config.Fenced(err):
			return fmt.Errorf("%w: %w", ErrTakenOver, err)
		}
		if time.Since(started) > maxPause {
			pause = retryPause
		}
		t.config.Logger.WarnContext(ctx, "tailer starts again", "error", err, "pause", pause)
		t.update(func(s *Status) { s.Err = err })
		if !sleep(ctx, pause) {
			return nil
		}
		pause = min(2*pause, maxPause)
	}
}

// FatalError is a state of chain and log that trying again cannot mend.
type FatalError struct{ Problem string }

func (e *FatalError) Error() string { return e.Problem }

// term is one stretch of writing: from a claim until something goes wrong with the log.
func (t *Tailer) term(ctx context.Context) error {
	chainID, err := t.chainID(ctx)
	if err != nil {
		return err
	}
	w := &chainWriter{t: t, chainID: chainID, source: "starknet:" + chainName(chainID)}
	if err := w.claim(ctx); err != nil {
		return err
	}
	t.update(func(s *Status) {
		state := w.reader.State()
		s.Begun, s.Sealed, s.SealedAt = state.Begun, state.Sealed.Number, state.SealedAt
	})
	return t.follow(ctx, w)
}

// chainID asks the node which chain it is on, until it answers, and compares.
func (t *Tailer) chainID(ctx context.Context) (schemas.Felt, error) {
	want, err := schemas.ChainID(t.config.Network)
	if err != nil {
		return want, &FatalError{err.Error()}
	}
	got, err := t.node.ChainID(ctx)
	if err != nil {
		return got, err
	}
	if got != want {
		return got, &FatalError{fmt.Sprintf("the node is on chain %s, and network %s is %s: give --network or --rpc-url of the other",
			chainName(got), t.config.Network, chainName(want))}
	}
	return got, nil
}

func chainName(id schemas.Felt) string {
	if name, ok := id.ShortString(); ok {
		return name
	}
	return id.String()
}

// follow writes what the chain has beyond the log, and then what comes.
func (t *Tailer) follow(ctx context.Context, w *chainWriter) error {
	pause := retryPause
	for {
		more, err := t.advance(ctx, w)
		var broken *logError
		var fatal *FatalError
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &broken), errors.As(err, &fatal):
			return err
		case err != nil:
			t.config.Logger.WarnContext(ctx, "chain not read, trying again", "error", err, "pause", pause)
			t.update(func(s *Status) { s.Err = err })
			if !sleep(ctx, max(pause, retryAfter(err))) {
				return nil
			}
			pause = min(2*pause, maxPause)
			continue
		}
		pause = retryPause
		t.update(func(s *Status) { s.Err = nil })
		if !more && !sleep(ctx, t.config.PollInterval) {
			return nil
		}
	}
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
