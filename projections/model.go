package projections

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Entity is a read model with one current row per key, and its earlier versions beside it. S is the state and the row: its
// fields carry db tags, the key's first.
type Entity[S comparable] struct {
	// Table is the table of current rows; closed versions are in <Table>_versions.
	Table string
	// Version grows by one with every change of the fold or the columns that gives other rows: the read models are then made
	// anew from the log.
	Version int
	// Keys names the rows that a fact concerns, in the text form of the key column; none for most facts.
	Keys func(schemas.Fact) []string
	// Fold returns the state after the fact. The first fact of a key finds the zero state, and must set the key's field.
	Fold func(S, schemas.Fact) S
	// Doubt says why the fact cannot be, given the state before it; empty where it can. It may be nil. See [Anomaly].
	Doubt func(S, schemas.Fact) string
}

// Journal is a read model that only ever grows: rows that follow from single facts and keep only their block. R's fields
// carry db tags; one of them must be block_number.
type Journal[R any] struct {
	Table   string
	Version int // as an [Entity]'s
	// Rows returns what a fact adds.
	Rows func(schemas.Fact) []R
}

// EntityModel is an [Entity] with its types put away, so that one list holds every kind. States pass as any; only the
// model itself looks inside.
type EntityModel struct {
	Table   string
	Version int
	Columns []Column
	Keys    func(schemas.Fact) []string
	// Fold takes nil for the state of a key without a row.
	Fold func(state any, f schemas.Fact) any
	// Doubt takes the state before the fact, as Fold does.
	Doubt func(state any, f schemas.Fact) string
	// Values returns the row of a state, in the order of Columns: string, int64, float64, bool, time.Time or nil.
	Values func(state any) []any
	// Restore is the inverse of Values.
	Restore func(values []any) (any, error)
}

// Model puts the types away.
func (e Entity[S]) Model() EntityModel {
	row := rowOf[S]()
	return EntityModel{
		Table:   e.Table,
		Version: e.Version,
		Columns: row.columns,
		Keys:    e.Keys,
		Fold: func(state any, f schemas.Fact) any {
			s, _ := state.(S)
			return e.Fold(s, f)
		},
		Doubt: func(state any, f schemas.Fact) string {
			if e.Doubt == nil {
				return ""
			}
			s, _ := state.(S)
			return e.Doubt(s, f)
		},
		Values: func(state any) []any { return row.values(state) },
		Restore: func(values []any) (any, error) {
			s, err := row.restore(values)
			if err != nil {
				return nil, fmt.Errorf("row of %s: %w", e.Table, err)
			}
			return s, nil
		},
	}
}

// JournalModel is a [Journal] with its types put away.
type JournalModel struct {
	Table   string
	Version int
	Columns []Column
	// Rows returns what a fact adds, each row in the order of Columns.
	Rows func(schemas.Fact) [][]any
}

// Model puts the types away.
func (j Journal[R]) Model() JournalModel {
	row := rowOf[R]()
	return JournalModel{
		Table:   j.Table,
		Version: j.Version,
		Columns: row.columns,
		Rows: func(f schemas.Fact) [][]any {
			var rows [][]any
			for _, r := range j.Rows(f) {
				rows = append(rows, row.values(r))
			}
			return rows
		},
	}
}

// Set is the read models that advance together with one reader, in one transaction.
type Set struct {
	Entities []EntityModel
	Journals []JournalModel
}

// engineVersion grows with every change of the engine that gives other rows from the same folds.
const engineVersion = 2

// Versions returns the version of each read model of the set, of the engine, and of what decodes events.
func (s Set) Versions() Versions {
	v := Versions{"engine": engineVersion, "abis": schemas.DecoderVersion}
	for _, m := range s.Entities {
		v[m.Table] = m.Version
	}
	for _, j := range s.Journals {
		v[j.Table] = j.Version
	}
	return v
}

// Tables returns the tables that the set fills, those of closed versions and of blocks with them.
func (s Set) Tables() []string {
	tables := []string{"blocks", "state_digests"}
	for _, m := range s.Entities {
		tables = append(tables, m.Table, m.Table+"_versions")
	}
	for _, j := range s.Journals {
		tables = append(tables, j.Table)
	}
	return tables
}

// Only returns the read models of the set whose tables are named. The blocks and their digests are of all of them, and so of no part.
func (s Set) Only(tables []string) (part Set, err error) {
	var known []string
	for _, m := range s.Entities {
		if known = append(known, m.Table); slices.Contains(tables, m.Table) {
			part.Entities = append(part.Entities, m)
		}
	}
	for _, j := range s.Journals {
		if known = append(known, j.Table); slices.Contains(tables, j.Table) {
			part.Journals = append(part.Journals, j)
		}
	}
	for _, t := range tables {
		if !slices.Contains(known, t) {
			return Set{}, fmt.Errorf("there is no read model %q; there are: %s", t, strings.Join(known, ", "))
		}
	}
	return part, nil
}

// Versions are the versions of read models, by table. Stored beside them, they tell a program whether the rows are those that
// its folds give.
type Versions map[string]int

// Newer tells whether v is a later state of development than w: it has every read model of w, none in an older version, and is
// not the same.
func (v Versions) Newer(w Versions) bool {
	for table, version := range w {
		if have, ok := v[table]; !ok || have < version {
			return false
		}
	}
	return !maps.Equal(v, w)
}

// Chain lists every read model of the chain topic.
func Chain() Set {
	return Set{
		Entities: []EntityModel{
			Workers.Model(),
			Jobs.Model(),
			Reputations.Model(),
			IndexedContracts.Model(),
			JobPayments.Model(),
			Stakes.Model(),
			Proofs.Model(),
			Orders.Model(),
			Pairs.Model(),
			Proposals.Model(),
			ConsensusRounds.Model(),
			FraudCases.Model(),
			RewardsOf.Model(),
			StakingConfigs.Model(),
			GovernanceConfigs.Model(),
			NetworkHours.Model(),
			Faucets.Model(),
			FaucetAccounts.Model(),
		},
		Journals: []JournalModel{
			BlockchainEvents.Model(),
			Anomalies.Model(),
			Payments.Model(),
			StakingEvents.Model(),
			SlashingEvents.Model(),
			Trades.Model(),
			Votes.Model(),
			RewardClaims.Model(),
			ReputationEvents.Model(),
			ConsensusVotes.Model(),
			Transfers.Model(),
			FaucetClaims.Model(),
		},
	}
}
