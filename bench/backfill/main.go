// Command backfill measures the chain tailer against the fastest that anybody could be on the same node: a bare loop that makes
// the same calls with the same concurrency and only decodes their JSON. Both read a simulated chain in this process; the tailer
// writes to an embedded log. It prints both rates and their ratio.
//
// The chain is served by a process of its own, so that its memory and its garbage are nobody else's.
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
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
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
	workers := flag.Int("workers", 20, "simulated workers: more of them make fuller blocks")
	runs := flag.Int("runs", 3, "how often both are measured")
	serve := flag.Bool("serve", false, "be the node")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if *serve {
		err = beNode(ctx, *events, *workers)
	} else {
		err = measure(ctx, os.Stdout, *events, *workers, *runs)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// chain is what the node tells of itself, as a line of JSON on its standard output.
type chain struct {
	URL    string
	Head   uint64
	Events int
}

// beNode makes a chain of so many events and serves it until ctx ends.
func beNode(ctx context.Context, events, workers int) error {
	network, err := simnet.New(simnet.Config{Seed: 7, Workers: workers, L1Depth: 1 << 30})
	if err != nil {
		return err
	}
	total := 0
	for total < events {
		if err := network.ProduceN(max(1, events/100)); err != nil {
			return err
		}
		total = len(network.Events())
	}
	server := httptest.NewServer(network.Handler())
	defer server.Close()
	head, _ := network.Head()
	if err := json.NewEncoder(os.Stdout).Encode(chain{server.URL, head.Number, total}); err != nil {
		return err
	}
	<-ctx.Done()
	return network.Close()
}

func measure(ctx context.Context, w io.Writer, events, workers, runs int) (err error) {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	node := exec.CommandContext(ctx, self, "-serve", "-events", strconv.Itoa(events), "-workers", strconv.Itoa(workers))
	node.Cancel, node.Stderr = func() error { return node.Process.Signal(syscall.SIGTERM) }, os.Stderr
	out, err := node.StdoutPipe()
	if err == nil {
		err = node.Start()
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, node.Process.Signal(syscall.SIGTERM), node.Wait()) }()
	var c chain
	if err := json.NewDecoder(out).Decode(&c); err != nil {
		return fmt.Errorf("the node does not tell where it is: %w", err)
	}
	if _, err := fmt.Fprintf(w, "chain: %d blocks, %d events\n", c.Head+1, c.Events); err != nil {
		return err
	}
	client, err := starknet.NewClient(c.URL, starknet.Options{})
	if err != nil {
		return err
	}
	defer client.Close()
	contracts, err := schemas.Contracts(schemas.Local)
	if err != nil {
		return err
	}
	for i := range runs {
		bare, calls, err := fetch(ctx, client, contracts, c.Head)
		if err != nil {
			return err
		}
		ours, peak, err := tail(ctx, client, contracts, c.Head)
		if err != nil {
			return err
		}
		rate := func(d time.Duration) float64 { return float64(c.Events) / d.Seconds() }
		if _, err := fmt.Fprintf(w, "run %d: bare loop %s (%.0f events/s, %d calls), tailer %s (%.0f events/s, heap at most %d MiB), ratio %.2f\n",
			i+1, bare.Round(time.Millisecond), rate(bare), calls, ours.Round(time.Millisecond), rate(ours), peak>>20, bare.Seconds()/ours.Seconds()); err != nil {
			return err
		}
	}
	return nil
}

// fetch is the bare loop.
func fetch(ctx context.Context, node *starknet.Client, contracts []schemas.Contract, head uint64) (time.Duration, int64, error) {
	started := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(inFlight)
	const span = 250
	var calls atomic.Int64
	for from := uint64(0); from <= head; from += span {
		group.Go(func() error {
			first, last := starknet.ByNumber(from), starknet.ByNumber(min(from+span-1, head))
			blocks := map[schemas.Hash]bool{}
			for _, contract := range contracts {
				f := starknet.Filter{From: first, To: last, Addresses: []schemas.Address{contract.Address}, Chunk: 1000}
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
	err := group.Wait()
	return time.Since(started), calls.Load(), err
}

// tail runs the tailer from an empty log to the chain's head.
func tail(ctx context.Context, node *starknet.Client, contracts []schemas.Contract, head uint64) (took time.Duration, peak uint64, err error) {
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
	tailer := chaintail.New(chaintail.Config{
		Network: schemas.Local, Contracts: slices.Clone(contracts), PollInterval: 20 * time.Millisecond, Ahead: inFlight, Writer: "bench", Build: "bench",
		Split: eventlog.Batches, Fenced: func(err error) bool { return errors.Is(err, eventlog.ErrFenced) }, Logger: quiet,
	}, []chaintail.Provider{{Name: "simnet", Node: node}}, client, client.NewWriter("tail/local", schemas.TopicChain, 0), chaintail.NewMetrics(prometheus.NewRegistry()))
	runtime.GC()
	ctx, stop := context.WithCancel(ctx)
	var wait sync.WaitGroup
	var failed error
	started := time.Now()
	wait.Go(func() { failed = tailer.Run(ctx); stop() })
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
