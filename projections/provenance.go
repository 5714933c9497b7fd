package projections

import (
	"cmp"
	"slices"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// RowHistory is a stretch of a row's life: its versions, and the events of the blocks that made them.
type RowHistory struct {
	Before   any       // the state before the first of the versions; nil where that made the row
	Versions []Version // the oldest first
	More     bool      // whether there are later ones
	Total    int64     // of all versions up to the moment that was asked about
	Events   []schemas.Fact
}

// RowChange is a fact that shaped a row, and the row after it.
type RowChange struct {
	schemas.Fact
	After any // the state
}

// Missing returns the offsets of facts that shaped the row and are not among the events: observations, which only the log has.
func (h RowHistory) Missing() (offsets []int64) {
	for _, v := range h.Versions {
		if !slices.ContainsFunc(h.Events, func(f schemas.Fact) bool { return f.Offset == v.Offset }) {
			offsets = append(offsets, v.Offset)
		}
	}
	return offsets
}

// Provenance folds a row's history once more, fact by fact. Agrees tells whether each version comes out as it is stored; where it does
// not, the read model was made by other folds, or a row was changed by hand.
func (m EntityModel) Provenance(key string, h RowHistory, observed ...schemas.Fact) (changes []RowChange, agrees bool) {
	facts := slices.Concat(h.Events, observed)
	slices.SortFunc(facts, func(a, b schemas.Fact) int { return cmp.Compare(a.Offset, b.Offset) })
	state, agrees := h.Before, true
	for _, v := range h.Versions {
		for _, f := range facts {
			if int64(f.Position.Block) == v.From && slices.Contains(m.Keys(f), key) {
				state = m.Fold(state, f)
				changes = append(changes, RowChange{f, state})
			}
		}
		if state != v.State {
			agrees = false
			state = v.State // so that one row that is wrong does not make the later ones so
		}
	}
	return changes, agrees
}
