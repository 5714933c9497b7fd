package embedded

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// roles are what the test binary can be instead of a run of tests: processes to be killed.
var roles = map[string]func(args []string) error{
	"append":   appendUntilKilled,
	"postgres": holdPostgres,
}

const roleVariable = "EMBEDDED_TEST_ROLE"

func TestMain(m *testing.M) {
	if handled, code := PostgresChild(os.Args[1:]); handled {
		os.Exit(code)
	}
	if role := os.Getenv(roleVariable); role != "" {
		if err := roles[role](os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// process is this test binary in one of its roles.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines *bufio.Scanner
}

func startRole(t *testing.T, as *syscall.Credential, role string, args ...string) *process {
	t.Helper()
	cmd := exec.Command(ownProgram, args...)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: cmd, lines: bufio.NewScanner(out)}
	t.Cleanup(func() { p.kill() })
	return p
}

// line returns the next line that the process prints.
func (p *process) line() string {
	p.t.Helper()
	if !p.lines.Scan() {
		p.t.Fatalf("the process ended instead of printing a line: %v", p.lines.Err())
	}
	return strings.TrimSpace(p.lines.Text())
}

// kill is kill -9; it returns what the process had printed before.
func (p *process) kill() (rest []string) {
	_ = p.cmd.Process.Kill()
	for p.lines.Scan() {
		rest = append(rest, p.lines.Text())
	}
	_ = p.cmd.Wait()
	return rest
}
