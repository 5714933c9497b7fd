package pg

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// sqlTypes gives each column type its type on the wire and, where that differs, what it is cast to in the table.
var sqlTypes = map[projections.ColumnType]struct{ wire, table string }{
	projections.Text:    {"text", ""},
	projections.Int:     {"int8", ""},
	projections.Float:   {"float8", ""},
	projections.Bool:    {"bool", ""},
	projections.Time:    {"timestamptz", ""},
	projections.Numeric: {"text", "numeric"},
	projections.JSON:    {"text", "jsonb"},
	projections.Bits:    {"text", "bit(60)"},
	projections.Bytes:   {"bytea", ""},
}

// versionColumns follow an entity's own columns in its table.
var versionColumns = []projections.Column{
	{Name: "created_block", Type: projections.Int},
	{Name: "valid_from", Type: projections.Int},
	{Name: "log_offset", Type: projections.Int},
}

// entitySQL is the statements of one entity's table, written once.
type entitySQL struct {
	model   projections.EntityModel
	columns []projections.Column // the model's, then versionColumns
	closed  []projections.Column // columns and the version's end
	load    string
	upsert  string
	insert  string // of closed versions
	revert  []string
}

func newEntitySQL(m projections.EntityModel) entitySQL {
	e := entitySQL{model: m, columns: append(append([]projections.Column{}, m.Columns...), versionColumns...)}
	key := m.Columns[0]
	var names, sets, restored []string
	for i, c := range e.columns {
		names = append(names, c.Name)
		if i > 0 {
			sets = append(sets, c.Name+" = excluded."+c.Name)
			restored = append(restored, c.Name+" = v."+c.Name)
		}
	}
	e.load = fmt.Sprintf("select %s from %s where %s = any($1::text[]%s)",
		strings.Join(selected(e.columns), ", "), m.Table, key.Name, arrayCast(key))
	e.upsert = fmt.Sprintf("insert into %s (%s) select %s on conflict (%s) do update set %s",
		m.Table, strings.Join(names, ", "), unnest(e.columns), key.Name, strings.Join(sets, ", "))
	e.closed = append(append([]projections.Column{}, e.columns...), projections.Column{Name: "valid_to", Type: projections.Int})
	e.insert = insertRows(m.Table+"_versions", e.closed)
	e.revert = []string{
		fmt.Sprintf("delete from %s where created_block > $1", m.Table),
		fmt.Sprintf(`update %[1]s r set %[2]s from %[1]s_versions v
where r.valid_from > $1 and v.%[3]s = r.%[3]s and v.valid_from <= $1 and v.valid_to > $1`, m.Table, strings.Join(restored, ", "), key.Name),
		fmt.Sprintf("delete from %s_versions where valid_to > $1", m.Table),
	}
	return e
}

// selected is what a query selects to read columns as Go values: under another name where they are text then, so that an order by the column's
// name is not one by its text.
func selected(columns []projections.Column) []string {
	out := columnNames(columns)
	for i, c := range columns {
		if sqlTypes[c.Type].table != "" {
			out[i] += "::text as " + c.Name + "_text"
		}
	}
	return out
}

// arrayCast casts a text array parameter to the key column's own type, so that its index serves.
func arrayCast(c projections.Column) string {
	if cast := sqlTypes[c.Type].table; cast != "" {
		return "::" + cast + "[]"
	}
	return ""
}

// tableType is a column's type in its table.
func tableType(c projections.Column) string {
	t := sqlTypes[c.Type]
	return cmp.Or(t.table, t.wire)
}

// names lists the columns of a row that a query names so.
func (e entitySQL) names(row string) string {
	var names []string
	for _, c := range e.columns {
		names = append(names, row+"."+c.Name)
	}
	return strings.Join(names, ", ")
}

// unnest is a select list and source that turns one array parameter per column into rows.
func unnest(columns []projections.Column) string {
	var list, arrays, names []string
	for i, c := range columns {
		t := sqlTypes[c.Type]
		name := fmt.Sprintf("c%d", i)
		names = append(names, name)
		arrays = append(arrays, fmt.Sprintf("$%d::%s[]", i+1, t.wire))
		if t.table != "" {
			name += "::" + t.table
		}
		list = append(list, name)
	}
	return fmt.Sprintf("%s from unnest(%s) as u(%s)", strings.Join(list, ", "), strings.Join(arrays, ", "), strings.Join(names, ", "))
}

// insertRows is a statement that adds rows to a table.
func insertRows(table string, columns []projections.Column) string {
	return fmt.Sprintf("insert into %s (%s) select %s", table, strings.Join(columnNames(columns), ", "), unnest(columns))
}

func columnNames(columns []projections.Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// arrays turns rows into one array per column, for unnest.
func arrays(columns []projections.Column, rows [][]any) []any {
	out := make([]any, len(columns))
	for i, c := range columns {
		switch c.Type {
		case projections.Int:
			out[i] = column[int64](rows, i)
		case projections.Float:
			out[i] = column[float64](rows, i)
		case projections.Bool:
			out[i] = column[bool](rows, i)
		case projections.Time:
			out[i] = column[time.Time](rows, i)
		case projections.Bytes:
			out[i] = column[[]byte](rows, i)
		default:
			out[i] = column[string](rows, i)
		}
	}
	return out
}

func column[T any](rows [][]any, i int) []*T {
	out := make([]*T, len(rows))
	for r, row := range rows {
		if v, ok := row[i].(T); ok {
			out[r] = &v
		}
	}
	return out
}

// versionRow is a version's row in its table.
func (e entitySQL) versionRow(v projections.Version) []any {
	return append(e.model.Values(v.State), v.Created, v.From, v.Offset)
}

// loadRows reads the current versions of keys.
func (e entitySQL) loadRows(rows pgx.Rows) (map[string]projections.Version, error) {
	found := map[string]projections.Version{}
	for rows.Next() {
		key, v, err := e.version(rows)
		if err != nil {
			return nil, err
		}
		found[key] = v
	}
	return found, rows.Err()
}

// version reads a row whose columns are those of selected.
func (e entitySQL) version(rows pgx.Rows) (key string, v projections.Version, err error) {
	values, err := rows.Values()
	if err != nil {
		return "", v, err
	}
	n := len(e.model.Columns)
	if v.State, err = e.model.Restore(values[:n]); err != nil {
		return "", v, err
	}
	key, ok := values[0].(string)
	if !ok {
		return "", v, fmt.Errorf("key of %s is a %T", e.model.Table, values[0])
	}
	for i, to := range []*int64{&v.Created, &v.From, &v.Offset} {
		if *to, ok = values[n+i].(int64); !ok {
			return "", v, fmt.Errorf("column %s of %s is a %T", versionColumns[i].Name, e.model.Table, values[n+i])
		}
	}
	return key, v, nil
}

// copyRows appends rows by COPY.
func copyRows(ctx context.Context, tx pgx.Tx, table string, columns []projections.Column, rows [][]any) error {
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columnNames(columns), pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("copy into %s: %w", table, err)
	}
	return nil
}
