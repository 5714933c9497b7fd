package chaintail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
)

const (
	// pageSize is the number of events asked for at once. Nodes accept at least 1,024.
	pageSize    = 1_000
	minPageSize = 16
	probeEvery  = time.Hour
)

// capabilities are what the node can do. They are asked for at the start and hourly, since nodes are upgraded.
type capabilities struct {
	spec       string
	probed     time.Time
	lists      bool // one filter of events takes several addresses (spec 0.10.1)
	noReceipts bool // receipts are not served by block
	page       int  // events a page
}

// probe asks the node what it can do, where the last answer is old.
func (c *capabilities) probe(ctx context.Context, node interface {
	SpecVersion(context.Context) (string, error)
}, log *slog.Logger,
) error {
	if !c.probed.IsZero() && time.Since(c.probed) < probeEvery {
		return nil
	}
	version, err := node.SpecVersion(ctx)
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
	if c.spec != version {
		log.InfoContext(ctx, "node's spec", "version", version)
	}
	*c = capabilities{
		spec: version, probed: time.Now(), page: pageSize,
		lists: major > 0 || minor > 10 || minor == 10 && patch >= 1,
	}
	return nil
}
