package api

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// optional is a parameter that may be left out where zero means something.
type optional[T any] struct {
	value T
	given bool
}

// Schema implements huma.SchemaProvider.
func (optional[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

// Receiver implements huma.ParamWrapper.
func (o *optional[T]) Receiver() reflect.Value { return reflect.ValueOf(&o.value).Elem() }

// OnParamSet implements huma.ParamReactor.
func (o *optional[T]) OnParamSet(given bool, _ any) { o.given = given }

// Moment are the parameters that say as of when a question is. Embed it in the parameters of every read of the chain.
type Moment struct {
	Block optional[blockNumber] `query:"block" doc:"As of this block: what the chain had told once it was there. What workers report is not known of the past."`
	At    optional[time.Time]   `query:"at" doc:"As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both."`
}

// asOf returns the moment.
func (m Moment) asOf() (as projections.AsOf, err error) {
	switch {
	case m.Block.given && m.At.given:
		return as, problemError{fault(invalidMoment, "give block or at, not both")}
	case m.Block.given:
		as.Block = new(uint64(m.Block.value))
	case m.At.given:
		as.Time = &m.At.value
	}
	return as, nil
}

// blockNumber is a number that a block may have: no more than the database can count to.
type blockNumber uint64

// Schema implements huma.SchemaProvider.
func (blockNumber) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: new(0.0), Maximum: new(float64(1<<53 - 1))}
	s.PrecomputeMessages()
	return s
}

// Caller are the parameters that say whom a question is about. Embed it where a validator is meant.
type Caller struct {
	Address addressText `query:"address" doc:"Whom it is about: an address in any case and with any padding. It goes before the header."`
	Wallet  addressText `header:"X-Wallet-Address" doc:"The same, as wallets send it."`
}

// whom returns the address, or the problem of one that is not given: nobody is the default.
func (c Caller) whom() (schemas.Address, error) {
	for _, a := range []addressText{c.Address, c.Wallet} {
		if a.given {
			return a.Address, nil
		}
	}
	return schemas.Address{}, problemError{fault(addressMissing, "say whose: ?address=0x… or the header X-Wallet-Address")}
}

// feltPattern is of felts that may be addresses.
const feltPattern = "^0[xX]0*([0-7][0-9a-fA-F]{62}|[0-9a-fA-F]{1,62})$"

// addressText is an address as a parameter gives it.
type addressText struct {
	schemas.Address
	given bool
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (a *addressText) UnmarshalText(text []byte) (err error) {
	a.Address, err = schemas.ParseAddress(string(text))
	a.given = err == nil
	return err
}

// Schema implements huma.SchemaProvider.
func (addressText) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Pattern: feltPattern, PatternDescription: "an address such as 0x1f", Examples: []any{"0x1f"}}
	s.PrecomputeMessages()
	return s
}

// Cursor says where a list goes on: below a row, as the list was when its first page was asked for. So what arrives meanwhile shifts no page:
// the pages after the first are read as of the first one's block. To clients it is one word.
type Cursor struct {
	List  string   // what the list is of: its route, filters and order
	Block int64    // that the first page is of
	After []string // what the last row is ordered by, the part that is unique last
	given bool
}

// cursorVersion is in every cursor, so that those of another version are refused.
const cursorVersion = 1

type cursorFields struct {
	Version int      `json:"v"`
	List    string   `json:"l"`
	Block   int64    `json:"b"`
	After   []string `json:"a"`
}

// MarshalText implements encoding.TextMarshaler.
func (c Cursor) MarshalText() ([]byte, error) {
	plain, err := json.Marshal(cursorFields{cursorVersion, c.List, c.Block, c.After})
	if err != nil {
		return nil, err
	}
	return base64.RawURLEncoding.AppendEncode(nil, plain), nil
}

var errCursor = errors.New("this is no cursor that a list has given")

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Cursor) UnmarshalText(text []byte) error {
	plain, err := base64.RawURLEncoding.Strict().DecodeString(string(text))
	if err != nil {
		return errCursor
	}
	var f cursorFields
	if err := json.Unmarshal(plain, &f); err != nil || f.Version != cursorVersion || f.Block < 0 || len(f.After) == 0 {
		return errCursor
	}
	*c = Cursor{List: f.List, Block: f.Block, After: f.After, given: true}
	if again, err := c.MarshalText(); err != nil || string(again) != string(text) {
		return errCursor
	}
	return nil
}

// Schema implements huma.SchemaProvider.
func (Cursor) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, MaxLength: new(1024)}
	s.PrecomputeMessages()
	return s
}

// Paged are the parameters of a list beside limit, which each list declares with its own bounds. Embed it after [Moment].
type Paged struct {
	Cursor Cursor `query:"cursor" doc:"Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile."`
	Page   int    `query:"page" minimum:"1" maximum:"10000" doc:"The page by its number, from 1: for clients that count. Not with cursor."`
	Offset int    `query:"offset" minimum:"0" maximum:"10000" doc:"How many rows to skip: for clients that count. Not with cursor or page."`
}

// place is where a page begins: below the row that is ordered by After, or else after as many rows as Offset.
type place struct {
	after  []string
	offset int
}

// begin returns where a page begins and as of when it is. List names the route, its filters and its order: a cursor of another list is refused.
// Keys is how many members the order has.
func (p Paged) begin(as projections.AsOf, list string, keys, limit int) (place, projections.AsOf, error) {
	c := p.Cursor
	switch {
	case c.given && (p.Page > 0 || p.Offset > 0), p.Page > 0 && p.Offset > 0:
		return place{}, as, problemError{fault(invalidCursor, "give one of cursor, page and offset")}
	case c.given && (c.List != list || len(c.After) != keys):
		return place{}, as, problemError{fault(invalidCursor, "cursor: it is of another list, or of other filters; begin again without it")}
	case c.given && as.Past() && (as.Block == nil || *as.Block != uint64(c.Block)):
		return place{}, as, problemError{fault(invalidCursor, "cursor: it is of another moment; begin again without it")}
	case c.given:
		return place{after: c.After}, projections.AsOf{Block: new(uint64(c.Block))}, nil
	case p.Page > 1:
		return place{offset: (p.Page - 1) * limit}, as, nil
	}
	return place{offset: p.Offset}, as, nil
}

// nextCursor is the cursor below a page's last row; nil at the end of the list.
func nextCursor(list string, at projections.Freshness, more bool, after ...string) *Cursor {
	if !more {
		return nil
	}
	return &Cursor{List: list, Block: at.Block, After: after}
}

// listOf names a list for its cursors: the route, and its filters and order with their values.
func listOf(route string, filters ...any) string {
	return fmt.Sprint(append([]any{route}, filters...)...)
}

// unix returns unix seconds, of a time that may not be known.
func unix(t *time.Time) *int64 {
	if t == nil {
		return nil
	}
	return new(t.Unix())
}

// filter is the address as rows have it; empty where none is given.
func (a addressText) filter() string {
	if !a.given {
		return ""
	}
	return a.String()
}

// jobNumber is a job's number as a parameter gives it.
type jobNumber struct {
	schemas.Amount
	given bool
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (n *jobNumber) UnmarshalText(text []byte) (err error) {
	n.Amount, err = schemas.ParseAmount(string(text))
	n.given = err == nil
	return err
}

func (n jobNumber) filter() string {
	if !n.given {
		return ""
	}
	return n.String()
}

// Schema implements huma.SchemaProvider.
func (jobNumber) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Pattern: "^[0-9]{1,77}$", PatternDescription: "a number", Examples: []any{"1042"}}
	s.PrecomputeMessages()
	return s
}
