package pg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// LeaseTTL is how long a reader's lease holds without a sign of life; after it another process takes over.
const LeaseTTL = 3 * time.Second

// ErrLost says that the lease passed to another process.
var ErrLost = errors.New("the lease was lost")

// Errors of an advance whose compare-and-set found another offset than the batch began at.
var (
	ErrAlready  = errors.New("the batch is already stored")
	ErrAhead    = errors.New("the stored offset is ahead of the batch")
	ErrMismatch = errors.New("the stored offset is not the one that the batch began at")
)

// Lease is the right to advance one reader of one partition. It holds a connection of its own, so that a process that takes
// over can end a transaction that hangs in it. It is for one goroutine, but for [Lease.Keep].
type Lease struct {
	pool   *pgxpool.Pool
	conn   *pgxpool.Conn
	reader string
	topic  string
	part   int32
	epoch  int64
	place  projections.Place
	points projections.Points
}

// Claim takes the lease of a reader if it is free or has run out, and ends the transaction that its last owner may still have
// open. It answers [projections.ErrTaken] otherwise. Owner names the process, for people. Points are those that the lease passes.
func Claim(ctx context.Context, pool *pgxpool.Pool, reader, topic string, part int32, owner string, points projections.Points) (*Lease, error) {
	l := &Lease{pool: pool, reader: reader, topic: topic, part: part, points: points}
	if err := l.claim(ctx, owner); err != nil {
		l.close()
		return nil, fmt.Errorf("lease of %s on %s[%d]: %w", reader, topic, part, err)
	}
	return l, nil
}

// terminateWithin is how long a claim waits for the backend of the last owner to end, and with it its locks.
const terminateWithin = 500 * time.Millisecond

// leaseHolder marks the connections that hold a lease, so that no other backend with a reused pid is ever terminated.
const leaseHolder = "sage-coordinator lease"

func (l *Lease) claim(ctx context.Context, owner string) error {
	const held = `
select exists (select from readers where reader = $1 and topic = $2 and part = $3 and lease_until >= now())`
	const prepare = `
insert into readers (reader, topic, part) values ($1, $2, $3) on conflict do nothing`
	const expired = `
select backend_pid from readers
where reader = $1 and topic = $2 and part = $3 and lease_until < now() and backend_pid is not null`
	const terminate = `
select pg_terminate_backend(pid, $3) from pg_stat_activity where pid = $1 and application_name = $2`
	const take = `
with free as (
    select reader, topic, part from readers
    where reader = $1 and topic = $2 and part = $3 and (lease_until is null or lease_until < now())
    for update skip locked
)
update readers r
set owner = $4, owner_epoch = r.owner_epoch + 1, backend_pid = pg_backend_pid(), lease_until = now() + $5::interval
from free where r.reader = free.reader and r.topic = free.topic and r.part = free.part
returning r.owner_epoch, r.next_offset, r.state, coalesce(r.fingerprint, '')`
	// Who stands by asks often: a connection is taken out of the pool only where there is something to take.
	var taken bool
	if err := l.pool.QueryRow(ctx, held, l.reader, l.topic, l.part).Scan(&taken); err != nil {
		return err
	}
	if taken {
		return projections.ErrTaken
	}
	if err := l.points.At(projections.PointClaiming); err != nil {
		return err
	}
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	l.conn = conn
	if _, err := l.conn.Exec(ctx, prepare, l.reader, l.topic, l.part); err != nil {
		return err
	}
	if err := l.points.At(projections.PointPrepared); err != nil {
		return err
	}
	var pid int32
	err = l.conn.QueryRow(ctx, expired, l.reader, l.topic, l.part).Scan(&pid)
	if err == nil {
		_, err = l.conn.Exec(ctx, terminate, pid, leaseHolder, terminateWithin.Milliseconds())
	}
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if err := l.points.At(projections.PointEnded); err != nil {
		return err
	}
	// A plan for so many rows is no better than one for any number, and making it takes longer than what it does at the head.
	settings := fmt.Sprintf("set application_name = '%s'; set idle_in_transaction_session_timeout = %d; set plan_cache_mode = force_generic_plan",
		leaseHolder, LeaseTTL.Milliseconds())
	if _, err := l.conn.Exec(ctx, settings); err != nil {
		return err
	}
	err = l.conn.QueryRow(ctx, take, l.reader, l.topic, l.part, owner, LeaseTTL).
		Scan(&l.epoch, &l.place.NextOffset, &l.place.State, &l.place.Fingerprint)
	if errors.Is(err, pgx.ErrNoRows) {
		return projections.ErrTaken
	}
	if err != nil {
		return err
	}
	return l.points.At(projections.PointClaimed)
}

// Place returns where the reader stood when the lease was taken.
func (l *Lease) Place() projections.Place { return l.place }

// Keep renews the lease until ctx ends, and returns [ErrLost] when it is another's. Run it beside the work, in a goroutine of
// its own.
func (l *Lease) Keep(ctx context.Context) error {
	const renew = `
update readers set lease_until = now() + $5::interval
where reader = $1 and topic = $2 and part = $3 and owner_epoch = $4`
	tick := time.NewTicker(LeaseTTL / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		tag, err := l.pool.Exec(ctx, renew, l.reader, l.topic, l.part, l.epoch, LeaseTTL)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("renew the lease of %s on %s[%d]: %w", l.reader, l.topic, l.part, err)
		case tag.RowsAffected() == 0:
			return fmt.Errorf("%s on %s[%d]: %w", l.reader, l.topic, l.part, ErrLost)
		}
	}
}

// Release gives the lease back, so that another process need not wait for it to run out. Where it is already another's,
// nothing happens.
func (l *Lease) Release(ctx context.Context) error {
	const release = `
update readers set lease_until = null, owner = null, backend_pid = null
where reader = $1 and topic = $2 and part = $3 and owner_epoch = $4`
	defer l.close()
	if err := l.points.At(projections.PointReleasing); err != nil {
		return err
	}
	if _, err := l.pool.Exec(ctx, release, l.reader, l.topic, l.part, l.epoch); err != nil {
		return fmt.Errorf("release the lease of %s on %s[%d]: %w", l.reader, l.topic, l.part, err)
	}
	return nil
}

// close gives the connection up. It is not put back into the pool: it carries settings of its own, and perhaps a transaction
// that hangs.
func (l *Lease) close() {
	if l.conn == nil {
		return
	}
	conn := l.conn.Hijack()
	l.conn = nil
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // what is left of it ends with the process or at the server's time-out
}

// advanceReader is the last statement of every batch: it moves the reader from one offset to the next, where it still stands at the
// first and the lease still holds.
const advanceReader = `
update readers
set next_offset = $6, state = $7, fingerprint = $8, log_time = greatest(log_time, $9), moved_at = now(),
    lease_until = now() + $10::interval
where reader = $1 and topic = $2 and part = $3 and owner_epoch = $4 and next_offset = $5`

func (l *Lease) advanceArgs(from int64, to projections.Place, logTime *time.Time) []any {
	state := to.State
	if state == nil {
		state = json.RawMessage("{}")
	}
	return []any{l.reader, l.topic, l.part, l.epoch, from, to.NextOffset, state, to.Fingerprint, logTime, LeaseTTL}
}

// whyNot tells why the reader could not be moved.
func (l *Lease) whyNot(ctx context.Context, tx pgx.Tx, from int64, to projections.Place) error {
	var next, epoch int64
	var fingerprint string
	const look = `
select next_offset, owner_epoch, coalesce(fingerprint, '') from readers where reader = $1 and topic = $2 and part = $3`
	if err := tx.QueryRow(ctx, look, l.reader, l.topic, l.part).Scan(&next, &epoch, &fingerprint); err != nil {
		return err
	}
	switch {
	case next == to.NextOffset && fingerprint == to.Fingerprint:
		return ErrAlready
	case next > from:
		return fmt.Errorf("%w: %d, batch from %d", ErrAhead, next, from)
	case epoch != l.epoch:
		return ErrLost
	}
	return fmt.Errorf("%w: %d, batch from %d", ErrMismatch, next, from)
}

// inTx runs f in a transaction on the lease's own connection.
func (l *Lease) inTx(ctx context.Context, f func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, l.conn, f)
}

// Recoverable tells whether an error of the store means "try again from the stored place", as opposed to a fault that trying
// again cannot mend: a lost connection, a lost lease, a database that restarts.
func Recoverable(err error) bool {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pgErr.Code[:2] {
		case "08", "40", "53", "55", "57", "58": // connection, rollback, resources, object state, operator, system
			return true
		}
		return pgErr.Code[:2] == "25" // idle_in_transaction_session_timeout ended the session
	}
	return true
}
