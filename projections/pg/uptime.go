package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// uptimeQuery asks for what [uptimeOf] returns; worker, since and window are expressions.
func uptimeQuery(worker, since, window string) string {
	return fmt.Sprintf(`
select coalesce(sum(bit_count(e.bits)), 0)::bigint as expected,
       coalesce(sum(bit_count(e.bits & coalesce(u.bits, 0::bit(60)))), 0)::bigint as reported
from readers r
cross join lateral (select greatest(%[2]s, r.log_time - %[3]s) as since) b
left join listened_hour l on l.part = r.part and l.hour > b.since - interval '1 hour'
left join uptime_hour u on u.worker_address = %[1]s and u.hour = l.hour
left join lateral (select l.bits & minutes_between(l.hour, b.since, r.log_time) as bits) e on true
where r.reader = '%[4]s' and r.part = coalesce((select part from heartbeats_latest where worker_address = %[1]s), r.part)
group by r.part order by expected limit 1`, worker, since, window, HeartbeatReader)
}

// uptimeOf returns a worker's uptime in a window up to the last whole minute, by its partition's own time, that begins no earlier than a
// time such as its registration. A minute that nobody listened in is not expected. A worker that never reported belongs to a partition
// that the database does not know: what was expected of it is what was expected in the one that was listened to least.
func uptimeOf(ctx context.Context, tx pgx.Tx, worker schemas.Address, since time.Time, window time.Duration) (u projections.Uptime, err error) {
	q := uptimeQuery("$1", "$2", "$3::interval")
	err = tx.QueryRow(ctx, q, worker.String(), since, window).Scan(&u.Expected, &u.Reported)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return u, err
}
