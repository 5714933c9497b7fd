package pg

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// collect reads rows as structs. The db tags of S name the columns; from is the rest of the query, in whose from clause every name of them
// means one thing.
func collect[S any](ctx context.Context, tx pgx.Tx, from string, args ...any) ([]S, error) {
	reader := projections.RowsAs[S]()
	rows, err := tx.Query(ctx, "select "+strings.Join(selected(reader.Columns()), ", ")+" "+from, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s S, err error) {
		values, err := row.Values()
		if err != nil {
			return s, err
		}
		return reader.Read(values)
	})
}

// collectOne is collect for at most one row.
func collectOne[S any](ctx context.Context, tx pgx.Tx, from string, args ...any) (s S, ok bool, err error) {
	found, err := collect[S](ctx, tx, from, args...)
	if err != nil || len(found) == 0 {
		return s, false, err
	}
	return found[0], true, nil
}

// list is a question for a page of rows: where they are from, which of them count, and how they are ordered.
type list struct {
	from    string
	counted string   // where they are from for whoever only counts them; empty where that is no simpler
	where   []string // all must hold
	args    []any    // of where
	order   []order  // the last member is unique
	// walked is an entity's table, where the list's order may be that in which its rows came to be: from is then over(table).
	walked string
	over   func(rows string) string
	by     string // a column with a history index that all rows of the list have one value in; empty where there is none
	value  string
}

// creation is the order in which an entity's rows came to be; see [walk].
func creation(key, typ string) []order { return []order{{"created_block", "bigint"}, {key, typ}} }

// walks tells whether the list is in the order in which its rows came to be.
func (l list) walks() bool { return l.walked != "" && l.order[0].column == "created_block" }

// filterByHistory is filterBy for a column with a history index.
func (l *list) filterByHistory(column, value string) {
	l.filterBy(column, value)
	if value != "" && l.by == "" {
		l.by, l.value = column, value
	}
}

// order is a member of a list's order, which is descending if the page does not say otherwise. It is never null.
type order struct {
	column string // or an expression: one that an index has
	typ    string // that a cursor's text is cast to
}

// filter adds a condition, in which %s stands for the argument.
func (l *list) filter(condition string, arg any) {
	l.args = append(l.args, arg)
	l.where = append(l.where, fmt.Sprintf(condition, fmt.Sprintf("$%d", len(l.args))))
}

func (l *list) conditions() string {
	if len(l.where) == 0 {
		return ""
	}
	return "\nwhere " + strings.Join(l.where, " and ")
}

// filterBy adds the condition that a column has a value, where one is asked for.
func (l *list) filterBy(column, value string) {
	if value != "" {
		l.filter(column+" = %s", value)
	}
}

// filterSpan adds the condition that a time lies in a span.
func (l *list) filterSpan(column string, span projections.Span) {
	if span.Since != nil {
		l.filter(column+" >= %s", *span.Since)
	}
	if span.Until != nil {
		l.filter(column+" < %s", *span.Until)
	}
}

// page reads a page of a list, and how long the list is.
func page[S any](ctx context.Context, tx snapshot, l list, p projections.Page) (out projections.Listed[S], err error) {
	counted := cmp.Or(l.counted, l.from)
	if err := tx.QueryRow(ctx, "select count(*) from "+counted+l.conditions(), l.args...).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count: %w", err)
	}
	beyond, before := " < ", " >= "
	if p.Ascending {
		beyond, before = " > ", " <= "
	}
	by, columns, place, after := make([]string, len(l.order)), make([]string, len(l.order)), make([]string, len(l.order)), make([]string, len(l.order))
	filters, filterArgs := l.where, slices.Clip(l.args)
	for i, o := range l.order {
		by[i], columns[i], place[i] = o.column+direction(p.Ascending), o.column, "("+o.column+")::text"
		if len(p.After) == len(l.order) {
			l.args = append(l.args, p.After[i])
			after[i] = fmt.Sprintf("($%d::text)::%s", len(l.args), o.typ)
		}
	}
	out.First = int64(p.Offset)
	if len(p.After) == len(l.order) {
		row, last, where := "("+strings.Join(columns, ", ")+")", "("+strings.Join(after, ", ")+")", l.where
		l.where = append(slices.Clip(where), row+before+last)
		if err := tx.QueryRow(ctx, "select count(*) from "+counted+l.conditions(), l.args...).Scan(&out.First); err != nil {
			return out, misplaced(fmt.Errorf("count those before: %w", err))
		}
		l.where = append(slices.Clip(where), row+beyond+last)
	}
	if l.walks() {
		w := walk{by: l.by, value: l.value, and: strings.Join(filters, " and "), oldestFirst: p.Ascending, limit: p.Offset + p.Limit + 1}
		if len(p.After) == len(l.order) {
			block, err := strconv.ParseInt(p.After[0], 10, 64)
			if err != nil {
				return out, projections.ErrAfter
			}
			w.after = &projections.RowPlace{Block: block, Key: p.After[1]}
		}
		l.args = filterArgs
		l.from, l.where = l.over(tx.walk(l.walked, w, &l.args)), nil
	}
	reader := projections.RowsAs[S]()
	query := fmt.Sprintf("select %s, array[%s] from %s%s\norder by %s\nlimit %d offset %d", strings.Join(selected(reader.Columns()), ", "), strings.Join(place, ", "),
		l.from, l.conditions(), strings.Join(by, ", "), p.Limit+1, p.Offset)
	rows, err := tx.Query(ctx, query, l.args...)
	if err != nil {
		return out, misplaced(err)
	}
	defer rows.Close()
	for rows.Next() {
		if out.More = len(out.Rows) == p.Limit; out.More {
			break
		}
		values, err := rows.Values()
		if err != nil {
			return out, err
		}
		row, err := reader.Read(values[:len(values)-1])
		if err != nil {
			return out, err
		}
		out.Rows, out.Next = append(out.Rows, row), nil
		for _, v := range values[len(values)-1].([]any) {
			out.Next = append(out.Next, fmt.Sprint(v))
		}
	}
	if !out.More {
		out.Next = nil
	}
	rows.Close()
	return out, misplaced(rows.Err())
}

// each gives every row of a list to row, in the order of the page, as the database tells them: the list is never held whole. Begin is given the
// place that they are of before the first.
func each[S any](ctx context.Context, q *Questions, as projections.AsOf, p projections.Page, of func(snapshot) list, begin func(projections.Freshness), row func(S) error) error {
	_, _, err := ask(ctx, q, as, func(tx snapshot) (none struct{}, err error) {
		l, reader := of(tx), projections.RowsAs[S]()
		by := make([]string, len(l.order))
		for i, o := range l.order {
			by[i] = o.column + direction(p.Ascending)
		}
		rows, err := tx.Query(ctx, "select "+strings.Join(selected(reader.Columns()), ", ")+" from "+l.from+l.conditions()+"\norder by "+strings.Join(by, ", "), l.args...)
		if err != nil {
			return none, err
		}
		defer rows.Close()
		begin(tx.at)
		for rows.Next() {
			values, err := rows.Values()
			if err != nil {
				return none, err
			}
			r, err := reader.Read(values)
			if err != nil {
				return none, err
			}
			if err := row(r); err != nil {
				return none, err
			}
		}
		return none, rows.Err()
	})
	if err != nil {
		return fmt.Errorf("each row of a list: %w", err)
	}
	return nil
}

// misplaced tells a place in a list that the database cannot read from other faults.
func misplaced(err error) error {
	const dataException = "22"
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && strings.HasPrefix(e.Code, dataException) {
		return projections.ErrAfter
	}
	return err
}
