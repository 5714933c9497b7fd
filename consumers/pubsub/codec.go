package pubsub

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Metadata that a message has of the record that it came from. Its other metadata are the record's headers, but for those whose names
// begin with log_: such names are the messages' own. On publishing, only the key of these counts.
const (
	MetadataTopic     = "log_topic"
	MetadataPartition = "log_partition"
	MetadataOffset    = "log_offset"
	MetadataTime      = "log_time" // of appending, RFC 3339
	MetadataKey       = "log_key"  // decides about the partition
)

const (
	ownPrefix = "log_"
	headerID  = "ce_id"
)

// Codec turns records into messages and back. An event's record that was turned into a message and back is the same, its headers in
// alphabetical order. Of headers with one name, which no event has, the last counts.
type Codec struct{}

// Message returns the message of a record. Its payload shares memory with the record's value.
func (Codec) Message(rec schemas.Record) *message.Message {
	m := message.NewMessage("", rec.Value)
	for _, h := range rec.Headers {
		if !strings.HasPrefix(h.Key, ownPrefix) { // anybody may write one, and none may pass for a place in the log
			m.Metadata.Set(h.Key, string(h.Value))
		}
	}
	m.UUID = m.Metadata.Get(headerID)
	m.Metadata.Set(MetadataTopic, rec.Topic)
	m.Metadata.Set(MetadataPartition, strconv.FormatInt(int64(rec.Partition), 10))
	m.Metadata.Set(MetadataOffset, strconv.FormatInt(rec.Offset, 10))
	if !rec.Time.IsZero() {
		m.Metadata.Set(MetadataTime, rec.Time.UTC().Format(time.RFC3339Nano))
	}
	if rec.Key != nil {
		m.Metadata.Set(MetadataKey, string(rec.Key))
	}
	return m
}

// Record returns the record of a message, with its place in the log where it came from there.
func (Codec) Record(m *message.Message) (rec schemas.Record, err error) {
	rec = schemas.Record{Topic: m.Metadata.Get(MetadataTopic), Value: m.Payload}
	for _, key := range slices.Sorted(maps.Keys(m.Metadata)) {
		value := m.Metadata[key]
		switch key {
		case MetadataTopic:
		case MetadataPartition:
			var n int64
			if n, err = strconv.ParseInt(value, 10, 32); err == nil {
				rec.Partition = int32(n)
			}
		case MetadataOffset:
			rec.Offset, err = strconv.ParseInt(value, 10, 64)
		case MetadataTime:
			rec.Time, err = time.Parse(time.RFC3339Nano, value)
		case MetadataKey:
			rec.Key = []byte(value)
		default:
			if !strings.HasPrefix(key, ownPrefix) && key != headerID {
				rec.Headers = append(rec.Headers, schemas.Header{Key: key, Value: []byte(value)})
			}
		}
		if err != nil {
			return rec, fmt.Errorf("message %s: metadata %s: %w", m.UUID, key, err)
		}
	}
	id := m.UUID
	if id == "" {
		id = m.Metadata.Get(headerID)
	}
	if id != "" {
		rec.Headers = append(rec.Headers, schemas.Header{Key: headerID, Value: []byte(id)})
		slices.SortFunc(rec.Headers, func(a, b schemas.Header) int { return strings.Compare(a.Key, b.Key) })
	}
	return rec, nil
}
