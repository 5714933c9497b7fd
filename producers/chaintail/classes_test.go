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

func (n *classNode) Header(context.Context, starknet.BlockID) (starknet.Header, error) {
	return starknet.Header{}, n.err
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

// decodeOne decodes one event, near the head or not, by a log that takes every ABI.
func decodeOne(ctx context.Context, c *classes, e chainEvent, near bool) (schemas.ChainEvent, string, error) {
	out, err := c.decode(ctx, []chainEvent{e}, near, func(_ context.Context, abi schemas.ClassABI) error {
		c.abis.Add(abi)
		return nil
	})
	if err != nil {
		return schemas.ChainEvent{}, "", err
	}
	return out[0].value, out[0].typ, nil
}

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
		c := newClasses(&tc.node, 1, slog.New(slog.DiscardHandler))
		value, typ, err := decodeOne(t.Context(), c, tc.event, true)
		if err != nil || typ != tc.typ || string(value.Data) != tc.data || value.Reason != tc.reason {
			t.Errorf("%s: %s %s, reason %q (%s), error %v\nwant %s %s, reason %q", tc.name, typ, value.Data, value.Reason, value.Detail, err, tc.typ, tc.data, tc.reason)
		}
		if (value.Reason == "") != (value.Detail == "") || value.Raw.Data == nil && tc.event.raw.Data != nil {
			t.Errorf("%s: %+v", tc.name, value)
		}
	}
}

// upgradedNode is a chain on which a contract changes its class. A block's hash tells its number.
type upgradedNode struct {
	from map[uint64]schemas.Hash // from a block on
	abis map[schemas.Hash]string
	asks int // for classes
	told map[schemas.Hash]int
}

func newUpgradedNode(t *testing.T) *upgradedNode {
	t.Helper()
	doc, err := schemas.EmbeddedJSON("JobManager")
	if err != nil {
		t.Fatal(err)
	}
	return &upgradedNode{
		from: map[uint64]schemas.Hash{0: {31: 1}}, abis: map[schemas.Hash]string{{31: 1}: string(doc), {31: 2}: widerLayout}, told: map[schemas.Hash]int{},
	}
}

// at is the class at the end of a block.
func (n *upgradedNode) at(block uint64) (class schemas.Hash) {
	for i := range block + 1 {
		if h, changed := n.from[i]; changed {
			class = h
		}
	}
	return class
}

func (n *upgradedNode) block(id starknet.BlockID) uint64 {
	text, err := json.Marshal(id)
	if err != nil {
		panic(err)
	}
	var at struct {
		Number *uint64      `json:"block_number"`
		Hash   schemas.Felt `json:"block_hash"`
	}
	if err := json.Unmarshal(text, &at); err != nil {
		panic(err)
	}
	if at.Number != nil {
		return *at.Number
	}
	number, _ := at.Hash.Uint64()
	return number
}

func (n *upgradedNode) Header(context.Context, starknet.BlockID) (starknet.Header, error) {
	return starknet.Header{}, nil
}

func (n *upgradedNode) ClassHashAt(_ context.Context, id starknet.BlockID, _ schemas.Address) (schemas.Hash, error) {
	n.asks++
	return n.at(n.block(id)), nil
}

func (n *upgradedNode) ABIAt(_ context.Context, id starknet.BlockID, _ schemas.Address) (json.RawMessage, error) {
	class := n.at(n.block(id))
	n.told[class]++
	return json.RawMessage(n.abis[class]), nil
}

// jobEvent is an event of JobManager at a place, by the layout of the class that emits it: the second one gives JobCompleted a rating.
func jobEvent(t *testing.T, class schemas.Hash, name string, at schemas.Position) chainEvent {
	t.Helper()
	e := emitted("JobManager", name, []schemas.Felt{{31: 1}, {}, {31: 2}}, nil)
	if name == "UpgradeExecuted" {
		jobs, err := schemas.Embedded("JobManager")
		if err != nil {
			t.Fatal(err)
		}
		if e.raw.Keys, e.raw.Data, err = jobs.EncodeEvent(name, schemas.JobManagerUpgradeExecuted{}); err != nil {
			t.Fatal(err)
		}
	} else if class == (schemas.Hash{31: 2}) {
		e.raw.Data = []schemas.Felt{{31: 5}}
	}
	e.position, e.blockHash, e.time = at, schemas.Hash(schemas.FeltFromUint64(at.Block)), time.Unix(int64(at.Block), 0)
	return e
}

// TestClassNearTheHead: the class is asked for after an upgrade, where an event does not fit it, and once an hour; its ABI once.
func TestClassNearTheHead(t *testing.T) {
	node := newUpgradedNode(t)
	var lines strings.Builder
	c := newClasses(node, 1, slog.New(slog.NewTextHandler(&lines, nil)))
	first, second := schemas.Hash{31: 1}, schemas.Hash{31: 2}
	decode := func(what string, block uint64, tx uint32, emitter schemas.Hash, name string, asks int) {
		t.Helper()
		value, _, err := decodeOne(t.Context(), c, jobEvent(t, emitter, name, schemas.Position{Block: block, Tx: tx}), true)
		if err != nil || value.Reason != "" || value.Class != emitter || node.asks != asks {
			t.Fatalf("%s: class %s, reason %q (%s), error %v, asked %d times; want class %s, asked %d times",
				what, value.Class, value.Reason, value.Detail, err, node.asks, emitter, asks)
		}
	}
	decode("the first event", 5, 0, first, "JobCompleted", 1)
	decode("the next one", 6, 0, first, "JobCompleted", 1)
	decode("an upgrade to the same class", 7, 0, first, "UpgradeExecuted", 2)
	node.from[8] = second
	events := []chainEvent{
		jobEvent(t, first, "JobCompleted", schemas.Position{Block: 8, Tx: 1}), jobEvent(t, first, "UpgradeExecuted", schemas.Position{Block: 8, Tx: 2}),
		jobEvent(t, second, "JobCompleted", schemas.Position{Block: 8, Tx: 3}),
	}
	out, err := c.decode(t.Context(), events, true, func(_ context.Context, abi schemas.ClassABI) error { c.abis.Add(abi); return nil })
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []schemas.Hash{first, first, second} {
		if out[i].value.Class != want || out[i].value.Reason != "" {
			t.Errorf("event %d of the block of an upgrade: class %s, reason %q, want class %s", i, out[i].value.Class, out[i].value.Reason, want)
		}
	}
	decode("after the upgrade", 9, 0, second, "JobCompleted", 3)
	node.from[10] = first
	decode("an upgrade that nothing tells of, and an event that does not fit", 10, 0, first, "JobCompleted", 4)
	node.from[11] = second
	c.upTo(9)
	decode("a block that was taken back", 10, 0, second, "JobCompleted", 4)
	node.from[1_000] = first
	delete(node.from, 11)
	c.lives[schemas.Address{31: 1}].askedAt = time.Unix(-1, 0)
	decode("the next hour", 1_000, 0, first, "JobCompleted", 5)
	if node.told[first] != 1 || node.told[second] != 1 {
		t.Errorf("ABIs were asked for %v times, want once each", node.told)
	}
	if n := strings.Count(lines.String(), "decoding by"); n != 5 {
		t.Errorf("told %d times which ABI is used, want 5:\n%s", n, lines.String())
	}
}

// TestClassFarBehind: each event of a chunk is decoded by the class of its block, with few questions.
func TestClassFarBehind(t *testing.T) {
	node := newUpgradedNode(t)
	node.from[337], node.from[700] = schemas.Hash{31: 2}, schemas.Hash{31: 1}
	c := newClasses(node, 1, slog.New(slog.DiscardHandler))
	for _, chunk := range [][2]uint64{{0, 100}, {101, 600}, {601, 1_100}} {
		before := node.asks
		var events []chainEvent
		for block := chunk[0]; block <= chunk[1]; block++ {
			events = append(events, jobEvent(t, node.at(block), "JobCompleted", schemas.Position{Block: block}))
		}
		out, err := c.decode(t.Context(), events, false, func(_ context.Context, abi schemas.ClassABI) error { c.abis.Add(abi); return nil })
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range events {
			if want := node.at(e.position.Block); out[i].value.Class != want || out[i].value.Reason != "" {
				t.Fatalf("block %d: class %s, reason %q, want class %s", e.position.Block, out[i].value.Class, out[i].value.Reason, want)
			}
		}
		if asks := node.asks - before; asks > 12 {
			t.Errorf("blocks %d to %d: asked for the class %d times", chunk[0], chunk[1], asks)
		}
	}
}

// TestUpgradeIsTheFirstEvent that a process sees of a contract: it is of the class before it.
func TestUpgradeIsTheFirstEvent(t *testing.T) {
	node := newUpgradedNode(t)
	node.from[8] = schemas.Hash{31: 2}
	c := newClasses(node, 1, slog.New(slog.DiscardHandler))
	value, _, err := decodeOne(t.Context(), c, jobEvent(t, schemas.Hash{31: 1}, "UpgradeExecuted", schemas.Position{Block: 8}), true)
	if err != nil || value.Class != (schemas.Hash{31: 1}) || value.Reason != "" || value.Embedded {
		t.Errorf("%+v, %v", value, err)
	}
}

// TestNodeWithoutAnswer: a node that does not answer for the class is waited for, but not for ever.
func TestNodeWithoutAnswer(t *testing.T) {
	for _, failure := range []error{starknet.ErrTimeout, &starknet.HTTPError{Status: 503}, starknet.ErrMalformed} {
		synctest.Test(t, func(t *testing.T) {
			node := &classNode{hash: schemas.Hash{31: 1}, abi: otherLayout, err: failure}
			c := newClasses(node, 1, slog.New(slog.DiscardHandler))
			completed := emitted("JobManager", "JobCompleted", []schemas.Felt{{}, {}, {}}, nil)
			for i := range maxTries - 1 {
				if _, _, err := decodeOne(t.Context(), c, completed, true); !errors.Is(err, failure) {
					t.Fatalf("try %d: %v", i, err)
				}
			}
			for range 3 {
				if value, _, err := decodeOne(t.Context(), c, completed, true); err != nil || value.Reason != "" {
					t.Fatalf("%+v, %v", value, err)
				}
			}
			if node.hashes != maxTries {
				t.Errorf("asked %d times", node.hashes)
			}
			node.err = nil
			time.Sleep(askFailed)
			if value, _, err := decodeOne(t.Context(), c, completed, true); err != nil || value.Reason != schemas.ReasonShortData {
				t.Errorf("the class should be asked for again: %+v, %v", value, err)
			}
		})
	}
}
