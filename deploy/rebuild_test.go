package deploy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// broker is the address of dev's own log, as /health tells it.
func (d *dev) broker(t *testing.T) string {
	t.Helper()
	body, err := d.get("/health")
	if err != nil {
		t.Fatal(err)
	}
	var health struct {
		Components []struct{ Name, Message string }
	}
	if err := json.Unmarshal([]byte(body), &health); err != nil {
		t.Fatal(err)
	}
	for _, c := range health.Components {
		if c.Name == "log" {
			return c.Message
		}
	}
	t.Fatalf("/health tells of no log: %s", body)
	return ""
}

// newDatabase makes an empty one on dev's server.
func newDatabase(t *testing.T, d *dev, name string) string {
	t.Helper()
	conn := connect(t, d.database(t, "sage"))
	if _, err := conn.Exec(t.Context(), "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
		t.Fatal(err)
	}
	return d.database(t, name)
}

// TestPostgresIsMadeAgainFromTheLog is what the guide promises of an empty database beside a log that was kept.
func TestPostgresIsMadeAgainFromTheLog(t *testing.T) {
	d := coordinator(t)
	count := func(conn *pgx.Conn, table string) (n int64, err error) {
		err = conn.QueryRow(t.Context(), "select count(*) from "+table).Scan(&n)
		return n, err
	}
	old, address := connect(t, d.database(t, "sage")), newDatabase(t, d, "again")
	want := map[string]int64{}
	for _, table := range []string{"blockchain_events", "workers", "jobs", "heartbeats"} {
		n, err := count(old, table)
		if err != nil || n == 0 {
			t.Fatalf("%s: %d rows, %v", table, n, err)
		}
		want[table] = n
	}
	project := exec.Command(d.binary, "project", "--network", "local", "--kafka-brokers", d.broker(t), "--database-url", address)
	project.Dir = t.TempDir() // no .env of anybody's
	project.Stderr = os.Stderr
	project.Env = append(os.Environ(), "LOG_LEVEL=error")
	if err := project.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- project.Wait() }()
	fresh := connect(t, address)
	err := waitFor(time.Minute, exited, func() error {
		for table, n := range want {
			if got, err := count(fresh, table); err != nil || got < n {
				return fmt.Errorf("%s: %d rows of %d, %w", table, got, n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := project.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	if err := <-exited; err != nil {
		t.Errorf("project ended with %v", err)
	}
}
