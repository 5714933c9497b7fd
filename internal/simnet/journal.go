package simnet

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// journal is a file of lines: the configuration that the chain follows from, then a line for every block and reorganisation.
type journal struct {
	file  *os.File // nil keeps nothing
	forks uint64
}

// entry is one line: a block's time, or how many blocks a reorganisation took back.
type entry struct {
	Time  int64 `json:"time,omitempty"`
	Reorg int   `json:"reorg,omitempty"`
}

// heading is the first line. A chain of another heading would be another chain.
type heading struct {
	Seed       uint64 `json:"seed"`
	Workers    int    `json:"workers"`
	FirstBlock uint64 `json:"first_block"`
	Story      int    `json:"story"` // version of the story that this build tells
}

const storyVersion = 1

func openJournal(c Config) (*journal, []entry, error) {
	if c.Dir == "" {
		return &journal{}, nil, nil
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return nil, nil, fmt.Errorf("simulated chain: %w", err)
	}
	path := filepath.Join(c.Dir, "journal.jsonl")
	doc, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, fmt.Errorf("simulated chain: %w", err)
	}
	// A line that was cut off by a crash was never served.
	whole := doc[:bytes.LastIndexByte(doc, '\n')+1]
	want := heading{c.Seed, c.Workers, c.FirstBlock, storyVersion}
	entries, err := readJournal(whole, want)
	if err != nil {
		return nil, nil, fmt.Errorf("simulated chain in %s: %w", path, err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, nil, fmt.Errorf("simulated chain: %w", err)
	}
	j := &journal{file: file}
	if err := errors.Join(file.Truncate(int64(len(whole))), seekEnd(file)); err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	if len(whole) == 0 {
		err = j.write(want)
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return j, entries, nil
}

func seekEnd(f *os.File) error {
	_, err := f.Seek(0, 2)
	return err
}

func readJournal(doc []byte, want heading) ([]entry, error) {
	lines := bufio.NewScanner(bytes.NewReader(doc))
	if !lines.Scan() {
		return nil, nil
	}
	var have heading
	if err := json.Unmarshal(lines.Bytes(), &have); err != nil {
		return nil, fmt.Errorf("its first line is not a heading: %w", err)
	}
	if have != want {
		return nil, fmt.Errorf("it is of seed %d with %d workers from block %d (story %d), and seed %d with %d workers from block %d (story %d) was asked for: "+
			"give the same, or another --data-dir", have.Seed, have.Workers, have.FirstBlock, have.Story, want.Seed, want.Workers, want.FirstBlock, want.Story)
	}
	var entries []entry
	for lines.Scan() {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(entries)+2, err)
		}
		entries = append(entries, e)
	}
	return entries, lines.Err()
}

func (j *journal) append(e entry) error { return j.write(e) }

func (j *journal) write(line any) error {
	if j.file == nil {
		return nil
	}
	doc, err := json.Marshal(line)
	if err == nil {
		_, err = j.file.Write(append(doc, '\n'))
	}
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("journal of the simulated chain: %w", err)
	}
	return nil
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}
