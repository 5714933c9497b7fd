package pg

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// walk is a part of the list of an entity's rows in the order in which they came to be: created_block, then key, the newest first. No
// event ever changes that order, so a page is found without a look at what is before it, now and as of any block.
type walk struct {
	// by is a column with a history index (see migration 009); all rows of the list hold value in it. Empty where the list is of all.
	by    string
	value any
	// and is a further condition on the row r, in SQL. What it leaves out is read all the same, so it is for what leaves out few.
	and string
	// after is where the page before ended.
	after       *projections.RowPlace
	oldestFirst bool
	limit       int
}

// walk returns what a query names after "from" to see a page of an entity's rows as they were at the snapshot's moment, and adds what it
// needs to the query's arguments. A query that joins anything to it says the order again, see [snapshot.order].
func (s snapshot) walk(table string, p walk, args *[]any) string {
	e := s.q.entities[table]
	key := e.model.Columns[0]
	arg := func(v any, cast string) string {
		*args = append(*args, v)
		return fmt.Sprintf("$%d::%s", len(*args), cast)
	}
	limit, place, filter := arg(p.limit, "int8"), "true", "true"
	if p.after != nil {
		relation := "<"
		if p.oldestFirst {
			relation = ">"
		}
		place = fmt.Sprintf("(r.created_block, r.%s) %s (%s, %s)", key.Name, relation, arg(p.after.Block, "int8"), arg(p.after.Key, tableType(key)))
	}
	if p.by != "" {
		column := e.columns[slices.IndexFunc(e.columns, func(c projections.Column) bool { return c.Name == p.by })]
		filter = fmt.Sprintf("r.%s = %s", p.by, arg(p.value, tableType(column)))
	}
	if p.and != "" {
		filter += " and (" + p.and + ")"
	}
	rows, order, at := e.names("r"), s.order("r", table, p.oldestFirst), s.at.Block
	if !s.past {
		return fmt.Sprintf("(select %s from %s r where %s and %s order by %s limit %s)", rows, table, place, filter, order, limit)
	}
	place += fmt.Sprintf(" and r.created_block <= %d", at)
	current, closed := fmt.Sprintf("r.valid_from <= %d", at), fmt.Sprintf("r.valid_from <= %[1]d and r.valid_to > %[1]d", at)
	if p.by == "" {
		// The current rows are all that ever came to be: their order is walked, and the version of each is looked up.
		return fmt.Sprintf(`(select r.* from (select r.created_block, r.%[1]s as walked from %[2]s r where %[3]s order by %[4]s) k
cross join lateral (
    select %[5]s from %[2]s r where r.%[1]s = k.walked and %[6]s
    union all select %[5]s from %[2]s_versions r where r.%[1]s = k.walked and %[7]s) r
where %[8]s order by k.created_block%[9]s, k.walked%[9]s limit %[10]s)`,
			key.Name, table, place, order, rows, current, closed, filter, direction(p.oldestFirst), limit)
	}
	one := fmt.Sprintf("%s and %s order by %s limit %s", place, filter, order, limit)
	return fmt.Sprintf(`(select r.* from (
    (select %[1]s from %[2]s r where %[3]s and %[4]s)
    union all select r.* from unnest('{%[5]s}'::int8[]) fork
    cross join lateral (select %[1]s from %[2]s_versions r where version_fork(r.valid_from, r.valid_to) = fork and %[6]s and %[4]s) r
) r order by %[7]s limit %[8]s)`, rows, table, current, one, forks(at), closed, order, limit)
}

// order is the order of a page whose rows a query names so.
func (s snapshot) order(row, table string, oldestFirst bool) string {
	return fmt.Sprintf("%[1]s.created_block%[3]s, %[1]s.%[2]s%[3]s", row, s.q.entities[table].model.Columns[0].Name, direction(oldestFirst))
}

func direction(oldestFirst bool) string {
	if oldestFirst {
		return ""
	}
	return " desc"
}

// forks lists the forks of all lives that a block may be part of: the blocks on the way to it in the binary tree of all blocks. The SQL
// function version_fork gives a version's. Whatever is found under a fork held at that block; so where few rows hold a value at a time
// few are read, however many have ever held it.
func forks(block int64) string {
	list := []string{strconv.FormatInt(block, 10)}
	for k := range 62 {
		if fork := block>>(k+1)<<(k+1) | 1<<k; fork != block {
			list = append(list, strconv.FormatInt(fork, 10))
		}
	}
	return strings.Join(list, ",")
}
