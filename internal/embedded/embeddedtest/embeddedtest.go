// Package embeddedtest gives tests a real Postgres and a Kafka-protocol log at the price of a few milliseconds: one server
// for a test binary, started when first asked for, and a database or a log of its own for each test. Under the build tag kafka
// the log is real Apache Kafka, so that the tests that use one say the same of both.
//
// A package whose tests want one of them hands its tests to [Main]:
//
//	func TestMain(m *testing.M) { embeddedtest.Main(m) }
package embeddedtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/internal/embedded"
)

// server is the test binary's one database server. It is global because it has to outlive every single test.
var server struct {
	sync.Mutex
	main      bool
	dir       string
	postgres  *embedded.Postgres
	err       error
	databases int
}

// Main runs the tests and then stops what they started. It does not return.
func Main(m *testing.M) {
	if handled, code := embedded.PostgresChild(os.Args[1:]); handled {
		os.Exit(code)
	}
	server.main = true
	code := m.Run()
	if err := errors.Join(stop(), stopLogs()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// Postgres returns the connection string of an empty database that only this test uses, with rights to do anything in it.
func Postgres(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // the first time ever, it is fetched
	defer cancel()
	address, err := createDatabase(ctx)
	if err != nil {
		t.Fatalf("a database for the test: %v", err)
	}
	return address
}

func createDatabase(ctx context.Context) (string, error) {
	server.Lock()
	defer server.Unlock()
	if !server.main {
		return "", fmt.Errorf("this package needs: func TestMain(m *testing.M) { embeddedtest.Main(m) }")
	}
	if server.postgres == nil && server.err == nil {
		server.postgres, server.err = start(ctx)
	}
	if server.err != nil {
		return "", server.err
	}
	conn, err := pgx.Connect(ctx, server.postgres.URL())
	if err != nil {
		return "", fmt.Errorf("connecting to the test server: %w", err)
	}
	defer conn.Close(ctx)
	server.databases++
	name := fmt.Sprintf("test_%d", server.databases)
	if _, err := conn.Exec(ctx, "create database "+name); err != nil {
		return "", fmt.Errorf("creating database %s: %w", name, err)
	}
	address, err := url.Parse(server.postgres.URL())
	if err != nil {
		return "", fmt.Errorf("reading the server's address: %w", err)
	}
	address.Path = name
	return address.String(), nil
}

func start(ctx context.Context) (*embedded.Postgres, error) {
	if err := sweep(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", prefix)
	if err != nil {
		return nil, err
	}
	server.dir = dir
	// What a test's database holds need not outlive the machine.
	settings := map[string]string{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
	return embedded.StartPostgres(ctx, embedded.PostgresConfig{Dir: dir, Settings: settings, Version: os.Getenv(VersionVariable)})
}

// VersionVariable names the environment variable that says which Postgres the tests get, see [embedded.PostgresConfig]: a major version, or
// "machine". The newest where it is not set.
const VersionVariable = "TEST_POSTGRES_VERSION"

const prefix = "embeddedtest-"

// sweep removes what test binaries left that panicked or were killed. Their servers are gone; a server that still runs
// holds the lock of its directory.
func sweep() error {
	dirs, err := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < time.Hour { // removed meanwhile, or just being made
			continue
		}
		f, err := os.Open(dir)
		if err != nil {
			continue // another user's
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			err = os.RemoveAll(dir)
		}
		f.Close()
		if err != nil {
			return fmt.Errorf("removing what an earlier test left: %w", err)
		}
	}
	return nil
}

func stop() error {
	server.Lock()
	defer server.Unlock()
	if server.postgres != nil {
		if err := server.postgres.Stop(context.Background()); err != nil {
			return fmt.Errorf("stopping the test server: %w", err)
		}
	}
	if server.dir != "" {
		return os.RemoveAll(server.dir)
	}
	return nil
}
