package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	// askAgain is how long a contract's class is believed: upgrades are told by events, but not all of them need be.
	askAgain = time.Hour
	// askFailed is the same where the node could not tell the class or its ABI.
	askFailed = 10 * time.Minute
	// maxTries is how often a node that does not answer is waited for before the ABI that this build brings along has to do.
	maxTries = 3
)

// classSource tells the classes of contracts. [Node] has it.
type classSource interface {
	ClassHashAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (schemas.Hash, error)
	ABIAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (json.RawMessage, error)
}

// classes decodes events with the ABIs of their contracts' classes. ABIs belong to classes, not to addresses: the deployed
// generations differ, and contracts are upgraded in place. Where the node does not tell the ABI, the embedded one serves.
type classes struct {
	node    classSource // of the round
	log     *slog.Logger
	known   map[schemas.Address]*class
	parsed  map[classOf]*schemas.ABI // nil where the ABI cannot be read
	views   map[classOf]*schemas.ABI // what the class says of the views that are observed; nil where that is nothing
	waiting map[schemas.Address]int  // tries without an answer
}

// classOf names a class as a contract's: the same class may serve contracts of several names.
type classOf struct {
	hash     schemas.Hash
	contract string
}

// class is what a contract's events are decoded with.
type class struct {
	hash      schemas.Hash    // zero where the node does not tell
	abi       *schemas.ABI    // of the class; nil where it is not to be had
	views     *schemas.ABI    // of the class, for the views that are observed; nil where it has none that can be read
	embedded  *schemas.ABI    // of this build; nil where it has none
	transfers []string        // what the class calls the members of a transfer; nil where it has none
	different map[string]bool // events of the class that this build does not have, or has by another layout
	goodUntil time.Time
}

func newClasses(node classSource, log *slog.Logger) *classes {
	return &classes{
		node: node, log: log, known: map[schemas.Address]*class{}, parsed: map[classOf]*schemas.ABI{},
		views: map[classOf]*schemas.ABI{}, waiting: map[schemas.Address]int{},
	}
}

// upgrades are the events after which a contract may have another class.
var upgrades = map[string]bool{"UpgradeExecuted": true, "Upgraded": true, "ImplementationReplaced": true}

// decode turns an event into the value and the type that the log carries. What cannot be read is kept raw, with the reason.
func (c *classes) decode(ctx context.Context, e chainEvent) (schemas.ChainEvent, string, error) {
	value := schemas.ChainEvent{
		BlockHash: e.blockHash, TxHash: e.txHash, Contract: e.contract.Address, ContractName: e.contract.Name, Raw: e.raw,
	}
	of, err := c.class(ctx, e)
	if err != nil {
		return value, "", fmt.Errorf("class of %s at block %d: %w", e.contract.Name, e.position.Block, err)
	}
	if isTransfer(e.contract.Name, e.raw) {
		if transfer, ok := of.transfer(e.raw); ok {
			value.Name, value.Data = "Transfer", transfer
			return value, transferType, nil
		}
	}
	name, data, err := of.decode(e.raw)
	if upgrades[name] {
		of.goodUntil = time.Time{} // ask before the next event
	}
	value.Name = name
	typ := schemas.EventType(e.contract.Name, name)
	if err == nil && of.different[name] {
		err = of.fits(typ, name, data)
	}
	if err != nil {
		value.Reason, value.Detail = schemas.ReasonBadValue, err.Error()
		if d, ok := errors.AsType[*schemas.DecodeError](err); ok {
			value.Reason = d.Reason
		}
		return value, schemas.TypeUndecoded, nil
	}
	value.Data = data
	return value, typ, nil
}

// decode reads felts by the class's ABI. A selector that it does not have may still be one of ours: a proxy's class knows
// nothing of what it passes on.
func (of *class) decode(raw schemas.RawEvent) (name string, data json.RawMessage, err error) {
	err = &schemas.DecodeError{Reason: schemas.ReasonNoABI, Detail: "neither the node nor this build has an ABI of the contract"}
	for _, abi := range []*schemas.ABI{of.abi, of.embedded} {
		if abi == nil {
			continue
		}
		var failed error
		if name, data, failed = abi.DecodeEvent(raw.Keys, raw.Data); failed == nil {
			return name, data, nil
		}
		err = failed
		if d, ok := errors.AsType[*schemas.DecodeError](failed); !ok || d.Reason != schemas.ReasonUnknownSelector {
			return name, nil, err
		}
	}
	return name, nil, err
}

// fits tells whether decoded members have the shape that the stored type promises. A class of another generation may give an
// event of the same name other members, and those would be read as zeros.
func (of *class) fits(typ, name string, data json.RawMessage) error {
	event, err := schemas.DecodeEventData(typ, data)
	if err != nil {
		return err
	}
	if _, unknown := event.(schemas.Unknown); unknown || of.abi == nil || of.embedded == nil {
		return nil
	}
	if _, _, err := of.embedded.EncodeEvent(name, data); err != nil {
		return fmt.Errorf("class %s has another layout of the event: %w", of.hash, err)
	}
	return nil
}

// differences returns the events of a class's ABI that another one does not have in the same shape. Whether a member is a key does
// not matter: the shape is that of the decoded members.
func differences(class, embedded *schemas.ABI) map[string]bool {
	out := map[string]bool{}
	if class == nil {
		return out
	}
	known := map[string][]schemas.MemberLayout{}
	if embedded != nil {
		known = shapes(embedded)
	}
	for name, members := range shapes(class) {
		ours, there := known[name]
		out[name] = !there || !reflect.DeepEqual(ours, members)
	}
	return out
}

func shapes(abi *schemas.ABI) map[string][]schemas.MemberLayout {
	out := map[string][]schemas.MemberLayout{}
	for _, l := range abi.Layouts() {
		for i := range l.Members {
			l.Members[i].Key = false
		}
		out[l.Name] = l.Members
	}
	return out
}

// class returns what a contract's events are decoded with at the event's block.
func (c *classes) class(ctx context.Context, e chainEvent) (*class, error) {
	address := e.contract.Address
	old := c.known[address]
	if old != nil && time.Now().Before(old.goodUntil) {
		return old, nil
	}
	embedded, err := schemas.Embedded(e.contract.Name)
	if err != nil {
		embedded = nil // a contract by configuration that this build has no ABI of
	}
	of := &class{embedded: embedded, goodUntil: time.Now().Add(askAgain)}
	of.hash, of.abi, err = c.ask(ctx, e)
	if err != nil {
		if c.waiting[address]++; unanswered(err) && c.waiting[address] < maxTries {
			return nil, err
		}
		of.goodUntil = time.Now().Add(askFailed)
	}
	of.views = c.views[classOf{of.hash, e.contract.Name}]
	of.transfers, of.different = transferMembers(of.abi), differences(of.abi, of.embedded)
	delete(c.waiting, address)
	c.known[address] = of
	c.tell(ctx, e, old, of, err)
	return of, nil
}

// errUnreadable says that a class has no ABI that we can read.
var errUnreadable = errors.New("the class has no ABI that can be read")

// ask asks the node for a contract's class, and for its ABI where it is a new one.
func (c *classes) ask(ctx context.Context, e chainEvent) (schemas.Hash, *schemas.ABI, error) {
	at := starknet.ByHash(e.blockHash)
	hash, err := c.node.ClassHashAt(ctx, at, e.contract.Address)
	if noState(err) {
		at = starknet.TagLatest
		hash, err = c.node.ClassHashAt(ctx, at, e.contract.Address)
		c.log.DebugContext(ctx, "asked for the class at the newest block: the node has no state of the event's", "contract", e.contract.Name,
			"block", e.position.Block, "error", err)
	}
	if err != nil {
		return hash, nil, err
	}
	key := classOf{hash, e.contract.Name}
	if abi, ok := c.parsed[key]; ok {
		if abi == nil {
			err = errUnreadable
		}
		return hash, abi, err
	}
	doc, err := c.node.ABIAt(ctx, at, e.contract.Address)
	if err != nil {
		return hash, nil, err
	}
	c.views[key] = viewsOf(e.contract.Name, doc)
	var abi *schemas.ABI
	if doc, err = eventsOnly(doc); err == nil {
		abi, err = schemas.ParseABI(e.contract.Name, doc)
	}
	if err != nil {
		abi, err = nil, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	c.parsed[key] = abi
	return hash, abi, err
}

// answer reads what a view of a contract returned: by the class's ABI where it has the view, else by this build's. Either way it must have
// all that this build's has.
func (c *classes) answer(contract schemas.Contract, function string, felts []schemas.Felt) (json.RawMessage, error) {
	embedded, err := schemas.Embedded(contract.Name)
	if err != nil {
		return nil, err
	}
	abi := embedded
	if of := c.known[contract.Address]; of != nil && of.views != nil {
		if _, has := of.views.FunctionName(schemas.Selector(function)); has {
			abi = of.views
		}
	}
	data, err := abi.DecodeOutputs(function, felts)
	if err == nil && abi != embedded {
		if _, err = embedded.EncodeOutputs(function, data); err != nil {
			err = fmt.Errorf("the class answers in another shape: %w", err)
		}
	}
	return data, err
}

// viewsOf reduces an ABI to the views that are observed and the types that they may take; nil where there are none that can be read.
func viewsOf(contract string, doc json.RawMessage) *schemas.ABI {
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
			case e.Type == "function" && slices.Contains(schemas.Views(), schemas.View{Contract: contract, Function: e.Name}):
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
	abi, err := schemas.ParseABI(contract, reduced)
	if err != nil {
		return nil
	}
	return abi
}

// noState tells whether a node refuses to look into the state of a block: those that keep the newest only say so by codes of
// their own. Today's class is then the best guess.
func noState(err error) bool {
	_, refused := errors.AsType[*starknet.RPCError](err)
	return refused && !errors.Is(err, starknet.ErrContractNotFound) && !errors.Is(err, starknet.ErrMethodNotFound)
}

// unanswered tells whether an error is the absence of an answer, which waiting may mend, rather than a refusal.
func unanswered(err error) bool {
	if _, refused := errors.AsType[*starknet.RPCError](err); refused || errors.Is(err, errUnreadable) {
		return false
	}
	if e, ok := errors.AsType[*starknet.HTTPError](err); ok {
		return e.Status == http.StatusTooManyRequests || e.Status >= 500
	}
	return true
}

// tell says once which ABI a contract is decoded with.
func (c *classes) tell(ctx context.Context, e chainEvent, old, of *class, err error) {
	if old != nil && old.hash == of.hash && (old.abi == nil) == (of.abi == nil) {
		return
	}
	attrs := []any{"contract", e.contract.Name, "address", e.contract.Address.String(), "block", e.position.Block}
	if of.abi != nil {
		c.log.InfoContext(ctx, "decoding by the ABI of the contract's class", append(attrs, "class", of.hash.String())...)
		return
	}
	c.log.WarnContext(ctx, "decoding by the embedded ABI: the node does not tell the one of the contract's class", append(attrs, "because", err)...)
}
