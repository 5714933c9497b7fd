package pg_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestRowHistory stores what three blocks make of a stake, and asks where the row comes from.
func TestRowHistory(t *testing.T) {
	pool, q := database(t)
	fact := func(offset int64, block uint64, index uint32, event schemas.Event) schemas.Fact {
		data, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		return schemas.Fact{
			Event: event, ID: string(rune('a' + offset)), Type: event.EventType(), Offset: offset, Time: blockTime, Position: schemas.Position{Block: block, Event: index},
			ChainEvent: schemas.ChainEvent{ContractName: "ProverStaking", Name: "x", TxHash: schemas.Hash{31: byte(offset)}, Data: data},
		}
	}
	staked := func(who byte, amount, total uint64) schemas.Event {
		return schemas.ProverStakingStaked{Worker: account(who), Amount: schemas.AmountFromUint64(amount), GpuTier: schemas.ProverStakingGpuTierDataCenter, TotalStake: schemas.AmountFromUint64(total)}
	}
	blocks := map[uint64][]schemas.Fact{
		10: {fact(1, 10, 0, staked(1, 5, 5)), fact(2, 10, 1, staked(2, 9, 9)), fact(3, 10, 2, staked(1, 1, 6))},
		11: {fact(5, 11, 0, staked(2, 1, 10))},
		12: {fact(7, 12, 0, staked(1, 4, 10))},
	}
	var steps []schemas.Step
	for n := uint64(10); n <= 12; n++ {
		state := schemas.StartOfChain()
		state.Next = int64(2*n) - 15
		steps = append(steps, schemas.Step{Block: &schemas.Block{BlockRef: schemas.BlockRef{Number: n, Hash: schemas.Hash{31: byte(n)}}, Time: blockTime, Sealed: true, Facts: blocks[n]}, State: state})
	}
	store := pg.NewChainStore(pool, projections.Chain())
	lease, err := store.Claim(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	folder := projections.NewFolder(projections.Chain())
	for i, keys := range folder.Missing(steps) {
		folder.Learn(i, keys, nil)
	}
	batch, err := folder.Fold(steps)
	if err != nil {
		t.Fatal(err)
	}
	if err := lease.Commit(t.Context(), 0, batch); err != nil {
		t.Fatal(err)
	}
	if err := lease.Release(t.Context()); err != nil {
		t.Fatal(err)
	}

	model := projections.Stakes.Model()
	key := "ProverStaking/" + account(1).String()
	h, _, err := q.RowHistory(t.Context(), projections.AsOf{}, "stakes", key, 0, 10)
	if err != nil || h.Total != 2 || h.More || len(h.Missing()) != 0 {
		t.Fatalf("%+v, %v", h, err)
	}
	changes, agrees := model.Provenance(key, h)
	if !agrees || len(changes) != 3 || changes[0].Offset != 1 || changes[1].Offset != 3 || changes[2].Offset != 7 {
		t.Errorf("agrees %v, %+v", agrees, changes)
	}
	// The last running value is the number that is shown.
	if last := changes[2].After.(projections.Stake); last.Amount.Value.String() != "10" {
		t.Errorf("the last value is %s", last.Amount.Value)
	}
	later, _, err := q.RowHistory(t.Context(), projections.AsOf{}, "stakes", key, 11, 10)
	if changes, agrees := model.Provenance(key, later); err != nil || !agrees || len(changes) != 1 || later.Before == nil {
		t.Errorf("from block 11: agrees %v, %+v, %v", agrees, changes, err)
	}
	past, _, err := q.RowHistory(t.Context(), projections.AsOf{Block: new(uint64(11))}, "stakes", key, 0, 10)
	if err != nil || past.Total != 1 {
		t.Errorf("as of block 11: %d versions, %v", past.Total, err)
	}
	first, _, err := q.RowHistory(t.Context(), projections.AsOf{}, "stakes", key, 0, 1)
	if err != nil || !first.More || len(first.Versions) != 1 {
		t.Errorf("the first version: %+v, %v", first, err)
	}
	exec(t, pool, "update stakes set amount = 11 where stake_id = $1", key)
	wrong, _, err := q.RowHistory(t.Context(), projections.AsOf{}, "stakes", key, 0, 10)
	if _, agrees := model.Provenance(key, wrong); err != nil || agrees {
		t.Errorf("a row that was changed by hand agrees, %v", err)
	}
	if _, _, err := q.RowHistory(t.Context(), projections.AsOf{}, "nothing", key, 0, 1); !errors.Is(err, pg.ErrNoModel) {
		t.Errorf("a read model that there is not: %v", err)
	}
}
