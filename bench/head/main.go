// Command head measures how far the read models are behind the log: where nothing is wrong, the time from a block's, or a heartbeat's,
// being on its topic to its being readable through Postgres, by a connection of its own; and how long what a killed process read stands
// still. Log and database are embedded. Beside the first it measures how long a transaction of one row takes at the same time: how much
// of the time is the machine's.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	workers   = 1_000
	perBlock  = 20
	blockTime = 100 * time.Millisecond
	beatTime  = 5 * time.Millisecond // between two heartbeats of all workers

	target     = 50 * time.Millisecond
	targetKill = 4 * time.Second
)

func main() {
	if handled, code := embedded.PostgresChild(os.Args[1:]); handled {
		os.Exit(code)
	}
	blocks := flag.Int("blocks", 300, "blocks that are measured")
	kills := flag.Int("kills", 30, "processes that are killed")
	reader := flag.Bool("reader", false, "be a process to kill, with the log and the database of the environment")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if *reader {
		err = beReader(ctx)
	} else {
		err = measure(ctx, os.Stdout, *blocks, *kills)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// system is a log and a database of our own.
type system struct {
	events *eventlog.Client
	pool   *pgxpool.Pool
	closed []func() error
}

func (s *system) close() error {
	var errs []error
	for _, f := range slices.Backward(s.closed) {
		errs = append(errs, f())
	}
	return errors.Join(errs...)
}

func start(ctx context.Context, dir string) (s *system, err error) {
	s = &system{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	quiet := slog.New(slog.DiscardHandler)
	kafka, err := embedded.StartLog(ctx, embedded.LogConfig{Dir: filepath.Join(dir, "log"), Logger: quiet})
	if err != nil {
		return s, err
	}
	s.closed = append(s.closed, kafka.Close)
	database, err := embedded.StartPostgres(ctx, embedded.PostgresConfig{Dir: filepath.Join(dir, "postgres"), Logger: quiet})
	if err != nil {
		return s, err
	}
	s.closed = append(s.closed, func() error { return database.Stop(context.WithoutCancel(ctx)) })
	if s.events, err = eventlog.Open(eventlog.Config{Brokers: kafka.Brokers(), Logger: quiet, Registerer: prometheus.NewRegistry()}); err != nil {
		return s, err
	}
	s.closed = append(s.closed, func() error { s.events.Close(); return nil })
	if err := s.events.EnsureTopics(ctx, schemas.Topics()); err != nil {
		return s, err
	}
	if s.pool, err = pg.Open(ctx, database.URL(), 32); err != nil {
		return s, err
	}
	s.closed = append(s.closed, func() error { s.pool.Close(); return nil })
	_, err = migrations.Apply(ctx, s.pool, quiet)
	return s, err
}

type source struct{ client *eventlog.Client }

func (s source) Fetch(ctx context.Context, topic string, partition int32, offset int64) ([]schemas.Record, int64, error) {
	b, err := s.client.Fetch(ctx, topic, partition, offset)
	return b.Records, b.End, err
}

func (s source) Bounds(ctx context.Context, topic string, partition int32) (first, next int64, err error) {
	return s.client.Bounds(ctx, topic, partition)
}

// project keeps the read models until ctx ends.
func (s *system) project(ctx context.Context) error {
	set, metrics, quiet := projections.Chain(), consumers.NewMetrics(prometheus.NewRegistry()), slog.New(slog.DiscardHandler)
	chainStore, telemetryStore := pg.NewChainStore(s.pool, set), pg.NewTelemetryStore(s.pool, nil)
	chain := consumers.NewChainProjector(source{s.events}, func(ctx context.Context) (consumers.ChainLease, error) {
		return chainStore.Claim(ctx, ownerOf(os.Getpid()))
	}, set, metrics, quiet)
	telemetry := consumers.NewTelemetryProjector(source{s.events}, func(ctx context.Context, part int32) (consumers.TelemetryLease, error) {
		return telemetryStore.Claim(ctx, part, ownerOf(os.Getpid()))
	}, telemetryStore.Crew(ownerOf(os.Getpid())), metrics, quiet)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return chain.Run(ctx) })
	group.Go(func() error { return telemetry.Run(ctx) })
	return group.Wait()
}

func measure(ctx context.Context, w io.Writer, blocks, kills int) (err error) {
	dir, err := os.MkdirTemp("", "head")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s, err := start(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	group, under := errgroup.WithContext(ctx)
	working, stop := context.WithCancel(under)
	group.Go(func() error { return s.project(working) })
	group.Go(func() error {
		defer stop()
		l, err := s.latencies(working, blocks)
		if err != nil {
			return err
		}
		if err := tell(w, "a transaction of one row", l.bare, 0); err != nil {
			return err
		}
		stands, err := s.takeovers(working, kills)
		if err != nil {
			return err
		}
		return errors.Join(
			tell(w, "blocks, from the topic to Postgres", l.blocks, target),
			tell(w, "heartbeats, from the topic to Postgres", l.beats, target),
			tell(w, "kills, until what the process read moves again", stands, targetKill),
		)
	})
	return group.Wait()
}

// tell prints what was measured, and answers an error where it is more than it should be; 0 is no bound.
func tell(w io.Writer, what string, took []time.Duration, bound time.Duration) error {
	if len(took) == 0 {
		return fmt.Errorf("%s: nothing was measured", what)
	}
	slices.Sort(took)
	p50, p99 := took[len(took)/2], took[(len(took)*99+99)/100-1]
	line := fmt.Sprintf("%s: p50 %s, p99 %s of %d", what, p50.Round(10*time.Microsecond), p99.Round(10*time.Microsecond), len(took))
	if bound > 0 {
		line += fmt.Sprintf(" (want p99 within %s)", bound)
	}
	if _, err := fmt.Fprintln(w, line); err != nil {
		return err
	}
	if bound > 0 && p99 > bound {
		return fmt.Errorf("%s: later than they should be", what)
	}
	return nil
}

// mark is a row's key and its offset, which is on the topic since some time.
type mark struct {
	key    any
	offset int64
	at     time.Time
}

// latencies are what was measured while nothing was wrong.
type latencies struct{ blocks, beats, bare []time.Duration }

// latencies writes blocks, and heartbeats beside them, and measures until when each is readable.
func (s *system) latencies(ctx context.Context, blocks int) (l latencies, err error) {
	blockMarks, beatMarks := make(chan mark, blocks), make(chan mark, 1<<16)
	group, under := errgroup.WithContext(ctx)
	reporting, stop := context.WithCancel(under)
	group.Go(func() error {
		defer close(beatMarks)
		return s.report(reporting, func(part int32, m mark) {
			if part == 0 {
				beatMarks <- m
			}
		})
	})
	group.Go(func() (err error) {
		l.bare, err = s.bare(reporting)
		return err
	})
	group.Go(func() error {
		defer stop()
		defer close(blockMarks)
		return s.writeBlocks(under, blocks, blockMarks)
	})
	group.Go(func() (err error) {
		l.blocks, err = s.readable(under, blockMarks, "select coalesce((select log_offset from blocks where number = $1), -1)")
		return err
	})
	group.Go(func() (err error) {
		l.beats, err = s.readable(under, beatMarks, "select coalesce((select log_offset from heartbeats_latest where worker_address = $1), -1)")
		return err
	})
	return l, group.Wait()
}

// bare measures how long a transaction of one row takes, now and then.
func (s *system) bare(ctx context.Context) (took []time.Duration, err error) {
	if _, err := s.pool.Exec(ctx, "create table bench_bare (n bigint primary key)"); err != nil {
		return nil, err
	}
	ticker := time.NewTicker(blockTime)
	defer ticker.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return took, nil
		case <-ticker.C:
		}
		started := time.Now()
		if _, err := s.pool.Exec(context.WithoutCancel(ctx), "insert into bench_bare values ($1)", n); err != nil {
			return nil, err
		}
		took = append(took, time.Since(started))
	}
}

// readable asks for each row all the time, until it is there.
func (s *system) readable(ctx context.Context, marks <-chan mark, question string) (took []time.Duration, err error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	for m := range marks {
		for {
			var stored int64
			if err := conn.QueryRow(ctx, question, m.key).Scan(&stored); err != nil {
				return nil, err
			}
			if stored >= m.offset {
				break
			}
			time.Sleep(time.Millisecond)
		}
		took = append(took, time.Since(m.at))
	}
	return took[min(len(took), len(took)/20):], nil // without the first ones: plans are made, days too
}

// report appends heartbeats of all workers in turn until ctx ends, and tells of each.
func (s *system) report(ctx context.Context, tell func(part int32, m mark)) error {
	appender := s.events.NewAppender(schemas.TopicHeartbeats, schemas.TelemetryPartitions)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return appender.Run(ctx) })
	group.Go(func() error {
		load := 50.0
		ticker := time.NewTicker(beatTime)
		defer ticker.Stop()
		for n := uint64(0); ; n++ {
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
			}
			worker := schemas.Address(schemas.FeltFromUint64(1 + n%workers))
			data, err := json.Marshal(schemas.Heartbeat{Worker: worker, GPUUtilization: &load})
			if err != nil {
				return err
			}
			env := schemas.Envelope{ID: fmt.Sprint("beat/", n), Source: "bench", Type: schemas.TypeHeartbeat, Time: time.Now(), Data: data}
			rec, err := env.Record(schemas.TopicHeartbeats, []byte(worker.String()))
			if err != nil {
				return err
			}
			part, offset, err := appender.Append(ctx, rec)
			switch {
			case ctx.Err() != nil:
				return nil
			case err != nil:
				return err
			}
			tell(part, mark{worker.String(), offset, time.Now()})
		}
	})
	return group.Wait()
}

// writeBlocks appends blocks with events of many kinds.
func (s *system) writeBlocks(ctx context.Context, blocks int, marks chan<- mark) error {
	writer := s.events.NewWriter("tail/bench", schemas.TopicChain, 0)
	claim, err := record(schemas.Envelope{ID: "claim", Source: "bench", Type: schemas.TypeClaimed, Time: time.Now()}, schemas.Claimed{Writer: "bench"})
	if err != nil {
		return err
	}
	term, err := writer.Claim(ctx, claim)
	if err != nil {
		return err
	}
	ticker := time.NewTicker(blockTime)
	defer ticker.Stop()
	rnd := rand.New(rand.NewPCG(1, 2))
	for number := range uint64(blocks) {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		records, err := block(rnd, number, term)
		if err != nil {
			return err
		}
		base, err := writer.Append(ctx, records)
		if err != nil {
			return err
		}
		marks <- mark{int64(number), base + int64(len(records)) - 1, time.Now()}
	}
	return nil
}

func block(rnd *rand.Rand, number uint64, term int64) ([]schemas.Record, error) {
	hash, at := schemas.Hash(schemas.FeltFromUint64(number+1)), time.Now()
	events := 0
	if number > 0 { // the first block of a log is sealed alone
		events = perBlock
	}
	var records []schemas.Record
	for i := range events {
		contract, name, members := event(rnd)
		p := schemas.Position{Block: number, Tx: uint32(i)}
		rec, err := record(schemas.Envelope{
			ID: fmt.Sprintf("%d/%d", number, i), Source: "bench", Type: schemas.EventType(contract, name), Time: at, Term: term, Position: &p,
		}, schemas.ChainEvent{
			BlockHash: hash, TxHash: schemas.Hash(schemas.FeltFromUint64(number*perBlock + uint64(i))), ContractName: contract, Name: name,
			Data: json.RawMessage(members), Raw: schemas.RawEvent{Keys: []schemas.Felt{schemas.Selector(name)}, Data: []schemas.Felt{}},
		})
		if err != nil {
			return nil, err
		}
		records = append(records, rec)
	}
	p := schemas.SealPosition(number)
	seal, err := record(schemas.Envelope{
		ID: fmt.Sprint("seal/", number), Source: "bench", Type: schemas.TypeSealed, Time: at, Term: term, Position: &p,
	}, schemas.Sealed{Number: number, Hash: hash, Events: events, LastReorg: -1})
	return append(records, seal), err
}

func event(rnd *rand.Rand) (contract, name, members string) {
	job, worker, sum := rnd.IntN(100_000), fmt.Sprintf("0x%x", 1+rnd.IntN(workers)), rnd.IntN(1_000_000)
	switch rnd.IntN(5) {
	case 0:
		return "JobManager", "JobSubmitted", fmt.Sprintf(`{"job_id":"%d","client":"%s","payment":"%d"}`, job, worker, sum)
	case 1:
		return "JobManager", "JobCompleted", fmt.Sprintf(`{"job_id":"%d","worker":"%s"}`, job, worker)
	case 2:
		return "ProverStaking", "Staked", fmt.Sprintf(`{"worker":"%s","amount":"10","gpu_tier":"Consumer","total_stake":"%d"}`, worker, sum)
	case 3:
		return "PaymentRouter", "WorkerPaid", fmt.Sprintf(
			`{"job_id":"%d","worker":"%s","sage_amount":"%d","privacy_enabled":false,"timestamp":"1"}`, job, worker, sum)
	}
	return "ProofVerifier", "ProofVerified", fmt.Sprintf(`{"job_id":"%d","worker_id":"0x7","proof_hash":"0xabc","verification_time":"1"}`, job)
}

func record(env schemas.Envelope, value any) (rec schemas.Record, err error) {
	if env.Data, err = json.Marshal(value); err != nil {
		return rec, err
	}
	return env.Record(schemas.TopicChain, nil)
}
