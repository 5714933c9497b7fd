package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ErrNotHere says that no log or database was ever kept in a folder.
var ErrNotHere = errors.New("nothing is kept here")

// RunningLog returns the address, host:port, at which another process serves the log that is kept in dir. Whether it does so now
// only asking can tell.
func RunningLog(dir string) (string, error) {
	port, err := rememberedPort(filepath.Join(dir, "port"))
	if err == nil && port == 0 {
		err = ErrNotHere
	}
	if err != nil {
		return "", fmt.Errorf("log in %s: %w", dir, err)
	}
	return loopback(port), nil
}

// RunningPostgres returns the connection string of the database that another process runs in dir.
func RunningPostgres(dir string) (string, error) {
	port, err := rememberedPort(filepath.Join(dir, "port"))
	if err == nil && port == 0 {
		err = ErrNotHere
	}
	if err != nil {
		return "", fmt.Errorf("database in %s: %w", dir, err)
	}
	password, err := os.ReadFile(filepath.Join(dir, "password"))
	if err != nil {
		return "", fmt.Errorf("database in %s: %w", dir, err)
	}
	return connectionString(strings.TrimSpace(string(password)), port), nil
}
