package chaintail

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	// pageSize is the number of events asked for at once. Nodes accept at least 1,024.
	pageSize    = 1_000
	minPageSize = 16
	probeEvery  = time.Hour
)

// capabilities are what the node can do. They are asked for at the start and hourly, since nodes are upgraded.
type capabilities struct {
	spec   string    // of Run's goroutine, as is probed
	probed time.Time // zero before the first time

	lists      atomic.Bool  // one filter of events takes several addresses (spec 0.10.1)
	noReceipts atomic.Bool  // receipts are not served by block
	page       atomic.Int64 // events a page
}

// probe asks a provider which chain it is on and what it can do, where the last answer is old.
func (t *Tailer) probe(ctx context.Context, p *provider) error {
	if !p.can.probed.IsZero() && time.Since(p.can.probed) < probeEvery {
		return nil
	}
	if err := t.checkChain(ctx, p); err != nil {
		return err
	}
	version, err := p.SpecVersion(ctx)
	if errors.Is(err, starknet.ErrMethodNotFound) {
		version, err = "0.8.0", nil // has no such method in some gateways; 0.8 asks for nothing that newer ones lack
	}
	if err != nil {
		return err
	}
	var major, minor, patch int
	if n, _ := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); n < 2 {
		return fmt.Errorf("the node says that it speaks spec %q, which is not a version", version)
	}
	if major == 0 && minor < 8 {
		return fmt.Errorf("the node speaks spec %s, which is too old: give --rpc-url (STARKNET_RPC_URL) of one that speaks 0.8 to 0.10; hosted ones have the version in their path, such as /rpc/v0_9", version)
	}
	if p.can.spec != version {
		t.config.Logger.InfoContext(ctx, "node's spec", "provider", p.name, "version", version)
	}
	p.can.spec, p.can.probed = version, time.Now()
	p.can.lists.Store(major > 0 || minor > 10 || minor == 10 && patch >= 1)
	p.can.noReceipts.Store(false)
	p.can.page.Store(pageSize)
	return nil
}

// checkChain compares a provider's chain with the network's.
func (t *Tailer) checkChain(ctx context.Context, p *provider) error {
	got, err := p.ChainID(ctx)
	if err != nil {
		return err
	}
	if p.foreign = got != t.chainID; !p.foreign {
		return nil
	}
	problem := fmt.Sprintf("%s is on chain %s, and network %s is %s: change --network (STARKNET_NETWORK) or --rpc-url (STARKNET_RPC_URL)",
		p.name, chainName(got), t.config.Network, chainName(t.chainID))
	for _, other := range t.providers.all {
		if !other.foreign {
			return errors.New(problem) // another one may serve
		}
	}
	return &FatalError{problem}
}

func chainName(id schemas.Felt) string {
	if name, ok := id.ShortString(); ok {
		return name
	}
	return id.String()
}
