package pg

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// auditPages is about how many pages of a table rows are taken from by chance.
const auditPages = 64

// FirstBlock returns the block that the log begins with; false before there is one.
func (q *Questions) FirstBlock(ctx context.Context) (number uint64, known bool, err error) {
	var first *int64
	err = q.pool.QueryRow(ctx, "select min(number) from blocks").Scan(&first)
	if err != nil || first == nil {
		return 0, false, err
	}
	return uint64(*first), true, nil
}

// Total adds up the terms of an invariant.
func (q *Questions) Total(ctx context.Context, as projections.AsOf, terms []projections.Term) (*big.Int, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (*big.Int, error) {
		total := new(big.Int)
		for _, t := range terms {
			n, err := tx.term(ctx, t)
			if err != nil {
				return nil, fmt.Errorf("add up %s: %w", t.Table, err)
			}
			if t.Minus {
				n.Neg(n)
			}
			total.Add(total, n)
		}
		return total, nil
	})
}

func (s snapshot) term(ctx context.Context, t projections.Term) (*big.Int, error) {
	from, columns, err := s.audited(t.Table)
	if err != nil {
		return nil, err
	}
	c := conditions{columns: columns}
	what := "count(*)"
	if t.Of != "" {
		value, typ, err := c.value(t.Of)
		if err != nil {
			return nil, err
		}
		switch {
		case t.Distinct:
			what = "count(distinct " + value + ")"
		case typ == "numeric":
			what = "coalesce(sum(" + value + "), 0)"
		default:
			what = "coalesce(sum((" + value + ")::numeric), 0)"
		}
	}
	if err := c.add(t.Where); err != nil {
		return nil, err
	}
	var text string
	if err := s.QueryRow(ctx, "select ("+what+")::text from "+from+" r"+c.where(), c.args...).Scan(&text); err != nil {
		return nil, err
	}
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return nil, fmt.Errorf("%s of %s is %q, which is no whole number", t.Of, t.Table, text)
	}
	return n, nil
}

// Rows returns rows of a read model.
func (q *Questions) Rows(ctx context.Context, as projections.AsOf, of projections.RowsOf) ([]projections.Row, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) ([]projections.Row, error) {
		from, columns, err := tx.audited(of.Table)
		if err != nil {
			return nil, err
		}
		c := conditions{columns: columns}
		where := of.Where
		if of.Key != "" {
			where = append(slices.Clip(where), projections.Is{Column: columns[0].Name, Values: []any{of.Key}})
		}
		if err := c.add(where); err != nil {
			return nil, err
		}
		if of.Prefix != "" {
			c.args = append(c.args, of.Prefix)
			c.all = append(c.all, fmt.Sprintf("starts_with(r.%s, $%d)", columns[0].Name, len(c.args)))
		}
		query := from + " r" + c.where()
		if of.Key == "" {
			if tx.past {
				return nil, errors.New("rows by chance are of now")
			}
			var pages int64
			if err := tx.QueryRow(ctx, "select pg_relation_size($1::text::regclass) / current_setting('block_size')::int8", of.Table).Scan(&pages); err != nil {
				return nil, fmt.Errorf("size of %s: %w", of.Table, err)
			}
			share := 100 * min(1, auditPages/float64(max(pages, 1)))
			query = fmt.Sprintf("%s r tablesample system (%g)%s order by random() limit %d", from, share, c.where(), of.Limit)
		}
		rows, err := tx.Query(ctx, "select "+strings.Join(selected(columns), ", ")+" from "+query, c.args...)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, func(row pgx.CollectableRow) (projections.Row, error) {
			values, err := row.Values()
			out := projections.Row{}
			for i, v := range values {
				if t, ok := v.(time.Time); ok {
					v = t.UTC()
				}
				out[columns[i].Name] = v
			}
			return out, err
		})
	})
}

// audited is what a query names to see a read model as it was at the snapshot's moment, and its columns, an entity's key first.
func (s snapshot) audited(table string) (from string, columns []projections.Column, err error) {
	if e, ok := s.q.entities[table]; ok {
		return s.table(table), e.model.Columns, nil
	}
	for _, j := range s.q.journals {
		if j.Table != table {
			continue
		}
		if s.past {
			table = fmt.Sprintf("(select * from %s where block_number <= %d)", table, s.at.Block)
		}
		return table, j.Columns, nil
	}
	return "", nil, fmt.Errorf("%s: %w", table, ErrNoModel)
}

// conditions are those of an audit, in SQL.
type conditions struct {
	columns []projections.Column
	all     []string
	args    []any
}

func (c *conditions) where() string {
	if len(c.all) == 0 {
		return ""
	}
	return " where " + strings.Join(c.all, " and ")
}

// value is a column of the row r in SQL, which may go on into JSON, and its type.
func (c *conditions) value(column string) (sql, typ string, err error) {
	name, member, inside := strings.Cut(column, ".")
	i := slices.IndexFunc(c.columns, func(has projections.Column) bool { return has.Name == name })
	if i < 0 {
		return "", "", fmt.Errorf("there is no column %s", name)
	}
	if inside {
		c.args = append(c.args, member)
		return fmt.Sprintf("(r.%s ->> $%d::text)", name, len(c.args)), "text", nil
	}
	return "r." + name, tableType(c.columns[i]), nil
}

func (c *conditions) add(where []projections.Is) error {
	for _, is := range where {
		value, typ, err := c.value(is.Column)
		if err != nil {
			return err
		}
		var values []string
		null := "false"
		for _, v := range is.Values {
			if v == nil {
				null = value + " is null"
			} else {
				values = append(values, fmt.Sprint(v))
			}
		}
		holds := null
		if len(values) > 0 {
			c.args = append(c.args, values)
			holds = fmt.Sprintf("%s = any($%d::text[]::%s[])", value, len(c.args), typ)
			if null != "false" {
				holds = "(" + null + " or " + holds + ")"
			}
		}
		if is.Not {
			holds = "(" + holds + ") is not true"
		}
		c.all = append(c.all, holds)
	}
	return nil
}
