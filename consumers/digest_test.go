package consumers_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestLogsOfTheirOwnAgreeOnDigests projects a log with reorganisations, takeovers and zombies, and another log that only ever held the chain that
// stands, each in batches of random sizes with faults of its own: the digests are the same at every block.
func TestLogsOfTheirOwnAgreeOnDigests(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			h := newHistory(t, 500+seed, 400)
			plain := &history{t: t}
			plain.append(schemas.TypeClaimed, nil, 0, h.at(0), schemas.Claimed{Writer: "another"})
			events := 0
			for _, s := range h.chain {
				b := s.Block
				for _, f := range b.Facts {
					plain.append(f.Type, &f.Position, 0, b.Time, f.ChainEvent)
				}
				if events += len(b.Facts); b.Sealed {
					p := schemas.SealPosition(b.Number)
					plain.append(schemas.TypeSealed, &p, 0, b.Time, schemas.Sealed{Number: b.Number, Hash: b.Hash, Events: events, LastReorg: -1})
					events = 0
				}
			}
			const digests = "select block_number, digest from state_digests"
			var found [][]string
			faults := 0
			for i, log := range [][]schemas.Record{h.log, h.log, plain.log} {
				pool := database(t)
				faults += project(t, pool, log, 10*seed+uint64(i))
				found = append(found, dumped(t, pool, digests))
			}
			if faults == 0 {
				t.Error("no fault was injected: the test has no teeth")
			}
			if len(found[0]) < 20 {
				t.Fatalf("only %d digests", len(found[0]))
			}
			for i, other := range found[1:] {
				if !slices.Equal(other, found[0]) {
					t.Errorf("log %d: %s", i+1, firstDifference(other, found[0]))
				}
			}
		})
	}
}
