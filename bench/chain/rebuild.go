package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
)

// rebuilding is a rebuild as the loop of the consumers sees it; it keeps how long each try to swap took.
type rebuilding struct {
	*pg.Rebuild
	tries *asked
}

func (r rebuilding) Claim(ctx context.Context) (consumers.ChainLease, error) {
	return r.Rebuild.Claim(ctx, "bench")
}

func (r rebuilding) Swap(ctx context.Context) (bool, error) {
	began := time.Now()
	swapped, err := r.Rebuild.Swap(ctx)
	*r.tries = append(*r.tries, time.Since(began))
	return swapped, err
}

// rebuild makes the read models anew while somebody reads them.
func rebuild(ctx context.Context, w io.Writer, pool *pgxpool.Pool, source log) error {
	q := pg.NewQuestions(pool)
	idle, err := reads(ctx, q, func(n int) bool { return n < 2_000 })
	if err != nil {
		return err
	}
	r, err := pg.StartRebuild(ctx, pool, set(), pg.ToReplace)
	if err != nil {
		return err
	}
	defer r.Close()
	var busy, tries asked
	var failed error
	var wait sync.WaitGroup
	over := make(chan struct{})
	wait.Go(func() {
		busy, failed = reads(ctx, q, func(int) bool {
			select {
			case <-over:
				return false
			default:
				return true
			}
		})
	})
	began := time.Now()
	err = consumers.Rebuild(ctx, source, rebuilding{r, &tries}, set(), consumers.NewMetrics(prometheus.NewRegistry()), quiet, func(consumers.RebuildProgress) {})
	took := time.Since(began)
	close(over)
	wait.Wait()
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "made anew in %s while %d reads were answered, none failed: p99 %s, idle %s, ratio %.2f, the longest %s; %d tries to swap, the longest %s\n",
		took.Round(time.Millisecond), len(busy), busy.quantile(0.99), idle.quantile(0.99), busy.quantile(0.99).Seconds()/idle.quantile(0.99).Seconds(),
		busy.quantile(1), len(tries), tries.quantile(1))
	if err == nil {
		err = r.Retire(ctx)
	}
	return err
}

// reads asks, a hundred times a second, as long as more says so.
func reads(ctx context.Context, q *pg.Questions, more func(n int) bool) (took asked, err error) {
	pace := time.NewTicker(10 * time.Millisecond)
	defer pace.Stop()
	for more(len(took)) && ctx.Err() == nil {
		<-pace.C
		began := time.Now()
		if err := jobsPage(ctx, q, projections.AsOf{}, projections.JobPending); err != nil {
			return took, err
		}
		took = append(took, time.Since(began))
	}
	return took, ctx.Err()
}

// profiled writes a CPU profile to a file until the answer is called.
func profiled(file string) (stop func() error, err error) {
	if file == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	return func() error { pprof.StopCPUProfile(); return f.Close() }, pprof.StartCPUProfile(f)
}
