package schemas

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
)

// ClassABI is the value of [TypeClassABI]: the ABI of a class as a node told it. A class never changes, so the record is about no block and
// no reorganisation takes it back.
type ClassABI struct {
	Class Hash            `json:"class"`
	ABI   json.RawMessage `json:"abi"`
	// Previous is the offset of the ABI that was recorded before, or 0: a log begins with a claim.
	Previous int64 `json:"previous"`
}

// EventType returns [TypeClassABI].
func (ClassABI) EventType() string { return TypeClassABI }

// ErrUnreadableABI says that a class has no ABI that we can read.
var ErrUnreadableABI = errors.New("the class has no ABI that can be read")

// DecoderVersion grows by one with every change by which events decode otherwise that no ABI of their class decodes: of the embedded ABIs,
// or of what is decoded without any. The read models are then made anew from the log, see [ABIs.Again].
const DecoderVersion = 1

// ABIs are those that a log has recorded, by class. They decode events: what is decoded follows from the felts, the class, these and the
// ABIs of the build alone. It is safe for concurrent use.
type ABIs struct {
	mu       sync.Mutex
	docs     map[Hash]json.RawMessage
	decoders map[classOf]*decoder
}

// classOf names a class as a contract's: the same class may serve contracts of several names.
type classOf struct {
	class    Hash
	contract string
}

// NewABIs returns a set without any.
func NewABIs() *ABIs {
	return &ABIs{docs: map[Hash]json.RawMessage{}, decoders: map[classOf]*decoder{}}
}

// Add adds the ABI of a class.
func (a *ABIs) Add(c ClassABI) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.docs[c.Class] = c.ABI
	for of := range a.decoders {
		if of.class == c.Class {
			delete(a.decoders, of)
		}
	}
}

// Has tells whether the ABI of a class is known.
func (a *ABIs) Has(class Hash) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, ok := a.docs[class]
	return ok
}

// Len is the number of classes.
func (a *ABIs) Len() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.docs)
}

// Decode completes an event that has its contract, its class (zero where that is not known) and its felts, and returns its type. What
// cannot be read is [TypeUndecoded], with the reason. What the class's ABI does not have is read by what this build knows, and says so.
func (a *ABIs) Decode(e *ChainEvent) (typ string) {
	e.Name, e.Data, e.Reason, e.Detail, e.Embedded = "", nil, "", "", false
	return a.decoder(e.ContractName, e.Class).decode(e)
}

// Answer reads what a view of a contract returned: by the class's ABI where it has the view, else by this build's. Either way it must have
// all that this build's has.
func (a *ABIs) Answer(contract string, class Hash, function string, felts []Felt) (json.RawMessage, error) {
	return a.decoder(contract, class).answer(function, felts)
}

// Again decodes a fact again that the ABI of its class did not decode, be it that nothing did. It tells whether that makes another fact of it.
func (a *ABIs) Again(f *Fact) (changed bool, err error) {
	if f.Observed() || f.Reason == "" && !f.Embedded {
		return false, nil
	}
	before, typ := f.ChainEvent, f.Type
	f.Type = a.Decode(&f.ChainEvent)
	if f.Event = (Undecoded{Reason: f.Reason, Detail: f.Detail}); f.Reason == "" {
		if f.Event, err = DecodeEventData(f.Type, f.Data); err != nil {
			return false, err
		}
	}
	return f.Type != typ || f.Reason != before.Reason || string(f.Data) != string(before.Data), nil
}

func (a *ABIs) decoder(contract string, class Hash) *decoder {
	a.mu.Lock()
	defer a.mu.Unlock()
	of := classOf{class, contract}
	d, ok := a.decoders[of]
	if !ok {
		d = newDecoder(of, a.docs[class])
		a.decoders[of] = d
	}
	return d
}

// Readable returns why a contract's events cannot be read by the ABI of a class, nil where they can.
func (a *ABIs) Readable(contract string, class Hash) error { return a.decoder(contract, class).unread }

func parseEvents(contract string, doc json.RawMessage) (*ABI, error) {
	events, err := eventsOnly(doc)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadableABI, err)
	}
	abi, err := ParseABI(contract, events)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadableABI, err)
	}
	return abi, nil
}

// decoder reads the events and the answers of a contract of one class. ABIs belong to classes, not to addresses: the deployed generations
// differ, and contracts are upgraded in place.
type decoder struct {
	of        classOf
	abi       *ABI            // of the class; nil where it is not to be had
	unread    error           // why it is not; nil where it is
	views     *ABI            // of the class, for the views that are observed; nil where it has none that can be read
	embedded  *ABI            // of this build; nil where it has none
	transfers []string        // what the class calls the members of a transfer; nil where it has none
	different map[string]bool // events of the class that this build does not have, or has by another layout
}

func newDecoder(of classOf, doc json.RawMessage) *decoder {
	d := &decoder{of: of, unread: ErrUnreadableABI}
	var err error
	if d.embedded, err = Embedded(of.contract); err != nil {
		d.embedded = nil // a contract by configuration that this build has no ABI of
	}
	if doc != nil {
		d.abi, d.unread = parseEvents(of.contract, doc)
		d.views = viewsOf(of.contract, doc)
	}
	d.transfers, d.different = transferMembers(d.abi), differences(d.abi, d.embedded)
	return d
}

func (d *decoder) decode(e *ChainEvent) (typ string) {
	if isTransfer(d.of.contract, e.Raw) {
		if data, byClass, ok := d.transfer(e.Raw); ok {
			e.Name, e.Data, e.Embedded = "Transfer", data, !byClass
			return transferType
		}
	}
	name, data, byClass, err := d.event(e.Raw)
	e.Name = name
	typ = EventType(d.of.contract, name)
	if err == nil && d.different[name] {
		err = d.fits(typ, name, data)
	}
	if err != nil {
		e.Reason, e.Detail = ReasonBadValue, err.Error()
		if failed, ok := errors.AsType[*DecodeError](err); ok {
			e.Reason = failed.Reason
		}
		return TypeUndecoded
	}
	e.Data, e.Embedded = data, !byClass
	return typ
}

// event reads felts by the class's ABI. A selector that it does not have may still be one of ours: a proxy's class knows nothing of what it
// passes on.
func (d *decoder) event(raw RawEvent) (name string, data json.RawMessage, byClass bool, err error) {
	err = &DecodeError{Reason: ReasonNoABI, Detail: "neither the node nor this build has an ABI of the contract"}
	for _, abi := range []*ABI{d.abi, d.embedded} {
		if abi == nil {
			continue
		}
		var failed error
		if name, data, failed = abi.DecodeEvent(raw.Keys, raw.Data); failed == nil {
			return name, data, abi == d.abi, nil
		}
		err = failed
		if e, ok := errors.AsType[*DecodeError](failed); !ok || e.Reason != ReasonUnknownSelector {
			return name, nil, false, err
		}
	}
	return name, nil, false, err
}

// fits tells whether decoded members have the shape that the stored type promises. A class of another generation may give an
// event of the same name other members, and those would be read as zeros.
func (d *decoder) fits(typ, name string, data json.RawMessage) error {
	event, err := DecodeEventData(typ, data)
	if err != nil {
		return err
	}
	if _, unknown := event.(Unknown); unknown || d.abi == nil || d.embedded == nil {
		return nil
	}
	if _, _, err := d.embedded.EncodeEvent(name, data); err != nil {
		return fmt.Errorf("class %s has another layout of the event: %w", d.of.class, err)
	}
	return nil
}

// differences returns the events of a class's ABI that another one does not have in the same shape. Whether a member is a key does
// not matter: the shape is that of the decoded members.
func differences(class, embedded *ABI) map[string]bool {
	out := map[string]bool{}
	if class == nil {
		return out
	}
	known := map[string][]MemberLayout{}
	if embedded != nil {
		known = shapes(embedded)
	}
	for name, members := range shapes(class) {
		ours, there := known[name]
		out[name] = !there || !reflect.DeepEqual(ours, members)
	}
	return out
}

func shapes(abi *ABI) map[string][]MemberLayout {
	out := map[string][]MemberLayout{}
	for _, l := range abi.Layouts() {
		for i := range l.Members {
			l.Members[i].Key = false
		}
		out[l.Name] = l.Members
	}
	return out
}

func (d *decoder) answer(function string, felts []Felt) (json.RawMessage, error) {
	if d.embedded == nil {
		return nil, fmt.Errorf("no embedded ABI of a contract %q", d.of.contract)
	}
	abi := d.embedded
	if d.views != nil {
		if _, has := d.views.FunctionName(Selector(function)); has {
			abi = d.views
		}
	}
	data, err := abi.DecodeOutputs(function, felts)
	if err == nil && abi != d.embedded {
		if _, err = d.embedded.EncodeOutputs(function, data); err != nil {
			err = fmt.Errorf("the class answers in another shape: %w", err)
		}
	}
	return data, err
}

// viewsOf reduces an ABI to the views that are observed and the types that they may take; nil where there are none that can be read.
func viewsOf(contract string, doc json.RawMessage) *ABI {
	type entry struct {
		Type  string            `json:"type"`
		Name  string            `json:"name"`
		Items []json.RawMessage `json:"items"`
	}
	var out []json.RawMessage
	var keep func(entries []json.RawMessage) bool
	keep = func(entries []json.RawMessage) (found bool) {
		for _, text := range entries {
			var e entry
			if json.Unmarshal(text, &e) != nil {
				continue
			}
			switch {
			case e.Type == "struct" || e.Type == "enum":
				out = append(out, text)
			case e.Type == "interface":
				found = keep(e.Items) || found
			case e.Type == "function" && slices.Contains(Views(), View{Contract: contract, Function: e.Name}):
				out, found = append(out, text), true
			}
		}
		return found
	}
	var entries []json.RawMessage
	if json.Unmarshal(doc, &entries) != nil || !keep(entries) {
		return nil
	}
	reduced, err := json.Marshal(out)
	if err != nil {
		return nil
	}
	abi, err := ParseABI(contract, reduced)
	if err != nil {
		return nil
	}
	return abi
}
