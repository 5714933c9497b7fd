package chaintail

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// cairoZero is the interface of a token of Cairo 0, with things that say nothing about events and have types of their own.
const cairoZero = `[
	{"type":"struct","name":"Uint256","size":2,"members":[{"name":"low","offset":0,"type":"felt"},{"name":"high","offset":1,"type":"felt"}]},
	{"type":"function","name":"approve","inputs":[{"name":"spender","type":"felt"},{"name":"more","type":"NoSuchType*"}],"outputs":[]},
	{"type":"event","name":"Transfer","keys":[],"data":[{"name":"from_","type":"felt"},{"name":"to","type":"felt"},{"name":"value","type":"Uint256"}]},
	{"type":"event","name":"Rung","keys":[{"name":"who","type":"felt"}],"data":[{"name":"bells_len","type":"felt"},{"name":"bells","type":"felt*"}]}]`

// firstCairoOne is what the first compilers of Cairo 1 wrote.
const firstCairoOne = `[{"type":"event","name":"Transfer","inputs":[
	{"name":"from","type":"core::starknet::contract_address::ContractAddress"},{"name":"to","type":"core::starknet::contract_address::ContractAddress"},
	{"name":"value","type":"core::integer::u256"}]}]`

// namedTransfer is the interface of a token that has its own names and types for a transfer's members.
func namedTransfer(from, to, amount, amountType, kind string) string {
	return fmt.Sprintf(`[
		{"type":"struct","name":"core::integer::u256","members":[{"name":"low","type":"core::integer::u128"},{"name":"high","type":"core::integer::u128"}]},
		{"type":"event","name":"x::Transfer","kind":"struct","members":[
			{"name":%q,"type":"core::starknet::contract_address::ContractAddress","kind":%q},
			{"name":%q,"type":"core::starknet::contract_address::ContractAddress","kind":%q},
			{"name":%q,"type":%q,"kind":"data"}]},
		{"type":"event","name":"x::Event","kind":"enum","variants":[{"name":"Transfer","type":"x::Transfer","kind":"nested"}]}]`,
		from, kind, to, kind, amount, amountType)
}

// TestTransfers: whatever token our token's address names, its transfers are read.
func TestTransfers(t *testing.T) {
	from, to, low, high := schemas.Felt{31: 1}, schemas.Felt{31: 2}, schemas.Felt{31: 7}, schemas.Felt{31: 1}
	pair := []schemas.Felt{from, to}
	const large = "340282366920938463463374607431768211463" // 2^128 + 7
	for name, c := range map[string]struct {
		node       classNode
		keys, data []schemas.Felt
		amount     string // empty where it cannot be read
	}{
		"a class of Cairo 0":             {classNode{abi: cairoZero}, nil, []schemas.Felt{from, to, low, high}, large},
		"a class of the first Cairo 1":   {classNode{abi: firstCairoOne}, nil, []schemas.Felt{from, to, low, high}, large},
		"a token of today":               {classNode{abi: openZeppelin}, pair, []schemas.Felt{low, high}, large},
		"other names, members as keys":   {classNode{abi: namedTransfer("sender", "recipient", "amount", "core::integer::u256", "key")}, pair, []schemas.Felt{low, high}, large},
		"other names, members as data":   {classNode{abi: namedTransfer("sender", "recipient", "amount", "core::integer::u256", "data")}, nil, []schemas.Felt{from, to, low, {}}, "7"},
		"an amount of one felt":          {classNode{abi: namedTransfer("from", "to", "value", "core::felt252", "data")}, nil, []schemas.Felt{from, to, low}, "7"},
		"an amount of 128 bits":          {classNode{abi: namedTransfer("from", "to", "value", "core::integer::u128", "key")}, pair, []schemas.Felt{low}, "7"},
		"no classes, keys":               {classNode{err: starknet.ErrMethodNotFound}, pair, []schemas.Felt{low, high}, large},
		"no classes, data":               {classNode{err: starknet.ErrMethodNotFound}, nil, []schemas.Felt{from, to, low, high}, large},
		"no ABIs, keys":                  {classNode{abiErr: starknet.ErrMethodNotFound}, pair, []schemas.Felt{low, high}, large},
		"a class without an ABI":         {classNode{abi: ``}, pair, []schemas.Felt{low, high}, large},
		"a proxy, whose ABI has no such": {classNode{abi: `[]`}, pair, []schemas.Felt{low, high}, large},
		"an ABI that cannot be read":     {classNode{abi: `[{"type":"event","kind":"enum","name":"E","variants":[{"name":"X","type":"Y","kind":"nested"}]}]`}, pair, []schemas.Felt{low, {}}, "7"},
		"no classes, something else":     {classNode{err: starknet.ErrMethodNotFound}, append(pair, low, high), nil, ""},
		"no classes, no such number":     {classNode{err: starknet.ErrMethodNotFound}, pair, []schemas.Felt{{0: 1}, {}}, ""},
	} {
		c.node.hash = schemas.Hash{31: 9}
		value, typ, err := decodeOne(t.Context(), newClasses(&c.node, 1, slog.New(slog.DiscardHandler)), emitted("SAGEToken", "Transfer", c.keys, c.data), true)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c.amount == "" {
			if typ != schemas.TypeUndecoded || value.Reason == "" {
				t.Errorf("%s: is a %s with %s", name, typ, value.Data)
			}
			continue
		}
		want := fmt.Sprintf(`{"from":"%s","to":"%s","value":"%s"}`, schemas.Address(from), schemas.Address(to), c.amount)
		if typ != "bitsage.token.SAGEToken.Transfer" || string(value.Data) != want || value.Name != "Transfer" {
			t.Errorf("%s: %s %s (%s %s), want %s", name, typ, value.Data, value.Reason, value.Detail, want)
		}
	}
}

// forgetful is a node that keeps the newest state only.
type forgetful struct{ *classNode }

func (n forgetful) ClassHashAt(ctx context.Context, id starknet.BlockID, a schemas.Address) (schemas.Hash, error) {
	if id != starknet.TagLatest {
		return schemas.Hash{}, &starknet.RPCError{Code: -1, Message: "No state at block"}
	}
	return n.classNode.ClassHashAt(ctx, id, a)
}

func (n forgetful) ABIAt(ctx context.Context, id starknet.BlockID, a schemas.Address) (json.RawMessage, error) {
	if id != starknet.TagLatest {
		return nil, &starknet.RPCError{Code: -1, Message: "No state at block"}
	}
	return n.classNode.ABIAt(ctx, id, a)
}

// TestNodeWithoutOldState: the class of today serves where the node does not know the one of the event's block.
func TestNodeWithoutOldState(t *testing.T) {
	node := forgetful{&classNode{abi: cairoZero, hash: schemas.Hash{31: 9}}}
	e := emitted("SAGEToken", "Rung", []schemas.Felt{{31: 5}}, []schemas.Felt{{}})
	value, typ, err := decodeOne(t.Context(), newClasses(node, 1, slog.New(slog.DiscardHandler)), e, true)
	if err != nil || typ != "bitsage.token.SAGEToken.Rung" {
		t.Errorf("%s %s (%s %s), %v", typ, value.Data, value.Reason, value.Detail, err)
	}
}

// TestLegacyEvents: events of Cairo 0 other than ours are kept by their names, arrays as arrays.
func TestLegacyEvents(t *testing.T) {
	node := &classNode{abi: cairoZero, hash: schemas.Hash{31: 9}}
	e := emitted("SAGEToken", "Rung", []schemas.Felt{{31: 5}}, []schemas.Felt{{31: 2}, {31: 8}, {31: 9}})
	value, typ, err := decodeOne(t.Context(), newClasses(node, 1, slog.New(slog.DiscardHandler)), e, true)
	if err != nil {
		t.Fatal(err)
	}
	if typ != "bitsage.token.SAGEToken.Rung" || string(value.Data) != `{"who":"0x5","bells":["0x8","0x9"]}` {
		t.Errorf("%s %s (%s %s)", typ, value.Data, value.Reason, value.Detail)
	}
}
