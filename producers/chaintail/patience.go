package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// patient is a node that is asked again where a call for a part of the chain failed for a moment. A chunk of a backfill takes
// hundreds of calls: without this, a gateway that fails one call in a hundred would never let it through.
type patient struct {
	Node
	wait time.Duration // the longest that the node may ask us to wait within a call
	odd  *atomic.Int64 // counts what was asked again
}

const (
	callTries  = 4
	firstPause = 100 * time.Millisecond
	// patience is how long a node that has no substitute may ask us to wait; for longer, the round ends and says so.
	patience = 5 * time.Second
	// impatience is the same where there is another provider to turn to.
	impatience = 500 * time.Millisecond
)

// Header is [Node.Header].
func (p patient) Header(ctx context.Context, id starknet.BlockID) (h starknet.Header, err error) {
	err = p.again(ctx, func() (err error) { h, err = p.Node.Header(ctx, id); return err })
	return h, err
}

// Events is [Node.Events]. A page is asked for again under the same token.
func (p patient) Events(ctx context.Context, f starknet.Filter) (page starknet.Page, err error) {
	err = p.again(ctx, func() (err error) { page, err = p.Node.Events(ctx, f); return err })
	return page, err
}

// Receipts is [Node.Receipts].
func (p patient) Receipts(ctx context.Context, id starknet.BlockID) (h starknet.Header, r []starknet.Receipt, err error) {
	err = p.again(ctx, func() (err error) { h, r, err = p.Node.Receipts(ctx, id); return err })
	return h, r, err
}

// Receipt is [Node.Receipt].
func (p patient) Receipt(ctx context.Context, tx schemas.Hash) (r starknet.Receipt, err error) {
	err = p.again(ctx, func() (err error) { r, err = p.Node.Receipt(ctx, tx); return err })
	return r, err
}

// ClassHashAt is [Node.ClassHashAt].
func (p patient) ClassHashAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (h schemas.Hash, err error) {
	err = p.again(ctx, func() (err error) { h, err = p.Node.ClassHashAt(ctx, id, contract); return err })
	return h, err
}

// Call is [Node.Call].
func (p patient) Call(ctx context.Context, id starknet.BlockID, contract schemas.Address, entryPoint schemas.Felt, calldata []schemas.Felt) (felts []schemas.Felt, err error) {
	err = p.again(ctx, func() (err error) { felts, err = p.Node.Call(ctx, id, contract, entryPoint, calldata); return err })
	return felts, err
}

// again makes a call until it succeeds, fails for good, or has failed often enough.
func (p patient) again(ctx context.Context, call func() error) error {
	for try, pause := 1, firstPause; ; try, pause = try+1, 2*pause {
		err := call()
		if err == nil || try == callTries || !passing(err) || retryAfter(err) > p.wait || !sleep(ctx, max(pause, retryAfter(err))) {
			return err
		}
		p.odd.Add(1)
	}
}

// passing tells whether the same call may succeed in a moment. A timeout is not waited for again: it may well be that the
// request is too much.
func passing(err error) bool {
	if _, answered := errors.AsType[*starknet.RPCError](err); answered {
		return false
	}
	if e, ok := errors.AsType[*starknet.HTTPError](err); ok {
		return e.Status == http.StatusTooManyRequests || e.Status >= 500
	}
	return !errors.Is(err, starknet.ErrTimeout) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}

const (
	// suspiciousAfter is how long a call may take before the node is asked for its head beside it.
	suspiciousAfter = 500 * time.Millisecond
	probeWithin     = time.Second
)

// errSilent says that a node did not even tell its head while a call waited for its answer.
var errSilent = errors.New("the node has stopped answering")

// guarded is a node with substitutes: a call that takes long goes on only while the node tells its head beside it. So a node
// that hangs is left within two seconds, and one that works hard on a large answer is not.
type guarded struct{ Node }

// Header is [Node.Header].
func (g guarded) Header(ctx context.Context, id starknet.BlockID) (h starknet.Header, err error) {
	err = g.guard(ctx, func(ctx context.Context) (err error) { h, err = g.Node.Header(ctx, id); return err })
	return h, err
}

// Head is [Node.Head].
func (g guarded) Head(ctx context.Context) (h starknet.Header, err error) {
	err = g.guard(ctx, func(ctx context.Context) (err error) { h, err = g.Node.Head(ctx); return err })
	return h, err
}

// Events is [Node.Events].
func (g guarded) Events(ctx context.Context, f starknet.Filter) (page starknet.Page, err error) {
	err = g.guard(ctx, func(ctx context.Context) (err error) { page, err = g.Node.Events(ctx, f); return err })
	return page, err
}

// Receipts is [Node.Receipts].
func (g guarded) Receipts(ctx context.Context, id starknet.BlockID) (h starknet.Header, r []starknet.Receipt, err error) {
	err = g.guard(ctx, func(ctx context.Context) (err error) { h, r, err = g.Node.Receipts(ctx, id); return err })
	return h, r, err
}

// Receipt is [Node.Receipt].
func (g guarded) Receipt(ctx context.Context, tx schemas.Hash) (r starknet.Receipt, err error) {
	err = g.guard(ctx, func(ctx context.Context) (err error) { r, err = g.Node.Receipt(ctx, tx); return err })
	return r, err
}

// ClassHashAt is [Node.ClassHashAt].
func (g guarded) ClassHashAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (h schemas.Hash, err error) {
	err = g.guard(ctx, func(ctx context.Context) (err error) { h, err = g.Node.ClassHashAt(ctx, id, contract); return err })
	return h, err
}

// ABIAt is [Node.ABIAt].
func (g guarded) ABIAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (abi json.RawMessage, err error) {
	err = g.guard(ctx, func(ctx context.Context) (err error) { abi, err = g.Node.ABIAt(ctx, id, contract); return err })
	return abi, err
}

// Call is [Node.Call].
func (g guarded) Call(ctx context.Context, id starknet.BlockID, contract schemas.Address, entryPoint schemas.Felt, calldata []schemas.Felt) (felts []schemas.Felt, err error) {
	err = g.guard(ctx, func(ctx context.Context) (err error) {
		felts, err = g.Node.Call(ctx, id, contract, entryPoint, calldata)
		return err
	})
	return felts, err
}

// SpecVersion is [Node.SpecVersion].
func (g guarded) SpecVersion(ctx context.Context) (v string, err error) {
	err = g.guard(ctx, func(ctx context.Context) (err error) { v, err = g.Node.SpecVersion(ctx); return err })
	return v, err
}

// ChainID is [Node.ChainID].
func (g guarded) ChainID(ctx context.Context) (id schemas.Felt, err error) {
	err = g.guard(ctx, func(ctx context.Context) (err error) { id, err = g.Node.ChainID(ctx); return err })
	return id, err
}

func (g guarded) guard(ctx context.Context, call func(context.Context) error) error {
	ctx, abandon := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if !sleep(ctx, suspiciousAfter) {
			return
		}
		probe, stop := context.WithTimeout(ctx, probeWithin)
		defer stop()
		if _, err := g.Node.Head(probe); err != nil {
			abandon(errSilent)
		}
	}()
	err := call(ctx)
	if err != nil && errors.Is(context.Cause(ctx), errSilent) {
		err = fmt.Errorf("%w: %w", errSilent, err)
	}
	abandon(nil)
	<-done
	return err
}
