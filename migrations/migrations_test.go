package migrations_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/migrations"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

func open(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), embeddedtest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func apply(t *testing.T, pool *pgxpool.Pool) int64 {
	t.Helper()
	v, err := migrations.Apply(t.Context(), pool, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// shape is what the database looks like: every column of every table and view, and every index.
func shape(t *testing.T, pool *pgxpool.Pool) string {
	t.Helper()
	const columns = `
select coalesce(string_agg(line, E'\n' order by line), '') from (
    select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') as line
    from information_schema.columns where table_schema = 'public' and table_name not like 'goose%'
    union all
    select indexdef from pg_indexes where schemaname = 'public' and tablename not like 'goose%'
) lines`
	var s string
	if err := pool.QueryRow(t.Context(), columns).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

func runAsPsql(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	files, err := migrations.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 2 {
		t.Fatalf("only %d migrations", len(files))
	}
	for _, f := range files {
		doc, err := migrations.Files.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		// Several statements in one go, as psql -f and an init folder run them.
		if _, err := pool.Exec(t.Context(), string(doc)); err != nil {
			t.Fatalf("%s: %v", f.Name(), err)
		}
	}
}

func TestTheFilesRunUnderPlainPsqlAndMigrateAcceptsWhatTheyMade(t *testing.T) {
	migrated := open(t)
	version := apply(t, migrated)
	want := shape(t, migrated)

	plain := open(t)
	runAsPsql(t, plain)
	if got := shape(t, plain); got != want {
		t.Errorf("psql made\n%s\nmigrate made\n%s", got, want)
	}
	if got := apply(t, plain); got != version {
		t.Errorf("migrate after psql is at version %d, want %d", got, version)
	}
	if got := shape(t, plain); got != want {
		t.Errorf("migrate after psql made\n%s\nwant\n%s", got, want)
	}
	runAsPsql(t, migrated)
	if got := shape(t, migrated); got != want {
		t.Error("psql after migrate changed something")
	}
}

func TestManyMayMigrateAtOnce(t *testing.T) {
	pool := open(t)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if _, err := migrations.Apply(context.WithoutCancel(t.Context()), pool, slog.New(slog.DiscardHandler)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}
