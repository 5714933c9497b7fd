package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// patience is how long an indexer may stand still below the head before it counts as stuck.
const patience = time.Minute

// tables are what an indexer's tables come to: each row of a claim, with how often it is there, and each account's running total.
type tables struct {
	claims map[string]int
	totals map[string]string
}

// indexer is a program under test, with a database of its own.
type indexer struct {
	name                 string
	database             *pgxpool.Pool
	command              func(fresh bool) *exec.Cmd
	head, claims, totals string // SQL: the last indexed block, rows "account/number tx amount", pairs of account and total

	process *exec.Cmd
	ended   chan error
	started bool
}

// theirs is Checkpoint, as bench/checkpoint/indexer sets it up.
func theirs(ctx context.Context, program string, pool *pgxpool.Pool, url string, n *node) *indexer {
	database, _, _ := strings.Cut(pool.Config().ConnString(), "?") // its driver takes any sslmode for a wish for TLS
	return &indexer{
		name: "Checkpoint", database: pool,
		command: func(fresh bool) *exec.Cmd {
			c := exec.CommandContext(ctx, "node", "indexer.mjs")
			c.Dir = program
			c.Env = append(os.Environ(), "NODE_ENV=production", "NODE_URL="+url, "DATABASE_URL="+database,
				"FAUCET="+n.faucet.Felt().String(), "FIRST_BLOCK=1")
			if fresh {
				c.Env = append(c.Env, "FRESH=1")
			}
			return c
		},
		head:   "select coalesce(max(value::bigint), -1) from _metadatas where id = 'last_indexed_block'",
		claims: "select concat(id, ' ', tx_hash, ' ', amount) from claims where upper_inf(block_range)",
		totals: "select id, claimed::text from accounts where upper_inf(block_range)",
	}
}

// ours is the coordinator with all its roles and all its read models, and a log on the disk.
func ours(ctx context.Context, program, dir string, pool *pgxpool.Pool, url string) *indexer {
	const felt = "'0x' || ltrim(substr(%s, 3), '0')"
	return &indexer{
		name: "sage-coordinator", database: pool,
		command: func(bool) *exec.Cmd {
			return exec.CommandContext(ctx, program, "run", "--network=local", "--rpc-url="+url, "--database-url="+pool.Config().ConnString(),
				"--enable-indexer", "--start-block=1", "--indexer-poll-ms=100", "--indexer-audit-ms=0", "--data-dir="+dir, "--bind=127.0.0.1", "--port=0", "--log-level=error")
		},
		head:   "select coalesce(max(number), -1) from blocks",
		claims: fmt.Sprintf("select concat("+felt+", '/', claim_number, ' ', "+felt+", ' ', amount) from faucet_claims", "address", "tx_hash"),
		totals: fmt.Sprintf("select "+felt+", claimed_amount::text from faucet_accounts", "address"),
	}
}

// start runs the program; the first time it begins at the chain's first block.
func (x *indexer) start() error {
	x.process = x.command(!x.started)
	x.process.Stderr = os.Stderr
	if err := x.process.Start(); err != nil {
		return fmt.Errorf("%s: %w", x.name, err)
	}
	x.started, x.ended = true, make(chan error, 1)
	go func(p *exec.Cmd, ended chan<- error) { ended <- p.Wait() }(x.process, x.ended)
	return nil
}

// kill ends the program as the kernel does when memory is short.
func (x *indexer) kill() error {
	if x.process == nil {
		return nil
	}
	err := x.process.Process.Kill()
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	if ended := <-x.ended; ended == nil {
		err = errors.Join(err, fmt.Errorf("%s ended by itself before it was killed", x.name))
	}
	x.process = nil
	return err
}

// indexed is the last indexed block, or -1.
func (x *indexer) indexed(ctx context.Context) (block int64, err error) {
	if err = x.database.QueryRow(ctx, x.head).Scan(&block); err != nil && strings.Contains(err.Error(), "42P01") {
		return -1, nil // before the tables were made
	}
	return block, err
}

var errStuck = errors.New("never gets to the head")

// reach waits until a block is indexed.
func (x *indexer) reach(ctx context.Context, block uint64) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	moved, last := time.Now(), int64(-1)
	for {
		at, err := x.indexed(ctx)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", x.name, err)
		case at >= int64(block):
			return nil
		case at != last:
			moved, last = time.Now(), at
		case time.Since(moved) > patience:
			return errStuck
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-x.ended:
			x.ended <- err
			return fmt.Errorf("%s ended: %w", x.name, err)
		case <-tick.C:
		}
	}
}

// tables reads what the program has made.
func (x *indexer) tables(ctx context.Context) (t tables, err error) {
	t = tables{claims: map[string]int{}, totals: map[string]string{}}
	rows, err := x.database.Query(ctx, x.claims)
	if err != nil {
		return t, err
	}
	claims, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return t, err
	}
	for _, c := range claims {
		t.claims[c]++
	}
	if rows, err = x.database.Query(ctx, x.totals); err != nil {
		return t, err
	}
	var user, total string
	_, err = pgx.ForEachRow(rows, []any{&user, &total}, func() error { t.totals[user] = total; return nil })
	return t, err
}

// verdict says how tables differ from what the chain has.
func (t tables) verdict(truth tables) string {
	missing, surplus, wrong := 0, 0, 0
	for row, n := range truth.claims {
		missing += max(n-t.claims[row], 0)
	}
	for row, n := range t.claims {
		surplus += max(n-truth.claims[row], 0)
	}
	for user, total := range truth.totals {
		if t.totals[user] != total {
			wrong++
		}
	}
	if missing+surplus+wrong == 0 {
		return "right"
	}
	var faults []string
	for _, f := range []struct {
		n    int
		what string
	}{{missing, "of %d rows missing"}, {surplus, "too many"}} {
		if f.n > 0 {
			faults = append(faults, strings.Replace(strconv.Itoa(f.n)+" "+f.what, "%d", strconv.Itoa(len(truth.claims)), 1))
		}
	}
	if wrong > 0 {
		faults = append(faults, fmt.Sprintf("%d of %d totals wrong", wrong, len(truth.totals)))
	}
	return strings.Join(faults, ", ")
}

// build makes both programs.
func build(ctx context.Context, dir string) (coordinator, checkpoint string, err error) {
	coordinator = filepath.Join(dir, "sage-coordinator")
	checkpoint = filepath.Join(dir, "checkpoint")
	if err := os.CopyFS(checkpoint, os.DirFS(filepath.Join("bench", "checkpoint", "indexer"))); err != nil {
		return "", "", fmt.Errorf("%w (run this in the repository's root)", err)
	}
	for _, c := range []*exec.Cmd{
		exec.CommandContext(ctx, "go", "build", "-o", coordinator, "./cmd/sage-coordinator"),
		exec.CommandContext(ctx, "npm", "ci", "--prefix", checkpoint, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
	} {
		if out, err := c.CombinedOutput(); err != nil {
			return "", "", fmt.Errorf("%s: %w: %s", strings.Join(slices.Clip(c.Args), " "), err, out)
		}
	}
	return coordinator, checkpoint, nil
}
