package simnet

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// journal is a file of JSON lines: what the chain follows from, then a line for every block and reorganisation.
type journal struct {
	file    *os.File // nil keeps nothing
	heading heading
}

// heading is the first line. A chain of another heading would be another chain.
type heading struct {
	Rules      int    `json:"rules"`
	Seed       uint64 `json:"seed"`
	Workers    int    `json:"workers"`
	FirstBlock uint64 `json:"first_block"`
	BlockMS    int64  `json:"block_ms"` // what the actors take a block's time to be; not compared
}

// rules is the version of what happens on the chain. Raise it with every change that makes another chain of the same seed.
const rules = 4

func (h heading) blockTime() time.Duration { return time.Duration(h.BlockMS) * time.Millisecond }

// entry is one change of the chain, and the head after it, so that a replay that goes another way is noticed.
type entry struct {
	Kind  kind         `json:"kind"`
	Time  uint64       `json:"time,omitempty"`
	Depth int          `json:"depth,omitempty"`
	Head  schemas.Hash `json:"head"`
}

type kind string

const (
	madeBlock   kind = "block"
	reorganised kind = "reorg"
	rolledBack  kind = "rollback"
	restored    kind = "restore"
)

func openJournal(c Config) (*journal, []entry, error) {
	want := heading{Rules: rules, Seed: c.Seed, Workers: c.Workers, FirstBlock: c.FirstBlock, BlockMS: max(c.BlockTime.Milliseconds(), 1)}
	if c.Dir == "" {
		return &journal{heading: want}, nil, nil
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return nil, nil, fmt.Errorf("simulated chain: %w", err)
	}
	path := filepath.Join(c.Dir, "journal.jsonl")
	doc, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, fmt.Errorf("simulated chain: %w", err)
	}
	doc = doc[:bytes.LastIndexByte(doc, '\n')+1] // a line that a crash cut off was never served
	have, entries, err := readJournal(doc)
	if err != nil {
		return nil, nil, fmt.Errorf("simulated chain in %s: %w", path, err)
	}
	if len(doc) > 0 {
		want.BlockMS = have.BlockMS
		if have != want {
			return nil, nil, fmt.Errorf("simulated chain in %s: %w", path, otherChain(have, want))
		}
	}
	j := &journal{heading: want}
	if j.file, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644); err != nil {
		return nil, nil, fmt.Errorf("simulated chain: %w", err)
	}
	if err := j.begin(int64(len(doc)), c.Dir); err != nil {
		return nil, nil, fmt.Errorf("simulated chain: %w", errors.Join(err, j.file.Close()))
	}
	return j, entries, nil
}

// begin cuts off what is not whole and writes the heading of a new file.
func (j *journal) begin(whole int64, dir string) error {
	if err := j.file.Truncate(whole); err != nil {
		return err
	}
	if _, err := j.file.Seek(whole, io.SeekStart); err != nil || whole > 0 {
		return err
	}
	line, err := json.Marshal(j.heading)
	if err != nil {
		return err
	}
	if err := j.write(append(line, '\n')); err != nil {
		return err
	}
	d, err := os.Open(dir) // the file's name has to outlive a crash too
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func otherChain(have, want heading) error {
	if have.Rules != want.Rules {
		return errors.New("it was made by other rules than this program's: remove it to begin a new one")
	}
	return fmt.Errorf("it is of seed %d with %d workers from block %d, and seed %d with %d workers from block %d was asked for: "+
		"give the same, or another data directory", have.Seed, have.Workers, have.FirstBlock, want.Seed, want.Workers, want.FirstBlock)
}

func readJournal(doc []byte) (h heading, entries []entry, err error) {
	lines := bufio.NewScanner(bytes.NewReader(doc))
	if !lines.Scan() {
		return h, nil, lines.Err()
	}
	if err := json.Unmarshal(lines.Bytes(), &h); err != nil {
		return h, nil, fmt.Errorf("its first line is not a heading: %w", err)
	}
	if h.Rules != rules {
		return h, nil, nil // whatever follows is not ours to read
	}
	for lines.Scan() {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return h, nil, fmt.Errorf("line %d: %w", len(entries)+2, err)
		}
		entries = append(entries, e)
	}
	return h, entries, lines.Err()
}

// append writes entries and flushes them to disk. After an error the network must be opened anew: what of them is on disk is
// not known.
func (j *journal) append(entries ...entry) error {
	if j.file == nil {
		return nil
	}
	var lines bytes.Buffer
	enc := json.NewEncoder(&lines)
	for _, e := range entries {
		if err := enc.Encode(e); err != nil {
			return fmt.Errorf("journal of the simulated chain: %w", err)
		}
	}
	if err := j.write(lines.Bytes()); err != nil {
		return fmt.Errorf("journal of the simulated chain: %w", err)
	}
	return nil
}

func (j *journal) write(lines []byte) error {
	if _, err := j.file.Write(lines); err != nil {
		return err
	}
	return j.file.Sync()
}

func (j *journal) path() string {
	if j.file == nil {
		return "memory"
	}
	return j.file.Name()
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}

// replay makes the chain of a journal. It runs before anybody else knows the network.
func (n *Net) replay(entries []entry) error {
	for i, e := range entries {
		var err error
		if e.Kind == madeBlock {
			number, head := n.config.FirstBlock, n.head()
			if head != nil {
				number = head.number + 1
			}
			n.publish([]*block{n.make(number, head, recipe{time: e.Time, branch: n.forks})})
		} else if err = n.mayFork(e); err == nil {
			_, err = n.change(e)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", i+2, err)
		}
		if head := n.head(); head == nil || head.hash != e.Head {
			return fmt.Errorf("line %d: the same seed made another chain than the one that was kept: remove it to begin a new one", i+2)
		}
	}
	return nil
}
