package api

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// moving is a database that commits: what it answers tells how often it has.
type moving struct {
	models
	commits atomic.Int64
	asked   atomic.Int64
	gate    chan struct{} // where it is not nil, a question waits for it
}

func (m *moving) Watermarks(context.Context) (projections.Watermarks, error) {
	return projections.Watermarks{Chain: fmt.Sprint(m.commits.Load()), Telemetry: "1"}, m.down
}

func (m *moving) NetworkStats(ctx context.Context, as projections.AsOf) (n projections.NetworkStats, at projections.Freshness, err error) {
	m.asked.Add(1)
	n, at, err = m.models.NetworkStats(ctx, as)
	n.Workers = m.commits.Load()
	if m.gate != nil {
		select {
		case <-m.gate:
		case <-ctx.Done():
			return n, at, ctx.Err()
		}
	}
	return n, at, err
}

func TestAnAnswerServesUntilItsWatermarkMoves(t *testing.T) {
	m := &moving{}
	h, reg := newServer(t, m, recorder{})
	first, one := ask(t, h, "GET", "/api/network/stats", "")
	etag := first.Header().Get("ETag")
	if etag == "" || first.Header().Get("Cache-Control") != "no-cache" || !strings.Contains(strings.Join(first.Header().Values("Vary"), ", "), "X-Wallet-Address") {
		t.Fatalf("headers: %v", first.Header())
	}
	again, two := ask(t, h, "GET", "/api/network/stats", "")
	if m.asked.Load() != 1 || fmt.Sprint(one) != fmt.Sprint(two) || again.Header().Get("ETag") != etag || again.Header().Get("X-Position") == "" {
		t.Errorf("asked %d times, %v", m.asked.Load(), again.Header())
	}
	if again.Header().Get(requestID) == first.Header().Get(requestID) {
		t.Error("two requests have one id")
	}
	for _, tags := range []string{etag, "*", `"x", ` + etag, strings.TrimPrefix(etag, "W/")} {
		if w, _ := ask(t, h, "GET", "/api/network/stats", "", "If-None-Match", tags); w.Code != http.StatusNotModified || w.Body.Len() != 0 || w.Header().Get("ETag") != etag || w.Header().Get("X-Indexed-Block") == "" {
			t.Errorf("If-None-Match %s: %d %s", tags, w.Code, w.Body)
		}
	}
	if w, _ := ask(t, h, "GET", "/api/network/stats?block=7", ""); w.Header().Get("ETag") == etag {
		t.Error("another question has the same tag")
	}
	m.commits.Add(1)
	if w, a := ask(t, h, "GET", "/api/network/stats", "", "If-None-Match", etag); w.Code != http.StatusOK || a["total_workers"] != 1.0 || w.Header().Get("ETag") == etag {
		t.Errorf("after a commit: %d %v", w.Code, a)
	}
	for from, want := range map[string]string{"memory": "1", "database": "3", "client": "4"} {
		if got := fmt.Sprint(counted(t, reg, "dashboard_answers_total", from)); got != want {
			t.Errorf("%s: %s, want %s", from, got, want)
		}
	}
}

// counted returns a counter's value for a label.
func counted(t *testing.T, reg *prometheus.Registry, name, label string) float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && m.GetLabel()[0].GetValue() == label {
				return m.GetCounter().GetValue()
			}
		}
	}
	t.Fatalf("no %s of %s", name, label)
	return 0
}

func TestIdenticalQuestionsAreAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &moving{gate: make(chan struct{})}
		h, _ := newServer(t, m, recorder{})
		var wait sync.WaitGroup
		gone, leave := context.WithCancel(t.Context())
		answers := make([]*httptest.ResponseRecorder, 20)
		for i := range answers {
			wait.Go(func() {
				ctx := t.Context()
				if i == 0 {
					ctx = gone
				} else {
					time.Sleep(time.Millisecond)
				}
				answers[i] = httptest.NewRecorder()
				h.ServeHTTP(answers[i], httptest.NewRequestWithContext(ctx, "GET", "/api/network/stats", nil))
			})
		}
		time.Sleep(10 * time.Millisecond)
		synctest.Wait()
		leave() // whoever asked first goes away; the others wait for the same answer
		synctest.Wait()
		close(m.gate)
		wait.Wait()
		for i, w := range answers[1:] {
			if w.Code != http.StatusOK || w.Body.String() != answers[1].Body.String() {
				t.Errorf("%d: %d %s", i+1, w.Code, w.Body)
			}
		}
		if n := m.asked.Load(); n != 1 {
			t.Errorf("the database was asked %d times", n)
		}
	})
}

// TestNobodySeesLessThanWasCommitted has many ask while a database commits. Each answer has at least what was committed when its question began,
// and so what anybody had seen by then.
func TestNobodySeesLessThanWasCommitted(t *testing.T) {
	m := &moving{}
	h, _ := newServer(t, m, recorder{})
	done := make(chan struct{})
	var writing, reading sync.WaitGroup
	writing.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				m.commits.Add(1)
				time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
			}
		}
	})
	var kept atomic.Int64
	for range 8 {
		reading.Go(func() {
			for range 1_500 {
				before, asked := m.commits.Load(), m.asked.Load()
				w, answer := ask(t, h, "GET", "/api/network/stats", "")
				if got, ok := answer["total_workers"].(float64); !ok || int64(got) < before {
					t.Errorf("%d commits, and the answer has %v: %d", before, answer["total_workers"], w.Code)
					return
				}
				if m.asked.Load() == asked {
					kept.Add(1)
				}
			}
		})
	}
	reading.Wait()
	close(done)
	writing.Wait()
	if kept.Load() == 0 {
		t.Error("no answer came from memory: this test shows nothing")
	}
}

func TestNothingIsServedThatCannotBeChecked(t *testing.T) {
	m := &moving{}
	h, _ := newServer(t, m, recorder{})
	ask(t, h, "GET", "/api/network/stats", "")
	m.down = errDown
	if w, answer := ask(t, h, "GET", "/api/network/stats", ""); w.Code != http.StatusServiceUnavailable || answer["code"] != "unavailable" || w.Header().Get("Retry-After") == "" || w.Header().Get("ETag") != "" {
		t.Errorf("%d %v %v", w.Code, answer, w.Header())
	}
	m.down = nil
	if w, _ := ask(t, h, "GET", "/api/network/stats?block=121", ""); w.Code != http.StatusNotFound || w.Header().Get("ETag") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w, _ := ask(t, h, "GET", "/api/network/stats", ""); w.Code != http.StatusOK {
		t.Errorf("the database is back: %d", w.Code)
	}
}

func TestAnswersInMemoryAreBounded(t *testing.T) {
	const most = 64 << 10
	s := serverOf(t, models{}, func(c *Config) { c.KeptBytes = most })
	for i := range 500 {
		ask(t, s.Handler(), "GET", fmt.Sprintf("/api/jobs/recent?status=%d", i), "")
	}
	size := 0
	for _, key := range s.kept.answers.Keys() {
		a, _ := s.kept.answers.Peek(key)
		size += cost(key, a)
	}
	if size != s.kept.size || size > most || size < most/2 {
		t.Errorf("%d bytes are kept, counted as %d, of at most %d", size, s.kept.size, most)
	}
	if n, err := testutil.GatherAndCount(s.config.Registry, "dashboard_kept_answers_bytes"); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	// Parameters that a route does not have make no other question.
	before := s.kept.answers.Len()
	ask(t, s.Handler(), "GET", "/api/jobs/recent?status=499&nonsense=1", "")
	if after := s.kept.answers.Len(); after != before {
		t.Errorf("%d answers were kept, now %d", before, after)
	}
}

// serverOf is a server on models, with a configuration that the test may change.
func serverOf(t *testing.T, m ReadModels, change ...func(*Config)) *Server {
	t.Helper()
	c := Config{
		Models: m, Watermarks: m.(Watermarks), Reports: recorder{}, Checks: checks, Claims: claims{}, Busy: func(error) bool { return false }, Health: NewHealth("v", nil),
		Stream: http.NotFoundHandler(), Page: http.NotFoundHandler(), Registry: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler),
	}
	for _, f := range change {
		f(&c)
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
