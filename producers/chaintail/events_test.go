package chaintail

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// pagesNode answers getEvents by a function, and nothing else.
type pagesNode struct {
	Node
	calls  []starknet.Filter
	answer func(f starknet.Filter) (starknet.Page, error)
}

func (n *pagesNode) Events(_ context.Context, f starknet.Filter) (starknet.Page, error) {
	n.calls = append(n.calls, f)
	return n.answer(f)
}

func events(n int) []starknet.Event { return make([]starknet.Event, n) }

func TestPages(t *testing.T) {
	pages := func(p map[string]starknet.Page) func(starknet.Filter) (starknet.Page, error) {
		return func(f starknet.Filter) (starknet.Page, error) {
			page, ok := p[f.Token]
			if !ok {
				return page, starknet.ErrBadToken
			}
			return page, nil
		}
	}
	for _, tc := range []struct {
		name   string
		answer func(starknet.Filter) (starknet.Page, error)
		limit  int
		want   int
		calls  int
		err    string
	}{
		{name: "one page", answer: pages(map[string]starknet.Page{"": {Events: events(3)}}), want: 3, calls: 1},
		{name: "nothing", answer: pages(map[string]starknet.Page{"": {}}), calls: 1},
		{name: "three", answer: pages(map[string]starknet.Page{"": {Events: events(3), Token: "a"}, "a": {Events: events(2), Token: "b"}, "b": {}}), want: 5, calls: 3},
		{name: "empty ones go on", answer: pages(map[string]starknet.Page{"": {Token: "a"}, "a": {Token: "b"}, "b": {Events: events(1)}}), want: 1, calls: 3},
		{name: "the same token twice", answer: pages(map[string]starknet.Page{"": {Token: "a"}, "a": {Events: events(1), Token: "a"}}), calls: 2, err: "twice in a row"},
		{name: "too many", answer: pages(map[string]starknet.Page{"": {Events: events(9), Token: "a"}, "a": {Events: events(9), Token: "b"}}), limit: 15, calls: 2, err: errTooManyEvents.Error()},
		{name: "as many as may be", answer: pages(map[string]starknet.Page{"": {Events: events(9), Token: "a"}, "a": {Events: events(9)}}), limit: 15, calls: 2, want: 18},
		{name: "page too big", answer: func(f starknet.Filter) (starknet.Page, error) {
			if f.Chunk > 300 {
				return starknet.Page{}, starknet.ErrPageTooBig
			}
			return starknet.Page{Events: events(2)}, nil
		}, want: 2, calls: 3},
		{name: "every page too big", answer: func(starknet.Filter) (starknet.Page, error) { return starknet.Page{}, starknet.ErrPageTooBig }, calls: 7, err: "too big"},
		{name: "for ever empty", answer: func(f starknet.Filter) (starknet.Page, error) { return starknet.Page{Token: f.Token + "x"}, nil }, calls: maxEmptyPages + 1, err: "without an event"},
	} {
		if tc.name == "for ever empty" { // tokens that grow would take long
			n := 0
			tc.answer = func(starknet.Filter) (starknet.Page, error) { n++; return starknet.Page{Token: fmt.Sprint(n)}, nil }
		}
		node := &pagesNode{answer: tc.answer}
		tailer := New(Config{Logger: slog.New(slog.DiscardHandler)}, alone(node), nil, nil, nil)
		tailer.at = tailer.providers.pick()
		got, err := tailer.at.pages(t.Context(), starknet.Filter{}, tc.limit)
		if tc.err == "" && err != nil || tc.err != "" && (err == nil || !strings.Contains(err.Error(), tc.err)) {
			t.Errorf("%s: error %v, want %q", tc.name, err, tc.err)
		}
		if len(got) != tc.want || len(node.calls) != tc.calls {
			t.Errorf("%s: %d events in %d calls, want %d in %d", tc.name, len(got), len(node.calls), tc.want, tc.calls)
		}
		for i, f := range node.calls[1:] {
			if f.Token != "" && f.Chunk != node.calls[i].Chunk {
				t.Errorf("%s: the page size changed within a run", tc.name)
			}
		}
	}
}

func TestPace(t *testing.T) {
	p := newPace()
	if to := p.chunk(10, 5000); to != 10+firstSpan-1 {
		t.Errorf("a chunk from 10 ends at %d", to)
	}
	if to := p.chunk(10, 500); to != 500 {
		t.Errorf("a chunk up to the head ends at %d", to)
	}
	if to := p.chunk(1<<64-5, 1<<64-1); to != 1<<64-1 {
		t.Errorf("a chunk at the end of the numbers ends at %d", to)
	}
	for want := uint64(firstSpan / 2); want > 1; want /= 2 {
		if !p.failed(p.span, errTooManyEvents) || p.span != want {
			t.Fatalf("after a failure %d, want %d", p.span, want)
		}
	}
	p.span = 1
	if p.failed(1, starknet.ErrTimeout) {
		t.Error("one block cannot be fewer")
	}
	p = pace{span: 1, most: maxSpan}
	p.went(0)
	p.went(maxChunkEvents) // full enough
	p.went(0)
	if p.span != 4 {
		t.Errorf("after two good chunks %d, want 4", p.span)
	}
	p.failed(4, starknet.ErrTimeout)
	for range wellEnough - 1 {
		if p.went(0); p.span != 2 {
			t.Fatalf("what failed is tried again too soon: %d", p.span)
		}
	}
	if p.went(0); p.span != 4 {
		t.Errorf("what failed should be tried again at some time: %d", p.span)
	}
}

func TestTooMuch(t *testing.T) {
	for _, tc := range []struct {
		err  error
		want bool
	}{
		{errTooManyEvents, true},
		{fmt.Errorf("node: %w", starknet.ErrTimeout), true},
		{&starknet.RPCError{Code: -32005, Message: "query returned more than 10000 results"}, true},
		{&starknet.HTTPError{Status: 429}, true},
		{&starknet.HTTPError{Status: 504}, true},
		{&starknet.HTTPError{Status: 401}, false},
		{starknet.ErrBlockNotFound, false},
		{starknet.ErrBadToken, false},
		{starknet.ErrMethodNotFound, false},
		{starknet.ErrMalformed, false},
		{context.Canceled, false},
	} {
		if got := tooMuch(tc.err); got != tc.want {
			t.Errorf("%v: %v", tc.err, got)
		}
	}
}

func TestCapabilities(t *testing.T) {
	for _, tc := range []struct {
		version string
		err     error
		lists   bool
		refused bool
	}{
		{version: "0.8.1"},
		{version: "0.9.0"},
		{version: "0.10.0"},
		{version: "0.9"},
		{version: "0.10.0-rc.1"},
		{version: "0.10.1", lists: true},
		{version: "0.10.4-rc.1", lists: true},
		{version: "0.11.0", lists: true},
		{version: "1.0.0", lists: true},
		{version: "0.7.1", refused: true},
		{version: "", refused: true},
		{version: "v0_9", refused: true},
		{err: starknet.ErrMethodNotFound},
		{err: starknet.ErrTimeout, refused: true},
	} {
		node := &versionNode{Node: &process{world: newCalmWorld(3), kill: func() {}}, version: tc.version, err: tc.err}
		tailer := New(Config{Logger: slog.New(slog.DiscardHandler)}, alone(node), nil, nil, nil)
		p := tailer.providers.all[0]
		c := &p.can
		err := tailer.probe(t.Context(), p)
		if (err != nil) != tc.refused || c.lists.Load() != tc.lists {
			t.Errorf("%q, %v: lists %v, error %v", tc.version, tc.err, c.lists.Load(), err)
		}
		if err != nil {
			continue
		}
		c.page.Store(20)
		if err := tailer.probe(t.Context(), p); err != nil || node.calls != 1 {
			t.Errorf("%q: asked %d times in a moment", tc.version, node.calls)
		}
		c.probed = c.probed.Add(-2 * probeEvery)
		if err := tailer.probe(t.Context(), p); err != nil || node.calls != 2 || c.page.Load() != pageSize {
			t.Errorf("%q: asked %d times after hours, pages of %d", tc.version, node.calls, c.page.Load())
		}
	}
}

type versionNode struct {
	Node
	version string
	err     error
	calls   int
}

func (*versionNode) ChainID(context.Context) (schemas.Felt, error) { return schemas.Felt{}, nil }

func (n *versionNode) SpecVersion(context.Context) (string, error) {
	n.calls++
	return n.version, n.err
}

// TestBatches: a block that fits into a batch is not cut, and nothing is lost or moved.
func TestBatches(t *testing.T) {
	for _, tc := range []struct {
		blocks []int // records a block
		most   int
		want   string // records a batch
	}{
		{[]int{3}, 5, "3"},
		{[]int{3, 3}, 5, "3 3"},
		{[]int{2, 2, 2, 2}, 5, "4 4"},
		{[]int{7}, 5, "5 2"},
		{[]int{2, 7, 1}, 5, "2 5 3"},
		{[]int{5, 5, 1}, 5, "5 5 1"},
		{[]int{1, 12, 4}, 5, "1 5 5 2 4"},
		{nil, 5, ""},
	} {
		var entries []entry
		for block, n := range tc.blocks {
			for range n {
				entries = append(entries, entry{record: schemas.Record{Offset: int64(len(entries)), Time: time.Unix(0, 0)}, block: uint64(block)})
			}
		}
		var sizes []string
		next := int64(0)
		for _, b := range batches(entries, func(r []schemas.Record) (out [][]schemas.Record) {
			for len(r) > tc.most {
				out, r = append(out, r[:tc.most]), r[tc.most:]
			}
			return append(out, r)
		}) {
			sizes = append(sizes, fmt.Sprint(len(b)))
			for _, one := range b {
				if one.record.Offset != next {
					t.Errorf("%v: record %d where %d was due", tc.blocks, one.record.Offset, next)
				}
				next++
			}
		}
		if got := strings.Join(sizes, " "); got != tc.want || next != int64(len(entries)) {
			t.Errorf("%v: batches of %s, want %s", tc.blocks, got, tc.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	if d := retryAfter(fmt.Errorf("node: %w", &starknet.HTTPError{Status: 429, RetryAfter: time.Second})); d != time.Second {
		t.Errorf("got %s", d)
	}
	if d := retryAfter(errFaulty); d != 0 {
		t.Errorf("got %s", d)
	}
}
