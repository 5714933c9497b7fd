package pg

import (
	"cmp"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/projections"
)

// life is the time that a job had a status for.
type life struct {
	status   string
	from, to int64
}

// job is one that came to be in block lives[0].from; the last life has no end.
type job struct {
	id    int
	lives []life
}

// TestWalks reads lists of random jobs as of every block, page by page, and compares them with a plain look at every job.
func TestWalks(t *testing.T) {
	pool, err := Open(t.Context(), embeddedtest.Postgres(t), 4)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := migrations.Apply(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	const newest = 70
	rnd := rand.New(rand.NewPCG(1, 2))
	statuses := []string{"pending", "assigned", "completed"}
	jobs := make([]job, 40)
	batch := &pgx.Batch{}
	for i := range jobs {
		jobs[i].id = i + 1
		from := rnd.Int64N(newest + 1) // some blocks make several
		for {
			l := life{statuses[rnd.IntN(len(statuses))], from, from + 1 + rnd.Int64N(1<<rnd.IntN(7))}
			jobs[i].lives = append(jobs[i].lives, l)
			if from = l.to; from > newest || rnd.IntN(6) == 0 {
				break
			}
		}
		for n, l := range jobs[i].lives {
			const insert = "insert into jobs%s (job_id, status, tx_hash, log_offset, created_block, valid_from%s) values ($1, $2, '0x1', 1, $3, $4%s)"
			if n < len(jobs[i].lives)-1 {
				batch.Queue(fmt.Sprintf(insert, "_versions", ", valid_to", ", $5"), jobs[i].id, l.status, jobs[i].lives[0].from, l.from, l.to)
			} else {
				batch.Queue(fmt.Sprintf(insert, "", "", ""), jobs[i].id, l.status, jobs[i].lives[0].from, l.from)
			}
		}
	}
	batch.Queue("insert into readers (reader, topic, part) values ($1, 'bitsage.chain', 0)", ChainReader)
	batch.Queue("insert into blocks (number, hash, time, sealed, events, log_offset) select n, '0x1', to_timestamp(n), true, 0, n from generate_series(0, $1::int8) n", newest)
	if err := pool.SendBatch(t.Context(), batch).Close(); err != nil {
		t.Fatal(err)
	}

	q := NewQuestions(pool)
	for block := int64(-1); block <= newest; block++ {
		var as projections.AsOf // the newest, at -1
		at := int64(newest)
		if block >= 0 {
			as.Block, at = new(uint64(block)), block
		}
		for _, w := range []walk{{}, {oldestFirst: true}, {and: "r.job_id % 2 = 0"}, {by: "status"}, {by: "status", oldestFirst: true}, {by: "status", and: "r.job_id % 2 = 0"}} {
			w.limit = 1 + rnd.IntN(8)
			status := statuses[rnd.IntN(len(statuses))]
			if w.by != "" {
				w.value = status
			}
			var want []string
			for _, j := range slices.SortedFunc(slices.Values(jobs), func(a, b job) int {
				c := cmp.Or(cmp.Compare(b.lives[0].from, a.lives[0].from), cmp.Compare(b.id, a.id))
				if w.oldestFirst {
					return -c
				}
				return c
			}) {
				for n, l := range j.lives {
					// Without a block of its own, a question is about the current rows, whatever block they are of.
					holds := l.from <= at && (l.to > at || n == len(j.lives)-1)
					if block < 0 {
						holds = n == len(j.lives)-1
					}
					if holds && (w.by == "" || l.status == status) && (w.and == "" || j.id%2 == 0) {
						want = append(want, fmt.Sprint(j.lives[0].from, " ", j.id, " ", l.status, " ", l.from))
					}
				}
			}
			var got []string
			for {
				rows, _, err := ask(t.Context(), q, as, func(tx snapshot) ([]string, error) {
					args := []any{"%s %s %s %s"}
					from := tx.walk("jobs", w, &args)
					rows, err := tx.Query(t.Context(), "select format($1, created_block, job_id, status, valid_from) from "+from+" j order by "+tx.order("j", "jobs", w.oldestFirst), args...)
					if err != nil {
						return nil, err
					}
					return pgx.CollectRows(rows, pgx.RowTo[string])
				})
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, rows...)
				if len(rows) < w.limit {
					break
				}
				last := strings.Fields(rows[len(rows)-1])
				created, err := strconv.ParseInt(last[0], 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				w.after = &projections.RowPlace{Block: created, Key: last[1]}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("as of block %d, by %q %q, and %q, oldest first %v:\n%q\nwant\n%q", block, w.by, status, w.and, w.oldestFirst, got, want)
			}
		}
	}

	// Each version is under a fork that it held at, and that is on the way to each of the blocks that it held at.
	rows, err := pool.Query(t.Context(), "select a, b, version_fork(a, b) from generate_series(0::int8, 70) a, generate_series(a + 1, 71) b union all select 5, 1::int8 << 40, version_fork(5, 1::int8 << 40)")
	if err != nil {
		t.Fatal(err)
	}
	var from, to, fork int64
	if _, err := pgx.ForEachRow(rows, []any{&from, &to, &fork}, func() error {
		if fork < from || fork >= to {
			t.Errorf("the fork of %d to %d is %d", from, to, fork)
		}
		for block := from; block < min(to, 80); block++ {
			if !slices.Contains(strings.Split(forks(block), ","), fmt.Sprint(fork)) {
				t.Errorf("the fork %d of %d to %d is not on the way to %d", fork, from, to, block)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
