package starknet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// viewWithin is how long one node has for one view.
const viewWithin = 4 * time.Second

// Views asks views of contracts by their names, of the first node of several that answers. What comes back is read by the ABI of the class
// that the contract has at the block, or by the one that this build has where that class does not tell. It is safe for concurrent use.
type Views struct {
	nodes  []*Client
	within time.Duration // for one node

	mu      sync.Mutex
	classes map[classOf]*schemas.ABI // nil where the class tells nothing that can be read; guarded by mu
}

// classOf names a class as a contract's: the ABI carries the contract's name.
type classOf struct {
	hash     schemas.Hash
	contract string
}

// NewViews returns the views that some nodes tell, the preferred one first.
func NewViews(nodes ...*Client) *Views {
	return &Views{nodes: nodes, within: viewWithin, classes: map[classOf]*schemas.ABI{}}
}

// Ask asks a view at a block: by its hash, or by its number where the hash is not known. args are as [schemas.ABI.EncodeInputs] takes them,
// nil for none. That no node can answer is told in the answer; an error is a fault of the question, or the end of ctx.
func (v *Views) Ask(ctx context.Context, at schemas.BlockRef, contract schemas.Contract, function string, args map[string]any) (schemas.ViewAnswer, error) {
	out := schemas.ViewAnswer{Reason: schemas.ReasonUnanswered, Detail: "there is no node to ask"}
	for _, node := range v.nodes {
		data, err := v.askNode(ctx, node, blockID(at), contract, function, args)
		if bad, ok := errors.AsType[*badQuestionError](err); ok {
			return out, bad.cause
		}
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		if err == nil {
			return schemas.ViewAnswer{Data: data}, nil
		}
		reason, final := whyNot(err)
		if out = (schemas.ViewAnswer{Reason: reason, Detail: err.Error()}); final {
			break
		}
	}
	return out, nil
}

func blockID(at schemas.BlockRef) BlockID {
	if at.Hash.IsZero() {
		return ByNumber(at.Number)
	}
	return ByHash(at.Hash)
}

// badQuestionError is a question that no node could answer.
type badQuestionError struct{ cause error }

func (e *badQuestionError) Error() string { return e.cause.Error() }

// unreadableError is an answer that does not fit the ABI.
type unreadableError struct{ cause error }

func (e *unreadableError) Error() string { return e.cause.Error() }

// askNode asks one node.
func (v *Views) askNode(ctx context.Context, node *Client, id BlockID, contract schemas.Contract, function string, args map[string]any) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, v.within)
	defer cancel()
	abi, err := v.abi(ctx, node, id, contract, function)
	if err != nil {
		return nil, err
	}
	var in any = args
	if args == nil {
		in = struct{}{}
	}
	calldata, err := abi.EncodeInputs(function, in)
	if err != nil {
		return nil, &badQuestionError{err}
	}
	felts, err := node.Call(ctx, id, contract.Address, schemas.Selector(function), calldata)
	if err != nil {
		return nil, err
	}
	data, err := abi.DecodeOutputs(function, felts)
	if err != nil {
		return nil, &unreadableError{fmt.Errorf("%s: %w", node.Host(), err)}
	}
	return data, nil
}

// abi returns what a function of a contract is to be asked by at a block.
func (v *Views) abi(ctx context.Context, node *Client, id BlockID, contract schemas.Contract, function string) (*schemas.ABI, error) {
	embedded, err := schemas.Embedded(contract.Name)
	if err != nil {
		return nil, &badQuestionError{err}
	}
	hash, err := node.ClassHashAt(ctx, id, contract.Address)
	if err != nil {
		return nil, err
	}
	class := classOf{hash, contract.Name}
	v.mu.Lock()
	abi, seen := v.classes[class]
	v.mu.Unlock()
	if !seen {
		doc, err := node.ABIAt(ctx, id, contract.Address)
		if err != nil {
			return nil, err
		}
		if abi, err = schemas.ParseABI(contract.Name, doc); err != nil {
			abi = nil // the class has none that can be read
		}
		v.mu.Lock()
		v.classes[class] = abi
		v.mu.Unlock()
	}
	if abi != nil {
		if _, has := abi.FunctionName(schemas.Selector(function)); has {
			return abi, nil
		}
	}
	return embedded, nil // a proxy's class knows nothing of what it passes on
}

// whyNot is why there is no answer, and whether another node would say the same.
func whyNot(err error) (reason string, final bool) {
	if _, ok := errors.AsType[*unreadableError](err); ok {
		return schemas.ReasonBadValue, true
	}
	switch {
	case errors.Is(err, ErrContractNotFound):
		return schemas.ReasonNoContract, true
	case errors.Is(err, ErrContractError), errors.Is(err, ErrNoEntryPoint):
		return schemas.ReasonReverted, true
	}
	if _, refused := errors.AsType[*RPCError](err); refused {
		return schemas.ReasonNoState, false
	}
	if e, ok := errors.AsType[*HTTPError](err); ok && e.Status < http.StatusInternalServerError && e.Status != http.StatusTooManyRequests {
		return schemas.ReasonNoState, false
	}
	return schemas.ReasonUnanswered, false
}

// ThereBefore tells whether a contract was on the chain before a block. It fails where no node can tell.
func (v *Views) ThereBefore(ctx context.Context, contract schemas.Address, block uint64) (bool, error) {
	if block == 0 {
		return false, nil
	}
	failed := errors.New("there is no node to ask")
	for _, node := range v.nodes {
		there, err := v.thereBefore(ctx, node, contract, block)
		if err == nil || ctx.Err() != nil {
			return there, err
		}
		failed = err
	}
	return false, failed
}

func (v *Views) thereBefore(ctx context.Context, node *Client, contract schemas.Address, block uint64) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, v.within)
	defer cancel()
	_, err := node.ClassHashAt(ctx, ByNumber(block-1), contract)
	if errors.Is(err, ErrContractNotFound) {
		return false, nil
	}
	return err == nil, err
}
