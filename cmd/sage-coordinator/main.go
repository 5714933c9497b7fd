// Command sage-coordinator is the validator dashboard's one binary: every role in one process, or each on its own.
//
// It wires and owns the lifecycle; what the roles do is in the other rooms. One file holds one verb.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/bitsage-network/validator-dashboard/internal/embedded"
)

// version is set at build time.
var version = "unknown"

func main() {
	// The embedded database runs in a child process of this binary.
	if handled, code := embedded.PostgresChild(os.Args[1:]); handled {
		os.Exit(code)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	m := &Main{Args: os.Args[1:], Environ: os.Environ(), Stdout: os.Stdout, Stderr: os.Stderr}
	code := m.Run(ctx)
	stop()
	os.Exit(code)
}

// Main is the program as a value, so that tests run the very same thing.
type Main struct {
	Args           []string
	Environ        []string // key=value
	Stdout, Stderr io.Writer
}

// Exit codes.
const (
	exitFailure = 1
	exitUsage   = 2
)

// UsageError is a fault in flags, environment or files that the user can mend.
type UsageError struct{ Problem string }

func (e *UsageError) Error() string { return e.Problem }

func usagef(format string, args ...any) error { return &UsageError{fmt.Sprintf(format, args...)} }

// cli is the command line. Kong reads it.
type cli struct {
	Settings `embed:""`

	Run      runCmd      `cmd:"" default:"withargs" help:"All roles in one process (the default)."`
	Dev      devCmd      `cmd:"" help:"All roles, with a log, a database and a simulated network of its own."`
	Serve    serveCmd    `cmd:"" help:"The API and the WebSocket hub only."`
	Tail     tailCmd     `cmd:"" help:"The chain tailer only."`
	Project  projectCmd  `cmd:"" help:"The projections only."`
	React    reactCmd    `cmd:"" help:"The reactions only: presence, the topics of the families, the webhook."`
	Rebuild  rebuildCmd  `cmd:"" help:"Make the chain read models anew from the log, beside a running system."`
	Verify   verifyCmd   `cmd:"" help:"Compare the chain read models with what the log gives."`
	Redecode redecodeCmd `cmd:"" help:"Tell which events a rebuild would decode that are raw so far, or otherwise."`
	Digest   digestCmd   `cmd:"" help:"Print the digest of the chain read models, which coordinators can compare."`
	Parked   parkedCmd   `cmd:"" help:"What is done about records of telemetry that could not be folded."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database to the newest version."`
	Simnet   simnetCmd   `cmd:"" help:"The simulated StarkNet network alone (a development tool)."`
	OpenAPI  openapiCmd  `cmd:"" name:"openapi" help:"Print the OpenAPI document, as /openapi.json answers it."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// command is a verb.
type command interface {
	run(ctx context.Context, m *Main, s Settings) error
}

// Run parses the command line and runs the verb. It returns the process's exit code: 0, 1 for a failure, 2 for a fault in
// flags or settings.
func (m *Main) Run(ctx context.Context) int {
	err := m.run(ctx)
	if err == nil {
		return 0
	}
	// One line: what is wrong, and what to do.
	fmt.Fprintln(m.Stderr, "sage-coordinator:", strings.ReplaceAll(err.Error(), "\n", "; "))
	if _, ok := errors.AsType[*UsageError](err); ok {
		return exitUsage
	}
	return exitFailure
}

// exited is what Kong's own --help ends with.
type exited struct{ code int }

func (m *Main) run(ctx context.Context) (err error) {
	env, err := readEnvironment(m.Environ, ".env")
	if err != nil {
		return err
	}
	var c cli
	defer func() {
		if p := recover(); p != nil {
			e, ok := p.(exited)
			if !ok {
				panic(p)
			}
			if e.code != 0 {
				err = usagef("see --help")
			}
		}
	}()
	parser, err := kong.New(&c,
		kong.Name("sage-coordinator"),
		kong.Description("The validator dashboard of the BitSage network."),
		kong.Writers(m.Stdout, m.Stderr),
		kong.Exit(func(code int) { panic(exited{code}) }),
		kong.Resolvers(env),
		kong.UsageOnError(),
	)
	if err != nil {
		return fmt.Errorf("command line: %w", err)
	}
	parsed, err := parser.Parse(m.Args)
	if err != nil {
		return usagef("%v (see --help)", err)
	}
	c.env = env
	if err := c.check(); err != nil {
		return err
	}
	verb, ok := parsed.Selected().Target.Addr().Interface().(command)
	if !ok {
		return fmt.Errorf("verb %s cannot run", parsed.Command())
	}
	return verb.run(ctx, m, c.Settings)
}
