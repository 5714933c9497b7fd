package api

import (
	"context"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// array is a list whose answer is a bare array, since that is what published clients read: how it goes on stands in the headers.
type array[T any] struct {
	items []T
	total int64
	next  *Cursor
}

// arrayOf shapes a page. After says what a row is ordered by, for the cursor.
func arrayOf[R, T any](found projections.Listed[R], list string, at projections.Freshness, shape func(R) T, after func(R) []string) array[T] {
	a := array[T]{items: make([]T, len(found.Rows)), total: found.Total}
	for i, r := range found.Rows {
		a.items[i] = shape(r)
	}
	a.next = cursorBelow(found, list, at, after)
	return a
}

// cursorBelow is the cursor below a page; nil at the end of the list.
func cursorBelow[R any](found projections.Listed[R], list string, at projections.Freshness, after func(R) []string) *Cursor {
	if !found.More {
		return nil
	}
	return nextCursor(list, at, true, after(found.Rows[len(found.Rows)-1])...)
}

// arrayed is an array on its way out.
type arrayed[T any] struct {
	Freshness
	Next  string `header:"X-Next-Cursor" doc:"Where the list goes on: the cursor of the next page. Absent at the end."`
	Total string `header:"X-Total-Count" doc:"How many there are in all."`
	Body  []T
}

// readArray is [read] for an answer that is a bare array.
func readArray[I, T any](r Route, f func(context.Context, *I) (array[T], projections.Freshness, error)) endpoint {
	return endpoint{r, func(s *Server, op huma.Operation) {
		op.Metadata[keptOf] = r.Of
		huma.Register(s.openAPI, op, func(ctx context.Context, in *I) (*arrayed[T], error) {
			a, at, err := f(ctx, in)
			if err != nil {
				return nil, problemError{s.trouble(ctx, op.Path, err)}
			}
			out := &arrayed[T]{Freshness: freshnessOf(at), Total: strconv.FormatInt(a.total, 10), Body: a.items}
			if a.next != nil {
				word, err := a.next.MarshalText()
				if err != nil {
					return nil, err
				}
				out.Next = string(word)
			}
			return out, nil
		})
	}}
}

// page is where a list's page begins, and as of when it is; see [Paged.begin].
func (p Paged) page(m Moment, list string, keys, limit int) (projections.Page, projections.AsOf, error) {
	as, err := m.asOf()
	if err != nil {
		return projections.Page{}, as, err
	}
	at, as, err := p.begin(as, list, keys, limit)
	return projections.Page{After: at.after, Offset: at.offset, Limit: limit}, as, err
}

// amountText is a number of up to 256 bits as a parameter gives it.
type amountText struct{ schemas.Amount }

// Schema implements huma.SchemaProvider.
func (amountText) Schema(huma.Registry) *huma.Schema {
	return textOf("^[0-9]{1,77}$", "a number in decimal digits", "42")
}

// pairText is a pair's number, or recent.
type pairText struct {
	number *int64
	text   string
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *pairText) UnmarshalText(text []byte) error {
	p.text, p.number = string(text), nil
	if p.text == "recent" {
		return nil
	}
	n, err := strconv.ParseUint(p.text, 10, 8)
	p.number = new(int64(n))
	return err
}

// Schema implements huma.SchemaProvider.
func (pairText) Schema(huma.Registry) *huma.Schema {
	return textOf("^(recent|[0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])$", "a number from 0 to 255, or recent", "1")
}

// textOf is the schema of a parameter's text.
func textOf(pattern, words, example string) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Pattern: pattern, PatternDescription: words, Examples: []any{example}}
	s.PrecomputeMessages()
	return s
}
