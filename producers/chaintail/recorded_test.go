package chaintail_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/internal/simnet"
	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/producers/chaintail"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// recordedEvent is an event as a receipt of a recorded block holds it, read here apart from the program's own types.
type recordedEvent struct {
	From string   `json:"from_address"`
	Keys []string `json:"keys"`
	Data []string `json:"data"`
}

// recordedBlock reads a recorded block: as a chain of its own, its number, and a line for each event that it must give.
func recordedBlock(t *testing.T, network, name string) (block *simnet.Recorded, number uint64, lines []string, layouts map[string]int) {
	t.Helper()
	doc, err := os.ReadFile("../../internal/simnet/testdata/recorded/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if block, err = simnet.NewRecorded(network, doc); err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Result struct {
			Number       uint64 `json:"block_number"`
			Transactions []struct {
				Receipt struct {
					Hash   string          `json:"transaction_hash"`
					Events []recordedEvent `json:"events"`
				} `json:"receipt"`
			} `json:"transactions"`
		} `json:"result"`
	}
	if err := json.Unmarshal(doc, &answer); err != nil {
		t.Fatal(err)
	}
	layouts = map[string]int{}
	for tx, in := range answer.Result.Transactions {
		for i, e := range in.Receipt.Events {
			line := fmt.Sprintf("%d/%d %s %s %v %v", tx, i, full(in.Receipt.Hash), full(e.From), e.Keys, e.Data)
			if len(e.Keys) > 0 && e.Keys[0] == schemas.Selector("Transfer").String() {
				felts := append(slices.Clone(e.Keys[1:]), e.Data...)
				layouts[fmt.Sprint(len(e.Keys), "/", len(e.Data))]++
				line += fmt.Sprintf(" Transfer %s %s %s", full(felts[0]), full(felts[1]), number256(felts[2], felts[3]))
			}
			lines = append(lines, line)
		}
	}
	return block, answer.Result.Number, lines, layouts
}

// full is an address or a hash with all its digits.
func full(hex string) string {
	hex = strings.TrimPrefix(hex, "0x")
	return "0x" + strings.Repeat("0", 64-len(hex)) + hex
}

func number256(low, high string) *big.Int {
	l, _ := new(big.Int).SetString(low, 0)
	h, _ := new(big.Int).SetString(high, 0)
	return l.Add(l, h.Lsh(h, 128))
}

// tail follows a chain of one block, and returns a line for each event in the log.
func tail(t *testing.T, network string, number uint64, contracts []schemas.Contract, handler http.Handler) (lines []string) {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	log, err := eventlog.Open(eventlog.Config{Brokers: embeddedtest.Log(t), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(log.Close)
	if err := log.EnsureTopics(t.Context(), schemas.Topics()); err != nil {
		t.Fatal(err)
	}
	node, err := starknet.NewClient(server.URL, starknet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer node.Close()
	var told bytes.Buffer
	tailer := chaintail.New(chaintail.Config{
		Network: network, Contracts: contracts, StartBlock: &number, PollInterval: 20 * time.Millisecond, Writer: "test", Build: "test",
		Split: eventlog.Batches, Fenced: func(err error) bool { return errors.Is(err, eventlog.ErrFenced) }, Logger: slog.New(slog.NewTextHandler(&told, nil)),
	}, []chaintail.Provider{{Name: "recorded", Node: node}}, log, log.NewWriter("tail/"+network, schemas.TopicChain, 0), chaintail.NewMetrics(prometheus.NewRegistry()))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan error, 1)
	go func() { done <- tailer.Run(ctx) }()
	deadline := time.Now().Add(30 * time.Second)
	for !tailer.Status().Begun && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if !tailer.Status().Begun {
		t.Fatalf("the block is not in the log within 30 s:\n%s", told.String())
	}
	reader := schemas.NewChainReader(schemas.StartOfChain())
	_, end, err := log.Bounds(t.Context(), schemas.TopicChain, 0)
	if err != nil {
		t.Fatal(err)
	}
	for next := int64(0); next < end; {
		batch, err := log.Fetch(t.Context(), schemas.TopicChain, 0, next)
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range batch.Records {
			next = rec.Offset + 1
			steps, err := reader.Read(rec)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range steps {
				for _, f := range s.Block.Facts {
					lines = append(lines, lineOf(f))
				}
			}
		}
	}
	return lines
}

func lineOf(f schemas.Fact) string {
	line := fmt.Sprintf("%d/%d %s %s %v %v", f.Position.Tx, f.Position.Event, f.TxHash, f.Contract, f.Raw.Keys, f.Raw.Data)
	if transfer, ok := f.Event.(schemas.SAGETokenTransfer); ok {
		line += fmt.Sprintf(" Transfer %s %s %s", transfer.From, transfer.To, transfer.Value)
	}
	return line
}

// asTokens follows every contract of a block as if it was the token.
func asTokens(block *simnet.Recorded) (out []schemas.Contract) {
	for _, address := range block.Emitters() {
		out = append(out, schemas.Contract{Name: "SAGEToken", Address: address})
	}
	return out
}

// TestRecordedBlocks: real blocks give exactly the events that their receipts hold, in order, and each transfer the right members.
func TestRecordedBlocks(t *testing.T) {
	for name, c := range map[string]struct {
		network string
		layouts map[string]int // keys/data of the transfers in it
	}{
		"mainnet-588763.json":      {schemas.Mainnet, map[string]int{"1/4": 215, "3/2": 6}},
		"sepolia-64159.json":       {schemas.Sepolia, map[string]int{"1/4": 22, "3/2": 6}},
		"integration-1300000.json": {schemas.Sepolia, map[string]int{"3/2": 7}},
	} {
		t.Run(name, func(t *testing.T) {
			block, number, want, layouts := recordedBlock(t, c.network, name)
			if fmt.Sprint(layouts) != fmt.Sprint(c.layouts) {
				t.Errorf("the block holds transfers %v, want %v", layouts, c.layouts)
			}
			same(t, tail(t, c.network, number, asTokens(block), block.Handler()), want)
		})
	}
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d events, want %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("event %d is\n%s\nwant\n%s", i, got[i], want[i])
		}
	}
}

// TestPeculiarNodes: nodes differ, and the same events come of all.
func TestPeculiarNodes(t *testing.T) {
	const name = "sepolia-64159.json"
	short := regexp.MustCompile(`"0x([0-9a-f]+)"`)
	for what, change := range map[string]func(http.Handler) http.Handler{
		"spec 0.8.1": answering("starknet_specVersion", `"result":"0.8.1"`),
		"a gateway that has its own word for a missing method": answering("starknet_getClassHashAt", `"error":{"code":-32004,"message":"method not supported"}`),
		"receipts by transaction only":                         answering("starknet_getBlockWithReceipts", `"error":{"code":-32601,"message":"Method not found"}`),
		"receipts by transaction only, by a gateway": answering("starknet_getBlockWithReceipts",
			`"error":{"code":-32000,"message":"the method is not available on this plan: method is not available"}`),
		"no spec version": answering("starknet_specVersion", `"error":{"code":-32601,"message":"Method not found"}`),
		"spec 0.10.2 without lists of addresses": chained(answering("starknet_specVersion", `"result":"0.10.2"`), func(next http.Handler) http.Handler {
			return reading(next, func(w http.ResponseWriter, q call, next func()) {
				if strings.Contains(string(q.Params), `"address":[`) {
					answer(w, q, `"error":{"code":-32602,"message":"Invalid params"}`)
					return
				}
				next()
			})
		}),
		"a version with a suffix": answering("starknet_specVersion", `"result":"0.10.0-rc.1"`),
		"pages of 16 events at most": func(next http.Handler) http.Handler {
			size := regexp.MustCompile(`"chunk_size":(\d{3,}|[2-9]\d|1[7-9])\D`)
			return reading(next, func(w http.ResponseWriter, q call, next func()) {
				if size.Match(q.Params) {
					answer(w, q, `"error":{"code":31,"message":"Requested page size is too big"}`)
					return
				}
				next()
			})
		},
		"felts with all their digits": func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				rec := httptest.NewRecorder()
				next.ServeHTTP(rec, r)
				_, _ = w.Write(short.ReplaceAllFunc(rec.Body.Bytes(), func(m []byte) []byte { return []byte(`"` + full(strings.Trim(string(m), `"`)) + `"`) }))
			})
		},
	} {
		t.Run(what, func(t *testing.T) {
			block, number, want, _ := recordedBlock(t, schemas.Sepolia, name)
			same(t, tail(t, schemas.Sepolia, number, asTokens(block), change(block.Handler())), want)
		})
	}
}

// call is a request to a node.
type call struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

// reading lets something come before a node that reads the request first.
func reading(next http.Handler, before func(w http.ResponseWriter, q call, next func())) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var q call
		if err = errors.Join(err, json.Unmarshal(body, &q)); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		before(w, q, func() { next.ServeHTTP(w, r) })
	})
}

func answer(w http.ResponseWriter, q call, what string) {
	_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,%s}`, q.ID, what)
}

// answering answers one method in its own way.
func answering(method, what string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return reading(next, func(w http.ResponseWriter, q call, next func()) {
			if q.Method == method {
				answer(w, q, what)
				return
			}
			next()
		})
	}
}

func chained(all ...func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		for _, f := range all {
			h = f(h)
		}
		return h
	}
}
