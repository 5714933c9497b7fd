package stream

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

var (
	ann, bob = schemas.Address{31: 0xa}, schemas.Address{31: 0xb}
	one      = schemas.AmountFromUint64(1)
)

func fact(e schemas.Event) schemas.Fact {
	return schemas.Fact{
		Event: e, Type: e.EventType(), Position: schemas.Position{Block: 9}, Time: time.Unix(1_764_000_000, 0), Offset: 77,
		ChainEvent: schemas.ChainEvent{ContractName: "Referral", Name: "UserReferred", Data: json.RawMessage(`{"user":"0x1"}`), Contract: bob},
	}
}

// TestFramesKeepTheContractsShape compares every frame with the example that published clients were written against.
func TestFramesKeepTheContractsShape(t *testing.T) {
	translate := newTranslator()
	order := schemas.OTCOrderbookOrderPlaced{OrderID: one, Maker: ann, PairID: 1, Side: schemas.OTCOrderbookOrderSideSell}
	for _, c := range []struct {
		example string
		event   schemas.Event
		values  map[string]any
	}{
		{"JobUpdate", schemas.JobManagerJobClaimed{JobID: one, Worker: ann}, map[string]any{"status": "assigned", "worker_id": ann.String(), "timestamp": 1_764_000_000.0}},
		{"JobUpdate", schemas.JobManagerJobSubmitted{JobID: one, Client: ann}, map[string]any{"status": "pending", "worker_id": nil}},
		{"JobUpdate", schemas.JobManagerJobCompleted{JobID: one, Worker: ann}, map[string]any{"status": "completed"}},
		{"JobUpdate", schemas.JobManagerJobCancelled{JobID: one, Client: ann}, map[string]any{"status": "cancelled"}},
		{"ProofVerified", schemas.ProofVerifierProofVerified{JobID: one}, map[string]any{"is_valid": true, "verifier": bob.String()}},
		{"StakingEvent", schemas.ProverStakingStaked{Worker: ann, Amount: one, GpuTier: "DataCenter"}, map[string]any{"event_type": "stake", "gpu_tier": "DataCenter"}},
		{"StakingEvent", schemas.ProverStakingSlashed{Worker: ann, Amount: one}, map[string]any{"event_type": "slashed", "gpu_tier": nil}},
		{"OrderPlaced", order, map[string]any{"side": "sell", "pair_id": 1.0}},
		{"OrderUpdated", schemas.OTCOrderbookOrderFilled{OrderID: one, Status: "PartialFill"}, map[string]any{"status": "partial"}},
		{"OrderUpdated", schemas.OTCOrderbookOrderCancelled{OrderID: one, Maker: ann}, map[string]any{"status": "cancelled", "filled_amount": nil}},
		{"TradeExecuted", schemas.OTCOrderbookTradeExecuted{TradeID: one, TakerOrderID: one, Maker: bob, Taker: ann}, map[string]any{"side": "sell", "pair_id": 1.0}},
		{"ProposalCreated", schemas.GovernanceTreasuryProposalCreated{ProposalID: one, Proposer: ann, Title: schemas.ShortString("hello")}, map[string]any{"title": "hello"}},
		{"VoteCast", schemas.GovernanceTreasuryVoteCast{ProposalID: one, Voter: ann, Support: true}, map[string]any{"support": 1.0}},
		{"VoteCast", schemas.GovernanceTreasuryVoteCast{ProposalID: one, Voter: ann}, map[string]any{"support": 0.0}},
		{"FaucetClaim", schemas.FaucetTokensClaimed{User: ann, Amount: one}, nil},
		{"IndexedEvent", schemas.ReferralSystemUserReferred{}, map[string]any{"contract_name": "Referral"}},
	} {
		t.Run(fmt.Sprintf("%T", c.event), func(t *testing.T) {
			f, ok := translate.chain(fact(c.event))
			if !ok || f.kind != c.example {
				t.Fatalf("frame %q, %t", f.kind, ok)
			}
			data := compare(t, f.text, c.example)
			for name, want := range c.values {
				if data[name] != want {
					t.Errorf("%s is %v, want %v", name, data[name], want)
				}
			}
		})
	}
	t.Run("a heartbeat", func(t *testing.T) {
		data := compare(t, heartbeat(schemas.Heartbeat{Worker: ann, JobsInProgress: new(uint32(2)), GPUUtilization: new(43.75)}, 5).text, "WorkerUpdate")
		if data["status"] != "active" || data["jobs_active"] != 2.0 || data["worker_id"] != ann.String() {
			t.Errorf("%v", data)
		}
	})
	t.Run("the server's heartbeat", func(t *testing.T) { compare(t, heartbeatFrame(), "Heartbeat") })
}

// compare checks that a frame has every member of the example, in its type where both have a value, and returns its data.
func compare(t *testing.T, frame []byte, example string) map[string]any {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("testdata", "WS_"+example+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var want, got struct {
		Type string
		Data map[string]any
	}
	if err := json.Unmarshal(doc, &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(frame, &got); err != nil {
		t.Fatal(err)
	}
	if got.Type != want.Type {
		t.Errorf("type %q, want %q", got.Type, want.Type)
	}
	for name, v := range want.Data {
		have, ok := got.Data[name]
		if !ok {
			t.Errorf("%s is missing in %s", name, frame)
		} else if have != nil && v != nil && fmt.Sprintf("%T", have) != fmt.Sprintf("%T", v) {
			t.Errorf("%s is a %T, want a %T", name, have, v)
		}
	}
	return got.Data
}

func TestATradeOfAnUnknownOrderSaysNothingItDoesNotKnow(t *testing.T) {
	f, _ := newTranslator().chain(fact(schemas.OTCOrderbookTradeExecuted{TradeID: one, TakerOrderID: one}))
	data := compare(t, f.text, "TradeExecuted")
	if data["side"] != nil || data["pair_id"] != nil {
		t.Errorf("%v", data)
	}
}

func TestWhatCouldNotBeDecodedHasNoFrame(t *testing.T) {
	if f, ok := newTranslator().chain(fact(schemas.Undecoded{Reason: "x"})); ok {
		t.Errorf("%s", f.text)
	}
}

func TestFilters(t *testing.T) {
	job := frame{kind: "JobUpdate", addresses: []schemas.Address{ann}}
	trade := frame{kind: "TradeExecuted", pair: "1"}
	order := frame{kind: "OrderUpdated"} // of a pair that is not known
	vote := frame{kind: "VoteCast", proposal: "3"}
	for _, c := range []struct {
		path, query string
		wants       []frame
		not         []frame
	}{
		{"/ws", "address=0xb", []frame{job, trade, order, vote}, nil},
		{"/ws/jobs", "", []frame{job, {kind: "Reorged"}}, []frame{trade, vote}},
		{"/ws/jobs", "address=0x00A", []frame{job}, nil},
		{"/ws/jobs", "address=0xb", nil, []frame{job}},
		{"/ws/trading", "", []frame{trade, order}, []frame{job}},
		{"/ws/trading", "pair_id=1", []frame{trade}, []frame{order}},
		{"/ws/trading", "pair_id=2", nil, []frame{trade}},
		{"/ws/governance", "proposal_id=3", []frame{vote}, []frame{trade}},
		{"/ws/workers", "address=0xb", []frame{{kind: "NetworkStats"}}, []frame{{kind: "WorkerUpdate"}}},
	} {
		query, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parseFilter(c.path, query)
		if err != nil {
			t.Fatal(err)
		}
		for _, fr := range c.wants {
			if !f.wants(fr) {
				t.Errorf("%s?%s does not let %s pass", c.path, c.query, fr.kind)
			}
		}
		for _, fr := range c.not {
			if f.wants(fr) {
				t.Errorf("%s?%s lets %s pass", c.path, c.query, fr.kind)
			}
		}
	}
	for _, bad := range []string{"address=bob", "pair_id=x", "pair_id=256", "proposal_id=-1"} {
		query, err := url.ParseQuery(bad)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseFilter("/ws/trading", query); err == nil {
			t.Errorf("%s is not refused", bad)
		}
	}
}

func TestRingTellsWhoFellBehind(t *testing.T) {
	r := newRing(4)
	start := r.end()
	_, grown, ok := r.from(start, 10, nil)
	if !ok {
		t.Fatal("an empty ring has nobody behind")
	}
	for i := range 4 {
		r.add(frame{kind: fmt.Sprint(i)})
	}
	select {
	case <-grown:
	default:
		t.Error("who waited was not woken")
	}
	if got, _, ok := r.from(start, 3, nil); !ok || len(got) != 3 || got[0].kind != "0" {
		t.Errorf("%v %t", got, ok)
	}
	r.add(frame{kind: "4"})
	if _, _, ok := r.from(start, 3, nil); ok {
		t.Error("the first frame is gone, and its reader is not told")
	}
	if got, _, ok := r.from(start+1, 10, nil); !ok || len(got) != 4 || got[3].kind != "4" {
		t.Errorf("%v %t", got, ok)
	}
}
