package eventlog_test

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
)

func TestWhatRetentionTookIsNotSkipped(t *testing.T) {
	f := openFaulty(t, 1)
	w := f.claimed(t)
	if _, err := w.Append(t.Context(), numbered(0, 9)); err != nil {
		t.Fatal(err)
	}
	deleteBelow(t, f, 4)
	if first, next, err := f.Bounds(t.Context(), topic, 0); err != nil || first != 4 || next != 10 {
		t.Fatalf("bounds %d to %d, %v", first, next, err)
	}
	if _, err := f.Fetch(t.Context(), topic, 0, 3); !errors.Is(err, eventlog.ErrTruncated) {
		t.Errorf("fetch below the beginning: %v, want ErrTruncated", err)
	}
	err := f.Follow(t.Context(), topic, 0, 3, func(eventlog.Batch) error { return nil })
	if !errors.Is(err, eventlog.ErrTruncated) {
		t.Errorf("follow from below the beginning: %v, want ErrTruncated", err)
	}
	// The batch that offset 4 is in begins at 1.
	b, err := f.Fetch(t.Context(), topic, 0, 4)
	if err != nil || b.First != 4 || b.End != 10 || values(b.Records) != "3,4,5,6,7,8" {
		t.Errorf("fetch from the beginning: %d to %d: %s, %v", b.First, b.End, values(b.Records), err)
	}
	if got, err := f.ReadBack(t.Context(), topic, 0, 6, 5); err != nil || values(got) != "3,4" {
		t.Errorf("read back across the beginning: %s, %v", values(got), err)
	}
}

// answerFetch answers fetches with the batches given, which say that they begin at these offsets, and an end.
func answerFetch(f *faulty, end int64, batches ...[]byte) *atomic.Int64 {
	var asked atomic.Int64
	f.cluster.ControlKey(int16(kmsg.Fetch), func(req kmsg.Request) (kmsg.Response, error, bool) {
		f.cluster.KeepControl()
		asked.Add(1)
		r := req.(*kmsg.FetchRequest)
		res := r.ResponseKind().(*kmsg.FetchResponse)
		rt, rp := kmsg.NewFetchResponseTopic(), kmsg.NewFetchResponseTopicPartition()
		rt.Topic, rp.Partition, rp.HighWatermark, rp.LastStableOffset, rp.LogStartOffset = topic, 0, end, end, 0
		for _, b := range batches {
			rp.RecordBatches = append(rp.RecordBatches, b...)
		}
		rt.Partitions = append(rt.Partitions, rp)
		res.Topics = append(res.Topics, rt)
		return res, nil, true
	})
	return &asked
}

// rawBatch is a batch of one record, as brokers keep it.
func rawBatch(base int64, attributes int16) []byte {
	record := kmsg.Record{Value: []byte("x")}
	record.Length = int32(len(record.AppendTo(nil)) - 1)
	b := kmsg.RecordBatch{FirstOffset: base, Magic: 2, Attributes: attributes, NumRecords: 1, ProducerID: -1, ProducerEpoch: -1, FirstSequence: -1, Records: record.AppendTo(nil)}
	b.Length = int32(len(b.AppendTo(nil)) - 12)
	raw := b.AppendTo(nil)
	binary.BigEndian.PutUint32(raw[17:], crc32.Checksum(raw[21:], crc32.MakeTable(crc32.Castagnoli)))
	return raw
}

func TestMissingOffsetsAreNoticed(t *testing.T) {
	for name, c := range map[string]struct {
		from    int64
		batches [][]byte
		want    error
	}{
		"dense":                {5, [][]byte{rawBatch(5, 0), rawBatch(6, 0)}, nil},
		"begins below":         {5, [][]byte{rawBatch(4, 0), rawBatch(5, 0), rawBatch(6, 0)}, nil},
		"a hole at the front":  {5, [][]byte{rawBatch(6, 0)}, eventlog.ErrGap},
		"a hole in the middle": {5, [][]byte{rawBatch(5, 0), rawBatch(7, 0)}, eventlog.ErrGap},
		"twice":                {5, [][]byte{rawBatch(5, 0), rawBatch(5, 0)}, eventlog.ErrGap},
		"a transaction marker": {5, [][]byte{rawBatch(5, 0), rawBatch(6, 0x20), rawBatch(7, 0)}, eventlog.ErrGap},
	} {
		t.Run(name, func(t *testing.T) {
			f := openFaulty(t, 1)
			answerFetch(f, 10, c.batches...)
			b, err := f.Fetch(t.Context(), topic, 0, c.from)
			if !errors.Is(err, c.want) {
				t.Fatalf("%v, want %v", err, c.want)
			}
			if c.want == nil && (len(b.Records) != 2 || b.Records[0].Offset != 5) {
				t.Errorf("records %+v", b.Records)
			}
			err = f.Follow(t.Context(), topic, 0, c.from, func(eventlog.Batch) error { return errTaken })
			if want := errors.Join(c.want); want != nil && !errors.Is(err, c.want) || want == nil && !errors.Is(err, errTaken) {
				t.Errorf("follow: %v, want %v", err, c.want)
			}
		})
	}
}

var errTaken = errors.New("taken")

func TestALogThatGivesNothingIsNotWaitedForForEver(t *testing.T) {
	f := openFaulty(t, 1)
	asked := answerFetch(f, 10, rawBatch(5, 0x20)) // kafka-go drops the marker, and nothing is left
	err := f.Follow(t.Context(), topic, 0, 5, func(eventlog.Batch) error { t.Error("a batch was taken"); return nil })
	if !errors.Is(err, eventlog.ErrStalled) {
		t.Errorf("%v, want ErrStalled", err)
	}
	if n := metric(t, f.registry, "log_fetches_total", "stalled"); n != float64(asked.Load()) || n < 2 {
		t.Errorf("%v stalled fetches counted of %d", n, asked.Load())
	}
}

func TestAnOffsetInsideTheBoundsIsAskedForAgain(t *testing.T) {
	f := openFaulty(t, 1)
	f.claimed(t)
	f.cluster.ControlKey(int16(kmsg.Fetch), func(req kmsg.Request) (kmsg.Response, error, bool) { // as a new leader may, once
		r := req.(*kmsg.FetchRequest)
		res := r.ResponseKind().(*kmsg.FetchResponse)
		rt, rp := kmsg.NewFetchResponseTopic(), kmsg.NewFetchResponseTopicPartition()
		rt.Topic, rp.ErrorCode = topic, 1
		rt.Partitions = append(rt.Partitions, rp)
		res.Topics = append(res.Topics, rt)
		return res, nil, true
	})
	if err := f.Follow(t.Context(), topic, 0, 0, func(eventlog.Batch) error { return errTaken }); !errors.Is(err, errTaken) {
		t.Errorf("%v, want the batch on another try", err)
	}
}

func TestFollowGoesOnThroughCutConnections(t *testing.T) {
	f := openFaulty(t, 1)
	w := f.claimed(t)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	const total = 60
	next, done := int64(0), make(chan error, 1)
	go func() {
		done <- f.Follow(ctx, topic, 0, 0, func(b eventlog.Batch) error {
			for _, r := range b.Records {
				if r.Offset != next {
					t.Errorf("offset %d follows where %d was due", r.Offset, next)
				}
				next++
			}
			if next == 1+total {
				stop()
			}
			return nil
		})
	}()
	for i := range total {
		if i%10 == 5 {
			f.proxy.cut.Store(3) // whatever is answered next
		}
		if base, err := w.Append(t.Context(), numbered(i, 1)); err != nil || base != int64(1+i) {
			t.Fatalf("number %d at %d, %v", i, base, err)
		}
	}
	if err := <-done; err != nil || next != 1+total {
		t.Errorf("followed %d of %d records, %v", next, 1+total, err)
	}
	if f.proxy.lost.Load() == 0 {
		t.Error("no answer was lost: the test has no teeth")
	}
}
