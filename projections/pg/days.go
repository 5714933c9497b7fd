package pg

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Retention says how many days of each history are kept, by table; all of them where a table is missing, or has 0.
type Retention map[string]int

const (
	daysAhead     = 3
	keepDaysEvery = time.Hour
	dayLock       = 7_245_113_002 // an advisory lock: one process at a time makes a day
	dropLockWait  = "2s"          // for those who read; the next round tries again
)

// Days divides the histories of telemetry by days in UTC: it makes the days that are written to, and those to come, and drops the days
// that are past their retention. Any number of processes may.
type Days struct {
	pool   *pgxpool.Pool
	tables []string
	keep   Retention
	now    func() time.Time
}

func newDays(pool *pgxpool.Pool, tables []string, keep Retention) *Days {
	return &Days{pool: pool, tables: tables, keep: keep, now: time.Now}
}

// Run keeps the days until ctx ends. What fails is told and tried again.
func (d *Days) Run(ctx context.Context, log *slog.Logger) error {
	timer := time.NewTicker(keepDaysEvery)
	defer timer.Stop()
	for {
		if err := d.Keep(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "the days of telemetry are not kept; trying again later", "error", err, "in", keepDaysEvery)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
	}
}

// Keep makes the days of today and of the near future, and drops those that are past their retention.
func (d *Days) Keep(ctx context.Context) error {
	for _, table := range d.tables {
		today := dayOf(d.now())
		for n := range daysAhead + 1 {
			if err := d.make(ctx, table, today.AddDate(0, 0, n)); err != nil {
				return err
			}
		}
		if err := d.drop(ctx, table); err != nil {
			return err
		}
	}
	return nil
}

func dayOf(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour) }

// first is the oldest day of a table that is kept; the zero time where all are.
func (d *Days) first(table string) time.Time {
	if n := d.keep[table]; n > 0 {
		return dayOf(d.now()).AddDate(0, 0, 1-n)
	}
	return time.Time{}
}

func dayName(table string, day time.Time) string { return table + "_" + day.Format("20060102") }

// make makes a day where it is missing. It is attached only when it is whole, which holds up nobody who reads or writes other days.
func (d *Days) make(ctx context.Context, table string, day time.Time) error {
	name := dayName(table, day)
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", int64(dayLock)); err != nil {
			return err
		}
		var there bool
		if err := tx.QueryRow(ctx, "select to_regclass($1) is not null", quoted(name)).Scan(&there); err != nil || there {
			return err
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf("create table %s (like %s including defaults)", quoted(name), quoted(table))); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, fmt.Sprintf("alter table %s attach partition %s for values from ('%s') to ('%s')", quoted(table), quoted(name),
			day.Format(time.RFC3339), day.AddDate(0, 0, 1).Format(time.RFC3339)))
		return err
	})
	if err != nil {
		return fmt.Errorf("make day %s: %w", name, err)
	}
	return nil
}

// drop drops the days of a table that are past its retention.
func (d *Days) drop(ctx context.Context, table string) error {
	first := d.first(table)
	if first.IsZero() {
		return nil
	}
	const older = `
select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = $1::text::regclass and c.relname < $2 order by 1`
	rows, err := d.pool.Query(ctx, older, quoted(table), dayName(table, first))
	if err != nil {
		return fmt.Errorf("old days of %s: %w", table, err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("old days of %s: %w", table, err)
	}
	for _, name := range names {
		err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "set local lock_timeout = '"+dropLockWait+"'"); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "drop table if exists "+quoted(name))
			return err
		})
		if err != nil {
			return fmt.Errorf("drop day %s: %w", name, err)
		}
	}
	return nil
}
