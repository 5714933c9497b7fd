package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestTailersTakeOver runs three tailers as processes of their own. The one that writes is killed, or stopped and woken up when another has
// taken its place. Each time another continues within 5 s; in the end the log holds the chain, without a gap and without a double.
func TestTailersTakeOver(t *testing.T) {
	dir := t.TempDir()
	brokers := embeddedtest.Log(t)
	chainPort := freePort(t)
	environ := []string{
		"KAFKA_BROKERS=" + strings.Join(brokers, ","), "STARKNET_NETWORK=local",
		"STARKNET_RPC_URL=http://127.0.0.1:" + chainPort, "INDEXER_POLL_MS=100", fmt.Sprint("INDEXER_START_BLOCK=", e2eStart),
	}
	chain := startRole(t, nil, "simnet", "--data-dir", dir, "--bind", "127.0.0.1", "--port", chainPort, "--workers", fmt.Sprint(e2eWorkers),
		"--block-time", "200ms", "--seed", fmt.Sprint(e2eSeed), "--start-block", fmt.Sprint(e2eStart))
	tails := map[string]*program{}
	begin := func() {
		p := startRole(t, environ, "tail")
		tails[fmt.Sprint("/", p.cmd.Process.Pid)] = p
	}
	for range 3 {
		begin()
	}
	client, err := eventlog.Open(eventlog.Config{Brokers: brokers, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	w := &writers{t: t, client: client}
	writer := func() (name string, p *program) {
		t.Helper()
		for suffix, p := range tails {
			if strings.HasSuffix(w.name, suffix) {
				return suffix, p
			}
		}
		t.Fatalf("the writer is %q, which is none of the tailers", w.name)
		return "", nil
	}
	w.writes(time.Minute)

	for round := range 6 {
		name, p := writer()
		paused := round%2 == 1
		signal := syscall.SIGKILL
		if paused {
			signal = syscall.SIGSTOP
		}
		if err := p.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		took := w.another(name)
		t.Logf("after %s another one writes within %s", signal, took.Round(time.Millisecond))
		if took > 5*time.Second {
			t.Errorf("after %s another one writes after %s, want 5 s at most", signal, took)
		}
		if !paused {
			<-p.exited
			delete(tails, name)
			begin()
			continue
		}
		// It wakes up, still believing that it writes, is refused, and stands by.
		if err := p.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		w.writes(5 * time.Second)
		select {
		case err := <-p.exited:
			t.Fatalf("the tailer that woke up late has ended: %v\n%s", err, p.output)
		default:
		}
	}
	for _, p := range tails {
		p.stopRole()
	}
	chain.stopRole()
	ids := map[string]bool{}
	for i, rec := range wholePartition(t, client, schemas.TopicChain, 0) {
		if rec.Offset != int64(i) {
			t.Fatalf("offset %d is the log's record %d", rec.Offset, i)
		}
		env, err := schemas.ParseEnvelope(rec)
		if err != nil {
			t.Fatal(err)
		}
		if ids[env.ID] {
			t.Errorf("%s %s is in the log twice", env.Type, env.ID)
		}
		ids[env.ID] = true
	}
	checkChain(t, dir, standingFacts(t, client))
}

// writers follows the chain topic to tell who writes it.
type writers struct {
	t      *testing.T
	client *eventlog.Client
	next   int64
	name   string // of the last claim
}

// read reads on and tells whether there was a block.
func (w *writers) read() (sealed bool) {
	w.t.Helper()
	b, err := w.client.Fetch(w.t.Context(), schemas.TopicChain, 0, w.next)
	if err != nil {
		return false // the topic is not there yet
	}
	for _, rec := range b.Records {
		env, err := schemas.ParseEnvelope(rec)
		if err != nil {
			w.t.Fatal(err)
		}
		switch env.Type {
		case schemas.TypeClaimed:
			var claim schemas.Claimed
			if err := json.Unmarshal(env.Data, &claim); err != nil {
				w.t.Fatal(err)
			}
			w.name, sealed = claim.Writer, false
		case schemas.TypeSealed:
			sealed = true
		}
	}
	w.next += int64(len(b.Records))
	return sealed
}

// writes waits for a block.
func (w *writers) writes(within time.Duration) {
	w.t.Helper()
	for begun := time.Now(); !w.read() || w.name == ""; {
		if time.Since(begun) > within {
			w.t.Fatalf("no block within %s", within)
		}
	}
}

// another waits for a block of another one than the tailer that is given, and returns how long that took.
func (w *writers) another(name string) time.Duration {
	w.t.Helper()
	begun := time.Now()
	for !w.read() || strings.HasSuffix(w.name, name) {
		if time.Since(begun) > time.Minute {
			w.t.Fatal("nobody writes after a minute")
		}
	}
	return time.Since(begun)
}
