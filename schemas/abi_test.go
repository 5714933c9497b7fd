package schemas

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// recording is testdata/event_vectors.json: events and view results recorded while the compiled contracts were executed.
type recording struct {
	Events []struct {
		Contract, Event string
		Keys, Data      []Felt
		Decoded         map[string]any
	}
	Calls []struct {
		Scenario, Call, Status string
		Felts                  json.RawMessage
	}
}

func readRecording(t *testing.T) recording {
	t.Helper()
	doc, err := os.ReadFile("testdata/event_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var r recording
	if err := json.Unmarshal(doc, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Events) < 40 || len(r.Calls) < 30 {
		t.Fatalf("recording has %d events and %d calls: cut short?", len(r.Events), len(r.Calls))
	}
	return r
}

func TestRecordedEventsDecodeAndEncodeBack(t *testing.T) {
	for _, v := range readRecording(t).Events {
		t.Run(v.Contract+"."+v.Event, func(t *testing.T) {
			abi, err := Embedded(v.Contract)
			if err != nil {
				t.Fatal(err)
			}
			name, data, err := abi.DecodeEvent(v.Keys, v.Data)
			if err != nil || name != v.Event {
				t.Fatalf("decoded %q: %v", name, err)
			}
			var got map[string]any
			if err := json.Unmarshal(data, &got); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(v.Decoded))) {
				t.Fatalf("members %v, recorded %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(v.Decoded)))
			}
			for member, want := range v.Decoded {
				if !sameValue(got[member], want) {
					t.Errorf("%s = %v, recorded %v", member, got[member], want)
				}
			}
			keys, felts, err := abi.EncodeEvent(name, data)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(keys, v.Keys) || !slices.Equal(felts, v.Data) {
				t.Errorf("encodes to %v %v, recorded %v %v", keys, felts, v.Keys, v.Data)
			}
			// The generated struct reads the same data and writes it again, byte for byte.
			e, err := DecodeEventData(EventType(v.Contract, v.Event), data)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := json.Marshal(e); err != nil || string(again) != string(data) {
				t.Errorf("generated %T writes %s (%v), the decoder wrote %s", e, again, err, data)
			}
		})
	}
}

// sameValue compares our JSON form with the recording's, which writes numbers as text, addresses unpadded and Options as
// variants.
func sameValue(got, want any) bool {
	switch w := want.(type) {
	case map[string]any:
		if some, ok := w["Some"]; ok {
			return sameValue(got, some)
		}
		g, ok := got.(map[string]any)
		return ok && maps.EqualFunc(g, w, sameValue)
	case bool:
		return got == w
	case string:
		switch g := got.(type) {
		case nil:
			return w == "None"
		case float64:
			b, err := json.Marshal(g)
			return err == nil && string(b) == w
		case string:
			if strings.HasPrefix(w, "0x") {
				f, err := ParseFelt(g)
				return err == nil && f.String() == w
			}
			return g == w
		}
	}
	return false
}

// outputsOf names the view behind each recorded call that has outputs to decode.
var outputsOf = map[string][2]string{
	"s_staking/w2_get_stake":              {"ProverStaking", "get_stake"},
	"s_staking/get_stake":                 {"ProverStaking", "get_stake"},
	"s_staking/total_staked":              {"ProverStaking", "total_staked"},
	"s_staking/total_slashed":             {"ProverStaking", "total_slashed"},
	"s_staking/is_eligible":               {"ProverStaking", "is_eligible"},
	"s_staking/get_config":                {"ProverStaking", "get_config"},
	"s_sage/name":                         {"SAGEToken", "name"},
	"s_sage/symbol":                       {"SAGEToken", "symbol"},
	"s_reputation/get_reputation":         {"ReputationManager", "get_reputation"},
	"s_reputation/get_reputation_unknown": {"ReputationManager", "get_reputation"},
	"s_reputation/get_reputation_history": {"ReputationManager", "get_reputation_history"},
	"s_cdc/get_network_stats":             {"CDCPool", "get_network_stats"},
	"s_cdc/get_worker_by_owner":           {"CDCPool", "get_worker_by_owner"},
	"s_cdc/get_worker_by_owner_unknown":   {"CDCPool", "get_worker_by_owner"},
	"s_otc/get_order_1":                   {"OTCOrderbook", "get_order"},
	"s_otc/get_order_unknown":             {"OTCOrderbook", "get_order"},
	"s_otc/get_stats":                     {"OTCOrderbook", "get_stats"},
	"s_jobs/get_job_details":              {"JobManager", "get_job_details"},
	"s_jobs/get_job_state":                {"JobManager", "get_job_state"},
	"s_jobs/get_worker_stats":             {"JobManager", "get_worker_stats"},
	"s_misc/faucet_get_stats":             {"Faucet", "get_stats"},
	"s_misc/get_proposal":                 {"GovernanceTreasury", "get_proposal"},
}

func TestRecordedViewsDecodeAndEncodeBack(t *testing.T) {
	seen := 0
	for _, c := range readRecording(t).Calls {
		view, ok := outputsOf[c.Scenario+"/"+c.Call]
		if !ok || c.Status != "ok" {
			continue
		}
		seen++
		t.Run(view[0]+"."+view[1], func(t *testing.T) {
			var felts []Felt
			if err := json.Unmarshal(c.Felts, &felts); err != nil {
				t.Fatal(err)
			}
			abi, err := Embedded(view[0])
			if err != nil {
				t.Fatal(err)
			}
			value, err := abi.DecodeOutputs(view[1], felts)
			if err != nil {
				t.Fatal(err)
			}
			again, err := abi.EncodeOutputs(view[1], value)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(again, felts) {
				t.Errorf("%s encodes to %v, recorded %v", value, again, felts)
			}
		})
	}
	if seen != len(outputsOf) {
		t.Errorf("%d of %d named views are in the recording", seen, len(outputsOf))
	}
}

func TestDecodeEventRefusesWhatDoesNotFit(t *testing.T) {
	abi, err := Embedded("ProverStaking")
	if err != nil {
		t.Fatal(err)
	}
	staked, worker := Selector("Staked"), FeltFromUint64(0xb0b)
	one, big := FeltFromUint64(1), Felt{15: 1}
	for _, c := range []struct {
		name       string
		keys, data []Felt
		reason     string
	}{
		{"no keys", nil, nil, ReasonUnknownSelector},
		{"unknown selector", []Felt{one}, nil, ReasonUnknownSelector},
		{"keys end early", []Felt{staked}, []Felt{one, {}, one, one, {}}, ReasonShortData},
		{"data ends early", []Felt{staked, worker}, []Felt{one, {}, one, one}, ReasonShortData},
		{"trailing data", []Felt{staked, worker}, []Felt{one, {}, one, one, {}, one}, ReasonTrailingData},
		{"trailing key", []Felt{staked, worker, worker}, []Felt{one, {}, one, one, {}}, ReasonTrailingData},
		{"limb above 128 bits", []Felt{staked, worker}, []Felt{big, {}, one, one, {}}, ReasonBadValue},
		{"no such variant", []Felt{staked, worker}, []Felt{one, {}, FeltFromUint64(5), one, {}}, ReasonBadValue},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := abi.DecodeEvent(c.keys, c.data)
			if why, ok := errors.AsType[*DecodeError](err); !ok || why.Reason != c.reason {
				t.Errorf("error %v, want reason %s", err, c.reason)
			}
		})
	}
}

func TestEveryEmbeddedABICompiles(t *testing.T) {
	for _, e := range Catalogue() {
		abi, err := Embedded(e.Contract)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(abi.Layouts()) != len(e.Events) {
			t.Errorf("%s: the ABI has %d events, the catalogue %d", e.Contract, len(abi.Layouts()), len(e.Events))
		}
	}
}

func TestSelector(t *testing.T) {
	const transfer = "0x99cd8bde557814842a3121e8ddfd433a539b8c9f14bf31ebf108d12e6196e9"
	if got := Selector("Transfer").String(); got != transfer {
		t.Errorf("Selector(Transfer) = %s, want %s", got, transfer)
	}
}
