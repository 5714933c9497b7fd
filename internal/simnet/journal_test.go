package simnet

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}

// TestMain also is the process that TestKilledNetworkGoesOn kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv("SIMNET_TEST_DIR"); dir != "" {
		if err := serveForEver(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// serveForEver makes blocks and reorganisations, and tells of each head once it is served.
func serveForEver(dir string) error {
	n, err := New(Config{Seed: 11, Workers: 3, Dir: dir})
	if err != nil {
		return err
	}
	for {
		if err := step(n); err != nil {
			return err
		}
		head, _ := n.Head()
		fmt.Println(head.Number, head.Hash)
	}
}

// step makes a block, or, after every seventh, a reorganisation that follows from the chain alone.
func step(n *Net) error {
	if head, ok := n.Head(); ok && head.Number%7 == 6 && n.forks < head.Number/7+1 {
		return n.Reorg(3)
	}
	return n.Produce()
}

func TestKilledNetworkGoesOn(t *testing.T) {
	dir := t.TempDir()
	model := open(t, Config{Seed: 11, Workers: 3}, 0) // goes the same way without being killed
	line := func() string {
		head, _ := model.Head()
		return fmt.Sprint(head.Number, " ", head.Hash)
	}
	advance := func() {
		if err := step(model); err != nil {
			t.Fatal(err)
		}
	}
	for round := range 3 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), "SIMNET_TEST_DIR="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for told := 1; lines.Scan(); told++ {
			if advance(); lines.Text() != line() {
				t.Fatalf("round %d, step %d: served %s, want %s", round, told, lines.Text(), line())
			}
			if told == 25+3*round { // what it still tells before it dies counts too
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the killed network ended well")
		}
		n, err := New(Config{Seed: 11, Workers: 3, Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		head, _ := n.Head()
		found := fmt.Sprint(head.Number, " ", head.Hash)
		if found != line() {
			if advance(); found != line() { // one step may have been written and not told of
				t.Fatalf("round %d: opened at %s, which is neither what was served last nor a step further, %s", round, found, line())
			}
		}
		if err := n.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReopenedNetworkIsTheSame(t *testing.T) {
	c := Config{Seed: 4, Workers: 5, FirstBlock: 77, Dir: t.TempDir(), BlockTime: 300 * time.Millisecond}
	n := open(t, c, 60)
	for _, change := range []func() error{
		func() error { return n.Reorg(5) }, n.Produce, func() error { return n.Rollback(4) }, n.Produce, n.Restore, n.Restore,
		func() error { return n.Reorg(9) }, n.Restore, n.Produce,
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
	}
	before := hashes(n)
	c.BlockTime = time.Second // another pace is allowed; what was is not made by it
	again := open(t, c, 0)
	if !slices.Equal(hashes(again), before) {
		t.Error("reopened, the chain is another")
	}
	if err := again.Restore(); err != nil { // the branches that were left are known again
		t.Fatal(err)
	}
}

func TestJournal(t *testing.T) {
	c := Config{Seed: 4, Workers: 2, Dir: t.TempDir()}
	path := filepath.Join(c.Dir, "journal.jsonl")
	n, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	produce(t, n, 10)
	before := hashes(n)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write := func(t *testing.T, doc string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("a torn line is dropped", func(t *testing.T) {
		write(t, string(whole)+`{"kind":"block","ti`)
		n := open(t, c, 0)
		if !slices.Equal(hashes(n), before) {
			t.Error("the chain is another")
		}
		produce(t, n, 1)
		if again := open(t, c, 0); len(again.blocks) != 11 {
			t.Errorf("%d blocks after a torn line and one more, want 11", len(again.blocks))
		}
	})
	for name, is := range map[string]struct{ doc, says string }{
		"another seed":      {strings.Replace(string(whole), `"seed":4`, `"seed":5`, 1), "seed 5"},
		"other rules":       {strings.Replace(string(whole), fmt.Sprintf(`"rules":%d`, rules), `"rules":1`, 1), "other rules"},
		"another chain":     {strings.Replace(string(whole), before[0].String(), before[1].String(), 1), "another chain"},
		"no heading":        {"hello\n" + string(whole), "not a heading"},
		"a line that is no": {string(whole) + "{}{\n", "line 12"},
		"an unknown kind":   {string(whole) + `{"kind":"x","depth":1,"head":"0x0"}` + "\n", "unknown kind"},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, is.doc)
			n, err := New(c)
			if err == nil {
				_ = n.Close()
				t.Fatal("it opened")
			}
			if !strings.Contains(err.Error(), is.says) || !strings.Contains(err.Error(), c.Dir) {
				t.Errorf("the error is %q, which does not name %q or the directory", err, is.says)
			}
		})
	}
}

// BenchmarkReplay opens a chain of small blocks again.
func BenchmarkReplay(b *testing.B) {
	c := Config{Seed: 4, Workers: 2, Dir: b.TempDir()}
	n := open(b, c, 100_000)
	events := 0
	for _, blk := range n.blocks {
		events += blk.events
	}
	for b.Loop() {
		again, err := New(c)
		if err != nil {
			b.Fatal(err)
		}
		if err := again.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(events)/100_000, "events/block")
	b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "blocks/s")
}

// BenchmarkProduce makes big blocks.
func BenchmarkProduce(b *testing.B) {
	n := open(b, Config{Seed: 4, Workers: 400}, 50)
	before := 0
	for _, blk := range n.blocks {
		before += blk.events
	}
	for b.Loop() {
		if err := n.Produce(); err != nil {
			b.Fatal(err)
		}
	}
	events := -before
	for _, blk := range n.blocks {
		events += blk.events
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(events)/float64(b.N), "events/block")
}
