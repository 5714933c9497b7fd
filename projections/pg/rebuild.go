package pg

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Purpose is what the read models are made anew for. Each has tables and a reader of its own.
type Purpose struct{ reader, schema string }

// The purposes of a rebuild.
var (
	ToReplace = Purpose{"chain.rebuild", "chain_rebuild"} // those that serve
	ToVerify  = Purpose{"chain.verify", "chain_verify"}   // to compare with those that serve
)

const (
	// oldSchema holds the tables that were replaced.
	oldSchema = "chain_replaced"
	// lockWithin bounds how long a swap waits for readers, and swapWithin how long it may take in all, and so how long anybody waits for it.
	lockWithin = 40 * time.Millisecond
	swapWithin = 95 * time.Millisecond
	// slowSwaps is the number of swaps in a row that had the tables and did not get done in time, after which the next may take twice as long: on a
	// machine that cannot do it in time, a long swap is better than none.
	slowSwaps = 20
	// rebuildLock is an advisory lock: one process at a time sets a rebuild up.
	rebuildLock = 7_245_113_001
)

// Rebuild makes the chain read models anew beside those that serve, in a schema of its own, and puts them in their place. It goes on
// where an interrupted one of the same versions stood. Any number of processes may work at one: a lease lets one of them write.
type Rebuild struct {
	Purpose
	pool  *pgxpool.Pool
	next  *pgxpool.Pool // sees the new tables and, of the others, only readers
	live  string        // schema of the tables that serve
	set   projections.Set
	part  bool     // the set is a part of what serves
	swaps []string // tables that are put in place
	store *ChainStore
	slow  int // swaps in a row that took too long
}

// StartPartialRebuild is [StartRebuild] for a part of the read models that serve. Its swap waits until both stand at the same place.
func StartPartialRebuild(ctx context.Context, pool *pgxpool.Pool, part projections.Set) (*Rebuild, error) {
	r := &Rebuild{Purpose: ToReplace, pool: pool, set: part, part: true}
	r.swaps = slices.DeleteFunc(part.Tables(), func(t string) bool { return t == "blocks" || t == "state_digests" })
	return r, r.start(ctx)
}

// StartRebuild sets up the tables of a rebuild where there are none. It must be closed.
func StartRebuild(ctx context.Context, pool *pgxpool.Pool, set projections.Set, why Purpose) (*Rebuild, error) {
	r := &Rebuild{Purpose: why, pool: pool, set: set, swaps: set.Tables()}
	return r, r.start(ctx)
}

func (r *Rebuild) start(ctx context.Context) error {
	if err := pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error { return r.setUp(ctx, tx) }); err != nil {
		return fmt.Errorf("set up a rebuild: %w", err)
	}
	config := r.pool.Config()
	// Nothing but these tables: should they be gone, no statement may find those that serve.
	config.ConnConfig.RuntimeParams["search_path"] = r.schema
	config.MinConns, config.MaxConns = 0, 4
	next, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("set up a rebuild: %w", err)
	}
	r.next = next
	r.store = newChainStore(next, r.reader, r.set)
	return nil
}

// Close gives the connections back.
func (r *Rebuild) Close() { r.next.Close() }

// Claim takes the lease of the reader that fills the new tables.
func (r *Rebuild) Claim(ctx context.Context, owner string) (*ChainLease, error) {
	return r.store.Claim(ctx, owner)
}

func (r *Rebuild) setUp(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", int64(rebuildLock)); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, "select current_schema()").Scan(&r.live); err != nil {
		return err
	}
	stored, err := storedVersions(ctx, tx, r.reader)
	if err != nil {
		return err
	}
	if r.Purpose == ToReplace {
		if _, err := tx.Exec(ctx, "drop schema if exists "+oldSchema+" cascade"); err != nil {
			return err
		}
	}
	there, err := r.there(ctx, tx)
	if err != nil || there && maps.Equal(stored, r.set.Versions()) {
		return err
	}
	statements := []string{
		"drop schema if exists " + r.schema + " cascade",
		"delete from readers where reader = '" + r.reader + "'",
		"create schema " + r.schema,
		// A view, so that the reader of the rebuild has its row beside all others.
		fmt.Sprintf("create view %s.readers as select * from %s.readers", r.schema, quoted(r.live)),
	}
	for _, table := range r.set.Tables() {
		more, err := r.likeLive(ctx, tx, table)
		if err != nil {
			return err
		}
		statements = append(statements, more...)
	}
	for _, s := range statements {
		if _, err := tx.Exec(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// likeLive returns the statements that make a table as the one that serves is: columns, keys, indexes by name, and who may do what.
func (r *Rebuild) likeLive(ctx context.Context, tx pgx.Tx, table string) ([]string, error) {
	next, live := r.schema+"."+quoted(table), quoted(r.live)+"."+quoted(table)
	statements := []string{fmt.Sprintf("create table %s (like %s including defaults including constraints including generated)", next, live)}
	for _, q := range []string{
		`select format('alter table %s add constraint %I %s', $2::text, conname, pg_get_constraintdef(oid))
from pg_constraint where conrelid = $1::text::regclass and contype in ('p', 'u')`,
		`select replace(pg_get_indexdef(i.indexrelid), format(' ON %s ', (select format('%I.%I', n.nspname, c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = i.indrelid)), format(' ON %s ', $2::text))
from pg_index i where i.indrelid = $1::text::regclass and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`,
		`select format('grant %s on %s to %s', a.privilege_type, $2::text, case when a.grantee = 0 then 'public' else quote_ident(g.rolname) end)
from pg_class c, aclexplode(c.relacl) a left join pg_roles g on g.oid = a.grantee
where c.oid = $1::text::regclass and a.grantee <> c.relowner`,
	} {
		rows, err := tx.Query(ctx, q, live, next)
		if err != nil {
			return nil, err
		}
		more, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return nil, fmt.Errorf("shape of %s: %w", live, err)
		}
		statements = append(statements, more...)
	}
	return statements, nil
}

func (r *Rebuild) there(ctx context.Context, q querier) (there bool, err error) {
	err = q.QueryRow(ctx, "select exists (select from pg_namespace where nspname = $1)", r.schema).Scan(&there)
	return there, err
}

// Replaced tells whether the new tables are gone, as another process has put them in place.
func (r *Rebuild) Replaced(ctx context.Context) (bool, error) {
	there, err := r.there(ctx, r.pool)
	return !there, err
}

// Swap puts the new tables in the place of those that serve, with the place in the log that they stand at, in one transaction; who
// asks at that moment waits for a tenth of a second at most. It does nothing, and is to be tried again, while the new tables are
// behind the old ones, or readers are at work for longer. The old tables are kept until [Retire].
func (r *Rebuild) Swap(ctx context.Context) (swapped bool, err error) {
	// What can be known before anybody is kept waiting is: where both stand, and what the statements are.
	if ready, err := r.ready(ctx, r.pool, ""); err != nil || !ready {
		return false, err
	}
	replace, err := r.replacing(ctx)
	if err != nil {
		return false, fmt.Errorf("put the new read models in place: %w", err)
	}
	within, cancel := context.WithTimeout(ctx, swapWithin<<(r.slow/slowSwaps))
	defer cancel()
	locked := false
	err = pgx.BeginFunc(within, r.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(within, r.locking()); err != nil {
			return err
		}
		locked = true
		if ready, err := r.ready(within, tx, " for update"); err != nil || !ready {
			return errors.Join(err, errNotYet)
		}
		_, err := tx.Exec(within, replace)
		return err
	})
	pgErr, _ := errors.AsType[*pgconn.PgError](err)
	switch {
	case err == nil:
		return true, nil
	case ctx.Err() == nil && within.Err() != nil:
		if locked {
			r.slow++
		}
		return r.Replaced(ctx) // the commit may have been done, and its answer be late
	case errors.Is(err, errNotYet), pgErr != nil && (pgErr.Code == "57014" || pgErr.Code == "55P03" || pgErr.Code == "40P01"):
		return false, nil // not as far, or waited for too long: statement or lock time-out, or a deadlock with the one who writes
	}
	return false, fmt.Errorf("put the new read models in place: %w", err)
}

var errNotYet = errors.New("not yet")

// ready tells whether the new tables stand where they can be put in place: as far as those that serve, or farther; those of a part at the same
// place.
func (r *Rebuild) ready(ctx context.Context, q querier, lock string) (bool, error) {
	places := `
select coalesce((select next_offset from readers where reader = $1 and topic = $3` + lock + `), 0),
       coalesce((select next_offset from readers where reader = $2 and topic = $3` + lock + `), -1)`
	var old, ours int64
	if err := q.QueryRow(ctx, places, ChainReader, r.reader, schemas.TopicChain).Scan(&old, &ours); err != nil {
		return false, err
	}
	return ours == old || ours > old && !r.part, nil
}

// locking is the statement that locks the tables, within the time that readers may be waited for.
func (r *Rebuild) locking() string {
	var tables []string
	for _, t := range r.swaps {
		tables = append(tables, quoted(r.live)+"."+quoted(t), r.schema+"."+quoted(t))
	}
	return fmt.Sprintf("set local lock_timeout = %[1]d; set local statement_timeout = %[1]d; lock table %[2]s in access exclusive mode; set local statement_timeout = 0",
		lockWithin.Milliseconds(), strings.Join(tables, ", "))
}

// replacing are the statements that put the new tables in place, all in one round trip.
func (r *Rebuild) replacing(ctx context.Context) (string, error) {
	views, err := r.views(ctx)
	if err != nil {
		return "", err
	}
	statements := []string{"create schema " + oldSchema}
	for _, t := range r.swaps {
		statements = append(statements, "alter table "+quoted(r.live)+"."+quoted(t)+" set schema "+oldSchema,
			"alter table "+r.schema+"."+quoted(t)+" set schema "+quoted(r.live))
	}
	for _, v := range views { // which hold on to a table by its identity
		statements = append(statements, "create or replace view "+quoted(v.name)+" as "+v.definition)
	}
	// The epoch moves on, so that whoever advances the read models now begins again from what they are.
	const take = `
update readers l
set next_offset = n.next_offset, state = n.state, fingerprint = n.fingerprint, log_time = n.log_time, moved_at = now(),
    versions = %s, owner_epoch = l.owner_epoch + 1, owner = null, backend_pid = null, lease_until = null
from readers n where l.reader = '%s' and l.topic = '%s' and n.reader = '%s' and n.topic = l.topic`
	versions := "n.versions"
	if r.part {
		versions = "l.versions || n.versions"
	}
	statements = append(statements,
		"drop schema "+r.schema+" cascade",
		fmt.Sprintf("insert into readers (reader, topic, part) values ('%s', '%s', 0) on conflict do nothing", ChainReader, schemas.TopicChain),
		fmt.Sprintf(take, versions, ChainReader, schemas.TopicChain, r.reader),
		fmt.Sprintf("delete from readers where reader = '%s'", r.reader))
	return strings.Join(statements, ";\n"), nil
}

// view is one that shows tables of the read models.
type view struct{ name, definition string }

// views returns the views over the tables that serve.
func (r *Rebuild) views(ctx context.Context) ([]view, error) {
	const q = `
select distinct v.relname, rtrim(pg_get_viewdef(v.oid), ';')
from pg_depend d
join pg_rewrite w on w.oid = d.objid and d.classid = 'pg_rewrite'::regclass
join pg_class v on v.oid = w.ev_class and v.relkind = 'v'
join pg_class t on t.oid = d.refobjid and d.refclassid = 'pg_class'::regclass
join pg_namespace n on n.oid = t.relnamespace
where n.nspname = $1 and v.relnamespace = t.relnamespace and t.relname = any($2)`
	rows, err := r.pool.Query(ctx, q, r.live, r.swaps)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (v view, err error) {
		return v, row.Scan(&v.name, &v.definition)
	})
}

// Retire drops the tables that a swap replaced. Who still reads them is waited for.
func (r *Rebuild) Retire(ctx context.Context) error {
	if _, err := r.pool.Exec(ctx, "drop schema if exists "+oldSchema+" cascade"); err != nil {
		return fmt.Errorf("drop the replaced read models: %w", err)
	}
	return nil
}

// Difference is a table that differs from its counterpart.
type Difference struct {
	Table   string
	Missing int64 // rows that it should have and has not
	Wrong   int64 // rows that it should not have
}

// Comparison says how the read models that serve differ from those made anew.
type Comparison struct {
	Block       uint64 // the newest one
	Digest      projections.Digest
	Differences []Difference
	// FirstBlock is the first block after which the digests differ; nil where none does.
	FirstBlock *uint64
}

// Compare compares every row of the read models that serve with the new ones, where both stand at the same place in the log; ok is
// false where they do not, and it is to be tried again.
func (r *Rebuild) Compare(ctx context.Context) (c Comparison, ok bool, err error) {
	err = pgx.BeginTxFunc(ctx, r.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		const same = `
select l.next_offset = n.next_offset from readers l, readers n
where l.reader = $1 and n.reader = $2 and l.topic = $3 and n.topic = $3`
		if err := tx.QueryRow(ctx, same, ChainReader, r.reader, schemas.TopicChain).Scan(&ok); err != nil || !ok {
			return err
		}
		for _, table := range r.set.Tables() {
			live, next := quoted(r.live)+"."+quoted(table), r.schema+"."+quoted(table)
			d := Difference{Table: table}
			q := fmt.Sprintf("select (select count(*) from (table %[2]s except all table %[1]s) x), (select count(*) from (table %[1]s except all table %[2]s) x)", live, next)
			if err := tx.QueryRow(ctx, q).Scan(&d.Missing, &d.Wrong); err != nil {
				return fmt.Errorf("compare %s: %w", table, err)
			}
			if d.Missing+d.Wrong > 0 {
				c.Differences = append(c.Differences, d)
			}
		}
		first := fmt.Sprintf(`
select min(block_number) from %s.state_digests l full join %s.state_digests n using (block_number) where l.digest is distinct from n.digest`, quoted(r.live), r.schema)
		var block *int64
		if err := tx.QueryRow(ctx, first).Scan(&block); err != nil {
			return fmt.Errorf("compare digests: %w", err)
		}
		if block != nil {
			c.FirstBlock = new(uint64(*block))
		}
		var newest int64
		var raw []byte
		last := fmt.Sprintf("select block_number, digest from %s.state_digests order by block_number desc limit 1", r.schema)
		if err := tx.QueryRow(ctx, last).Scan(&newest, &raw); err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("newest digest: %w", err)
		}
		c.Block = uint64(newest)
		copy(c.Digest[:], raw)
		return nil
	})
	return c, ok, err
}

// Discard drops the new tables.
func (r *Rebuild) Discard(ctx context.Context) error {
	return pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "drop schema if exists "+r.schema+" cascade"); err != nil {
			return fmt.Errorf("drop what was made to compare: %w", err)
		}
		_, err := tx.Exec(ctx, "delete from readers where reader = $1", r.reader)
		return err
	})
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }
