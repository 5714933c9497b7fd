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
			m := pubsub.Codec{}.Message(c.rec)
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
}

func TestForeignHeadersAreNoPlace(t *testing.T) {
	m := pubsub.Codec{}.Message(schemas.Record{Topic: "t", Offset: 7, Headers: []schemas.Header{
		{Key: pubsub.MetadataKey, Value: []byte("forged")}, {Key: pubsub.MetadataOffset, Value: []byte("0")}, {Key: "log_other", Value: []byte("x")}, {Key: "kept", Value: []byte("y")},
	}})
	want := message.Metadata{"kept": "y", pubsub.MetadataTopic: "t", pubsub.MetadataPartition: "0", pubsub.MetadataOffset: "7"}
	if !reflect.DeepEqual(m.Metadata, want) {
		t.Errorf("metadata %v, want %v", m.Metadata, want)
	}
}

func TestAnIDInTheMetadataIsKept(t *testing.T) {
	m := message.NewMessage("", nil)
	m.Metadata.Set("ce_id", "given")
	rec, err := pubsub.Codec{}.Record(m)
	if err != nil {
		t.Fatal(err)
	}
	if got := sorted(rec).([]any)[1].(map[string]string)["ce_id"]; got != "given" {
		t.Errorf("the record's id is %q", got)
	}
}
