package chaintail

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func followedByAddress() map[schemas.Address]schemas.Contract {
	out := map[schemas.Address]schemas.Contract{}
	for _, c := range followed {
		out[c.Address] = c
	}
	return out
}

// anyBlock draws a block with events of our contracts and of others, among them equal ones.
func anyBlock(t *rapid.T) fakeBlock {
	w := newCalmWorld(1)
	w.rnd = rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "block"), 0))
	w.extend(1 + rapid.IntRange(0, 3).Draw(t, "blocks"))
	return w.chain[len(w.chain)-1]
}

// given are the block's events of followed contracts as getEvents has them, contract by contract or all at once.
func given(b fakeBlock, byContract, indexed bool) []starknet.Event {
	follows := followedByAddress()
	var out []starknet.Event
	for _, e := range b.events() {
		if _, ours := follows[e.From]; ours {
			if !indexed {
				e.TxIndex, e.EventIndex = nil, nil
			}
			out = append(out, e)
		}
	}
	if byContract {
		slices.SortStableFunc(out, func(a, b starknet.Event) int { return int(a.From[31]) - int(b.From[31]) })
	}
	return out
}

func receiptsOf(b fakeBlock) []starknet.Receipt {
	var out []starknet.Receipt
	for i, tx := range b.txs {
		out = append(out, starknet.Receipt{TxHash: tx, Events: bare(b.emitted[i])})
	}
	return out
}

// TestPlaces: by indices or by receipts, from one filter or from several, an event comes to the same place.
func TestPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBlock(t)
		want, err := placeByIndices(b.header(), given(b, false, true), followedByAddress())
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range b.events() {
			at := slices.IndexFunc(want, func(w chainEvent) bool {
				return w.position == schemas.Position{Block: b.number, Tx: *e.TxIndex, Event: *e.EventIndex}
			})
			if _, ours := followedByAddress()[e.From]; ours != (at >= 0) {
				t.Fatalf("event %d of %s: index %d", i, e.From, at)
			}
		}
		for _, byContract := range []bool{false, true} {
			got, err := placeByReceipts(b.header(), given(b, byContract, false), receiptsOf(b), followedByAddress())
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(got, want, same) || !slices.IsSortedFunc(got, byPosition) {
				t.Fatalf("by receipts %v, by indices %v", got, want)
			}
		}
	})
}

func same(a, b chainEvent) bool {
	return a.contract == b.contract && a.position == b.position && a.blockHash == b.blockHash && a.txHash == b.txHash && a.time.Equal(b.time) &&
		slices.Equal(a.raw.Keys, b.raw.Keys) && slices.Equal(a.raw.Data, b.raw.Data)
}

// TestPlacesThatDoNotFit: where getEvents and the receipts do not hold the same events, nothing is written.
func TestPlacesThatDoNotFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBlock(t)
		events := given(b, rapid.Bool().Draw(t, "by contract"), false)
		if len(events) == 0 {
			return
		}
		i := rapid.IntRange(0, len(events)-1).Draw(t, "event")
		switch rapid.IntRange(0, 3).Draw(t, "fault") {
		case 0:
			events = slices.Delete(events, i, i+1) // lost, as between two pages
		case 1:
			events = slices.Insert(events, i, events[i]) // twice
		case 2:
			events[i].Data = append(slices.Clone(events[i].Data), schemas.Felt{31: 200})
		case 3:
			events[i].TxHash = schemas.Hash{1}
		}
		if got, err := placeByReceipts(b.header(), events, receiptsOf(b), followedByAddress()); err == nil {
			t.Fatalf("placed %d events", len(got))
		}
	})
}

func TestPlaceTwice(t *testing.T) {
	zero := uint32(0)
	e := starknet.Event{From: followed[0].Address, TxHash: schemas.Hash{1}, TxIndex: &zero, EventIndex: &zero}
	if _, err := placeByIndices(starknet.Header{}, []starknet.Event{e, e}, followedByAddress()); err == nil {
		t.Error("two events at one place were taken")
	}
}
