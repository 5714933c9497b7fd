package schemas

import (
	"encoding/json"
	"strings"
)

// legacyEntry is an entry of the ABI of a class of Cairo 0, or of the first Cairo 1, or any other one that we leave alone.
type legacyEntry struct {
	Type     string         `json:"type"`
	Name     string         `json:"name"`
	Kind     string         `json:"kind,omitempty"`
	Members  []legacyMember `json:"members"`
	Variants []legacyMember `json:"variants,omitempty"`
	Keys     []legacyMember `json:"keys,omitempty"`
	Data     []legacyMember `json:"data,omitempty"`
	Inputs   []legacyMember `json:"inputs,omitempty"`
}

type legacyMember struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Kind string `json:"kind,omitempty"`
}

// eventsOnly reduces an ABI to what its events take, so that a function with a type that we do not know hides none of them, and
// puts the events of old classes, which have no enum of them, as today's classes have theirs.
func eventsOnly(doc json.RawMessage) (json.RawMessage, error) {
	var entries []json.RawMessage
	if err := json.Unmarshal(doc, &entries); err != nil {
		return nil, err
	}
	var out []any
	own := legacyEntry{Type: "event", Name: "legacy::Event", Kind: "enum", Members: []legacyMember{}}
	for _, text := range entries {
		var kind struct{ Type, Kind string }
		if err := json.Unmarshal(text, &kind); err != nil {
			return nil, err
		}
		old := kind.Type == "event" && kind.Kind == ""
		if !old && kind.Type != "struct" {
			if kind.Type == "event" || kind.Type == "enum" {
				out = append(out, text)
			}
			continue
		}
		var e legacyEntry
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, err
		}
		if old {
			own.Variants = append(own.Variants, legacyMember{e.Name, "legacy::" + e.Name, "nested"})
			e.Members = append(append(today(e.Keys, "key"), today(e.Data, "data")...), today(e.Inputs, "data")...)
			e.Name, e.Kind, e.Keys, e.Data, e.Inputs = "legacy::"+e.Name, "struct", nil, nil, nil
		} else {
			e.Members = today(e.Members, "")
		}
		out = append(out, e)
	}
	if len(own.Variants) > 0 {
		out = append(out, own)
	}
	return json.Marshal(out)
}

// today gives members the types that today's classes have in their place. An array was two members, its length and a pointer.
func today(members []legacyMember, kind string) []legacyMember {
	out := []legacyMember{}
	for _, m := range members {
		elem, pointer := strings.CutSuffix(m.Type, "*")
		if last := len(out) - 1; pointer && last >= 0 && out[last].Name == m.Name+"_len" {
			out = out[:last]
		}
		if m.Type = named(elem); pointer {
			m.Type = "core::array::Array::<" + m.Type + ">"
		}
		if kind != "" {
			m.Kind = kind
		}
		out = append(out, m)
	}
	return out
}

func named(old string) string {
	switch old {
	case "felt":
		return "core::felt252"
	case "Uint256":
		return "core::integer::u256"
	}
	return old
}
