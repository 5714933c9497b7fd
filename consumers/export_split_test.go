package consumers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

var (
	errTornOff = errors.New("the connection broke")
	errFenced  = errors.New("fenced")
)

// splitLog is a log in memory: the chain topic, which the test grows, and the topics of the families, with their fences. Appends
// fail now and then, before or after they took effect.
type splitLog struct {
	mu       sync.Mutex
	rnd      *rand.Rand
	chain    []schemas.Record
	families map[string][]schemas.Record
	epochs   map[string]int
	faults   int
}

func newSplitLog(seed uint64, chain []schemas.Record) *splitLog {
	return &splitLog{rnd: rand.New(rand.NewPCG(seed, 7)), chain: chain, families: map[string][]schemas.Record{}, epochs: map[string]int{}}
}

func (l *splitLog) Fetch(ctx context.Context, _ string, _ int32, offset int64) ([]schemas.Record, int64, error) {
	time.Sleep(10 * time.Millisecond)
	l.mu.Lock()
	end, n := int64(len(l.chain)), 1+l.rnd.Int64N(60)
	l.mu.Unlock()
	if offset >= end {
		<-ctx.Done()
		return nil, end, nil
	}
	return l.chain[offset:min(end, offset+n)], end, nil
}

func (l *splitLog) Bounds(_ context.Context, topic string, _ int32) (first, next int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return 0, int64(len(l.families[topic])), nil
}

func (l *splitLog) ReadBack(_ context.Context, topic string, _ int32, before int64, n int) ([]schemas.Record, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.families[topic][max(0, before-int64(n)):before]), nil
}

// strike tells whether something fails now.
func (l *splitLog) strike() bool {
	if l.faults >= 40 || l.rnd.IntN(25) > 0 {
		return false
	}
	l.faults++
	return true
}

// memoryWriter is a writer of one topic.
type memoryWriter struct {
	log   *splitLog
	topic string
	epoch int
}

func (w *memoryWriter) Claim(ctx context.Context, claim schemas.Record) (int64, error) {
	w.log.mu.Lock()
	w.log.epochs[w.topic]++
	w.epoch = w.log.epochs[w.topic]
	w.log.mu.Unlock()
	return w.Append(ctx, []schemas.Record{claim})
}

func (w *memoryWriter) Append(_ context.Context, records []schemas.Record) (int64, error) {
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	if w.epoch < w.log.epochs[w.topic] {
		return 0, errFenced
	}
	if w.log.strike() {
		return 0, fmt.Errorf("before: %w", errTornOff)
	}
	base := int64(len(w.log.families[w.topic]))
	for i, r := range records {
		r.Offset = base + int64(i)
		w.log.families[w.topic] = append(w.log.families[w.topic], r)
	}
	if w.log.strike() {
		return 0, fmt.Errorf("after: %w", errTornOff)
	}
	return base, nil
}

func (l *splitLog) splitter(every int64) *Splitter {
	s := NewSplitter(SplitterConfig{
		Name: "test", Build: "test", Writer: func(topic string) SplitWriter { return &memoryWriter{log: l, topic: topic} },
		Batches: func(rs []schemas.Record) (out [][]schemas.Record) { return slices.Collect(slices.Chunk(rs, 7)) },
		Fenced:  func(err error) bool { return errors.Is(err, errFenced) }, Logger: slog.New(slog.DiscardHandler),
	}, l, l, NewMetrics(prometheus.NewRegistry()))
	s.every = every
	return s
}

// Split splits a chain topic through faults, crashes and rivals, and returns what the topics of the families hold at the end.
// The tests of this package's other half call it, where the random histories are; it must run in a synctest bubble.
func Split(t *testing.T, seed uint64, chain []schemas.Record) map[string][]schemas.Record {
	t.Helper()
	l := newSplitLog(seed, chain)
	rnd := rand.New(rand.NewPCG(seed, 8))
	end := int64(len(chain))
	ctx, stopAll := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for done := false; !done; {
		ctx, stop := context.WithCancel(ctx)
		s := l.splitter(20 + rnd.Int64N(100))
		running.Go(func() {
			if err := s.Run(ctx); err != nil && !errors.Is(err, ErrSplitElsewhere) {
				t.Error(err)
			}
		})
		// It is stopped somewhere, or left to a rival that fences it, or gets to the end.
		until := time.Duration(rnd.Int64N(int64(20 * time.Second)))
		for begun := time.Now(); time.Since(begun) < until && s.Status().Phase != Standby && s.Status().Next < end; {
			time.Sleep(10 * time.Millisecond)
		}
		done = s.Status().Next >= end
		if rnd.IntN(2) == 0 {
			stop()
		} else {
			defer stop()
		}
	}
	stopAll()
	running.Wait()
	if l.faults == 0 {
		t.Error("no fault was injected: the test has no teeth")
	}
	return l.families
}
