package reactions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// memoryCodec keeps records beside their messages.
type memoryCodec struct{}

type recordKey struct{}

func (memoryCodec) Record(m *message.Message) (schemas.Record, error) {
	rec, ok := m.Context().Value(recordKey{}).(schemas.Record)
	if !ok {
		return rec, errors.New("no record of this codec's")
	}
	return rec, nil
}

func (memoryCodec) Message(rec schemas.Record) *message.Message {
	env, err := schemas.ParseEnvelope(rec)
	if err != nil {
		panic(err) // the tests' own records
	}
	m := message.NewMessage(env.ID, rec.Value)
	m.SetContext(context.WithValue(context.Background(), recordKey{}, rec))
	return m
}

// memoryLog is the topic of the heartbeats, by partition.
type memoryLog map[int32][]schemas.Record

func (l memoryLog) ReadBack(_ context.Context, _ string, part int32, before int64, n int) ([]schemas.Record, error) {
	return l[part][max(0, before-int64(n)):before], nil
}

func logged(t *testing.T, topic, typ, id string, at time.Time, value any) schemas.Record {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := schemas.Envelope{ID: id, Source: "test", Type: typ, Time: at, Data: data}.Record(topic, []byte("key of "+id))
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// randomLog is a log in which few workers report often, and now and then not at all.
func randomLog(t *testing.T, rnd *rand.Rand) memoryLog {
	t.Helper()
	log := memoryLog{}
	for part := range int32(3) {
		at := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
		for i := range 2_000 {
			at = at.Add(time.Duration(rnd.Int64N(int64(4 * time.Second))))
			typ, value := schemas.TypeTick, any(schemas.Tick{})
			if worker := byte(rnd.ExpFloat64() * 8); worker > 0 {
				typ, value = schemas.TypeHeartbeat, schemas.Heartbeat{Worker: schemas.Address{30: byte(part), 31: worker}}
			}
			rec := logged(t, schemas.TopicHeartbeats, typ, fmt.Sprintf("%d/%d", part, i), at, value)
			rec.Partition, rec.Offset = part, int64(i)
			log[part] = append(log[part], rec)
		}
	}
	return log
}

// derive gives a handler the records of a log from an offset on and returns the ids of the facts by partition and offset.
func derive(t *testing.T, h *Presence, log memoryLog, part int32, from, to int) map[int][]string {
	t.Helper()
	facts := map[int][]string{}
	for i := from; i < to; i++ {
		facts[i] = handle(t, h, log[part][i])
	}
	return facts
}

func handle(t *testing.T, h *Presence, rec schemas.Record) (ids []string) {
	t.Helper()
	in := memoryCodec{}.Message(rec)
	out, err := h.Handle(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range out {
		rec, err := memoryCodec{}.Record(m)
		if err != nil {
			t.Fatal(err)
		}
		env, err := schemas.ParseEnvelope(rec)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, fmt.Sprintf("%s %s %s %s", env.ID, env.Type, env.Time, rec.Value))
	}
	return ids
}

// TestPresenceIsTheSameHoweverItIsRead compares one handler that reads each partition from its beginning with others that begin
// anywhere, are given messages again, lose the partition and get it back.
func TestPresenceIsTheSameHoweverItIsRead(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	log := randomLog(t, rnd)
	total := 0
	for part := range int32(3) {
		want := derive(t, NewPresence(log, memoryCodec{}), log, part, 0, len(log[part]))
		for _, ids := range want {
			total += len(ids)
		}
		h := NewPresence(log, memoryCodec{})
		for range 60 {
			from := rnd.IntN(len(log[part]))
			to := min(len(log[part]), from+rnd.IntN(100))
			got := derive(t, h, log, part, from, to)
			for i, ids := range got {
				if !slices.Equal(ids, want[i]) {
					t.Fatalf("partition %d, from %d: record %d gives %q, want %q", part, from, i, ids, want[i])
				}
			}
			if to > from {
				if again := handle(t, h, log[part][to-1]); !slices.Equal(again, want[to-1]) {
					t.Fatalf("partition %d: record %d again gives %q, want %q", part, to-1, again, want[to-1])
				}
			}
		}
	}
	if total < 50 {
		t.Fatalf("only %d facts in the whole log: the test shows little", total)
	}
	seen := map[string]int{}
	for part := range int32(3) {
		for _, ids := range derive(t, NewPresence(log, memoryCodec{}), log, part, 0, len(log[part])) {
			for _, id := range ids {
				seen[id]++
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(seen)) {
		if seen[id] > 1 {
			t.Errorf("fact %s was derived %d times in one reading", id, seen[id])
		}
	}
}

func TestPresenceRefusesWhatIsForeign(t *testing.T) {
	h := NewPresence(memoryLog{}, memoryCodec{})
	rec := logged(t, schemas.TopicHeartbeats, schemas.TypeHeartbeat, "x", time.Unix(0, 0), "not a heartbeat")
	in := memoryCodec{}.Message(rec)
	if out, err := h.Handle(in); err == nil {
		t.Errorf("%d messages and no error", len(out))
	}
}
