package migrations_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

func execute(t *testing.T, pool *pgxpool.Pool, statement string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// insertReward makes a row of rewards; times are seconds after 2026-01-01.
func insertReward(t *testing.T, pool *pgxpool.Pool, address string, settled any, unclaimedSince, earningSince int) {
	t.Helper()
	execute(t, pool, `
insert into rewards (address, earning_amount, earning_since, settled_stake_seconds, unclaimed_since, claimed_amount, claims, tx_hash,
    created_block, valid_from, log_offset)
values ($1, 1000000000000, timestamptz '2026-01-01Z' + make_interval(secs => $2), $3::numeric, timestamptz '2026-01-01Z' + make_interval(secs => $4),
    0, 0, '0x1', 1, 1, 1)`, address, earningSince, settled, unclaimedSince)
}

func TestClaimableRewards(t *testing.T) {
	pool := open(t)
	apply(t, pool)
	claimable := func(address string) string {
		t.Helper()
		var amount *string
		if err := pool.QueryRow(t.Context(), "select claimable_amount::text from claimable_rewards where address = $1", address).Scan(&amount); err != nil {
			t.Fatal(err)
		}
		if amount == nil {
			return "unknown"
		}
		return *amount
	}
	execute(t, pool, "insert into blocks values (1, '0x1', null, timestamptz '2026-01-01Z' + interval '1000.9 seconds', true, 0, 1)")
	insertReward(t, pool, "fresh", "0", 100, 100)
	insertReward(t, pool, "added", "200000000000000", 100, 300)
	insertReward(t, pool, "midway", nil, 100, 300)
	// At 15 % a year 10^12 wei earn 1e12 * 1500 * 900 / (10000 * 31536000) = 4280821.9 in 900 seconds, and 3329528.1 in 700;
	// 2 * 10^14 wei seconds were worth 951293.7.
	expect := func(want map[string]string) {
		t.Helper()
		for address, amount := range want {
			if got := claimable(address); got != amount {
				t.Errorf("%s may claim %s, want %s", address, got, amount)
			}
		}
	}
	expect(map[string]string{"fresh": "4280821", "added": "4280821", "midway": "unknown"})

	// A change after the stake was added to: what was settled keeps its rate, what is earned since has the new one throughout.
	change := func(at, rate int) {
		execute(t, pool, fmt.Sprintf(`
insert into staking_config (contract_name, min_stake_consumer, reward_apy_bps, changed_at, tx_hash, created_block, valid_from, log_offset)
values ('ProverStaking', 1, %d, timestamptz '2026-01-01Z' + make_interval(secs => %d), '0x1', 1, 1, 1)
on conflict (contract_name) do update set reward_apy_bps = excluded.reward_apy_bps, changed_at = excluded.changed_at`, rate, at))
	}
	change(500, 3000)
	expect(map[string]string{"fresh": "8561643", "added": "7610349", "midway": "unknown"})

	// A change while the settled part was earned: how much of it came before nobody knows any more.
	change(200, 3000)
	expect(map[string]string{"fresh": "8561643", "added": "unknown", "midway": "unknown"})

	// A later change does not hide an earlier one.
	const close = `
insert into staking_config_versions (contract_name, min_stake_consumer, reward_apy_bps, changed_at, tx_hash, observed_reward_apy_bps, created_block, valid_from, log_offset, valid_to)
select contract_name, min_stake_consumer, reward_apy_bps, changed_at, tx_hash, observed_reward_apy_bps, created_block, valid_from, log_offset, 9 from staking_config`
	execute(t, pool, close)
	change(600, 1500)
	expect(map[string]string{"fresh": "4280821", "added": "unknown", "midway": "unknown"})

	// A rate from before the stake began is the settled part's.
	execute(t, pool, "delete from staking_config_versions")
	change(50, 3000)
	expect(map[string]string{"fresh": "8561643", "added": "8561643", "midway": "unknown"})

	// The first rate has no event: a view told it, and it holds from the beginning until an event tells another.
	execute(t, pool, "update staking_config set reward_apy_bps = null, changed_at = null, tx_hash = null, observed_reward_apy_bps = 3000")
	expect(map[string]string{"fresh": "8561643", "added": "8561643", "midway": "unknown"})
	execute(t, pool, close)
	change(400, 1500)
	expect(map[string]string{"fresh": "4280821", "added": "5232115", "midway": "unknown"})
}

func TestNetworkStatsByTheHour(t *testing.T) {
	pool := open(t)
	apply(t, pool)
	// Times are hours after 2026-01-01. In the third hour nothing happens on the chain, and the fourth is not over.
	const at = "timestamptz '2026-01-01Z' + make_interval(secs => 3600 * %v)"
	for n, hour := range []float64{0.5, 0.9, 1.5, 3.1} {
		execute(t, pool, fmt.Sprintf("insert into blocks values (%d, '0x%[1]d', null, "+at+", true, 0, 1)", n+1, hour))
	}
	for hour, row := range map[int]string{0: "2, 1, 0, 10, 500, 0, 0, 1000, 7, 0, 0, 0", 1: "1, 0, 1, 20, 0, 100, 50, 0, 3, 1, 30, 1"} {
		execute(t, pool, fmt.Sprintf("insert into network_hours values ('%d', "+at+", %s, 1, 1, 1)", hour, hour, row))
	}
	for name, hour := range map[string]float64{"a": 0.1, "b": 1.2, "c": 1.3} {
		execute(t, pool, fmt.Sprintf(`insert into workers (address, registered_at, staked_amount, locked_amount, slashed_amount, stake_active, failures, jobs_assigned,
			jobs_completed, total_earnings, rewards_claimed, created_block, valid_from, log_offset)
			values ('%s', `+at+`, 0, 0, 0, true, 0, 0, 0, 0, 0, 1, 1, 1)`, name, hour))
	}
	for part, sums := range map[int]string{1: "40, 5000, 1", 2: "60, 1000, 2"} {
		execute(t, pool, fmt.Sprintf("insert into telemetry_hour values (%d, "+at+", %s, 1)", part, 1, sums))
	}
	execute(t, pool, fmt.Sprintf("insert into uptime_hour values ('a', "+at+", (~ 0::bit(60)), 1, 1), ('b', "+at+", 0::bit(60), 1, 1)", 1, 1))
	const q = `
select concat_ws(' ', extract(hour from hour at time zone 'UTC'), is_whole, block_number, workers, jobs_submitted, jobs_completed, jobs_cancelled, paid_amount,
    staked_amount, slashed_amount, supply_amount, burned_amount, trades, traded_amount, frauds_detected, '|', reporting_workers, heartbeats,
    coalesce(gpu_utilization_avg::text, '-'))
from network_stats order by hour`
	const want = `0 t 2 1 2 1 0 10 500 0 993 7 0 0 0 | 0 0 -
1 t 3 3 3 1 1 30 350 50 990 10 1 30 1 | 2 100 20
2 t 3 3 3 1 1 30 350 50 990 10 1 30 1 | 0 0 -
3 f 4 3 3 1 1 30 350 50 990 10 1 30 1 | 0 0 -`
	if got := lines(t, inZone(t, pool, "Asia/Kolkata"), q); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
