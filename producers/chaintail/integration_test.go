package chaintail_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/internal/simnet"
	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/producers/chaintail"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

const firstBlock = 500

// stand is a simulated network behind a gateway that fails now and then, and a log.
type stand struct {
	t       *testing.T
	network *simnet.Net
	url     string
	log     *eventlog.Client
}

func newStand(t *testing.T) *stand {
	t.Helper()
	network, err := simnet.New(simnet.Config{Seed: 11, Workers: 6, FirstBlock: firstBlock, L1Depth: 1000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := network.Close(); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(flaky(network.Handler()))
	t.Cleanup(server.Close)
	log, err := eventlog.Open(eventlog.Config{Brokers: embeddedtest.Log(t), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(log.Close)
	if err := log.EnsureTopics(t.Context(), schemas.Topics()); err != nil {
		t.Fatal(err)
	}
	return &stand{t, network, server.URL, log}
}

// flaky refuses a few calls, and cuts the answers of others.
func flaky(next http.Handler) http.Handler {
	var mu sync.Mutex
	rnd := rand.New(rand.NewPCG(3, 4))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		n := rnd.IntN(150)
		mu.Unlock()
		switch n {
		case 0:
			w.WriteHeader(http.StatusTooManyRequests)
		case 1:
			http.Error(w, "<html>bad gateway</html>", http.StatusBadGateway)
		case 2:
			_, _ = w.Write([]byte(`{"jsonrpc":"2.0","id":1,"result":{"events":[`))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// running is a tailer at work.
type running struct {
	*chaintail.Tailer
	stop context.CancelFunc
	done chan error
}

// run starts a tailer.
func (s *stand) run() *running {
	s.t.Helper()
	contracts, err := schemas.Contracts(schemas.Local)
	if err != nil {
		s.t.Fatal(err)
	}
	node, err := starknet.NewClient(s.url, starknet.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(node.Close)
	r := &running{done: make(chan error, 1)}
	r.Tailer = chaintail.New(chaintail.Config{
		Network: schemas.Local, Contracts: contracts, StartBlock: new(uint64(firstBlock)), PollInterval: 20 * time.Millisecond, Writer: "test", Build: "test",
		Split: eventlog.Batches, Fenced: func(err error) bool { return errors.Is(err, eventlog.ErrFenced) }, Logger: slog.New(slog.DiscardHandler),
	}, []chaintail.Provider{{Name: "simnet", Node: node}}, s.log, s.log.NewWriter("tail/local", schemas.TopicChain, 0), chaintail.NewMetrics(prometheus.NewRegistry()))
	ctx, stop := context.WithCancel(s.t.Context())
	r.stop = stop
	go func() { r.done <- r.Run(ctx) }()
	s.t.Cleanup(stop)
	return r
}

// ended waits for a tailer's end.
func (r *running) ended() error {
	select {
	case err := <-r.done:
		return err
	case <-time.After(5 * time.Second):
		return errors.New("the tailer does not end")
	}
}

// caughtUp waits until the log holds the chain, and compares all of it.
func (s *stand) caughtUp(what string) {
	s.t.Helper()
	head, _ := s.network.Head()
	deadline := time.Now().Add(30 * time.Second)
	for {
		facts, sealed := s.read()
		if sealed == head {
			s.compare(what, facts)
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%s: the log stands at %d %s, the chain at %d %s", what, sealed.Number, sealed.Hash, head.Number, head.Hash)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// read reads the whole log as every reader does.
func (s *stand) read() (standing []schemas.Fact, sealed schemas.BlockRef) {
	s.t.Helper()
	reader := schemas.NewChainReader(schemas.StartOfChain())
	ids := map[string]bool{}
	patience := time.Now().Add(10 * time.Second) // as every reader has: a partition's leader may have moved
	for next, end := int64(0), int64(1); next < end; {
		batch, err := s.log.Fetch(s.t.Context(), schemas.TopicChain, 0, next)
		if err != nil && time.Now().Before(patience) {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		if err != nil {
			s.t.Fatal(err)
		}
		for _, rec := range batch.Records {
			steps, err := reader.Read(rec)
			if err != nil {
				s.t.Fatal(err)
			}
			for _, step := range steps {
				if step.Reorg != nil {
					standing = slices.DeleteFunc(standing, func(f schemas.Fact) bool { return f.Position.Block > step.Reorg.Common.Number })
					continue
				}
				for _, f := range step.Block.Facts {
					if ids[f.ID] {
						s.t.Fatalf("two events have the id %s", f.ID)
					}
					ids[f.ID] = true
				}
				standing = append(standing, step.Block.Facts...)
			}
		}
		next, end = next+int64(len(batch.Records)), batch.End
	}
	return standing, reader.State().Sealed
}

func (s *stand) compare(what string, got []schemas.Fact) {
	s.t.Helper()
	want := s.network.Events()
	jobs := map[uint64]int{} // observed and not submitted, by block
	got = slices.DeleteFunc(got, func(f schemas.Fact) bool {
		if details, ok := f.Event.(schemas.JobDetails); ok && details.JobType != "" {
			jobs[f.Position.Block]++
		}
		return f.Observed()
	})
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) {
			s.t.Fatalf("%s: the log holds %d events, the chain %d", what, len(got), len(want))
		}
		g, w := got[i], want[i]
		if g.Position != w.Position || g.BlockHash != w.BlockHash || g.TxHash != w.TxHash || g.Type != w.Type || text(s.t, g.Event) != text(s.t, w.Value) {
			s.t.Fatalf("%s: event %d is %s %s %s\nwant %s %s %s (%s)", what, i, g.Position, g.Type, text(s.t, g.Event), w.Position, w.Type, text(s.t, w.Value), g.Detail)
		}
	}
	for _, f := range got {
		if _, ok := f.Event.(schemas.JobManagerJobSubmitted); ok {
			jobs[f.Position.Block]--
		}
	}
	for block, left := range jobs {
		if left != 0 {
			s.t.Errorf("%s: block %d has %d more observed jobs than submitted ones", what, block, left)
		}
	}
	if len(got) == 0 {
		s.t.Fatalf("%s: nothing happened", what)
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	doc, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}

// TestSimulatedNetwork: the log equals the chain after a backfill, at the head, after reorganisations of every kind, after a
// restart and after a takeover.
func TestSimulatedNetwork(t *testing.T) {
	s := newStand(t)
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(s.network.ProduceN(150))
	first := s.run()
	s.caughtUp("backfill")
	if status := first.Status(); !status.Begun || status.LagBlocks() > 0 {
		t.Errorf("status %+v", status)
	}
	for range 10 {
		do(s.network.Produce())
	}
	s.caughtUp("head")
	do(s.network.Reorg(3))
	do(s.network.Produce())
	s.caughtUp("reorganisation")
	do(s.network.Restore()) // a branch that is shorter than the log would be taken for a node that lags
	do(s.network.ProduceN(4))
	s.caughtUp("back to the first branch")
	do(s.network.Rollback(6))
	do(s.network.ProduceN(8))
	s.caughtUp("blocks taken back")
	do(s.network.Reorg(60))
	do(s.network.Produce())
	s.caughtUp("reorganisation into the backfill")

	first.stop()
	do(first.ended())
	do(s.network.ProduceN(5))
	do(s.network.Reorg(12))
	do(s.network.Produce())
	second := s.run()
	s.caughtUp("reorganisation while nobody looked")

	third := s.run()
	do(s.network.ProduceN(3))
	s.caughtUp("takeover")
	for second.Status().Err == nil || third.Status().Err != nil { // both look on: whoever claimed last has the log
		do(s.network.Produce())
		s.caughtUp("with a rival")
	}
	if err := second.ended(); !errors.Is(err, chaintail.ErrTakenOver) {
		t.Errorf("got error %v, want ErrTakenOver", err)
	}
	do(s.network.Produce())
	s.caughtUp("after the rival")
	third.stop()
	do(third.ended())
}
