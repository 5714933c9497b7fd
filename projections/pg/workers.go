package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// workers are the rows of [projections.WorkerView]. What it takes to look up for one is looked up for those that are shown.
func (s snapshot) workers() string {
	return fmt.Sprintf(`(
select w.*, p.score, a.heartbeat_time, extract(epoch from a.age)::float8 as heartbeat_age, a.gpu_count, a.gpu_utilization_avg,
       a.jobs_in_progress as jobs_reported, a.version,
       (select count(*) from %[1]s j where j.worker_address = w.address and j.status = 'assigned') as jobs_in_progress,
       (select count(*) from %[1]s j where j.worker_address = w.address and j.completed_at > %[2]s) as jobs_last_day,
       (select g.gpu_model from gpu_latest g where g.worker_address = w.address and %[3]t order by g.gpu_index limit 1) as gpu_model,
       (select bool_or(g.has_tee) from gpu_latest g where g.worker_address = w.address and %[3]t) as has_tee
from %[4]s w
left join %[5]s p on p.worker_id = w.worker_id
left join %[6]s a on a.worker_address = w.address) w`, s.table("jobs"), s.ago(24*time.Hour), s.telemetry, s.table("workers"), s.table("reputations"), s.alive())
}

// ago is a time before the snapshot's moment, in SQL.
func (s snapshot) ago(d time.Duration) string {
	if !s.at.Known {
		return "timestamptz '-infinity'"
	}
	return "timestamptz '" + s.at.Time.UTC().Add(-d).Format(time.RFC3339Nano) + "'"
}

// Workers returns workers, those with most completed jobs first.
func (q *Questions) Workers(ctx context.Context, as projections.AsOf, f projections.WorkerFilter, p projections.Page) (projections.Listed[projections.WorkerView], projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.Listed[projections.WorkerView], error) {
		tx.telemetry = tx.telemetry || p.Telemetry
		l := list{from: tx.workers(), counted: tx.table("workers") + " w", order: []order{{"jobs_completed", "bigint"}, {"address", "text"}}}
		switch p.Sort {
		case "staked_amount", "total_earnings":
			l.order[0] = order{p.Sort, "numeric"}
		case "registered_at":
			l.order[0] = order{"coalesce(registered_at, '-infinity')", "timestamptz"}
		}
		if f.Registered {
			l.where = append(l.where, "registered_at is not null")
		}
		if f.Staked {
			l.where = append(l.where, "staked_amount > 0")
		}
		l.filterBy("lower(gpu_tier)", f.Tier)
		if f.Status != "" {
			l.counted = ""
			l.where = append(l.where, map[projections.Liveness]string{
				projections.Online: "heartbeat_age < 120", projections.Idle: "heartbeat_age >= 120 and heartbeat_age < 600",
				projections.Offline: "heartbeat_age >= 600", projections.Unheard: "heartbeat_age is null",
			}[f.Status])
		}
		found, err := page[projections.WorkerView](ctx, tx, l, p)
		if err != nil {
			return found, fmt.Errorf("list workers: %w", err)
		}
		return found, nil
	})
}

// Worker returns one worker; ok is false where the chain has never told of the account.
func (q *Questions) Worker(ctx context.Context, as projections.AsOf, address schemas.Address) (w projections.WorkerStatus, ok bool, at projections.Freshness, err error) {
	w, at, err = ask(ctx, q, as, func(tx snapshot) (w projections.WorkerStatus, err error) {
		if w.WorkerView, ok, err = collectOne[projections.WorkerView](ctx, tx, "from "+tx.workers()+" where w.address = $1", address.String()); err != nil || !ok || tx.past {
			return w, err
		}
		up, err := uptimeOf(ctx, tx, address, sinceRegistration(w.RegisteredAt), 24*time.Hour)
		w.UptimePercent = up.Percent()
		return w, err
	})
	if err != nil {
		return w, false, at, fmt.Errorf("worker %s: %w", address, err)
	}
	return w, ok, at, nil
}

// WorkerByID returns the account that the JobManager registered under an id; ok is false where it did not.
func (q *Questions) WorkerByID(ctx context.Context, id schemas.Felt) (address schemas.Address, ok bool, err error) {
	type row struct {
		Address schemas.Address `db:"address"`
	}
	r, _, err := ask(ctx, q, projections.AsOf{}, func(tx snapshot) (r row, err error) {
		r, ok, err = collectOne[row](ctx, tx, "from workers where worker_id = $1 order by address limit 1", id.String())
		return r, err
	})
	if err != nil {
		return address, false, fmt.Errorf("worker %s: %w", id, err)
	}
	return r.Address, ok, nil
}

func sinceRegistration(at *time.Time) time.Time {
	if at == nil {
		return time.Unix(0, 0)
	}
	return *at
}

// WorkerReports returns what a worker last reported, and its uptime in a window.
func (q *Questions) WorkerReports(ctx context.Context, address schemas.Address, window time.Duration) (projections.WorkerReports, projections.Freshness, error) {
	r, at, err := ask(ctx, q, projections.AsOf{}, func(tx snapshot) (r projections.WorkerReports, err error) {
		r, _, err = collectOne[projections.WorkerReports](ctx, tx, `
from (select h.heartbeat_time, extract(epoch from h.age)::float8 as age, h.gpu_count, h.gpu_utilization_avg, h.jobs_in_progress, h.version, c.*
      from (select count(*) as claims, coalesce(sum(amount), 0) as claimed from reward_claims where address = $1) c
      left join `+tx.alive()+` h on h.worker_address = $1) r`, address.String())
		if err != nil {
			return r, err
		}
		type registration struct {
			At *time.Time `db:"registered_at"`
		}
		registered, _, err := collectOne[registration](ctx, tx, "from workers where address = $1", address.String())
		if err != nil {
			return r, err
		}
		r.Up, err = uptimeOf(ctx, tx, address, sinceRegistration(registered.At), window)
		return r, err
	})
	if err != nil {
		return r, at, fmt.Errorf("reports of worker %s: %w", address, err)
	}
	return r, at, nil
}

// heartbeats is the list of a worker's heartbeats, the newest first.
func (snapshot) heartbeats(worker schemas.Address, span projections.Span) list {
	l := list{from: "heartbeats h", order: []order{{"heartbeat_time", "timestamptz"}, {"log_offset", "bigint"}}}
	l.filterBy("worker_address", worker.String())
	l.filterSpan("heartbeat_time", span)
	return l
}

// Heartbeats returns a worker's heartbeats that the database still has, the newest first.
func (q *Questions) Heartbeats(ctx context.Context, worker schemas.Address, span projections.Span, p projections.Page) (projections.Listed[projections.HeartbeatView], projections.Freshness, error) {
	return ask(ctx, q, projections.AsOf{}, func(tx snapshot) (projections.Listed[projections.HeartbeatView], error) {
		found, err := page[projections.HeartbeatView](ctx, tx, tx.heartbeats(worker, span), p)
		if err != nil {
			return found, fmt.Errorf("heartbeats of worker %s: %w", worker, err)
		}
		return found, nil
	})
}

// EachHeartbeat gives every heartbeat of the list of [Questions.Heartbeats] to row, see [each].
func (q *Questions) EachHeartbeat(ctx context.Context, worker schemas.Address, span projections.Span, p projections.Page, begin func(projections.Freshness), row func(projections.HeartbeatView) error) error {
	return each(ctx, q, projections.AsOf{}, p, func(tx snapshot) list { return tx.heartbeats(worker, span) }, begin, row)
}

// GPUs returns what a worker last reported of its GPUs.
func (q *Questions) GPUs(ctx context.Context, address schemas.Address) ([]projections.GPUView, projections.Freshness, error) {
	list, at, err := ask(ctx, q, projections.AsOf{}, func(tx snapshot) ([]projections.GPUView, error) {
		return collect[projections.GPUView](ctx, tx, `
from (select g.*, extract(epoch from r.log_time - g.recorded_at)::float8 as age
      from gpu_latest g left join readers r on r.topic = g.topic and r.part = g.part where g.worker_address = $1) g
order by gpu_index`, address.String())
	})
	if err != nil {
		return nil, at, fmt.Errorf("GPUs of worker %s: %w", address, err)
	}
	return list, at, nil
}
