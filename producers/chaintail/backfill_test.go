package chaintail

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
)

// busy is a node whose pages take a while, and that counts how many are asked for at a time.
type busy struct {
	*view
	now, most atomic.Int64
}

func (b *busy) Events(ctx context.Context, f starknet.Filter) (starknet.Page, error) {
	n := b.now.Add(1)
	defer b.now.Add(-1)
	for most := b.most.Load(); n > most && !b.most.CompareAndSwap(most, n); most = b.most.Load() {
	}
	if !sleep(ctx, time.Second) {
		return starknet.Page{}, ctx.Err()
	}
	return b.view.Events(ctx, f)
}

// TestReadAhead: chunks that are read side by side are written in order, and those that a reorganisation makes void are not written,
// whichever of them it comes into.
func TestReadAhead(t *testing.T) {
	for _, common := range []int{90, 140, 200, 260} {
		chain := newCalmWorld(600)
		chain.maxRange = 39 // blocks a call
		node := &busy{view: viewOf(chain)}
		log := newCalmWorld(1)
		other := onFork(chain, common, 500)
		synctest.Test(t, func(t *testing.T) {
			tailer := tailerOf(log, node, nil, prometheus.NewRegistry(), func(c *Config) { c.Ahead = 4 })
			if err := during(t, tailer, func() {
				for tailer.Status().Sealed < 100 {
					time.Sleep(100 * time.Millisecond)
				}
				node.see(other) // while the chunks after it are on their way
				time.Sleep(5 * time.Minute)
			}); err != nil {
				t.Error(err)
			}
		})
		log.chain, log.numbers = other.chain, other.numbers
		check(t, log)
		if n := node.most.Load(); n != 4 {
			t.Errorf("%d pages at a time, want 4", n)
		}
	}
}
