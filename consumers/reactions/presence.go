package reactions

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Log is the way back into the topic of the heartbeats.
type Log interface {
	// ReadBack returns up to n records below an offset, oldest first.
	ReadBack(ctx context.Context, topic string, partition int32, before int64, n int) ([]schemas.Record, error)
}

// Codec turns records of the log into messages and back.
type Codec interface {
	Record(*message.Message) (schemas.Record, error)
	Message(schemas.Record) *message.Message
}

// Presence derives worker.online and worker.offline from heartbeats and ticks. The messages of one partition must come in order, one
// at a time; those of different partitions may come at once. It may be given any message again, and a partition may go to another
// process and come back: where a message does not follow the one before, it looks back in the log for what it must know.
type Presence struct {
	log   Log
	codec Codec

	mu         sync.Mutex
	partitions map[int32]*partition
}

// partition is the state after a record of it.
type partition struct {
	mu     sync.Mutex
	state  *projections.Presence
	offset int64                      // of the last record, -1 before the first
	facts  []projections.PresenceFact // that it brought about
}

// NewPresence returns the handler.
func NewPresence(log Log, codec Codec) *Presence {
	return &Presence{log: log, codec: codec, partitions: map[int32]*partition{}}
}

// Handle takes a message of [schemas.TopicHeartbeats] and returns those for [schemas.TopicPresence].
func (p *Presence) Handle(msg *message.Message) ([]*message.Message, error) {
	rec, err := p.codec.Record(msg)
	if err != nil {
		return nil, err
	}
	part := p.of(rec.Partition)
	part.mu.Lock()
	defer part.mu.Unlock()
	if rec.Offset != part.offset { // else it is the last one again: its facts did not get through
		if rec.Offset != part.offset+1 || part.state == nil {
			if err := part.lookBack(msg.Context(), p.log, rec.Partition, rec.Offset); err != nil {
				return nil, fmt.Errorf("%s[%d] before %d: %w", schemas.TopicHeartbeats, rec.Partition, rec.Offset, err)
			}
		}
		if part.facts, err = step(part.state, rec); err != nil {
			part.state = nil // which may be half way
			return nil, err
		}
		part.offset = rec.Offset
	}
	out := make([]*message.Message, 0, len(part.facts))
	for _, f := range part.facts {
		m, err := p.message(f)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func (p *Presence) of(number int32) *partition {
	p.mu.Lock()
	defer p.mu.Unlock()
	part := p.partitions[number]
	if part == nil {
		part = &partition{offset: -1}
		p.partitions[number] = part
	}
	return part
}

// lookBack brings the state to the one before an offset.
func (p *partition) lookBack(ctx context.Context, log Log, number int32, before int64) error {
	for n := 512; ; n *= 4 {
		records, err := log.ReadBack(ctx, schemas.TopicHeartbeats, number, before, n)
		if err != nil {
			return err
		}
		p.state = projections.NewPresence()
		for _, rec := range records {
			if _, err := step(p.state, rec); err != nil {
				p.state = nil
				return err
			}
		}
		if p.state.Settled() || len(records) < n {
			return nil // fewer than were asked for: the log begins there
		}
	}
}

// step moves a state on by one record.
func step(state *projections.Presence, rec schemas.Record) ([]projections.PresenceFact, error) {
	env, err := schemas.ParseEnvelope(rec)
	if err != nil {
		return nil, err
	}
	if env.Type != schemas.TypeHeartbeat {
		return state.Tick(rec.Partition, env.Time), nil
	}
	report := schemas.Report{ID: env.ID, Time: env.Time, Partition: rec.Partition, Offset: rec.Offset}
	if err := json.Unmarshal(env.Data, &report.Heartbeat); err != nil {
		return nil, fmt.Errorf("%s[%d]@%d: heartbeat: %w", rec.Topic, rec.Partition, rec.Offset, err)
	}
	return state.Heartbeat(report), nil
}

func (p *Presence) message(f projections.PresenceFact) (*message.Message, error) {
	data, err := json.Marshal(f.Event)
	if err != nil {
		return nil, err
	}
	env := schemas.Envelope{ID: f.ID, Source: "sage-coordinator/presence", Type: f.Event.EventType(), Time: f.Time, Data: data}
	rec, err := env.Record(schemas.TopicPresence, []byte(f.Worker.String()))
	if err != nil {
		return nil, err
	}
	return p.codec.Message(rec), nil
}
