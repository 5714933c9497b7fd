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
	name       string
	credential *syscall.Credential // nil: ourselves
}

// databaseOwner is ourselves or, for root, the user that the data in dir belongs to already, or else the system's postgres
// or nobody.
func databaseOwner(dir string) (owner, error) {
	if os.Geteuid() != 0 {
		return owner{name: "ourselves"}, nil
	}
	if info, err := os.Stat(filepath.Join(dir, "data")); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Uid != 0 {
			return owner{
				name:       "number " + strconv.Itoa(int(stat.Uid)),
				credential: &syscall.Credential{Uid: stat.Uid, Gid: stat.Gid},
			}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return owner{}, fmt.Errorf("reading the ids of user %s: %w", name, err)
		}
		return owner{name: name, credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return owner{}, errors.New("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody: add one, run as another user, or give DATABASE_URL")
}

// adopt gives dir, not what is in it, to the owner.
func (o owner) adopt(dir string, mode os.FileMode) error {
	if o.credential != nil {
		if err := os.Chown(dir, int(o.credential.Uid), int(o.credential.Gid)); err != nil {
			return err
		}
	}
	return os.Chmod(dir, mode)
}

// reaches says whether the owner can pass through every directory down to dir.
func (o owner) reaches(dir string) bool {
	if o.credential == nil {
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
		case stat.Uid == o.credential.Uid && mode&0o100 != 0:
		case stat.Gid == o.credential.Gid && mode&0o010 != 0:
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

// programCache returns the directory that the owner may keep programs in and runs them from.
func programCache(dir string, o owner) (string, error) {
	if dir == "" && o.credential == nil {
		users, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(users, "sage-coordinator")
	}
	if dir != "" {
		var err error
		if dir, err = filepath.Abs(dir); err != nil {
			return "", err
		}
	}
	if dir == "" || !o.reaches(dir) {
		dir = systemCache
	}
	cache := filepath.Join(dir, "postgres")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	if o.credential == nil {
		return cache, nil // it may be another's, with the programs in it
	}
	if dir == systemCache { // whatever umask we have
		if err := os.Chmod(dir, 0o755); err != nil {
			return "", err
		}
	}
	return cache, o.adopt(cache, 0o755)
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
