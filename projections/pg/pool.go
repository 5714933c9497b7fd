package pg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Open connects to the database and checks that it answers. MaxConns bounds the pool; every lease takes one connection out of
// it for as long as it is held.
func Open(ctx context.Context, url string, maxConns int32) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The error of a malformed URL may quote it, password and all.
		return nil, fmt.Errorf("database URL is malformed: want postgresql://user:password@host:port/database")
	}
	config.MaxConns = max(maxConns, config.MaxConns)
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "sage-coordinator"
	}
	// "Now" in an answer is the log's time, and every time in it is UTC, whatever the server's zone.
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("database at %s:%d: %w", config.ConnConfig.Host, config.ConnConfig.Port, err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("database at %s:%d: %w", config.ConnConfig.Host, config.ConnConfig.Port, err)
	}
	return pool, nil
}
