package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
)

// parseTree turns a value into the generic JSON tree that the encoder walks, numbers kept as text.
func parseTree(value any) (any, error) {
	doc, isRaw := value.(json.RawMessage)
	if !isRaw {
		var err error
		if doc, err = json.Marshal(value); err != nil {
			return nil, err
		}
	}
	var tree any
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	return tree, nil
}

func wrong(want string, v any) error {
	return fmt.Errorf("want %s, have %s", want, clip(fmt.Sprint(v)))
}

// encode appends v's felts. It accepts what decode writes.
func (t *cairoType) encode(out []Felt, v any) ([]Felt, error) {
	switch t.kind {
	case kindFelt, kindAddress:
		s, ok := v.(string)
		if !ok {
			return nil, wrong("a hex string", v)
		}
		f, err := ParseFelt(s)
		return append(out, f), err
	case kindBool:
		b, ok := v.(bool)
		if !ok {
			return nil, wrong("true or false", v)
		}
		if b {
			return append(out, FeltFromUint64(1)), nil
		}
		return append(out, Felt{}), nil
	case kindUint, kindInt:
		n, err := integer(v)
		if err != nil {
			return nil, err
		}
		if !t.holds(n) {
			return nil, wrong("a value of "+t.integerName(), v)
		}
		if n.Sign() < 0 {
			n.Add(n, primeBig)
		}
		f, err := FeltFromBig(n)
		return append(out, f), err
	case kindU256:
		n, err := integer(v)
		if err != nil {
			return nil, err
		}
		a, err := AmountFromBig(n)
		if err != nil {
			return nil, err
		}
		bytes := a.n.Bytes32()
		var low, high Felt
		copy(high[16:], bytes[:16])
		copy(low[16:], bytes[16:])
		return append(out, low, high), nil
	case kindByteArray:
		s, ok := v.(string)
		if !ok {
			return nil, wrong("a string", v)
		}
		return encodeByteArray(out, s), nil
	case kindStruct:
		return encodeMembers(out, t.members, v)
	case kindTuple:
		return t.encodeTuple(out, v)
	case kindArray:
		list, ok := v.([]any)
		if !ok {
			return nil, wrong("an array", v)
		}
		out = append(out, FeltFromUint64(uint64(len(list))))
		return encodeList(out, list, func(int) *cairoType { return t.elem })
	case kindOption:
		if v == nil {
			return append(out, FeltFromUint64(1)), nil
		}
		if t.elem.mayBeNull() {
			return encodeMembers(append(out, Felt{}), []member{{"Some", t.elem}}, v)
		}
		return t.elem.encode(append(out, Felt{}), v)
	case kindEnum:
		return t.encodeEnum(out, v)
	}
	panic("schemas: a Cairo type without a kind")
}

func integer(v any) (*big.Int, error) {
	var text string
	switch x := v.(type) {
	case json.Number:
		text = x.String()
	case string:
		text = x
	default:
		return nil, wrong("an integer", v)
	}
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return nil, wrong("an integer", v)
	}
	return n, nil
}

func encodeMembers(out []Felt, members []member, v any) ([]Felt, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, wrong("an object", v)
	}
	for _, m := range members {
		part, ok := object[m.name]
		if !ok {
			return nil, fmt.Errorf("%s is missing", m.name)
		}
		var err error
		if out, err = m.typ.encode(out, part); err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return out, nil
}

func (t *cairoType) encodeTuple(out []Felt, v any) ([]Felt, error) {
	if t.isUnit() {
		if v != nil {
			return nil, wrong("null", v)
		}
		return out, nil
	}
	list, ok := v.([]any)
	if !ok || len(list) != len(t.members) {
		return nil, wrong(fmt.Sprintf("an array of %d", len(t.members)), v)
	}
	return encodeList(out, list, func(i int) *cairoType { return t.members[i].typ })
}

func encodeList(out []Felt, list []any, typ func(int) *cairoType) ([]Felt, error) {
	var err error
	for i, v := range list {
		if out, err = typ(i).encode(out, v); err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
	}
	return out, nil
}

func (t *cairoType) encodeEnum(out []Felt, v any) ([]Felt, error) {
	name, isUnit := v.(string)
	var payload any
	if object, ok := v.(map[string]any); ok && len(object) == 1 {
		for name, payload = range object {
		}
	} else if !isUnit {
		return nil, wrong("a variant of "+t.name, v)
	}
	for i, variant := range t.members {
		if variant.name == name && variant.typ.isUnit() == isUnit {
			return variant.typ.encode(append(out, FeltFromUint64(uint64(i))), payload)
		}
	}
	return nil, wrong("a variant of "+t.name, v)
}

func encodeByteArray(out []Felt, s string) []Felt {
	out = append(out, FeltFromUint64(uint64(len(s)/31)))
	for len(s) >= 31 {
		var w Felt
		copy(w[1:], s[:31])
		out, s = append(out, w), s[31:]
	}
	var last Felt
	copy(last[32-len(s):], s)
	return append(out, last, FeltFromUint64(uint64(len(s))))
}
