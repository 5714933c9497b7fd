package eventlog

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// MaxBatchBytes bounds an encoded batch: brokers accept 1 MiB by default.
const MaxBatchBytes = 900 << 10

// stamp makes a batch the broker's to recognise: it drops a second copy and refuses older epochs.
type stamp struct {
	producer int64
	epoch    int16
	sequence int32
}

// next returns the stamp of the batch that follows n records. Sequences start again after 2^31-1.
func (s stamp) next(n int) stamp {
	s.sequence = int32((int64(s.sequence) + int64(n)) % (math.MaxInt32 + 1))
	return s
}

// Offsets into a record set of one version 2 batch, after the four bytes that say its size.
const (
	sizePrefix  = 4
	crcAt       = sizePrefix + 17
	coveredFrom = sizePrefix + 21 // what the checksum covers
	producerAt  = sizePrefix + 43
	epochAt     = sizePrefix + 51
	sequenceAt  = sizePrefix + 53
	headerSize  = sizePrefix + 61
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// now returns records with this moment as their time. It must not be the time of the facts: a broker judges by its records' times how long it
// has not heard of a writer, and after a day it forgets its epoch and sequence. Among old facts, as in a backfill, it would then, once it has
// been started again, take a batch twice and let a fenced writer in.
func now(records []schemas.Record) []schemas.Record {
	at := time.Now()
	stamped := slices.Clone(records)
	for i := range stamped {
		stamped[i].Time = at
	}
	return stamped
}

// encode renders records as one batch with a stamp.
func encode(records []schemas.Record, s stamp) ([]byte, error) {
	list := make([]kafka.Record, len(records))
	for i, r := range records {
		list[i] = kafka.Record{Time: r.Time, Key: keyBytes(r.Key), Value: protocol.NewBytes(r.Value)}
		for _, h := range r.Headers {
			list[i].Headers = append(list[i].Headers, kafka.Header{Key: h.Key, Value: h.Value})
		}
	}
	var b bytes.Buffer
	set := protocol.RecordSet{Version: 2, Records: kafka.NewRecordReader(list...)}
	if _, err := set.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("encode a batch of %d records: %w", len(records), err)
	}
	raw := b.Bytes()
	if len(raw) < headerSize {
		return nil, fmt.Errorf("encode a batch of %d records: %d bytes are less than a header", len(records), len(raw))
	}
	binary.BigEndian.PutUint64(raw[producerAt:], uint64(s.producer))
	binary.BigEndian.PutUint16(raw[epochAt:], uint16(s.epoch))
	binary.BigEndian.PutUint32(raw[sequenceAt:], uint32(s.sequence))
	binary.BigEndian.PutUint32(raw[crcAt:], crc32.Checksum(raw[coveredFrom:], castagnoli))
	return raw, nil
}

func keyBytes(key []byte) protocol.Bytes {
	if key == nil {
		return nil
	}
	return protocol.NewBytes(key)
}

// Size bounds from above how many bytes records take as one batch. Appending refuses what is above [MaxBatchBytes].
func Size(records ...schemas.Record) int {
	n := headerSize
	for _, r := range records {
		n += size(r)
	}
	return n
}

// recordOverhead bounds what frames a record: its attributes, its time (at most 10 bytes), and its length, offset, key
// length, value length and number of headers (at most 5 bytes each).
const recordOverhead = 1 + 10 + 5*5

// size bounds from above what a record adds to a batch.
func size(r schemas.Record) int {
	n := len(r.Key) + len(r.Value) + recordOverhead
	for _, h := range r.Headers {
		n += len(h.Key) + len(h.Value) + 10
	}
	return n
}

// Batches splits records into runs that fit into one batch each, in order. A single record above the bound is a run of its
// own, which appending then refuses.
func Batches(records []schemas.Record) [][]schemas.Record {
	var out [][]schemas.Record
	start, bytes := 0, headerSize
	for i, r := range records {
		n := size(r)
		if i > start && bytes+n > MaxBatchBytes {
			out = append(out, records[start:i])
			start, bytes = i, headerSize
		}
		bytes += n
	}
	if start < len(records) {
		out = append(out, records[start:])
	}
	return out
}
