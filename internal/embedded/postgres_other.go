//go:build !linux

package embedded

import (
	"os"
	"syscall"
)

// ownProgram is our binary.
var ownProgram = func() string {
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return path
}()

// dataRoot is where the child finds the database's directory. As root, choose one that every user can walk to.
func dataRoot(dir string, _ owner) string { return dir }

// tieToUs can do nothing here: a child that is killed leaves the server to its parent (see Postgres.ended).
func tieToUs() *syscall.SysProcAttr { return nil }

// removeStalePid leaves it to the server to tell whether another one is running.
func removeStalePid(string) error { return nil }
