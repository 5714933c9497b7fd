package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// fetchedVersion is the Postgres that is fetched where there is no database yet.
const fetchedVersion = embeddedpostgres.V18

// fetchable are the releases that can be fetched instead, by major version.
var fetchable = map[string]embeddedpostgres.PostgresVersion{
	"14": embeddedpostgres.V14, "15": embeddedpostgres.V15, "16": embeddedpostgres.V16, "17": embeddedpostgres.V17, "18": embeddedpostgres.V18,
}

// findPrograms returns the directory of the programs to run the data with. The fetched ones come first, so that all
// machines run the same; but data that exists is opened by its own major version only.
func (c *child) findPrograms(ctx context.Context) (string, error) {
	var wanted string
	switch text, err := os.ReadFile(c.path("data/PG_VERSION")); {
	case err == nil:
		wanted = strings.TrimSpace(string(text))
	case !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("reading the data's version: %w", err)
	}
	release := fetchedVersion
	if asked, ok := fetchable[c.Version]; ok {
		release = asked
		if wanted == "" {
			wanted = c.Version
		}
	}
	var problems []string
	if fetched := majorVersion(string(release)); c.Version != MachineVersion && (wanted == "" || wanted == fetched) {
		bin, err := c.fetchPrograms(ctx, release)
		if err == nil {
			return bin, nil
		}
		if ctx.Err() != nil {
			return "", err
		}
		problems = append(problems, fmt.Sprintf("fetching PostgreSQL %s failed (%v)", release, err))
	}
	dirs := c.ProgramDirs
	if dirs == nil {
		dirs = machineProgramDirs(ctx)
	}
	for _, bin := range dirs {
		version, err := versionOf(ctx, bin)
		if err == nil && (wanted == "" || wanted == majorVersion(version)) {
			return bin, nil
		}
	}
	problems = append(problems, fmt.Sprintf("this machine has no programs for it (looked in %s)", strings.Join(dirs, ", ")))
	if wanted == "" {
		return "", fmt.Errorf("no PostgreSQL to run: %s: install PostgreSQL, or give the address of a server as DATABASE_URL",
			strings.Join(problems, ", and "))
	}
	return "", fmt.Errorf("the data was written by PostgreSQL %s: %s: install PostgreSQL %s, remove the directory to begin with an empty database, or give the address of a server as DATABASE_URL",
		wanted, strings.Join(problems, ", and "), wanted)
}

// fetchPrograms returns the directory of the fetched programs, and fetches them if they are not in the cache. They appear
// there whole, and only after a server of theirs has run on this machine.
func (c *child) fetchPrograms(ctx context.Context, release embeddedpostgres.PostgresVersion) (string, error) {
	if c.Cache == "" {
		return "", errors.New("no directory to keep it in")
	}
	home := filepath.Join(c.Cache, fmt.Sprintf("postgresql-%s-%s-%s", release, runtime.GOOS, runtime.GOARCH))
	bin := filepath.Join(home, "bin")
	if _, err := os.Stat(bin); err == nil {
		return bin, nil
	}
	lock, err := os.OpenFile(filepath.Join(c.Cache, "lock"), os.O_CREATE|os.O_RDONLY, 0o644)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	c.report(childReport{Progress: fmt.Sprintf("fetching PostgreSQL %s, once for this machine", release)})
	if err := awaitLock(ctx, lock, 10*time.Minute); err != nil {
		return "", fmt.Errorf("waiting for another process to fetch it: %w", err)
	}
	if _, err := os.Stat(bin); err == nil {
		return bin, nil
	}
	leftovers, err := filepath.Glob(filepath.Join(c.Cache, "fetch-*"))
	if err != nil {
		return "", err
	}
	for _, dir := range leftovers {
		if err := os.RemoveAll(dir); err != nil {
			return "", err
		}
	}
	work, err := os.MkdirTemp(c.Cache, "fetch-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	if err := tryFetched(ctx, work, release); err != nil {
		return "", err
	}
	return bin, os.Rename(filepath.Join(work, "home"), home)
}

// tryFetched fetches the programs to work/home and starts and stops a server with them. It is all that we leave to
// embedded-postgres: its servers are not our children, its data does not survive a start that was killed, and it empties
// data of another version.
func tryFetched(ctx context.Context, work string, release embeddedpostgres.PostgresVersion) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	l, err := net.Listen("tcp", loopback(0))
	if err != nil {
		return err
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	if err := os.Setenv("TMPDIR", work); err != nil { // it leaves a log file there
		return err
	}
	data := filepath.Join(work, "data")
	trial := embeddedpostgres.NewDatabase(embeddedpostgres.DefaultConfig().
		Version(release).
		CachePath(work).
		BinariesPath(filepath.Join(work, "home")).
		RuntimePath(filepath.Join(work, "run")).
		DataPath(data).
		Port(uint32(port)).
		Locale("C").
		StartParameters(map[string]string{"fsync": "off", "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}).
		StartTimeout(time.Minute).
		Logger(io.Discard))
	done := make(chan error, 1)
	go func() {
		err := trial.Start()
		if err == nil {
			err = trial.Stop()
		}
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	if _, err := os.Stat(data); err == nil { // a server may be about: see it off
		select {
		case late := <-done:
			return errors.Join(ctx.Err(), late)
		case <-time.After(5 * time.Second):
		}
	}
	return ctx.Err()
}

// machineProgramDirs lists where this machine may have Postgres' programs, best first.
func machineProgramDirs(ctx context.Context) []string {
	var dirs []string
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if initdb, err = filepath.EvalSymlinks(initdb); err == nil {
			dirs = append(dirs, filepath.Dir(initdb))
		}
	}
	pgConfig := os.Getenv("PG_CONFIG")
	if pgConfig == "" {
		pgConfig = "pg_config"
	}
	if output, err := exec.CommandContext(ctx, pgConfig, "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(output)))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/usr/local/pgsql/bin",
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
	} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			continue // only a malformed pattern, which these are not
		}
		slices.Sort(found)
		slices.Reverse(found) // newest first
		dirs = append(dirs, found...)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(dirs, func(dir string) bool {
		if seen[dir] {
			return true
		}
		seen[dir] = true
		_, err := os.Stat(filepath.Join(dir, "initdb"))
		return err != nil
	})
}

// versionOf asks the server in bin for its version, such as "15.3".
func versionOf(ctx context.Context, bin string) (string, error) {
	output, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return "", fmt.Errorf("asking %s for its version: %w", bin, err)
	}
	words := strings.Fields(string(output)) // postgres (PostgreSQL) 15.3 (Debian ...)
	if len(words) < 3 {
		return "", fmt.Errorf("asking %s for its version: it says %q", bin, output)
	}
	return words[2], nil
}

func majorVersion(version string) string {
	major, _, _ := strings.Cut(version, ".")
	return major
}
