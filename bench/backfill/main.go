// Command backfill measures the chain tailer against the fastest that anybody could be on the same node: a bare loop that makes
// the same calls with the same concurrency and only decodes their JSON. Both read a simulated chain in this process; the tailer
// writes to an embedded log. It prints both rates and their ratio.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/internal/simnet"
	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/producers/chaintail"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

const inFlight = 4

func main() {
	events := flag.Int("events", 100_000, "events of the chain")
	workers := flag.Int("workers", 200, "simulated workers: more of them make fuller blocks")
	flag.Parse()
	if err := run(context.Background(), *events, *workers); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, events, workers int) error {
	network, err := simnet.New(simnet.Config{Seed: 7, Workers: workers, L1Depth: 1 << 30})
	if err != nil {
		return err
	}
	started := time.Now()
	total := 0
	for total < events {
		if err := network.ProduceN(1000); err != nil {
			return err
		}
		total = len(network.Events())
	}
	head, _ := network.Head()
	fmt.Printf("chain: %d blocks, %d events, made in %s\n", head.Number+1, total, time.Since(started).Round(time.Millisecond))
	server := httptest.NewServer(network.Handler())
	defer server.Close()
	for i := range 1 {
		bare, err := fetch(ctx, server.URL, network, head.Number)
		if err != nil {
			return err
		}
		ours, peak, err := tail(ctx, server.URL, network, head.Number)
		if err != nil {
			return err
		}
		fmt.Printf("run %d: bare loop %s (%.0f events/s), tailer %s (%.0f events/s), ratio %.2f, heap at most %d MiB\n", i+1,
			bare.Round(time.Millisecond), float64(total)/bare.Seconds(), ours.Round(time.Millisecond), float64(total)/ours.Seconds(),
			bare.Seconds()/ours.Seconds(), peak>>20)
	}
	return nil
}

// fetch is the bare loop.
func fetch(ctx context.Context, url string, network *simnet.Net, head uint64) (time.Duration, error) {
	node, err := starknet.NewClient(url, starknet.Options{})
	if err != nil {
		return 0, err
	}
	defer node.Close()
	contracts, err := schemas.Contracts(schemas.Local)
	if err != nil {
		return 0, err
	}
	started := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(inFlight)
	const span = 250
	var calls atomic.Int64
	for from := uint64(0); from <= head; from += span {
		group.Go(func() error {
			first, last := starknet.ByNumber(from), starknet.ByNumber(min(from+span-1, head))
			blocks := map[schemas.Hash]bool{}
			for _, c := range contracts {
				f := starknet.Filter{From: first, To: last, Addresses: []schemas.Address{c.Address}, Chunk: 1000}
				for {
					page, err := node.Events(ctx, f)
					calls.Add(1)
					if err != nil {
						return err
					}
					for _, e := range page.Events {
						blocks[*e.BlockHash] = true
					}
					if f.Token = page.Token; f.Token == "" {
						break
					}
				}
			}
			for b := range blocks {
				calls.Add(1)
				if _, _, err := node.Receipts(ctx, starknet.ByHash(b)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err = group.Wait()
	fmt.Println("calls", calls.Load())
	return time.Since(started), err
}

// tail runs the tailer from an empty log to the chain's head.
func tail(ctx context.Context, url string, network *simnet.Net, head uint64) (took time.Duration, peak uint64, err error) {
	dir, err := os.MkdirTemp("", "backfill")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	quiet := slog.New(slog.DiscardHandler)
	kafka, err := embedded.StartLog(ctx, embedded.LogConfig{Dir: dir, Logger: quiet})
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, kafka.Close()) }()
	client, err := eventlog.Open(eventlog.Config{Brokers: kafka.Brokers(), Logger: quiet, Registerer: prometheus.NewRegistry()})
	if err != nil {
		return 0, 0, err
	}
	defer client.Close()
	if err := client.EnsureTopics(ctx, schemas.Topics()); err != nil {
		return 0, 0, err
	}
	node, err := starknet.NewClient(url, starknet.Options{})
	if err != nil {
		return 0, 0, err
	}
	defer node.Close()
	contracts, err := schemas.Contracts(schemas.Local)
	if err != nil {
		return 0, 0, err
	}
	tailer := chaintail.New(chaintail.Config{
		Network: schemas.Local, Contracts: slices.Clone(contracts), PollInterval: 20 * time.Millisecond, Ahead: inFlight, Writer: "bench", Build: "bench",
		Split: eventlog.Batches, Fenced: func(err error) bool { return errors.Is(err, eventlog.ErrFenced) }, Logger: quiet,
	}, []chaintail.Provider{{Name: "simnet", Node: node}}, client, client.NewWriter("tail/local", schemas.TopicChain, 0), chaintail.NewMetrics(prometheus.NewRegistry()))
	runtime.GC()
	ctx, stop := context.WithCancel(ctx)
	var wait sync.WaitGroup
	var failed error
	prof, _ := os.Create("/tmp/bf.prof")
	_ = pprof.StartCPUProfile(prof)
	defer pprof.StopCPUProfile()
	started := time.Now()
	wait.Go(func() { failed = tailer.Run(ctx) })
	for tailer.Status().Sealed < head && ctx.Err() == nil {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
		time.Sleep(20 * time.Millisecond)
	}
	took = time.Since(started)
	stop()
	wait.Wait()
	return took, peak, failed
}
