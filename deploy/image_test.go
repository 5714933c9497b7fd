//go:build tools

package deploy_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDockerfileBuilds carries out the two stages that build, without Docker: the files of the context in a folder of their own,
// and there each RUN, by the Node and the Go of this machine. What the last stage would hold must run.
func TestDockerfileBuilds(t *testing.T) {
	stages := dockerfile(t)
	files := buildContext(t)
	const version = "v1.2.3-test"
	folders := map[string]string{}
	for _, s := range stages[:2] {
		at := t.TempDir()
		folders[s.name] = at
		work := at
		env := slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "GOFLAGS=") })
		for _, l := range s.lines {
			switch l.verb {
			case "WORKDIR":
				work = filepath.Join(at, l.rest)
				if err := os.MkdirAll(work, 0o755); err != nil {
					t.Fatal(err)
				}
			case "ENV":
				env = append(env, l.rest)
			case "ARG":
				if l.rest != "VERSION=unknown" {
					t.Errorf("ARG %s: this test knows VERSION only", l.rest)
				}
				env = append(env, "VERSION="+version)
			case "COPY":
				carryOut(t, l.rest, work, folders, files)
			case "RUN":
				run := exec.CommandContext(t.Context(), "sh", "-c", l.rest)
				run.Dir, run.Env = work, env
				if out, err := run.CombinedOutput(); err != nil {
					t.Fatalf("RUN %s: %v\n%s", l.rest, err, out)
				}
			default:
				t.Fatalf("this test does not know %s", l.verb)
			}
		}
	}
	from, sources, to := copied(stages[2].all("COPY")[0])
	if to != "/usr/local/bin/sage-coordinator" {
		t.Errorf("the binary goes to %s", to)
	}
	binary := filepath.Join(folders[from], sources[0])
	out, err := exec.Command(binary, "version").CombinedOutput()
	if err != nil || !strings.Contains(string(out), version) {
		t.Errorf("version: %s, %v", out, err)
	}
	// Without libc it runs on the base that the last stage has.
	if out, err := exec.Command("go", "version", "-m", binary).CombinedOutput(); err != nil || !strings.Contains(string(out), "CGO_ENABLED=0") {
		t.Errorf("the binary needs libc: %v\n%s", err, out)
	}
	doc := read(t, binary)
	page := read(t, folders["page"], "src", "dashboard", "dist", "index.html")
	if !strings.Contains(doc, page) {
		t.Error("the page is not in the binary")
	}
}

// carryOut copies what a COPY names into a stage's working folder.
func carryOut(t *testing.T, rest, work string, folders map[string]string, files []string) {
	t.Helper()
	from, sources, to := copied(rest)
	for _, source := range sources {
		if from != "" {
			made := filepath.Join(folders[from], source)
			if err := filepath.WalkDir(made, func(path string, e fs.DirEntry, err error) error {
				if err != nil || e.IsDir() {
					return err
				}
				inside, err := filepath.Rel(made, path)
				if err != nil {
					return err
				}
				return copyFile(path, filepath.Join(work, to, inside))
			}); err != nil {
				t.Fatalf("COPY %s: %v", rest, err)
			}
			continue
		}
		for _, f := range files {
			inside, ok := strings.CutPrefix(f, source+"/")
			switch {
			case source == ".":
				inside = f
			case f == source:
				inside = filepath.Base(f)
			case !ok:
				continue
			}
			if err := copyFile(filepath.Join(root, f), filepath.Join(work, to, inside)); err != nil {
				t.Fatalf("COPY %s: %v", rest, err)
			}
		}
	}
}

// TestHealthCheckOfTheImage runs the check with the wget that the image's base has, BusyBox's.
func TestHealthCheckOfTheImage(t *testing.T) {
	busybox, err := exec.LookPath("busybox")
	if err != nil {
		t.Fatal(err)
	}
	programs := t.TempDir()
	if err := os.Symlink(busybox, filepath.Join(programs, "wget")); err != nil {
		t.Fatal(err)
	}
	look := func(port string) error {
		check := exec.CommandContext(t.Context(), "/bin/sh", "-c", healthCheck(t))
		check.Env = []string{"PATH=" + programs, "API_PORT=" + port}
		return check.Run()
	}
	if err := look(coordinator(t).port); err != nil {
		t.Errorf("a coordinator that is ready: %v", err)
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	if look(port) == nil {
		t.Error("nobody there, and the check is content")
	}
}

// copyFile copies a file with its mode.
func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	doc, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, doc, info.Mode())
}
