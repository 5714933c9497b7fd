package pg_test

import (
	"testing"

	"github.com/bitsage-network/validator-dashboard/projections"
)

func TestWatermarksMoveWithTheirReaders(t *testing.T) {
	pool, q := database(t)
	marks := func() projections.Watermarks {
		t.Helper()
		w, err := q.Watermarks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	if w := marks(); w != (projections.Watermarks{}) {
		t.Errorf("before anything was read: %+v", w)
	}
	network(t, pool)
	last := marks()
	for _, c := range []struct {
		name, statement  string
		chain, telemetry bool
	}{
		{"nothing", "select 1", false, false},
		{"a batch of the chain", "update readers set next_offset = next_offset + 1 where reader = 'chain'", true, false},
		{"heartbeats of one partition", "update readers set next_offset = next_offset + 1 where reader = 'heartbeats' and part = 4", false, true},
		{"the same offset of another log", "update readers set fingerprint = 'another' where reader = 'chain'", true, false},
		{"read models that were made anew", `update readers set versions = '{"jobs": 99}' where reader = 'chain'`, true, false},
		{"a new partition", "insert into readers (reader, topic, part) values ('heartbeats', 'bitsage.heartbeats', 9)", false, true},
		{"a lease", "update readers set lease_until = now(), owner = 'me', owner_epoch = owner_epoch + 1", false, false},
		{"a rebuild on its way", "insert into readers (reader, topic, part, next_offset) values ('chain-next', 'bitsage.chain', 0, 5)", false, false},
	} {
		exec(t, pool, c.statement)
		now := marks()
		if (now.Chain != last.Chain) != c.chain || (now.Telemetry != last.Telemetry) != c.telemetry {
			t.Errorf("%s: from %+v to %+v", c.name, last, now)
		}
		last = now
	}
}
