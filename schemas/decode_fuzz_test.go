package schemas

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"
)

// reasons are all that an event may be kept raw for by the decoder itself.
var reasons = []string{ReasonUnknownSelector, ReasonShortData, ReasonTrailingData, ReasonBadValue}

// feltsOf reads felts from a fuzzer's bytes: a length up to 32, then so many bytes. What is not below the prime loses its highest
// bits, so that every input is a list of felts.
func feltsOf(b []byte) []Felt {
	var felts []Felt
	for len(b) > 0 && len(felts) < 512 {
		n := min(int(b[0])%33, len(b)-1)
		var f Felt
		copy(f[32-n:], b[1:1+n])
		if !f.inField() {
			f[0] &= 0x07
		}
		felts, b = append(felts, f), b[1+n:]
	}
	return felts
}

// bytesOf is the inverse of feltsOf, for seeds.
func bytesOf(felts []Felt) []byte {
	var b []byte
	for _, f := range felts {
		digits := f.Big().Bytes()
		b = append(append(b, byte(len(digits))), digits...)
	}
	return b
}

// FuzzDecodeEvent feeds keys and data to the ABIs of all contracts. Whatever decodes is the same felts again, by the decoder's words and
// by the generated event's; one felt more or less is an error; and every error has a reason.
func FuzzDecodeEvent(f *testing.F) {
	catalogue := Catalogue()
	at := map[string]uint8{}
	for i, e := range catalogue {
		at[e.Contract] = uint8(i)
		abi, err := Embedded(e.Contract)
		if err != nil {
			f.Fatal(err)
		}
		for _, l := range abi.Layouts() {
			keys, data := zeros(abi, l)
			f.Add(at[e.Contract], bytesOf(keys), bytesOf(data))
		}
	}
	for _, v := range recorded(f).Events {
		f.Add(at[v.Contract], bytesOf(v.Keys), bytesOf(v.Data))
	}
	f.Fuzz(func(t *testing.T, contract uint8, keyBytes, dataBytes []byte) {
		abi, err := Embedded(catalogue[int(contract)%len(catalogue)].Contract)
		if err != nil {
			t.Fatal(err)
		}
		keys, data := feltsOf(keyBytes), feltsOf(dataBytes)
		name, value := roundTrip(t, abi, keys, data)
		if name == "" {
			return
		}
		event, err := DecodeEventData(EventType(abi.Contract, name), value)
		if err != nil {
			t.Fatalf("%s of %s: %v", value, name, err)
		}
		if unknown, ok := event.(Unknown); ok {
			t.Fatalf("%s has no generated event", unknown.Type)
		}
		if k, d, err := abi.EncodeEvent(name, event); err != nil || !slices.Equal(k, keys) || !slices.Equal(d, data) {
			t.Fatalf("the generated event %+v is %v %v (%v), want %v %v", event, k, d, err, keys, data)
		}
	})
}

// roundTrip checks the laws of the decoder for one input, and returns the event where it decodes.
func roundTrip(t *testing.T, abi *ABI, keys, data []Felt) (name string, value json.RawMessage) {
	t.Helper()
	name, value, err := abi.DecodeEvent(keys, data)
	if err != nil {
		hasReason(t, err, reasons...)
		return "", nil
	}
	if !json.Valid(value) {
		t.Fatalf("%s is not JSON: %s", name, value)
	}
	if k, d, err := abi.EncodeEvent(name, value); err != nil || !slices.Equal(k, keys) || !slices.Equal(d, data) {
		t.Fatalf("%s %s is %v %v (%v), want %v %v", name, value, k, d, err, keys, data)
	}
	_, _, err = abi.DecodeEvent(keys, append(slices.Clone(data), Felt{31: 1}))
	hasReason(t, err, ReasonTrailingData)
	if len(data) > 0 {
		_, _, err = abi.DecodeEvent(keys, data[:len(data)-1])
		hasReason(t, err, ReasonShortData)
	}
	return name, value
}

func hasReason(t *testing.T, err error, among ...string) {
	t.Helper()
	if why, ok := errors.AsType[*DecodeError](err); !ok || !slices.Contains(among, why.Reason) || why.Detail == "" {
		t.Fatalf("error %v, want one of the reasons %v", err, among)
	}
}

// zeros returns the event whose members are all as short as they can be.
func zeros(abi *ABI, l EventLayout) (keys, data []Felt) {
	keys = slices.Clone(l.Selectors)
	for _, m := range l.Members {
		if m.Key {
			keys = append(keys, Felt{})
		}
	}
	for len(data) < 64 {
		_, _, err := abi.DecodeEvent(keys, data)
		if why, ok := errors.AsType[*DecodeError](err); !ok || why.Reason != ReasonShortData {
			break
		}
		data = append(data, Felt{})
	}
	return keys, data
}

// FuzzParseABI compiles any ABI document, and feeds what it declares with felts. Its seeds are small, since a fuzzer gets nowhere with
// whole contracts.
func FuzzParseABI(f *testing.F) {
	felts := bytesOf([]Felt{{31: 1}, {}, {31: 2}, {}, {31: 1}})
	for _, doc := range oddABIs {
		f.Add([]byte(doc), felts)
	}
	f.Fuzz(func(t *testing.T, doc, feltBytes []byte) {
		abi, err := ParseABI("Any", doc)
		if err != nil {
			return
		}
		felts := feltsOf(feltBytes)
		for _, e := range abi.byName {
			for n := range min(len(felts), 4) {
				keys := append(slices.Clone(e.selectors), felts[:n]...)
				decodesToItself(t, abi, keys, felts[n:])
			}
		}
		for name := range abi.functions {
			value, err := abi.DecodeInputs(name, felts)
			if err == nil {
				if again, err := abi.EncodeInputs(name, value); err != nil || !slices.Equal(again, felts) {
					t.Fatalf("inputs %s are %v (%v), want %v", value, again, err, felts)
				}
			}
			if value, err = abi.DecodeOutputs(name, felts); err == nil {
				if again, err := abi.EncodeOutputs(name, value); err != nil || !slices.Equal(again, felts) {
					t.Fatalf("outputs %s are %v (%v), want %v", value, again, err, felts)
				}
			}
		}
	})
}

// decodesToItself is roundTrip without the laws on shorter and longer data, which a list of things without felts does not keep.
func decodesToItself(t *testing.T, abi *ABI, keys, data []Felt) {
	t.Helper()
	name, value, err := abi.DecodeEvent(keys, data)
	if err != nil {
		hasReason(t, err, reasons...)
		return
	}
	if k, d, err := abi.EncodeEvent(name, value); err != nil || !slices.Equal(k, keys) || !slices.Equal(d, data) {
		t.Fatalf("%s %s is %v %v (%v), want %v %v", name, value, k, d, err, keys, data)
	}
}

// oddABIs are documents that no compiler writes, and some that one may: a node can send any of them.
var oddABIs = map[string]string{
	"a flat struct":            `[{"type":"event","name":"E","kind":"enum","variants":[{"name":"A","type":"S","kind":"flat"}]},{"type":"event","name":"S","kind":"struct","members":[]}]`,
	"events within":            `[{"type":"event","name":"E","kind":"enum","variants":[{"name":"A","type":"I","kind":"nested"}]},{"type":"event","name":"I","kind":"enum","variants":[{"name":"B","type":"I","kind":"nested"}]}]`,
	"a struct that has no end": `[{"type":"struct","name":"S","members":[{"name":"s","type":"S"}]},{"type":"function","name":"f","inputs":[{"name":"x","type":"S"}],"outputs":[]}]`,
	"members of one name":      `[{"type":"struct","name":"S","members":[{"name":"a","type":"core::felt252"},{"name":"a","type":"core::felt252"}]},{"type":"function","name":"f","inputs":[{"name":"x","type":"S"}],"outputs":[]}]`,
	"a list through a box":     `[{"type":"enum","name":"L","variants":[{"name":"Nil","type":"()"},{"name":"Next","type":"core::box::Box::<L>"},{"name":"Value","type":"core::felt252"}]},{"type":"function","name":"f","inputs":[{"name":"x","type":"L"}],"outputs":[{"type":"L"}]}]`,
	"options of options":       `[{"type":"function","name":"f","inputs":[{"name":"x","type":"core::option::Option::<core::option::Option::<()>>"}],"outputs":[{"type":"core::option::Option::<()>"}]}]`,
	"every type": `[{"type":"event","name":"E","kind":"enum","variants":[{"name":"A","type":"S","kind":"nested"}]},{"type":"event","name":"S","kind":"struct","members":[` +
		`{"name":"a","type":"core::array::Span::<(core::integer::u8, core::bool)>","kind":"data"},{"name":"b","type":"core::byte_array::ByteArray","kind":"data"},{"name":"c","type":"core::integer::i128","kind":"key"}]}]`,
}

func TestOddABIsAreRefused(t *testing.T) {
	for _, name := range []string{"a flat struct", "events within", "a struct that has no end", "members of one name"} {
		if _, err := ParseABI("Odd", []byte(oddABIs[name])); err == nil {
			t.Errorf("%s: compiles, want an error", name)
		}
	}
}

// An Option of what may be null, and a type that holds itself in a box, keep what they hold.
func TestNestedOptionsAndBoxesEncodeBack(t *testing.T) {
	zero, one, two := Felt{}, Felt{31: 1}, Felt{31: 2}
	for _, c := range []struct {
		abi   string
		felts []Felt
		json  string
	}{
		{"options of options", []Felt{one}, `{"x":null}`},
		{"options of options", []Felt{zero, one}, `{"x":{"Some":null}}`},
		{"options of options", []Felt{zero, zero}, `{"x":{"Some":{"Some":null}}}`},
		{"a list through a box", []Felt{one, one, two, two}, `{"x":{"Next":{"Next":{"Value":"0x2"}}}}`},
	} {
		abi, err := ParseABI("Odd", []byte(oddABIs[c.abi]))
		if err != nil {
			t.Fatal(err)
		}
		value, err := abi.DecodeInputs("f", c.felts)
		if err != nil || string(value) != c.json {
			t.Errorf("%s: %v is %s (%v), want %s", c.abi, c.felts, value, err, c.json)
			continue
		}
		if again, err := abi.EncodeInputs("f", value); err != nil || !slices.Equal(again, c.felts) {
			t.Errorf("%s: %s is %v (%v), want %v", c.abi, value, again, err, c.felts)
		}
	}
}

// recorded reads the recording for seeds.
func recorded(f *testing.F) (r recording) {
	f.Helper()
	doc, err := os.ReadFile("testdata/event_vectors.json")
	if err == nil {
		err = json.Unmarshal(doc, &r)
	}
	if err != nil {
		f.Fatal(err)
	}
	return r
}
