package pg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ChainReader is the name of the one reader that all chain read models advance with.
const ChainReader = "chain"

// ChainStore keeps the chain read models. All of them move in one transaction, so nobody ever sees half a block, or two read
// models at different blocks.
type ChainStore struct {
	pool     *pgxpool.Pool
	reader   string
	set      projections.Set
	entities []entitySQL
	journals []string // statements that add rows, by journal
	points   projections.Points
}

// NewChainStore returns a store for the read models of a set.
func NewChainStore(pool *pgxpool.Pool, set projections.Set) *ChainStore {
	return newChainStore(pool, ChainReader, set)
}

// StopAt makes the leases that are claimed from now on stop at points.
func (s *ChainStore) StopAt(points projections.Points) { s.points = points }

func newChainStore(pool *pgxpool.Pool, reader string, set projections.Set) *ChainStore {
	s := &ChainStore{pool: pool, reader: reader, set: set}
	for _, m := range set.Entities {
		s.entities = append(s.entities, newEntitySQL(m))
	}
	for _, j := range set.Journals {
		s.journals = append(s.journals, insertRows(j.Table, j.Columns))
	}
	return s
}

// ChainLease is the right to advance the chain read models.
type ChainLease struct {
	*Lease
	store  *ChainStore
	state  schemas.ChainState
	digest projections.Digest // of the newest block that changed anything
}

// Claim takes the lease of the chain reader, see [Claim]. It answers [projections.ErrOutdated] where the read models were made by
// earlier versions of their folds.
func (s *ChainStore) Claim(ctx context.Context, owner string) (*ChainLease, error) {
	lease, err := Claim(ctx, s.pool, s.reader, schemas.TopicChain, 0, owner, s.points)
	if err != nil {
		return nil, err
	}
	l := &ChainLease{Lease: lease, store: s}
	if err := l.begin(ctx); err != nil {
		return nil, errors.Join(err, lease.Release(ctx))
	}
	return l, nil
}

func (l *ChainLease) begin(ctx context.Context) (err error) {
	if l.state, err = chainState(l.place); err != nil {
		return err
	}
	if err := l.checkVersions(ctx); err != nil {
		return err
	}
	l.digest, err = newestDigest(ctx, l.conn)
	return err
}

// checkVersions compares the versions of the stored read models with those of this program's.
func (l *ChainLease) checkVersions(ctx context.Context) error {
	ours := l.store.set.Versions()
	stored, err := storedVersions(ctx, l.conn, l.reader)
	switch {
	case err != nil:
		return err
	case l.place.NextOffset == 0:
		_, err := l.conn.Exec(ctx, "update readers set versions = $3 where reader = $1 and topic = $2", l.reader, l.topic, ours)
		return err
	case maps.Equal(ours, stored):
		return nil
	case ours.Newer(stored):
		return projections.ErrOutdated
	}
	return fmt.Errorf("the read models were made by a newer program, in versions %v; this one has %v: run the newer one, or make them anew with the verb rebuild", stored, ours)
}

type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// storedVersions returns the versions that a reader's rows were made by, nil where nobody said.
func storedVersions(ctx context.Context, q querier, reader string) (v projections.Versions, err error) {
	err = q.QueryRow(ctx, "select coalesce(versions, '{}') from readers where reader = $1 and topic = $2", reader, schemas.TopicChain).Scan(&v)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("versions of the read models: %w", err)
	}
	return v, nil
}

// newestDigest returns the digest of the newest block that changed anything.
func newestDigest(ctx context.Context, q querier) (d projections.Digest, err error) {
	var raw []byte
	err = q.QueryRow(ctx, "select digest from state_digests order by block_number desc limit 1").Scan(&raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return d, nil
	}
	if err == nil && copy(d[:], raw) != len(d) {
		err = fmt.Errorf("%d bytes", len(raw))
	}
	if err != nil {
		return d, fmt.Errorf("newest state digest: %w", err)
	}
	return d, nil
}

// Standing returns where the read models stand now, a place near the end of the chain topic.
func (s *ChainStore) Standing(ctx context.Context) (schemas.ChainState, error) {
	const place = "select next_offset, state from readers where reader = $1 and topic = $2 and part = 0"
	var at projections.Place
	err := s.pool.QueryRow(ctx, place, s.reader, schemas.TopicChain).Scan(&at.NextOffset, &at.State)
	if errors.Is(err, pgx.ErrNoRows) {
		return schemas.StartOfChain(), nil
	}
	if err != nil {
		return schemas.ChainState{}, fmt.Errorf("place of the chain reader: %w", err)
	}
	return chainState(at)
}

// State returns where the read models stood when the lease was taken.
func (l *ChainLease) State() schemas.ChainState { return l.state }

// chainState reads the state of the reader's rule from the reader's row.
func chainState(p projections.Place) (schemas.ChainState, error) {
	if p.NextOffset == 0 {
		return schemas.StartOfChain(), nil
	}
	var state schemas.ChainState
	if err := json.Unmarshal(p.State, &state); err != nil {
		return state, fmt.Errorf("stored state of the chain reader: %w", err)
	}
	if state.Next != p.NextOffset {
		return state, fmt.Errorf("stored state of the chain reader is of offset %d, its row of %d", state.Next, p.NextOffset)
	}
	return state, nil
}

// Load reads the current versions of the keys of each entity, in one round trip. It has a connection of its own, so that it can go on
// beside [ChainLease.Commit] of a batch that does not concern them. That the rows are the lease's to change shows when the next batch
// is stored.
func (l *ChainLease) Load(ctx context.Context, keys [][]string) ([]map[string]projections.Version, error) {
	found := make([]map[string]projections.Version, len(l.store.entities))
	batch := &pgx.Batch{}
	for i, e := range l.store.entities {
		if len(keys[i]) == 0 {
			continue
		}
		batch.Queue(e.load, keys[i]).Query(func(rows pgx.Rows) (err error) {
			if found[i], err = e.loadRows(rows); err != nil {
				return fmt.Errorf("load %s: %w", e.model.Table, err)
			}
			return nil
		})
	}
	if batch.Len() == 0 {
		return found, nil
	}
	if err := l.pool.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("load rows: %w", err)
	}
	return found, l.points.At(projections.PointLoaded)
}

// Commit stores a batch that began at offset from.
func (l *ChainLease) Commit(ctx context.Context, from int64, b projections.Batch) error {
	place, err := chainPlace(b.State)
	if err != nil {
		return err
	}
	s := l.store
	var writes []write
	for i, e := range s.entities {
		writes = append(writes, e.writes(b.Entities[i])...)
	}
	for i, j := range s.set.Journals {
		writes = append(writes, write{table: j.Table, columns: j.Columns, rows: b.Journals[i], statement: s.journals[i], grows: true})
	}
	digests, newest := chainDigests(l.digest, b.Blocks)
	writes = append(writes,
		write{table: "blocks", columns: blockColumns, rows: blockRows(b.Blocks), statement: insertBlocks, grows: true},
		write{table: "state_digests", columns: digestColumns, rows: digests, statement: insertDigests, grows: true},
	)
	err = l.Lease.store(ctx, writes, from, place, &b.Time)
	if err != nil {
		return fmt.Errorf("store blocks up to offset %d: %w", b.State.Next, err)
	}
	l.digest = newest
	return nil
}

// chainDigests returns the rows of state_digests that blocks come to, after a digest, and the newest digest.
func chainDigests(last projections.Digest, blocks []projections.BlockRow) (rows [][]any, newest projections.Digest) {
	for _, b := range blocks {
		if b.Changes != nil {
			last = last.Next(b.Number, *b.Changes)
			rows = append(rows, []any{int64(b.Number), slices.Clone(last[:])})
		}
	}
	return rows, last
}

func chainPlace(state schemas.ChainState) (projections.Place, error) {
	doc, err := json.Marshal(state)
	return projections.Place{NextOffset: state.Next, State: doc, Fingerprint: state.Fingerprint}, err
}

// Revert takes every read model back to the common block of a reorganisation, and the reader past its record.
func (l *ChainLease) Revert(ctx context.Context, from int64, r schemas.Reorg, state schemas.ChainState) error {
	if err := l.points.At(projections.PointReverting); err != nil {
		return err
	}
	s, common := l.store, int64(r.Common.Number)
	place, err := chainPlace(state)
	if err != nil {
		return err
	}
	err = l.inTx(ctx, func(tx pgx.Tx) error {
		if err := l.points.At(projections.PointBegun); err != nil {
			return err
		}
		p := pipeline{lease: l.Lease, tx: tx, batch: &pgx.Batch{}}
		for _, e := range s.entities {
			for _, statement := range e.revert {
				if err := p.queue(ctx, e.model.Table, statement, common); err != nil {
					return err
				}
			}
		}
		for _, j := range s.set.Journals {
			if err := p.queue(ctx, j.Table, "delete from "+j.Table+" where block_number > $1", common); err != nil {
				return err
			}
		}
		if err := p.queue(ctx, "blocks", "delete from blocks where number > $1", common); err != nil {
			return err
		}
		if err := p.queue(ctx, "state_digests", "delete from state_digests where block_number > $1", common); err != nil {
			return err
		}
		return p.advance(ctx, from, place, nil)
	})
	if err == nil {
		err = l.points.At(projections.PointCommitted)
	}
	if err != nil {
		return fmt.Errorf("revert to block %d: %w", common, err)
	}
	l.digest, err = newestDigest(ctx, l.conn)
	return err
}

// writes are what changes of an entity do to its tables. Current rows are sorted by key.
func (e entitySQL) writes(c projections.EntityChanges) []write {
	closed := make([][]any, len(c.Closed))
	for i, v := range c.Closed {
		closed[i] = append(e.versionRow(v.Version), v.To)
	}
	rows := make([][]any, 0, len(c.Current))
	for _, key := range c.SortedKeys() {
		rows = append(rows, e.versionRow(c.Current[key]))
	}
	return []write{
		{table: e.model.Table + "_versions", columns: e.closed, rows: closed, statement: e.insert, grows: true},
		{table: e.model.Table, columns: e.columns, rows: rows, statement: e.upsert},
	}
}

// blockColumns are those of the table blocks.
var blockColumns = []projections.Column{
	{Name: "number", Type: projections.Int},
	{Name: "hash", Type: projections.Text},
	{Name: "parent", Type: projections.Text},
	{Name: "time", Type: projections.Time},
	{Name: "sealed", Type: projections.Bool},
	{Name: "events", Type: projections.Int},
	{Name: "log_offset", Type: projections.Int},
}

var insertBlocks = insertRows("blocks", blockColumns)

func blockRows(blocks []projections.BlockRow) [][]any {
	rows := make([][]any, len(blocks))
	for i, b := range blocks {
		var parent any
		if !b.Parent.IsZero() {
			parent = b.Parent.String()
		}
		rows[i] = []any{int64(b.Number), b.Hash.String(), parent, b.Time.UTC(), b.Sealed, int64(b.Events), b.Offset}
	}
	return rows
}

// digestColumns are those of the table state_digests.
var digestColumns = []projections.Column{{Name: "block_number", Type: projections.Int}, {Name: "digest", Type: projections.Bytes}}

var insertDigests = insertRows("state_digests", digestColumns)
