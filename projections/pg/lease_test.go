package pg

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/projections"
)

func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, err := Open(t.Context(), embeddedtest.Postgres(t), 8)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := migrations.Apply(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return pool
}

func claim(t *testing.T, pool *pgxpool.Pool) *Lease {
	t.Helper()
	l, err := Claim(t.Context(), pool, "test", "topic", 0, "somebody", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	return l
}

func advance(t *testing.T, l *Lease, from, to int64) error {
	t.Helper()
	return l.inTx(t.Context(), func(tx pgx.Tx) error {
		return advanceIn(t.Context(), l, tx, from, projections.Place{NextOffset: to, Fingerprint: "f"})
	})
}

// expire makes a lease run out, as if its owner had been paused.
func expire(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), "update readers set lease_until = now() - interval '1 second'"); err != nil {
		t.Fatal(err)
	}
}

func TestOneReaderAtATime(t *testing.T) {
	pool := database(t)
	first := claim(t, pool)
	if _, err := Claim(t.Context(), pool, "test", "topic", 0, "other", nil); !errors.Is(err, projections.ErrTaken) {
		t.Fatalf("a second claim: %v, want ErrTaken", err)
	}
	if err := advance(t, first, 0, 5); err != nil {
		t.Fatal(err)
	}
	if err := first.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := claim(t, pool)
	if got := second.Place(); got.NextOffset != 5 || got.Fingerprint != "f" {
		t.Errorf("the second reader begins at %+v", got)
	}
}

func TestAdvanceTellsApartWhatItFinds(t *testing.T) {
	pool := database(t)
	l := claim(t, pool)
	for _, c := range []struct {
		name     string
		from, to int64
		want     error
	}{
		{"the first batch", 0, 5, nil},
		{"the same batch again", 0, 5, ErrAlready},
		{"a batch from before", 0, 3, ErrAhead},
		{"a batch from beyond", 7, 9, ErrMismatch},
		{"the next batch", 5, 9, nil},
	} {
		if err := advance(t, l, c.from, c.to); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestAnOwnerThatHangsInItsTransactionIsEnded(t *testing.T) {
	pool := database(t)
	first := claim(t, pool)
	// The owner has moved the row and hangs before its commit, holding the row's lock.
	tx, err := first.conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := advanceIn(t.Context(), first, tx, 0, projections.Place{NextOffset: 5}); err != nil {
		t.Fatal(err)
	}
	// It holds the row, so its lease cannot be made to run out: it has to be waited for.
	tookOver := func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		for {
			second, err := Claim(ctx, pool, "test", "topic", 0, "other", nil)
			if err == nil {
				defer func() { _ = second.Release(ctx) }()
				return second.Place().NextOffset == 0 && advance(t, second, 0, 7) == nil
			}
			if !errors.Is(err, projections.ErrTaken) {
				t.Fatal(err)
			}
			select {
			case <-ctx.Done():
				return false
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
	if !tookOver() {
		t.Fatal("nobody could take over")
	}
	if err := tx.Commit(t.Context()); err == nil {
		t.Error("the hanging transaction was committed after all")
	}
}

func TestALostLeaseIsNoticed(t *testing.T) {
	pool := database(t)
	first := claim(t, pool)
	kept := make(chan error, 1)
	go func() { kept <- first.Keep(t.Context()) }()
	expire(t, pool)
	second := claim(t, pool)
	if err := advance(t, first, 0, 5); err == nil {
		t.Error("the first owner stored a batch after the second's claim")
	}
	if err := <-kept; !errors.Is(err, ErrLost) {
		t.Errorf("Keep: %v, want ErrLost", err)
	}
	if err := advance(t, second, 0, 5); err != nil {
		t.Error(err)
	}
}

// advanceIn moves a reader in a transaction that does nothing else.
func advanceIn(ctx context.Context, l *Lease, tx pgx.Tx, from int64, to projections.Place) error {
	p := pipeline{lease: l, tx: tx, batch: &pgx.Batch{}}
	return p.advance(ctx, from, to, nil)
}
