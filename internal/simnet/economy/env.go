package economy

import (
	"fmt"
	"strings"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Block is what contracts see of the block that a transaction or a call runs in.
type Block struct {
	Number uint64
	Time   uint64 // unix seconds
}

// Env is what a contract runs in: who calls it, in which block, and the storage at one version. A call of another contract
// runs in an Env of its own ([Env.into]).
type Env struct {
	world  *World
	ledger *Ledger
	at     Version
	block  Block
	caller schemas.Address
	self   *Contract
	events *[]Event // nil while a view runs
}

// into returns the environment of another contract that this one calls.
func (e *Env) into(callee *Contract) *Env {
	inner := *e
	inner.caller, inner.self = e.self.Address, callee
	return &inner
}

func (e *Env) emit(event schemas.Event) {
	*e.events = append(*e.events, Event{Contract: e.self, Value: event})
}

// Revert is why a transaction or a call failed: the panic data of the innermost contract, as felts.
type Revert struct {
	Contract schemas.Address
	Class    schemas.Hash
	Selector schemas.Felt
	Reason   []schemas.Felt
}

// Error renders the panic data as nodes do: each felt, with its short string where it is one.
func (r *Revert) Error() string {
	parts := make([]string, len(r.Reason))
	for i, f := range r.Reason {
		parts[i] = f.String()
		if text, ok := f.ShortString(); ok {
			parts[i] += " ('" + text + "')"
		}
	}
	return strings.Join(parts, ", ")
}

var (
	entrypointFailed = schemas.ShortString("ENTRYPOINT_FAILED")
	// byteArrayPanic leads the panic data of Cairo's assert! and panic!, whose message is a ByteArray.
	byteArrayPanic = mustFelt("0x46a6158a16a947e5916b2a2ca68501a45e93d7110e81aa2d6438b1c57c879a3")
)

func mustFelt(hex string) schemas.Felt {
	f, err := schemas.ParseFelt(hex)
	if err != nil {
		panic(err)
	}
	return f
}

// require is Cairo's assert(cond, 'reason'). It fails the transaction by a panic that ends in [World.Execute] or
// [World.View] and nowhere else; contracts read as they do in Cairo because of it.
func (e *Env) require(ok bool, reason string) {
	if !ok {
		e.fail(schemas.ShortString(reason))
	}
}

// requireText is Cairo's assert!(cond, "message").
func (e *Env) requireText(ok bool, message string) {
	if !ok {
		e.fail(byteArrayFelts(message)...)
	}
}

func (e *Env) fail(reason ...schemas.Felt) {
	panic(&Revert{
		Contract: e.self.Address, Class: e.self.Class,
		Reason: append(reason, entrypointFailed),
	})
}

// byteArrayFelts serialises the panic data of a ByteArray message: full words of 31 bytes, then the rest and its length.
func byteArrayFelts(message string) []schemas.Felt {
	words := []schemas.Felt{}
	rest := message
	for len(rest) >= 31 {
		words = append(words, schemas.ShortString(rest[:31]))
		rest = rest[31:]
	}
	out := append([]schemas.Felt{byteArrayPanic, schemas.FeltFromUint64(uint64(len(words)))}, words...)
	return append(out, schemas.ShortString(rest), schemas.FeltFromUint64(uint64(len(rest))))
}

// unknownEnum is what Cairo's storage does where an enum without a default variant was never written.
func (e *Env) unknownEnum() { e.fail(schemas.ShortString("Unknown enum indicator:")) }

// catch turns the panic of a failed assertion into a Revert; any other panic is a bug and goes on.
func catch(failed **Revert) {
	if p := recover(); p != nil {
		r, ok := p.(*Revert)
		if !ok {
			panic(p)
		}
		*failed = r
	}
}

// Event is something that a contract emitted: its value is the generated struct of its ABI.
type Event struct {
	Contract *Contract
	Value    schemas.Event
}

// Felts returns the keys and data of the event as the contract's ABI lays them out.
func (ev Event) Felts() (keys, data []schemas.Felt, err error) {
	keys, data, err = ev.Contract.ABI.EncodeEvent(ev.Name(), ev.Value)
	if err != nil {
		return nil, nil, fmt.Errorf("event of simulated contract %s: %w", ev.Contract.Name, err)
	}
	return keys, data, nil
}

// Name returns the event's name in the ABI.
func (ev Event) Name() string {
	t := ev.Value.EventType()
	return t[strings.LastIndexByte(t, '.')+1:]
}
