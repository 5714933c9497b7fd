package schemas

import (
	"cmp"
	"maps"
	"slices"
)

// EventLayout is the declared shape of one event, for programs that write code, schemas or documents from an ABI.
type EventLayout struct {
	Name      string
	Selectors []Felt
	Members   []MemberLayout
}

// MemberLayout is one member of an event or a struct, or one variant of an enum.
type MemberLayout struct {
	Name string
	Key  bool // of an event: in the keys rather than in the data
	Type TypeLayout
}

// TypeLayout is a Cairo type. Kind is one of felt, address, bool, uint, int, u256, bytes, struct, tuple, array, option, enum.
type TypeLayout struct {
	Kind    string
	Bits    int            // of uint and int
	Name    string         // full Cairo path of a struct or enum
	Members []MemberLayout // of a struct, a tuple (unnamed) or an enum (its variants)
	Elem    *TypeLayout    // of an array or an option
}

var kindNames = map[kind]string{
	kindFelt: "felt", kindAddress: "address", kindBool: "bool", kindUint: "uint", kindInt: "int", kindU256: "u256",
	kindByteArray: "bytes", kindStruct: "struct", kindTuple: "tuple", kindArray: "array", kindOption: "option", kindEnum: "enum",
}

// Layouts returns the events of the ABI, by name.
func (a *ABI) Layouts() []EventLayout {
	events := slices.SortedFunc(maps.Values(a.byName), func(x, y *abiEvent) int { return cmp.Compare(x.name, y.name) })
	out := make([]EventLayout, 0, len(events))
	for _, e := range events {
		l := EventLayout{Name: e.name, Selectors: slices.Clone(e.selectors)}
		for _, m := range e.members {
			l.Members = append(l.Members, MemberLayout{Name: m.name, Key: m.key, Type: m.typ.layout()})
		}
		out = append(out, l)
	}
	return out
}

func (t *cairoType) layout() TypeLayout {
	l := TypeLayout{Kind: kindNames[t.kind], Bits: t.bits, Name: t.name}
	for _, m := range t.members {
		l.Members = append(l.Members, MemberLayout{Name: m.name, Type: m.typ.layout()})
	}
	if t.elem != nil {
		e := t.elem.layout()
		l.Elem = &e
	}
	return l
}
