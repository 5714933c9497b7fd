// Package migrations owns the shape of the database: SQL files, embedded, ordered, and never edited once released.
//
// The same files run under plain psql and in a Postgres image's init folder, so every statement may run again on a database
// that already has its result. Begin with [Apply].
package migrations

import (
	"context"
	"embed"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Files holds the migrations.
//
//go:embed *.sql
var Files embed.FS

// Apply brings the database to the newest version. Any number of processes may call it at once: an advisory lock lets one
// work while the others wait. It returns the version that the database then has.
func Apply(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) (version int64, err error) {
	db := stdlib.OpenDBFromPool(pool)
	defer func() {
		if cerr := db.Close(); err == nil && cerr != nil {
			err = fmt.Errorf("migrations: %w", cerr)
		}
	}()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return 0, fmt.Errorf("migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, Files,
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true), goose.WithSlog(log))
	if err != nil {
		return 0, fmt.Errorf("migrations: %w", err)
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrations: %w", err)
	}
	for _, r := range results {
		log.InfoContext(ctx, "migrated", "file", r.Source.Path, "took", r.Duration)
	}
	version, err = provider.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrations: %w", err)
	}
	return version, nil
}
