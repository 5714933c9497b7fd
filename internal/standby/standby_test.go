package standby

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// memoryLog is the control topic, with the fence of a log: the newest claim wins.
type memoryLog struct {
	mu      sync.Mutex
	records []schemas.Record
	fails   error
	owner   string
}

func (l *memoryLog) Append(_ context.Context, r schemas.Record) (int32, int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fails != nil {
		return 0, 0, l.fails
	}
	r.Offset = int64(len(l.records))
	l.records = append(l.records, r)
	return 0, r.Offset, nil
}

func (l *memoryLog) Bounds(context.Context, string, int32) (int64, int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return 0, int64(len(l.records)), l.fails
}

func (l *memoryLog) Fetch(ctx context.Context, _ string, _ int32, offset int64) ([]schemas.Record, int64, error) {
	select {
	case <-ctx.Done():
	case <-time.After(100 * time.Millisecond):
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.records[offset:], int64(len(l.records)), l.fails
}

func (l *memoryLog) failing(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fails = err
}

func (l *memoryLog) claim(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.owner = name
}

func (l *memoryLog) ownedBy() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.owner
}

var errLost = errors.New("fenced")

// process is one of those who offer to work; it claims, and works until it is fenced or stopped.
type process struct {
	post *Post
	stop context.CancelFunc
	done chan error
}

func start(ctx context.Context, l *memoryLog, name string, broken error) *process {
	ctx, stop := context.WithCancel(ctx)
	p := &process{stop: stop, done: make(chan error, 1), post: New(Config{
		Role: "job", Name: name, Lost: func(err error) bool { return errors.Is(err, errLost) }, Logger: slog.New(slog.DiscardHandler),
	}, l, l)}
	go func() {
		p.done <- p.post.Run(ctx, func(ctx context.Context) error {
			if broken != nil {
				return broken
			}
			l.claim(name)
			for {
				select {
				case <-ctx.Done():
					return nil
				case <-time.After(50 * time.Millisecond):
				}
				if l.ownedBy() != name {
					return fmt.Errorf("append: %w", errLost)
				}
			}
		})
	}()
	return p
}

func (p *process) end(t *testing.T) {
	t.Helper()
	p.stop()
	if err := <-p.done; err != nil {
		t.Error(err)
	}
}

func working(processes ...*process) (names []string) {
	for _, p := range processes {
		if p.post.Status().Working {
			names = append(names, p.post.config.Name)
		}
	}
	return names
}

func TestOneWorksAndTheOthersStandBy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memoryLog{}
		a := start(t.Context(), l, "a", nil)
		time.Sleep(Silence + time.Second)
		if got := working(a); len(got) != 1 {
			t.Fatalf("alone, and not at work after %s", Silence)
		}
		b, c := start(t.Context(), l, "b", nil), start(t.Context(), l, "c", nil)
		time.Sleep(time.Minute)
		if got := working(a, b, c); len(got) != 1 || got[0] != "a" {
			t.Fatalf("%v work, want a alone", got)
		}
		if s := b.post.Status(); s.Other != "a" {
			t.Errorf("b believes that %q works, want a", s.Other)
		}
		a.end(t)
		time.Sleep(5 * time.Second)
		// Both may have begun at the same moment; the fence lets one of them go on.
		got := working(b, c)
		if len(got) != 1 || got[0] != l.ownedBy() {
			t.Fatalf("5 s after the end of a %v work, and %s has the claim", got, l.ownedBy())
		}
		b.end(t)
		c.end(t)
	})
}

func TestAFencedProcessStandsBy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memoryLog{}
		a := start(t.Context(), l, "a", nil)
		time.Sleep(Silence + time.Second)
		l.claim("somebody")
		time.Sleep(time.Second)
		if got := working(a); len(got) != 0 {
			t.Error("a fenced process works on")
		}
		time.Sleep(Silence + time.Second)
		if got := working(a); len(got) != 1 {
			t.Error("nobody works, and the one that was fenced does not take over")
		}
		a.end(t)
	})
}

func TestSilenceIsNotDeafness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &memoryLog{}
		l.failing(errors.New("the log is away"))
		a := start(t.Context(), l, "a", nil)
		time.Sleep(time.Minute)
		if got := working(a); len(got) != 0 {
			t.Error("who hears nothing because the log is away must not take over")
		}
		l.failing(nil)
		time.Sleep(Silence + 2*Interval)
		if got := working(a); len(got) != 1 {
			t.Error("the log is back and silent, and nobody works")
		}
		a.end(t)
	})
}

func TestOtherFailuresEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("another chain")
		a := start(t.Context(), &memoryLog{}, "a", broken)
		if err := <-a.done; !errors.Is(err, broken) {
			t.Errorf("the post ended with %v, want %v", err, broken)
		}
		a.stop()
	})
}
