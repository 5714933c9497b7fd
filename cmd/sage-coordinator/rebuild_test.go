package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
)

// verb runs a verb beside a running coordinator and returns its exit code and what it said.
func verb(t *testing.T, dir string, args ...string) (code int, output string) {
	t.Helper()
	p := startRole(t, nil, append(args, "--data-dir", dir)...)
	select {
	case <-p.exited:
	case <-time.After(time.Minute):
		t.Fatalf("%v does not end\n%s", args, p.output)
	}
	return p.cmd.ProcessState.ExitCode(), p.output.String()
}

// TestSpoiledReadModelsAreFoundAndMended spoils rows of a running coordinator. verify finds them, rebuild mends them, and the digest,
// which is of what was folded, is the same all along.
func TestSpoiledReadModelsAreFoundAndMended(t *testing.T) {
	dir := t.TempDir()
	p := startDev(t, dir)
	p.wait("there are jobs", time.Minute, func() bool { s := p.stats(); return s.Jobs > 2 && s.TotalWorkers == e2eWorkers })
	if code, said := verb(t, dir, "verify"); code != 0 || !strings.Contains(said, "are what the log gives") {
		t.Fatalf("verify ends with %d: %s", code, said)
	}
	var before struct {
		Digest string
		Block  int64
	}
	if err := p.get("/api/state/digest?block=1010", &before); err != nil {
		t.Fatal(err)
	}

	code, said := verb(t, dir, "redecode")
	if code != 0 || !strings.Contains(said, "nothing would change") || strings.Contains(said, "of 0 classes") {
		t.Errorf("redecode ends with %d: %s", code, said)
	}

	url, err := embedded.RunningPostgres(filepath.Join(dir, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	pool, err := pg.Open(t.Context(), url, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	// Closed versions: a current row is written again, from the reader's memory, with the next event that concerns it.
	if _, err := pool.Exec(t.Context(), "update workers_versions set staked_amount = staked_amount + 1"); err != nil {
		t.Fatal(err)
	}
	code, said = verb(t, dir, "verify")
	if code != exitFailure || !strings.Contains(said, "workers_versions lacks") || !strings.Contains(said, "sage-coordinator rebuild") {
		t.Errorf("verify of spoiled rows ends with %d: %s", code, said)
	}
	if code, said := verb(t, dir, "rebuild"); code != 0 || !strings.Contains(said, "made anew") {
		t.Fatalf("rebuild ends with %d: %s", code, said)
	}
	at := p.stats().Block
	p.wait("the chain moves on", time.Minute, func() bool { return p.stats().Block > at+3 })
	if code, said := verb(t, dir, "verify"); code != 0 {
		t.Errorf("verify after the rebuild ends with %d: %s", code, said)
	}
	if code, said := verb(t, dir, "digest", "--block", "1010"); code != 0 || said != before.Digest+" block 1010\n" {
		t.Errorf("digest ends with %d: %s, want %s", code, said, before.Digest)
	}
}

func TestVerbsBesideNothingSaySo(t *testing.T) {
	for _, v := range []string{"rebuild", "verify", "digest"} {
		if code, said := verb(t, t.TempDir(), v); code != exitUsage || !strings.Contains(said, "--database-url") || !strings.Contains(said, "--data-dir") {
			t.Errorf("%s ends with %d: %s", v, code, said)
		}
	}
	if code, said := verb(t, t.TempDir(), "redecode"); code != exitUsage || !strings.Contains(said, "--kafka-brokers") || !strings.Contains(said, "--data-dir") {
		t.Errorf("redecode ends with %d: %s", code, said)
	}
}
