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
	statsPause    = 2 * time.Second // at least, however many clients come
	retryPause    = time.Second
)

// Hub reads the topics and serves the clients. It is an http.Handler.
type Hub struct {
	config  Config
	ring    *ring
	clients atomic.Int64
	arrived chan struct{} // tells that a client wants the network's numbers soon
	ended   chan struct{} // closed when Run returns, so that clients are told
}

// New returns a hub. Nothing flows before [Hub.Run].
func New(c Config) *Hub {
	if c.MaxClients == 0 {
		c.MaxClients = 10_000
	}
	h := &Hub{config: c, ring: newRing(ringSize), arrived: make(chan struct{}, 1), ended: make(chan struct{})}
	c.Registerer.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "websocket_subscribers_total", Help: "WebSocket connections now.",
	}, func() float64 { return float64(h.clients.Load()) }), prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "dashboard_stream_clients", Help: "As websocket_subscribers_total.",
	}, func() float64 { return float64(h.clients.Load()) }))
	return h
}

// Clients returns the number of connections now.
func (h *Hub) Clients() int64 { return h.clients.Load() }

// Run reads the topics until ctx ends. What fails is tried again from where it was.
func (h *Hub) Run(ctx context.Context) error {
	defer close(h.ended)
	group, ctx := errgroup.WithContext(ctx)
	chain := &chainTail{hub: h, translate: newTranslator(), sent: -1}
	group.Go(func() error { return h.retry(ctx, "chain", chain.run) })
	for p := range int32(schemas.TelemetryPartitions) {
		group.Go(func() error {
			follow := &endTail{hub: h, topic: schemas.TopicHeartbeats, partition: p, next: -1, frame: heartbeatOf}
			return h.retry(ctx, fmt.Sprint("heartbeats ", p), follow.run)
		})
	}
	foreseen := &endTail{hub: h, topic: schemas.TopicPreConfirmed, next: -1, frame: preConfirmedOf}
	group.Go(func() error { return h.retry(ctx, "the block in the making", foreseen.run) })
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

// chainTail follows the chain topic. It keeps its place through faults of the log, so that clients miss nothing and get nothing twice.
type chainTail struct {
	hub       *Hub
	reader    *schemas.ChainReader // nil before the first look, and after a record that it could not read
	translate *translator
	sent      int64 // offset of the last record whose facts were sent
}

// run reads from where the tail is, at first the start place. Facts are sent when their block is whole.
func (t *chainTail) run(ctx context.Context) error {
	if t.reader == nil {
		state, err := t.hub.config.Start(ctx)
		if err != nil {
			return err
		}
		t.reader = schemas.NewChainReader(state)
	}
	for ctx.Err() == nil {
		records, _, err := t.hub.config.Log.Fetch(ctx, schemas.TopicChain, 0, t.reader.State().Next)
		if err != nil {
			return err
		}
		var frames []frame
		for _, rec := range records {
			steps, err := t.reader.Read(rec)
			if err != nil {
				t.hub.ring.add(frames...)
				t.reader = nil
				return err
			}
			if rec.Offset > t.sent {
				frames = t.frames(frames, steps)
				t.sent = rec.Offset
			}
		}
		t.hub.ring.add(frames...)
	}
	return nil
}

// frames appends what clients are told of the steps.
func (t *chainTail) frames(into []frame, steps []schemas.Step) []frame {
	for _, s := range steps {
		if s.Reorg != nil {
			into = append(into, reorged(*s.Reorg))
			continue
		}
		if s.Block == nil {
			continue
		}
		for _, f := range s.Block.Facts {
			if fr, ok := t.translate.chain(f); ok {
				into = append(into, fr)
			}
		}
	}
	return into
}

// endTail follows one partition from its end on, where what was there before does not matter.
type endTail struct {
	hub       *Hub
	topic     string
	partition int32
	next      int64 // -1 before the first look
	frame     func(schemas.Record) (out frame, ok bool, err error)
}

// run reads from where the tail is, at first the end. It keeps its place through faults of the log while the log has it.
func (t *endTail) run(ctx context.Context) error {
	log := t.hub.config.Log
	first, end, err := log.Bounds(ctx, t.topic, t.partition)
	if err != nil {
		return err
	}
	if t.next < first || t.next > end {
		t.next = end
	}
	for ctx.Err() == nil {
		records, _, err := log.Fetch(ctx, t.topic, t.partition, t.next)
		if err != nil {
			return err
		}
		var frames []frame
		for _, rec := range records {
			t.next = rec.Offset + 1
			fr, ok, err := t.frame(rec)
			if err != nil {
				t.hub.ring.add(frames...)
				return err
			}
			if ok {
				frames = append(frames, fr)
			}
		}
		t.hub.ring.add(frames...)
	}
	return nil
}

// heartbeatOf returns the frame of a record; ok is false for a tick.
func heartbeatOf(rec schemas.Record) (out frame, ok bool, err error) {
	env, err := schemas.ParseEnvelope(rec)
	if err != nil || env.Type != schemas.TypeHeartbeat {
		return frame{}, false, err
	}
	var beat schemas.Heartbeat
	if err := json.Unmarshal(env.Data, &beat); err != nil {
		return frame{}, false, fmt.Errorf("heartbeat at offset %d: %w", rec.Offset, err)
	}
	return heartbeat(beat, env.Time.Unix()), true, nil
}

// preConfirmedOf returns the frame of a block in the making.
func preConfirmedOf(rec schemas.Record) (out frame, ok bool, err error) {
	env, err := schemas.ParseEnvelope(rec)
	if err != nil || env.Type != schemas.TypePreConfirmed {
		return frame{}, false, err
	}
	var block schemas.PreConfirmed
	if err := json.Unmarshal(env.Data, &block); err != nil {
		return frame{}, false, fmt.Errorf("pre-confirmed block at offset %d: %w", rec.Offset, err)
	}
	return preConfirmed(block, env.Time.Unix()), true, nil
}

// tellStats sends the network's numbers now and then while anybody listens, and soon after somebody came.
func (h *Hub) tellStats(ctx context.Context) error {
	tick := time.NewTicker(statsInterval)
	defer tick.Stop()
	var told time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-h.arrived:
			if time.Since(told) < statsPause {
				continue // the next tick tells them
			}
		}
		if h.clients.Load() == 0 {
			continue
		}
		told = time.Now()
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
