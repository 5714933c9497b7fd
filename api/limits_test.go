package api

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func key(n int) bucketKey {
	return bucketKey{client: clientOf(fmt.Sprintf("10.0.%d.%d", n/256, n%256)), route: "/r"}
}

// TestNobodyExceedsALimit sends requests at random moments. In every stretch of time a client gets no more than a full bucket and what
// refills in it, and one who is told to wait for a while gets through after that while, and not before.
func TestNobodyExceedsALimit(t *testing.T) {
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		limit := 1 + rnd.IntN(200)
		l, err := newLimiter(100)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(1_000_000, 0)
		var allowed []time.Time
		for range 3_000 {
			now = now.Add(time.Duration(rnd.ExpFloat64() * float64(30*time.Second) / float64(limit)))
			v := l.take(key(1), limit, now)
			if v.ok {
				allowed = append(allowed, now)
				continue
			}
			if early := l.take(key(1), limit, now.Add(v.retry*9/10)); early.ok {
				t.Fatalf("seed %d: told to wait %s, and let through before", seed, v.retry)
			}
			now = now.Add(v.retry + time.Millisecond)
			if late := l.take(key(1), limit, now); !late.ok {
				t.Fatalf("seed %d: waited for %s as told, and refused again", seed, v.retry)
			}
			allowed = append(allowed, now)
		}
		for i := range allowed {
			for _, n := range []int{1, limit, 3 * limit, 1000} {
				if i+n >= len(allowed) {
					continue
				}
				window := allowed[i+n].Sub(allowed[i])
				if most := float64(limit) + window.Seconds()*float64(limit)/60 + 1; float64(n+1) > most+1e-6 {
					t.Fatalf("seed %d: %d requests in %s, with %d a minute", seed, n+1, window, limit)
				}
			}
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	l, err := newLimiter(50)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_000_000, 0)
	for i := range 10_000 {
		l.take(key(i), 60, now)
	}
	if n := l.buckets.Len(); n != 50 {
		t.Errorf("%d buckets are kept, want 50", n)
	}
	if clients, workers := l.active(now); clients != 50 || workers != 0 {
		t.Errorf("%d clients and %d workers are active", clients, workers)
	}
	l.take(key(1), 60, now.Add(2*time.Minute))
	if n := l.buckets.Len(); n != 1 {
		t.Errorf("%d buckets are left when all but one were full again", n)
	}
}

// TestBeingForgottenGivesNobodyMoreThanABurst has many clients, far more than there is room for, ask at random, some of them all the time: what any of
// them gets in any stretch of time is its limit, and one burst more at most.
func TestBeingForgottenGivesNobodyMoreThanABurst(t *testing.T) {
	const room, limit = 20, 60
	for seed := range uint64(10) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		l, err := newLimiter(room)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(1_000_000, 0)
		greedy, begun, got := key(0), now, 0
		for range 60 { // rounds in which it is forgotten
			for l.take(greedy, limit, now).ok {
				got++
			}
			for range room * 2 {
				l.take(key(1+rnd.IntN(100_000)), limit, now)
			}
			now = now.Add(time.Duration(rnd.IntN(100)) * time.Millisecond)
			if most := 2*limit + now.Sub(begun).Seconds()*limit/60; float64(got) > most {
				t.Fatalf("seed %d: %d requests in %s, at most %g are its own", seed, got, now.Sub(begun), most)
			}
		}
		now = now.Add(time.Minute)
		first := 0
		for l.take(key(200_000), limit, now).ok {
			first++
		}
		if first != limit {
			t.Errorf("seed %d: a newcomer gets %d, a minute after the attack", seed, first)
		}
	}
}

func TestClients(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"2001:db8::1", "2001:db8::ffff:1", true},
		{"2001:db8:0:1::1", "2001:db8:0:2::1", false},
		{"fe80::1%eth0", "fe80::1%eth1", true},
		{"", "not an address", true},
		{"", "192.0.2.1", false},
	} {
		if same := clientOf(c.a) == clientOf(c.b); same != c.same {
			t.Errorf("%q and %q are one client: %t, want %t", c.a, c.b, same, c.same)
		}
	}
}

// limited is a server with limits, behind a proxy at 192.0.2.9.
func limited(t *testing.T) http.Handler {
	t.Helper()
	s, err := New(Config{
		Models: models{}, Watermarks: models{}, Reports: recorder{}, Checks: checks, Claims: claims{}, Busy: func(error) bool { return false }, Health: NewHealth("v", nil),
		Stream: http.NotFoundHandler(), Page: http.NotFoundHandler(), Registry: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler),
		Limits: Limits{Enabled: true, Default: 7}, TrustedProxies: []string{"192.0.2.9"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.Handler()
}

func from(h http.Handler, address, forwarded, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.RemoteAddr = address + ":1234"
	if forwarded != "" {
		r.Header.Set("X-Forwarded-For", forwarded)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// until429 asks until it is refused and returns how often it was not, and the refusal.
func until429(t *testing.T, h http.Handler, address, forwarded, method, path, body string) (int, *httptest.ResponseRecorder) {
	t.Helper()
	for n := range 5_000 {
		if w := from(h, address, forwarded, method, path, body); w.Code == http.StatusTooManyRequests {
			return n, w
		}
	}
	t.Fatalf("%s %s is not limited", method, path)
	return 0, nil
}

func TestRoutesHaveTheirLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := limited(t)
		for path, want := range map[string]int{
			"/api/validator/status?address=0x5": 200, "/api/network/stats": 120, "/api/network/workers": 60, "/api/jobs/recent": 120, "/api/contracts": 300,
			"/api/validator/gpus?address=x": 120, "/api/validator/rewards?address=x": 60, "/api/validator/history?address=x": 30, "/api/jobs/analytics?block=x": 60,
			"/api/worker/uptime?address=x": 60, "/api/worker/status?address=x": 120, "/api/trading/orderbook/1": 120, "/api/trading/orders": 30, "/api/governance/proposals": 30,
			"/ws": 10, "/ws/jobs": 10, "/api/state/digest": 7, "/api/nowhere/1": 7,
		} {
			n, w := until429(t, h, "192.0.2.1", "", "GET", path, "")
			if n != want || w.Header().Get("X-RateLimit-Limit") != strconv.Itoa(want) || w.Header().Get("X-RateLimit-Remaining") != "0" {
				t.Errorf("%s: refused after %d, want %d; headers %v", path, n, want, w.Header())
			}
			retry, err := strconv.Atoi(w.Header().Get("Retry-After"))
			if err != nil || retry < 1 || !strings.Contains(w.Body.String(), fmt.Sprintf(`"retry_after_secs":%d`, retry)) || !strings.Contains(w.Body.String(), `"error"`) {
				t.Errorf("%s: Retry-After %q, body %s", path, w.Header().Get("Retry-After"), w.Body)
			}
			time.Sleep(time.Duration(retry) * time.Second)
			if w := from(h, "192.0.2.1", "", "GET", path, ""); w.Code == http.StatusTooManyRequests {
				t.Errorf("%s: waited for %d s as told, and refused again", path, retry)
			}
		}
		until429(t, h, "192.0.2.1", "", "GET", "/api/nowhere/1", "")
		if w := from(h, "192.0.2.1", "", "GET", "/api/nowhere/2", ""); w.Code != http.StatusTooManyRequests {
			t.Error("raw paths have buckets of their own")
		}
		for _, path := range []string{"/health", "/health/live", "/health/ready", "/metrics", "/", "/assets/index.js"} {
			for range 400 {
				if w := from(h, "192.0.2.1", "", "GET", path, ""); w.Code == http.StatusTooManyRequests {
					t.Fatalf("%s is limited", path)
				}
			}
		}
	})
}

func TestLimitsAreOfRoutesThatAreServed(t *testing.T) {
	h := limited(t)
	methods := map[string]string{}
	for _, path := range []string{"/ws", "/ws/jobs", "/ws/workers", "/ws/trading", "/ws/staking", "/ws/governance"} {
		methods[path] = "GET"
	}
	for route := range perWorker {
		methods[route] = "POST"
	}
	for route, method := range methods {
		if w := from(h, "192.0.2.1", "", method, route, "{}"); w.Header().Get("X-RateLimit-Limit") == "7" || w.Code == http.StatusMethodNotAllowed {
			t.Errorf("%s %s is no route, or not limited as it should be: %d, %v", method, route, w.Code, w.Header())
		}
	}
}

func TestEveryAnswerTellsWhereItsClientStands(t *testing.T) {
	h := limited(t)
	w := from(h, "192.0.2.1", "", "GET", "/api/network/stats", "")
	for name, want := range map[string]string{
		"X-RateLimit-Limit": "120", "X-RateLimit-Remaining": "119", "X-RateLimit-Reset": "1", "RateLimit": `"route";r=119;t=1`, "RateLimit-Policy": `"route";q=120;w=60`,
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestAddressesAreBelievedFromTrustedProxiesOnly(t *testing.T) {
	h := limited(t)
	if n, _ := until429(t, h, "192.0.2.9", "198.51.100.1", "GET", "/ws", ""); n != 10 {
		t.Errorf("refused after %d", n)
	}
	if w := from(h, "192.0.2.9", "198.51.100.2", "GET", "/ws", ""); w.Code == http.StatusTooManyRequests {
		t.Error("two clients behind a trusted proxy share a bucket")
	}
	if n, _ := until429(t, h, "192.0.2.1", "198.51.100.3", "GET", "/ws", ""); n != 10 {
		t.Errorf("refused after %d", n)
	}
	if w := from(h, "192.0.2.1", "198.51.100.4", "GET", "/ws", ""); w.Code != http.StatusTooManyRequests {
		t.Error("anybody gets a new bucket by naming another address")
	}
}

func TestAFleetSharesAnAddress(t *testing.T) {
	h := limited(t)
	beat := func(worker int) string { return fmt.Sprintf(`{"worker_address":"0x%064x"}`, worker) }
	for worker := 1; worker <= 15; worker++ {
		if n, w := until429(t, h, "192.0.2.1", "", "POST", heartbeatRoute, beat(worker)); n < 110 || n > 125 {
			t.Fatalf("worker %d is refused after %d: %s", worker, n, w.Body)
		}
	}
}
