package embedded

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOwnerReaches(t *testing.T) {
	base := t.TempDir()
	stranger := owner{name: "stranger", uid: 54321, gid: 54321}
	mine := owner{name: "mine", uid: os.Getuid(), gid: os.Getgid()}
	private, inside := filepath.Join(base, "private"), filepath.Join(base, "private", "inside", "not made yet")
	if err := os.Mkdir(private, 0o700); err != nil {
		t.Fatal(err)
	}
	if stranger.reaches(private) || stranger.reaches(inside) {
		t.Error("a stranger reaches a private directory")
	}
	if !mine.reaches(private) || !mine.reaches(inside) {
		t.Error("its owner does not reach a private directory")
	}
	if open := reachableDir(t); !stranger.reaches(filepath.Join(open, "not made yet")) {
		t.Errorf("a stranger does not reach %s", open)
	}
	if !(owner{}).reaches(private) {
		t.Error("we ourselves do not reach a directory")
	}
}

func TestProgramCacheIsWithinReach(t *testing.T) {
	o, err := databaseOwner(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	wide := reachableDir(t)
	want := filepath.Join(wide, "postgres")
	if got, err := programCache(wide, o); err != nil || got != want {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
	private := t.TempDir()
	want = filepath.Join(private, "postgres")
	if o.isOther() { // another user than this test, who cannot go there
		want = filepath.Join(systemCache, "postgres")
	}
	if got, err := programCache(private, o); err != nil || got != want {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
}
