package simnet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// HeartbeatEvery is how often a simulated worker reports by default. Real ones keep to a minute; a person at a screen has less
// patience.
const HeartbeatEvery = 5 * time.Second

// Fleet is the simulated workers as programs: each sends heartbeats, the metrics of its GPUs and what it was paid through the public API, as a real one would. What they say
// of their jobs follows from the chain. Fields are set before Run.
type Fleet struct {
	Net     *Net
	BaseURL string        // of the API, without a path
	Every   time.Duration // between two heartbeats of a worker; HeartbeatEvery if zero
	// Backoff bounds the pause of a worker whose heartbeats fail, which doubles from Every. A minute if zero.
	Backoff time.Duration
	Client  *http.Client
	Logger  *slog.Logger
}

// NewFleet returns the workers of a network, who report to the API at a base URL.
func NewFleet(n *Net, baseURL string, log *slog.Logger) *Fleet {
	return &Fleet{Net: n, BaseURL: baseURL, Logger: log}
}

// Run lets the workers report until ctx ends. Failures are retried with growing pauses, and told of once until they end.
func (f *Fleet) Run(ctx context.Context) error {
	fleet := *f
	if fleet.Every <= 0 {
		fleet.Every = HeartbeatEvery
	}
	if fleet.Backoff <= 0 {
		fleet.Backoff = time.Minute
	}
	if fleet.Client == nil {
		fleet.Client = &http.Client{Timeout: 5 * time.Second}
	}
	if fleet.Logger == nil {
		fleet.Logger = slog.New(slog.DiscardHandler)
	}
	var group errgroup.Group
	for i := range fleet.Net.Workers() {
		group.Go(func() error {
			fleet.work(ctx, i)
			return nil
		})
	}
	return group.Wait()
}

const (
	turn    = 20 * time.Minute // a worker's rest comes once in so many turns, and lasts a part of one
	resters = 8                // one worker in so many rests at a time
)

// Rests tells whether a worker is offline at a time: for the first three quarters of every eighth turn, and the first worker
// never. It follows from the seed.
func (n *Net) Rests(worker int, at time.Time) bool {
	whole, part := at.UnixNano()/int64(turn), at.UnixNano()%int64(turn)
	return worker > 0 && part < int64(turn)*3/4 && (uint64(whole)+uint64(worker)+n.config.Seed)%resters == 0
}

func (f *Fleet) work(ctx context.Context, i int) {
	// The first heartbeats of the fleet are spread over an interval.
	pause := f.Every * time.Duration(i) / time.Duration(len(f.Net.Workers()))
	failures, claimed := 0, uint64(0)
	for beat := 0; ; beat++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = f.Every
		if f.Net.Rests(i, time.Now()) {
			continue
		}
		err := f.report(ctx, i, beat)
		if err == nil {
			claimed, err = f.reportClaims(ctx, i, claimed)
		}
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			if failures > 0 {
				f.Logger.InfoContext(ctx, "a simulated worker reports again", "worker", name(i), "failures", failures)
			}
			failures = 0
		default:
			if failures++; failures == 1 {
				f.Logger.WarnContext(ctx, "a simulated worker cannot report; it goes on trying", "worker", name(i), "error", err)
			}
			pause = min(f.Every<<min(failures, 16), max(f.Backoff, f.Every))
		}
	}
}

// name is what a worker calls itself.
func name(i int) string { return fmt.Sprintf("worker-%d", i+1) }

// heartbeat is what a worker says, and whether it has joined yet: before that it has nothing to say.
func (n *Net) heartbeat(i, beat int) (h schemas.Heartbeat, joined bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	head := n.head()
	if head == nil {
		return h, false
	}
	job, joined := n.world.Job(head.version, i)
	chance := hash("heartbeat", number8(n.config.Seed), number8(uint64(i)), number8(uint64(beat)))
	load, memory, jobs := 1+float64(chance[1])/64, 5+float64(chance[2])/32, uint32(0)
	if job != 0 {
		load, memory, jobs = 72+float64(chance[1])/10, 48+float64(chance[2])/8, 1
	}
	gpus, latency := uint32(1+i%4), uint32(8+uint(chance[3])/6)
	return schemas.Heartbeat{
		Worker: n.world.Workers()[i].Address, WorkerID: name(i), GPUCount: &gpus, GPUUtilization: &load, MemoryUtilization: &memory,
		JobsInProgress: &jobs, LatencyMS: &latency, Version: "simulated",
	}, joined
}

// gpuMetrics is what a worker says of its GPUs beside a heartbeat: the first one works where the worker does, and they all are as busy on
// average as the heartbeat says.
func (n *Net) gpuMetrics(i int, h schemas.Heartbeat) schemas.GPUMetrics {
	n.mu.RLock()
	defer n.mu.RUnlock()
	tier, machine := n.world.Machine(i)
	model, _ := machine.GpuModel.ShortString()
	m := schemas.GPUMetrics{Worker: h.Worker}
	total, tee := float64(machine.GpuMemory), tier == schemas.ProverStakingGpuTierEnterprise || tier == schemas.ProverStakingGpuTierFrontier
	for k := range *h.GPUCount {
		used, load := total**h.MemoryUtilization/100, *h.GPUUtilization
		g := schemas.GPU{
			Index: k, Model: model, Tier: string(tier), VRAMTotalGB: &total, VRAMUsedGB: &used, ComputeUtilization: &load,
			Temperature: new(34 + load*0.4), PowerWatts: new(25 + load*3.6), HasTEE: &tee,
		}
		if job, _ := n.world.Job(n.head().version, i); job != 0 && k == 0 {
			g.CurrentJobID = strconv.FormatUint(job, 10)
		}
		m.GPUs = append(m.GPUs, g)
	}
	return m
}

// metricsEvery is how many heartbeats go by between two reports of a worker's GPUs.
const metricsEvery = 2

// report sends one heartbeat, and what goes with it.
func (f *Fleet) report(ctx context.Context, i, beat int) error {
	h, joined := f.Net.heartbeat(i, beat)
	if !joined {
		return nil
	}
	if err := f.post(ctx, "/api/worker/heartbeat", h); err != nil || beat%metricsEvery != 0 {
		return err
	}
	return f.post(ctx, "/api/worker/gpu-metrics", f.Net.gpuMetrics(i, h))
}

// claim is a reward as a worker reports it.
type claim struct {
	Address schemas.Address `json:"address"`
	Amount  schemas.Amount  `json:"amount"`
	Type    string          `json:"claim_type"`
	TxHash  schemas.Hash    `json:"tx_hash"`
	Block   uint64          `json:"block_number"`
}

// claims are the rewards that a worker was paid in the blocks after one, up to the newest, which it returns. A worker looks no further back
// than so many blocks.
func (n *Net) claims(i int, after uint64) (paid []claim, newest uint64) {
	const lookBack = 600
	n.mu.RLock()
	defer n.mu.RUnlock()
	worker := n.world.Workers()[i].Address
	for k := len(n.blocks) - 1; k >= max(0, len(n.blocks)-lookBack); k-- {
		b := n.blocks[k]
		newest = max(newest, b.number)
		if b.number <= after {
			break
		}
		for _, x := range b.txs {
			for _, ev := range x.Events {
				if e, ok := ev.Value.(schemas.ProverStakingRewardsClaimed); ok && e.Worker == worker {
					paid = append(paid, claim{worker, e.Amount, "staking", x.Tx.Hash, b.number})
				}
			}
		}
	}
	return paid, newest
}

// tallTales is one of how many claims a simulated worker makes too big, so that there is something to reject.
const tallTales = 9

// reportClaims claims what a worker was paid after a block, and returns the block that it has claimed up to.
func (f *Fleet) reportClaims(ctx context.Context, i int, after uint64) (uint64, error) {
	paid, newest := f.Net.claims(i, after)
	for _, c := range paid {
		if c.TxHash[31]%tallTales == 0 {
			c.Amount = c.Amount.Add(schemas.Sage(1))
		}
		if err := f.post(ctx, "/api/worker/claim-reward", c); err != nil {
			return after, err
		}
	}
	return newest, nil
}

// post sends one report.
func (f *Fleet) post(ctx context.Context, path string, report any) error {
	doc, err := json.Marshal(report)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.BaseURL+path, bytes.NewReader(doc))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := f.Client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }() // it was read to its end
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: the API answered %s", path, res.Status)
	}
	return nil
}
