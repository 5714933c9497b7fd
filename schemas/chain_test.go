package schemas_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestChainEventJSON: what is appended by hand is what json.Marshal makes of the event.
func TestChainEventJSON(t *testing.T) {
	felt := rapid.Custom(func(rt *rapid.T) schemas.Felt {
		return schemas.FeltFromUint64(rapid.Uint64().Draw(rt, "felt"))
	})
	rapid.Check(t, func(rt *rapid.T) {
		e := schemas.ChainEvent{
			BlockHash: schemas.Hash(felt.Draw(rt, "block")), TxHash: schemas.Hash(felt.Draw(rt, "tx")), Contract: schemas.Address(felt.Draw(rt, "contract")),
			ContractName: rapid.StringMatching(`[A-Za-z]{0,12}`).Draw(rt, "name"), Name: rapid.SampledFrom([]string{"", "JobCompleted"}).Draw(rt, "event"),
			Data:   rapid.SampledFrom([]json.RawMessage{nil, json.RawMessage(`{}`), json.RawMessage(`{"job_id":"7","tags":["a\n"]}`)}).Draw(rt, "data"),
			Args:   rapid.SampledFrom([]json.RawMessage{nil, json.RawMessage(`{"pair_id":0}`)}).Draw(rt, "args"),
			Reason: rapid.SampledFrom([]string{"", schemas.ReasonBadValue}).Draw(rt, "reason"), Detail: rapid.StringMatching("[a-z\"\\\\\n\té]{0,9}").Draw(rt, "detail"),
			Raw: schemas.RawEvent{Keys: rapid.SliceOf(felt).Draw(rt, "keys"), Data: rapid.SampledFrom([][]schemas.Felt{nil, {}, {{31: 1}}}).Draw(rt, "felts")},
		}
		want, err := json.Marshal(e)
		if err != nil {
			rt.Fatal(err)
		}
		if got := e.AppendJSON([]byte("x")); string(got) != "x"+string(want) {
			rt.Fatalf("got\n%s\nwant\n%s", got[1:], want)
		}
	})
}
