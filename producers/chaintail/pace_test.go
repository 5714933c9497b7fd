package chaintail

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestProgress: a line a second for who looks on, one every ten seconds in the log, and the last one in any case.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var shown []string
		var logged strings.Builder
		log := slog.New(slog.NewTextHandler(&logged, nil))
		var show, write progress
		for i := range uint64(50) { // 100 blocks and 500 events a chunk, every 500 ms
			time.Sleep(500 * time.Millisecond)
			from, to, head := 1_000+100*i, 1_099+100*i, uint64(5_999+nearHead)
			show.chunk(t.Context(), log, func(b Backfilling) { shown = append(shown, b.String()) }, from, to, head, 500)
			write.chunk(t.Context(), log, nil, from, to, head, 500)
		}
		if len(shown) != 25 {
			t.Errorf("told %d times in 25 seconds: %q", len(shown), shown)
		}
		if want := "backfilling: block 1499 of 6015, 2000 events, 1000 a second, 8.1 %, 23s left"; !slices.Contains(shown, want) {
			t.Errorf("told %q, want among it %q", shown, want)
		}
		if n := strings.Count(logged.String(), "msg=backfilled from=1100"); n != 3 || !strings.Contains(logged.String(), `events_per_second=1000 share="99.7 %"`) {
			t.Errorf("%d lines in the log:\n%s", n, logged.String())
		}
	})
}
