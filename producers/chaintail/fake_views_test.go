package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// fakePairs is how many pairs the order book of the fake chain has.
const fakePairs = 2

// answer is what a view of the fake chain answers at a block. It tells the block, so that an answer of another one is found out.
func (b fakeBlock) answer(entryPoint schemas.Felt, calldata []schemas.Felt) schemas.Event {
	mark, _ := schemas.Felt(b.hash).Uint64()
	of := schemas.AmountFromUint64(mark)
	switch entryPoint {
	case schemas.Selector("get_job_details"):
		return schemas.JobDetails{JobType: "AITraining", State: "Queued", Client: schemas.Address(b.hash), PaymentAmount: of}
	case schemas.Selector("get_config"):
		return schemas.StakingConfig{MinStakeConsumer: of, RewardApyBps: uint16(mark)}
	case schemas.Selector("get_pair"):
		if id, _ := calldata[0].Uint64(); id < fakePairs {
			return schemas.PairDetails{QuoteToken: schemas.Address{31: byte(id + 1)}, TickSize: of, IsActive: true}
		}
		return schemas.PairDetails{}
	}
	return nil
}

func (p *process) Call(_ context.Context, id starknet.BlockID, contract schemas.Address, entryPoint schemas.Felt, calldata []schemas.Felt) ([]schemas.Felt, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return nil, err
	}
	b, err := p.find(id)
	if err != nil {
		return nil, err
	}
	if p.viewless > b.number {
		return nil, starknet.ErrBlockNotFound // some nodes say so of a block that they have, without its state
	}
	if !p.deployed(contract, b.number) {
		return nil, starknet.ErrContractNotFound
	}
	return p.answers(b, contract, entryPoint, calldata)
}

func (w *world) answers(b fakeBlock, contract schemas.Address, entryPoint schemas.Felt, calldata []schemas.Felt) ([]schemas.Felt, error) {
	i := slices.IndexFunc(followed, func(c schemas.Contract) bool { return c.Address == contract })
	abi, err := schemas.Embedded(followed[i].Name)
	if err != nil {
		return nil, err
	}
	function, _ := abi.FunctionName(entryPoint)
	return abi.EncodeOutputs(function, b.answer(entryPoint, calldata))
}

// observations are what must be observed in a block because of its events, in order.
func (b fakeBlock) observations() (out []string) {
	for _, e := range b.events() {
		var function string
		var calldata []schemas.Felt
		switch {
		case e.From == followed[0].Address && e.Keys[0] == schemas.Selector("JobSubmitted"):
			function, calldata = "get_job_details", e.Keys[1:3]
		case e.From == followed[1].Address && e.Keys[0] == schemas.Selector("ConfigUpdated"):
			function = "get_config"
		default:
			continue
		}
		asked := fmt.Sprint(b.hash, e.From, append([]schemas.Felt{schemas.Selector(function)}, calldata...))
		if !slices.Contains(out, asked) {
			out = append(out, asked)
		}
	}
	return out
}

// checkObserved compares what a log holds of observations with what the standing chain's events raise: each question once, in its
// place, and never with an answer of another block.
func checkObserved(t *testing.T, w *world, observed []schemas.Fact) {
	t.Helper()
	have, looks, known := map[uint64][]string{}, 0, 0
	for _, f := range observed {
		b := w.chain[f.Position.Block]
		if f.Reason == "" {
			known++
			want, err := w.answers(b, f.Contract, f.Raw.Keys[0], f.Raw.Keys[1:])
			if err != nil || !slices.Equal(f.Raw.Data, want) {
				t.Fatalf("observation %s is %v, the chain has %v, %v", f.Position, f.Raw.Data, want, err)
			}
			data, err := json.Marshal(f.Event)
			if err != nil || string(data) != string(f.Data) || f.Type != f.Event.EventType() {
				t.Fatalf("observation %s is of type %s and reads as %s, %v", f.Position, f.Type, data, err)
			}
		} else if f.Event != (schemas.Undecoded{Reason: f.Reason}) || f.Reason != schemas.ReasonNoState && f.Reason != schemas.ReasonUnanswered {
			t.Fatalf("observation %s is unknown, because %+v", f.Position, f.Event)
		}
		if f.Time != b.time() || f.BlockHash != b.hash || !f.TxHash.IsZero() {
			t.Fatalf("observation %s is of %s %s", f.Position, f.Time, f.BlockHash)
		}
		if f.Position.Event >= firstLook {
			looks++
			continue
		}
		if int(f.Position.Event) != len(have[b.number]) {
			t.Fatalf("observation %s is numbered wrong, it comes after %d others", f.Position, len(have[b.number]))
		}
		have[b.number] = append(have[b.number], fmt.Sprint(f.BlockHash, f.Contract, f.Raw.Keys))
	}
	for _, b := range w.chain[w.start:] {
		if want := b.observations(); !slices.Equal(have[b.number], want) {
			t.Fatalf("block %d: observed\n%v\nits events raise\n%v", b.number, have[b.number], want)
		}
	}
	if w.viewless == 0 && slices.Max(w.since) == 0 && (looks == 0 || known == 0) {
		t.Errorf("%d looks, %d of the observations known", looks, known)
	}
}

// TestLooks: what changes without an event is observed in the first block, after an hour of block time, and after a reorganisation.
func TestLooks(t *testing.T) {
	w := newCalmWorld(1)
	w.limit = 20_000
	tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil)
	grow := func(n int) { // a block is a second of block time
		for range n {
			w.addEmpty()
		}
	}
	synctest.Test(t, func(t *testing.T) {
		w.in(10*time.Second, func() { grow(10) })
		w.in(20*time.Second, func() { w.leave(5); grow(8) })
		for i := range time.Duration(285) {
			w.in((30+i)*time.Second, func() { grow(10) })
		}
		if err := during(t, tailer, func() { time.Sleep(330 * time.Second) }); err != nil {
			t.Error(err)
		}
	})
	check(t, w)
	var at []uint64
	reader := schemas.NewChainReader(schemas.StartOfChain())
	for _, rec := range w.records {
		steps, err := reader.Read(rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			if s.Block == nil || len(s.Block.Facts) == 0 {
				continue
			}
			at = append(at, s.Block.Number)
			if n := len(s.Block.Facts); n != 1+fakePairs && s.Block.Number > 0 {
				t.Errorf("block %d: %d observations of a look, want the settings and %d pairs", s.Block.Number, n, fakePairs)
			}
		}
	}
	// Block 0 is at 1,700,000,000 seconds, 2,800 before the hour.
	if want := []uint64{0, 5, 2_800}; !slices.Equal(at, want) {
		t.Errorf("looked at blocks %v, want %v", at, want)
	}
}
