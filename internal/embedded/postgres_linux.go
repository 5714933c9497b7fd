package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// ownProgram is our binary, also after a build has replaced the file.
const ownProgram = "/proc/self/exe"

// dataRoot is where the child finds the database's directory. An unprivileged user cannot walk to a directory below /root
// or another private one, though it owns what is inside. It need not: the directory is open, as its file 3, and the way
// through /proc begins right there. The server inherits the open file and finds its data the same way.
func dataRoot(dir string, o owner) string {
	if !o.isOther() {
		return dir
	}
	return "/proc/self/fd/3"
}

// tieToUs has the kernel stop the server if this process is killed before it could do so itself.
func tieToUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT} }

// removeStalePid removes the postmaster.pid that a crash left in data. Postgres would mistake it for a running server's as
// soon as any process of ours has got that number. Our locks say that no server of ours is running; should somebody have
// started one by hand, it works in the data's directory.
func removeStalePid(data string) error {
	path := filepath.Join(data, "postmaster.pid")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the server's process id: %w", err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	if pid, err := strconv.Atoi(strings.TrimSpace(first)); err == nil {
		itsDir, err1 := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
		ours, err2 := os.Stat(data)
		if err1 == nil && err2 == nil && os.SameFile(itsDir, ours) {
			return fmt.Errorf("another PostgreSQL (process %d) is running on this data: stop it", pid)
		}
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("removing what a crashed server left: %w", err)
	}
	return nil
}
