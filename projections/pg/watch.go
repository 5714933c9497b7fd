package pg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// Watch returns what monitoring asks. No more than limit workers and as many voters come by name: the first that registered and voted, so
// that whoever has a name keeps it. The others come last and together.
func (q *Questions) Watch(ctx context.Context, limit int) (projections.Watch, error) {
	w, _, err := ask(ctx, q, projections.AsOf{}, func(tx snapshot) (w projections.Watch, err error) {
		if w.Workers, err = watchedWorkers(ctx, tx, limit); err != nil {
			return w, fmt.Errorf("workers: %w", err)
		}
		const votes = `
with voters as (
    select voter_address, count(*) as votes, row_number() over (order by min(log_offset)) as place from consensus_votes group by 1
)
select case when place <= $1 then voter_address else '' end, sum(votes)::bigint from voters group by 1 order by min(place)`
		rows, err := tx.Query(ctx, votes, limit)
		if err != nil {
			return w, fmt.Errorf("votes: %w", err)
		}
		if w.Votes, err = pgx.CollectRows(rows, pgx.RowToStructByPos[projections.VoterWatch]); err != nil {
			return w, fmt.Errorf("votes: %w", err)
		}
		ended, err := counts(ctx, tx, "select status, count(*) from fraud_cases where contract_name = 'FraudProof' and status <> 'open' group by 1")
		if err != nil {
			return w, fmt.Errorf("rounds: %w", err)
		}
		w.Rounds = map[projections.CaseStatus]int64{}
		for status, n := range ended {
			w.Rounds[projections.CaseStatus(status)] = n
		}
		const numbers = `
select coalesce((select sum(frauds_detected) from network_hours), 0)::bigint,
       (select validators from consensus_rounds where validators is not null order by epoch desc limit 1)`
		if err := tx.QueryRow(ctx, numbers).Scan(&w.Frauds, &w.Validators); err != nil {
			return w, fmt.Errorf("frauds and validators: %w", err)
		}
		return w, nil
	})
	if err != nil {
		return w, fmt.Errorf("watch: %w", err)
	}
	return w, nil
}

func watchedWorkers(ctx context.Context, tx snapshot, limit int) ([]projections.WorkerWatch, error) {
	query := `
with placed as (
    select address, registered_at, row_number() over (order by registered_at, address) as place from workers where registered_at is not null
)
select case when place <= $1 then address else '' end,
       avg(100 * u.reported::float8 / nullif(u.expected, 0)),
       avg(a.gpu_utilization_avg) filter (where a.age < interval '2 minutes')
from placed w
left join ` + tx.alive() + ` a on a.worker_address = w.address
left join lateral (` + uptimeQuery("w.address", "w.registered_at", "interval '24 hours'") + `) u on true
group by 1 order by min(place)`
	rows, err := tx.Query(ctx, query, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[projections.WorkerWatch])
}
