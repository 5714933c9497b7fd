package pg

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

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
	from  string
	where []string // all must hold
	args  []any    // of where
	order []order  // the last member is unique
}

// order is a member of a list's order, in descending order.
type order struct {
	column string
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

// page reads a page of a list, and how long the list is.
func page[S any](ctx context.Context, tx pgx.Tx, l list, p projections.Page) (out projections.Listed[S], err error) {
	if err := tx.QueryRow(ctx, "select count(*) from "+l.from+l.conditions(), l.args...).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count: %w", err)
	}
	by, after := make([]string, len(l.order)), make([]string, len(l.order))
	columns := make([]string, len(l.order))
	for i, o := range l.order {
		by[i], columns[i] = o.column+" desc", o.column
		if len(p.After) == len(l.order) {
			l.args = append(l.args, p.After[i])
			after[i] = fmt.Sprintf("($%d::text)::%s", len(l.args), o.typ)
		}
	}
	if len(p.After) == len(l.order) {
		l.where = append(l.where, "("+strings.Join(columns, ", ")+") < ("+strings.Join(after, ", ")+")")
	}
	tail := fmt.Sprintf("from %s%s\norder by %s\nlimit %d offset %d", l.from, l.conditions(), strings.Join(by, ", "), p.Limit+1, p.Offset)
	if out.Rows, err = collect[S](ctx, tx, tail, l.args...); err != nil {
		return out, err
	}
	if out.More = len(out.Rows) > p.Limit; out.More {
		out.Rows = out.Rows[:p.Limit]
	}
	return out, nil
}
