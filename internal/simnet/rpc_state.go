package simnet

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/bitsage-network/validator-dashboard/internal/simnet/economy"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// contractAt finds the contract and the block that a call names. Nothing is deployed below the first block.
func (n *Net) contractAt(a arguments, to schemas.Address) (*block, *economy.Contract, error) {
	var id blockID
	if err := a.read("block_id", &id); err != nil {
		return nil, nil, err
	}
	b, err := n.find(id)
	if err != nil {
		return nil, nil, err
	}
	c, ok := n.world.Contract(to)
	if !ok || b.number < n.config.FirstBlock {
		return nil, nil, errContractNotFound
	}
	return b, c, nil
}

func (n *Net) addressed(a arguments) (*block, *economy.Contract, error) {
	var to schemas.Address
	if err := a.read("contract_address", &to); err != nil {
		return nil, nil, err
	}
	return n.contractAt(a, to)
}

func (n *Net) callView(a arguments) (any, error) {
	var q struct {
		To       *schemas.Address `json:"contract_address"`
		Selector *schemas.Felt    `json:"entry_point_selector"`
		Calldata []schemas.Felt   `json:"calldata"`
	}
	if err := a.read("request", &q); err != nil {
		return nil, err
	}
	if q.To == nil || q.Selector == nil {
		return nil, invalidParams("request: contract_address or entry_point_selector is missing")
	}
	b, c, err := n.contractAt(a, *q.To)
	if err != nil {
		return nil, err
	}
	felts, err := n.world.View(economy.Block{Number: b.number, Time: b.time}, b.version, *q.To, *q.Selector, q.Calldata)
	if errors.Is(err, economy.ErrNoEntryPoint) {
		return nil, errEntryPointNotFound
	}
	if revert, ok := errors.AsType[*economy.Revert](err); ok {
		return nil, &rpcError{Code: 40, Message: "Contract error", Data: map[string]any{"revert_error": map[string]any{
			"contract_address": c.Address.Felt(), "class_hash": c.Class.Felt(), "selector": *q.Selector, "error": revert.Error(),
		}}}
	}
	return orEmpty(felts), err
}

func (n *Net) classHashAt(a arguments) (any, error) {
	_, c, err := n.addressed(a)
	if err != nil {
		return nil, err
	}
	return c.Class.Felt(), nil
}

func (n *Net) classAt(a arguments) (any, error) {
	_, c, err := n.addressed(a)
	if err != nil {
		return nil, err
	}
	return classOf(c)
}

func (n *Net) class(a arguments) (any, error) {
	var h schemas.Hash
	if err := a.read("class_hash", &h); err != nil {
		return nil, err
	}
	var id blockID
	if err := a.read("block_id", &id); err != nil {
		return nil, err
	}
	b, err := n.find(id)
	if err != nil {
		return nil, err
	}
	c, ok := n.world.Class(h)
	if !ok || b.number < n.config.FirstBlock {
		return nil, errClassNotFound
	}
	return classOf(c)
}

type (
	sierraEntry struct {
		Selector schemas.Felt `json:"selector"`
		Index    int          `json:"function_idx"`
	}
	classJSON struct {
		Program []schemas.Felt           `json:"sierra_program"`
		Version string                   `json:"contract_class_version"`
		Entries map[string][]sierraEntry `json:"entry_points_by_type"`
		ABI     string                   `json:"abi"`
	}
)

// classOf writes a class: the real contract's ABI, with a program that is only the head of one.
func classOf(c *economy.Contract) (any, error) {
	var entries []struct {
		Type  string
		Name  string
		Items []struct{ Type, Name string }
	}
	if err := json.Unmarshal(c.ABIDocument, &entries); err != nil {
		return nil, err
	}
	external, constructor := []sierraEntry{}, []sierraEntry{}
	for _, e := range entries {
		switch e.Type {
		case "interface":
			for _, f := range e.Items {
				external = append(external, sierraEntry{Selector: schemas.Selector(f.Name)})
			}
		case "function":
			external = append(external, sierraEntry{Selector: schemas.Selector(e.Name)})
		case "constructor":
			constructor = append(constructor, sierraEntry{Selector: schemas.Selector(e.Name)})
		}
	}
	slices.SortFunc(external, func(a, b sierraEntry) int { return slices.Compare(a.Selector[:], b.Selector[:]) })
	for i := range external {
		external[i].Index = i
	}
	return classJSON{
		Program: []schemas.Felt{schemas.FeltFromUint64(1), schemas.FeltFromUint64(7), schemas.FeltFromUint64(0)}, Version: "0.1.0",
		Entries: map[string][]sierraEntry{"EXTERNAL": external, "CONSTRUCTOR": constructor, "L1_HANDLER": {}}, ABI: string(c.ABIDocument),
	}, nil
}

func (n *Net) nonce(a arguments) (any, error) {
	b, c, err := n.addressed(a)
	if err != nil {
		return nil, err
	}
	return schemas.FeltFromUint64(n.world.Nonce(b.version, c.Address)), nil
}
