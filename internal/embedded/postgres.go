package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgresConfig says where a local Postgres keeps its data and its programs.
type PostgresConfig struct {
	// Dir holds everything of the database, and nothing else, and is created if missing. One process may use it at a time.
	Dir string
	// CacheDir is where Postgres' programs are kept once fetched. Empty means the user's cache directory. For root, who
	// cannot run them, it is /var/cache/sage-coordinator, also if the user that does run them cannot reach CacheDir.
	CacheDir string
	// Version is the major version to begin new data with, such as "14", or [MachineVersion]. Empty means the newest.
	Version string
	// Settings are server settings (names of postgresql.conf) over the package's own.
	Settings map[string]string
	// Logger may be nil. What the server itself says is on debug level.
	Logger *slog.Logger

	programDirs []string // instead of where a machine usually has Postgres' programs
}

// MachineVersion stands for whatever version the machine itself has.
const MachineVersion = "machine"

// Postgres is a database server that runs for this process, and no longer than it.
//
// The server is the grandchild of this process. Between the two is a child that runs our own binary (see [PostgresChild]):
// if we are root it becomes an unprivileged user, which Postgres insists on; it holds one end of a pipe whose other end is
// here, and stops the server once that closes, however this process ends.
type Postgres struct {
	url    string
	child  *exec.Cmd
	stdin  io.Closer // closing it tells the child to stop the server
	lock   *os.File
	exited chan struct{} // the child is gone

	mu       sync.Mutex
	stopping bool
	err      error
	failed   chan struct{}
}

const (
	postgresUser     = "sage" // also the database's name
	childMarker      = "SAGE_COORDINATOR_POSTGRES_CHILD"
	takeoverTimeout  = 15 * time.Second // for the server of a process that was killed to end
	childStopTimeout = 8 * time.Second  // a little longer than the child itself takes at most
)

// StartPostgres starts the database in cfg.Dir, creating it the first time, and returns once it answers. ctx bounds the
// start only. The first start on a machine fetches Postgres' programs; where that cannot be done, those that the machine
// has are used. What the data was written with decides for good which major version is run.
//
// The server listens on 127.0.0.1 alone. As any user of the machine can connect there, it asks for a password, which is
// made at random and kept in cfg.Dir for its owner's eyes.
func StartPostgres(ctx context.Context, cfg PostgresConfig) (*Postgres, error) {
	if os.Getenv(childMarker) != "" {
		return nil, errors.New("this process was started to run the database: its main has to call embedded.PostgresChild first")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if _, ok := fetchable[cfg.Version]; !ok && cfg.Version != "" && cfg.Version != MachineVersion {
		return nil, fmt.Errorf("no PostgreSQL %s to run: there are %s, and %s", cfg.Version, strings.Join(slices.Sorted(maps.Keys(fetchable)), ", "), MachineVersion)
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("finding the database's directory: %w", err)
	}
	cfg.Dir = dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating the database's directory: %w", err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	p := &Postgres{lock: lock, exited: make(chan struct{}), failed: make(chan struct{})}
	if err := p.start(ctx, cfg); err != nil {
		return nil, fmt.Errorf("starting the database in %s: %w", dir, err)
	}
	return p, nil
}

// start does what StartPostgres promises; the lock is held. On error nothing is left behind.
func (p *Postgres) start(ctx context.Context, cfg PostgresConfig) error {
	reports, err := p.startChild(ctx, cfg)
	if err != nil {
		p.lock.Close()
		return err
	}
	ready, err := p.awaitReady(ctx, reports, cfg.Logger)
	if err == nil {
		p.url = connectionString(ready.Password, ready.Port)
		err = p.createDatabase(ctx)
	}
	if err != nil {
		return errors.Join(err, p.Stop(context.WithoutCancel(ctx)))
	}
	cfg.Logger.Info("database started", "dir", cfg.Dir, "address", loopback(ready.Port), "version", ready.Version)
	return nil
}

func (p *Postgres) startChild(ctx context.Context, cfg PostgresConfig) (io.Reader, error) {
	owner, err := databaseOwner(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if err := owner.adopt(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("giving the database's directory to %s: %w", owner.name, err)
	}
	cache, err := programCache(cfg.CacheDir, owner)
	if err != nil {
		cfg.Logger.Warn("no directory to keep PostgreSQL's programs in", "error", err)
	}
	// The open directory is a lock of its own, which the child and the server inherit: it is free when the last of them has
	// ended, also if this process was killed. And it is how the server reaches its data (see dataRoot).
	data, err := os.Open(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("opening the database's directory: %w", err)
	}
	defer data.Close()
	if err := awaitLock(ctx, data, takeoverTimeout); err != nil {
		return nil, fmt.Errorf("waiting for a server that is still running on this data to end: %w", err)
	}
	child := exec.Command(ownProgram, childArgument)
	child.Args[0] = filepath.Base(os.Args[0]) // for those who list processes
	child.Dir = "/"                           // the one that we are in may be out of the child's reach
	child.Env = childEnvironment(os.Environ())
	child.ExtraFiles = []*os.File{data}
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // away from the terminal's Ctrl-C
	child.WaitDelay = time.Second
	stdin, err := child.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("preparing the database's process: %w", err)
	}
	reports, reportsEnd := io.Pipe()
	output, outputEnd := io.Pipe()
	child.Stdout, child.Stderr = reportsEnd, outputEnd
	if err := child.Start(); err != nil {
		return nil, fmt.Errorf("starting its process: %w", err)
	}
	p.child, p.stdin = child, stdin
	last := &lastLines{}
	var logged sync.WaitGroup
	logged.Go(func() {
		eachLine(output, func(line string) {
			last.add(line)
			cfg.Logger.Debug("postgres: " + line)
		})
	})
	go func() {
		err := child.Wait()
		reportsEnd.Close()
		outputEnd.Close()
		logged.Wait()
		p.ended(err, last.String())
	}()
	root := dataRoot(cfg.Dir, owner)
	if err := json.NewEncoder(stdin).Encode(childConfig{
		UID: owner.uid, GID: owner.gid, Root: root, Cache: cache, Settings: cfg.Settings, ProgramDirs: cfg.programDirs, Version: cfg.Version,
	}); err != nil {
		return nil, errors.Join(fmt.Errorf("telling the database's process what to do: %w", err), p.Stop(ctx))
	}
	return reports, nil
}

// awaitReady follows the child's reports until the server is ready.
func (p *Postgres) awaitReady(ctx context.Context, reports io.Reader, logger *slog.Logger) (*childReady, error) {
	type outcome struct {
		ready *childReady
		err   error
	}
	outcomes := make(chan outcome, 2)
	go func() {
		in := json.NewDecoder(reports)
		for {
			var r childReport
			if err := in.Decode(&r); err != nil {
				<-p.exited
				outcomes <- outcome{err: fmt.Errorf("its process ended: %w", p.Err())}
				return
			}
			switch {
			case r.Progress != "":
				logger.Info(r.Progress)
			case r.Ready != nil:
				outcomes <- outcome{ready: r.Ready}
			default:
				outcomes <- outcome{err: errors.New(r.Error)}
				_, _ = io.Copy(io.Discard, reports) // it has nothing more to say
				return
			}
		}
	}()
	select {
	case first := <-outcomes:
		return first.ready, first.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// createDatabase makes sure of our own database, and so that the server really answers.
func (p *Postgres) createDatabase(ctx context.Context) error {
	admin := strings.Replace(p.url, "/"+postgresUser+"?", "/postgres?", 1)
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var exists bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", postgresUser).Scan(&exists); err != nil {
		return fmt.Errorf("looking for database %s: %w", postgresUser, err)
	}
	if exists {
		return nil
	}
	if _, err := conn.Exec(ctx, "create database "+postgresUser); err != nil {
		return fmt.Errorf("creating database %s: %w", postgresUser, err)
	}
	return nil
}

// ended notes that the child is gone. If nobody asked for that, the server is told to end too.
func (p *Postgres) ended(err error, output string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.stopping {
		reason := "without an error"
		if err != nil {
			reason = err.Error()
		}
		p.err = fmt.Errorf("the embedded database ended by itself (%s): %s", reason, output)
		close(p.failed)
		_ = p.signalGroup(syscall.SIGINT) // what is left of it may be gone already
	}
	close(p.exited)
}

// signalGroup signals the child and the server, as far as they are there.
func (p *Postgres) signalGroup(s syscall.Signal) error { return syscall.Kill(-p.child.Process.Pid, s) }

// URL is the postgres:// connection string of the database "sage", with the password of its owner, a superuser.
func (p *Postgres) URL() string { return p.url }

func connectionString(password string, port int) string {
	return fmt.Sprintf("postgres://%s:%s@%s/%s?sslmode=disable", postgresUser, password, loopback(port), postgresUser)
}

// Failed is closed if the server has ended by itself.
func (p *Postgres) Failed() <-chan struct{} { return p.failed }

// Err says why the server ended by itself, or is nil.
func (p *Postgres) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// Stop ends the server and waits for it, about five seconds at most: connections are cut and open transactions rolled
// back. When ctx ends first, the server is killed, and recovers at the next start. Stop may be called again.
func (p *Postgres) Stop(ctx context.Context) error {
	p.mu.Lock()
	p.stopping = true
	p.mu.Unlock()
	p.stdin.Close() // a second time does no harm
	defer p.lock.Close()
	select {
	case <-p.exited:
		return nil
	case <-ctx.Done():
	case <-time.After(childStopTimeout):
	}
	err := p.signalGroup(syscall.SIGKILL)
	<-p.exited
	return errors.Join(errors.New("the embedded database did not stop in time and was killed"), err)
}
