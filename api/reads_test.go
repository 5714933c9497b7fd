package api

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

// goldenChain returns the first blocks that stand in the log that never changes; see the tests of projections.
func goldenChain(t *testing.T, blocks int) []schemas.Step {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "projections", "testdata-golden", "chain.log.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // it was only read
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	reader, lines := schemas.NewChainReader(schemas.StartOfChain()), bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	var standing []schemas.Step
	for offset := int64(0); lines.Scan() && len(standing) < blocks; offset++ {
		var g struct {
			Headers [][2]string     `json:"h"`
			Value   json.RawMessage `json:"v"`
		}
		if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
		r := schemas.Record{Topic: schemas.TopicChain, Offset: offset, Value: g.Value}
		for _, h := range g.Headers {
			r.Headers = append(r.Headers, schemas.Header{Key: h[0], Value: []byte(h[1])})
		}
		steps, err := reader.Read(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			if s.Reorg == nil {
				standing = append(standing, s)
				continue
			}
			standing = slices.DeleteFunc(standing, func(b schemas.Step) bool { return b.Block.Number > s.Reorg.Common.Number })
		}
	}
	return standing
}

// folded is a database of these blocks.
func folded(t *testing.T, chain []schemas.Step) *pgxpool.Pool {
	t.Helper()
	pool, err := pg.Open(t.Context(), embeddedtest.Postgres(t), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := migrations.Apply(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	set := projections.Chain()
	folder := projections.NewFolder(set)
	for i, keys := range folder.Missing(chain) {
		folder.Learn(i, keys, nil)
	}
	batch, err := folder.Fold(chain)
	if err != nil {
		t.Fatal(err)
	}
	l, err := pg.NewChainStore(pool, set).Claim(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Commit(t.Context(), 0, batch); err != nil {
		t.Fatal(err)
	}
	if err := l.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	return pool
}

// tally is what the events themselves say, told without the read models.
type tally struct {
	submitted, completed, cancelled int
	paid                            schemas.Amount
	job, worker, proof              string
}

func tallied(chain []schemas.Step) (c tally) {
	for _, s := range chain {
		for _, f := range s.Block.Facts {
			switch e := f.Event.(type) {
			case schemas.JobManagerJobSubmitted:
				c.submitted++
			case schemas.JobManagerJobCompleted:
				c.completed++
				c.job, c.worker = e.JobID.String(), e.Worker.String()
			case schemas.JobManagerJobCancelled:
				c.cancelled++
			case schemas.JobManagerPaymentReleased:
				c.paid = c.paid.Add(e.Amount)
			case schemas.PaymentRouterWorkerPaid:
				c.paid = c.paid.Add(e.SageAmount)
			case schemas.StwoVerifierProofSubmitted:
				c.proof = e.ProofHash.String()
			}
		}
	}
	return c
}

// paths are the reads with an answer of each, and the example of the contract that the answer must have the shape of.
func paths(c tally) [][2]string {
	return [][2]string{
		{"/api/network/stats", "GET_api_network_stats.200"},
		{"/api/network/workers", ""},
		{"/api/network/stats/history?period=7d", "GET_api_network_stats_history.200"},
		{"/api/network/stats/chart?period=30d", "GET_api_network_stats_chart.200"},
		{"/api/network/growth", "GET_api_network_growth.200"},
		{"/api/dashboard/stats", "GET_api_dashboard_stats.200"},
		{"/api/dashboard/activity", ""},
		{"/status", "GET_status.sdk-cli.200"},
		{"/api/health", "GET_api_health.200"},
		{"/api/stats", "GET_api_stats.200"},
		{"/api/validator/status?address=" + c.worker, ""},
		{"/api/validator/rewards?address=" + c.worker, "GET_api_validator_rewards.200"},
		{"/api/validator/history?period=all&address=" + c.worker, "GET_api_validator_history.200"},
		{"/api/validator/gpus?address=" + c.worker, "GET_api_validator_gpus.200"},
		{"/api/validator/gpus?shape=array&address=" + c.worker, "GET_api_validator_gpus.frontend-array.200"},
		{"/api/worker/uptime?address=" + c.worker, "GET_api_worker_uptime.unknown.200"},
		{"/api/worker/heartbeats?address=" + c.worker, ""},
		{"/api/worker/status?address=" + c.worker, "GET_api_worker_status.200"},
		{"/api/workers", ""},
		{"/api/workers?shape=object&sort_by=staked_amount", ""},
		{"/api/workers/" + c.worker, ""},
		{"/api/jobs/recent", ""},
		{"/api/jobs/recent?shape=array", ""},
		{"/api/jobs/analytics?shape=map", ""},
		{"/api/jobs/analytics", ""},
		{"/api/jobs", "GET_api_jobs_db.200"},
		{"/api/jobs/db?sort_by=payment_amount&sort_order=asc&limit=7", "GET_api_jobs_db.200"},
		{"/api/jobs/db?status=completed&sort_by=completed_at", "GET_api_jobs_db.200"},
		{"/api/jobs/db/recent", ""},
		{"/api/jobs/db/analytics", ""},
		{"/api/jobs/db/by-worker/" + c.worker, "GET_api_jobs_db.200"},
		{"/api/jobs/db/by-client/" + c.worker, ""},
		{"/api/jobs/db/" + c.job, ""},
		{"/api/jobs/db/" + c.job + "/timeline", ""},
		{"/api/jobs/" + c.job, ""},
		{"/api/jobs/" + c.job + "/result", ""},
		{"/api/proofs", ""},
		{"/api/proofs?is_valid=true&sort_by=verified_at", ""},
		{"/api/proofs/stats", ""},
		{"/api/proofs/recent", ""},
		{"/api/proofs/pending", ""},
		{"/api/proofs/by-job/" + c.job, ""},
		{"/api/proofs/by-worker/" + c.worker, ""},
		{"/api/proofs/" + c.proof, ""},
		{"/api/proofs/" + c.proof + "/detail", ""},
		{"/api/staking/db/info/" + c.worker, ""},
		{"/api/staking/info/" + c.worker, ""},
		{"/api/staking/db/history/" + c.worker, ""},
		{"/api/staking/db/leaderboard", "GET_api_staking_db_leaderboard.200"},
		{"/api/staking/leaderboard?sort_by=total_earnings", ""},
		{"/api/staking/db/stats", ""},
		{"/api/staking/db/workers", ""},
		{"/api/staking/db/events?event_type=stake", ""},
		{"/api/staking/config", ""},
		{"/api/staking/total", ""},
		{"/api/staking/tiers", ""},
		{"/api/earnings/" + c.worker + "/summary", "GET_api_earnings_ADDR_summary.200"},
		{"/api/earnings/" + c.worker + "/history?period=30d", ""},
		{"/api/earnings/" + c.worker + "/chart?period=all", "GET_api_earnings_ADDR_chart.200"},
		{"/api/earnings/" + c.worker + "/breakdown", ""},
		{"/api/earnings/network/stats", ""},
		{"/api/earnings/recent", ""},
	}
}

// TestReadsOfAFoldedChain asks every read of a database that was made by folding events: each answers, now and as of a past block, in the shape
// of the contract's examples; the sums are those of the events; and without a database each is a 503.
func TestReadsOfAFoldedChain(t *testing.T) {
	chain := goldenChain(t, 1200)
	pool, want := folded(t, chain), tallied(chain)
	past := chain[len(chain)/2].Block.Number
	wantPast := tallied(chain[:len(chain)/2+1])
	h, _ := newServer(t, pg.NewQuestions(pool), recorder{}, Check{Name: "database", Needed: true, Look: func(context.Context) (State, string) { return Healthy, "fine" }})
	get := func(path string) (int, any) {
		w := plainly(h, path)
		var answer any
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%s: %v in %s", path, err, w.Body)
		}
		return w.Code, answer
	}
	for _, p := range paths(want) {
		path, example := p[0], p[1]
		code, answer := get(path)
		if code != http.StatusOK {
			t.Errorf("%s: %d %v", path, code, answer)
			continue
		}
		if doc, err := os.ReadFile(exampleFile(example)); example != "" {
			var shape any
			if err != nil || json.Unmarshal(doc, &shape) != nil {
				t.Fatal(example, err)
			}
			if fault := named(answer, shape, "$"); fault != "" {
				t.Errorf("%s: %s", path, fault)
			}
		}
		if !strings.HasPrefix(path, "/api/jobs") && !strings.HasPrefix(path, "/api/staking/") && !strings.HasPrefix(path, "/api/earnings/") && !strings.HasPrefix(path, "/api/network/") {
			continue
		}
		separator := "?"
		if strings.Contains(path, "?") {
			separator = "&"
		}
		if code, answer := get(path + separator + fmt.Sprint("block=", past)); code != http.StatusOK && code != http.StatusNotFound {
			t.Errorf("%s as of block %d: %d %v", path, past, code, answer)
		}
	}
	for suffix, want := range map[string]tally{"": want, fmt.Sprint("?block=", past): wantPast} {
		_, answer := get("/api/jobs/db/analytics" + suffix)
		_, stats := get("/api/dashboard/stats" + suffix)
		n, d := answer.(map[string]any), stats.(map[string]any)
		if n["total_jobs"] != float64(want.submitted) || n["completed_jobs"] != float64(want.completed) || n["cancelled_jobs"] != float64(want.cancelled) ||
			n["completion_rate"] != 100*float64(want.completed)/float64(want.completed+want.cancelled) || d["total_earnings"] != want.paid.String() {
			t.Errorf("%q: %v and %v paid, want %+v", suffix, answer, d["total_earnings"], want)
		}
	}
	// By cursor, each job comes once, in the order of the whole.
	seen := map[string]bool{}
	for path := "/api/jobs/db?limit=37"; path != ""; {
		code, answer := get(path)
		if code != http.StatusOK {
			t.Fatalf("%s: %d %v", path, code, answer)
		}
		page := answer.(map[string]any)
		for _, j := range page["jobs"].([]any) {
			id := j.(map[string]any)["job_id"].(string)
			if seen[id] {
				t.Fatalf("job %s came twice", id)
			}
			seen[id] = true
		}
		path = ""
		if next, ok := page["next_cursor"].(string); ok {
			path = "/api/jobs/db?limit=37&cursor=" + next
		}
	}
	if len(seen) != want.submitted {
		t.Errorf("%d jobs by cursor, want %d", len(seen), want.submitted)
	}
	exports(t, h, pool, want.worker)
	pool.Close()
	h, _ = newServer(t, pg.NewQuestions(pool), recorder{})
	for _, p := range paths(want) {
		if w := plainly(h, p[0]); w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s without a database: %d %s", p[0], w.Code, w.Body)
		}
	}
}

// exports holds every list that is told as CSV to its pages in JSON: the same rows, in the same order.
func exports(t *testing.T, h http.Handler, pool *pgxpool.Pool, worker string) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), "create table heartbeats_all partition of heartbeats default"); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `insert into heartbeats (part, log_offset, worker_address, heartbeat_time, event_id)
		select 3, n, $1, now() - make_interval(mins => n), 'x' from generate_series(1, 150) n`, worker); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, list, id string }{
		{"/api/jobs?", "jobs", "job_id"},
		{"/api/jobs/db?status=completed&sort_by=payment_amount&sort_order=asc&", "jobs", "job_id"},
		{"/api/jobs/db?block=600&worker=" + worker + "&", "jobs", "job_id"},
		{"/api/earnings/recent?", "payments", "id"},
		{"/api/earnings/" + worker + "/history?sort_order=asc&", "payments", "id"},
		{"/api/earnings/recent?payment_type=job&block=600&", "payments", "id"},
		{"/api/validator/history?period=all&address=" + worker + "&", "rewards", "tx_hash"},
		{"/api/worker/heartbeats?address=" + worker + "&", "heartbeats", "timestamp"},
	} {
		var want, got []string
		for cursor := ""; ; {
			w := plainly(h, c.path+"limit=100"+cursor)
			var page map[string]any
			if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", c.path, w.Code, w.Body)
			}
			for _, row := range page[c.list].([]any) {
				if n, ok := row.(map[string]any)[c.id].(float64); ok {
					want = append(want, fmt.Sprint(int64(n)))
				} else {
					want = append(want, row.(map[string]any)[c.id].(string))
				}
			}
			next, ok := page["next_cursor"].(string)
			if cursor = "&cursor=" + next; !ok {
				break
			}
		}
		w, _ := ask(t, h, "GET", c.path+"limit=1", "", "Accept", "text/csv")
		rows, err := csv.NewReader(w.Body).ReadAll()
		if err != nil || w.Code != http.StatusOK || w.Header().Get("X-Position") == "" {
			t.Fatalf("%s: %d %v", c.path, w.Code, err)
		}
		for _, row := range rows[1:] {
			got = append(got, row[slices.Index(rows[0], c.id)])
		}
		if len(want) < 2 || !slices.Equal(got, want) {
			t.Errorf("%s: %d rows as CSV, %d in pages", c.path, len(got), len(want))
		}
	}
}

// plainly asks for what need not be an object.
func plainly(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

// named says which member of an example an answer lacks, or has in another type; null stands for what is not known, and an empty list has no rows
// to look at.
func named(answer, example any, path string) string {
	if list, ok := answer.([]any); answer == nil || ok && len(list) == 0 {
		return ""
	}
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
			if fault := named(got, v, path+"."+name); fault != "" {
				return fault
			}
		}
	case []any:
		have, ok := answer.([]any)
		if !ok {
			return fmt.Sprintf("%s is a %T", path, answer)
		}
		if len(want) == 0 {
			return ""
		}
		return named(have[0], want[0], path+"[]")
	case nil:
	default:
		if fmt.Sprintf("%T", answer) != fmt.Sprintf("%T", example) {
			return fmt.Sprintf("%s is a %T, want a %T", path, answer, example)
		}
	}
	return ""
}
