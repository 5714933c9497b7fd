package pubsub_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/bitsage-network/validator-dashboard/consumers/pubsub"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestRecordsBecomeMessagesAndBack(t *testing.T) {
	at := time.Date(2026, 5, 1, 12, 0, 0, 123_000_000, time.UTC)
	position := schemas.Position{Block: 7, Tx: 1, Event: 2}
	event, err := schemas.Envelope{
		ID: "a/b/0", Source: "test", Type: "bitsage.test", Time: at, Term: 9, Position: &position, Data: []byte(`{"x":1}`),
	}.Record(schemas.TopicChain, []byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	event.Partition, event.Offset = 3, 12
	for _, c := range []struct {
		name string
		rec  schemas.Record
		id   string
		meta message.Metadata
	}{
		{"an event", event, "a/b/0", message.Metadata{
			"ce_type": "bitsage.test", "ce_position": "7/1/2", "ce_term": "9",
			pubsub.MetadataTopic: schemas.TopicChain, pubsub.MetadataPartition: "3", pubsub.MetadataOffset: "12", pubsub.MetadataKey: "key",
		}},
		{"a bare record", schemas.Record{Topic: "t", Value: []byte("v")}, "", message.Metadata{
			pubsub.MetadataTopic: "t", pubsub.MetadataPartition: "0", pubsub.MetadataOffset: "0",
		}},
		{"an empty key is a key", schemas.Record{Topic: "t", Key: []byte{}, Value: []byte("v")}, "", message.Metadata{pubsub.MetadataKey: ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := pubsub.Codec{}.Message(c.rec)
			if err != nil {
				t.Fatal(err)
			}
			if m.UUID != c.id || string(m.Payload) != string(c.rec.Value) {
				t.Errorf("message %q with payload %q", m.UUID, m.Payload)
			}
			for key, want := range c.meta {
				if got, ok := m.Metadata[key]; !ok || got != want {
					t.Errorf("metadata %s is %q, want %q", key, got, want)
				}
			}
			back, err := pubsub.Codec{}.Record(m)
			if err != nil {
				t.Fatal(err)
			}
			if want := sorted(c.rec); !reflect.DeepEqual(sorted(back), want) {
				t.Errorf("back it is\n%v, want\n%v", back, want)
			}
		})
	}
}

// sorted is a record with its headers as a map.
func sorted(rec schemas.Record) any {
	headers := map[string]string{}
	for _, h := range rec.Headers {
		headers[h.Key] = string(h.Value)
	}
	rec.Headers = nil
	return []any{rec, headers}
}

func TestWhatIsMalformedIsSaid(t *testing.T) {
	for key, value := range map[string]string{
		pubsub.MetadataPartition: "many", pubsub.MetadataOffset: "x", pubsub.MetadataTime: "yesterday",
	} {
		m := message.NewMessage("id", nil)
		m.Metadata.Set(key, value)
		if _, err := (pubsub.Codec{}).Record(m); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("metadata %s %q: %v", key, value, err)
		}
	}
	rec := schemas.Record{Topic: "t", Headers: []schemas.Header{{Key: pubsub.MetadataKey, Value: []byte("forged")}}}
	if _, err := (pubsub.Codec{}).Message(rec); err == nil {
		t.Error("a header with the name of the messages' own metadata is taken")
	}
}
