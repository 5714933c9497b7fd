package consumers_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// praise is the ABI of a class with an event that no embedded ABI has.
const praise = `[
	{"type":"event","name":"x::JobPraised","kind":"struct","members":[{"name":"job_id","type":"core::felt252","kind":"key"}]},
	{"type":"event","name":"x::Event","kind":"enum","variants":[{"name":"JobPraised","type":"x::JobPraised","kind":"nested"}]}]`

// TestLateABI: events that came before the ABI of their class was to be had are raw, and a rebuild decodes them.
func TestLateABI(t *testing.T) {
	h := &history{t: t, height: 100}
	h.claim()
	class, other := schemas.Hash{31: 0xc1}, schemas.Hash{31: 0xc2}
	event := func(block uint64, index uint32, class schemas.Hash) {
		at := schemas.Position{Block: block, Event: index}
		h.append(schemas.TypeUndecoded, &at, h.term, h.at(block), schemas.ChainEvent{
			BlockHash: h.hash(block), TxHash: schemas.Hash{31: 1}, Contract: schemas.Address{31: 1}, ContractName: "JobManager", Class: class,
			Reason: schemas.ReasonUnknownSelector, Detail: "in a test", Raw: schemas.RawEvent{Keys: []schemas.Felt{schemas.Selector("JobPraised"), {31: 7}}, Data: []schemas.Felt{}},
		})
	}
	seal := func(block uint64, events int, abi int64) {
		at := schemas.SealPosition(block)
		h.append(schemas.TypeSealed, &at, h.term, h.at(block), schemas.Sealed{Number: block, Hash: h.hash(block), Events: events, LastReorg: -1, LastABI: abi})
	}
	event(101, 0, class)
	event(101, 1, other)
	seal(101, 2, 0)
	abi := func(class schemas.Hash, previous int64) int64 {
		return h.append(schemas.TypeClassABI, nil, h.term, h.at(101), schemas.ClassABI{Class: class, ABI: json.RawMessage(praise), Previous: previous})
	}
	abis := abi(schemas.Hash{31: 0xc3}, 0)
	abis = abi(class, abis)
	seal(102, 0, abis)
	for block := range uint64(3_000) { // the newest ABI is far from the end
		seal(103+block, 0, abis)
	}
	log := &growingLog{records: h.log, end: len(h.log)}

	found, err := consumers.Redecode(t.Context(), log, func(int64, int64) {})
	want := consumers.Redecoded{Contract: "JobManager", From: schemas.ReasonUnknownSelector, To: "bitsage.jobs.JobManager.JobPraised", Events: 1}
	if err != nil || found.Classes != 2 || found.Raw != 1 || !slices.Equal(found.Changes, []consumers.Redecoded{want}) {
		t.Errorf("decoding again: %+v, %v", found, err)
	}

	pool := database(t)
	set := projections.Chain()
	ctx, stop := context.WithCancel(t.Context())
	live, done := liveProjector(pool, log, set), make(chan error, 1)
	go func() { done <- live.Run(ctx) }()
	untilStored(t, live, len(h.log))
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	const types = "select event_type || coalesce(event_data->>'job_id', '') from blockchain_events order by event_index"
	if got := text(t, pool, types); !slices.Equal(got, []string{schemas.TypeUndecoded, schemas.TypeUndecoded}) {
		t.Errorf("before the rebuild: %v", got)
	}
	if err := rebuild(t.Context(), pool, log, set); err != nil {
		t.Fatal(err)
	}
	if got := text(t, pool, types); !slices.Equal(got, []string{want.To + "0x7", schemas.TypeUndecoded}) {
		t.Errorf("after the rebuild: %v", got)
	}
}
