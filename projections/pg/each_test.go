package pg_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// all returns the rows that each gives, and of which place they are.
func all[R any](t *testing.T, each func(func(projections.Freshness), func(R) error) error) (rows []R, at projections.Freshness) {
	t.Helper()
	if err := each(func(where projections.Freshness) { at = where }, func(r R) error { rows = append(rows, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return rows, at
}

// TestEachRowIsEveryRowOfTheList reads lists page by page and at once, in both directions.
func TestEachRowIsEveryRowOfTheList(t *testing.T) {
	pool, q := database(t)
	network(t, pool)
	exec(t, pool, `create table heartbeats_all partition of heartbeats default`)
	exec(t, pool, `insert into heartbeats (part, log_offset, worker_address, heartbeat_time, jobs_in_progress, version, event_id)
		select 3, n, $1, $2::timestamptz - make_interval(secs => 20 * (n / 3)), n, '1.' || n, 'x' from generate_series(1, 20) n`, account(1).String(), logTime)
	exec(t, pool, `insert into heartbeats (part, log_offset, worker_address, heartbeat_time, event_id) values (4, 1, $1, $2, 'x')`, account(2).String(), logTime)
	check := func(name string, list, each any, listAt, eachAt projections.Freshness, total int) {
		t.Helper()
		if reflect.ValueOf(each).Len() != total || !reflect.DeepEqual(list, each) || !reflect.DeepEqual(listAt, eachAt) {
			t.Errorf("%s: at once\n%+v\nby pages\n%+v", name, each, list)
		}
	}
	for _, ascending := range []bool{false, true} {
		for _, sort := range []string{"created_at", "completed_at", "payment_amount"} {
			for status, total := range map[string]int{"": 5, "completed": 2, "nothing": 0} {
				f := projections.JobFilter{Status: status}
				list, listAt := pages(t, projections.Page{Limit: 2, Sort: sort, Ascending: ascending}, func(p projections.Page) (projections.Listed[projections.JobView], projections.Freshness, error) {
					return q.Jobs(t.Context(), projections.AsOf{}, f, p)
				})
				each, eachAt := all(t, func(begin func(projections.Freshness), row func(projections.JobView) error) error {
					return q.EachJob(t.Context(), projections.AsOf{}, f, projections.Page{Sort: sort, Ascending: ascending}, begin, row)
				})
				check(fmt.Sprint("jobs by ", sort, status), list, each, listAt, eachAt, total)
			}
		}
		for total, span := range map[int]projections.Span{20: {}, 11: {Since: new(logTime.Add(-61 * time.Second)), Until: new(logTime.Add(time.Second))}, 9: {Until: new(logTime.Add(-61 * time.Second))}} {
			list, listAt := pages(t, projections.Page{Limit: 7, Ascending: ascending}, func(p projections.Page) (projections.Listed[projections.HeartbeatView], projections.Freshness, error) {
				return q.Heartbeats(t.Context(), account(1), span, p)
			})
			each, eachAt := all(t, func(begin func(projections.Freshness), row func(projections.HeartbeatView) error) error {
				return q.EachHeartbeat(t.Context(), account(1), span, projections.Page{Ascending: ascending}, begin, row)
			})
			check("heartbeats", list, each, listAt, eachAt, total)
		}
	}
	enough := errors.New("enough")
	err := q.EachJob(t.Context(), projections.AsOf{}, projections.JobFilter{}, projections.Page{}, func(projections.Freshness) {}, func(projections.JobView) error { return enough })
	if !errors.Is(err, enough) {
		t.Errorf("%v", err)
	}
}

// pages returns all rows of a list, read page by page.
func pages[R any](t *testing.T, p projections.Page, ask func(projections.Page) (projections.Listed[R], projections.Freshness, error)) (rows []R, at projections.Freshness) {
	t.Helper()
	for {
		found, where, err := ask(p)
		if err != nil {
			t.Fatal(err)
		}
		rows, at = append(rows, found.Rows...), where
		if !found.More {
			if int(found.Total) != len(rows) {
				t.Errorf("%d rows, and the list has %d", len(rows), found.Total)
			}
			return rows, at
		}
		p.After = found.Next
	}
}
