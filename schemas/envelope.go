package schemas

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Envelope is one fact as the log carries it: CloudEvents 1.0 in Kafka's binary binding, attributes in headers and the data
// as a JSON object in the value.
type Envelope struct {
	// ID is deterministic: the same fact has the same id whoever writes it and however often.
	ID string
	// Source names the origin, such as starknet:SN_SEPOLIA.
	Source string
	// Type is the stable event type.
	Type string
	// Time is the block's for chain facts and the time of ingestion for telemetry.
	Time time.Time
	// Term is the offset of the writer's claim, which may be 0. On topics without claims it is absent, and reads as 0.
	Term int64
	// Position is the place on the chain; nil on records that have none.
	Position *Position
	// Data is the value, a JSON object.
	Data json.RawMessage
}

// MaxRecordBytes bounds the value of one record, so that any one record fits in a batch that brokers accept by default.
const MaxRecordBytes = 512 << 10

// ErrTooLarge says that a value is above [MaxRecordBytes].
var ErrTooLarge = errors.New("value is too large for the log")

// Record renders the envelope for a topic. Key may be nil.
func (e Envelope) Record(topic string, key []byte) (Record, error) {
	if len(e.Data) > MaxRecordBytes {
		return Record{}, fmt.Errorf("%s %s: %d bytes: %w (at most %d)", e.Type, e.ID, len(e.Data), ErrTooLarge, MaxRecordBytes)
	}
	r := Record{Topic: topic, Key: key, Value: e.Data}
	r.Headers = append(make([]Header, 0, 8),
		Header{"ce_specversion", []byte("1.0")},
		Header{"ce_id", []byte(e.ID)},
		Header{"ce_source", []byte(e.Source)},
		Header{"ce_type", []byte(e.Type)},
		Header{"ce_time", e.Time.UTC().AppendFormat(nil, time.RFC3339Nano)},
		Header{"content-type", []byte("application/json")},
	)
	if e.Term > 0 {
		r.Headers = append(r.Headers, Header{"ce_term", strconv.AppendInt(nil, e.Term, 10)})
	}
	if e.Position != nil {
		r.Headers = append(r.Headers, Header{"ce_position", []byte(e.Position.String())})
	}
	return r, nil
}

// ErrForeign says that a record is not an envelope of ours. A reader stops at one and names it: the topics are ours alone.
var ErrForeign = errors.New("foreign record")

// ParseEnvelope reads a record's attributes. The data shares memory with the record's value.
func ParseEnvelope(r Record) (Envelope, error) {
	e := Envelope{Data: r.Value}
	version := ""
	for _, h := range r.Headers {
		var err error
		switch v := string(h.Value); h.Key {
		case "ce_specversion":
			version = v
		case "ce_id":
			e.ID = v
		case "ce_source":
			e.Source = v
		case "ce_type":
			e.Type = v
		case "ce_time":
			e.Time, err = parseTime(v)
		case "ce_term":
			if e.Term, err = strconv.ParseInt(v, 10, 64); err == nil && e.Term < 0 {
				err = fmt.Errorf("term %d: an offset is not negative", e.Term)
			}
		case "ce_position":
			var p Position
			p, err = ParsePosition(v)
			e.Position = &p
		}
		if err != nil {
			return Envelope{}, fmt.Errorf("%s[%d]@%d: header %s: %w (%w)", r.Topic, r.Partition, r.Offset, h.Key, err, ErrForeign)
		}
	}
	if version != "1.0" || e.ID == "" || e.Type == "" {
		return Envelope{}, fmt.Errorf("%s[%d]@%d: not a CloudEvents 1.0 record: %w", r.Topic, r.Partition, r.Offset, ErrForeign)
	}
	return e, nil
}

// parseTime reads a time that [Envelope.Record] can write again: in UTC, too, its year has four digits.
func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, err
	}
	if y := t.UTC().Year(); y < 0 || y > 9999 {
		return time.Time{}, fmt.Errorf("time %s: year %d in UTC", s, y)
	}
	return t, nil
}

// Position is a place on the chain. Order is by block, then transaction, then event; the seal of a block comes after all its
// events.
type Position struct {
	Block uint64
	Tx    uint32 // index of the transaction in its block
	Event uint32 // index of the event in its transaction
}

// SealPosition is the position of the seal of a block, above all its events.
func SealPosition(block uint64) Position {
	return Position{Block: block, Tx: math.MaxUint32, Event: math.MaxUint32}
}

// Compare returns -1, 0 or 1 as p is before, at or after q.
func (p Position) Compare(q Position) int {
	switch {
	case p.Block != q.Block:
		return order(p.Block, q.Block)
	case p.Tx != q.Tx:
		return order(p.Tx, q.Tx)
	}
	return order(p.Event, q.Event)
}

func order[T uint32 | uint64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// String is block/transaction/event, or block/seal.
func (p Position) String() string {
	if p == SealPosition(p.Block) {
		return strconv.FormatUint(p.Block, 10) + "/seal"
	}
	return fmt.Sprintf("%d/%d/%d", p.Block, p.Tx, p.Event)
}

// ParsePosition is the inverse of [Position.String].
func ParsePosition(s string) (Position, error) {
	block, rest, _ := strings.Cut(s, "/")
	n, err := strconv.ParseUint(block, 10, 64)
	if err != nil {
		return Position{}, fmt.Errorf("position %q: %w", clip(s), err)
	}
	if rest == "seal" {
		return SealPosition(n), nil
	}
	tx, event, _ := strings.Cut(rest, "/")
	t, err := strconv.ParseUint(tx, 10, 32)
	if err != nil {
		return Position{}, fmt.Errorf("position %q: %w", clip(s), err)
	}
	e, err := strconv.ParseUint(event, 10, 32)
	if err != nil {
		return Position{}, fmt.Errorf("position %q: %w", clip(s), err)
	}
	return Position{Block: n, Tx: uint32(t), Event: uint32(e)}, nil
}
