package pg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Anomalies returns the newest events that cannot be, by what the log held before them, and how many there are in all.
func (q *Questions) Anomalies(ctx context.Context, as projections.AsOf, limit int) (list []projections.Anomaly, total int64, at projections.Freshness, err error) {
	list, at, err = ask(ctx, q, as, func(tx snapshot) ([]projections.Anomaly, error) {
		if err := tx.QueryRow(ctx, "select count(*) from anomalies where block_number <= $1", tx.at.Block).Scan(&total); err != nil {
			return nil, fmt.Errorf("count anomalies: %w", err)
		}
		const newest = `
select block_number, log_offset, event_id, tx_hash, block_timestamp, contract_name, event_type, read_model, entity_key, reason
from anomalies where block_number <= $1 order by log_offset desc, read_model, entity_key limit $2`
		rows, err := tx.Query(ctx, newest, tx.at.Block, limit)
		if err != nil {
			return nil, fmt.Errorf("list anomalies: %w", err)
		}
		return pgx.CollectRows(rows, anomalyOf)
	})
	return list, total, at, err
}

func anomalyOf(row pgx.CollectableRow) (a projections.Anomaly, err error) {
	var hash string
	if err := row.Scan(&a.BlockNumber, &a.Offset, &a.EventID, &hash, &a.Time, &a.Contract, &a.EventType, &a.Model, &a.Key, &a.Reason); err != nil {
		return a, err
	}
	a.Time = a.Time.UTC()
	a.TxHash, err = schemas.ParseHash(hash)
	return a, err
}
