package eventlog_test

import (
	"fmt"
	"log/slog"
	"testing"

	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// BenchmarkFetch reads records of some 400 bytes with eight headers, as the chain topic's are. One operation is one record.
func BenchmarkFetch(b *testing.B) {
	c, err := eventlog.Open(eventlog.Config{Brokers: embeddedtest.Log(b), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.Close)
	if err := c.EnsureTopics(b.Context(), []schemas.TopicSpec{{Name: topic, Partitions: 1}}); err != nil {
		b.Fatal(err)
	}
	w := c.NewWriter("bench", topic, 0)
	if _, err := w.Claim(b.Context(), schemas.Record{Value: []byte("claim")}); err != nil {
		b.Fatal(err)
	}
	record := schemas.Record{Value: make([]byte, 240)}
	for i := range 8 {
		record.Headers = append(record.Headers, schemas.Header{Key: fmt.Sprint("ce_key_", i), Value: []byte("some value")})
	}
	records := make([]schemas.Record, 2_000)
	for i := range records {
		records[i] = record
	}
	const total = 40_000
	for range total / len(records) {
		if _, err := w.Append(b.Context(), records); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	at := int64(0)
	for n := 0; n < b.N; {
		batch, err := c.Fetch(b.Context(), topic, 0, at)
		if err != nil {
			b.Fatal(err)
		}
		n += len(batch.Records)
		if at += int64(len(batch.Records)); at >= total {
			at = 0
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
