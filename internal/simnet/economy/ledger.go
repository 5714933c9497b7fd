package economy

import "sort"

// Version is a point in the world's history. Versions grow with every transaction and never repeat on a branch.
type Version uint64

// Now reads what stands last.
const Now = Version(1<<64 - 1)

// Ledger is the storage of all contracts: cells and maps that keep every version of their values, so that any point of the
// past can be read and the newest part undone. Reading at a version and writing the next one need a lock of the caller's.
type Ledger struct {
	version Version
	touched []undoer // the histories that got a version, in order; undoing walks back from the end
}

type undoer interface {
	undo(above Version) bool // drops the newest value if it is above; false when there was none
}

// next opens a new version for writes and returns the one that they can be undone to.
func (l *Ledger) next() (before Version) {
	l.version++
	return l.version - 1
}

// truncate undoes all writes above a version.
func (l *Ledger) truncate(to Version) {
	for len(l.touched) > 0 && l.touched[len(l.touched)-1].undo(to) {
		l.touched = l.touched[:len(l.touched)-1]
	}
	l.version = to
}

type stored[V any] struct {
	at    Version
	value V
}

// history is one storage slot: its values in the order of their versions.
type history[V any] struct {
	values []stored[V]
}

func (h *history[V]) undo(above Version) bool {
	n := len(h.values)
	if n == 0 || h.values[n-1].at <= above {
		return false
	}
	h.values[n-1] = stored[V]{}
	h.values = h.values[:n-1]
	return true
}

func (h *history[V]) get(at Version) (value V, ok bool) {
	n := len(h.values)
	if n == 0 {
		return value, false
	}
	if last := &h.values[n-1]; last.at <= at {
		return last.value, true
	}
	i := sort.Search(n, func(i int) bool { return h.values[i].at > at })
	if i == 0 {
		return value, false
	}
	return h.values[i-1].value, true
}

func (h *history[V]) set(l *Ledger, value V) {
	if n := len(h.values); n > 0 && h.values[n-1].at == l.version {
		h.values[n-1].value = value
		return
	}
	h.values = append(h.values, stored[V]{l.version, value})
	l.touched = append(l.touched, h)
}

// Cell is one storage variable. Its zero value reads as the zero value of V.
type Cell[V any] struct {
	history history[V]
}

func (c *Cell[V]) get(e *Env) V {
	v, _ := c.history.get(e.at)
	return v
}

func (c *Cell[V]) set(e *Env, value V) { c.history.set(e.ledger, value) }

// Map is a storage map. Keys that were never written read as the zero value of V.
type Map[K comparable, V any] struct {
	slots map[K]*history[V]
}

func (m *Map[K, V]) get(e *Env, key K) V {
	v, _ := m.find(e, key)
	return v
}

// find also tells whether the key was ever written, which matters where the contract's own storage tells the two apart.
func (m *Map[K, V]) find(e *Env, key K) (value V, ok bool) {
	h := m.slots[key]
	if h == nil {
		return value, false
	}
	return h.get(e.at)
}

func (m *Map[K, V]) set(e *Env, key K, value V) {
	h := m.slots[key]
	if h == nil {
		if m.slots == nil {
			m.slots = map[K]*history[V]{}
		}
		h = &history[V]{}
		m.slots[key] = h
	}
	h.set(e.ledger, value)
}
