package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// models is a small network in memory, or a database that does not answer.
type models struct {
	ReadModels // what these tests do not ask
	down       error
}

var (
	at      = projections.Freshness{Known: true, Block: 120, Hash: "0xabc", Time: time.Unix(1_764_000_000, 0), Next: 987, Finality: schemas.AcceptedOnL2}
	someone = schemas.Address{1: 0x3b, 31: 0x8f}
)

func known() projections.WorkerView {
	return projections.WorkerView{
		Address: someone, WorkerID: new("0x7"), RegisteredAt: new(time.Unix(1_763_000_000, 0)), Staked: schemas.Sage(5_000), Tier: new("DataCenter"),
		StakeActive: true, JobsCompleted: 412, JobsInProgress: 1, Earnings: schemas.Sage(12), Reputation: new(int64(872)),
		LastHeartbeat: new(time.Unix(1_763_999_980, 0)), HeartbeatAge: new(20.0), GPUCount: new(int64(2)), GPUUtilization: new(43.75),
	}
}

func (m models) NetworkStats(_ context.Context, as projections.AsOf) (projections.NetworkStats, projections.Freshness, error) {
	return projections.NetworkStats{
		Workers: 4, ActiveWorkers: activeWorkers(as), Staked: schemas.Sage(20_000), ByTier: map[string]int64{"datacenter": 4},
		JobsByStatus: map[string]int64{"completed": 6, "assigned": 2, "pending": 1, "cancelled": 1}, JobsLastDay: 9, CompletedLastDay: 5,
		AvgSeconds: new(42.5), ComputeHours: 0.5, Proofs: 6,
	}, at, m.fault(as)
}

func activeWorkers(as projections.AsOf) *int64 {
	if as.Past() {
		return nil
	}
	return new(int64(3))
}

func (m models) Workers(_ context.Context, as projections.AsOf, _ projections.WorkerFilter, p projections.Page) (projections.Listed[projections.WorkerView], projections.Freshness, error) {
	return projections.Listed[projections.WorkerView]{Rows: []projections.WorkerView{known(), {Address: schemas.Address{31: 9}}}[:min(2, p.Limit)], Total: 2}, at, m.fault(as)
}

func (m models) Rewards(_ context.Context, as projections.AsOf, _ schemas.Address) (projections.RewardsView, projections.Freshness, error) {
	return projections.RewardsView{HasRewards: true, Claimable: new(schemas.Sage(2))}, at, m.fault(as)
}

func (m models) Worker(_ context.Context, as projections.AsOf, a schemas.Address) (projections.WorkerStatus, bool, projections.Freshness, error) {
	if a != someone {
		return projections.WorkerStatus{}, false, at, m.fault(as)
	}
	return projections.WorkerStatus{WorkerView: known(), UptimePercent: new(99.3)}, true, at, m.fault(as)
}

func (m models) Digest(_ context.Context, as projections.AsOf) (projections.StateDigest, projections.Freshness, error) {
	d := projections.StateDigest{Block: 120, ChangedAt: 118, Digest: projections.Digest{1, 2, 3}, Versions: projections.Versions{"jobs": 0}}
	if as.Block != nil {
		d.Block = *as.Block
	}
	return d, at, m.fault(as)
}

func (m models) Anomalies(_ context.Context, as projections.AsOf, _ int) ([]projections.Anomaly, int64, projections.Freshness, error) {
	return []projections.Anomaly{{BlockNumber: 119, Offset: 900, EventID: "id", Model: "jobs", Key: "7", Reason: "a job is paid that was paid before"}}, 3, at, m.fault(as)
}

func (m models) Watermarks(context.Context) (projections.Watermarks, error) {
	return projections.Watermarks{Chain: "1", Telemetry: "1"}, m.down
}

// fault is what a question about a moment ends with.
func (m models) fault(as projections.AsOf) error {
	switch {
	case as.Block != nil && *as.Block > 120:
		return &projections.NotIndexed{Asked: fmt.Sprintf("block %d", *as.Block), First: 1, Newest: 120}
	case as.Time != nil && as.Time.Before(time.Unix(1_700_000_000, 0)):
		return &projections.NotIndexed{Asked: as.Time.String(), First: 1, Newest: 120}
	}
	return m.down
}

func (m models) Jobs(_ context.Context, as projections.AsOf, f projections.JobFilter, p projections.Page) (projections.Listed[projections.JobView], projections.Freshness, error) {
	if f.Status == "failed" {
		return projections.Listed[projections.JobView]{}, at, m.fault(as)
	}
	return projections.Listed[projections.JobView]{Rows: []projections.JobView{{
		ID: schemas.AmountFromUint64(1042), Status: "completed", Client: new(someone.String()), Worker: new(someone.String()), Payment: new(schemas.Sage(3)),
		SubmittedAt: new(time.Unix(1_763_996_300, 0)), AssignedAt: new(time.Unix(1_763_996_302, 0)), CompletedAt: new(time.Unix(1_763_996_400, 0)), Block: 118,
	}, {ID: schemas.AmountFromUint64(7), Status: "unknown"}}[:min(2, p.Limit)], Total: 2}, at, m.fault(as)
}

func (m models) EachJob(ctx context.Context, as projections.AsOf, f projections.JobFilter, _ projections.Page, begin func(projections.Freshness), row func(projections.JobView) error) error {
	found, at, err := m.Jobs(ctx, as, f, projections.Page{Limit: 100})
	if err != nil {
		return err
	}
	begin(at)
	for _, j := range found.Rows {
		if err := row(j); err != nil {
			return err
		}
	}
	return nil
}

var (
	errBusy = errors.New("busy")
	errDown = errors.New("relation \"secret_table\" does not exist")
)

type recorder struct{ fails error }

func (r recorder) Heartbeat(context.Context, schemas.Heartbeat) error   { return r.fails }
func (r recorder) GPUMetrics(context.Context, schemas.GPUMetrics) error { return r.fails }
func (r recorder) Claim(context.Context, schemas.ClaimRequested) error  { return r.fails }

func parsed[R any](body []byte) (r R, err error) {
	err = json.Unmarshal(body, &r)
	return r, err
}

var checks = Checks{
	Heartbeat: parsed[schemas.Heartbeat], GPUMetrics: parsed[schemas.GPUMetrics], Claim: parsed[schemas.ClaimRequested],
	HeartbeatShape: schemas.Heartbeat{}, GPUMetricsShape: schemas.GPUMetrics{}, ClaimShape: schemas.ClaimRequested{},
}

// claims is what the read models know of one claim.
type claims struct {
	state projections.ClaimState
	err   error
}

func (c claims) ClaimState(context.Context, schemas.Address, string) (projections.ClaimState, error) {
	return c.state, c.err
}

func newServer(t *testing.T, m ReadModels, reports Reports, components ...Check) (http.Handler, *prometheus.Registry) {
	t.Helper()
	contracts, err := schemas.Contracts(schemas.Sepolia)
	if err != nil {
		t.Fatal(err)
	}
	reg := prometheus.NewRegistry()
	teapot := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) })
	s, err := New(Config{
		Network: schemas.Sepolia, Version: "test", Contracts: contracts, Models: m, Reports: reports, Checks: checks, Claims: claims{state: projections.ClaimState{Status: projections.ClaimPending}},
		Busy: func(err error) bool { return errors.Is(err, errBusy) }, Health: NewHealth("test", nil, components...),
		Audits: func(context.Context) Audits {
			return Audits{Projections: &ModelAudit{Drifts: 1}, Why: map[string]string{AuditOfLog: "no process tells of it"}}
		},
		Watermarks: m.(Watermarks), Stream: teapot, Page: teapot, Registry: reg, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.Handler(), reg
}

func ask(t *testing.T, h http.Handler, method, path, body string, header ...string) (*httptest.ResponseRecorder, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var answer map[string]any
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, w.Body)
		}
	}
	return w, answer
}

// TestAnswersKeepTheContractsShape compares the names and types of every answer with the examples that published clients were
// written against: nothing is missing, nothing has another type; more is allowed.
func TestAnswersKeepTheContractsShape(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{}, Check{Name: "database", Needed: true, Look: func(context.Context) (State, string) { return Healthy, "fine" }})
	for _, c := range []struct{ method, path, body, example string }{
		{"GET", "/api/network/stats", "", "GET_api_network_stats.200"},
		{"GET", "/api/network/workers", "", "GET_api_network_workers.200"},
		{"GET", "/api/jobs/recent", "", "GET_api_jobs_recent.200"},
		{"GET", "/api/validator/status?address=" + someone.String(), "", "GET_api_validator_status.200"},
		{"GET", "/api/validator/status?address=0x00000000005", "", "GET_api_validator_status.unknown.200"},
		{"GET", "/api/contracts", "", "GET_api_contracts.200"},
		{"GET", "/health/live", "", "GET_health_live.200"},
		{"GET", "/health/ready", "", "GET_health_ready.200"},
		{"POST", "/api/worker/heartbeat", `{"worker_address":"` + someone.String() + `"}`, "POST_api_worker_heartbeat.200"},
		{"POST", "/api/worker/gpu-metrics", `{"worker_address":"` + someone.String() + `","gpus":[{"gpu_index":0}]}`, "POST_api_worker_gpu-metrics.200"},
		{"POST", "/api/worker/claim-reward", `{"address":"` + someone.String() + `"}`, "POST_api_worker_claim-reward.200"},
	} {
		t.Run(c.path, func(t *testing.T) {
			doc, err := os.ReadFile(exampleFile(c.example))
			if err != nil {
				t.Fatal(err)
			}
			var example map[string]any
			if err := json.Unmarshal(doc, &example); err != nil {
				t.Fatal(err)
			}
			w, answer := ask(t, h, c.method, c.path, c.body)
			if w.Code != 200 {
				t.Fatalf("%d: %s", w.Code, w.Body)
			}
			if fault := missing(answer, example, "$"); fault != "" {
				t.Errorf("%s\nin %s", fault, w.Body)
			}
		})
	}
}

// exampleFile is where an example stands: in the document, or here only.
func exampleFile(name string) string {
	if path := filepath.Join("examples", name+".json"); exists(path) {
		return path
	}
	return filepath.Join("testdata", name+".json")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// missing says what of the example an answer lacks. Null stands for a value that is not known where the example has one or the
// other in its rows.
func missing(answer, example any, path string) string {
	switch want := example.(type) {
	case map[string]any:
		have, ok := answer.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is a %T", path, answer)
		}
		for name, v := range want {
			got, ok := have[name]
			if !ok {
				return path + "." + name + " is missing"
			}
			if fault := missing(got, v, path+"."+name); fault != "" {
				return fault
			}
		}
	case []any:
		have, ok := answer.([]any)
		if ok && len(want) == 0 {
			return ""
		}
		if !ok || len(have) == 0 {
			return fmt.Sprintf("%s is %v", path, answer)
		}
		return missing(have[0], want[len(want)-1], path+"[]")
	case nil:
	default:
		if fmt.Sprintf("%T", answer) != fmt.Sprintf("%T", example) {
			return fmt.Sprintf("%s is a %T, want a %T", path, answer, example)
		}
	}
	return ""
}

func TestUnknownIsNamedAndNotZero(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	_, answer := ask(t, h, "GET", "/api/network/workers", "")
	unheard := answer["workers"].([]any)[1].(map[string]any)
	if got := fmt.Sprint(unheard["status"], unheard["last_heartbeat"], unheard["unknown"]); got != "unknown<nil> [gpu_type gpu_model gpu_count reputation]" {
		t.Errorf("a worker that nothing is known of: %s", got)
	}
	_, answer = ask(t, h, "GET", "/api/jobs/recent", "")
	if got := fmt.Sprint(answer["jobs"].([]any)[1].(map[string]any)["unknown"]); got != "[job_type submitted_at client_address]" {
		t.Errorf("a job that nothing is known of: %s", got)
	}
}

func TestThePastHasNoHeartbeats(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	_, answer := ask(t, h, "GET", "/api/network/stats?block=100", "")
	if got := fmt.Sprint(answer["unknown"]); got != "[average_proof_time_ms active_workers network_utilization utilization_bps]" {
		t.Errorf("unknown of the past: %s", got)
	}
	_, answer = ask(t, h, "GET", "/api/network/workers?block=100", "")
	if got := fmt.Sprint(answer["workers"].([]any)[0].(map[string]any)["unknown"]); !strings.Contains(got, "is_active last_heartbeat") {
		t.Errorf("unknown of a worker in the past: %s", got)
	}
	_, answer = ask(t, h, "GET", "/api/validator/status?block=100&address="+someone.String(), "")
	if got := fmt.Sprint(answer["unknown"]); !strings.Contains(got, "is_active last_heartbeat") {
		t.Errorf("unknown of a validator in the past: %s", got)
	}
}

func TestDigest(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	_, answer := ask(t, h, "GET", "/api/state/digest?block=119", "")
	want := "0102030000000000000000000000000000000000000000000000000000000000"
	if answer["digest"] != want || answer["block"] != 119.0 || answer["changed_at"] != 118.0 || answer["abi_set"] != schemas.ABISet() {
		t.Errorf("digest: %v", answer)
	}
}

func TestAuditSaysWhatIsNotKnownAndWhy(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	_, answer := ask(t, h, "GET", "/api/audit", "")
	if answer["completeness"] != nil || fmt.Sprint(answer["unknown"]) != "[completeness]" || fmt.Sprint(answer["why"]) != "map[completeness:no process tells of it]" {
		t.Errorf("completeness %v, unknown %v, why %v", answer["completeness"], answer["unknown"], answer["why"])
	}
	if drift, ok := answer["projections"].(map[string]any); !ok || drift["drifting"] != 1.0 {
		t.Errorf("projections: %v", answer["projections"])
	}
}

func TestAuditTellsOfAnomalies(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	_, answer := ask(t, h, "GET", "/api/audit", "")
	if got := fmt.Sprint(answer["anomalies"]); !strings.Contains(got, "total:3") || !strings.Contains(got, "a job is paid that was paid before") {
		t.Errorf("anomalies: %s", got)
	}
	h, _ = newServer(t, models{down: errors.New("no database")}, recorder{})
	_, answer = ask(t, h, "GET", "/api/audit", "")
	if got := fmt.Sprint(answer["unknown"]); answer["anomalies"] != nil || !strings.Contains(got, "anomalies") {
		t.Errorf("anomalies without a database: %v, unknown %s", answer["anomalies"], got)
	}
}

func TestAnswersSayHowFreshTheyAre(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	w, _ := ask(t, h, "GET", "/api/network/stats", "")
	for name, want := range map[string]string{
		"X-Indexed-Block": "120", "X-Finality": "accepted_on_l2", "X-Position": "bitsage.chain/0=987", "X-Indexed-At": "2025-11-24T16:00:00Z", "Access-Control-Allow-Origin": "*",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if w.Header().Get("X-Request-Id") == "" {
		t.Error("no request id")
	}
}

func TestFaultsAreAnsweredPlainly(t *testing.T) {
	up, _ := newServer(t, models{}, recorder{})
	down, _ := newServer(t, models{down: errDown}, recorder{fails: errDown})
	busy, _ := newServer(t, models{}, recorder{fails: errBusy})
	beat := `{"worker_address":"` + someone.String() + `"}`
	for _, c := range []struct {
		name         string
		handler      http.Handler
		method, path string
		body, wallet string
		status       int
		code         string
	}{
		{"the database is down", down, "GET", "/api/network/stats", "", "", 503, "unavailable"},
		{"the database is down, workers", down, "GET", "/api/network/workers", "", "", 503, "unavailable"},
		{"the database is down, jobs", down, "GET", "/api/jobs/recent", "", "", 503, "unavailable"},
		{"the database is down, status", down, "GET", "/api/validator/status?address=0x12345678", "", "", 503, "unavailable"},
		{"the log is down", down, "POST", "/api/worker/heartbeat", beat, "", 503, "unavailable"},
		{"the log is busy", busy, "POST", "/api/worker/heartbeat", beat, "", 503, "busy"},
		{"not JSON", up, "POST", "/api/worker/heartbeat", "{", "", 400, "invalid"},
		{"the log is busy, GPU metrics", busy, "POST", "/api/worker/gpu-metrics", beat, "", 503, "busy"},
		{"the log is down, claims", down, "POST", "/api/worker/claim-reward", "{}", "", 503, "unavailable"},
		{"GPU metrics that are not JSON", up, "POST", "/api/worker/gpu-metrics", "{", "", 400, "invalid"},
		{"too large", up, "POST", "/api/worker/heartbeat", `{"x":"` + strings.Repeat("x", 70_000) + `"}`, "", 413, "too_large"},
		{"nobody's status", up, "GET", "/api/validator/status", "", "", 400, "address_missing"},
		{"a malformed address", up, "GET", "/api/validator/status?address=hello", "", "", 400, "address_malformed"},
		{"a malformed wallet", up, "GET", "/api/validator/status", "", "0xzz", 400, "address_malformed"},
		{"a digest of a block to come", up, "GET", "/api/state/digest?block=121", "", "", 404, "block_not_indexed"},
		{"a digest of no block", up, "GET", "/api/state/digest?block=-1", "", "", 400, "invalid_block"},
		{"stats of a block to come", up, "GET", "/api/network/stats?block=121", "", "", 404, "block_not_indexed"},
		{"workers of a block to come", up, "GET", "/api/network/workers?block=121", "", "", 404, "block_not_indexed"},
		{"jobs of a time before the log", up, "GET", "/api/jobs/recent?at=2001-01-01T00:00:00Z", "", "", 404, "block_not_indexed"},
		{"a validator of a block to come", up, "GET", "/api/validator/status?address=0x00000000005&block=121", "", "", 404, "block_not_indexed"},
		{"a time that is none", up, "GET", "/api/network/stats?at=yesterday", "", "", 400, "invalid_time"},
		{"two moments", up, "GET", "/api/network/stats?at=2026-01-01T00:00:00Z&block=7", "", "", 400, "invalid_moment"},
		{"the database is down, digest", down, "GET", "/api/state/digest", "", "", 503, "unavailable"},
		{"a limit too high", up, "GET", "/api/jobs/recent?limit=101", "", "", 400, "invalid_limit"},
		{"a limit that is none", up, "GET", "/api/network/workers?limit=-1", "", "", 400, "invalid_limit"},
		{"no such path", up, "GET", "/api/nothing", "", "", 404, "not_found"},
		{"no such stream", up, "GET", "/ws/nothing", "", "", 404, "not_found"},
		{"another method", up, "DELETE", "/api/network/stats", "", "", 405, "method_not_allowed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var header []string
			if c.wallet != "" {
				header = []string{walletHeader, c.wallet}
			}
			w, answer := ask(t, c.handler, c.method, c.path, c.body, header...)
			if w.Code != c.status || answer["code"] != c.code || answer["error"] == "" {
				t.Errorf("%d %v, want %d %s", w.Code, answer, c.status, c.code)
			}
			if strings.Contains(w.Body.String(), "secret_table") {
				t.Errorf("the answer tells what is inside: %s", w.Body)
			}
			if c.status == 503 && w.Header().Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		})
	}
}

// hanging is a database, and a log, that never answer.
type hanging struct{ models }

func (hanging) NetworkStats(ctx context.Context, _ projections.AsOf) (n projections.NetworkStats, f projections.Freshness, err error) {
	<-ctx.Done()
	return n, f, ctx.Err()
}

func (hanging) Heartbeat(ctx context.Context, _ schemas.Heartbeat) error {
	<-ctx.Done()
	return ctx.Err()
}

func (hanging) Claim(ctx context.Context, _ schemas.ClaimRequested) error {
	<-ctx.Done()
	return ctx.Err()
}

func (hanging) GPUMetrics(ctx context.Context, _ schemas.GPUMetrics) error {
	<-ctx.Done()
	return ctx.Err()
}

// TestWhoEndsIsNotReadyFirst asks a server that is told to end: it says that it is not ready, and answers all the same.
func TestWhoEndsIsNotReadyFirst(t *testing.T) {
	s := serverOf(t, models{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, l) }()
	get := func(path string) int {
		answer, err := http.Get("http://" + l.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		return answer.StatusCode
	}
	if got := get("/health/ready"); got != http.StatusOK {
		t.Errorf("ready: %d", got)
	}
	end()
	for !s.ending.Load() {
		runtime.Gosched()
	}
	if ready, live, stats := get("/health/ready"), get("/health/live"), get("/api/network/stats"); ready != http.StatusServiceUnavailable || live != http.StatusOK || stats != http.StatusOK {
		t.Errorf("while it ends: ready %d, live %d, stats %d", ready, live, stats)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestWhatHangsIsToldInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := newServer(t, hanging{}, hanging{})
		for _, c := range []struct{ method, path, body string }{
			{"GET", "/api/network/stats", ""},
			{"POST", "/api/worker/heartbeat", `{"worker_address":"` + someone.String() + `"}`},
			{"POST", "/api/worker/gpu-metrics", `{"worker_address":"` + someone.String() + `","gpus":[]}`},
		} {
			began := time.Now()
			w, answer := ask(t, h, c.method, c.path, c.body)
			if w.Code != http.StatusServiceUnavailable || answer["code"] != "unavailable" || time.Since(began) != answerWithin {
				t.Errorf("%s: %d %v after %s", c.path, w.Code, answer, time.Since(began))
			}
		}
	})
}

func TestAHeaderThatSaysNothingIsMalformed(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	if w, answer := ask(t, h, "GET", "/api/validator/status?address=0x1f", "", walletHeader, ""); w.Code != http.StatusBadRequest || answer["code"] != "address_malformed" {
		t.Errorf("%d %v", w.Code, answer)
	}
	if w, _ := ask(t, h, "GET", "/api/network/stats", "", walletHeader, ""); w.Code != http.StatusOK { // nobody is asked about there
		t.Errorf("%d", w.Code)
	}
}

func TestAnAddressIsOneHoweverItIsSpelled(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	for _, spelling := range []string{someone.String(), strings.ToUpper(someone.String()[2:]), "0x" + strings.TrimLeft(someone.String()[2:], "0")} {
		if !strings.HasPrefix(spelling, "0x") {
			spelling = "0x" + spelling
		}
		_, answer := ask(t, h, "GET", "/api/validator/status", "", "X-Wallet-Address", spelling)
		if answer["is_registered"] != true {
			t.Errorf("%s: %v", spelling, answer)
		}
	}
}

func TestHealth(t *testing.T) {
	state := func(s State) func(context.Context) (State, string) {
		return func(context.Context) (State, string) { return s, string(s) }
	}
	for _, c := range []struct {
		name   string
		checks []Check
		status int
		whole  string
		ready  int
	}{
		{"all well", []Check{{"database", true, state(Healthy)}}, 200, "healthy", 200},
		{"something degraded", []Check{{"database", true, state(Healthy)}, {"blockchain", false, state(Degraded)}}, 200, "degraded", 200},
		{"the database gone", []Check{{"database", true, state(Unhealthy)}, {"workers", false, state(Healthy)}}, 503, "unhealthy", 503},
		{"the node gone is not the end", []Check{{"database", true, state(Healthy)}, {"blockchain", false, state(Unhealthy)}}, 200, "degraded", 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, _ := newServer(t, models{}, recorder{}, c.checks...)
			w, answer := ask(t, h, "GET", "/health", "")
			if w.Code != c.status || answer["status"] != c.whole {
				t.Errorf("/health: %d %v", w.Code, answer)
			}
			if w, _ := ask(t, h, "GET", "/health/ready", ""); w.Code != c.ready {
				t.Errorf("/health/ready: %d %s", w.Code, w.Body)
			}
			if w, _ := ask(t, h, "GET", "/health/live", ""); w.Code != 200 {
				t.Errorf("/health/live: %d", w.Code)
			}
		})
	}
}

func TestMetricsTellTheNetwork(t *testing.T) {
	_, reg := newServer(t, models{}, recorder{})
	RegisterNetwork(reg, models{})
	want := `
# HELP active_workers_total Registered workers with a heartbeat in the last two minutes.
# TYPE active_workers_total gauge
active_workers_total 3
# HELP jobs_completed_total Jobs that came to an end, by status.
# TYPE jobs_completed_total counter
jobs_completed_total{status="cancelled"} 1
jobs_completed_total{status="completed"} 6
# HELP jobs_pending_total Jobs that nobody has taken yet.
# TYPE jobs_pending_total gauge
jobs_pending_total 1
# HELP total_staked_sage Stake of the registered workers, in SAGE.
# TYPE total_staked_sage gauge
total_staked_sage 20000
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "active_workers_total", "jobs_completed_total", "jobs_pending_total", "total_staked_sage"); err != nil {
		t.Error(err)
	}
	absent := prometheus.NewRegistry()
	RegisterNetwork(absent, models{down: errDown})
	if n, err := testutil.GatherAndCount(absent); err != nil || n != 0 {
		t.Errorf("a database that does not answer gives %d metrics, %v; want none", n, err)
	}
}

func TestEverythingElseIsThePage(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	for _, path := range []string{"/", "/workers", "/assets/x.js", "/ws", "/ws/jobs"} {
		if w, _ := ask(t, h, "GET", path, ""); w.Code != http.StatusTeapot {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w, _ := ask(t, h, "OPTIONS", "/api/worker/heartbeat", ""); w.Code != 204 || !strings.Contains(w.Header().Get("Access-Control-Allow-Headers"), "X-Wallet-Address") {
		t.Errorf("preflight: %d %v", w.Code, w.Header())
	}
}
