package pg

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// HeartbeatReader is the name of the readers of heartbeats, one a partition. Its lease covers all that workers of the partition report.
const HeartbeatReader = "heartbeats"

// telemetryReaders names the reader of each topic of telemetry.
var telemetryReaders = map[string]string{
	schemas.TopicHeartbeats: HeartbeatReader,
	schemas.TopicGPUMetrics: "gpu-metrics",
	schemas.TopicClaims:     "claims",
}

// TelemetryStore keeps what workers report.
type TelemetryStore struct {
	pool   *pgxpool.Pool
	tables []telemetryTable
	days   *Days
	points projections.Points
}

// telemetryTable is a table with its statement, written once.
type telemetryTable struct {
	projections.TelemetryTable
	statement string
	day       int // place of the time column of a history
}

// NewTelemetryStore returns a store for what workers report, of which it keeps so many days of history.
func NewTelemetryStore(pool *pgxpool.Pool, keep Retention) *TelemetryStore {
	s := &TelemetryStore{pool: pool}
	var histories []string
	for _, t := range projections.NewTelemetry().Tables() {
		table := telemetryTable{TelemetryTable: t}
		if t.Day != "" {
			histories = append(histories, t.Name)
			table.statement = insertRows(t.Name, t.Columns)
			table.day = slices.IndexFunc(t.Columns, func(c projections.Column) bool { return c.Name == t.Day })
		} else {
			table.statement = telemetryUpsert(t)
		}
		s.tables = append(s.tables, table)
	}
	s.days = newDays(pool, histories, keep)
	return s
}

// StopAt makes the leases that are claimed from now on stop at points.
func (s *TelemetryStore) StopAt(points projections.Points) { s.points = points }

// Days returns the keeper of the days that the histories are divided by.
func (s *TelemetryStore) Days() *Days { return s.days }

func telemetryUpsert(t projections.TelemetryTable) string {
	var names, sets []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
		if slices.Contains(t.Key, c.Name) {
			continue
		}
		next := "excluded." + c.Name
		switch t.Rules[c.Name] {
		case projections.Or:
			next = fmt.Sprintf("%s.%s | %s", t.Name, c.Name, next)
		case projections.Sum:
			next = fmt.Sprintf("%s.%s + %s", t.Name, c.Name, next)
		case projections.Greatest:
			next = fmt.Sprintf("greatest(%s.%s, %s)", t.Name, c.Name, next)
		}
		sets = append(sets, c.Name+" = "+next)
	}
	q := fmt.Sprintf("insert into %s (%s) select %s on conflict (%s) do ", t.Name, strings.Join(names, ", "), unnest(t.Columns), strings.Join(t.Key, ", "))
	if t.First {
		return q + "nothing"
	}
	q += "update set " + strings.Join(sets, ", ")
	if t.Newest != "" {
		q += fmt.Sprintf(" where excluded.%[2]s >= %[1]s.%[2]s", t.Name, t.Newest)
	}
	if m := t.Marks; m != nil {
		key := strings.Join(t.Key, ", ")
		q = fmt.Sprintf("with stored as (%s returning %s, %s) update %s t set %s = s.%s from stored s where (t.%s) = (s.%s)", q, key, m.From, m.Table, m.Column, m.From,
			strings.Join(t.Key, ", t."), strings.Join(t.Key, ", s."))
	}
	return q
}

// TelemetryLease is the right to advance what the workers of one partition report, on all topics of telemetry.
type TelemetryLease struct {
	*Lease
	store   *TelemetryStore
	readers map[string]*Lease         // by topic; all are the one lease's, and use its connection
	made    map[string]map[int64]bool // days of each history that are known to be there, as Unix times
}

// Claim takes the lease of one partition's reader, see [Claim].
func (s *TelemetryStore) Claim(ctx context.Context, part int32, owner string) (*TelemetryLease, error) {
	main, err := Claim(ctx, s.pool, HeartbeatReader, schemas.TopicHeartbeats, part, owner, s.points)
	if err != nil {
		return nil, err
	}
	l := &TelemetryLease{Lease: main, store: s, readers: map[string]*Lease{schemas.TopicHeartbeats: main}, made: map[string]map[int64]bool{}}
	for topic, reader := range telemetryReaders {
		if topic == schemas.TopicHeartbeats {
			continue
		}
		if l.readers[topic], err = main.also(ctx, reader, topic, owner); err != nil {
			main.close()
			return nil, fmt.Errorf("lease of %s on %s[%d]: %w", reader, topic, part, err)
		}
	}
	return l, nil
}

// also extends the lease to another reader, which nobody claims by itself: its row takes the epoch of the lease, and so fences whoever had
// the lease before.
func (l *Lease) also(ctx context.Context, reader, topic, owner string) (*Lease, error) {
	const prepare = "insert into readers (reader, topic, part) values ($1, $2, $3) on conflict do nothing"
	const take = `
update readers set owner = $4, owner_epoch = $5 where reader = $1 and topic = $2 and part = $3 and owner_epoch < $5
returning next_offset, coalesce(fingerprint, '')`
	if _, err := l.conn.Exec(ctx, prepare, reader, topic, l.part); err != nil {
		return nil, err
	}
	other := &Lease{pool: l.pool, conn: l.conn, reader: reader, topic: topic, part: l.part, epoch: l.epoch, points: l.points}
	err := l.conn.QueryRow(ctx, take, reader, topic, l.part, owner, l.epoch).Scan(&other.place.NextOffset, &other.place.Fingerprint)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrLost
	}
	if err != nil {
		return nil, err
	}
	return other, l.points.At(projections.PointExtended)
}

// Place returns where the reader of a topic stood when the lease was taken.
func (l *TelemetryLease) Place(topic string) projections.Place { return l.readers[topic].place }

// Commit stores what a run of records of a topic comes to, which began at offset from.
func (l *TelemetryLease) Commit(ctx context.Context, topic string, from int64, b *projections.TelemetryBatch) error {
	reader := l.readers[topic]
	rows := b.Rows()
	for i, t := range l.store.tables {
		if t.Day == "" {
			continue
		}
		var err error
		if rows[i], err = l.inDays(ctx, t, rows[i]); err != nil {
			return fmt.Errorf("store %s[%d] up to offset %d: %w", topic, l.part, b.Place.NextOffset, err)
		}
	}
	writes := make([]write, len(l.store.tables))
	for i, t := range l.store.tables {
		writes[i] = write{table: t.Name, columns: t.Columns, rows: rows[i], statement: t.statement, grows: t.Day != ""}
	}
	parked, err := parkedWrites(topic, l.part, b)
	if err != nil {
		return err
	}
	err = reader.store(ctx, append(writes, parked...), from, b.Place, &b.Time)
	if err != nil {
		return fmt.Errorf("store %s[%d] up to offset %d: %w", topic, l.part, b.Place.NextOffset, err)
	}
	return nil
}

// inDays makes the days of a history's rows, and returns the rows without those that are past its retention.
func (l *TelemetryLease) inDays(ctx context.Context, t telemetryTable, rows [][]any) ([][]any, error) {
	if l.made[t.Name] == nil {
		l.made[t.Name] = map[int64]bool{}
	}
	first, kept := l.store.days.first(t.Name), rows[:0]
	for _, row := range rows {
		at, ok := row[t.day].(time.Time)
		if !ok {
			return nil, fmt.Errorf("%s of %s is a %T", t.Day, t.Name, row[t.day])
		}
		day := dayOf(at)
		if day.Before(first) {
			continue
		}
		kept = append(kept, row)
		if l.made[t.Name][day.Unix()] {
			continue
		}
		if err := l.store.days.make(ctx, t.Name, day); err != nil {
			return nil, err
		}
		l.made[t.Name][day.Unix()] = true
	}
	return kept, nil
}
