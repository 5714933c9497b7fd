package economy

import (
	"encoding/json"
	"fmt"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Contract is a contract that is deployed in the world.
type Contract struct {
	Name    string
	Address schemas.Address
	Class   schemas.Hash
	ABI     *schemas.ABI
	// ABIDocument is the ABI as the class declares it.
	ABIDocument []byte

	entries map[string]entry
	views   map[string]view
}

// An entry point takes its arguments as a Go value whose JSON is the ABI's object of inputs.
type entry func(e *Env, args any)

// A view takes its arguments as that JSON and returns a value whose JSON is the ABI's form of the outputs.
type view func(e *Env, args json.RawMessage) (any, error)

func on[A any](f func(e *Env, args A)) entry {
	return func(e *Env, args any) { f(e, args.(A)) }
}

func onCall(f func(e *Env)) entry {
	return func(e *Env, _ any) { f(e) }
}

func ask[A, R any](f func(e *Env, args A) R) view {
	return func(e *Env, raw json.RawMessage) (any, error) {
		var args A
		if err := json.Unmarshal(raw, &args); err != nil {
			return nil, err
		}
		return f(e, args), nil
	}
}

func tell[R any](f func(e *Env) R) view {
	return func(e *Env, _ json.RawMessage) (any, error) { return f(e), nil }
}

// cellView answers with a storage variable.
func cellView[V any](c *Cell[V]) view {
	return func(e *Env, _ json.RawMessage) (any, error) { return c.get(e), nil }
}

// constant answers the same always.
func constant(v any) view {
	return func(*Env, json.RawMessage) (any, error) { return v, nil }
}

// unknown reverts as storage of an enum without a default does: for views of things that nobody can make here.
func unknown(e *Env, _ json.RawMessage) (any, error) {
	e.unknownEnum()
	return nil, nil
}

// list is the JSON form of a view with several outputs, and of a tuple.
type list []any

// u64 is the JSON form of a u64 that stands alone: a decimal string.
type u64 uint64

// MarshalText returns the decimal form.
func (n u64) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d", uint64(n)), nil }

// UnmarshalText reads the decimal form.
func (n *u64) UnmarshalText(b []byte) error {
	_, err := fmt.Sscanf(string(b), "%d", (*uint64)(n))
	return err
}
