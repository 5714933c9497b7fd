package pg

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Crew is the processes that share the partitions of telemetry, as one of them sees it. Who is in it says so again and again; after
// [LeaseTTL] of silence it no longer counts. That is courtesy, so that each takes its share: what makes it safe is the lease of each
// partition.
type Crew struct {
	pool *pgxpool.Pool
	id   string
}

// Crew returns the crew for a process. Owner names it, for people.
func (s *TelemetryStore) Crew(owner string) *Crew {
	return &Crew{pool: s.pool, id: owner + "/" + rand.Text()[:8]} // a name may be another process's on another machine
}

// Muster tells the others that this process lives. It returns how many processes do, how many of them come before this one, and the
// partitions that nobody reads.
func (c *Crew) Muster(ctx context.Context) (live, before int, free []int32, err error) {
	const muster = `
with here as (
    insert into projectors (id, seen_until) values ($1, now() + $2::interval)
    on conflict (id) do update set seen_until = excluded.seen_until where projectors.seen_until < now() + $2::interval * 2 / 3
)
select (select count(*) from projectors where seen_until > now() and id <> $1) + 1,
       (select count(*) from projectors where seen_until > now() and id < $1),
       coalesce((select array_agg(p::int4) from generate_series(0, $5::int4 - 1) p
           where not exists (select from readers where reader = $3 and topic = $4 and part = p and lease_until >= now())), '{}')`
	err = c.pool.QueryRow(ctx, muster, c.id, LeaseTTL, HeartbeatReader, schemas.TopicHeartbeats, schemas.TelemetryPartitions).Scan(&live, &before, &free)
	if err != nil {
		return 0, 0, nil, fmt.Errorf("muster of those who read telemetry: %w", err)
	}
	return live, before, free, nil
}

// Leave tells the others that this process no longer counts, and forgets those that have not for long.
func (c *Crew) Leave(ctx context.Context) error {
	if _, err := c.pool.Exec(ctx, "delete from projectors where id = $1 or seen_until < now() - interval '1 hour'", c.id); err != nil {
		return fmt.Errorf("leave those who read telemetry: %w", err)
	}
	return nil
}
