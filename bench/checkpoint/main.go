// Command checkpoint holds the coordinator against @snapshot-labs/checkpoint, the indexer that takes plain StarkNet RPC, on the same
// node, the same Postgres and the same chain: one event is one row and one running total. It measures how fast both index 2,000 blocks
// of ten events, and looks at what is in their tables after a reorganisation, a failed call, and kill -9. It prints a table in
// Markdown. Run it in the repository's root; it needs node and npm.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	stdlog "log"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/migrations"
)

func main() {
	if handled, code := embedded.PostgresChild(os.Args[1:]); handled {
		os.Exit(code)
	}
	blocks := flag.Int("blocks", 2_000, "blocks of the chain whose indexing is timed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := compare(ctx, os.Stdout, *blocks); err != nil {
		stdlog.Fatal(err)
	}
}

// bench is what all cases share.
type bench struct {
	dir                     string
	postgres                *embedded.Postgres
	coordinator, checkpoint string
	databases               int
}

// outcome is what became of an indexer in a case.
type outcome struct {
	verdict string
	took    time.Duration // from the first question for events on
	rows    uint64
}

// scenario is what happens to an indexer. It returns once the head is reached.
type scenario struct {
	name   string
	blocks int
	run    func(ctx context.Context, n *node, x *indexer) error
}

func scenarios(blocks int) []scenario {
	return []scenario{
		{"backfill, nothing happens", blocks, follow},
		{"20 blocks are reorganised, their transactions come again", 300, func(ctx context.Context, n *node, x *indexer) error {
			if err := follow(ctx, n, x); err != nil {
				return err
			}
			n.reorganise(20)
			if err := n.grow(5); err != nil {
				return err
			}
			return x.reach(ctx, n.head())
		}},
		{"one call for events fails (HTTP 500)", 300, func(ctx context.Context, n *node, x *indexer) error {
			n.refuseOne()
			return follow(ctx, n, x)
		}},
		{"killed (SIGKILL) 20 times in mid-course", 300, func(ctx context.Context, n *node, x *indexer) error {
			random := rand.New(rand.NewPCG(1, 2))
			for range 20 {
				before, err := x.indexed(ctx)
				if err != nil {
					return err
				}
				if err := errors.Join(n.grow(60), x.start()); err != nil {
					return err
				}
				if err := x.reach(ctx, uint64(before+2)); err != nil {
					return err
				}
				time.Sleep(time.Duration(random.IntN(50)) * time.Millisecond)
				if err := x.kill(); err != nil {
					return err
				}
			}
			return follow(ctx, n, x)
		}},
	}
}

// follow starts an indexer and waits until it has the head.
func follow(ctx context.Context, n *node, x *indexer) error {
	if err := x.start(); err != nil {
		return err
	}
	return x.reach(ctx, n.head())
}

func compare(ctx context.Context, w io.Writer, blocks int) (err error) {
	b := &bench{}
	if b.dir, err = os.MkdirTemp("", "bench-checkpoint"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if b.coordinator, b.checkpoint, err = build(ctx, b.dir); err != nil {
		return err
	}
	// The machine's own Postgres, since Checkpoint needs an extension that comes with it.
	b.postgres, err = embedded.StartPostgres(ctx, embedded.PostgresConfig{
		Dir: filepath.Join(b.dir, "postgres"), Version: embedded.MachineVersion, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.postgres.Stop(context.WithoutCancel(ctx))) }()
	if _, err := fmt.Fprintln(w, "| | Checkpoint | sage-coordinator |\n|---|---|---|"); err != nil {
		return err
	}
	for _, s := range scenarios(blocks) {
		them, err := b.try(ctx, s, false)
		if err != nil {
			return err
		}
		us, err := b.try(ctx, s, true)
		if err != nil {
			return err
		}
		ratio := ""
		if s.blocks == blocks {
			ratio = fmt.Sprintf(": %.1f times as fast", them.took.Seconds()/us.took.Seconds())
		}
		if _, err := fmt.Fprintf(w, "| %s | %s | %s%s |\n", s.name, them.text(s.blocks == blocks), us.text(s.blocks == blocks), ratio); err != nil {
			return err
		}
	}
	return nil
}

func (o outcome) text(timed bool) string {
	if !timed {
		return o.verdict
	}
	return fmt.Sprintf("%s; %d events in %.2f s (%.0f/s)", o.verdict, o.rows, o.took.Seconds(), float64(o.rows)/o.took.Seconds())
}

// try lets one indexer go through a scenario, on a chain and in a database of its own.
func (b *bench) try(ctx context.Context, s scenario, us bool) (o outcome, err error) {
	n, err := newNode(s.blocks)
	if err != nil {
		return o, err
	}
	server := httptest.NewServer(n)
	defer server.Close()
	pool, err := b.newDatabase(ctx, us)
	if err != nil {
		return o, err
	}
	defer pool.Close()
	x := theirs(ctx, b.checkpoint, pool, server.URL, n)
	if us {
		dir, err := os.MkdirTemp(b.dir, "log")
		if err != nil {
			return o, err
		}
		x = ours(ctx, b.coordinator, dir, pool, server.URL)
	}
	defer func() { err = errors.Join(err, x.kill()) }()
	stuck := s.run(ctx, n, x)
	if stuck != nil && !errors.Is(stuck, errStuck) {
		return o, fmt.Errorf("%s: %w", s.name, stuck)
	}
	o.took = time.Since(n.began())
	got, err := x.tables(ctx)
	if err != nil {
		return o, fmt.Errorf("%s: %w", s.name, err)
	}
	rows, head, truth := n.truth()
	o.rows, o.verdict = rows, got.verdict(truth)
	if stuck != nil {
		at, err := x.indexed(ctx)
		if err != nil {
			return o, err
		}
		o.verdict = fmt.Sprintf("stuck at block %d of %d; %s", at, head, o.verdict)
	}
	return o, nil
}

func (b *bench) newDatabase(ctx context.Context, us bool) (*pgxpool.Pool, error) {
	admin, err := pgx.Connect(ctx, b.postgres.URL())
	if err != nil {
		return nil, err
	}
	b.databases++
	name := fmt.Sprintf("indexer_%d", b.databases)
	_, err = admin.Exec(ctx, "create database "+name)
	if err := errors.Join(err, admin.Close(ctx)); err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(b.postgres.URL())
	if err != nil {
		return nil, err
	}
	c := config.ConnConfig
	url := fmt.Sprintf("postgres://%s:%s@%s:%d/%s?sslmode=disable", c.User, c.Password, c.Host, c.Port, name)
	pool, err := pgxpool.New(ctx, url)
	if err != nil || !us {
		return pool, err
	}
	if _, err := migrations.Apply(ctx, pool, slog.New(slog.DiscardHandler)); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}
