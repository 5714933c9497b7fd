package pg

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// HeartbeatReader is the name of the readers of heartbeats, one a partition.
const HeartbeatReader = "heartbeats"

// TelemetryStore keeps what workers report: every heartbeat, and the newest of each worker.
type TelemetryStore struct {
	pool   *pgxpool.Pool
	model  projections.HeartbeatModel
	latest string
}

// NewTelemetryStore returns a store for heartbeats.
func NewTelemetryStore(pool *pgxpool.Pool) *TelemetryStore {
	m := projections.Heartbeats()
	var names, sets []string
	for _, c := range m.Columns {
		names = append(names, c.Name)
		sets = append(sets, c.Name+" = excluded."+c.Name)
	}
	// A worker's heartbeats are all in one partition, so a batch's last one is newer than any before it.
	latest := fmt.Sprintf("insert into heartbeats_latest (%s) select %s on conflict (worker_address) do update set %s",
		strings.Join(names, ", "), unnest(m.Columns), strings.Join(sets, ", "))
	return &TelemetryStore{pool: pool, model: m, latest: latest}
}

// TelemetryLease is the right to advance the heartbeats of one partition.
type TelemetryLease struct {
	*Lease
	store *TelemetryStore
}

// Claim takes the lease of one partition's reader, see [Claim].
func (s *TelemetryStore) Claim(ctx context.Context, part int32, owner string) (*TelemetryLease, error) {
	l, err := Claim(ctx, s.pool, HeartbeatReader, schemas.TopicHeartbeats, part, owner)
	if err != nil {
		return nil, err
	}
	return &TelemetryLease{Lease: l, store: s}, nil
}

// Commit stores the heartbeats of a run of records that began at offset from. LogTime is the time of the newest record, a tick
// or a heartbeat.
func (l *TelemetryLease) Commit(ctx context.Context, from int64, to projections.Place, logTime time.Time, beats []projections.HeartbeatRow) error {
	s := l.store
	rows := make([][]any, len(beats))
	newest := map[string][]any{}
	for i, b := range beats {
		rows[i] = s.model.Values(b)
		newest[b.Worker.String()] = rows[i]
	}
	latest := make([][]any, 0, len(newest))
	for _, worker := range slices.Sorted(maps.Keys(newest)) {
		latest = append(latest, newest[worker])
	}
	err := l.inTx(ctx, func(tx pgx.Tx) error {
		if err := copyRows(ctx, tx, "heartbeats", s.model.Columns, rows); err != nil {
			return err
		}
		if len(latest) > 0 {
			if _, err := tx.Exec(ctx, s.latest, arrays(s.model.Columns, latest)...); err != nil {
				return fmt.Errorf("write heartbeats_latest: %w", err)
			}
		}
		return l.advance(ctx, tx, from, to, &logTime)
	})
	if err != nil {
		return fmt.Errorf("store heartbeats of partition %d up to offset %d: %w", l.part, to.NextOffset, err)
	}
	return nil
}
