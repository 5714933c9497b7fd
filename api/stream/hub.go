package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Log is read at its end.
type Log interface {
	// Fetch returns the records of a partition from an offset on, none if there are none for a while.
	Fetch(ctx context.Context, topic string, partition int32, offset int64) (records []schemas.Record, end int64, err error)
	// Bounds returns the first offset that a partition has, and that of its next record.
	Bounds(ctx context.Context, topic string, partition int32) (first, next int64, err error)
}

// Config says what to stream.
type Config struct {
	Log Log
	// Start is a place that a reader of the chain topic has reached, near its end.
	Start func(ctx context.Context) (schemas.ChainState, error)
	// Stats gives the data of a NetworkStats frame; it is asked while anybody listens.
	Stats func(ctx context.Context) (any, error)
	// MaxClients bounds the connections. Defaults to 10,000.
	MaxClients int
	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

const (
	ringSize      = 16_384
	statsInterval = 5 * time.Second
	retryPause    = time.Second
)

// Hub reads the topics and serves the clients. It is an http.Handler.
type Hub struct {
	config  Config
	ring    *ring
	clients atomic.Int64
	ended   chan struct{} // closed when Run returns, so that clients are told
}

// New returns a hub. Nothing flows before [Hub.Run].
func New(c Config) *Hub {
	if c.MaxClients == 0 {
		c.MaxClients = 10_000
	}
	h := &Hub{config: c, ring: newRing(ringSize), ended: make(chan struct{})}
	c.Registerer.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "websocket_subscribers_total", Help: "WebSocket connections now.",
	}, func() float64 { return float64(h.clients.Load()) }))
	return h
}

// Clients returns the number of connections now.
func (h *Hub) Clients() int64 { return h.clients.Load() }

// Run reads the topics until ctx ends. What fails is tried again from where it was.
func (h *Hub) Run(ctx context.Context) error {
	defer close(h.ended)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return h.retry(ctx, "chain", h.followChain) })
	for p := range int32(schemas.TelemetryPartitions) {
		group.Go(func() error {
			follow := &heartbeatTail{hub: h, partition: p, next: -1}
			return h.retry(ctx, fmt.Sprint("heartbeats ", p), follow.run)
		})
	}
	group.Go(func() error { return h.tellStats(ctx) })
	return group.Wait()
}

func (h *Hub) retry(ctx context.Context, what string, follow func(context.Context) error) error {
	for {
		err := follow(ctx)
		if ctx.Err() != nil {
			return nil
		}
		h.config.Logger.WarnContext(ctx, "live feed interrupted, trying again", "feed", what, "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(retryPause):
		}
	}
}

// followChain reads the chain topic from the start place on. Facts are sent when their block is whole.
func (h *Hub) followChain(ctx context.Context) error {
	state, err := h.config.Start(ctx)
	if err != nil {
		return err
	}
	reader, translate := schemas.NewChainReader(state), newTranslator()
	for next := state.Next; ctx.Err() == nil; {
		records, _, err := h.config.Log.Fetch(ctx, schemas.TopicChain, 0, next)
		if err != nil {
			return err
		}
		var frames []frame
		for _, rec := range records {
			steps, err := reader.Read(rec)
			if err != nil {
				return err
			}
			for _, s := range steps {
				if s.Reorg != nil {
					frames = append(frames, reorged(*s.Reorg))
					continue
				}
				for _, f := range s.Block.Facts {
					if fr, ok := translate.chain(f); ok {
						frames = append(frames, fr)
					}
				}
			}
			next = rec.Offset + 1
		}
		h.ring.add(frames...)
	}
	return nil
}

// heartbeatTail follows one partition of heartbeats.
type heartbeatTail struct {
	hub       *Hub
	partition int32
	next      int64 // -1 before the first look
}

func (t *heartbeatTail) run(ctx context.Context) (err error) {
	log := t.hub.config.Log
	if t.next < 0 {
		if _, t.next, err = log.Bounds(ctx, schemas.TopicHeartbeats, t.partition); err != nil {
			return err
		}
	}
	for ctx.Err() == nil {
		records, _, err := log.Fetch(ctx, schemas.TopicHeartbeats, t.partition, t.next)
		if err != nil {
			t.next = -1 // whatever is wrong with the place, the end is where a live feed goes on
			return err
		}
		var frames []frame
		for _, rec := range records {
			t.next = rec.Offset + 1
			env, err := schemas.ParseEnvelope(rec)
			if err != nil {
				return err
			}
			if env.Type != schemas.TypeHeartbeat {
				continue
			}
			var beat schemas.Heartbeat
			if err := json.Unmarshal(env.Data, &beat); err != nil {
				return fmt.Errorf("heartbeat at offset %d: %w", rec.Offset, err)
			}
			frames = append(frames, heartbeat(beat, env.Time.Unix()))
		}
		t.hub.ring.add(frames...)
	}
	return nil
}

// tellStats sends the network's numbers now and then while anybody listens.
func (h *Hub) tellStats(ctx context.Context) error {
	tick := time.NewTicker(statsInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if h.clients.Load() == 0 {
			continue
		}
		stats, err := h.config.Stats(ctx)
		if err != nil {
			if ctx.Err() == nil {
				h.config.Logger.WarnContext(ctx, "no numbers for the live feed", "error", err)
			}
			continue
		}
		h.ring.add(newFrame("NetworkStats", stats))
	}
}
