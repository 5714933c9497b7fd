package main

import (
	"context"
	"fmt"

	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
)

type migrateCmd struct{}

func (migrateCmd) run(ctx context.Context, m *Main, s Settings) error {
	if s.DatabaseURL == "" {
		return usagef("migrate needs --database-url (DATABASE_URL)")
	}
	pool, err := pg.Open(ctx, s.DatabaseURL, 2)
	if err != nil {
		return fmt.Errorf("--database-url (DATABASE_URL): %w", err)
	}
	defer pool.Close()
	at, err := migrations.Apply(ctx, pool, s.logger(m.Stderr))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(m.Stdout, "the database is at version %d\n", at)
	return err
}
