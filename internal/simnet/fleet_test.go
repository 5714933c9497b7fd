package simnet

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestFleetReports(t *testing.T) {
	n := open(t, Config{Seed: 8, Workers: 3}, 60)
	var mu sync.Mutex
	seen, refused, measured := map[schemas.Address]int{}, 0, 0
	enough := make(chan struct{})
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if refused++; refused <= 2 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		dec := json.NewDecoder(r.Body)
		dec.DisallowUnknownFields()
		if r.URL.Path == "/api/worker/gpu-metrics" {
			checkGPUs(t, dec)
			measured++
			return
		}
		if r.URL.Path == "/api/worker/claim-reward" {
			var c claim
			if err := dec.Decode(&c); err != nil || c.Amount.IsZero() || c.TxHash.IsZero() {
				t.Errorf("claim %+v, %v", c, err)
			}
			return
		}
		var h schemas.Heartbeat
		if err := dec.Decode(&h); err != nil || r.URL.Path != "/api/worker/heartbeat" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		if *h.GPUUtilization < 0 || *h.GPUUtilization > 100 || *h.MemoryUtilization < 0 || *h.MemoryUtilization > 100 {
			t.Errorf("utilisation of %v and %v", *h.GPUUtilization, *h.MemoryUtilization)
		}
		if seen[h.Worker]++; len(seen) == 3 && seen[h.Worker] == 2 {
			select {
			case <-enough:
			default:
				close(enough)
			}
		}
	}))
	defer api.Close()
	ctx, stop := contextOf(t)
	fleet := NewFleet(n, api.URL, nil)
	fleet.Every = 5 * time.Millisecond
	done := make(chan error, 1)
	go func() { done <- fleet.Run(ctx) }()
	awake := !n.Rests(1, time.Now()) && !n.Rests(2, time.Now())
	if awake {
		select {
		case <-enough:
		case <-time.After(10 * time.Second):
			t.Error("not every worker reported twice within 10 s")
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if awake && measured == 0 {
		t.Error("nobody reported on GPUs")
	}
}

func TestWorkersClaimWhatTheyWerePaid(t *testing.T) {
	n := open(t, Config{Seed: 8, Workers: 3}, 400)
	want := map[schemas.Hash]schemas.Amount{}
	for _, e := range n.Events() {
		if paid, ok := e.Value.(schemas.ProverStakingRewardsClaimed); ok {
			want[e.TxHash] = paid.Amount
		}
	}
	got := map[schemas.Hash]schemas.Amount{}
	for i := range n.Workers() {
		first, newest := n.claims(i, 0)
		again, _ := n.claims(i, newest)
		if len(again) != 0 {
			t.Errorf("worker %d claims %d rewards twice", i, len(again))
		}
		for _, c := range first {
			got[c.TxHash] = c.Amount
		}
	}
	if len(want) == 0 || !maps.Equal(got, want) {
		t.Errorf("claimed %v, paid %v", got, want)
	}
}

func checkGPUs(t *testing.T, dec *json.Decoder) {
	t.Helper()
	var m schemas.GPUMetrics
	if err := dec.Decode(&m); err != nil || m.Worker.IsZero() || len(m.GPUs) == 0 {
		t.Errorf("GPU metrics: %+v, %v", m, err)
	}
	for _, g := range m.GPUs {
		if g.Model == "" || g.Tier == "" || *g.VRAMUsedGB > *g.VRAMTotalGB || *g.ComputeUtilization > 100 || *g.PowerWatts > 1_000 {
			t.Errorf("%+v", g)
		}
	}
}

func TestHeartbeatsFollowTheChain(t *testing.T) {
	n := open(t, Config{Seed: 8, Workers: 4}, 1)
	if _, joined := n.heartbeat(3, 0); joined {
		t.Error("a worker reports that has not joined")
	}
	produce(t, n, 200)
	busy, idle := 0, 0
	for range 60 {
		for i := range 4 {
			h, joined := n.heartbeat(i, 0)
			job, _ := n.world.Job(n.head().version, i)
			if !joined || (*h.JobsInProgress == 1) != (job != 0) || (*h.GPUUtilization > 50) != (job != 0) {
				t.Fatalf("worker %d, busy with job %d, reports %+v", i, job, h)
			}
			if job != 0 {
				busy++
			} else {
				idle++
			}
		}
		produce(t, n, 1)
	}
	if busy == 0 || idle == 0 {
		t.Errorf("%d times busy, %d times idle", busy, idle)
	}
}

func TestWorkersRestNowAndThen(t *testing.T) {
	n := open(t, Config{Seed: 8, Workers: 9}, 0)
	rests := make([]int, 9)
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for minute := range 24 * 60 {
		for i := range rests {
			if n.Rests(i, start.Add(time.Duration(minute)*time.Minute)) {
				rests[i]++
			}
		}
	}
	for i, minutes := range rests {
		if (minutes == 0) != (i == 0) || minutes > 200 {
			t.Errorf("worker %d rests for %d minutes of a day", i, minutes)
		}
	}
}
