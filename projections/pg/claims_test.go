package pg_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
)

// TestOpenClaimsAreFoundByIndexes: however many claims have a verdict, those that wait are found without a look at the others.
func TestOpenClaimsAreFoundByIndexes(t *testing.T) {
	pool, q := database(t)
	exec(t, pool, "insert into readers (reader, topic, part, next_offset, log_time, state) values ('chain', 'bitsage.chain', 0, 987, $1, '{\"final\":{\"number\":9000}}')", blockTime)
	exec(t, pool, `insert into blocks (number, hash, time, sealed, events, log_offset)
select n, '0x' || n, $1::timestamptz - make_interval(secs => 10000 - n), true, 0, n from generate_series(1, 10000) n`, blockTime)
	exec(t, pool, `insert into reward_claim_requests (claim_id, address, amount, claim_type, tx_hash, requested_at, part, log_offset, event_id, judged_block)
select 'c-' || n, '0x1', n, 'staking', '0x' || n, $1::timestamptz - make_interval(secs => 10000 - n), 0, n, 'e', case when n < 10000 then n end from generate_series(1, 10000) n`, blockTime)
	exec(t, pool, `insert into reward_claim_verdicts (claim_id, address, status, block_number, block_hash, judged_at, part, log_offset, event_id)
select 'c-' || n, '0x1', 'rejected', n, '0x' || n, $1, 0, n, 'e' from generate_series(1, 9999) n`, blockTime)
	exec(t, pool, "analyze")
	rows, err := pool.Query(t.Context(), "explain (analyze, costs off, timing off) "+pg.DueClaims, 500, projections.ClaimPatience)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	plan := strings.Join(lines, "\n")
	if !strings.Contains(plan, "reward_claim_requests_waiting") || !strings.Contains(plan, "reward_claim_verdicts_by_block") || strings.Contains(plan, "Seq Scan on reward_claim_") {
		t.Error(plan)
	}
	if open, err := q.OpenClaims(t.Context(), 500); err != nil || len(open) != 0 {
		t.Errorf("one claim waits, and nothing is to be said to it: %+v, %v", open, err)
	}
}
