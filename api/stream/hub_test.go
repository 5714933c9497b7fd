package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// fakeLog is a log in memory that fails once in a while.
type fakeLog struct {
	mu      sync.Mutex
	records map[string][]schemas.Record
	grown   chan struct{}
	failing int
	looked  bool
}

func (l *fakeLog) add(topic string, records ...schemas.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range records {
		r.Offset = int64(len(l.records[topic]))
		l.records[topic] = append(l.records[topic], r)
	}
	close(l.grown)
	l.grown = make(chan struct{})
}

func (l *fakeLog) Fetch(ctx context.Context, topic string, part int32, offset int64) ([]schemas.Record, int64, error) {
	if topic == schemas.TopicHeartbeats && part != 3 {
		<-ctx.Done()
		return nil, 0, ctx.Err()
	}
	for {
		l.mu.Lock()
		all, grown := l.records[topic], l.grown
		if l.failing > 0 && topic != schemas.TopicPreConfirmed {
			l.failing--
			l.mu.Unlock()
			return nil, 0, errors.New("the log fails")
		}
		l.mu.Unlock()
		if offset < int64(len(all)) {
			return all[offset:], int64(len(all)), nil
		}
		select {
		case <-ctx.Done():
			return nil, offset, ctx.Err()
		case <-grown:
		}
	}
}

// Bounds tells where the log ends. The first look finds it empty, however late it comes.
func (l *fakeLog) Bounds(_ context.Context, topic string, part int32) (first, next int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if part != 3 || !l.looked {
		l.looked = l.looked || part == 3
		return 0, 0, nil
	}
	return 0, int64(len(l.records[topic])), nil
}

func logged(t *testing.T, typ string, position *schemas.Position, value any) schemas.Record {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := schemas.Envelope{ID: typ, Source: "test", Type: typ, Time: time.Unix(5, 0), Position: position, Data: data}.Record("x", nil)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// start runs a hub over an empty log and returns the address of its server.
func start(t *testing.T, maxClients int) (*fakeLog, string) {
	t.Helper()
	log := &fakeLog{records: map[string][]schemas.Record{}, grown: make(chan struct{})}
	hub := New(Config{
		Log: log, Start: func(context.Context) (schemas.ChainState, error) { return schemas.StartOfChain(), nil },
		Stats: func(context.Context) (any, error) { return map[string]int{"total_workers": 3}, nil }, MaxClients: maxClients,
		Logger: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry(),
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- hub.Run(ctx) }()
	server := httptest.NewServer(hub)
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		server.Close()
	})
	return log, "ws" + strings.TrimPrefix(server.URL, "http")
}

func dial(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	if got := read(t, conn); got != "Heartbeat" {
		t.Fatalf("the first frame is %s", got)
	}
	return conn
}

// read returns the type of the next frame but the network's numbers, which come when they come.
func read(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	for {
		if kind := readAny(t, conn); kind != "NetworkStats" {
			return kind
		}
	}
}

func readAny(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, text, err := conn.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var f struct{ Type string }
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	return f.Type
}

func TestFactsReachThoseWhoWantThem(t *testing.T) {
	log, url := start(t, 0)
	all, jobs := dial(t, url+"/ws"), dial(t, url+"/ws/jobs?address=0xa")
	claim := logged(t, schemas.TypeClaimed, nil, schemas.Claimed{})
	submitted := logged(t, "bitsage.jobs.JobManager.JobSubmitted", &schemas.Position{Block: 1}, schemas.ChainEvent{
		Name: "JobSubmitted", Data: json.RawMessage(`{"job_id":"1","client":"0xa","payment":"1"}`),
	})
	sealAt := schemas.SealPosition(1)
	seal := logged(t, schemas.TypeSealed, &sealAt, schemas.Sealed{Number: 1, Events: 1, LastReorg: -1})
	log.add(schemas.TopicChain, claim, submitted)
	log.add(schemas.TopicHeartbeats, logged(t, schemas.TypeHeartbeat, nil, schemas.Heartbeat{Worker: ann}))
	// The job's block is not whole yet, so the worker's report comes first.
	if got := read(t, all); got != "WorkerUpdate" {
		t.Errorf("%s came before its block was whole", got)
	}
	log.mu.Lock()
	log.failing = 1
	log.mu.Unlock()
	log.add(schemas.TopicChain, seal)
	if got := read(t, all); got != "JobUpdate" {
		t.Errorf("everybody got %s", got)
	}
	if got := read(t, jobs); got != "JobUpdate" {
		t.Errorf("who listens to jobs got %s", got)
	}
	log.add(schemas.TopicChain, logged(t, schemas.TypeReorged, nil, schemas.Reorged{Common: schemas.BlockRef{Number: 1}}))
	if got := read(t, jobs); got != "Reorged" {
		t.Errorf("after a reorganisation came %s", got)
	}
	if got := read(t, all); got != "Reorged" {
		t.Errorf("after a reorganisation came %s", got)
	}
}

// TestPreConfirmed: the block in the making goes to those who listen to all, marked as what it is, and only the newest is kept.
func TestPreConfirmed(t *testing.T) {
	log, url := start(t, 0)
	all, jobs := dial(t, url+"/ws"), dial(t, url+"/ws/jobs")
	log.add(schemas.TopicPreConfirmed, logged(t, schemas.TypePreConfirmed, nil, schemas.PreConfirmed{
		Number: 9, Transactions: 3, Events: []schemas.PreConfirmedEvent{
			{Tx: 1, ContractName: "JobManager", Name: "JobCompleted", Data: json.RawMessage(`{"job_id":"1"}`)},
			{Tx: 2, ContractName: "JobManager", Reason: schemas.ReasonUnknownSelector},
		},
	}))
	got := readData(t, all, "PreConfirmed")
	events, _ := got["events"].([]any)
	if got["pre_confirmed"] != true || got["block_number"] != 9.0 || got["transactions"] != 3.0 || len(events) != 1 {
		t.Errorf("the frame is %v", got)
	}
	log.add(schemas.TopicHeartbeats, logged(t, schemas.TypeHeartbeat, nil, schemas.Heartbeat{Worker: ann}))
	if got := read(t, all); got != "WorkerUpdate" {
		t.Errorf("then came %s", got)
	}
	log.add(schemas.TopicChain, logged(t, schemas.TypeClaimed, nil, schemas.Claimed{}),
		logged(t, "bitsage.jobs.JobManager.JobSubmitted", &schemas.Position{Block: 1}, schemas.ChainEvent{
			Name: "JobSubmitted", Data: json.RawMessage(`{"job_id":"7","client":"0xa","payment":"1"}`),
		}),
		logged(t, schemas.TypeSealed, new(schemas.SealPosition(1)), schemas.Sealed{Number: 1, Events: 1, LastReorg: -1}))
	if got := read(t, jobs); got != "JobUpdate" {
		t.Errorf("who listens to jobs got %s", got)
	}
}

// TestOnlyTheNewestPreConfirmedBlockIsKept: they are large, and each voids the one before.
func TestOnlyTheNewestPreConfirmedBlockIsKept(t *testing.T) {
	r := newRing(8)
	for i := range 30 {
		if r.add(frame{kind: kindPreConfirmed, text: []byte{byte(i)}}); i%3 == 0 {
			r.add(frame{kind: "JobUpdate", text: []byte("job")})
		}
		kept := 0
		for _, f := range r.frames {
			if f.kind == kindPreConfirmed {
				if kept++; f.text[0] != byte(i) {
					t.Errorf("after %d: %d is kept", i, f.text[0])
				}
			}
		}
		if kept != 1 {
			t.Errorf("after %d: %d are kept", i, kept)
		}
	}
}

func TestWhoComesGetsTheNumbersAtOnce(t *testing.T) {
	_, url := start(t, 0)
	conn, began := dial(t, url+"/ws/workers"), time.Now()
	if got := readAny(t, conn); got != "NetworkStats" || time.Since(began) >= statsInterval {
		t.Errorf("%s after %s", got, time.Since(began))
	}
	if got := readAny(t, conn); got != "NetworkStats" {
		t.Errorf("and then %s", got)
	}
}

// TestAFailingLogNeitherSkipsNorRepeats lets the log fail between, and while, records come.
func TestAFailingLogNeitherSkipsNorRepeats(t *testing.T) {
	log, url := start(t, 0)
	jobs, workers := dial(t, url+"/ws/jobs"), dial(t, url+"/ws/workers?address="+ann.String())
	log.add(schemas.TopicChain, logged(t, schemas.TypeClaimed, nil, schemas.Claimed{}))
	for block := uint64(1); block <= 3; block++ {
		sealAt := schemas.SealPosition(block)
		log.mu.Lock()
		log.failing = 2
		log.mu.Unlock()
		log.add(schemas.TopicHeartbeats, logged(t, schemas.TypeHeartbeat, nil, schemas.Heartbeat{Worker: ann, JobsInProgress: new(uint32(block))}))
		log.add(schemas.TopicChain,
			logged(t, "bitsage.jobs.JobManager.JobSubmitted", &schemas.Position{Block: block}, schemas.ChainEvent{
				Name: "JobSubmitted", Data: json.RawMessage(fmt.Sprintf(`{"job_id":"%d","client":"0xa","payment":"1"}`, block)),
			}),
			logged(t, schemas.TypeSealed, &sealAt, schemas.Sealed{Number: block, Events: 1, LastReorg: -1}))
		if got := readData(t, jobs, "JobUpdate"); got["job_id"] != fmt.Sprint(block) {
			t.Errorf("block %d: the job is %v", block, got["job_id"])
		}
		if got := readData(t, workers, "WorkerUpdate"); got["jobs_active"] != float64(block) {
			t.Errorf("block %d: the worker has %v jobs", block, got["jobs_active"])
		}
	}
}

// readData returns the data of the next frame of a type; the network's numbers come between.
func readData(t *testing.T, conn *websocket.Conn, kind string) map[string]any {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		_, text, err := conn.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var f struct {
			Type string
			Data map[string]any
		}
		if err := json.Unmarshal(text, &f); err != nil {
			t.Fatal(err)
		}
		switch f.Type {
		case kind:
			return f.Data
		case "NetworkStats", "Heartbeat":
		default:
			t.Fatalf("%s where %s was due", f.Type, kind)
		}
	}
}

func TestPingsAreAnswered(t *testing.T) {
	_, url := start(t, 0)
	conn := dial(t, url+"/ws/staking")
	for _, c := range []struct{ say, answer string }{{`{"type":"ping"}`, "pong"}, {`nonsense`, ""}, {`{"action":"subscribe","channel":"job:1"}`, ""}, {`{"action":"ping"}`, "Heartbeat"}} {
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(c.say)); err != nil {
			t.Fatal(err)
		}
		if c.answer == "" {
			continue
		}
		if got := read(t, conn); got != c.answer {
			t.Errorf("%s is answered by %s", c.say, got)
		}
	}
}

func TestRefusals(t *testing.T) {
	_, url := start(t, 1)
	plain := "http" + strings.TrimPrefix(url, "ws")
	res, err := http.Get(plain + "/ws/trading?pair_id=x")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("a malformed filter: %s", res.Status)
	}
	dial(t, url+"/ws")
	res, err = http.Get(plain + "/ws")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Errorf("one client too many: %s", res.Status)
	}
}

func TestASlowClientIsToldAndNotSkipped(t *testing.T) {
	hub := &Hub{config: Config{MaxClients: 10, Logger: slog.New(slog.DiscardHandler)}, ring: newRing(8), ended: make(chan struct{})}
	server := httptest.NewServer(hub)
	defer server.Close()
	conn := dial(t, "ws"+strings.TrimPrefix(server.URL, "http")+"/ws")
	// More than the ring holds at once, as when a client sleeps through it.
	many := make([]frame, 20)
	for i := range many {
		many[i] = newFrame("JobUpdate", i)
	}
	hub.ring.add(many...)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			if got := websocket.CloseStatus(err); got != closeSlow {
				t.Errorf("closed with %d (%v), want %d", got, err, closeSlow)
			}
			return
		}
	}
}

func TestStoppingTellsTheClients(t *testing.T) {
	hub := &Hub{config: Config{MaxClients: 10, Logger: slog.New(slog.DiscardHandler)}, ring: newRing(8), ended: make(chan struct{})}
	server := httptest.NewServer(hub)
	defer server.Close()
	conn := dial(t, "ws"+strings.TrimPrefix(server.URL, "http")+"/ws")
	close(hub.ended)
	_, _, err := conn.Read(t.Context())
	if got := websocket.CloseStatus(err); got != websocket.StatusServiceRestart {
		t.Errorf("closed with %d (%v)", got, err)
	}
}
