package chaintail

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// How long a term lasts before the writer claims again by itself. Whoever takes over reads back to the claim of the newest
// seal, so this bounds that; and brokers forget a producer that claimed too long ago.
const (
	longestTerm = 12 * time.Hour
	largestTerm = 100_000 // records
)

// logError is a fault between us and the log: the term ends, and the next one begins with a claim.
type logError struct{ cause error }

func (e *logError) Error() string { return e.cause.Error() }
func (e *logError) Unwrap() error { return e.cause }

// chainWriter writes to the chain topic, one term after another. It reads every record of the topic's end, its own too, so that
// it always stands where any reader of the log stands.
type chainWriter struct {
	t       *Tailer
	chainID schemas.Felt
	source  string
	term    int64
	claimed time.Time
	pace    pace

	// What the log holds; reader is nil until the tail was read, and again after anything about it was in doubt.
	reader *schemas.ChainReader
	branch *branch
	voided map[schemas.Hash]int // how often each block was voided, for the ids of its next inclusion

	// What is observed, see observe.go.
	looked   bool // in this term, and since the last reorganisation
	silences int  // blocks that were not written since a view had no answer, in a row
}

func newChainWriter(t *Tailer) *chainWriter { return &chainWriter{t: t, pace: newPace()} }

// longEnough tells whether it is time to claim again.
func (w *chainWriter) longEnough() bool {
	return w.reader.State().Next-w.term > largestTerm || time.Since(w.claimed) > longestTerm
}

// claim takes the topic and reads what was written up to the claim. Nothing can be added below it any more.
func (w *chainWriter) claim(ctx context.Context, chainID schemas.Felt) (err error) {
	w.chainID, w.source = chainID, "starknet:"+chainName(chainID)
	if w.reader == nil {
		// A claim in the log of another chain would stop its rightful writer, so look before.
		if err := w.checkLog(ctx); err != nil {
			return err
		}
	}
	rec, err := w.claimRecord()
	if err != nil {
		return err
	}
	if w.term, err = w.t.writer.Claim(ctx, rec); err != nil {
		return &logError{err}
	}
	w.claimed, w.looked = time.Now(), false
	w.t.classes.forget()
	if w.reader == nil {
		err = w.readTail(ctx)
	} else {
		// What lies between was ours, without an answer, or a rival's: either way it is read like anybody's.
		err = readOn(ctx, w.t.log, w.reader.State().Next, w.term+1, w.take)
	}
	if err != nil {
		w.reader = nil
		return fmt.Errorf("read the tail of the chain topic: %w", err)
	}
	w.told()
	state := w.reader.State()
	w.t.config.Logger.InfoContext(ctx, "claimed the chain topic", "term", w.term, "sealed", state.Sealed.Number, "unsealed", state.Unsealed,
		"reorganised_blocks", len(w.voided))
	return nil
}

// checkLog refuses a log of another chain.
func (w *chainWriter) checkLog(ctx context.Context) error {
	first, next, err := w.t.log.Bounds(ctx, schemas.TopicChain, 0)
	if err != nil {
		return &logError{err}
	}
	if next == first {
		return nil
	}
	last, err := readBack(ctx, w.t.log, next, 1)
	if err != nil {
		return err
	}
	env, err := schemas.ParseEnvelope(last[0])
	if err != nil {
		return &FatalError{fmt.Sprintf("the chain topic is not ours alone, or not of this version: %v", err)}
	}
	return checkSource(env, w.source)
}

func (w *chainWriter) claimRecord() (schemas.Record, error) {
	data, err := json.Marshal(schemas.Claimed{Writer: w.t.config.Writer, Build: w.t.config.Build})
	if err != nil {
		return schemas.Record{}, err
	}
	now := time.Now()
	env := schemas.Envelope{
		ID: fmt.Sprintf("claim/%s/%d", w.t.config.Writer, now.UnixNano()), Source: w.source,
		Type: schemas.TypeClaimed, Time: now, Data: data,
	}
	return env.Record(schemas.TopicChain, nil)
}

// readTail reads back from the claim to the newest seal that readers accept, and from there on as they do.
func (w *chainWriter) readTail(ctx context.Context) error {
	w.branch = newBranch(w.t.log, w.source, w.term+1)
	w.voided = map[schemas.Hash]int{}
	newest, err := w.branch.newestSeal(ctx)
	if err != nil {
		return err
	}
	state := schemas.StartOfChain()
	if newest != nil {
		state = schemas.ChainState{
			Next: newest.offset + 1, Fingerprint: newest.id, Term: newest.term, Begun: true, Position: schemas.SealPosition(newest.seal.Number),
			LastReorg: newest.seal.LastReorg, Sealed: schemas.BlockRef{Number: newest.seal.Number, Hash: newest.seal.Hash},
			Parent: newest.seal.Parent, SealedAt: newest.at, LastABI: newest.seal.LastABI, Final: newest.seal.Final, Retracted: newest.seal.Retracted,
		}
	}
	w.reader = schemas.NewChainReader(state)
	err = readOn(ctx, w.t.log, state.Next, w.term+1, func(rec schemas.Record) error {
		_, err := w.reader.Read(rec) // the branch has the marks of these records already
		return err
	})
	if err != nil {
		return err
	}
	reorgs, err := readReorgs(ctx, w.t.log, w.reader.State().LastReorg)
	if err != nil {
		return err
	}
	w.voided = schemas.VoidedCounts(reorgs)
	abis, err := readABIs(ctx, w.t.log, w.reader.State().LastABI)
	if err != nil {
		return err
	}
	w.t.classes.abis = schemas.NewABIs()
	for _, abi := range abis {
		w.t.classes.abis.Add(abi)
	}
	return nil
}

// take reads a record at the end of the log as every reader does.
func (w *chainWriter) take(rec schemas.Record) error {
	env, err := schemas.ParseEnvelope(rec)
	if err == nil {
		err = checkSource(env, w.source)
	}
	if err != nil {
		return err
	}
	lastReorg := w.reader.State().LastReorg
	steps, err := w.reader.Read(rec)
	if err != nil {
		return err
	}
	return w.stepped(rec.Offset, env, steps, lastReorg)
}

// took reads a record that was just written.
func (w *chainWriter) took(offset int64, one entry) error {
	lastReorg := w.reader.State().LastReorg
	steps, err := w.reader.ReadOwn(offset, one.envelope, one.event)
	if err != nil {
		return err
	}
	return w.stepped(offset, one.envelope, steps, lastReorg)
}

// stepped notes what a record completed.
func (w *chainWriter) stepped(offset int64, env schemas.Envelope, steps []schemas.Step, lastReorg int64) error {
	if env.Type == schemas.TypeClassABI && w.reader.State().LastABI == offset {
		var abi schemas.ClassABI
		if err := json.Unmarshal(env.Data, &abi); err != nil {
			return err
		}
		w.t.classes.abis.Add(abi)
	}
	for _, s := range steps {
		if s.Reorg != nil {
			w.branch.reverted(s.Reorg.Common.Number)
			if err := w.count(env, lastReorg); err != nil {
				return err
			}
			continue
		}
		if s.Block == nil {
			continue
		}
		if s.Block.Sealed {
			w.branch.sealed(seal{BlockRef: s.Block.BlockRef, offset: offset, term: env.Term, at: env.Time.Unix()})
		}
		for _, f := range s.Block.Facts {
			w.t.metrics.fact(f)
			if f.Reason != "" && !f.Observed() {
				w.t.suspects.add(f.Position.Block)
			}
		}
	}
	return nil
}

// count counts what a reorganisation voided. One that does not link to the last is that one again, written twice by a log that
// does not drop resends; following the links does not come by it either.
func (w *chainWriter) count(env schemas.Envelope, lastReorg int64) error {
	var v schemas.Reorged
	if err := json.Unmarshal(env.Data, &v); err != nil {
		return err
	}
	if v.Previous == lastReorg {
		for _, b := range v.Voided {
			w.voided[b.Hash]++
		}
	}
	return nil
}

// told publishes where the log stands.
func (w *chainWriter) told() {
	state := w.reader.State()
	w.t.reading.Store(w.t.classes.newest())
	w.t.status.stands(state)
	w.t.metrics.stands(state)
}
