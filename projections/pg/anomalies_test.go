package pg

import (
	"testing"

	"github.com/bitsage-network/validator-dashboard/projections"
)

func TestAnomaliesAreListed(t *testing.T) {
	pool := database(t)
	for _, s := range []string{
		`insert into readers (reader, topic, part, next_offset) values ('chain', 'bitsage.chain', 0, 9)`,
		`insert into blocks select n, '0x' || n, null, '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 second', true, 1, n from generate_series(1, 5) n`,
		`insert into anomalies select n, n, 'event ' || n, '0x' || n, '2026-01-01T00:00:00Z', 'JobManager', 'JobCompleted', 'jobs', n::text, 'reason ' || n
from generate_series(1, 5) n`,
	} {
		if _, err := pool.Exec(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	q := NewQuestions(pool)
	for _, c := range []struct {
		as    projections.AsOf
		total int64
		first string
	}{
		{projections.AsOf{}, 5, "reason 5"},
		{projections.AsOf{Block: new(uint64(3))}, 3, "reason 3"},
	} {
		list, total, _, err := q.Anomalies(t.Context(), c.as, 2)
		if err != nil {
			t.Fatal(err)
		}
		if total != c.total || len(list) != 2 || list[0].Reason != c.first || list[0].TxHash.IsZero() {
			t.Errorf("%+v: %d anomalies, the first %+v; want %d, the first with %s", c.as, total, list, c.total, c.first)
		}
	}
}
