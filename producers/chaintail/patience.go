package chaintail

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// patient is a node that is asked again where a call for a part of the chain failed for a moment. A chunk of a backfill takes
// hundreds of calls: without this, a gateway that fails one call in a hundred would never let it through.
type patient struct{ Node }

const (
	callTries  = 4
	firstPause = 100 * time.Millisecond
	// patience is the longest that a node may ask us to wait within a call; for longer, the round ends and says so.
	patience = 5 * time.Second
)

// Header is [Node.Header].
func (p patient) Header(ctx context.Context, id starknet.BlockID) (h starknet.Header, err error) {
	err = again(ctx, func() (err error) { h, err = p.Node.Header(ctx, id); return err })
	return h, err
}

// Events is [Node.Events]. A page is asked for again under the same token.
func (p patient) Events(ctx context.Context, f starknet.Filter) (page starknet.Page, err error) {
	err = again(ctx, func() (err error) { page, err = p.Node.Events(ctx, f); return err })
	return page, err
}

// Receipts is [Node.Receipts].
func (p patient) Receipts(ctx context.Context, id starknet.BlockID) (h starknet.Header, r []starknet.Receipt, err error) {
	err = again(ctx, func() (err error) { h, r, err = p.Node.Receipts(ctx, id); return err })
	return h, r, err
}

// Receipt is [Node.Receipt].
func (p patient) Receipt(ctx context.Context, tx schemas.Hash) (r starknet.Receipt, err error) {
	err = again(ctx, func() (err error) { r, err = p.Node.Receipt(ctx, tx); return err })
	return r, err
}

// again makes a call until it succeeds, fails for good, or has failed often enough.
func again(ctx context.Context, call func() error) error {
	for try, pause := 1, firstPause; ; try, pause = try+1, 2*pause {
		err := call()
		if err == nil || try == callTries || !passing(err) || !sleep(ctx, max(pause, retryAfter(err))) {
			return err
		}
	}
}

// passing tells whether the same call may succeed in a moment. A timeout is not waited for again: it may well be that the
// request is too much.
func passing(err error) bool {
	if _, answered := errors.AsType[*starknet.RPCError](err); answered {
		return false
	}
	if e, ok := errors.AsType[*starknet.HTTPError](err); ok {
		return e.RetryAfter <= patience && (e.Status == http.StatusTooManyRequests || e.Status >= 500)
	}
	return !errors.Is(err, starknet.ErrTimeout) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}
