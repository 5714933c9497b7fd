package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The topics of the families are derived from the chain topic for analysts and their tools: the events of one family, in chain
// order, and the reorganisations. Their records are those of the chain topic, with a key, and with [HeaderOffset] in place of the
// term. Nothing of ours reads them.

// HeaderOffset is the attribute of a derived record that names the offset of its source in the chain topic. It grows along a
// derived topic.
const HeaderOffset = "ce_offset"

// TypeSplitClaimed opens a splitter's term in the topic of a family.
const TypeSplitClaimed = "bitsage.split.writer.claimed"

// SplitClaimed is the value of [TypeSplitClaimed].
type SplitClaimed struct {
	Writer string `json:"writer"` // host and process, for people
	Build  string `json:"build"`
	// From is a place in the chain topic that the family's topic holds everything below.
	From ChainState `json:"from"`
}

// EventType returns [TypeSplitClaimed].
func (SplitClaimed) EventType() string { return TypeSplitClaimed }

// Families returns the families of the catalogue, in alphabetical order.
func Families() []string {
	families := map[string]bool{}
	for _, e := range Catalogue() {
		families[e.Family] = true
		for _, f := range e.Events {
			families[f] = true
		}
	}
	return slices.Sorted(maps.Keys(families))
}

// FamilyTopic returns the topic of a family.
func FamilyTopic(family string) string { return "bitsage." + family }

// FamilyOf returns the family of a fact. One that could not be decoded belongs to its contract's.
func FamilyOf(f Fact) string {
	typ := f.Type
	if typ == TypeUndecoded {
		typ = EventType(f.ContractName, "")
	}
	family, _, _ := strings.Cut(strings.TrimPrefix(typ, "bitsage."), ".")
	return family
}

// DeriveFact returns the record of a chain topic's event for the topic of its family. Its key is the entity, see [EntityKey].
func DeriveFact(source Record, f Fact) Record {
	return derive(source, FamilyTopic(FamilyOf(f)), []byte(EntityKey(f)))
}

// DeriveReorg returns the record of a reorganisation for the topic of a family.
func DeriveReorg(source Record, family string) Record {
	return derive(source, FamilyTopic(family), nil)
}

func derive(source Record, topic string, key []byte) Record {
	out := Record{Topic: topic, Key: key, Time: source.Time, Value: source.Value, Headers: make([]Header, 0, 8)}
	for _, h := range source.Headers {
		if h.Key != "ce_term" {
			out.Headers = append(out.Headers, h)
		}
	}
	out.Headers = append(out.Headers, Header{HeaderOffset, strconv.AppendInt(nil, source.Offset, 10)})
	return out
}

// SourceOffset returns the offset in the chain topic that a derived record came from; ok is false for a record of another kind.
func SourceOffset(rec Record) (offset int64, ok bool, err error) {
	for _, h := range rec.Headers {
		if h.Key == HeaderOffset {
			offset, err = strconv.ParseInt(string(h.Value), 10, 64)
			if err != nil {
				return 0, false, fmt.Errorf("%s[%d]@%d: header %s: %w", rec.Topic, rec.Partition, rec.Offset, HeaderOffset, err)
			}
			return offset, true, nil
		}
	}
	return 0, false, nil
}

// EntityKey returns what a fact is about, for the key of its derived record: the value of the event's first key member, by the
// contract's ABI, such as a job's id or an account. Where the event has none, or was not decoded, it is the contract.
func EntityKey(f Fact) string {
	member, ok := firstKeys()[f.ContractName+"."+f.Name]
	if !ok {
		return f.Contract.String()
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(f.Data, &members) != nil {
		return f.Contract.String() // not decoded, or by an ABI of another shape
	}
	value, ok := members[member]
	if !ok {
		return f.Contract.String()
	}
	return plain(value)
}

// plain is a value without JSON's quotes. A struct of one member, such as an id with a type of its own, is that member.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(value, &members) == nil && len(members) == 1 {
		for _, only := range members {
			return plain(only)
		}
	}
	return string(bytes.TrimSpace(value))
}

// firstKeys are the first key members of the catalogue's events, by contract and event.
var firstKeys = sync.OnceValue(func() map[string]string {
	keys := map[string]string{}
	for _, c := range Catalogue() {
		abi, err := Embedded(c.Contract)
		if err != nil {
			panic(fmt.Sprintf("schemas: the embedded ABI of %s is broken: %v", c.Contract, err))
		}
		for _, e := range abi.Layouts() {
			for _, m := range e.Members {
				if m.Key {
					keys[c.Contract+"."+e.Name] = m.Name
					break
				}
			}
		}
	}
	return keys
})
