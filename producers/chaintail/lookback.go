package chaintail

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// window is the number of records that one look into the log reads.
const window = 4096

// mark is a record that says where the chain stands: a seal or a reorganisation.
type mark struct {
	offset int64
	term   int64
	id     string
	at     time.Time
	seal   *schemas.Sealed
	common *schemas.BlockRef // of a reorganisation; then seal is nil
}

// lookback reads the chain topic backwards and applies the reader's rule on the way. Between one claim and the next only
// records of the first one's term count; so the marks of such a stretch wait until its claim is met, and then it is known
// which of them were accepted. No other rule is needed: it is the same one that a reader forwards applies.
type lookback struct {
	log     Log
	source  string // the records' source; those of another chain are refused
	below   int64  // records from here on were read
	waiting []mark // marks of the stretch whose claim was not met so far, newest first
}

// done tells whether the log was read to its beginning.
func (l *lookback) done() bool { return l.below == 0 }

// more reads a window further back and returns the marks that became accepted, newest first.
func (l *lookback) more(ctx context.Context) ([]mark, error) {
	records, err := readBack(ctx, l.log, l.below, window)
	if err != nil {
		return nil, err
	}
	var accepted []mark
	for i := len(records) - 1; i >= 0; i-- {
		env, err := schemas.ParseEnvelope(records[i])
		if err != nil {
			return nil, err
		}
		if err := checkSource(env, l.source); err != nil {
			return nil, err
		}
		marks, err := l.take(records[i].Offset, env)
		if err != nil {
			return nil, fmt.Errorf("offset %d of the chain topic: %w", records[i].Offset, err)
		}
		accepted = append(accepted, marks...)
	}
	l.below -= int64(len(records))
	return accepted, nil
}

// take is the pure part of more: it takes the next older record.
func (l *lookback) take(offset int64, env schemas.Envelope) (accepted []mark, err error) {
	m := mark{offset: offset, term: env.Term, id: env.ID, at: env.Time}
	switch env.Type {
	case schemas.TypeClaimed:
		accepted = stretch(l.waiting, offset)
		l.waiting = l.waiting[:0]
		return accepted, nil
	case schemas.TypeSealed:
		m.seal = new(schemas.Sealed)
		if err := json.Unmarshal(env.Data, m.seal); err != nil {
			return nil, err
		}
	case schemas.TypeReorged:
		var v schemas.Reorged
		if err := json.Unmarshal(env.Data, &v); err != nil {
			return nil, err
		}
		m.common = &v.Common
	default:
		return nil, nil
	}
	l.waiting = append(l.waiting, m)
	return nil, nil
}

// stretch returns those marks between a claim and the next that count, newest first as they are given: of the claim's term,
// and seals only above the last position, since a log that does not drop resends may hold one twice.
func stretch(marks []mark, term int64) (accepted []mark) {
	var last uint64
	begun := false
	for i := len(marks) - 1; i >= 0; i-- {
		m := marks[i]
		switch {
		case m.term != term:
			continue
		case m.common != nil:
			last = m.common.Number
		case begun && m.seal.Number <= last:
			continue
		default:
			last = m.seal.Number
		}
		begun = true
		accepted = append(accepted, m)
	}
	slices.Reverse(accepted)
	return accepted
}

func checkSource(env schemas.Envelope, want string) error {
	if env.Source == want {
		return nil
	}
	return &FatalError{fmt.Sprintf("the log holds the chain %s and the node is on %s: give the log of this chain (--kafka-brokers or --data-dir), or the node of that one (--rpc-url)",
		env.Source, want)}
}

// readBack returns the n records below an offset, oldest first; all of them, where there are fewer.
func readBack(ctx context.Context, log Log, below int64, n int64) ([]schemas.Record, error) {
	n = min(n, below)
	if n == 0 {
		return nil, nil
	}
	records, err := log.ReadBack(ctx, schemas.TopicChain, 0, below, int(n))
	if err != nil {
		return nil, &logError{fmt.Errorf("read the chain topic back from offset %d: %w", below, err)}
	}
	if int64(len(records)) != n || records[0].Offset != below-n {
		return nil, &logError{fmt.Errorf("the chain topic no longer has offset %d: its retention must be unlimited (retention.ms=-1, retention.bytes=-1)", below-n)}
	}
	return records, nil
}

// readOn hands every record from an offset on, below another, to take.
func readOn(ctx context.Context, log Log, from, below int64, take func(schemas.Record) error) error {
	for from < below {
		to := min(from+window, below)
		records, err := readBack(ctx, log, to, to-from)
		if err != nil {
			return err
		}
		for _, rec := range records {
			if err := take(rec); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

// readReorgs follows the links from the newest reorganisation to the first.
func readReorgs(ctx context.Context, log Log, last int64) ([]schemas.Reorged, error) {
	return readLinked(ctx, log, schemas.TypeReorged, last, -1, func(v schemas.Reorged) int64 { return v.Previous })
}

// readABIs follows the links from the newest ABI to the first.
func readABIs(ctx context.Context, log Log, last int64) ([]schemas.ClassABI, error) {
	return readLinked(ctx, log, schemas.TypeClassABI, last, 0, func(v schemas.ClassABI) int64 { return v.Previous })
}

// readLinked reads the records of a type from the newest, at last, along their links, down to the one that links to none. It reads a window
// at a time.
func readLinked[T any](ctx context.Context, log Log, typ string, last, none int64, previous func(T) int64) ([]T, error) {
	var all []T
	var records []schemas.Record
	for last > none {
		if len(records) == 0 || last < records[0].Offset {
			var err error
			if records, err = readBack(ctx, log, last+1, window); err != nil {
				return nil, err
			}
		}
		env, err := schemas.ParseEnvelope(records[last-records[0].Offset])
		if err != nil {
			return nil, err
		}
		var v T
		if env.Type == typ {
			err = json.Unmarshal(env.Data, &v)
		}
		if err != nil || env.Type != typ || previous(v) >= last {
			return nil, fmt.Errorf("offset %d of the chain topic should hold a %s, and holds %s %s", last, typ, env.Type, env.ID)
		}
		all = append(all, v)
		last = previous(v)
	}
	return all, nil
}
