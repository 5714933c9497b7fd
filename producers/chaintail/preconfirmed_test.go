package chaintail

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestPreConfirmed: the block in the making is told whole whenever it changes, decoded, and once more when it holds nothing of ours any more;
// the chain topic knows nothing of it.
func TestPreConfirmed(t *testing.T) {
	for _, spec := range []string{"0.8.1", "0.9.0"} {
		w := newCalmWorld(5)
		w.spec, w.indexed, w.lists = spec, false, false
		var mu sync.Mutex
		var told []string
		node := viewOf(w)
		completed := starknet.Event{From: followed[0].Address, Keys: []schemas.Felt{schemas.Selector("JobCompleted"), {31: 7}, {}, {31: 2}}}
		foreign := starknet.Event{From: schemas.Address{31: 99}, Keys: []schemas.Felt{schemas.Selector("Transfer")}}
		making := func(txs ...[]starknet.Event) {
			w.making = []starknet.Receipt{}
			for i, events := range txs {
				w.making = append(w.making, starknet.Receipt{TxHash: schemas.Hash{31: byte(i + 1)}, Events: events})
			}
			node.see(w)
		}
		tailer := tailerOf(w, node, nil, prometheus.NewRegistry(), func(c *Config) {
			c.PreConfirmedEvery = time.Second
			c.PreConfirmed = func(_ context.Context, rec schemas.Record) error {
				env, err := schemas.ParseEnvelope(rec)
				var block schemas.PreConfirmed
				if err == nil {
					err = json.Unmarshal(env.Data, &block)
				}
				line := fmt.Sprint(block.Number, " of ", block.Transactions)
				for _, e := range block.Events {
					line += fmt.Sprint(", ", e.Tx, "/", e.Event, " ", e.Type, " ", e.Reason)
				}
				mu.Lock()
				defer mu.Unlock()
				told = append(told, line)
				return err
			}
		})
		synctest.Test(t, func(t *testing.T) {
			err := during(t, tailer, func() {
				making([]starknet.Event{foreign})
				time.Sleep(5 * time.Second)
				making([]starknet.Event{foreign, completed}, []starknet.Event{completed})
				time.Sleep(5 * time.Second)
				making([]starknet.Event{{From: followed[0].Address, Keys: []schemas.Felt{{31: 1}}}})
				time.Sleep(5 * time.Second)
				w.extend(1)
				making()
				time.Sleep(5 * time.Second)
			})
			if err != nil {
				t.Error(err)
			}
		})
		want := []string{
			"5 of 2, 0/1 bitsage.jobs.JobManager.JobCompleted , 1/0 bitsage.jobs.JobManager.JobCompleted ",
			"5 of 1, 0/0 bitsage.chain.undecoded unknown_selector",
			"6 of 0",
		}
		if spec < "0.9" {
			want = nil // the spec has no such block
		}
		if !slices.Equal(told, want) {
			t.Errorf("spec %s: told %q, want %q", spec, told, want)
		}
		check(t, w)
	}
}
