package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/internal/simnet"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// asProgram makes this test binary run as the program itself, so that tests can kill it.
const asProgram = "SAGE_TEST_RUN_AS_PROGRAM"

func TestMain(m *testing.M) {
	if handled, code := embedded.PostgresChild(os.Args[1:]); handled { // a child of the program below, too
		os.Exit(code)
	}
	if os.Getenv(asProgram) != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := (&Main{Args: os.Args[1:], Environ: os.Environ(), Stdout: os.Stdout, Stderr: os.Stderr}).Run(ctx)
		stop()
		os.Exit(code)
	}
	embeddedtest.Main(m)
}

// program is a running sage-coordinator.
type program struct {
	t      *testing.T
	cmd    *exec.Cmd
	url    string
	output *bytes.Buffer
	exited chan error
}

const (
	e2eWorkers = 4
	e2eSeed    = 7
	e2eStart   = 1_000
)

// startDev starts `dev` on a data folder and waits until it is ready.
func startDev(t *testing.T, dir string) *program {
	t.Helper()
	port := freePort(t)
	p := startRole(t, nil, "dev", "--data-dir", dir, "--port", port, "--bind", "127.0.0.1", "--workers", strconv.Itoa(e2eWorkers),
		"--block-time", "200ms", "--seed", strconv.Itoa(e2eSeed), "--start-block", strconv.Itoa(e2eStart))
	p.url = "http://127.0.0.1:" + port
	p.wait("ready", 3*time.Minute, func() bool {
		var answer struct{ Ready bool }
		return p.get("/health/ready", &answer) == nil && answer.Ready
	})
	return p
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func (p *program) wait(what string, within time.Duration, ok func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(within); !ok(); {
		select {
		case err := <-p.exited:
			p.t.Fatalf("waiting until %s: the program ended: %v\n%s", what, err, p.output)
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("waiting until %s: not within %s\n%s", what, within, p.output)
		}
	}
}

func (p *program) get(path string, into any) error {
	res, err := http.Get(p.url + path)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, res.Status)
	}
	return json.NewDecoder(res.Body).Decode(into)
}

type stats struct {
	TotalWorkers  int64 `json:"total_workers"`
	ActiveWorkers int64 `json:"active_workers"`
	Jobs          int64 `json:"total_jobs_processed"`
	Block         int64 `json:"current_block"`
	Simulated     bool  `json:"simulated"`
}

func (p *program) stats() (s stats) {
	p.t.Helper()
	if err := p.get("/api/network/stats", &s); err != nil {
		p.t.Fatal(err)
	}
	return s
}

// beat sends a heartbeat and returns whether it was acknowledged.
func (p *program) beat(name string) error {
	doc := fmt.Sprintf(`{"worker_address":"0x00000000000000ab","worker_id":%q,"gpu_count":1}`, name)
	res, err := http.Post(p.url+"/api/worker/heartbeat", "application/json", strings.NewReader(doc))
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return errors.New(res.Status)
	}
	return nil
}

// frames collects the types of WebSocket frames until each wanted one has come.
func (p *program) frames(wanted ...string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, strings.Replace(p.url, "http", "ws", 1)+"/ws", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	if err := conn.Write(ctx, websocket.MessageText, []byte(`{"type":"ping"}`)); err != nil {
		p.t.Fatal(err)
	}
	missing := map[string]bool{"pong": true}
	for _, w := range wanted {
		missing[w] = true
	}
	for len(missing) > 0 {
		_, text, err := conn.Read(ctx)
		if err != nil {
			p.t.Fatalf("frames %v did not come: %v", missing, err)
		}
		var frame struct {
			Type string          `json:"type"`
			Data json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal(text, &frame); err != nil {
			p.t.Fatalf("frame %s: %v", text, err)
		}
		delete(missing, frame.Type)
	}
}

// TestKilledAndStartedAgain is the promise of the whole: real numbers through REST and WebSocket, and after kill -9 in full flow no
// acknowledged event is lost, none is applied twice, and the tailer goes on where it was.
func TestKilledAndStartedAgain(t *testing.T) {
	dir := t.TempDir()
	p := startDev(t, dir)
	p.wait("the workers work", time.Minute, func() bool {
		s := p.stats()
		return s.TotalWorkers == e2eWorkers && s.ActiveWorkers > 0 && s.Jobs > 0 && s.Block > e2eStart
	})
	if !p.stats().Simulated {
		t.Error("the simulated network does not say that it is")
	}
	p.frames("Heartbeat", "JobUpdate", "WorkerUpdate", "NetworkStats", "PreConfirmed")

	// Heartbeats until the very moment of the kill: those that were acknowledged must survive it.
	acknowledged := make(chan string, 100_000)
	sending, stop := context.WithCancel(t.Context())
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for i := 0; sending.Err() == nil; i++ {
			name := fmt.Sprint("probe-", i)
			if p.beat(name) != nil {
				return
			}
			acknowledged <- name
		}
	}()
	time.Sleep(2 * time.Second)
	before := p.stats()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.exited
	stop()
	<-sent
	close(acknowledged)

	p = startDev(t, dir)
	p.wait("the chain moves on", time.Minute, func() bool { return p.stats().Block > before.Block+5 })
	if after := p.stats(); after.Jobs < before.Jobs || after.TotalWorkers != before.TotalWorkers {
		t.Errorf("before the kill %+v, after it %+v", before, after)
	}
	stopped := time.Now()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := <-p.exited; err != nil {
		t.Errorf("Ctrl-C: %v", err)
	}
	if took := time.Since(stopped); took > 10*time.Second {
		t.Errorf("stopping took %s", took)
	}

	facts, beats := readLog(t, dir)
	checkChain(t, dir, facts)
	times := map[string]int{}
	for _, b := range beats {
		times[b.name]++
	}
	wanted := 0
	for name := range acknowledged {
		wanted++
		if times[name] != 1 {
			t.Errorf("heartbeat %s was acknowledged, and is in the log %d times", name, times[name])
		}
	}
	if wanted < 10 {
		t.Fatalf("only %d heartbeats were acknowledged before the kill", wanted)
	}
	checkTables(t, dir, facts, beats)
}

// beat is a heartbeat of the test's own in the log.
type beat struct {
	name   string
	part   int32
	offset int64
}

// readLog reads the whole log of a data folder: the standing chain facts, and the heartbeats that the test sent.
func readLog(t *testing.T, dir string) (facts []schemas.Fact, beats []beat) {
	t.Helper()
	log, err := embedded.StartLog(t.Context(), embedded.LogConfig{Dir: filepath.Join(dir, "log"), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	}()
	client, err := eventlog.Open(eventlog.Config{Brokers: log.Brokers(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	facts = standingFacts(t, client)
	checkFamilies(t, client, facts)
	checkPresence(t, client)
	for part := range int32(schemas.TelemetryPartitions) {
		for _, rec := range wholePartition(t, client, schemas.TopicHeartbeats, part) {
			env, err := schemas.ParseEnvelope(rec)
			if err != nil {
				t.Fatal(err)
			}
			if env.Type != schemas.TypeHeartbeat {
				continue
			}
			var h schemas.Heartbeat
			if err := json.Unmarshal(env.Data, &h); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(h.WorkerID, "probe-") {
				beats = append(beats, beat{h.WorkerID, part, rec.Offset})
			}
		}
	}
	return facts, beats
}

// checkFamilies compares the topics of the families with the chain's: each holds the events of its family from the first on, in
// order, once. The splitter may have been stopped before the last ones.
func checkFamilies(t *testing.T, client *eventlog.Client, facts []schemas.Fact) {
	t.Helper()
	all := 0
	for _, family := range schemas.Families() {
		var want, got []string
		for _, f := range facts {
			if schemas.FamilyOf(f) == family {
				want = append(want, f.ID)
			}
		}
		for _, rec := range wholePartition(t, client, schemas.FamilyTopic(family), 0) {
			env, err := schemas.ParseEnvelope(rec)
			if err != nil {
				t.Fatal(err)
			}
			if env.Type != schemas.TypeSplitClaimed {
				got = append(got, env.ID)
			}
		}
		if len(got) > len(want) || !slices.Equal(got, want[:len(got)]) {
			t.Errorf("topic of family %s holds %d events, which are not the first of the chain's %d", family, len(got), len(want))
		}
		all += len(got)
	}
	if all < len(facts)/2 {
		t.Errorf("the topics of the families hold only %d of %d events", all, len(facts))
	}
}

// checkPresence sees that workers that sent heartbeats went online, once. A fact may stand there twice, with the same id, as the process
// was killed.
func checkPresence(t *testing.T, client *eventlog.Client) {
	t.Helper()
	online := map[schemas.Address]map[string]bool{}
	for part := range int32(schemas.TelemetryPartitions) {
		for _, rec := range wholePartition(t, client, schemas.TopicPresence, part) {
			env, err := schemas.ParseEnvelope(rec)
			if err != nil {
				t.Fatal(err)
			}
			var f schemas.WorkerOnline
			if err := json.Unmarshal(env.Data, &f); err != nil {
				t.Fatal(err)
			}
			if env.Type != schemas.TypeWorkerOnline || string(rec.Key) != f.Worker.String() {
				t.Errorf("presence %s is %s of %s, and nobody was silent for long", env.ID, env.Type, rec.Key)
			}
			if online[f.Worker] == nil {
				online[f.Worker] = map[string]bool{}
			}
			online[f.Worker][env.ID] = true
		}
	}
	// The process may have been stopped before it saw the first heartbeats of a worker that came late; the test's own came early.
	if probe := (schemas.Address{31: 0xab}); len(online[probe]) == 0 || len(online) < 2 {
		t.Errorf("%d workers went online, want some simulated ones and the test's own", len(online))
	}
	for worker, ids := range online {
		if len(ids) != 1 {
			t.Errorf("worker %s went online %d times", worker, len(ids))
		}
	}
}

// standingFacts reads the chain topic: its facts in order, with no reorganisation among them.
func standingFacts(t *testing.T, client *eventlog.Client) (facts []schemas.Fact) {
	t.Helper()
	reader := schemas.NewChainReader(schemas.StartOfChain())
	next := uint64(e2eStart)
	for _, rec := range wholePartition(t, client, schemas.TopicChain, 0) {
		steps, err := reader.Read(rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			if s.Final != nil {
				continue
			}
			if s.Reorg != nil {
				t.Errorf("a reorganisation at offset %d, and nothing was reorganised", rec.Offset)
				continue
			}
			if s.Block.Sealed {
				if s.Block.Number < next {
					t.Errorf("block %d is sealed after block %d", s.Block.Number, next-1)
				}
				next = s.Block.Number + 1
			}
			facts = append(facts, s.Block.Facts...)
		}
	}
	return facts
}

func wholePartition(t *testing.T, c *eventlog.Client, topic string, part int32) (all []schemas.Record) {
	t.Helper()
	_, end, err := c.Bounds(t.Context(), topic, part)
	if err != nil {
		t.Fatal(err)
	}
	for int64(len(all)) < end {
		b, err := c.Fetch(t.Context(), topic, part, int64(len(all)))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b.Records...)
	}
	return all
}

// eventsOf leaves out what was observed, of which there must be something.
func eventsOf(t *testing.T, facts []schemas.Fact) []schemas.Fact {
	t.Helper()
	events := slices.DeleteFunc(slices.Clone(facts), schemas.Fact.Observed)
	if len(events) == len(facts) {
		t.Error("nothing was observed")
	}
	return events
}

// checkChain compares the events of the log with the simulated chain itself, up to the last block that the log has.
func checkChain(t *testing.T, dir string, facts []schemas.Fact) {
	t.Helper()
	facts = eventsOf(t, facts)
	chain, err := simnet.New(simnet.Config{Seed: e2eSeed, Workers: e2eWorkers, FirstBlock: e2eStart, Dir: filepath.Join(dir, "simnet")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := chain.Close(); err != nil {
			t.Error(err)
		}
	}()
	events := chain.Events()
	if len(facts) < 50 || len(events) < len(facts) {
		t.Fatalf("the log holds %d events, the chain %d", len(facts), len(events))
	}
	for i, f := range facts {
		e := events[i]
		if f.TxHash != e.TxHash || f.BlockHash != e.BlockHash || f.Type != e.Type || f.Position != e.Position {
			t.Fatalf("event %d of the log is %s at %s, of the chain %s at %s", i, f.Type, f.Position, e.Type, e.Position)
		}
	}
	last := facts[len(facts)-1].Position.Block
	if len(events) > len(facts) && events[len(facts)].Position.Block <= last {
		t.Errorf("the log misses events of block %d", last)
	}
}

// checkTables compares the read models with the log: every fact and heartbeat below the stored offsets has its row, once, and
// nothing else has one.
func checkTables(t *testing.T, dir string, facts []schemas.Fact, beats []beat) {
	t.Helper()
	facts = eventsOf(t, facts)
	server, err := embedded.StartPostgres(t.Context(), embedded.PostgresConfig{Dir: filepath.Join(dir, "postgres"), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	}()
	pool, err := pg.Open(t.Context(), server.URL(), 2)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	stored := map[string]int64{}
	for _, line := range column(t, pool, "select topic || '/' || part || '=' || next_offset from readers") {
		place, offset, _ := strings.Cut(line, "=")
		if stored[place], err = strconv.ParseInt(offset, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	var want []string
	for _, f := range facts {
		if f.Offset < stored[schemas.TopicChain+"/0"] {
			want = append(want, f.ID)
		}
	}
	if len(want) < len(facts)/2 {
		t.Errorf("only %d of %d events were stored", len(want), len(facts))
	}
	got := column(t, pool, "select event_id from blockchain_events order by block_number, tx_index, event_index")
	if !slices.Equal(got, want) {
		t.Errorf("%d rows of events, want %d, or in another order", len(got), len(want))
	}
	want = nil
	for _, b := range beats {
		if b.offset < stored[fmt.Sprintf("%s/%d", schemas.TopicHeartbeats, b.part)] {
			want = append(want, b.name)
		}
	}
	got = column(t, pool, "select worker_id from heartbeats where worker_id like 'probe-%' order by part, log_offset")
	if !slices.Equal(got, want) {
		t.Errorf("%d rows of heartbeats, want %d, or in another order", len(got), len(want))
	}
}

func column(t *testing.T, pool *pgxpool.Pool, query string) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}
