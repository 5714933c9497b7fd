package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestPostgresKeepsItsDataOverARestart(t *testing.T) {
	dir := t.TempDir() // as root: out of reach for any other user
	pg := startPostgres(t, PostgresConfig{Dir: dir})
	execute(t, pg.URL(), "create table kept (n int)")
	execute(t, pg.URL(), "insert into kept values (1)")
	url, pid := pg.URL(), postmasterPid(t, dir)
	if group, err := syscall.Getpgid(pid); err != nil || group == syscall.Getpgrp() {
		t.Errorf("the server is in our process group, so Ctrl-C would stop it before us (%v)", err)
	}
	begun := time.Now()
	stopPostgres(t, pg)
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("stopping took %v", took)
	}
	if alive(pid) {
		t.Error("the server outlived Stop")
	}

	pg = startPostgres(t, PostgresConfig{Dir: dir})
	if pg.URL() != url {
		t.Errorf("the restarted database is at %s, not at %s as before", pg.URL(), url)
	}
	execute(t, pg.URL(), "insert into kept values (2)")
	wantRows(t, pg.URL(), 2)
}

func TestPostgresStopsInTimeWithClientsAtWork(t *testing.T) {
	pg := startPostgres(t, PostgresConfig{Dir: t.TempDir()})
	conn, err := pgx.Connect(t.Context(), pg.URL())
	if err != nil {
		t.Fatal(err)
	}
	busy := make(chan error, 1)
	go func() {
		_, err := conn.Exec(context.Background(), "select pg_sleep(60)")
		busy <- err
	}()
	begun := time.Now()
	stopPostgres(t, pg)
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("stopping took %v", took)
	}
	if err := <-busy; err == nil {
		t.Error("the client's query went on")
	}
	select {
	case <-pg.Failed():
		t.Errorf("a database that was stopped says it failed: %v", pg.Err())
	default:
	}
}

func TestPostgresEndsWithItsParentHoweverThatEnds(t *testing.T) {
	dir := t.TempDir()
	parent := startRole(t, nil, "postgres", dir)
	url := parent.line()
	pid := postmasterPid(t, dir)
	execute(t, url, "insert into kept values (2)")
	parent.kill()
	eventually(t, 5*time.Second, "the server ends", func() bool { return !alive(pid) })

	pg := startPostgres(t, PostgresConfig{Dir: dir})
	wantRows(t, pg.URL(), 2)
}

// A start straight after a kill finds the old server still stopping, and waits for it.
func TestPostgresStartsWhileTheOldServerIsStillStopping(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		parent := startRole(t, nil, "postgres", dir)
		parent.line()
		parent.kill()
	}
	pg := startPostgres(t, PostgresConfig{Dir: dir})
	wantRows(t, pg.URL(), 2)
}

func TestPostgresEndsWithItsSupervisor(t *testing.T) {
	dir := t.TempDir()
	pg := startPostgres(t, PostgresConfig{Dir: dir})
	pid := postmasterPid(t, dir)
	if err := pg.child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-pg.Failed():
	case <-time.After(5 * time.Second):
		t.Fatal("nobody says that the database is gone")
	}
	if pg.Err() == nil {
		t.Error("nothing says why")
	}
	eventually(t, 5*time.Second, "the server ends", func() bool { return !alive(pid) })
}

func TestPostgresThatCrashesIsNoticed(t *testing.T) {
	dir := t.TempDir()
	pg := startPostgres(t, PostgresConfig{Dir: dir})
	execute(t, pg.URL(), "create table kept (n int)")
	execute(t, pg.URL(), "insert into kept values (1)")
	if err := syscall.Kill(postmasterPid(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-pg.Failed():
	case <-time.After(5 * time.Second):
		t.Fatal("nobody says that the database is gone")
	}
	stopPostgres(t, pg)
	pg = startPostgres(t, PostgresConfig{Dir: dir})
	wantRows(t, pg.URL(), 1)
}

func TestPostgresAfterACrashThatLeftAPid(t *testing.T) {
	dir := t.TempDir()
	pg := startPostgres(t, PostgresConfig{Dir: dir})
	stopPostgres(t, pg)

	// The number of the crashed server now belongs to some other process of the same user.
	info, err := os.Stat(filepath.Join(dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	other := exec.Command("sleep", "600")
	other.Dir = "/"
	stat := info.Sys().(*syscall.Stat_t)
	if os.Geteuid() == 0 {
		other.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stat.Uid, Gid: stat.Gid}}
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = other.Process.Kill()
		_ = other.Wait()
	}()
	left := fmt.Sprintf("%d\n%s\n1700000000\n5432\n\n127.0.0.1\n\nready   \n", other.Process.Pid, filepath.Join(dir, "data"))
	path := filepath.Join(dir, "data", "postmaster.pid")
	if err := os.WriteFile(path, []byte(left), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(path, int(stat.Uid), int(stat.Gid)); err != nil {
		t.Fatal(err)
	}
	startPostgres(t, PostgresConfig{Dir: dir})
}

func TestRemoveStalePid(t *testing.T) {
	data := t.TempDir()
	path := filepath.Join(data, "postmaster.pid")
	if err := removeStalePid(data); err != nil {
		t.Errorf("no file: %v", err)
	}
	for name, text := range map[string]string{
		"of a process that is gone":         "4194304\n" + data + "\n",
		"of a process that works elsewhere": strconv.Itoa(os.Getpid()) + "\n" + data + "\n",
		"cut short":                         "",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := removeStalePid(data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the file is still there (%v)", name, err)
		}
	}
	server := exec.Command("sleep", "600")
	server.Dir = data
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	}()
	if err := os.WriteFile(path, []byte(strconv.Itoa(server.Process.Pid)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := removeStalePid(data); err == nil || !strings.Contains(err.Error(), strconv.Itoa(server.Process.Pid)) {
		t.Errorf("of a process that works on the data: got %v, want an error that names it", err)
	}
}

func TestPostgresOfTwo(t *testing.T) {
	dir := t.TempDir()
	startPostgres(t, PostgresConfig{Dir: dir})
	begun := time.Now()
	_, err := StartPostgres(t.Context(), PostgresConfig{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), dir+" is in use by process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("got error %v, want one that names the directory and the process", err)
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("that took %v to say", took)
	}
}

func TestPostgresAsAnotherUserThanRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		return // then every test here is this one
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(program, 0o755); err != nil {
		t.Fatal(err)
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.Atoi(nobody.Uid)
	if err != nil {
		t.Fatal(err)
	}
	gid, err := strconv.Atoi(nobody.Gid)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "embedded")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	// Once as that user, and then as root, who finds data that belongs to somebody already.
	parent := startRole(t, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, "postgres", dir, sharedCache(t))
	url := parent.line()
	pid := postmasterPid(t, dir)
	wantRows(t, url, 1)
	parent.kill()
	eventually(t, 5*time.Second, "the server ends", func() bool { return !alive(pid) })
	pg := startPostgres(t, PostgresConfig{Dir: dir})
	wantRows(t, pg.URL(), 1)
}

func TestPostgresWithTheMachinesPrograms(t *testing.T) {
	programs := fetchedPrograms(t)
	offline(t)
	dir := t.TempDir()
	cfg := PostgresConfig{Dir: dir, CacheDir: reachableDir(t), programDirs: []string{filepath.Join(dir, "nothing"), programs}}
	pg := startPostgres(t, cfg)
	execute(t, pg.URL(), "create table kept (n int)")
	stopPostgres(t, pg)

	if err := os.WriteFile(filepath.Join(dir, "data", "PG_VERSION"), []byte("12\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := StartPostgres(t.Context(), cfg)
	wantError(t, err, dir, "the data was written by PostgreSQL 12", programs, "DATABASE_URL")
}

func TestPostgresThatCannotBeHad(t *testing.T) {
	offline(t)
	dir := t.TempDir()
	_, err := StartPostgres(t.Context(), PostgresConfig{Dir: dir, CacheDir: reachableDir(t), programDirs: []string{"/nowhere/bin"}})
	wantError(t, err, dir, "fetching PostgreSQL "+string(fetchedVersion)+" failed", "/nowhere/bin", "install PostgreSQL", "DATABASE_URL")
}

func TestPostgresStartThatIsGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	if _, err := StartPostgres(ctx, PostgresConfig{Dir: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}

	silent, err := net.Listen("tcp", "127.0.0.1:0") // a proxy that never answers
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	t.Setenv("HTTPS_PROXY", "http://"+silent.Addr().String())
	ctx, cancel = context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if _, err := StartPostgres(ctx, PostgresConfig{Dir: dir, CacheDir: reachableDir(t)}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got error %v, want %v", err, context.DeadlineExceeded)
	}
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("giving up took %v", took)
	}
	startPostgres(t, PostgresConfig{Dir: dir}) // and nothing is in the way of the next
}

func TestPostgresOfAProgramThatForgotItsChild(t *testing.T) {
	t.Setenv(childMarker, "1")
	_, err := StartPostgres(t.Context(), PostgresConfig{Dir: t.TempDir()})
	wantError(t, err, "PostgresChild")
}

func TestPostgresIsDurableAndModest(t *testing.T) {
	pg := startPostgres(t, PostgresConfig{Dir: t.TempDir(), Settings: map[string]string{"work_mem": "5MB"}})
	conn := connect(t, pg.URL())
	for name, want := range map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on",
		"listen_addresses": "127.0.0.1", "max_connections": "60", "server_encoding": "UTF8", "TimeZone": "UTC",
		"work_mem": "5MB",
	} {
		var got string
		if err := conn.QueryRow(t.Context(), "select current_setting($1)", name).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", name, got, err, want)
		}
	}
	without := strings.Replace(pg.URL(), ":"+conn.Config().Password+"@", ":wrong@", 1)
	if _, err := pgx.Connect(t.Context(), without); err == nil {
		t.Error("a wrong password opens the database")
	}
}

// holdPostgres starts a database with a row in it, prints its address and waits to be killed.
func holdPostgres(args []string) error {
	cfg := PostgresConfig{Dir: args[0]}
	if len(args) > 1 {
		cfg.CacheDir = args[1]
	}
	ctx := context.Background()
	pg, err := StartPostgres(ctx, cfg)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, pg.URL())
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "create table if not exists kept (n int)"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "insert into kept values (1)"); err != nil {
		return err
	}
	fmt.Println(pg.URL())
	select {}
}

func startPostgres(t *testing.T, cfg PostgresConfig) *Postgres {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // the very first one is fetched
	defer cancel()
	cfg.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	pg, err := StartPostgres(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stopPostgres(t, pg) })
	return pg
}

func stopPostgres(t *testing.T, pg *Postgres) {
	t.Helper()
	if err := pg.Stop(context.Background()); err != nil {
		t.Errorf("stopping the database: %v", err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func execute(t *testing.T, url, sql string) {
	t.Helper()
	if _, err := connect(t, url).Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func wantRows(t *testing.T, url string, want int) {
	t.Helper()
	var got int
	if err := connect(t, url).QueryRow(t.Context(), "select count(*) from kept").Scan(&got); err != nil || got != want {
		t.Fatalf("there are %d rows (%v), want %d", got, err, want)
	}
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("got error %v, want one that says %q", err, part)
		}
	}
}

func postmasterPid(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func eventually(t *testing.T, patience time.Duration, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in %v: %s", patience, what)
		}
	}
}

// sharedCache is the programs' cache that the tests use, in the form of PostgresConfig.CacheDir.
func sharedCache(t *testing.T) string {
	t.Helper()
	owner, err := databaseOwner(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cache, err := programCache("", owner)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(cache)
}

// fetchedPrograms returns the directory of the fetched programs, for what a machine has installed.
func fetchedPrograms(t *testing.T) string {
	t.Helper()
	stopPostgres(t, startPostgres(t, PostgresConfig{Dir: t.TempDir()}))
	found, err := filepath.Glob(filepath.Join(sharedCache(t), "postgres", "postgresql-"+string(fetchedVersion)+"-*", "bin"))
	if err != nil || len(found) != 1 {
		t.Fatalf("fetched programs: %v, %v", found, err)
	}
	return found[0]
}

// offline lets no request for programs through.
func offline(t *testing.T) {
	t.Helper()
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	t.Setenv("https_proxy", "http://127.0.0.1:1")
}

// reachableDir is an empty directory that any user can walk to, unlike t.TempDir.
func reachableDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "embedded")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
