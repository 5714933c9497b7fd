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
insert into staking_config values ('ProverStaking', 1, %d, timestamptz '2026-01-01Z' + make_interval(secs => %d), '0x1', 1, 1, 1)
on conflict (contract_name) do update set reward_apy_bps = excluded.reward_apy_bps, changed_at = excluded.changed_at`, rate, at))
	}
	change(500, 3000)
	expect(map[string]string{"fresh": "8561643", "added": "7610349", "midway": "unknown"})

	// A change while the settled part was earned: how much of it came before nobody knows any more.
	change(200, 3000)
	expect(map[string]string{"fresh": "8561643", "added": "unknown", "midway": "unknown"})

	// A later change does not hide an earlier one.
	execute(t, pool, "insert into staking_config_versions select *, 9 from staking_config")
	change(600, 1500)
	expect(map[string]string{"fresh": "4280821", "added": "unknown", "midway": "unknown"})

	// A rate from before the stake began is the settled part's.
	execute(t, pool, "delete from staking_config_versions")
	change(50, 3000)
	expect(map[string]string{"fresh": "8561643", "added": "8561643", "midway": "unknown"})
}
