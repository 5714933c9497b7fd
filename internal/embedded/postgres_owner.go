package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// owner is the user that the server runs as and that owns the data. Postgres wants the two to be the same, and not root.
type owner struct {
	name     string
	uid, gid int // 0: ourselves
}

func (o owner) isOther() bool { return o.uid != 0 }

// databaseOwner is ourselves or, for root, the user that the data in dir belongs to already, or else the system's postgres
// or nobody.
func databaseOwner(dir string) (owner, error) {
	if os.Geteuid() != 0 {
		return owner{name: "ourselves"}, nil
	}
	if info, err := os.Stat(filepath.Join(dir, "data")); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Uid != 0 {
			return owner{name: "number " + strconv.Itoa(int(stat.Uid)), uid: int(stat.Uid), gid: int(stat.Gid)}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2); err != nil {
			return owner{}, fmt.Errorf("reading the ids of user %s: %w", name, err)
		}
		return owner{name: name, uid: uid, gid: gid}, nil
	}
	return owner{}, errors.New("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody: add one, run as another user, or give DATABASE_URL")
}

// adopt gives dir, not what is in it, to the owner.
func (o owner) adopt(dir string, mode os.FileMode) error {
	if o.isOther() {
		if err := os.Chown(dir, o.uid, o.gid); err != nil {
			return err
		}
	}
	return os.Chmod(dir, mode)
}

// reaches says whether the owner can pass through every directory down to dir.
func (o owner) reaches(dir string) bool {
	if !o.isOther() {
		return true
	}
	for {
		info, err := os.Stat(dir)
		if errors.Is(err, os.ErrNotExist) {
			dir = filepath.Dir(dir) // we shall create it
			continue
		}
		if err != nil {
			return false
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			return false
		}
		mode := info.Mode().Perm()
		switch {
		case int(stat.Uid) == o.uid && mode&0o100 != 0:
		case int(stat.Gid) == o.gid && mode&0o010 != 0:
		case mode&0o001 != 0:
		default:
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
		dir = filepath.Dir(dir)
	}
}

// systemCache is where a system service keeps what it can fetch again.
const systemCache = "/var/cache/sage-coordinator"

// programCache returns the directory that the owner may keep programs in and runs them from, in dir if that will do.
func programCache(dir string, o owner) (string, error) {
	if dir == "" && !o.isOther() {
		users, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(users, "sage-coordinator")
	}
	if dir == "" {
		dir = systemCache
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	cache := filepath.Join(dir, "postgres")
	if o.reaches(dir) {
		if err := os.MkdirAll(cache, 0o755); err != nil {
			return "", err
		}
		if !o.isOther() {
			return cache, nil // it may be another's, with the programs in it
		}
		if dir == systemCache { // ours alone, so a narrow umask may be put right
			if err := os.Chmod(dir, 0o755); err != nil {
				return "", err
			}
		}
		if o.reaches(dir) {
			return cache, o.adopt(cache, 0o755)
		}
	}
	if dir == systemCache {
		return "", fmt.Errorf("user %s cannot reach %s", o.name, dir)
	}
	return programCache(systemCache, o)
}

// awaitLock locks f for us alone, waiting a while for others to end.
func awaitLock(ctx context.Context, f *os.File, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil || !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}
