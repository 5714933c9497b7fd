package projections

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ErrTaken says that another process holds the lease of a reader, so that this one stands by.
var ErrTaken = errors.New("another process reads this partition")

// ErrOutdated says that the read models were made by earlier versions of their folds: they must be made anew from the log.
var ErrOutdated = errors.New("the read models are of an earlier version")

// Place is where a reader stands in a partition: what is stored beside the rows it wrote.
type Place struct {
	NextOffset  int64
	Fingerprint string          // id of the record before NextOffset, empty at the start
	State       json.RawMessage // of the reader's rule, on the chain topic
}

// Version is one version of an entity's row.
type Version struct {
	State   any
	Created int64 // block of the first version
	From    int64 // block of this version
	Offset  int64 // of the last fact that shaped it
}

// ClosedVersion is a version that a later block replaced: it holds from From up to, and without, To.
type ClosedVersion struct {
	Version
	To int64
}

// Batch is what a run of blocks does to the read models, ready to be stored in one transaction.
type Batch struct {
	Blocks    []BlockRow
	Entities  []EntityChanges // in the order of Set.Entities
	Journals  [][][]any       // rows by journal, in the order of Set.Journals
	Facts     int
	Anomalies int                // rows of [Anomalies] among them
	State     schemas.ChainState // where the reader stands after it
	Time      time.Time          // of the last block; zero where there is none
}

// EntityChanges is what a batch does to one entity's table.
type EntityChanges struct {
	Current map[string]Version // by key, the rows that changed
	Closed  []ClosedVersion
}

// BlockRow is a row of the table blocks.
type BlockRow struct {
	schemas.BlockRef
	Parent schemas.Hash
	Time   time.Time
	Sealed bool
	Events int
	Offset int64
	// Changes is the hash of the rows that the block changed; nil where it changed none. See [Digest.Next].
	Changes *Digest
}

// Folder folds runs of blocks into batches. It remembers the rows that it has seen, which holds as long as every batch it
// returned was stored: after a failure, and after a reorganisation, [Folder.Forget]. It is pure, and not safe for concurrent
// use.
type Folder struct {
	set   Set
	odd   int                   // place of [Anomalies] among the journals, -1 where a set has none
	known []map[string]*Version // by entity; nil for a key without a row
	older []map[string]*Version // what was known and has not been wanted lately
	limit int                   // of known, for each entity
}

// maxKnown bounds the remembered rows of each entity, about 100 MB in all at the worst. Half of them are those wanted lately.
const maxKnown = 200_000

// NewFolder returns a folder for the read models of a set.
func NewFolder(set Set) *Folder {
	f := &Folder{set: set, limit: maxKnown / 2}
	f.odd = slices.IndexFunc(set.Journals, func(j JournalModel) bool { return j.Table == Anomalies.Table })
	f.Forget()
	return f
}

// Forget drops every remembered row.
func (f *Folder) Forget() {
	f.known = make([]map[string]*Version, len(f.set.Entities))
	f.older = make([]map[string]*Version, len(f.set.Entities))
	for i := range f.known {
		f.known[i] = map[string]*Version{}
	}
}

// recall returns the remembered row of a key.
func (f *Folder) recall(entity int, key string) (v *Version, ok bool) {
	if v, ok = f.known[entity][key]; ok {
		return v, true
	}
	if v, ok = f.older[entity][key]; ok {
		f.known[entity][key] = v
	}
	return v, ok
}

// Missing returns, for each entity, the keys that the blocks concern and whose rows are not remembered, sorted. It may drop rows that
// were not wanted lately, but none of the batch before: that one may still be on its way to the store.
func (f *Folder) Missing(steps []schemas.Step) [][]string {
	missing := make([][]string, len(f.set.Entities))
	for i, m := range f.set.Entities {
		if len(f.known[i]) > f.limit {
			f.known[i], f.older[i] = map[string]*Version{}, f.known[i]
		}
		wanted := map[string]bool{}
		for _, s := range steps {
			if s.Block == nil {
				continue
			}
			for _, fact := range s.Block.Facts {
				for _, key := range m.Keys(fact) {
					if _, ok := f.recall(i, key); !ok {
						wanted[key] = true
					}
				}
			}
		}
		missing[i] = slices.Sorted(maps.Keys(wanted))
	}
	return missing
}

// Learn tells the rows that the store has for keys of the entity; a key without one is new.
func (f *Folder) Learn(entity int, keys []string, rows map[string]Version) {
	for _, key := range keys {
		f.known[entity][key] = nil
		if v, ok := rows[key]; ok {
			f.known[entity][key] = &v
		}
	}
}

// Fold folds the blocks of one or more steps, none of them a reorganisation. Finality changes no row: it is in the state. Every row they concern must be known
// ([Folder.Missing], [Folder.Learn]).
func (f *Folder) Fold(steps []schemas.Step) (Batch, error) {
	b := Batch{Entities: make([]EntityChanges, len(f.set.Entities)), Journals: make([][][]any, len(f.set.Journals))}
	for i := range b.Entities {
		b.Entities[i].Current = map[string]Version{}
	}
	for _, s := range steps {
		b.State = s.State
		if s.Block == nil {
			continue
		}
		b.Time = s.Block.Time
		b.Blocks = append(b.Blocks, BlockRow{
			BlockRef: s.Block.BlockRef, Parent: s.Block.Parent, Time: s.Block.Time, Sealed: s.Block.Sealed,
			Events: events(s.Block.Facts), Offset: s.State.Next - 1,
		})
		changed, err := f.foldBlock(&b, s.Block.Facts)
		if err != nil {
			return Batch{}, err
		}
		if changes, ok := changed.digest(); ok {
			b.Blocks[len(b.Blocks)-1].Changes = &changes
		}
		b.Facts += len(s.Block.Facts)
	}
	return b, nil
}

// events counts the facts that are events of contracts.
func events(facts []schemas.Fact) (n int) {
	for _, f := range facts {
		if !f.Observed() {
			n++
		}
	}
	return n
}

// foldBlock folds the facts of one block, and tells what it changed, but for what was observed.
func (f *Folder) foldBlock(b *Batch, facts []schemas.Fact) (changed tally, err error) {
	before := make([]int, len(b.Journals))
	for i := range b.Journals {
		before[i] = len(b.Journals[i])
	}
	touched := make([]map[string]bool, len(f.set.Entities))
	for _, fact := range facts {
		if err := f.fold(b, fact, touched); err != nil {
			return changed, fmt.Errorf("fold %s at %s (offset %d): %w", fact.Type, fact.Position, fact.Offset, err)
		}
	}
	for i, m := range f.set.Entities {
		for key, byEvent := range touched[i] {
			if !byEvent {
				continue
			}
			changed.add(m.Table, key, m.Columns, m.Values(f.known[i][key].State))
		}
	}
	for i, j := range f.set.Journals {
		for n, row := range b.Journals[i][before[i]:] {
			changed.add(j.Table, fmt.Sprintf("%08d", n), j.Columns, row)
		}
	}
	return changed, nil
}

func (f *Folder) fold(b *Batch, fact schemas.Fact, touched []map[string]bool) error {
	for i, j := range f.set.Journals {
		b.Journals[i] = append(b.Journals[i], j.Rows(fact)...)
	}
	block := int64(fact.Position.Block)
	for i, m := range f.set.Entities {
		for _, key := range m.Keys(fact) {
			before, ok := f.known[i][key]
			if !ok {
				return fmt.Errorf("row %s of %s was not loaded", key, m.Table)
			}
			next := Version{Created: block, From: block, Offset: fact.Offset}
			var state any
			if before != nil {
				state, next.Created = before.State, before.Created
			}
			next.State = m.Fold(state, fact)
			if before != nil && fact.Observed() && next.State == state {
				continue // it confirms what is known
			}
			if before != nil && before.From < block {
				b.Entities[i].Closed = append(b.Entities[i].Closed, ClosedVersion{Version: *before, To: block})
			}
			if f.odd >= 0 && !fact.Observed() { // what was observed is no part of the digest, as anomalies are
				if reason := m.Doubt(state, fact); reason != "" {
					b.Journals[f.odd] = append(b.Journals[f.odd], anomaly(m.Table, key, reason, fact))
					b.Anomalies++
				}
			}
			if got := m.Values(next.State)[0]; got != key {
				return fmt.Errorf("the fold of %s set the key %v for row %s", m.Table, got, key)
			}
			if touched[i] == nil {
				touched[i] = map[string]bool{}
			}
			touched[i][key] = touched[i][key] || !fact.Observed()
			f.known[i][key] = &next
			b.Entities[i].Current[key] = next
		}
	}
	return nil
}

// SortedKeys returns the changed keys in order, so that concurrent writers can never deadlock.
func (c EntityChanges) SortedKeys() []string {
	return slices.SortedFunc(maps.Keys(c.Current), cmp.Compare[string])
}
