package projections

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ColumnType says how a column's values travel between a state and the database.
type ColumnType int

// The column types, with the Go type of their values in a row. A missing value is nil.
const (
	Text    ColumnType = iota // string
	Int                       // int64
	Float                     // float64
	Bool                      // bool
	Time                      // time.Time, UTC, whole microseconds
	Numeric                   // string of decimal digits
	JSON                      // string
	Bits                      // string of 60 binary digits, see [Minutes]
	Bytes                     // []byte
)

// Column is one column of a read model.
type Column struct {
	Name string
	Type ColumnType
	// Observed says that the values come from views rather than events, so that nodes may differ in what they can tell. The tag
	// of such a field says so after a comma.
	Observed bool
}

// Maybe is a value that may be unknown. Unlike a pointer it compares by value.
type Maybe[T comparable] struct {
	Value T
	Known bool
}

// Known returns a known value.
func Known[T comparable](v T) Maybe[T] { return Maybe[T]{v, true} }

// or returns the value if it is known, and else the other one.
func (m Maybe[T]) or(other Maybe[T]) Maybe[T] {
	if m.Known {
		return m
	}
	return other
}

func (m Maybe[T]) column() (value any, known bool) { return m.Value, m.Known }

// restored returns a Maybe of the same type that holds the value that set stores.
func (m Maybe[T]) restored(set func(reflect.Value) error) (any, error) {
	m.Known = true
	err := set(reflect.ValueOf(&m.Value).Elem())
	return m, err
}

type maybe interface {
	column() (value any, known bool)
	restored(set func(reflect.Value) error) (any, error)
}

// RowReader reads structs out of rows: the db tags of S name the columns. Questions use it for what they find; a pointer may stand for what
// may be unknown.
type RowReader[S any] struct{ row row[S] }

// RowsAs returns the reader of S. It panics on a field that no column type fits: that is a fault of the program.
func RowsAs[S any]() RowReader[S] { return RowReader[S]{rowOf[S]()} }

// Columns returns what a row must hold, in order.
func (r RowReader[S]) Columns() []Column { return r.row.columns }

// Read returns the struct of a row's values.
func (r RowReader[S]) Read(values []any) (S, error) { return r.row.restore(values) }

// row maps a struct's tagged fields, those of embedded structs too, to columns.
type row[S any] struct {
	columns []Column
	fields  [][]int
}

// rowOf reads the db tags of S once. It panics on a field that no column type fits: that is a fault of the program.
func rowOf[S any]() row[S] {
	var r row[S]
	for _, field := range reflect.VisibleFields(reflect.TypeFor[S]()) {
		name, ok := field.Tag.Lookup("db")
		if !ok {
			continue
		}
		ft := field.Type
		if m, isMaybe := reflect.Zero(ft).Interface().(maybe); isMaybe {
			v, _ := m.column()
			ft = reflect.TypeOf(v)
		} else if ft.Kind() == reflect.Pointer {
			ft = ft.Elem()
		}
		name, option, _ := strings.Cut(name, ",")
		r.columns = append(r.columns, Column{Name: name, Type: columnType(ft, name), Observed: option == "observed"})
		r.fields = append(r.fields, field.Index)
	}
	return r
}

func columnType(t reflect.Type, name string) ColumnType {
	switch t {
	case reflect.TypeFor[schemas.Amount]():
		return Numeric
	case reflect.TypeFor[time.Time]():
		return Time
	case reflect.TypeFor[json.RawMessage]():
		return JSON
	case reflect.TypeFor[Minutes]():
		return Bits
	case reflect.TypeFor[schemas.Address](), reflect.TypeFor[schemas.Hash](), reflect.TypeFor[schemas.Felt]():
		return Text
	}
	switch t.Kind() {
	case reflect.String:
		return Text
	case reflect.Int64:
		return Int
	case reflect.Float64:
		return Float
	case reflect.Bool:
		return Bool
	}
	panic(fmt.Sprintf("projections: column %s: no column type for %s", strings.TrimSpace(name), t))
}

func (r row[S]) values(state any) []any {
	v := reflect.ValueOf(state)
	out := make([]any, len(r.fields))
	for i, f := range r.fields {
		out[i] = columnValue(v.FieldByIndex(f).Interface())
	}
	return out
}

func columnValue(v any) any {
	switch x := v.(type) {
	case maybe:
		inner, known := x.column()
		if !known {
			return nil
		}
		return columnValue(inner)
	case time.Time:
		return x.UTC().Truncate(time.Microsecond)
	case json.RawMessage:
		if x == nil {
			return nil
		}
		return string(x)
	case fmt.Stringer:
		return x.String()
	}
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.String {
		return rv.String()
	}
	return v
}

func (r row[S]) restore(values []any) (S, error) {
	var s S
	if len(values) != len(r.fields) {
		return s, fmt.Errorf("%d values for %d columns", len(values), len(r.fields))
	}
	v := reflect.ValueOf(&s).Elem()
	for i, f := range r.fields {
		if err := setField(v.FieldByIndex(f), values[i]); err != nil {
			return s, fmt.Errorf("column %s: %w", r.columns[i].Name, err)
		}
	}
	return s, nil
}

func setField(field reflect.Value, value any) error {
	if m, ok := field.Interface().(maybe); ok {
		if value == nil {
			return nil
		}
		restored, err := m.restored(func(v reflect.Value) error { return setField(v, value) })
		field.Set(reflect.ValueOf(restored))
		return err
	}
	if field.Kind() == reflect.Pointer && value != nil {
		field.Set(reflect.New(field.Type().Elem()))
		return setField(field.Elem(), value)
	}
	switch x := value.(type) {
	case nil:
		return nil
	case string:
		if t, ok := field.Addr().Interface().(interface{ UnmarshalText([]byte) error }); ok {
			return t.UnmarshalText([]byte(x))
		}
		if field.Kind() == reflect.String {
			field.SetString(x)
			return nil
		}
		if field.Type() == reflect.TypeFor[json.RawMessage]() {
			field.SetBytes([]byte(x))
			return nil
		}
	case time.Time:
		field.Set(reflect.ValueOf(x.UTC()))
		return nil
	default:
		if rv := reflect.ValueOf(value); rv.CanConvert(field.Type()) {
			field.Set(rv.Convert(field.Type()))
			return nil
		}
	}
	return fmt.Errorf("cannot hold a %T in a %s", value, field.Type())
}
