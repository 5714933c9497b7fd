package pg_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

// The log's time of heartbeats is far from the chain's and both are far from the clock's: an answer that used the wrong one
// would show.
var (
	blockTime = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	logTime   = time.Date(2025, 3, 1, 12, 0, 30, 0, time.UTC)
)

func account(n byte) schemas.Address { return schemas.Address{0: 1, 31: n} }

func database(t *testing.T) (*pgxpool.Pool, *pg.Questions) {
	t.Helper()
	pool, err := pg.Open(t.Context(), embeddedtest.Postgres(t), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := migrations.Apply(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return pool, pg.NewQuestions(pool)
}

func exec(t *testing.T, pool *pgxpool.Pool, statement string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("%v in %s", err, statement)
	}
}

// network fills the tables with a small network.
func network(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	exec(t, pool, `insert into readers (reader, topic, part, next_offset, log_time) values
		('chain', 'bitsage.chain', 0, 987, $1), ('heartbeats', 'bitsage.heartbeats', 3, 50, $2), ('heartbeats', 'bitsage.heartbeats', 4, 50, $2)`, blockTime, logTime)
	exec(t, pool, `insert into blocks (number, hash, time, sealed, events, log_offset) values
		(119, '0x77', $1::timestamptz - interval '30 s', true, 2, 970), (120, '0x78', $1, true, 2, 986), (121, '0x79', $1::timestamptz + interval '30 s', false, 1, 987)`, blockTime)
	const worker = `insert into workers (address, worker_id, registered_at, staked_amount, locked_amount, slashed_amount, gpu_tier, stake_active,
		failures, jobs_assigned, jobs_completed, total_earnings, rewards_claimed, created_block, valid_from, log_offset)
		values ($1, $2, $3, $4::numeric, 0, 0, $5, $6, 0, 0, $7, $8::numeric, 0, 1, 1, 1)`
	long := logTime.Add(-48 * time.Hour)
	// More wei than a float or an int64 holds.
	exec(t, pool, worker, account(1).String(), "0x7", long, "340282366920938463463374607431768211457", "DataCenter", true, 5, "18446744073709551617")
	exec(t, pool, worker, account(2).String(), "0x8", logTime.Add(-time.Hour), "3", "DataCenter", true, 9, "0")
	exec(t, pool, worker, account(3).String(), nil, long, "0", nil, false, 0, "0")
	// Staked, but never registered: the network does not count it.
	exec(t, pool, worker, account(4).String(), nil, nil, "1000", "Consumer", true, 0, "0")
	exec(t, pool, `insert into reputations values ('0x7', 872, $1, 1, 1, 1)`, blockTime)
	const latest = `insert into heartbeats_latest (worker_address, part, log_offset, heartbeat_time, gpu_count, gpu_utilization_avg, event_id)
		values ($1, $2, 1, $3, $4, $5, 'x')`
	exec(t, pool, latest, account(1).String(), 3, logTime.Add(-20*time.Second), 2, 43.75)
	exec(t, pool, latest, account(2).String(), 4, logTime.Add(-5*time.Minute), nil, nil)
	exec(t, pool, latest, account(4).String(), 3, logTime, nil, nil)
	// Both partitions were listened to all the time. Worker 1: the last twelve hours, and an hour before the day. Worker 2: since it
	// registered.
	const hours = `
select date_trunc('hour', m, 'UTC') as hour, bit_or((1::bigint << (59 - extract(minute from m at time zone 'UTC')::int))::bit(60)) as bits
from generate_series($1::timestamptz, $2, interval '1 minute') m group by 1`
	listened := func(part int, from, to time.Time) {
		exec(t, pool, "insert into listened_hour (part, hour, bits, log_offset) select $3, hour, bits, 1 from ("+hours+") h", from, to, part)
	}
	reported := func(worker byte, part int, from, to time.Time) {
		exec(t, pool, "insert into uptime_hour (worker_address, hour, bits, part, log_offset) select $3, hour, bits, $4, 1 from ("+hours+") h",
			from, to, account(worker).String(), part)
	}
	listened(3, logTime.Add(-48*time.Hour), logTime)
	listened(4, logTime.Add(-48*time.Hour), logTime)
	reported(1, 3, logTime.Add(-12*time.Hour), logTime)
	reported(1, 3, logTime.Add(-27*time.Hour), logTime.Add(-26*time.Hour))
	reported(2, 4, logTime.Add(-time.Hour), logTime)
	const job = `insert into jobs (job_id, client_address, worker_address, status, payment_amount, paid_amount, submitted_at, assigned_at, completed_at,
		tx_hash, created_block, valid_from, log_offset) values ($1::numeric, $2, $3, $4, $5::numeric, $6::numeric, $7, $8, $9, '0x1', $10, $11, 1)`
	ago := func(d time.Duration) time.Time { return blockTime.Add(-d) }
	exec(t, pool, job, "9", account(9).String(), account(1).String(), "completed", "2000000000000000000", "1800000000000000000", ago(30*time.Hour), ago(30*time.Hour), ago(23*time.Hour), 109, 110)
	exec(t, pool, job, "10", account(9).String(), account(2).String(), "completed", "1", nil, ago(2*time.Hour), ago(2*time.Hour), ago(time.Hour), 109, 118)
	exec(t, pool, job, "11", account(9).String(), account(1).String(), "assigned", "1", nil, ago(time.Minute), ago(time.Second), nil, 119, 120)
	exec(t, pool, job, "12", account(9).String(), nil, "pending", "1", nil, ago(time.Minute), nil, nil, 119, 120)
	exec(t, pool, job, "13", nil, account(1).String(), "unknown", nil, nil, nil, nil, nil, 20, 120)
	exec(t, pool, `insert into blockchain_events (block_number, tx_index, event_index, event_id, contract_address, contract_name, event_name, event_type,
		raw, tx_hash, block_hash, block_timestamp, log_offset)
		select 120, 0, n, 'x', '0x1', c, e, 'x', '{}', '0x1', '0x1', $1, 1
		from (values (1, 'ProofVerifier', 'ProofVerified'), (2, 'StwoVerifier', 'ProofVerified'), (3, 'ProofVerifier', 'ProofRejected')) v (n, c, e)`, blockTime)
}

func TestQuestionsOnANetwork(t *testing.T) {
	pool, q := database(t)
	network(t, pool)
	where := projections.Freshness{Known: true, Block: 120, Hash: "0x78", Time: blockTime, Next: 987, Finality: schemas.AcceptedOnL2}
	fresh := func(t *testing.T, at projections.Freshness) {
		t.Helper()
		at.Time = at.Time.UTC()
		if at != where {
			t.Errorf("the answer is of %+v, want %+v", at, where)
		}
	}

	t.Run("stats", func(t *testing.T) {
		s, at, err := q.NetworkStats(t.Context(), projections.AsOf{})
		if err != nil {
			t.Fatal(err)
		}
		fresh(t, at)
		if s.AvgSeconds == nil || *s.AvgSeconds != 4*3600 || s.ComputeHours != 8 {
			t.Errorf("jobs took %v s on average and %v h in all, want 14400 and 8", s.AvgSeconds, s.ComputeHours)
		}
		got := fmt.Sprint(s.Workers, *s.ActiveWorkers, s.Staked, s.ByTier, s.JobsByStatus, s.JobsLastDay, s.CompletedLastDay, s.Proofs)
		const want = "3 1 340282366920938463463374607431768211460 map[datacenter:2] map[assigned:1 completed:2 pending:1 unknown:1] 3 2 2"
		if got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	})

	t.Run("workers", func(t *testing.T) {
		found, at, err := q.Workers(t.Context(), projections.AsOf{}, projections.WorkerFilter{Registered: true}, projections.Page{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		fresh(t, at)
		var got []string
		for _, w := range found.Rows {
			reputation := "?"
			if w.Reputation != nil {
				reputation = fmt.Sprint(*w.Reputation)
			}
			got = append(got, fmt.Sprintf("%d %s %d %s", w.Address[31], w.Liveness(), w.JobsCompleted, reputation))
		}
		if want := "[2 idle 9 ? 1 online 5 872 3 unknown 0 ?]"; found.Total != 3 || fmt.Sprint(got) != want {
			t.Errorf("%d: %v, want 3: %s", found.Total, got, want)
		}
		found, _, err = q.Workers(t.Context(), projections.AsOf{}, projections.WorkerFilter{Registered: true}, projections.Page{Limit: 1})
		if err != nil || len(found.Rows) != 1 || found.Total != 3 || !found.More {
			t.Errorf("a page of one: %d of %d, %v", len(found.Rows), found.Total, err)
		}
	})

	t.Run("worker", func(t *testing.T) {
		w, ok, at, err := q.Worker(t.Context(), projections.AsOf{}, account(1))
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		fresh(t, at)
		if w.Earnings.String() != "18446744073709551617" || w.JobsInProgress != 1 || *w.GPUCount != 2 || *w.GPUUtilization != 43.75 {
			t.Errorf("%+v", w)
		}
		// 720 of the day's 1439 whole minutes: the one that is running does not count yet.
		if want := 100 * 720 / 1439.0; *w.UptimePercent != want {
			t.Errorf("up %v %% of the day, want %v", *w.UptimePercent, want)
		}
		w, _, _, err = q.Worker(t.Context(), projections.AsOf{}, account(2))
		if err != nil || *w.UptimePercent != 100 {
			t.Errorf("up %v %% since it registered, want 100, %v", w.UptimePercent, err)
		}
		if w, _, _, err = q.Worker(t.Context(), projections.AsOf{}, account(3)); err != nil || *w.UptimePercent != 0 {
			t.Errorf("who never reported was up %v %% of what was expected, want 0, %v", w.UptimePercent, err)
		}
		exec(t, pool, "delete from listened_hour")
		if w, _, _, err = q.Worker(t.Context(), projections.AsOf{}, account(1)); err != nil || w.UptimePercent != nil {
			t.Errorf("up %v %% while nobody listened, want that nothing is known, %v", w.UptimePercent, err)
		}
		if _, ok, at, err = q.Worker(t.Context(), projections.AsOf{}, account(99)); ok || err != nil {
			t.Errorf("nobody is known: %v, %v", ok, err)
		}
		fresh(t, at)
	})

	t.Run("jobs", func(t *testing.T) {
		ids := func(status string, limit int) string {
			found, at, err := q.Jobs(t.Context(), projections.AsOf{}, projections.JobFilter{Status: status}, projections.Page{Limit: limit})
			if err != nil {
				t.Fatal(err)
			}
			fresh(t, at)
			var ids []string
			for _, j := range found.Rows {
				ids = append(ids, j.ID.String())
			}
			return fmt.Sprint(ids, found.Total)
		}
		for _, c := range []struct {
			status string
			limit  int
			want   string
		}{
			{"", 100, "[12 11 10 9 13] 5"}, // 10 is after 9: ids are numbers
			{"", 2, "[12 11] 5"},
			{"completed", 10, "[10 9] 2"},
			{"failed", 10, "[] 0"},
			{"' or 1=1 --", 10, "[] 0"},
		} {
			if got := ids(c.status, c.limit); got != c.want {
				t.Errorf("%q: %s, want %s", c.status, got, c.want)
			}
		}
		found, _, err := q.Jobs(t.Context(), projections.AsOf{}, projections.JobFilter{Status: "completed"}, projections.Page{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if j := found.Rows[1]; j.Payment.FormatSage() != "2 SAGE" || j.Paid.FormatSage() != "1.8 SAGE" || j.Block != 110 || *j.Worker != account(1).String() {
			t.Errorf("%+v", j)
		}
	})
}

func TestQuestionsBeforeAnythingIsIndexed(t *testing.T) {
	_, q := database(t)
	s, at, err := q.NetworkStats(t.Context(), projections.AsOf{})
	if err != nil || at.Known || s.Workers != 0 || s.AvgSeconds != nil || !s.Staked.IsZero() {
		t.Errorf("%+v at %+v, %v", s, at, err)
	}
	if found, _, err := q.Workers(t.Context(), projections.AsOf{}, projections.WorkerFilter{}, projections.Page{Limit: 10}); err != nil || len(found.Rows) != 0 || found.Total != 0 {
		t.Errorf("%+v, %v", found, err)
	}
	if found, _, err := q.Jobs(t.Context(), projections.AsOf{}, projections.JobFilter{}, projections.Page{Limit: 10}); err != nil || len(found.Rows) != 0 || found.Total != 0 {
		t.Errorf("%+v, %v", found, err)
	}
	if _, ok, _, err := q.Worker(t.Context(), projections.AsOf{}, account(1)); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestQuestionsToADatabaseThatIsGone(t *testing.T) {
	pool, q := database(t)
	pool.Close()
	if err := q.Ping(t.Context()); err == nil {
		t.Error("it answers")
	}
	if _, _, err := q.NetworkStats(t.Context(), projections.AsOf{}); err == nil {
		t.Error("numbers come from nowhere")
	}
}

func TestWatch(t *testing.T) {
	pool, q := database(t)
	network(t, pool)
	shown := func(limit int) string {
		t.Helper()
		w, err := q.Watch(t.Context(), limit)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		number := func(f *float64) string {
			if f == nil {
				return "-"
			}
			return fmt.Sprintf("%.4g", *f)
		}
		for _, of := range w.Workers {
			fmt.Fprintf(&out, "worker %.4s%s %s %s\n", of.Address, of.Address[max(len(of.Address)-1, 0):], number(of.UptimePercent), number(of.GPUUtilization))
		}
		for _, of := range w.Votes {
			fmt.Fprintf(&out, "voter %s %d\n", of.Address, of.Votes)
		}
		validators := "-"
		if w.Validators != nil {
			validators = fmt.Sprint(*w.Validators)
		}
		fmt.Fprintf(&out, "upheld %d rejected %d frauds %d validators %s\n", w.Rounds[projections.CaseUpheld], w.Rounds[projections.CaseRejected], w.Frauds, validators)
		return out.String()
	}
	// Worker 3 never reported: what was expected of it is known, and it did none of it. Worker 4 never registered. The newest
	// heartbeat of worker 2 is five minutes old, and told no utilization.
	if got, want := shown(10), "worker 0x011 50.03 43.75\nworker 0x013 0 -\nworker 0x012 100 -\nupheld 0 rejected 0 frauds 0 validators -\n"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	exec(t, pool, `insert into consensus_votes (block_number, log_offset, event_id, tx_hash, block_timestamp, case_id, voter_address, supports_challenger, voting_power)
		select 120, n, 'x', '0x1', $1, 'FraudProof/1', v, true, 1 from (values (1, 'b'), (2, 'a'), (3, 'a'), (4, 'c'), (5, 'c'), (6, 'd')) t (n, v)`, blockTime)
	const fraud = `insert into fraud_cases (case_id, contract_name, status, votes_for, votes_against, votes, tx_hash, created_block, valid_from, log_offset)
		values ($1, $2, $3, 0, 0, 0, '0x1', 1, 1, 1)`
	for i, c := range [][2]string{{"FraudProof", "upheld"}, {"FraudProof", "upheld"}, {"FraudProof", "rejected"}, {"FraudProof", "open"}, {"OptimisticTEE", "upheld"}} {
		exec(t, pool, fraud, fmt.Sprint(c[0], "/", i), c[0], c[1])
	}
	exec(t, pool, `insert into network_hours values ('x', $1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 1, 1), ('y', $1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1)`, blockTime)
	exec(t, pool, `insert into consensus_rounds (epoch, validators, tx_hash, created_block, valid_from, log_offset) values (9, 4, '0x1', 1, 1, 1), (10, 5, '0x1', 1, 1, 1), (11, null, '0x1', 1, 1, 1)`)
	if got, want := shown(2), "worker 0x011 50.03 43.75\nworker 0x013 0 -\nworker  100 -\nvoter b 1\nvoter a 2\nvoter  3\nupheld 2 rejected 1 frauds 3 validators 5\n"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
