package simnet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// Fleet is the simulated workers as programs: each sends heartbeats through the public API, as a real one would.
type Fleet struct {
	net    *Net
	url    string
	every  time.Duration
	client *http.Client
	log    *slog.Logger
}

// HeartbeatEvery is how often a simulated worker reports. Real ones keep to a minute; a person at a screen has less patience.
const HeartbeatEvery = 5 * time.Second

// NewFleet returns the workers of a network, who report to the API at a base URL.
func NewFleet(n *Net, url string, log *slog.Logger) *Fleet {
	return &Fleet{net: n, url: url + "/api/worker/heartbeat", every: HeartbeatEvery, client: &http.Client{Timeout: 5 * time.Second}, log: log}
}

// Run lets the workers report until ctx ends. One in eight rests for a quarter of an hour now and then, so that not everybody is
// always online.
func (f *Fleet) Run(ctx context.Context) error {
	var group errgroup.Group
	f.net.mu.RLock()
	workers := f.net.story.workers
	f.net.mu.RUnlock()
	for i := range workers {
		group.Go(func() error {
			f.work(ctx, i)
			return nil
		})
	}
	return group.Wait()
}

const (
	shift = 20 * time.Minute // a resting worker's turn: the first three quarters of it it is silent
	rest  = 8                // one worker in so many rests at a time
)

func (f *Fleet) work(ctx context.Context, i int) {
	pause, failing := rand.N(f.every), false
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = f.every - f.every/10 + rand.N(f.every/5)
		turn := time.Now().UnixNano() / int64(shift)
		if turn%rest == int64(i)%rest && i > 0 && time.Now().UnixNano()%int64(shift) < int64(shift)*3/4 {
			continue
		}
		err := f.report(ctx, i)
		if err != nil && !failing && ctx.Err() == nil {
			f.log.WarnContext(ctx, "a simulated worker cannot report", "worker", i+1, "error", err)
		}
		failing = err != nil
	}
}

// report sends one heartbeat. A worker that has not joined yet has nothing to say.
func (f *Fleet) report(ctx context.Context, i int) error {
	f.net.mu.RLock()
	w := f.net.story.workers[i]
	joined, busy := w.joined, w.job != nil
	address, id := w.address, w.id
	f.net.mu.RUnlock()
	if !joined {
		return nil
	}
	name, _ := id.ShortString()
	load, jobs := 2+3*rand.Float64(), 0
	if busy {
		load, jobs = 70+25*rand.Float64(), 1
	}
	doc, err := json.Marshal(map[string]any{
		"worker_address": address, "worker_id": name, "gpu_count": 1 + i%4, "gpu_utilization": load, "memory_utilization": 20 + load/2,
		"jobs_in_progress": jobs, "latency_ms": 10 + rand.IntN(40), "version": "simulated",
	})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.url, bytes.NewReader(doc))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := f.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("heartbeat: the API answered %s", res.Status)
	}
	return nil
}
