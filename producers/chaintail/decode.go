package chaintail

import (
	"context"
	"errors"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// decode turns an event into the value and type that the log carries. What cannot be read is kept raw, with the reason.
func (t *Tailer) decode(ctx context.Context, e chainEvent) (schemas.ChainEvent, string) {
	value := schemas.ChainEvent{
		BlockHash: e.blockHash, TxHash: e.txHash, Contract: e.contract.Address, ContractName: e.contract.Name, Raw: e.raw,
	}
	abi := t.abi(ctx, e)
	if abi == nil {
		value.Reason, value.Detail = schemas.ReasonNoABI, "neither the node nor this build has an ABI of "+e.contract.Name
		return value, schemas.TypeUndecoded
	}
	name, data, err := abi.DecodeEvent(e.raw.Keys, e.raw.Data)
	value.Name = name
	typ := schemas.EventType(e.contract.Name, name)
	if err == nil {
		// A class may name an event that we know with another layout. What our own type cannot hold would stop every reader.
		_, err = schemas.DecodeEventData(typ, data)
	}
	if err != nil {
		value.Reason, value.Detail = schemas.ReasonBadValue, err.Error()
		if d, ok := errors.AsType[*schemas.DecodeError](err); ok {
			value.Reason = d.Reason
		}
		return value, schemas.TypeUndecoded
	}
	value.Data = data
	if upgrades[name] {
		delete(t.abis, e.contract.Address) // ABIs belong to classes: ask for the new one's
	}
	return value, typ
}

// upgrades are the events after which a contract may have another class.
var upgrades = map[string]bool{"UpgradeExecuted": true, "Upgraded": true}

// abi returns the ABI of a contract: that of its class at the event's block where the node tells it and we can read it, else
// the one that this build brings along.
func (t *Tailer) abi(ctx context.Context, e chainEvent) *schemas.ABI {
	if known, ok := t.abis[e.contract.Address]; ok {
		return known
	}
	abi, err := t.classABI(ctx, e)
	origin := "class"
	if err != nil {
		origin = "build"
		var eerr error
		if abi, eerr = schemas.Embedded(e.contract.Name); eerr != nil {
			err = errors.Join(err, eerr)
		}
	}
	t.config.Logger.InfoContext(ctx, "contract's ABI", "contract", e.contract.Name, "address", e.contract.Address, "from", origin, "error", err)
	t.abis[e.contract.Address] = abi
	return abi
}

func (t *Tailer) classABI(ctx context.Context, e chainEvent) (*schemas.ABI, error) {
	doc, err := t.node.ABIAt(ctx, starknet.ByHash(e.blockHash), e.contract.Address)
	if err != nil {
		return nil, err
	}
	return schemas.ParseABI(e.contract.Name, doc)
}
