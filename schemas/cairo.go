package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// kind says how a Cairo type is laid out in felts and written in JSON.
type kind int

const (
	kindFelt      kind = iota // one felt; minimal hex
	kindAddress               // one felt; 0x and 64 digits (addresses and hashes)
	kindBool                  // one felt, 0 or 1
	kindUint                  // one felt below 2^bits; a number up to 32 bits, else a decimal string
	kindInt                   // one felt, negative as P-|x|; a number up to 32 bits, else a decimal string
	kindU256                  // two felts, low and high; a decimal string
	kindByteArray             // word count, 31-byte words, last word, its length; a string
	kindStruct                // members in order; an object
	kindTuple                 // elements in order; an array; () is null
	kindArray                 // length, then elements; an array
	kindOption                // 0 and the value, or 1; the value or null, and {"Some": value} where the value itself may be null
	kindEnum                  // variant index, then its value; "Variant", or {"Variant": value}
)

// cairoType is a Cairo type, compiled from its name.
type cairoType struct {
	kind    kind
	bits    int        // of kindUint and kindInt
	name    string     // full path, for structs and enums
	members []member   // of kindStruct, kindTuple (unnamed) and kindEnum (variants)
	elem    *cairoType // of kindArray and kindOption
}

type member struct {
	name string
	typ  *cairoType
}

// typeSet compiles type names against an ABI's declarations.
type typeSet struct {
	declared map[string]abiEntry
	compiled map[string]*cairoType
}

func newTypeSet(entries []abiEntry) *typeSet {
	s := &typeSet{declared: map[string]abiEntry{}, compiled: map[string]*cairoType{}}
	for _, e := range entries {
		if e.Type == "struct" || e.Type == "enum" {
			s.declared[e.Name] = e
		}
	}
	return s
}

// builtins are the types whose layout is the language's own, whatever the ABI also declares them as.
var builtins = map[string]cairoType{
	"core::felt252":           {kind: kindFelt},
	"core::bool":              {kind: kindBool},
	"core::bytes_31::bytes31": {kind: kindFelt},
	"core::starknet::contract_address::ContractAddress": {kind: kindAddress},
	"core::starknet::class_hash::ClassHash":             {kind: kindAddress},
	"core::starknet::storage_access::StorageAddress":    {kind: kindAddress},
	"core::integer::u8":                                 {kind: kindUint, bits: 8},
	"core::integer::u16":                                {kind: kindUint, bits: 16},
	"core::integer::u32":                                {kind: kindUint, bits: 32},
	"core::integer::u64":                                {kind: kindUint, bits: 64},
	"core::integer::u96":                                {kind: kindUint, bits: 96},
	"core::integer::u128":                               {kind: kindUint, bits: 128},
	"core::integer::i8":                                 {kind: kindInt, bits: 8},
	"core::integer::i16":                                {kind: kindInt, bits: 16},
	"core::integer::i32":                                {kind: kindInt, bits: 32},
	"core::integer::i64":                                {kind: kindInt, bits: 64},
	"core::integer::i128":                               {kind: kindInt, bits: 128},
	"core::integer::u256":                               {kind: kindU256},
	"core::byte_array::ByteArray":                       {kind: kindByteArray},
}

var sequences = []string{"core::array::Array::<", "core::array::Span::<"}

var transparent = []string{"core::zeroable::NonZero::<", "core::box::Box::<"}

func (s *typeSet) compile(name string) (*cairoType, error) {
	name = bare(name)
	if t, ok := s.compiled[name]; ok {
		return t, nil
	}
	t := new(cairoType)
	s.compiled[name] = t // before its parts, so that a type may refer to itself through an array
	if err := s.fill(t, name); err != nil {
		return nil, err
	}
	return t, nil
}

// bare returns the name without what makes no difference to the felts: spaces, snapshots, boxes.
func bare(name string) string {
	for {
		name = strings.TrimPrefix(strings.TrimSpace(name), "@")
		inner, ok := argument(name, transparent[0])
		if !ok {
			if inner, ok = argument(name, transparent[1]); !ok {
				return name
			}
		}
		name = inner
	}
}

// finite refuses types that hold themselves with no felt between: a value of one would never end.
func (s *typeSet) finite() error {
	const walking, ends = 1, 2
	state := map[*cairoType]int{}
	var walk func(t *cairoType) error
	walk = func(t *cairoType) error {
		switch state[t] {
		case walking:
			return fmt.Errorf("type %s holds itself", t.name)
		case ends:
			return nil
		}
		state[t] = walking
		if t.kind == kindStruct || t.kind == kindTuple {
			for _, m := range t.members {
				if err := walk(m.typ); err != nil {
					return err
				}
			}
		}
		state[t] = ends
		return nil
	}
	for _, t := range s.compiled {
		if err := walk(t); err != nil {
			return err
		}
	}
	return nil
}

// repeated returns a name that two members have: in an object the one would hide the other.
func repeated(members []abiMember) (name string, twice bool) {
	seen := map[string]bool{}
	for _, m := range members {
		if seen[m.Name] {
			return m.Name, true
		}
		seen[m.Name] = true
	}
	return "", false
}

func (s *typeSet) fill(t *cairoType, name string) (err error) {
	if b, ok := builtins[name]; ok {
		*t = b
		return nil
	}
	for _, prefix := range sequences {
		if inner, ok := argument(name, prefix); ok {
			t.kind = kindArray
			t.elem, err = s.compile(inner)
			return err
		}
	}
	if inner, ok := argument(name, "core::option::Option::<"); ok {
		t.kind = kindOption
		t.elem, err = s.compile(inner)
		return err
	}
	if strings.HasPrefix(name, "(") && strings.HasSuffix(name, ")") {
		t.kind = kindTuple
		for _, part := range splitTopLevel(name[1 : len(name)-1]) {
			e, err := s.compile(part)
			if err != nil {
				return err
			}
			t.members = append(t.members, member{typ: e})
		}
		return nil
	}
	e, ok := s.declared[name]
	if !ok {
		return fmt.Errorf("type %s is not declared", name)
	}
	t.name, t.kind = name, kindStruct
	parts := e.Members
	if e.Type == "enum" {
		t.kind, parts = kindEnum, e.Variants
	}
	if twice, ok := repeated(parts); ok {
		return fmt.Errorf("%s.%s is declared twice", name, twice)
	}
	for _, m := range parts {
		mt, err := s.compile(m.Type)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", name, m.Name, err)
		}
		t.members = append(t.members, member{m.Name, mt})
	}
	return nil
}

func argument(name, prefix string) (string, bool) {
	inner, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(inner, ">")
}

// splitTopLevel splits a tuple's element list at the commas that are not inside brackets.
func splitTopLevel(list string) []string {
	var parts []string
	depth, start := 0, 0
	for i, c := range list {
		switch c {
		case '(', '<', '[':
			depth++
		case ')', '>', ']':
			depth--
		case ',':
			if depth == 0 {
				parts = append(parts, list[start:i])
				start = i + 1
			}
		}
	}
	if rest := strings.TrimSpace(list[start:]); rest != "" {
		parts = append(parts, rest)
	}
	return parts
}

// decode appends the JSON of the value that felts begin with, and returns the felts after it. An array's claimed length is
// bounded by the felts that are left, so that a lying one cannot make us allocate.
func (t *cairoType) decode(out []byte, felts []Felt) ([]byte, []Felt, error) {
	switch t.kind {
	case kindStruct:
		return decodeMembers(out, t.members, felts)
	case kindTuple:
		return t.decodeTuple(out, felts)
	case kindByteArray:
		return decodeByteArray(out, felts)
	}
	if len(felts) == 0 {
		return nil, nil, undecodable(ReasonShortData, "no felt left")
	}
	f, rest := felts[0], felts[1:]
	switch t.kind {
	case kindFelt:
		return append(f.appendText(append(out, '"')), '"'), rest, nil
	case kindAddress:
		return append(appendPadded(append(out, '"'), f), '"'), rest, nil
	case kindBool:
		switch v, _ := f.Uint64(); {
		case f.IsZero():
			return append(out, "false"...), rest, nil
		case v == 1:
			return append(out, "true"...), rest, nil
		}
		return nil, nil, undecodable(ReasonBadValue, "%s is not a bool", f)
	case kindUint, kindInt:
		return t.decodeInteger(out, f, rest)
	case kindU256:
		return decodeU256(out, felts)
	case kindArray:
		n, ok := f.Uint64()
		if !ok || n > uint64(len(rest)) {
			return nil, nil, undecodable(ReasonShortData, "array of %s elements, %d felts left", f, len(rest))
		}
		return decodeList(out, rest, int(n), func(int) *cairoType { return t.elem })
	case kindOption:
		switch v, ok := f.Uint64(); {
		case ok && v == 0 && t.elem.mayBeNull():
			return decodeMembers(out, []member{{"Some", t.elem}}, rest)
		case ok && v == 0:
			return t.elem.decode(out, rest)
		case ok && v == 1:
			return append(out, "null"...), rest, nil
		}
		return nil, nil, undecodable(ReasonBadValue, "%s is not an Option's variant", f)
	case kindEnum:
		return t.decodeEnum(out, f, rest)
	}
	panic("schemas: a Cairo type without a kind")
}

func (t *cairoType) decodeTuple(out []byte, felts []Felt) ([]byte, []Felt, error) {
	if len(t.members) == 0 {
		return append(out, "null"...), felts, nil
	}
	return decodeList(out, felts, len(t.members), func(i int) *cairoType { return t.members[i].typ })
}

func decodeList(out []byte, felts []Felt, n int, typ func(int) *cairoType) ([]byte, []Felt, error) {
	out = append(out, '[')
	var err error
	for i := range n {
		if i > 0 {
			out = append(out, ',')
		}
		if out, felts, err = typ(i).decode(out, felts); err != nil {
			return nil, nil, fmt.Errorf("element %d: %w", i, err)
		}
	}
	return append(out, ']'), felts, nil
}

func decodeMembers(out []byte, members []member, felts []Felt) ([]byte, []Felt, error) {
	out = append(out, '{')
	var err error
	for i, m := range members {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendQuoted(out, m.name), ':')
		if out, felts, err = m.typ.decode(out, felts); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return append(out, '}'), felts, nil
}

func (t *cairoType) decodeEnum(out []byte, index Felt, felts []Felt) ([]byte, []Felt, error) {
	i, ok := index.Uint64()
	if !ok || i >= uint64(len(t.members)) {
		return nil, nil, undecodable(ReasonBadValue, "%s is not a variant of %s", index, t.name)
	}
	variant := t.members[i]
	if variant.typ.isUnit() {
		return appendQuoted(out, variant.name), felts, nil
	}
	out = append(appendQuoted(append(out, '{'), variant.name), ':')
	out, felts, err := variant.typ.decode(out, felts)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", variant.name, err)
	}
	return append(out, '}'), felts, nil
}

// mayBeNull tells whether a value of the type is written as null in JSON.
func (t *cairoType) mayBeNull() bool { return t.kind == kindOption || t.isUnit() }

func (t *cairoType) isUnit() bool { return t.kind == kindTuple && len(t.members) == 0 }

func (t *cairoType) decodeInteger(out []byte, f Felt, rest []Felt) ([]byte, []Felt, error) {
	v := f.Big()
	if t.kind == kindInt && v.Cmp(halfPrime) > 0 {
		v.Sub(v, primeBig)
	}
	if !t.holds(v) {
		return nil, nil, undecodable(ReasonBadValue, "%s does not fit in %s", f, t.integerName())
	}
	if t.bits <= 32 {
		return v.Append(out, 10), rest, nil
	}
	return append(v.Append(append(out, '"'), 10), '"'), rest, nil
}

var halfPrime = new(big.Int).Rsh(primeBig, 1)

func (t *cairoType) holds(v *big.Int) bool {
	if t.kind == kindUint {
		return v.Sign() >= 0 && v.BitLen() <= t.bits
	}
	if v.Sign() < 0 {
		return new(big.Int).Not(v).BitLen() <= t.bits-1
	}
	return v.BitLen() <= t.bits-1
}

func (t *cairoType) integerName() string {
	if t.kind == kindInt {
		return "i" + strconv.Itoa(t.bits)
	}
	return "u" + strconv.Itoa(t.bits)
}

func decodeU256(out []byte, felts []Felt) ([]byte, []Felt, error) {
	if len(felts) < 2 {
		return nil, nil, undecodable(ReasonShortData, "a u256 takes two felts, %d left", len(felts))
	}
	low, high := felts[0], felts[1]
	if !fits128(low) || !fits128(high) {
		return nil, nil, undecodable(ReasonBadValue, "u256 limbs %s, %s: above 128 bits", low, high)
	}
	var bytes [32]byte
	copy(bytes[:16], high[16:])
	copy(bytes[16:], low[16:])
	var a Amount
	a.n.SetBytes32(bytes[:])
	return append(append(append(out, '"'), a.n.Dec()...), '"'), felts[2:], nil
}

func fits128(f Felt) bool { return [16]byte(f[:16]) == [16]byte{} }

func decodeByteArray(out []byte, felts []Felt) ([]byte, []Felt, error) {
	if len(felts) < 3 {
		return nil, nil, undecodable(ReasonShortData, "a ByteArray takes at least three felts, %d left", len(felts))
	}
	n, ok := felts[0].Uint64()
	if !ok || n > uint64(len(felts)-3) {
		return nil, nil, undecodable(ReasonShortData, "ByteArray of %s words, %d felts left", felts[0], len(felts)-1)
	}
	var text []byte
	for _, w := range felts[1 : 1+n] {
		if w[0] != 0 {
			return nil, nil, undecodable(ReasonBadValue, "ByteArray word %s: above 31 bytes", w)
		}
		text = append(text, w[1:]...)
	}
	last := felts[1+n]
	length, ok := felts[2+n].Uint64()
	if !ok || length > 30 || last.Big().BitLen() > int(length)*8 {
		return nil, nil, undecodable(ReasonBadValue, "ByteArray's last word %s of length %s", last, felts[2+n])
	}
	text = append(text, last[32-length:]...)
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		// Text with a NUL is refused with the rest: Postgres cannot hold it.
		return nil, nil, undecodable(ReasonBadValue, "ByteArray is not text: 0x%x", text)
	}
	return appendQuoted(out, string(text)), felts[3+n:], nil
}

// appendQuoted appends s as a JSON string.
func appendQuoted(out []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c > 0x7e || c == '"' || c == '\\' {
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(s); err != nil {
				panic(fmt.Sprintf("schemas: a string that JSON cannot hold: %v", err)) // Encode of a string has no error
			}
			return append(out, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
		}
	}
	return append(append(append(out, '"'), s...), '"')
}
