package pg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// Watermarks returns how far the read models are. It is one look at a few rows.
func (q *Questions) Watermarks(ctx context.Context) (w projections.Watermarks, err error) {
	const marks = `
select reader, md5(string_agg(concat_ws(' ', topic, part, next_offset, fingerprint, versions), ',' order by topic, part))
from readers where reader in ($1, $2) group by reader`
	rows, err := q.pool.Query(ctx, marks, ChainReader, HeartbeatReader)
	if err != nil {
		return w, fmt.Errorf("watermarks: %w", err)
	}
	var reader, mark string
	_, err = pgx.ForEachRow(rows, []any{&reader, &mark}, func() error {
		if reader == ChainReader {
			w.Chain = mark
		} else {
			w.Telemetry = mark
		}
		return nil
	})
	if err != nil {
		return w, fmt.Errorf("watermarks: %w", err)
	}
	return w, nil
}
