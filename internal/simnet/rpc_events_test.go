package simnet

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

type emitted struct {
	From   schemas.Address `json:"from_address"`
	Keys   []schemas.Felt
	Data   []schemas.Felt
	Block  schemas.Hash `json:"block_hash"`
	Number uint64       `json:"block_number"`
	Tx     schemas.Hash `json:"transaction_hash"`
}

func (e emitted) String() string { return fmt.Sprint(e.Number, e.Block, e.Tx, e.From, e.Keys, e.Data) }

// collect reads all pages of a filter, and tells how long each was.
func collect(t *testing.T, n *Net, filter params, chunk int) (all []string, pages []int) {
	t.Helper()
	h := n.Handler()
	q := params{"chunk_size": chunk}
	for k, v := range filter {
		q[k] = v
	}
	for {
		page := must[struct {
			Events []emitted
			Token  *string `json:"continuation_token"`
		}](t, h, "starknet_getEvents", params{"filter": q})
		for _, e := range page.Events {
			all = append(all, e.String())
		}
		pages = append(pages, len(page.Events))
		if page.Token == nil {
			return all, pages
		}
		q["continuation_token"] = *page.Token
	}
}

// listed is what the receipts of a range of blocks say, which pages have to agree with.
func listed(t *testing.T, n *Net, from, to uint64, pass func(e emitted) bool) (all []string) {
	t.Helper()
	for number := from; number <= to; number++ {
		b := must[struct {
			Hash         schemas.Hash `json:"block_hash"`
			Transactions []struct {
				Receipt struct {
					Hash   schemas.Hash `json:"transaction_hash"`
					Events []emitted
				}
			}
		}](t, n.Handler(), "starknet_getBlockWithReceipts", params{"block_id": at(number)})
		for _, tx := range b.Transactions {
			for _, e := range tx.Receipt.Events {
				e.Block, e.Number, e.Tx = b.Hash, number, tx.Receipt.Hash
				if pass(e) {
					all = append(all, e.String())
				}
			}
		}
	}
	return all
}

func TestPagesAreTheWholeList(t *testing.T) {
	n := open(t, Config{Seed: 6, Workers: 8, FirstBlock: 20}, 120)
	sage, jobs := addressOf(t, "SAGEToken"), addressOf(t, "JobManager")
	transfer, claimed, submitted := schemas.Selector("Transfer"), schemas.Selector("JobClaimed"), schemas.Selector("JobSubmitted")
	worker := n.Workers()[1].Address.Felt()
	is := func(e emitted, i int, any ...schemas.Felt) bool {
		return len(any) == 0 && true || i < len(e.Keys) && slices.Contains(any, e.Keys[i])
	}
	for name, c := range map[string]struct {
		filter   params
		from, to uint64
		pass     func(e emitted) bool
	}{
		"everything":      {params{"from_block": at(0), "to_block": "latest"}, 0, 139, func(emitted) bool { return true }},
		"no ends":         {params{}, 0, 139, func(emitted) bool { return true }},
		"a range":         {params{"from_block": at(50), "to_block": at(70)}, 50, 70, func(emitted) bool { return true }},
		"one block":       {params{"from_block": at(20), "to_block": at(20)}, 20, 20, func(emitted) bool { return true }},
		"by hash":         {params{"from_block": params{"block_hash": n.blocks[40].hash}, "to_block": params{"block_hash": n.blocks[60].hash}}, 60, 80, func(emitted) bool { return true }},
		"beyond the head": {params{"from_block": at(130), "to_block": at(500)}, 130, 139, func(emitted) bool { return true }},
		"until L1":        {params{"from_block": at(60), "to_block": "l1_accepted"}, 60, 99, func(emitted) bool { return true }},
		"an address":      {params{"address": sage.Felt()}, 20, 139, func(e emitted) bool { return e.From == sage }},
		"a selector":      {params{"keys": [][]schemas.Felt{{transfer}}}, 20, 139, func(e emitted) bool { return is(e, 0, transfer) }},
		"two selectors":   {params{"address": jobs.Felt(), "keys": [][]schemas.Felt{{claimed, submitted}}}, 20, 139, func(e emitted) bool { return e.From == jobs && is(e, 0, claimed, submitted) }},
		"a later key":     {params{"keys": [][]schemas.Felt{{}, {}, {}, {worker}}}, 20, 139, func(e emitted) bool { return is(e, 3, worker) }},
		"both":            {params{"keys": [][]schemas.Felt{{claimed}, {}, {}, {worker}}}, 20, 139, func(e emitted) bool { return is(e, 0, claimed) && is(e, 3, worker) }},
		"SAGE has no key": {params{"address": sage.Felt(), "keys": [][]schemas.Felt{{transfer}, {worker}}}, 20, 139, func(emitted) bool { return false }},
	} {
		t.Run(name, func(t *testing.T) {
			want := listed(t, n, c.from, c.to, c.pass)
			if len(want) == 0 && !strings.HasPrefix(name, "SAGE") {
				t.Fatal("nothing to compare")
			}
			for _, chunk := range []int{1, 2, 3, 7, 50, len(want), len(want) + 1, 1024} {
				if chunk < 1 || chunk > 1024 || len(want)/chunk > 400 {
					continue
				}
				got, pages := collect(t, n, c.filter, chunk)
				if !slices.Equal(got, want) {
					t.Fatalf("pages of %d give %d events, the receipts %d", chunk, len(got), len(want))
				}
				for _, size := range pages[:len(pages)-1] {
					if size != chunk {
						t.Errorf("a page of %d in the middle, want %d", size, chunk)
					}
				}
				if len(want) > 0 && pages[len(pages)-1] == 0 {
					t.Errorf("pages of %d end with an empty one", chunk)
				}
			}
		})
	}
	if got, _ := collect(t, n, params{"from_block": at(200), "to_block": at(300)}, 5); len(got) > 0 {
		t.Errorf("%d events above the head", len(got))
	}
	if got, _ := collect(t, n, params{"from_block": "pre_confirmed", "to_block": "pre_confirmed"}, 5); len(got) > 0 {
		t.Errorf("%d events in the pre-confirmed block", len(got))
	}
}
