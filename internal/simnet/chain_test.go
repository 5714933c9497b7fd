package simnet

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestSameSeedSameChain(t *testing.T) {
	c := Config{Seed: 7, Workers: 8, FirstBlock: 1000}
	a := open(t, c, 300)
	b := open(t, c, 0)
	for range 300 {
		if err := b.Produce(); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(hashes(a), hashes(b)) {
		t.Error("the same seed made two chains")
	}
	c.Seed++
	if other := open(t, c, 300); slices.Contains(hashes(a), other.blocks[299].hash) {
		t.Error("another seed made the same block")
	}
	seen := map[schemas.Hash]bool{}
	for _, h := range hashes(a) {
		if seen[h] || h.IsZero() {
			t.Errorf("hash %s comes twice", h)
		}
		seen[h] = true
	}
	for i, blk := range a.blocks[1:] {
		if blk.parent != a.blocks[i].hash || blk.time < a.blocks[i].time {
			t.Errorf("block %d does not follow from the one before it", blk.number)
		}
	}
}

func TestNetworkWithoutWorkers(t *testing.T) {
	n := open(t, Config{Seed: 1}, 400)
	var submitted, claimed int
	for _, e := range n.Events() {
		switch e.Value.(type) {
		case schemas.JobManagerJobSubmitted:
			submitted++
		case schemas.JobManagerJobClaimed, schemas.JobManagerJobAssigned, schemas.ProverStakingStaked:
			claimed++
		}
	}
	if submitted == 0 || claimed > 0 {
		t.Errorf("%d jobs submitted, %d deeds of workers", submitted, claimed)
	}
}

func TestNearlyEveryBlockShowsSomething(t *testing.T) {
	n := open(t, Config{Seed: 3, Workers: 8}, 1000)
	empty := 0
	for _, b := range n.blocks {
		if len(b.txs) == 0 {
			empty++
		}
	}
	if empty > 120 {
		t.Errorf("%d of 1000 blocks are empty", empty)
	}
}

func TestReorganisationThereAndBack(t *testing.T) {
	for _, depth := range []int{1, 2, 7, 30} {
		t.Run(fmt.Sprint(depth), func(t *testing.T) {
			n := open(t, Config{Seed: 5, Workers: 8}, 200)
			a := hashes(n)
			tokens := views(t, n)
			if err := n.Reorg(depth); err != nil {
				t.Fatal(err)
			}
			if len(n.blocks) != 200 {
				t.Fatalf("%d blocks, want 200", len(n.blocks))
			}
			for i, b := range n.blocks {
				if same := slices.Contains(a, b.hash); same != (i < 200-depth) {
					t.Errorf("block %d: is of the old branch: %v", i, same)
				}
			}
			b := hashes(n)
			again := 0
			for _, blk := range n.blocks[200-depth:] {
				for _, x := range blk.txs {
					if slices.Contains(a, x.Tx.Hash) {
						again++
					}
				}
			}
			if depth > 2 && again == 0 {
				t.Error("no transaction of the old branch came again")
			}
			if err := n.Restore(); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(hashes(n), a) {
				t.Error("restored, the chain is not the one before")
			}
			if got := views(t, n); got != tokens {
				t.Errorf("restored, views answer %s, before %s", got, tokens)
			}
			if err := n.Restore(); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(hashes(n), b) {
				t.Error("restored once more, the chain is not the other branch")
			}
			produce(t, n, 50)
			checkInvariants(t, n, 249)
		})
	}
}

// views are some views at the head, as text.
func views(t *testing.T, n *Net) string {
	t.Helper()
	c := caller{t, n.Handler(), n.head().number}
	return fmt.Sprint(c.text("ProverStaking", "total_staked"), c.text("SAGEToken", "total_supply"), c.text("JobManager", "get_active_jobs"),
		c.text("OTCOrderbook", "get_stats"), c.text("ReputationManager", "get_network_stats"))
}

func TestRollbackAndNewBranch(t *testing.T) {
	n := open(t, Config{Seed: 5, Workers: 4}, 100)
	a := hashes(n)
	if err := n.Rollback(10); err != nil {
		t.Fatal(err)
	}
	if head, _ := n.Head(); head.Number != 89 {
		t.Fatalf("head %d after a rollback of 10, want 89", head.Number)
	}
	produce(t, n, 20)
	for _, b := range n.blocks[90:] {
		if slices.Contains(a, b.hash) {
			t.Errorf("block %d is of the branch that was taken back", b.number)
		}
	}
	checkInvariants(t, n, 109)
}

func TestSettledBlocksStay(t *testing.T) {
	n := open(t, Config{Seed: 5, L1Depth: 10}, 30)
	before := hashes(n)
	for name, err := range map[string]error{
		"below L1": n.Reorg(11), "everything": n.Reorg(30), "nothing": n.Reorg(0), "negative": n.Rollback(-1), "nothing left": n.Restore(),
	} {
		if err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
	if !slices.Equal(hashes(n), before) {
		t.Error("a refused reorganisation changed the chain")
	}
}

func TestDeepReorganisation(t *testing.T) {
	n := open(t, Config{Seed: 9, Workers: 2, L1Depth: 5000}, 3500)
	a := hashes(n)
	if err := n.Reorg(3000); err != nil {
		t.Fatal(err)
	}
	if err := n.Restore(); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(hashes(n), a) {
		t.Error("restored, the chain is not the one before")
	}
}

func TestWallClockRun(t *testing.T) {
	n := open(t, Config{Seed: 1, Workers: 2, BlockTime: 2 * time.Millisecond}, 0)
	ctx, stop := contextOf(t)
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	deadline := time.Now().Add(10 * time.Second)
	for {
		if head, ok := n.Head(); ok && head.Number >= 5 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no blocks within 10 s")
		}
		time.Sleep(time.Millisecond)
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if first := n.blocks[0].time; first < uint64(time.Now().Add(-time.Minute).Unix()) {
		t.Errorf("the first block's time is %d, not the clock's", first)
	}
}

// TestReadersNeverSeeHalfABlock asks while blocks are made, taken back and restored. What is named by a hash never changes.
func TestReadersNeverSeeHalfABlock(t *testing.T) {
	n := open(t, Config{Seed: 5, Workers: 8}, 60)
	h := n.Handler()
	stop := make(chan struct{})
	var group sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]string{}
	for range 3 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				head, _ := n.Head()
				id := params{"block_hash": head.Hash.Felt()}
				for _, q := range []struct {
					method string
					params params
				}{
					{"starknet_getEvents", params{"filter": params{"from_block": id, "to_block": id, "chunk_size": 1000}}},
					{"starknet_call", params{"block_id": id, "request": params{
						"contract_address": addressOf(t, "OTCOrderbook").Felt(), "entry_point_selector": schemas.Selector("get_stats"), "calldata": []int{},
					}}},
				} {
					result, e := ask(t, h, q.method, q.params)
					if e != nil {
						if e.Code != 24 {
							t.Errorf("%s: %v", q.method, e)
						}
						continue // taken back meanwhile
					}
					key := q.method + head.Hash.String()
					mu.Lock()
					if before, ok := answers[key]; ok && before != string(result) {
						t.Errorf("%s of block %d answers %s, before %s", q.method, head.Number, result, before)
					}
					answers[key] = string(result)
					mu.Unlock()
				}
			}
		})
	}
	for i := range 120 {
		var err error
		switch i % 4 {
		case 0, 1:
			err = n.Produce()
		case 2:
			err = n.Reorg(1 + i%9)
		default:
			err = n.Restore()
		}
		if err != nil {
			t.Error(err)
		}
	}
	close(stop)
	group.Wait()
}
