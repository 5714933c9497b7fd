package pg

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// parkedColumns are those that a batch fills of the table parked_records.
var parkedColumns = []projections.Column{
	{Name: "topic", Type: projections.Text},
	{Name: "part", Type: projections.Int},
	{Name: "log_offset", Type: projections.Int},
	{Name: "event_key", Type: projections.Text},
	{Name: "event_id", Type: projections.Text},
	{Name: "event_type", Type: projections.Text},
	{Name: "reason", Type: projections.Text},
	{Name: "headers", Type: projections.JSON},
	{Name: "value", Type: projections.Bytes},
}

var (
	park = insertRows("parked_records", parkedColumns) +
		" on conflict (topic, part, log_offset) do update set reason = excluded.reason, retry = false"
	release = "delete from parked_records p using unnest($1::text[], $2::int8[], $3::int8[]) as r(topic, part, log_offset) " +
		"where p.topic = r.topic and p.part = r.part and p.log_offset = r.log_offset"
)

// parkedWrites are what a batch does to what is parked.
func parkedWrites(topic string, part int32, b *projections.TelemetryBatch) ([]write, error) {
	parked, released := make([][]any, len(b.Parked)), make([][]any, len(b.Released))
	for i, p := range b.Parked {
		headers := make([][2]string, len(p.Headers))
		for i, h := range p.Headers {
			headers[i] = [2]string{storable([]byte(h.Key)), storable(h.Value)}
		}
		doc, err := json.Marshal(headers)
		if err != nil {
			return nil, err
		}
		parked[i] = []any{p.Topic, int64(p.Partition), p.Offset, storable(p.Key), storable([]byte(p.ID)), storable([]byte(p.Type)), storable([]byte(p.Reason)), string(doc), p.Value}
	}
	for i, offset := range b.Released {
		released[i] = []any{topic, int64(part), offset}
	}
	return []write{
		{table: "parked_records", columns: parkedColumns, rows: parked, statement: park},
		{table: "parked_records", columns: parkedColumns[:3], rows: released, statement: release},
	}, nil
}

// hexMark begins what is written in hex.
const hexMark = `\x`

// storable writes bytes as text that Postgres can hold. A record that cannot be folded may be anybody's, and have anything in its key and headers.
func storable(raw []byte) string {
	if text := string(raw); utf8.ValidString(text) && !strings.Contains(text, "\x00") && !strings.HasPrefix(text, hexMark) {
		return text
	}
	return hexMark + hex.EncodeToString(raw)
}

// original reads back what [storable] wrote.
func original(text string) []byte {
	if digits, marked := strings.CutPrefix(text, hexMark); marked {
		if raw, err := hex.DecodeString(digits); err == nil {
			return raw
		}
	}
	return []byte(text)
}

// Parked returns the keys of a topic's records that are parked, and the records that are to be tried again, oldest first: all that are parked of
// a key, where that is asked for one of them.
func (l *TelemetryLease) Parked(ctx context.Context, topic string) (held map[string]bool, again []schemas.Record, err error) {
	const q = `
select event_key, log_offset, headers, value, parked_at, retry or event_key <> '' and event_key in (
    select event_key from parked_records where topic = $1 and part = $2 and retry)
from parked_records where topic = $1 and part = $2 order by log_offset`
	rows, err := l.pool.Query(ctx, q, topic, l.part)
	if err != nil {
		return nil, nil, fmt.Errorf("parked records of %s[%d]: %w", topic, l.part, err)
	}
	held = map[string]bool{}
	rec := schemas.Record{Topic: topic, Partition: l.part}
	var key string
	var headers [][2]string
	var retry bool
	_, err = pgx.ForEachRow(rows, []any{&key, &rec.Offset, &headers, &rec.Value, &rec.Time, &retry}, func() error {
		if key != "" {
			held[string(original(key))] = true
		}
		if retry {
			r := rec
			r.Key, r.Value, r.Headers = original(key), slices.Clone(rec.Value), nil
			for _, h := range headers {
				r.Headers = append(r.Headers, schemas.Header{Key: string(original(h[0])), Value: original(h[1])})
			}
			again = append(again, r)
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("parked records of %s[%d]: %w", topic, l.part, err)
	}
	return held, again, nil
}

// ParkedRow is a parked record as people look at it.
type ParkedRow struct {
	Topic     string
	Partition int32
	Offset    int64
	Key       string
	ID        string
	Type      string
	Reason    string
	ParkedAt  time.Time
	Value     []byte
	InAll     int64 // how many records are parked
}

// ParkedRecords keeps what is parked of telemetry.
type ParkedRecords struct{ pool *pgxpool.Pool }

// NewParkedRecords returns what is parked in a database.
func NewParkedRecords(pool *pgxpool.Pool) ParkedRecords { return ParkedRecords{pool} }

// List returns the oldest records, and how many there are.
func (p ParkedRecords) List(ctx context.Context, limit int) (oldest []ParkedRow, total int64, err error) {
	oldest, err = p.rows(ctx, "order by parked_at, topic, part, log_offset limit $1", limit)
	if len(oldest) > 0 {
		total = oldest[0].InAll
	}
	return oldest, total, err
}

// Get returns the record at a place in the log; ok is false where none of it is parked.
func (p ParkedRecords) Get(ctx context.Context, topic string, part int32, offset int64) (row ParkedRow, ok bool, err error) {
	found, err := p.rows(ctx, "where topic = $1 and part = $2 and log_offset = $3", topic, part, offset)
	if err != nil || len(found) == 0 {
		return row, false, err
	}
	return found[0], true, nil
}

func (p ParkedRecords) rows(ctx context.Context, which string, args ...any) ([]ParkedRow, error) {
	rows, err := p.pool.Query(ctx, "select topic, part, log_offset, event_key, event_id, event_type, reason, parked_at, value, (select count(*) from parked_records) from parked_records "+which, args...)
	if err != nil {
		return nil, fmt.Errorf("parked records: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[ParkedRow])
}

// Retry has the records of keys tried again, all of them where no key is given, and returns how many they are. Who reads their partitions
// loses its lease, so that whoever takes it folds them before it reads on.
func (p ParkedRecords) Retry(ctx context.Context, keys []string) (records int64, err error) {
	return p.change(ctx, "update parked_records set retry = true where event_key = any($1) or cardinality($1::text[]) = 0 returning part", append([]string{}, keys...))
}

// Drop gives up the record at a place in the log: nothing will ever come of it. Those after it of its key stay parked until they are tried again.
func (p ParkedRecords) Drop(ctx context.Context, topic string, part int32, offset int64) (dropped bool, err error) {
	n, err := p.change(ctx, "delete from parked_records where topic = $1 and part = $2 and log_offset = $3 returning part", topic, part, offset)
	return n > 0, err
}

// change changes what is parked of partitions, and ends their leases: whoever has one remembers what was parked.
func (p ParkedRecords) change(ctx context.Context, statement string, args ...any) (n int64, err error) {
	const end = `
with changed as (%s), ended as (
    update readers set owner_epoch = owner_epoch + 1, owner = null, lease_until = null
    where reader = any($%d) and part in (select part from changed))
select count(*) from changed`
	var names []string
	for _, name := range telemetryReaders {
		names = append(names, name)
	}
	if err := p.pool.QueryRow(ctx, fmt.Sprintf(end, statement, len(args)+1), append(args, names)...).Scan(&n); err != nil {
		return 0, fmt.Errorf("change what is parked: %w", err)
	}
	return n, nil
}
