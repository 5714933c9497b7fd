// Command chain measures the chain read models of jobs, workers, payments and blockchain_events: how fast they are made from the log,
// against a bare COPY of the rows that they come to; how fast questions about the past are answered, and a reorganisation of 3,000
// blocks is taken back; and what readers feel of a rebuild. The database is an embedded one, the log is made up as it is read.
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
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func main() {
	if handled, code := embedded.PostgresChild(os.Args[1:]); handled {
		os.Exit(code)
	}
	events := flag.Int64("events", 1_000_000, "events of the log")
	profile := flag.String("profile", "", "file for a CPU profile of the making")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := measure(ctx, os.Stdout, *events, *profile); err != nil {
		stdlog.Fatal(err)
	}
}

func set() projections.Set {
	return projections.Set{
		Entities: []projections.EntityModel{projections.Workers.Model(), projections.Jobs.Model()},
		Journals: []projections.JournalModel{projections.BlockchainEvents.Model(), projections.Payments.Model()},
	}
}

var quiet = slog.New(slog.DiscardHandler)

func measure(ctx context.Context, w io.Writer, events int64, profile string) (err error) {
	dir, err := os.MkdirTemp("", "bench-chain")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	server, err := embedded.StartPostgres(ctx, embedded.PostgresConfig{Dir: dir, Logger: quiet})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop(context.WithoutCancel(ctx))) }()
	pool, err := pg.Open(ctx, server.URL(), 8)
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := migrations.Apply(ctx, pool, quiet); err != nil {
		return err
	}

	tenth, err := fill(ctx, pool, log{events: events / 10})
	if err != nil {
		return err
	}
	if err := empty(ctx, pool); err != nil {
		return err
	}
	stop, err := profiled(profile)
	if err != nil {
		return err
	}
	whole, err := fill(ctx, pool, log{events: events})
	if err := errors.Join(err, stop()); err != nil {
		return err
	}
	resident, err := peak()
	if err != nil {
		return err
	}
	rows, bare, err := copied(ctx, pool)
	if err != nil {
		return err
	}
	rate := func(d time.Duration) float64 { return float64(rows) / d.Seconds() }
	if _, err := fmt.Fprintf(w, "%d events come to %d rows: made in %s (%.0f rows/s, at most %d MiB), bare COPY of them in %s (%.0f rows/s), ratio %.2f; a tenth of the events in %s, so ten times as many take %.1f times as long\n",
		events, rows, whole.Round(time.Millisecond), rate(whole), resident>>20, bare.Round(time.Millisecond), rate(bare), bare.Seconds()/whole.Seconds(),
		tenth.Round(time.Millisecond), whole.Seconds()/tenth.Seconds()); err != nil {
		return err
	}
	if _, err := pool.Exec(ctx, "vacuum analyze"); err != nil { // as autovacuum does in a minute
		return err
	}
	if err := travel(ctx, w, pool, log{events: events}); err != nil {
		return err
	}
	if err := rebuild(ctx, w, pool, log{events: events}); err != nil {
		return err
	}
	reverted, err := fill(ctx, pool, log{events: events, fork: true})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "3,000 of %d blocks are taken back in %s\n", events/perBlock, reverted.Round(time.Millisecond))
	return err
}

// fill runs a projector until the read models are as far as the log.
func fill(ctx context.Context, pool *pgxpool.Pool, source log) (took time.Duration, err error) {
	store := pg.NewChainStore(pool, set())
	claim := func(ctx context.Context) (consumers.ChainLease, error) { return store.Claim(ctx, "bench") }
	p := consumers.NewChainProjector(source, claim, set(), consumers.NewMetrics(prometheus.NewRegistry()), quiet)
	ctx, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	began := time.Now()
	go func() { done <- p.Run(ctx) }()
	for p.Status().Next < source.end() && ctx.Err() == nil {
		if err := p.Status().Err; err != nil {
			stop()
			return 0, errors.Join(err, <-done)
		}
		time.Sleep(time.Millisecond)
	}
	took = time.Since(began)
	stop()
	return took, <-done
}

// empty takes the read models back to the log's beginning.
func empty(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Exec(ctx, "truncate "+strings.Join(set().Tables(), ", ")+", readers")
	return err
}

// peak is the most memory that this process has had.
func peak() (int64, error) {
	var used syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return used.Maxrss << 10, err
}

// copied copies the rows of every table to a table that is made like it, and tells how many there are and how long the COPY of them took.
func copied(ctx context.Context, pool *pgxpool.Pool) (total int64, took time.Duration, err error) {
	for _, table := range set().Tables() {
		rows, one, err := copiedTable(ctx, pool, table)
		if err != nil {
			return 0, 0, fmt.Errorf("copy %s: %w", table, err)
		}
		total, took = total+rows, took+one
	}
	return total, took, nil
}

func copiedTable(ctx context.Context, pool *pgxpool.Pool, table string) (total int64, took time.Duration, err error) {
	const chunk = 100_000
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, fmt.Sprintf("create table bare (like %s including all)", table)); err != nil {
		return 0, 0, err
	}
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		// The values are those that the engine hands over: text for what Go has no type of its own for.
		const columns = `
select string_agg(case when t.typname in ('numeric', 'jsonb') then format('%1$I::text as %1$I', a.attname) else quote_ident(a.attname) end, ', ' order by a.attnum)
from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = $1::text::regclass and a.attnum > 0`
		var list string
		if err := tx.QueryRow(ctx, columns, table).Scan(&list); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "declare c cursor for select "+list+" from "+table); err != nil {
			return err
		}
		for {
			found, err := tx.Query(ctx, fmt.Sprintf("fetch %d from c", chunk), pgx.QueryExecModeDescribeExec)
			if err != nil {
				return err
			}
			var names []string
			for _, f := range found.FieldDescriptions() {
				names = append(names, f.Name)
			}
			rows, err := pgx.CollectRows(found, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
			if err != nil || len(rows) == 0 {
				return err
			}
			began := time.Now()
			if _, err := conn.CopyFrom(ctx, pgx.Identifier{"bare"}, names, pgx.CopyFromRows(rows)); err != nil {
				return err
			}
			took += time.Since(began)
			total += int64(len(rows))
		}
	})
	if err != nil {
		return 0, 0, err
	}
	_, err = conn.Exec(ctx, "drop table bare")
	return total, took, err
}

// asked is how long answers took.
type asked []time.Duration

func (a asked) quantile(q float64) time.Duration {
	slices.Sort(a)
	return a[min(int(q*float64(len(a))), len(a)-1)].Round(10 * time.Microsecond)
}

// travel asks about random blocks of the past.
func travel(ctx context.Context, w io.Writer, pool *pgxpool.Pool, source log) error {
	q := pg.NewQuestions(pool)
	rnd := rand.New(rand.NewPCG(1, 1))
	var jobs int64
	if err := pool.QueryRow(ctx, "select count(*) from jobs").Scan(&jobs); err != nil {
		return err
	}
	questions := []struct {
		what string
		n    int
		ask  func(as projections.AsOf) error
	}{
		{"one worker", 500, func(as projections.AsOf) error {
			address, err := schemas.ParseAddress(fmt.Sprintf("0x%064x", 0xb0b0000+rnd.IntN(workers)))
			if err == nil {
				_, _, _, err = q.Worker(ctx, as, address)
			}
			return err
		}},
		{"a page of 50 of all jobs", 500, func(as projections.AsOf) error { return jobsPage(ctx, q, as, "") }},
		{"a page of 50 of the jobs that were pending", 500, func(as projections.AsOf) error { return jobsPage(ctx, q, as, projections.JobPending) }},
		{"a page of 50 of the jobs that were completed", 500, func(as projections.AsOf) error { return jobsPage(ctx, q, as, projections.JobCompleted) }},
		{"the network's numbers, a sum over all jobs", 100, func(as projections.AsOf) error { _, _, err := q.NetworkStats(ctx, as); return err }},
		{"workers, those with most jobs first", 100, func(as projections.AsOf) error {
			_, _, err := q.Workers(ctx, as, projections.WorkerFilter{Registered: true}, projections.Page{Limit: 100})
			return err
		}},
	}
	for _, question := range questions {
		var took asked
		for range question.n {
			as := projections.AsOf{Block: new(uint64(rnd.Int64N(source.blocks())))}
			began := time.Now()
			if err := question.ask(as); err != nil {
				return fmt.Errorf("%s: %w", question.what, err)
			}
			took = append(took, time.Since(began))
		}
		if _, err := fmt.Fprintf(w, "of %d jobs, as of a random block: %s in %s (p99; p50 %s)\n", jobs, question.what, took.quantile(0.99), took.quantile(0.5)); err != nil {
			return err
		}
	}
	return nil
}

func jobsPage(ctx context.Context, q *pg.Questions, as projections.AsOf, status projections.JobStatus) error {
	_, _, err := q.Jobs(ctx, as, projections.JobFilter{Status: string(status)}, projections.Page{Limit: 50})
	return err
}
