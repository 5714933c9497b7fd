package eventlog

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
	"pgregory.net/rapid"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// The bytes that go over the wire, with the four that say their size: brokers refuse a batch without them.
const goldenBatch = "00000081" + // size of the record set: 129
	"0000000000000000" + "00000075" + "ffffffff" + "02" + // base offset, length, leader epoch, version
	"bfc6cd11" + // checksum of all that follows
	"0000" + "00000001" + "0000019b76daa800" + "0000019b76daa805" + // attributes, last offset delta, first and last time
	"0000000000000539" + "0007" + "0000002a" + "00000002" + // producer 1337, epoch 7, sequence 42, two records
	"4e" + "00" + "00" + "00" + "06" + "6b6579" + "0e" + "7b2261223a317d" + "02" + "0a" + "63655f6964" + "20" + "30783a303a303a30" + "3a303a303a303a30" +
	"36" + "00" + "0a" + "02" + "01" + "02" + "78" + "02" + "1e" + "63655f73706563766572" + "73696f6e5f" + "06" + "312e30"

func goldenRecords() []schemas.Record {
	at := time.UnixMilli(1_767_225_600_000)
	return []schemas.Record{
		{Key: []byte("key"), Value: []byte(`{"a":1}`), Time: at, Headers: []schemas.Header{{Key: "ce_id", Value: []byte("0x:0:0:0:0:0:0:0")}}},
		{Value: []byte("x"), Time: at.Add(5 * time.Millisecond), Headers: []schemas.Header{{Key: "ce_specversion_", Value: []byte("1.0")}}},
	}
}

func TestEncodedBatch(t *testing.T) {
	raw, err := encode(goldenRecords(), stamp{producer: 1337, epoch: 7, sequence: 42})
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(raw); got != goldenBatch {
		t.Errorf("encoded\n%s, want\n%s", got, goldenBatch)
	}
	// Another implementation of the format must agree.
	if n := binary.BigEndian.Uint32(raw); int(n) != len(raw)-4 {
		t.Errorf("the prefix says %d bytes of %d", n, len(raw)-4)
	}
	var b kmsg.RecordBatch
	if err := b.ReadFrom(raw[4:]); err != nil {
		t.Fatal(err)
	}
	if b.ProducerID != 1337 || b.ProducerEpoch != 7 || b.FirstSequence != 42 || b.NumRecords != 2 || b.LastOffsetDelta != 1 || b.Attributes != 0 {
		t.Errorf("read by another: %+v", b)
	}
	if sum := crc32.Checksum(raw[4+21:], crc32.MakeTable(crc32.Castagnoli)); uint32(b.CRC) != sum {
		t.Errorf("checksum %08x, want %08x", uint32(b.CRC), sum)
	}
	rest := b.Records
	for i, want := range goldenRecords() {
		_, prefix := binary.Varint(rest)
		var r kmsg.Record
		if err := r.ReadFrom(rest); err != nil {
			t.Fatal(err)
		}
		rest = rest[prefix+int(r.Length):]
		at := time.UnixMilli(b.FirstTimestamp + r.TimestampDelta64)
		if int(r.OffsetDelta) != i || !at.Equal(want.Time) || string(r.Key) != string(want.Key) || (r.Key == nil) != (want.Key == nil) ||
			string(r.Value) != string(want.Value) || len(r.Headers) != 1 || r.Headers[0].Key != want.Headers[0].Key ||
			string(r.Headers[0].Value) != string(want.Headers[0].Value) {
			t.Errorf("record %d read by another: %+v", i, r)
		}
	}
	if len(rest) != 0 {
		t.Errorf("%d bytes after the last record", len(rest))
	}
}

func TestSequencesStartAgain(t *testing.T) {
	for _, c := range []struct {
		from int32
		n    int
		want int32
	}{{0, 1, 1}, {5, 10, 15}, {math.MaxInt32, 1, 0}, {math.MaxInt32 - 2, 5, 2}, {math.MaxInt32 - 1, 1, math.MaxInt32}} {
		if got := (stamp{sequence: c.from}).next(c.n).sequence; got != c.want {
			t.Errorf("after %d records from %d: %d, want %d", c.n, c.from, got, c.want)
		}
	}
}

func drawRecords(t *rapid.T) []schemas.Record {
	blob := rapid.SliceOfN(rapid.Byte(), 0, 300)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) schemas.Record {
		r := schemas.Record{Value: blob.Draw(t, "value"), Time: time.UnixMilli(rapid.Int64Range(1, math.MaxInt64/2_000_000).Draw(t, "time"))}
		if rapid.Bool().Draw(t, "keyed") {
			r.Key = blob.Draw(t, "key")
		}
		for range rapid.IntRange(0, 4).Draw(t, "headers") {
			r.Headers = append(r.Headers, schemas.Header{Key: rapid.StringN(1, 20, 80).Draw(t, "header"), Value: blob.Draw(t, "header value")})
		}
		return r
	}), 1, 30).Draw(t, "records")
}

func TestSizeBoundsTheEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := drawRecords(t)
		raw, err := encode(records, stamp{})
		if err != nil {
			t.Fatal(err)
		}
		bound := Size(records...)
		if len(raw) > bound {
			t.Fatalf("%d bytes, said to be %d at most", len(raw), bound)
		}
		slack := headerSize
		for _, r := range records {
			slack += recordOverhead + 10*len(r.Headers)
		}
		if bound-len(raw) > slack {
			t.Fatalf("%d bytes, said to be %d at most: that is far off", len(raw), bound)
		}
	})
}

func TestBatchesSplitByBytesInOrder(t *testing.T) {
	value := func(n int) schemas.Record { return schemas.Record{Value: []byte(strings.Repeat("x", n))} }
	third := MaxBatchBytes / 3
	for name, c := range map[string]struct {
		records []schemas.Record
		want    []int
	}{
		"nothing":           {nil, nil},
		"one":               {[]schemas.Record{value(1)}, []int{1}},
		"fits":              {[]schemas.Record{value(third - 100), value(third - 100), value(third - 100)}, []int{3}},
		"one too many":      {[]schemas.Record{value(third), value(third), value(third), value(1)}, []int{2, 2}},
		"too large by self": {[]schemas.Record{value(1), value(MaxBatchBytes + 1), value(1)}, []int{1, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			batches, i := Batches(c.records), 0
			if len(batches) != len(c.want) {
				t.Fatalf("%d batches, want %v", len(batches), c.want)
			}
			for b, run := range batches {
				if len(run) != c.want[b] {
					t.Errorf("batch %d has %d records, want %v", b, len(run), c.want)
				}
				for _, r := range run {
					if &r.Value[0] != &c.records[i].Value[0] {
						t.Fatalf("record %d is out of order", i)
					}
					i++
				}
			}
		})
	}
}

// A process that was asleep must not write on a claim that the broker may have forgotten.
func TestAnOldClaimIsNotWrittenOn(t *testing.T) {
	w := &Writer{topic: "t", claimed: true, lastAck: time.Now().Add(-staleAfter - time.Second)}
	if _, err := w.Append(t.Context(), goldenRecords()); !errors.Is(err, ErrStale) {
		t.Errorf("appending: %v, want ErrStale", err)
	}
	if _, err := w.Append(t.Context(), goldenRecords()); !errors.Is(err, ErrLostTrack) {
		t.Errorf("appending again: %v, want ErrLostTrack", err)
	}
	w = &Writer{topic: "t", claimed: true, lastAck: time.Now().Round(0).Add(-staleAfter - time.Second)} // by the wall clock alone
	if _, err := w.Append(t.Context(), goldenRecords()); !errors.Is(err, ErrStale) {
		t.Errorf("appending after a machine's sleep: %v, want ErrStale", err)
	}
}
