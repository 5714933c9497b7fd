package embedded

import (
	"context"
	"errors"
	"log/slog"
)

// PostgresConfig says where a local Postgres keeps its data and its programs.
type PostgresConfig struct {
	// Dir holds everything of the database and is created if missing. One process may use it at a time.
	Dir string
	// CacheDir is where Postgres' programs are kept once fetched. Empty means the user's cache directory, or
	// /var/cache/sage-coordinator for root.
	CacheDir string
	// Settings are server settings (postgresql.conf names) over the package's own.
	Settings map[string]string
	// Logger may be nil.
	Logger *slog.Logger
}

// Postgres is a database server that runs in a child process.
type Postgres struct{ url string }

// StartPostgres starts the database in cfg.Dir, creating it the first time, and returns once it answers.
func StartPostgres(ctx context.Context, cfg PostgresConfig) (*Postgres, error) {
	return nil, errors.New("not yet")
}

// URL is the postgres:// connection string of the database "sage", with its password.
func (p *Postgres) URL() string { return p.url }

// Done is closed once the database has ended, by Stop or by itself.
func (p *Postgres) Done() <-chan struct{} { return nil }

// Stop ends the database, within about five seconds, and waits for it.
func (p *Postgres) Stop(ctx context.Context) error { return nil }

// PostgresChild runs the database's child process if that is what this process was started for. Call it first thing in main
// (and in TestMain): func main() { if handled, code := embedded.PostgresChild(os.Args[1:]); handled { os.Exit(code) } ...
func PostgresChild(args []string) (handled bool, exitCode int) { return false, 0 }
