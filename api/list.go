package api

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// Between are the parameters of a time range.
type Between struct {
	Since optional[time.Time] `query:"since" doc:"Only what is of this time or later."`
	Until optional[time.Time] `query:"until" doc:"Only what is of before this time."`
}

func (b Between) span() (s projections.Span) {
	if b.Since.given {
		s.Since = &b.Since.value
	}
	if b.Until.given {
		s.Until = &b.Until.value
	}
	return s
}

// Listing are the parameters of a list. Embed it in those of every list.
type Listing struct {
	Listed
	Limit int `query:"limit" default:"20" minimum:"1" maximum:"100" doc:"How many at most."`
}

// Listed are the parameters of a list, without how many rows are given at most: some have other bounds.
type Listed struct {
	Moment
	Paged
	SortOrder string `query:"sort_order" enum:"desc,asc" default:"desc" doc:"Highest first, or lowest first."`
}

// page returns which part of which list is asked for. Sort is one of the list's orders, of as many members as keys; route
// and filters name the list for its cursors.
func (l Listing) page(route string, keys int, sort string, filters ...any) (as projections.AsOf, p projections.Page, name string, err error) {
	name = listOf(route, append(filters, "|", sort, l.SortOrder)...)
	moment, err := l.asOf()
	if err != nil {
		return as, p, name, err
	}
	at, as, err := l.begin(moment, name, keys, l.Limit)
	return as, projections.Page{
		After: at.after, Offset: at.offset, Limit: l.Limit, Sort: sort, Ascending: l.SortOrder == "asc", Telemetry: !moment.Past(),
	}, name, err
}

// whole returns the list of which page would return a part.
func (l Listing) whole(sort string) (projections.AsOf, projections.Page, error) {
	as, err := l.asOf()
	return as, projections.Page{Sort: sort, Ascending: l.SortOrder == "asc"}, err
}

// paging tells where a page is in its list.
type paging struct {
	Total int64   `json:"total" doc:"Of all pages."`
	Page  int64   `json:"page" doc:"The page by its number, from 1."`
	Limit int     `json:"limit"`
	Pages int64   `json:"total_pages"`
	More  bool    `json:"has_more"`
	Next  *string `json:"next_cursor" doc:"The cursor of the next page; null at the end."`
}

// listing returns the rows of a page as an answer has them, and where the page is.
func listing[R, A any](l Listing, name string, found projections.Listed[R], at projections.Freshness, f func(R) A) ([]A, paging) {
	out := make([]A, len(found.Rows))
	for i, r := range found.Rows {
		out[i] = f(r)
	}
	limit := int64(l.Limit)
	p := paging{Total: found.Total, Page: 1 + found.First/limit, Limit: l.Limit, Pages: (found.Total + limit - 1) / limit, More: found.More}
	if c := nextCursor(name, at, found.More && found.Next != nil, found.Next...); c != nil {
		if text, err := c.MarshalText(); err == nil {
			p.Next = new(string(text))
		}
	}
	return out, p
}

// either is an answer that published clients want in two shapes, which do not go together: the second is given on demand.
type either[A, B any] struct {
	first  A
	second *B
}

// MarshalJSON implements json.Marshaler.
func (e either[A, B]) MarshalJSON() ([]byte, error) {
	if e.second != nil {
		return json.Marshal(*e.second)
	}
	return json.Marshal(e.first)
}

// Schema implements huma.SchemaProvider.
func (either[A, B]) Schema(r huma.Registry) *huma.Schema {
	shapes := []*huma.Schema{r.Schema(reflect.TypeFor[A](), true, ""), r.Schema(reflect.TypeFor[B](), true, "")}
	for _, s := range shapes {
		s.Nullable = false // a list is never null
	}
	return &huma.Schema{AnyOf: shapes}
}

// orUnknown is a number that may not be known: then it is 0, and its name goes to unknown.
func orUnknown[T any](unknown *[]string, name string, v *T) (out T) {
	if v == nil {
		*unknown = append(*unknown, name)
		return out
	}
	return *v
}
