package consumers_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestThePastIsWhatItWas asks about random blocks of a chain that has been reorganised again and again. Each answer must be the one
// that a database gives now which never heard of anything but the standing chain up to that block.
func TestThePastIsWhatItWas(t *testing.T) {
	for _, seed := range []uint64{51, 52, 53} {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			pool := database(t)
			h := newHistory(t, seed, 120)
			projectThroughFaults(t, pool, h.log, seed)
			rnd := rand.New(rand.NewPCG(seed, 9))
			for range 4 {
				n := 1 + rnd.IntN(len(h.chain))
				for n < len(h.chain) && !h.chain[n-1].Block.Sealed {
					n++
				}
				block := h.chain[n-1].Block.Number
				got := answers(t, pool, projections.AsOf{Block: &block})
				want := answers(t, upTo(t, h.chain[:n]), projections.AsOf{})
				if got != want {
					t.Fatalf("as of block %d\n%s\nwant\n%s", block, got, want)
				}
			}
			after := h.chain[len(h.chain)-1].Block.Number + 1
			if _, _, err := pg.NewQuestions(pool).Digest(t.Context(), projections.AsOf{Block: &after}); err == nil {
				t.Error("a block to come has a digest")
			}
		})
	}
}

// upTo is a database of a chain without a history.
func upTo(t *testing.T, chain []schemas.Step) *pgxpool.Pool {
	t.Helper()
	pool := database(t)
	set := projections.Chain()
	folder := projections.NewFolder(set)
	for i, keys := range folder.Missing(chain) {
		folder.Learn(i, keys, nil)
	}
	batch, err := folder.Fold(chain)
	if err != nil {
		t.Fatal(err)
	}
	l, err := pg.NewChainStore(pool, set).Claim(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Commit(t.Context(), 0, batch); err != nil {
		t.Fatal(err)
	}
	if err := l.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	return pool
}

// answers are those to every question that can be asked about the past.
func answers(t *testing.T, pool *pgxpool.Pool, as projections.AsOf) (text string) {
	t.Helper()
	q := pg.NewQuestions(pool)
	stats, at, err := q.NetworkStats(t.Context(), as)
	if err != nil {
		t.Fatal(err)
	}
	average := "none"
	if stats.AvgSeconds != nil {
		average = fmt.Sprint(*stats.AvgSeconds)
	}
	text = fmt.Sprintf("block %d %s %s\n%d workers, %s staked, %v %v, %d and %d of the day, %s seconds, %.9f hours, %d proofs\n", at.Block, at.Hash, at.Time.UTC(),
		stats.Workers, stats.Staked, stats.ByTier, stats.JobsByStatus, stats.JobsLastDay, stats.CompletedLastDay, average, stats.ComputeHours, stats.Proofs)
	workers, _, err := q.Workers(t.Context(), as, projections.WorkerFilter{Registered: true}, projections.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	text += fmt.Sprintln(workers.Total, "workers")
	for n := range 4 {
		address, err := schemas.ParseAddress(fmt.Sprintf("0x%064x", 0xb0b+n))
		if err != nil {
			t.Fatal(err)
		}
		w, known, _, err := q.Worker(t.Context(), as, address)
		if err != nil {
			t.Fatal(err)
		}
		text += fmt.Sprintln(address, known, w.Staked, w.JobsCompleted, w.JobsInProgress, w.Earnings, deref(w.Reputation))
	}
	for _, w := range workers.Rows {
		text += fmt.Sprintln(w.Address, w.Staked, w.JobsCompleted)
	}
	for _, status := range []string{"", "completed"} {
		jobs, _, err := q.Jobs(t.Context(), as, projections.JobFilter{Status: status}, projections.Page{Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		text += fmt.Sprintln(jobs.Total, "jobs", status)
		for _, j := range jobs.Rows {
			text += fmt.Sprintln(j.ID, j.Status, deref(j.Client), deref(j.Worker), j.Block)
		}
	}
	d, _, err := q.Digest(t.Context(), as)
	if err != nil {
		t.Fatal(err)
	}
	return text + fmt.Sprintln(d.Block, d.ChangedAt, d.Digest)
}

func deref[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// TestEveryBlockIsAsTheStandingChainLeftIt reads every table as of every block of chains that were reorganised again and again, while
// the store failed now and then. What it holds must be what the standing chain alone, folded in memory, had come to at that block.
func TestEveryBlockIsAsTheStandingChainLeftIt(t *testing.T) {
	compared := 0
	for _, seed := range []uint64{61, 62, 63, 64} {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			pool := database(t)
			h := newHistory(t, seed, 150)
			projectThroughFaults(t, pool, h.log, seed)
			set := projections.Chain()
			folder := projections.NewFolder(set)
			for i, keys := range folder.Missing(h.chain) {
				folder.Learn(i, keys, nil)
			}
			current := make([]map[string]string, len(set.Entities))
			for i := range current {
				current[i] = map[string]string{}
			}
			journals := make([][]string, len(set.Journals))
			var digest projections.Digest
			for _, step := range h.chain {
				batch, err := folder.Fold([]schemas.Step{step})
				if err != nil {
					t.Fatal(err)
				}
				if changes := batch.Blocks[0].Changes; changes != nil {
					digest = digest.Next(step.Block.Number, *changes)
				}
				block := step.Block.Number
				for i, m := range set.Entities {
					names := "created_block, valid_from, log_offset"
					for n := range m.Columns {
						names = fmt.Sprintf("%s, %s", m.Columns[len(m.Columns)-1-n].Name, names)
					}
					for key, v := range batch.Entities[i].Current {
						current[i][key] = rowText(append(m.Values(v.State), v.Created, v.From, v.Offset))
					}
					query := fmt.Sprintf(`select %[1]s from %[2]s where valid_from <= %[3]d
						union all select %[1]s from %[2]s_versions where valid_from <= %[3]d and valid_to > %[3]d`, names, m.Table, block)
					want := slices.Sorted(maps.Values(current[i]))
					if got := dumped(t, pool, query); !slices.Equal(got, want) {
						t.Fatalf("%s as of block %d: %s", m.Table, block, firstDifference(got, want))
					}
					compared += len(want)
				}
				for i, j := range set.Journals {
					if j.Table == "blockchain_events" { // whose JSON comes back in another form
						continue
					}
					for _, row := range batch.Journals[i] {
						journals[i] = append(journals[i], rowText(row))
					}
					want := slices.Sorted(slices.Values(journals[i]))
					if got := dumped(t, pool, fmt.Sprintf("select * from %s where block_number <= %d", j.Table, block)); !slices.Equal(got, want) {
						t.Fatalf("%s as of block %d: %s", j.Table, block, firstDifference(got, want))
					}
				}
				if !step.Block.Sealed {
					continue
				}
				d, _, err := pg.NewQuestions(pool).Digest(t.Context(), projections.AsOf{Block: &block})
				if err != nil {
					t.Fatal(err)
				}
				if d.Digest != digest {
					t.Fatalf("digest as of block %d: %s, want %s", block, d.Digest, digest)
				}
			}
		})
	}
	if compared < 4_000 {
		t.Errorf("only %d rows: the test has no teeth", compared)
	}
}
