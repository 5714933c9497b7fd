package chaintail

import (
	"context"
	"errors"
	"fmt"
	"sync"
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
	mu     sync.Mutex
	spec   string    // guarded by mu
	probed time.Time // zero before the first time; guarded by mu

	lists      atomic.Bool   // one filter of events takes several addresses (spec 0.10.1)
	noReceipts atomic.Bool   // receipts are not served by block
	page       atomic.Int64  // events a page
	oldest     atomic.Uint64 // the lowest block that it has
	l1         atomic.Bool   // it knows the tag of what is accepted on L1 (spec 0.9)
	pre        atomic.Bool   // it knows the tag of the block in the making (spec 0.9)
}

// probe asks a provider which chain it is on and what it can do, where the last answer is old.
func (t *Tailer) probe(ctx context.Context, p *provider) error {
	if p.can.fresh() {
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
	oldest, err := p.findOldest(ctx)
	if err != nil {
		return fmt.Errorf("oldest block: %w", err)
	}
	if p.can.found(version, oldest) {
		t.config.Logger.InfoContext(ctx, "what a node can do", "provider", p.name, "spec", version, "oldest_block", oldest)
	}
	p.can.lists.Store(major > 0 || minor > 10 || minor == 10 && patch >= 1)
	p.can.l1.Store(major > 0 || minor >= 9)
	p.can.pre.Store(major > 0 || minor >= 9)
	p.can.noReceipts.Store(false)
	p.can.page.Store(pageSize)
	return nil
}

// fresh tells whether the last probe is not old.
func (c *capabilities) fresh() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.probed.IsZero() && time.Since(c.probed) < probeEvery
}

// found notes what a probe found, and tells whether that is news.
func (c *capabilities) found(spec string, oldest uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	news := c.spec != spec || c.oldest.Load() != oldest
	c.spec, c.probed = spec, time.Now()
	c.oldest.Store(oldest)
	return news
}

// checkChain compares a provider's chain with the network's.
func (t *Tailer) checkChain(ctx context.Context, p *provider) error {
	got, err := p.ChainID(ctx)
	if err != nil {
		return err
	}
	p.foreign.Store(got != t.chainID)
	if got == t.chainID {
		return nil
	}
	problem := fmt.Sprintf("%s is on chain %s, and network %s is %s: change --network (STARKNET_NETWORK) or --rpc-url (STARKNET_RPC_URL)",
		p.name, chainName(got), t.config.Network, chainName(t.chainID))
	for _, other := range t.providers.all {
		if !other.foreign.Load() {
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
