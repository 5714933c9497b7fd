package deploy_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// instruction is a line of deploy/Dockerfile, continuations joined.
type instruction struct{ verb, rest string }

// stage is what one FROM begins.
type stage struct {
	image, name string
	lines       []instruction
}

func dockerfile(t *testing.T) []stage {
	t.Helper()
	var stages []stage
	for line := range strings.Lines(strings.ReplaceAll(read(t, "Dockerfile"), "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		verb, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		if verb == "FROM" {
			image, name, _ := strings.Cut(rest, " AS ")
			stages = append(stages, stage{image: image, name: name})
			continue
		}
		if len(stages) == 0 {
			t.Fatalf("%s comes before the first FROM", line)
		}
		last := &stages[len(stages)-1]
		last.lines = append(last.lines, instruction{verb, rest})
	}
	if len(stages) != 3 {
		t.Fatalf("%d stages, want those of the page, of the binary, and of what runs", len(stages))
	}
	return stages
}

// all gives what follows a verb, each time it is used.
func (s stage) all(verb string) []string {
	var rests []string
	for _, l := range s.lines {
		if l.verb == verb {
			rests = append(rests, l.rest)
		}
	}
	return rests
}

// copied tells where a COPY takes files from: another stage, or "" for the context.
func copied(rest string) (from string, sources []string, to string) {
	words := strings.Fields(rest)
	if f, ok := strings.CutPrefix(words[0], "--from="); ok {
		from, words = f, words[1:]
	}
	return from, words[:len(words)-1], words[len(words)-1]
}

// buildContext lists the files that Docker sends, by the rules of .dockerignore.
func buildContext(t *testing.T) []string {
	t.Helper()
	patterns, err := ignorefile.ReadAll(strings.NewReader(read(t, root, ".dockerignore")))
	if err != nil {
		t.Fatal(err)
	}
	ignored, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		skip, err := ignored.MatchesOrParentMatches(filepath.ToSlash(name))
		switch {
		case err != nil:
			return err
		case e.IsDir() && skip && name != filepath.Join("dashboard", "dist"):
			return filepath.SkipDir
		case !e.IsDir() && !skip:
			files = append(files, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestDockerfile(t *testing.T) {
	d, stages := coordinator(t), dockerfile(t)
	files := buildContext(t)
	for _, s := range stages {
		if !pinned.MatchString(s.image) {
			t.Errorf("image %s is not pinned to a version", s.image)
		}
		for _, c := range s.all("COPY") {
			from, sources, _ := copied(c)
			if from != "" {
				if !hasStage(stages, from) {
					t.Errorf("COPY %s: no such stage", c)
				}
				continue
			}
			for _, source := range sources {
				if !inContext(files, source) {
					t.Errorf("COPY %s: %s is not sent to the build", c, source)
				}
			}
		}
	}
	for _, never := range []string{".git/", "node_modules/", "data/", "bin/", "_test.go", "dashboard/dist/index.html"} {
		for _, f := range files {
			if f == ".env" || strings.HasPrefix(f, never) || strings.Contains(f, "/"+never) || strings.HasSuffix(f, never) {
				t.Errorf("%s is sent to the build", f)
			}
		}
	}
	if want := regexp.MustCompile(`(?m)^go ([0-9.]+)$`).FindStringSubmatch(read(t, root, "go.mod"))[1]; !atLeast(strings.TrimPrefix(stages[1].image, "golang:"), want) {
		t.Errorf("%s is older than go.mod asks for: %s", stages[1].image, want)
	}

	runs := stages[2]
	if user := strings.Join(runs.all("USER"), ""); !regexp.MustCompile(`^[1-9][0-9]*:[1-9][0-9]*$`).MatchString(user) {
		t.Errorf("USER %q: want numbers, not root's", user)
	}
	if got := strings.Join(runs.all("ENTRYPOINT"), ""); got != `["sage-coordinator"]` {
		t.Errorf("ENTRYPOINT %s", got)
	}
	port := strings.Join(runs.all("EXPOSE"), "")
	if !strings.Contains(d.help(t), "--port="+port+" ") || !strings.Contains(d.help(t), "(SAGE_DATA_DIR)") {
		t.Errorf("EXPOSE %s is not the default port", port)
	}
	for _, assignment := range runs.all("ENV") {
		name, _, _ := strings.Cut(assignment, "=")
		d.checkVariable(t, "deploy/Dockerfile", name)
	}
	look := healthCheck(t)
	found := regexp.MustCompile(`http://127\.0\.0\.1:\$\{API_PORT:-([0-9]+)\}(/[a-z/]+)`).FindStringSubmatch(look)
	if found == nil || found[1] != port || !d.answers(t, found[2]) {
		t.Errorf("HEALTHCHECK %s", look)
	}
}

// healthCheck is the command of the image's HEALTHCHECK.
func healthCheck(t *testing.T) string {
	t.Helper()
	_, command, ok := strings.Cut(strings.Join(dockerfile(t)[2].all("HEALTHCHECK"), ""), "CMD ")
	if !ok {
		t.Fatal("the image has no HEALTHCHECK")
	}
	return command
}

func hasStage(stages []stage, name string) bool {
	for _, s := range stages {
		if s.name == name {
			return true
		}
	}
	return false
}

func inContext(files []string, source string) bool {
	for _, f := range files {
		if source == "." || f == source || strings.HasPrefix(f, source+"/") {
			return true
		}
	}
	return false
}

// atLeast compares versions by their numbers.
func atLeast(got, want string) bool {
	var g, w [3]int
	for i, v := range []string{got, want} {
		into := []*[3]int{&g, &w}[i]
		if _, err := fmt.Sscanf(v, "%d.%d.%d", &into[0], &into[1], &into[2]); err != nil {
			return false
		}
	}
	for i := range g {
		if g[i] != w[i] {
			return g[i] > w[i]
		}
	}
	return true
}
