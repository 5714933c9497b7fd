package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// classNode tells the class of one contract.
type classNode struct {
	hash   schemas.Hash
	abi    string
	err    error // of both calls
	abiErr error
	hashes int
	abis   int
}

func (n *classNode) ClassHashAt(context.Context, starknet.BlockID, schemas.Address) (schemas.Hash, error) {
	n.hashes++
	return n.hash, n.err
}

func (n *classNode) ABIAt(context.Context, starknet.BlockID, schemas.Address) (json.RawMessage, error) {
	n.abis++
	return json.RawMessage(n.abi), errors.Join(n.err, n.abiErr)
}

// openZeppelin is the interface of a token of theirs: from and to are keys, which SAGEToken has in the data.
const openZeppelin = `[
	{"type":"struct","name":"core::integer::u256","members":[{"name":"low","type":"core::integer::u128"},{"name":"high","type":"core::integer::u128"}]},
	{"type":"event","name":"erc20::Transfer","kind":"struct","members":[
		{"name":"from","type":"core::starknet::contract_address::ContractAddress","kind":"key"},
		{"name":"to","type":"core::starknet::contract_address::ContractAddress","kind":"key"},
		{"name":"value","type":"core::integer::u256","kind":"data"}]},
	{"type":"event","name":"erc20::Event","kind":"enum","variants":[{"name":"Transfer","type":"erc20::Transfer","kind":"nested"}]},
	{"type":"event","name":"token::Event","kind":"enum","variants":[{"name":"ERC20Event","type":"erc20::Event","kind":"flat"}]}]`

// otherLayout has the name of an event of ours and other members.
const otherLayout = `[
	{"type":"event","name":"x::JobCompleted","kind":"struct","members":[{"name":"result","type":"core::felt252","kind":"data"}]},
	{"type":"event","name":"x::Event","kind":"enum","variants":[{"name":"JobCompleted","type":"x::JobCompleted","kind":"nested"}]}]`

// widerLayout has all members of our event and one more, and an event that we do not know.
const widerLayout = `[
	{"type":"struct","name":"core::integer::u256","members":[{"name":"low","type":"core::integer::u128"},{"name":"high","type":"core::integer::u128"}]},
	{"type":"event","name":"x::JobCompleted","kind":"struct","members":[
		{"name":"job_id","type":"core::integer::u256","kind":"key"},
		{"name":"worker","type":"core::starknet::contract_address::ContractAddress","kind":"key"},
		{"name":"rating","type":"core::integer::u8","kind":"data"}]},
	{"type":"event","name":"x::JobPraised","kind":"struct","members":[{"name":"job_id","type":"core::felt252","kind":"key"}]},
	{"type":"event","name":"x::Event","kind":"enum","variants":[
		{"name":"JobCompleted","type":"x::JobCompleted","kind":"nested"},{"name":"JobPraised","type":"x::JobPraised","kind":"nested"}]}]`

func emitted(contract, event string, keys, data []schemas.Felt) chainEvent {
	return chainEvent{
		contract: schemas.Contract{Name: contract, Address: schemas.Address{31: 1}}, position: schemas.Position{Block: 5}, blockHash: schemas.Hash{31: 5},
		raw: schemas.RawEvent{Keys: append([]schemas.Felt{schemas.Selector(event)}, keys...), Data: data},
	}
}

func TestDecode(t *testing.T) {
	one, two := schemas.Felt{31: 1}, schemas.Felt{31: 2}
	embeddedJobs, err := schemas.EmbeddedJSON("JobManager")
	if err != nil {
		t.Fatal(err)
	}
	transfer := fmt.Sprintf(`{"from":"%s","to":"%s","value":"7"}`, schemas.Address(one), schemas.Address(two))
	completed := fmt.Sprintf(`{"job_id":"1","worker":"%s"`, schemas.Address(two))
	for _, tc := range []struct {
		name   string
		node   classNode
		event  chainEvent
		typ    string
		data   string
		reason string
	}{
		{
			"a token whose class has other keys",
			classNode{abi: openZeppelin},
			emitted("SAGEToken", "Transfer", []schemas.Felt{one, two}, []schemas.Felt{{31: 7}, {}}),
			"bitsage.token.SAGEToken.Transfer", transfer, "",
		},
		{
			"our own token",
			classNode{abiErr: starknet.ErrMethodNotFound},
			emitted("SAGEToken", "Transfer", nil, []schemas.Felt{one, two, {31: 7}, {}}),
			"bitsage.token.SAGEToken.Transfer", transfer, "",
		},
		{
			"the embedded ABI where the class's is not served",
			classNode{abiErr: starknet.ErrMethodNotFound},
			emitted("JobManager", "JobCompleted", []schemas.Felt{one, {}, two}, nil),
			"bitsage.jobs.JobManager.JobCompleted", completed + "}", "",
		},
		{
			"where it cannot be read",
			classNode{abi: `{"not":"an array"}`},
			emitted("JobManager", "JobCompleted", []schemas.Felt{one, {}, two}, nil),
			"bitsage.jobs.JobManager.JobCompleted", completed + "}", "",
		},
		{
			"where there is none",
			classNode{},
			emitted("JobManager", "JobCompleted", []schemas.Felt{one, {}, two}, nil),
			"bitsage.jobs.JobManager.JobCompleted", completed + "}", "",
		},
		{
			"where there is no such contract",
			classNode{err: starknet.ErrContractNotFound},
			emitted("JobManager", "JobCompleted", []schemas.Felt{one, {}, two}, nil),
			"bitsage.jobs.JobManager.JobCompleted", completed + "}", "",
		},
		{
			"a proxy's class, which knows nothing of the event",
			classNode{abi: openZeppelin},
			emitted("JobManager", "JobCompleted", []schemas.Felt{one, {}, two}, nil),
			"bitsage.jobs.JobManager.JobCompleted", completed + "}", "",
		},
		{
			"the class's ABI, the same as ours",
			classNode{abi: string(embeddedJobs)},
			emitted("JobManager", "JobCompleted", []schemas.Felt{one, {}, two}, nil),
			"bitsage.jobs.JobManager.JobCompleted", completed + "}", "",
		},
		{
			"a class with one more member",
			classNode{abi: widerLayout},
			emitted("JobManager", "JobCompleted", []schemas.Felt{one, {}, two}, []schemas.Felt{{31: 5}}),
			"bitsage.jobs.JobManager.JobCompleted", completed + `,"rating":5}`, "",
		},
		{
			"an event that only the class knows",
			classNode{abi: widerLayout},
			emitted("JobManager", "JobPraised", []schemas.Felt{one}, nil),
			"bitsage.jobs.JobManager.JobPraised", `{"job_id":"0x1"}`, "",
		},
		{
			"a class with another layout",
			classNode{abi: otherLayout},
			emitted("JobManager", "JobCompleted", nil, []schemas.Felt{one}),
			schemas.TypeUndecoded, "", schemas.ReasonBadValue,
		},
		{
			"short data",
			classNode{err: starknet.ErrMethodNotFound},
			emitted("JobManager", "JobCompleted", []schemas.Felt{one}, nil),
			schemas.TypeUndecoded, "", schemas.ReasonShortData,
		},
		{
			"trailing data",
			classNode{err: starknet.ErrMethodNotFound},
			emitted("JobManager", "JobCompleted", []schemas.Felt{one, {}, two}, []schemas.Felt{one}),
			schemas.TypeUndecoded, "", schemas.ReasonTrailingData,
		},
		{
			"an unknown selector",
			classNode{err: starknet.ErrMethodNotFound},
			emitted("JobManager", "NoSuchEvent", nil, nil),
			schemas.TypeUndecoded, "", schemas.ReasonUnknownSelector,
		},
		{"no keys", classNode{err: starknet.ErrMethodNotFound}, chainEvent{contract: schemas.Contract{Name: "JobManager"}}, schemas.TypeUndecoded, "", schemas.ReasonUnknownSelector},
		{
			"a contract that nobody has an ABI of",
			classNode{err: starknet.ErrMethodNotFound},
			emitted("Unheard", "JobCompleted", nil, nil),
			schemas.TypeUndecoded, "", schemas.ReasonNoABI,
		},
		{
			"a contract that only its class tells",
			classNode{abi: openZeppelin},
			emitted("Unheard", "Transfer", []schemas.Felt{one, two}, []schemas.Felt{{31: 7}, {}}),
			"bitsage.admin.Unheard.Transfer", transfer, "",
		},
	} {
		tc.node.hash = schemas.Hash{31: 0xc1}
		c := newClasses(&tc.node, slog.New(slog.DiscardHandler))
		value, typ, err := c.decode(t.Context(), tc.event)
		if err != nil || typ != tc.typ || string(value.Data) != tc.data || value.Reason != tc.reason {
			t.Errorf("%s: %s %s, reason %q (%s), error %v\nwant %s %s, reason %q", tc.name, typ, value.Data, value.Reason, value.Detail, err, tc.typ, tc.data, tc.reason)
		}
		if (value.Reason == "") != (value.Detail == "") || value.Raw.Data == nil && tc.event.raw.Data != nil {
			t.Errorf("%s: %+v", tc.name, value)
		}
	}
}

// TestClassIsAskedAgain after an upgrade and after a while, and its ABI only where the class is a new one.
func TestClassIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		doc, err := schemas.EmbeddedJSON("JobManager")
		if err != nil {
			t.Fatal(err)
		}
		node := &classNode{hash: schemas.Hash{31: 1}, abi: string(doc)}
		var lines strings.Builder
		c := newClasses(node, slog.New(slog.NewTextHandler(&lines, nil)))
		completed := emitted("JobManager", "JobCompleted", []schemas.Felt{{}, {}, {}}, nil)
		jobs, err := schemas.Embedded("JobManager")
		if err != nil {
			t.Fatal(err)
		}
		keys, data, err := jobs.EncodeEvent("UpgradeExecuted", json.RawMessage(upgradeOf(t)))
		if err != nil {
			t.Fatal(err)
		}
		upgraded := completed
		upgraded.raw = schemas.RawEvent{Keys: keys, Data: data}
		decode := func(e chainEvent, reason string, hashes, abis int) {
			t.Helper()
			value, _, err := c.decode(t.Context(), e)
			if err != nil || value.Reason != reason || node.hashes != hashes || node.abis != abis {
				t.Fatalf("reason %q (%s), error %v; asked %d times for the class, %d for its ABI; want %q, %d, %d",
					value.Reason, value.Detail, err, node.hashes, node.abis, reason, hashes, abis)
			}
		}
		decode(completed, "", 1, 1)
		decode(completed, "", 1, 1)
		decode(upgraded, "", 1, 1)
		decode(completed, "", 2, 1) // the class is still the same
		node.hash, node.abi = schemas.Hash{31: 2}, otherLayout
		decode(upgraded, "", 2, 1)
		decode(completed, schemas.ReasonShortData, 3, 2)
		node.hash = schemas.Hash{31: 1}
		decode(completed, schemas.ReasonShortData, 3, 2)
		time.Sleep(askAgain)
		decode(completed, "", 4, 2) // known from before
		if n := strings.Count(lines.String(), "decoding by"); n != 3 {
			t.Errorf("told %d times which ABI is used, want 3:\n%s", n, lines.String())
		}
	})
}

// upgradeOf is the value of JobManager's UpgradeExecuted with all members zero.
func upgradeOf(t *testing.T) string {
	t.Helper()
	doc, err := json.Marshal(schemas.JobManagerUpgradeExecuted{})
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}

// TestNodeWithoutAnswer: a node that does not answer for the class is waited for, but not for ever.
func TestNodeWithoutAnswer(t *testing.T) {
	for _, failure := range []error{starknet.ErrTimeout, &starknet.HTTPError{Status: 503}, starknet.ErrMalformed} {
		synctest.Test(t, func(t *testing.T) {
			node := &classNode{hash: schemas.Hash{31: 1}, abi: otherLayout, err: failure}
			c := newClasses(node, slog.New(slog.DiscardHandler))
			completed := emitted("JobManager", "JobCompleted", []schemas.Felt{{}, {}, {}}, nil)
			for i := range maxTries - 1 {
				if _, _, err := c.decode(t.Context(), completed); !errors.Is(err, failure) {
					t.Fatalf("try %d: %v", i, err)
				}
			}
			for range 3 {
				if value, _, err := c.decode(t.Context(), completed); err != nil || value.Reason != "" {
					t.Fatalf("%+v, %v", value, err)
				}
			}
			if node.hashes != maxTries {
				t.Errorf("asked %d times", node.hashes)
			}
			node.err = nil
			time.Sleep(askFailed)
			if value, _, err := c.decode(t.Context(), completed); err != nil || value.Reason != schemas.ReasonShortData {
				t.Errorf("the class should be asked for again: %+v, %v", value, err)
			}
		})
	}
}
