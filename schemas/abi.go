package schemas

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// ABI is a contract's interface as its class declares it, compiled for decoding and encoding. It is immutable and safe for
// concurrent use. ABIs belong to class hashes, not to addresses: contracts are upgraded in place.
type ABI struct {
	// Contract is the name that events of this ABI carry in their type, such as JobManager.
	Contract string

	events    map[Felt][]*abiEvent // by first key; several where components nest
	byName    map[string]*abiEvent
	functions map[string]*abiFunction
	selectors map[Felt]string // entry point selector to function name
}

// abiEvent is the layout of one event: its leading selectors, then key members in the keys and data members in the data.
type abiEvent struct {
	name      string
	selectors []Felt
	members   []eventMember
}

type eventMember struct {
	name string
	typ  *cairoType
	key  bool
}

type abiFunction struct {
	inputs  []member
	outputs []*cairoType
}

// abiEntry is one entry of the ABI document, of any kind.
type abiEntry struct {
	Type     string      `json:"type"`
	Name     string      `json:"name"`
	Kind     string      `json:"kind"`
	Members  []abiMember `json:"members"`
	Variants []abiMember `json:"variants"`
	Items    []abiEntry  `json:"items"`
	Inputs   []abiMember `json:"inputs"`
	Outputs  []abiMember `json:"outputs"`
}

type abiMember struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Kind string `json:"kind"`
}

// ParseABI compiles a standard Cairo 1 ABI document (a JSON array of entries). The contract's own event enum is the one
// that no other enum refers to; its variants, flat ones included, become the events.
func ParseABI(contract string, doc []byte) (*ABI, error) {
	var entries []abiEntry
	if err := json.Unmarshal(doc, &entries); err != nil {
		return nil, fmt.Errorf("ABI of %s: %w", contract, err)
	}
	a := &ABI{
		Contract:  contract,
		events:    map[Felt][]*abiEvent{},
		byName:    map[string]*abiEvent{},
		functions: map[string]*abiFunction{},
		selectors: map[Felt]string{},
	}
	types := newTypeSet(entries)
	if err := a.addEvents(entries, types); err != nil {
		return nil, fmt.Errorf("ABI of %s: %w", contract, err)
	}
	if err := a.addFunctions(entries, types); err != nil {
		return nil, fmt.Errorf("ABI of %s: %w", contract, err)
	}
	if err := types.finite(); err != nil {
		return nil, fmt.Errorf("ABI of %s: %w", contract, err)
	}
	return a, nil
}

func (a *ABI) addEvents(entries []abiEntry, types *typeSet) error {
	declared := map[string]abiEntry{}
	referred := map[string]bool{}
	for _, e := range entries {
		if e.Type != "event" {
			continue
		}
		declared[e.Name] = e
		for _, v := range e.Variants {
			referred[v.Type] = true
		}
	}
	for _, e := range entries {
		if e.Type == "event" && e.Kind == "enum" && !referred[e.Name] {
			if err := a.addVariants(e, nil, declared, types, map[string]bool{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// addVariants walks an event enum: a nested variant puts its selector before what it holds, a flat one does not. An enum that was
// walked already is refused: its events would have one name twice, or it holds itself.
func (a *ABI) addVariants(enum abiEntry, prefix []Felt, declared map[string]abiEntry, types *typeSet, walked map[string]bool) error {
	if walked[enum.Name] && len(enum.Variants) > 0 {
		return fmt.Errorf("events %s are declared in two places, or within themselves", enum.Name)
	}
	walked[enum.Name] = true
	for _, v := range enum.Variants {
		inner, ok := declared[v.Type]
		if !ok {
			return fmt.Errorf("event %s: its type %s is not declared", v.Name, v.Type)
		}
		path := prefix
		if v.Kind != "flat" {
			path = append(slices.Clone(prefix), Selector(v.Name))
		}
		if inner.Kind == "enum" {
			if err := a.addVariants(inner, path, declared, types, walked); err != nil {
				return err
			}
			continue
		}
		if v.Kind == "flat" {
			return fmt.Errorf("event %s: it is flat and no enum, so that it has no selector", v.Name)
		}
		if name, twice := repeated(inner.Members); twice {
			return fmt.Errorf("event %s: member %s is declared twice", v.Name, name)
		}
		event := &abiEvent{name: v.Name, selectors: path}
		for _, m := range inner.Members {
			t, err := types.compile(m.Type)
			if err != nil {
				return fmt.Errorf("event %s, member %s: %w", v.Name, m.Name, err)
			}
			event.members = append(event.members, eventMember{name: m.Name, typ: t, key: m.Kind == "key"})
		}
		if _, taken := a.byName[event.name]; taken {
			return fmt.Errorf("event %s is declared twice", event.name)
		}
		a.byName[event.name] = event
		a.events[path[0]] = append(a.events[path[0]], event)
	}
	return nil
}

func (a *ABI) addFunctions(entries []abiEntry, types *typeSet) error {
	for _, e := range entries {
		if e.Type == "interface" {
			if err := a.addFunctions(e.Items, types); err != nil {
				return err
			}
			continue
		}
		if e.Type != "function" {
			continue
		}
		if name, twice := repeated(e.Inputs); twice {
			return fmt.Errorf("function %s: input %s is declared twice", e.Name, name)
		}
		f := &abiFunction{}
		for _, in := range e.Inputs {
			t, err := types.compile(in.Type)
			if err != nil {
				return fmt.Errorf("function %s, input %s: %w", e.Name, in.Name, err)
			}
			f.inputs = append(f.inputs, member{in.Name, t})
		}
		for _, out := range e.Outputs {
			t, err := types.compile(out.Type)
			if err != nil {
				return fmt.Errorf("function %s, output: %w", e.Name, err)
			}
			f.outputs = append(f.outputs, t)
		}
		a.functions[e.Name] = f
		a.selectors[Selector(e.Name)] = e.Name
	}
	return nil
}

// Reasons why an event is kept raw, as they appear in the log and in metrics.
const (
	ReasonUnknownSelector = "unknown_selector" // no event of this ABI starts with these keys
	ReasonShortData       = "short_data"       // keys or data end before the layout does
	ReasonTrailingData    = "trailing_data"    // keys or data go on after the layout ends
	ReasonBadValue        = "bad_value"        // a felt is outside its type's range
	ReasonNoABI           = "no_abi"           // the contract's class gave no ABI that we can read
)

// DecodeError says why felts do not fit an ABI. Reason is one of the Reason constants.
type DecodeError struct {
	Reason string
	Detail string
}

func (e *DecodeError) Error() string { return e.Reason + ": " + e.Detail }

func undecodable(reason, format string, args ...any) error {
	return &DecodeError{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

// DecodeEvent finds the event by its selector (or selectors, where components nest) and returns its name and its members
// as a JSON object in the order of the ABI. Every felt must be used: what does not fit is a [DecodeError].
func (a *ABI) DecodeEvent(keys, data []Felt) (event string, value json.RawMessage, err error) {
	if len(keys) == 0 {
		return "", nil, undecodable(ReasonUnknownSelector, "no keys")
	}
	layout := a.find(keys)
	if layout == nil {
		return "", nil, undecodable(ReasonUnknownSelector, "%s has no event with selector %s", a.Contract, keys[0])
	}
	keys = keys[len(layout.selectors):]
	out := append(make([]byte, 0, 64+48*len(layout.members)), '{')
	for i, m := range layout.members {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendQuoted(out, m.name), ':')
		from := &data
		if m.key {
			from = &keys
		}
		if out, *from, err = m.typ.decode(out, *from); err != nil {
			return layout.name, nil, fmt.Errorf("%s.%s, member %s: %w", a.Contract, layout.name, m.name, err)
		}
	}
	if len(keys) > 0 || len(data) > 0 {
		return layout.name, nil, undecodable(ReasonTrailingData, "%s.%s: %d keys and %d data felts left over", a.Contract, layout.name, len(keys), len(data))
	}
	return layout.name, append(out, '}'), nil
}

// find returns the event whose selectors lead the keys.
func (a *ABI) find(keys []Felt) *abiEvent {
	for _, e := range a.events[keys[0]] {
		if len(keys) >= len(e.selectors) && slices.Equal(keys[:len(e.selectors)], e.selectors) {
			return e
		}
	}
	return nil
}

// EncodeEvent is the inverse of [ABI.DecodeEvent]. The value is anything that marshals to the event's JSON object, such as
// a generated event.
func (a *ABI) EncodeEvent(event string, value any) (keys, data []Felt, err error) {
	layout, ok := a.byName[event]
	if !ok {
		return nil, nil, fmt.Errorf("%s has no event %s", a.Contract, event)
	}
	tree, err := parseTree(value)
	if err != nil {
		return nil, nil, fmt.Errorf("%s.%s: %w", a.Contract, event, err)
	}
	object, ok := tree.(map[string]any)
	if !ok {
		return nil, nil, fmt.Errorf("%s.%s: want a JSON object", a.Contract, event)
	}
	keys = slices.Clone(layout.selectors)
	for _, m := range layout.members {
		v, ok := object[m.name]
		if !ok {
			return nil, nil, fmt.Errorf("%s.%s: member %s is missing", a.Contract, event, m.name)
		}
		to := &data
		if m.key {
			to = &keys
		}
		if *to, err = m.typ.encode(*to, v); err != nil {
			return nil, nil, fmt.Errorf("%s.%s, member %s: %w", a.Contract, event, m.name, err)
		}
	}
	return keys, data, nil
}

// EncodeInputs encodes a call's arguments, given as a JSON object by parameter name.
func (a *ABI) EncodeInputs(function string, args any) ([]Felt, error) {
	f, err := a.function(function)
	if err != nil {
		return nil, err
	}
	tree, err := parseTree(args)
	if err != nil {
		return nil, fmt.Errorf("%s.%s: %w", a.Contract, function, err)
	}
	if tree == nil && len(f.inputs) == 0 {
		return nil, nil
	}
	felts, err := encodeMembers(nil, f.inputs, tree)
	if err != nil {
		return nil, fmt.Errorf("%s.%s: %w", a.Contract, function, err)
	}
	return felts, nil
}

// DecodeInputs decodes calldata into a JSON object by parameter name.
func (a *ABI) DecodeInputs(function string, calldata []Felt) (json.RawMessage, error) {
	f, err := a.function(function)
	if err != nil {
		return nil, err
	}
	out, rest, err := decodeMembers(nil, f.inputs, calldata)
	if err != nil {
		return nil, fmt.Errorf("%s.%s: %w", a.Contract, function, err)
	}
	if len(rest) > 0 {
		return nil, undecodable(ReasonTrailingData, "%s.%s: %d felts left over", a.Contract, function, len(rest))
	}
	return out, nil
}

// EncodeOutputs encodes what a view returns: the value of its one output, or an array where it has several.
func (a *ABI) EncodeOutputs(function string, value any) ([]Felt, error) {
	f, err := a.function(function)
	if err != nil {
		return nil, err
	}
	tree, err := parseTree(value)
	if err != nil {
		return nil, fmt.Errorf("%s.%s: %w", a.Contract, function, err)
	}
	values := []any{tree}
	if len(f.outputs) != 1 {
		list, isList := tree.([]any)
		if !isList && len(f.outputs) > 0 || len(list) != len(f.outputs) {
			return nil, fmt.Errorf("%s.%s: want an array of %d outputs", a.Contract, function, len(f.outputs))
		}
		values = list
	}
	var felts []Felt
	for i, t := range f.outputs {
		if felts, err = t.encode(felts, values[i]); err != nil {
			return nil, fmt.Errorf("%s.%s, output %d: %w", a.Contract, function, i, err)
		}
	}
	return felts, nil
}

// DecodeOutputs decodes what a view returned, see [ABI.EncodeOutputs].
func (a *ABI) DecodeOutputs(function string, felts []Felt) (json.RawMessage, error) {
	f, err := a.function(function)
	if err != nil {
		return nil, err
	}
	var out []byte
	if len(f.outputs) != 1 {
		out = append(out, '[')
	}
	for i, t := range f.outputs {
		if i > 0 {
			out = append(out, ',')
		}
		if out, felts, err = t.decode(out, felts); err != nil {
			return nil, fmt.Errorf("%s.%s, output %d: %w", a.Contract, function, i, err)
		}
	}
	if len(f.outputs) != 1 {
		out = append(out, ']')
	}
	if len(felts) > 0 {
		return nil, undecodable(ReasonTrailingData, "%s.%s: %d felts left over", a.Contract, function, len(felts))
	}
	return out, nil
}

// FunctionName returns the function that an entry point selector names.
func (a *ABI) FunctionName(selector Felt) (string, bool) {
	name, ok := a.selectors[selector]
	return name, ok
}

func (a *ABI) function(name string) (*abiFunction, error) {
	f, ok := a.functions[name]
	if !ok {
		return nil, fmt.Errorf("%s has no function %s", a.Contract, name)
	}
	return f, nil
}

//go:embed abi/*.json
var abiFiles embed.FS

// EmbeddedJSON returns the ABI document of a contract as checked in under schemas/abi.
func EmbeddedJSON(contract string) ([]byte, error) {
	doc, err := abiFiles.ReadFile("abi/" + contract + ".json")
	if err != nil || strings.Contains(contract, "/") {
		return nil, fmt.Errorf("no embedded ABI of a contract %q", contract)
	}
	return doc, nil
}

// embedded holds each compiled ABI once; it is a cache of constants.
var embedded sync.Map // contract name to func() (*ABI, error)

// ABISet names the embedded ABIs as a whole: a hash over all of them, in hex.
var ABISet = sync.OnceValue(func() string {
	h := sha256.New()
	for _, e := range Catalogue() {
		doc, err := EmbeddedJSON(e.Contract)
		if err != nil {
			panic(fmt.Sprintf("schemas: the embedded ABI of %s is missing: %v", e.Contract, err))
		}
		sum := sha256.Sum256(doc)
		h.Write([]byte(e.Contract + "\x00"))
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
})

// Embedded returns the compiled ABI of a contract as checked in under schemas/abi.
func Embedded(contract string) (*ABI, error) {
	once, _ := embedded.LoadOrStore(contract, sync.OnceValues(func() (*ABI, error) {
		doc, err := EmbeddedJSON(contract)
		if err != nil {
			return nil, err
		}
		return ParseABI(contract, doc)
	}))
	return once.(func() (*ABI, error))()
}
