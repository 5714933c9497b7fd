package embedded

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// childArgument is the hidden first argument that turns our binary into the database's child process.
const childArgument = "embedded-postgres-child"

// What the parent writes to the child's standard input, one JSON line. The end of the input means stop.
type childConfig struct {
	UID, GID    int               // 0: stay who we are
	Root        string            `json:"root"`  // where data, password and port are, as the child can reach it
	Cache       string            `json:"cache"` // where programs are kept
	Settings    map[string]string `json:"settings"`
	ProgramDirs []string          `json:"program_dirs,omitempty"`
	Version     string            `json:"version,omitempty"`
}

// What the child writes to its standard output: lines of progress, then one that says ready or error.
type childReport struct {
	Progress string      `json:"progress,omitempty"`
	Ready    *childReady `json:"ready,omitempty"`
	Error    string      `json:"error,omitempty"`
}

type childReady struct {
	Port     int    `json:"port"`
	Password string `json:"password"`
	Version  string `json:"version"`
}

// PostgresChild runs the database's child process, if this process was started to be that, and says with which code to
// exit. Every program that calls [StartPostgres], test binaries too, begins with it:
//
//	if handled, code := embedded.PostgresChild(os.Args[1:]); handled {
//		os.Exit(code)
//	}
func PostgresChild(args []string) (handled bool, exitCode int) {
	if len(args) != 1 || args[0] != childArgument || os.Getenv(childMarker) == "" {
		return false, 0
	}
	// The kernel ends the server with the thread that started it (see tieToUs), so this one has to last.
	runtime.LockOSThread()
	// What stops this process is the end of its input. Signals meant for the whole service leave it alone, so that the
	// database outlives its users; and a parent that no longer reads must not end it before the server is stopped.
	syscall.Umask(0o022) // other users may run the programs that we fetch; the server has a stricter one of its own
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)

	in := json.NewDecoder(os.Stdin)
	c := &child{}
	if err := in.Decode(&c.childConfig); err != nil {
		fmt.Fprintln(os.Stderr, "reading what to do:", err)
		return true, 1
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // however it ends, the parent is gone
		cancel()
	}()
	err := c.drop()
	if err == nil {
		err = c.run(ctx)
	}
	if err != nil {
		c.report(childReport{Error: err.Error()})
		return true, 1
	}
	return true, 0
}

type child struct {
	childConfig
}

func (c *child) path(name string) string { return filepath.Join(c.Root, name) }

// report tells the parent, which may be gone: then there is nobody to tell.
func (c *child) report(r childReport) { _ = json.NewEncoder(os.Stdout).Encode(r) }

// drop becomes the data's owner for good. It is done here and not where this process is started because the owner may not
// be allowed to run our file.
func (c *child) drop() error {
	if c.UID == 0 {
		return nil
	}
	err := syscall.Setgroups(nil)
	if err == nil {
		err = syscall.Setgid(c.GID)
	}
	if err == nil {
		err = syscall.Setuid(c.UID)
	}
	if err != nil {
		return fmt.Errorf("becoming user %d: %w (PostgreSQL does not run as root: allow this process to change its user, run it as another, or give DATABASE_URL)", c.UID, err)
	}
	return nil
}

// run gets the server up, and down again once ctx ends.
func (c *child) run(ctx context.Context) error {
	bin, err := c.findPrograms(ctx)
	if err != nil {
		return err
	}
	password, err := c.password()
	if err != nil {
		return err
	}
	if err := c.initialise(ctx, bin); err != nil {
		return err
	}
	if err := removeStalePid(c.path("data")); err != nil {
		return err
	}
	version, err := versionOf(ctx, bin)
	if err != nil {
		return err
	}
	server, port, err := c.startServer(ctx, bin)
	if err != nil {
		return err
	}
	c.report(childReport{Ready: &childReady{Port: port, Password: password, Version: version}})
	select {
	case <-server.exited:
		return errors.New("the server ended by itself")
	case <-ctx.Done():
		server.stop()
		return nil
	}
}

// password returns the owner's password, a new one if there is no database yet.
func (c *child) password() (string, error) {
	text, err := os.ReadFile(c.path("password"))
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	if _, err := os.Stat(c.path("data")); err == nil {
		return "", errors.New("the file password is missing, and the data cannot be opened without it: put it back, or remove the directory to begin with an empty database")
	}
	password := rand.Text()
	if err := os.WriteFile(c.path("password"), []byte(password+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("writing the password: %w", err)
	}
	return password, nil
}

// initialise creates the data, if there is none, whole or not at all.
func (c *child) initialise(ctx context.Context, bin string) error {
	if _, err := os.Stat(c.path("data")); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	unfinished := c.path("data.new")
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("removing what an earlier start left unfinished: %w", err)
	}
	c.report(childReport{Progress: "creating the database"})
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", unfinished,
		"--username="+postgresUser, "--pwfile="+c.path("password"), "--auth=scram-sha-256",
		"--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions")
	if c.Settings["fsync"] == "off" {
		initdb.Args = append(initdb.Args, "--no-sync")
	}
	if output, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("creating the database: %w: %s", err, output)
	}
	if err := os.Rename(unfinished, c.path("data")); err != nil {
		return fmt.Errorf("creating the database: %w", err)
	}
	root, err := os.Open(c.Root)
	if err != nil {
		return fmt.Errorf("creating the database: %w", err)
	}
	defer root.Close()
	return root.Sync()
}

// settings are fit for a development database: durable, and small beside what else runs on the machine.
func (c *child) settings(port int) map[string]string {
	settings := map[string]string{
		"listen_addresses":        "127.0.0.1",
		"port":                    fmt.Sprint(port),
		"unix_socket_directories": "", // a path too long for a socket is easily had
		"max_connections":         "60",
		"shared_buffers":          "64MB",
		"max_wal_size":            "256MB",
		"wal_level":               "minimal", // nobody replicates it
		"max_wal_senders":         "0",
		"jit":                     "off",
		"timezone":                "UTC",
		"log_timezone":            "UTC",
		"lc_messages":             "C", // we read them
		"log_destination":         "stderr",
		"logging_collector":       "off",
		"log_line_prefix":         "",
	}
	maps.Copy(settings, c.Settings)
	return settings
}

// startServer starts the server on the port of last time or, if that is taken, another.
func (c *child) startServer(ctx context.Context, bin string) (*server, int, error) {
	const attempts = 3
	for attempt := 1; ; attempt++ {
		l, err := listenLoopback(c.path("port"), 0)
		if err != nil {
			return nil, 0, err
		}
		port, err := rememberedPort(c.path("port"))
		l.Close()
		if err != nil {
			return nil, 0, err
		}
		args := []string{"-D", c.path("data")}
		settings := c.settings(port)
		for _, name := range slices.Sorted(maps.Keys(settings)) {
			args = append(args, "-c", name+"="+settings[name])
		}
		s, err := start(exec.Command(filepath.Join(bin, "postgres"), args...))
		if err != nil {
			return nil, 0, err
		}
		select {
		case <-s.ready:
			return s, port, nil
		case <-ctx.Done():
			s.stop()
			return nil, 0, ctx.Err()
		case <-s.exited:
		}
		output := s.output.String()
		if !strings.Contains(output, "could not bind") || attempt == attempts { // somebody was quicker to take the port
			return nil, 0, fmt.Errorf("the server ended at once: %s", output)
		}
	}
}

// server is a running postmaster.
type server struct {
	cmd    *exec.Cmd
	output lastLines
	ready  chan struct{}
	exited chan struct{}
}

func start(cmd *exec.Cmd) (*server, error) {
	s := &server{cmd: cmd, ready: make(chan struct{}), exited: make(chan struct{})}
	output, end := io.Pipe()
	cmd.Stderr = end
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = tieToUs()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", cmd.Path, err)
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		up := false
		eachLine(output, func(line string) {
			s.output.add(line)
			fmt.Fprintln(os.Stderr, line)
			if !up && strings.Contains(line, "database system is ready to accept connections") {
				up = true
				close(s.ready)
			}
		})
	}()
	go func() {
		_ = cmd.Wait() // its own words tell more than its exit code
		end.Close()
		<-read
		close(s.exited)
	}()
	return s, nil
}

// stop ends the server by its own rules: first with a checkpoint, then without, and only then by force.
func (s *server) stop() {
	for _, step := range []struct {
		signal   syscall.Signal
		patience time.Duration
	}{{syscall.SIGINT, 4 * time.Second}, {syscall.SIGQUIT, time.Second}, {syscall.SIGKILL, time.Second}} {
		_ = s.cmd.Process.Signal(step.signal) // an error means that it has ended
		select {
		case <-s.exited:
			return
		case <-time.After(step.patience):
		}
	}
}

// childEnvironment is ours, less what would change the ways of Postgres and its client library.
func childEnvironment(ours []string) []string {
	env := []string{childMarker + "=1", "LC_ALL=C"}
	for _, variable := range ours {
		if strings.HasPrefix(variable, "PG") && !strings.HasPrefix(variable, "PG_CONFIG=") || strings.HasPrefix(variable, "LC_") || strings.HasPrefix(variable, "LANG") {
			continue
		}
		env = append(env, variable)
	}
	return env
}
