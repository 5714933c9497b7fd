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

// TestParkedRecordsAreShownAndTriedAgain plants records of a worker as if they could not be folded.
func TestParkedRecordsAreShownAndTriedAgain(t *testing.T) {
	dir := t.TempDir()
	p := startDev(t, dir)
	url, err := embedded.RunningPostgres(filepath.Join(dir, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	pool, err := pg.Open(t.Context(), url, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	const worker = "0x0000000000000000000000000000000000000000000000000000000000000b0b"
	const plant = `
insert into parked_records (topic, part, log_offset, event_key, event_id, event_type, reason, headers, value)
select 'bitsage.heartbeats', 3, n, $1, 'planted ' || n, 'bitsage.telemetry.heartbeat', 'planted', 
    '[["ce_specversion", "1.0"], ["ce_type", "bitsage.telemetry.heartbeat"], ["ce_time", "2026-01-01T00:00:00Z"]]'::jsonb || jsonb_build_array(jsonb_build_array('ce_id', 'planted ' || n)),
    convert_to(case n when 1 then '"poison"' else '{"worker_address": "' || $1 || '"}' end, 'UTF8') from generate_series(1, 2) n`
	if _, err := pool.Exec(t.Context(), plant, worker); err != nil {
		t.Fatal(err)
	}
	if code, said := verb(t, dir, "parked", "list"); code != 0 || !strings.Contains(said, "bitsage.heartbeats/3/1") || !strings.Contains(said, "2 of 2 records") {
		t.Errorf("parked list ends with %d: %s", code, said)
	}
	if code, said := verb(t, dir, "parked", "show", "bitsage.heartbeats/3/2"); code != 0 || !strings.Contains(said, `{"worker_address": "`+worker) {
		t.Errorf("parked show ends with %d: %s", code, said)
	}
	p.wait("health tells what is parked", time.Minute, func() bool { // it looks every few seconds
		var health struct {
			Components []struct{ Name, Status, Message string }
		}
		if err := p.get("/health", &health); err != nil {
			return false
		}
		for _, c := range health.Components {
			if c.Name == "parked" {
				return c.Status == "degraded" && strings.Contains(c.Message, "sage-coordinator parked list")
			}
		}
		return false
	})
	if code, said := verb(t, dir, "parked", "retry", worker); code != 0 || !strings.Contains(said, "2 records") {
		t.Errorf("parked retry ends with %d: %s", code, said)
	}
	left := func(reason string) (n int) {
		if err := pool.QueryRow(t.Context(), "select count(*) from parked_records where not retry and reason like $1", reason).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	p.wait("the poison fails again", time.Minute, func() bool { return left("%cannot unmarshal%") == 1 && left("%earlier%") == 1 })
	if code, said := verb(t, dir, "parked", "drop", "bitsage.heartbeats/3/1"); code != 0 || !strings.Contains(said, "is dropped") {
		t.Errorf("parked drop ends with %d: %s", code, said)
	}
	if code, said := verb(t, dir, "parked", "drop", "bitsage.heartbeats/3/1"); code != exitUsage || !strings.Contains(said, "not parked") {
		t.Errorf("parked drop of what is gone ends with %d: %s", code, said)
	}
	if code, said := verb(t, dir, "parked", "retry", "--all"); code != 0 {
		t.Errorf("parked retry ends with %d: %s", code, said)
	}
	var beats int
	p.wait("what came after it is folded", time.Minute, func() bool {
		if err := pool.QueryRow(t.Context(), "select count(*) from uptime_hour where worker_address = $1", worker).Scan(&beats); err != nil {
			t.Fatal(err)
		}
		return left("%") == 0 && beats == 1
	})
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
	if code, said := verb(t, dir, "rebuild", "jobs", "jbos"); code != exitUsage || !strings.Contains(said, "no read model") || !strings.Contains(said, "payments") {
		t.Errorf("rebuild of what there is not ends with %d: %s", code, said)
	}
	if code, said := verb(t, dir, "rebuild", "jobs", "payments"); code != 0 || !strings.Contains(said, "jobs, payments: made anew") {
		t.Errorf("rebuild of two read models ends with %d: %s", code, said)
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
