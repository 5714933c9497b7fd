package migrations_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/migrations"
)

func lines(t *testing.T, pool *pgxpool.Pool, query string, args ...any) string {
	t.Helper()
	rows, err := pool.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(out, "\n")
}

// inZone is a pool to the same database whose sessions are in another time zone, half an hour off.
func inZone(t *testing.T, pool *pgxpool.Pool, zone string) *pgxpool.Pool {
	t.Helper()
	config := pool.Config()
	config.ConnConfig.RuntimeParams["timezone"] = zone
	other, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	return other
}

// TestHeartbeatsMoveIntoDays brings a database of the first versions, with heartbeats in it, to the newest one.
func TestHeartbeatsMoveIntoDays(t *testing.T) {
	plain := open(t)
	pool := inZone(t, plain, "Asia/Kolkata")
	for _, file := range []string{"001_initial_schema.sql", "002_dashboard_tables.sql"} {
		doc, err := migrations.Files.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		execute(t, pool, string(doc))
	}
	const beat = `insert into heartbeats (part, log_offset, worker_address, heartbeat_time, gpu_utilization_avg, event_id) values ($1, $2, $3, $4, $5, 'x')`
	execute(t, pool, beat, 3, 1, "a", "2026-01-01T23:59:59Z", 10.5)
	execute(t, pool, beat, 3, 2, "a", "2026-01-02T00:00:00Z", nil)
	execute(t, pool, beat, 3, 3, "b", "2026-01-02T00:00:30Z", 20)
	execute(t, pool, beat, 4, 1, "c", "2026-01-02T00:01:00Z", nil)
	if _, err := migrations.Apply(context.WithoutCancel(t.Context()), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ query, want string }{
		{
			`select tableoid::regclass || ' ' || worker_address from heartbeats order by heartbeat_time`,
			"heartbeats_20260101 a\nheartbeats_20260102 a\nheartbeats_20260102 b\nheartbeats_20260102 c",
		},
		{
			`select worker_address || ' ' || (hour at time zone 'UTC') || ' ' || bit_count(bits) || ' ' || position(B'1' in bits) || ' ' || part || ' ' || log_offset
			from uptime_hour order by worker_address, hour`,
			"a 2026-01-01 23:00:00 1 60 3 1\na 2026-01-02 00:00:00 1 1 3 2\nb 2026-01-02 00:00:00 1 1 3 3\nc 2026-01-02 00:00:00 1 2 4 1",
		},
		{
			`select part || ' ' || (hour at time zone 'UTC') || ' ' || bit_count(bits) from listened_hour order by part, hour`,
			"3 2026-01-01 23:00:00 1\n3 2026-01-02 00:00:00 1\n4 2026-01-02 00:00:00 1",
		},
		{
			`select part || ' ' || (hour at time zone 'UTC') || ' ' || heartbeats || ' ' || utilization_sum || ' ' || utilization_count from telemetry_hour order by part, hour`,
			"3 2026-01-01 23:00:00 1 1050 1\n3 2026-01-02 00:00:00 2 2000 1\n4 2026-01-02 00:00:00 1 0 0",
		},
	} {
		if got := lines(t, pool, c.query); got != c.want {
			t.Errorf("%s\n%s\nwant\n%s", c.query, got, c.want)
		}
	}
}

func TestMinutesBetween(t *testing.T) {
	pool := inZone(t, open(t), "Asia/Kolkata")
	apply(t, pool)
	for _, c := range []struct {
		since, until string
		first, count int // of the minutes; the first one counts from 1, 0 for none
	}{
		{"2026-01-01T09:00:00Z", "2026-01-01T12:00:00Z", 1, 60},
		{"2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z", 1, 60},
		{"2026-01-01T10:20:00Z", "2026-01-01T10:30:00Z", 21, 10},
		{"2026-01-01T10:20:01Z", "2026-01-01T10:30:59.9Z", 22, 9}, // minutes that are cut do not count
		{"2026-01-01T10:59:30Z", "2026-01-01T12:00:00Z", 0, 0},
		{"2026-01-01T10:30:00Z", "2026-01-01T10:30:30Z", 0, 0},
		{"2026-01-01T12:00:00Z", "2026-01-01T13:00:00Z", 0, 0},
		{"2026-01-01T08:00:00Z", "2026-01-01T09:00:00Z", 0, 0},
		{"2026-01-01T10:40:00Z", "2026-01-01T10:20:00Z", 0, 0},
	} {
		var first, count int
		const q = `select position(B'1' in m), bit_count(m) from minutes_between('2026-01-01T10:00:00Z', $1::timestamptz, $2::timestamptz) m`
		if err := pool.QueryRow(t.Context(), q, c.since, c.until).Scan(&first, &count); err != nil {
			t.Fatal(err)
		}
		if first != c.first || count != c.count {
			t.Errorf("%s to %s: %d minutes from the %d. on, want %d from the %d.", c.since, c.until, count, first, c.count, c.first)
		}
	}
}

func TestUptimeViews(t *testing.T) {
	pool := inZone(t, open(t), "Asia/Kolkata")
	apply(t, pool)
	execute(t, pool, `insert into readers (reader, topic, part, log_time) values ('heartbeats', 'bitsage.heartbeats', 3, '2026-01-02T00:02:30Z')`)
	const latest = `insert into heartbeats_latest (worker_address, part, log_offset, heartbeat_time, event_id) values ($1, 3, 1, now(), 'x')`
	execute(t, pool, latest, "registered")
	execute(t, pool, latest, "never registered")
	execute(t, pool, `insert into workers (address, registered_at, staked_amount, locked_amount, slashed_amount, stake_active, failures, jobs_assigned,
		jobs_completed, total_earnings, rewards_claimed, created_block, valid_from, log_offset)
		values ('registered', '2026-01-01T23:56:30Z', 0, 0, 0, false, 0, 0, 0, 0, 0, 1, 1, 1)`)
	// Nobody listened in 23:58.
	execute(t, pool, `insert into listened_hour values (3, '2026-01-01T22:00:00Z', ~ 0::bit(60), 1), (3, '2026-01-01T23:00:00Z', ~ 2::bit(60), 1),
		(3, '2026-01-02T00:00:00Z', ~ 0::bit(60), 1)`)
	// Heard in 23:55 (before it registered), 23:57, 23:58 and 00:01; the minute that is running is not over.
	execute(t, pool, `insert into uptime_hour values ('registered', '2026-01-01T23:00:00Z', B'10110'::bit(5)::text::bit(60) >> 55, 3, 1),
		('registered', '2026-01-02T00:00:00Z', ~ 0::bit(60) >> 1, 3, 1), ('never registered', '2026-01-02T00:00:00Z', 1::bit(60) << 59, 3, 1)`)
	const minutes = `
select worker_address || ' ' || to_char(minute at time zone 'UTC', 'HH24:MI') || ' ' || coalesce(reported::text, 'unknown') from uptime_minute order by worker_address, minute`
	const wantMinutes = `never registered 00:00 true
never registered 00:01 false
registered 23:57 true
registered 23:58 unknown
registered 23:59 false
registered 00:00 false
registered 00:01 true`
	if got := lines(t, pool, minutes); got != wantMinutes {
		t.Errorf("%s\nwant\n%s", got, wantMinutes)
	}
	const days = `
select worker_address || ' ' || (day at time zone 'UTC')::date || ' ' || reported_minutes || ' of ' || expected_minutes || ' ' || uptime_percent
from uptime_day order by worker_address, day`
	const wantDays = `never registered 2026-01-02 1 of 2 50
registered 2026-01-01 1 of 2 50
registered 2026-01-02 1 of 2 50`
	if got := lines(t, pool, days); got != wantDays {
		t.Errorf("%s\nwant\n%s", got, wantDays)
	}
}
