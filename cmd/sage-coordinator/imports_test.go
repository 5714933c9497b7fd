package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/bitsage-network/validator-dashboard/"

// rooms says which rooms of ours each room may import. What a row does not name it may not import; cmd and bench may import all.
// The files are parsed rather than asked of the go command, whose answers the test cache would keep.
var rooms = map[string][]string{
	"schemas":             {},
	"schemas/generate":    {"schemas"},
	"projections":         {"schemas"},
	"projections/pg":      {"schemas", "projections"},
	"consumers":           {"schemas", "projections"},
	"consumers/audit":     {"schemas", "projections"},
	"consumers/pubsub":    {"schemas", "internal/eventlog"},
	"consumers/reactions": {"schemas", "projections"},
	"producers/chaintail": {"schemas", "internal/starknet"},
	"producers/telemetry": {"schemas"},
	"api":                 {"schemas", "projections"},
	"api/stream":          {"schemas"},
	"migrations":          {},
	"dashboard":           {},
	"internal/eventlog":   {"schemas"},
	"internal/starknet":   {"schemas"},
	"internal/embedded":   {},
	// For tests only: the log that they run against is the embedded one, or real Kafka.
	"internal/embedded/embeddedtest": {"internal/embedded", "internal/eventlog"},
	"internal/standby":               {"schemas"},
	"internal/simnet":                {"schemas", "internal/starknet"},
}

func TestImportsPointInward(t *testing.T) {
	const root = "../.."
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "node_modules" || name == "testdata" || name == ".git") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		room, allowed := roomOf(filepath.ToSlash(folder))
		if room == "" {
			if !strings.HasPrefix(folder, "cmd/") && !strings.HasPrefix(folder, "bench/") {
				t.Errorf("%s is in no room that this test knows", path)
			}
			return nil
		}
		seen[room] = true
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			other, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			if to, _ := roomOf(other); to != room && !contains(allowed, to) {
				t.Errorf("%s imports %s: %s may import %v", path, other, room, allowed)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for room := range rooms {
		if !seen[room] {
			t.Errorf("room %s has no files: is it gone, or misnamed here?", room)
		}
	}
}

// roomOf finds the room of a folder: the longest name in the table that leads it.
func roomOf(folder string) (room string, allowed []string) {
	for name, may := range rooms {
		if (folder == name || strings.HasPrefix(folder, name+"/")) && len(name) > len(room) {
			room, allowed = name, may
		}
	}
	return room, allowed
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
