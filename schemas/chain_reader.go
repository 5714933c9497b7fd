package schemas

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ChainState is where a reader of the chain topic stands, by the reader's rule: the term, the position and the branch, from
// the log alone. It is a value that a reader stores beside what it made of the log, and goes on from.
type ChainState struct {
	// Next is the offset of the record that is read next. Offsets are dense, so any other one is a gap.
	Next int64 `json:"next"`
	// Fingerprint is the id of the record before Next. A log where that record has another id is another log.
	Fingerprint string `json:"fingerprint"`
	// Term is the offset of the highest claim so far, or 0 before the first.
	Term int64 `json:"term"`
	// Begun tells whether any positioned record was accepted; Position means nothing before.
	Begun    bool     `json:"begun"`
	Position Position `json:"position"`
	// Branch counts the reorganisations so far.
	Branch int64 `json:"branch"`
	// LastReorg is the offset of the newest of them, or -1.
	LastReorg int64 `json:"last_reorg"`
	// Sealed is the newest sealed block that stands; SealedAt its time. Zero before the first seal.
	Sealed   BlockRef  `json:"sealed"`
	Parent   Hash      `json:"parent"`
	SealedAt time.Time `json:"sealed_at"`
	// Unsealed counts the accepted events after the last seal.
	Unsealed int `json:"unsealed"`
	// LastABI is the offset of the newest [ClassABI], or 0. With ClassABI.Previous it links them all.
	LastABI int64 `json:"last_abi,omitempty"`
	// Final is the newest block that stands and was said to be accepted on L1; zero where none was.
	Final BlockRef `json:"final,omitzero"`
	// Retracted is the newest block that a reorganisation has voided although it was final, until one as high is final again. Zero
	// in ordinary times.
	Retracted BlockRef `json:"retracted,omitzero"`
}

// Finality returns that of a block that stands, by its number.
func (s ChainState) Finality(block uint64) Finality {
	if s.Final.Hash.IsZero() || block > s.Final.Number {
		return AcceptedOnL2
	}
	return AcceptedOnL1
}

// StartOfChain is the state before the first record of a log.
func StartOfChain() ChainState { return ChainState{LastReorg: -1} }

// Block is a commit point: all facts of one block, in chain order. Where Sealed is false it is a block inside a chunk whose
// seal comes later; its parent is then not known.
type Block struct {
	BlockRef
	Parent Hash
	Time   time.Time
	Sealed bool
	Facts  []Fact
}

// Reorg is a commit point that takes the chain back: everything above Common is void.
type Reorg struct {
	Common BlockRef
	Voided []BlockRef
	Time   time.Time // when the tailer noticed
}

// Step is one commit point of the chain topic: exactly one of Block, Reorg and Final is set. State is where the reader stands after
// it, so whoever stores the step's effect stores State with it.
type Step struct {
	Block *Block
	Reorg *Reorg
	Final *BlockRef // everything up to it is accepted on L1
	State ChainState
}

// Errors of [ChainReader.Read]. Each means that the log is not what it should be, and that reading on would skip something.
var (
	ErrGap       = errors.New("gap in the log")
	ErrBadClaim  = errors.New("record of a term that was never claimed")
	ErrBadSeal   = errors.New("seal that does not fit what came before it")
	ErrBadReorg  = errors.New("reorganisation to a block above the log's head")
	ErrBadFinal  = errors.New("finality of a block that the log does not hold sealed")
	ErrTwoBlocks = errors.New("two blocks of one number without a reorganisation between them")
)

// ChainReader applies the reader's rule to the records of the chain topic, one after the other. It is pure and not safe for
// concurrent use.
//
// The rule: records of a lower term than the highest claim are dropped, they come from a writer that had lost its claim.
// Positions not above the last one are dropped, they were written twice. A reorganisation sets the position back to the
// common block, and what is final with it. Finality only grows otherwise: a marker that is not above the last one was written twice.
// Nothing is ever dropped by its id: a block may leave the chain and come back.
type ChainReader struct {
	state ChainState
	// pending holds the accepted facts of the block that is not whole yet; they are not part of any step so far.
	pending *Block
	// abis decode again; nil where the log's word is taken.
	abis *ABIs
}

// NewChainReader goes on from a stored state, or from [StartOfChain].
func NewChainReader(from ChainState) *ChainReader { return &ChainReader{state: from} }

// DecodeAgain has facts decoded again that the ABIs of their classes did not decode, see [ABIs.Again].
func (r *ChainReader) DecodeAgain(by *ABIs) { r.abis = by }

// State returns where the reader stands, the pending block included. A step's own state is what to store.
func (r *ChainReader) State() ChainState { return r.state }

// Pending returns how many facts wait for the end of their block.
func (r *ChainReader) Pending() int {
	if r.pending == nil {
		return 0
	}
	return len(r.pending.Facts)
}

// PendingBlock returns the block whose end was not read yet, as far as its events go.
func (r *ChainReader) PendingBlock() (block BlockRef, ok bool) {
	if r.pending == nil {
		return BlockRef{}, false
	}
	return r.pending.BlockRef, true
}

// Read takes the next record and returns the commit points that it completes: none, one, or, where a seal also ends an
// earlier block of its chunk, two.
func (r *ChainReader) Read(rec Record) ([]Step, error) {
	if rec.Offset != r.state.Next {
		return nil, fmt.Errorf("%s[%d]: offset %d where %d was due: %w", rec.Topic, rec.Partition, rec.Offset, r.state.Next, ErrGap)
	}
	env, err := ParseEnvelope(rec)
	if err != nil {
		return nil, err
	}
	steps, err := r.read(rec.Offset, env, nil)
	if err != nil {
		return nil, fmt.Errorf("%s[%d]@%d %s: %w", rec.Topic, rec.Partition, rec.Offset, env.Type, err)
	}
	return steps, nil
}

// ReadOwn is [ChainReader.Read] for whoever has just written the record at an offset: nothing is decoded again. The value is that
// of a contract event, nil for other records. The facts of its steps have no Event.
func (r *ChainReader) ReadOwn(offset int64, env Envelope, value *ChainEvent) ([]Step, error) {
	if offset != r.state.Next {
		return nil, fmt.Errorf("offset %d where %d was due: %w", offset, r.state.Next, ErrGap)
	}
	steps, err := r.read(offset, env, value)
	if err != nil {
		return nil, fmt.Errorf("offset %d %s: %w", offset, env.Type, err)
	}
	return steps, nil
}

func (r *ChainReader) read(offset int64, env Envelope, value *ChainEvent) ([]Step, error) {
	steps, err := r.apply(offset, env, value)
	if err != nil {
		return nil, err
	}
	r.state.Next, r.state.Fingerprint = offset+1, env.ID
	if n := len(steps); n > 0 && r.pending == nil {
		// The step ends with this record. Any other ends before it: this record opened the next block, or sealed a later one.
		steps[n-1].State.Next, steps[n-1].State.Fingerprint = r.state.Next, r.state.Fingerprint
	}
	return steps, nil
}

func (r *ChainReader) apply(offset int64, env Envelope, value *ChainEvent) ([]Step, error) {
	if env.Type == TypeClaimed {
		r.state.Term = offset
		return nil, nil
	}
	if env.Term > r.state.Term || offset == 0 { // a log begins with a claim
		return nil, fmt.Errorf("term %d, highest claim %d: %w", env.Term, r.state.Term, ErrBadClaim)
	}
	if env.Term < r.state.Term {
		return nil, nil
	}
	switch env.Type {
	case TypeReorged:
		return r.reorged(offset, env)
	case TypeSealed:
		return r.sealed(env)
	case TypeFinalized:
		return r.finalized(env)
	case TypeClassABI:
		r.state.LastABI = offset
		return nil, nil
	}
	return r.event(offset, env, value)
}

func (r *ChainReader) reorged(offset int64, env Envelope) ([]Step, error) {
	var v Reorged
	if err := json.Unmarshal(env.Data, &v); err != nil {
		return nil, err
	}
	if !r.state.Begun || v.Common.Number > r.state.Position.Block {
		return nil, fmt.Errorf("common block %d, head %s: %w", v.Common.Number, r.state.Position, ErrBadReorg)
	}
	r.pending = nil
	r.state.Position = SealPosition(v.Common.Number)
	r.state.Branch++
	r.state.LastReorg = offset
	r.state.Unsealed = 0
	r.state.Sealed, r.state.Parent = v.Common, Hash{}
	if final := r.state.Final; !final.Hash.IsZero() && final.Number > v.Common.Number {
		if final.Number > r.state.Retracted.Number {
			r.state.Retracted = final
		}
		if r.state.Final = v.Common; v.Common.Hash.IsZero() {
			r.state.Final = BlockRef{}
		}
	}
	return []Step{{Reorg: &Reorg{Common: v.Common, Voided: v.Voided, Time: env.Time}, State: r.state}}, nil
}

func (r *ChainReader) sealed(env Envelope) ([]Step, error) {
	var v Sealed
	if err := json.Unmarshal(env.Data, &v); err != nil {
		return nil, err
	}
	position := SealPosition(v.Number)
	if r.duplicate(position) {
		return nil, nil
	}
	if v.Events != r.state.Unsealed {
		return nil, fmt.Errorf("block %d says %d events since the last seal, %d were read: %w", v.Number, v.Events, r.state.Unsealed, ErrBadSeal)
	}
	var steps []Step
	block := r.pending
	if block != nil && block.Number < v.Number {
		steps = append(steps, r.finish())
		block = nil
	}
	if block == nil {
		block = &Block{}
	} else if block.Hash != v.Hash {
		return nil, fmt.Errorf("block %d: events of %s, seal of %s: %w", v.Number, block.Hash, v.Hash, ErrTwoBlocks)
	}
	r.pending = nil
	block.BlockRef = BlockRef{v.Number, v.Hash}
	block.Parent, block.Time, block.Sealed = v.Parent, env.Time, true
	r.state.Begun, r.state.Position = true, position
	r.state.Sealed, r.state.Parent, r.state.SealedAt = block.BlockRef, v.Parent, env.Time
	r.state.Unsealed = 0
	return append(steps, Step{Block: block, State: r.state}), nil
}

func (r *ChainReader) finalized(env Envelope) ([]Step, error) {
	var v Finalized
	if err := json.Unmarshal(env.Data, &v); err != nil {
		return nil, err
	}
	if final := r.state.Final; !final.Hash.IsZero() && v.Number <= final.Number {
		return nil, nil
	}
	if sealed := r.state.Sealed; v.Hash.IsZero() || sealed.Hash.IsZero() || v.Number > sealed.Number || v.Number == sealed.Number && v.Hash != sealed.Hash {
		return nil, fmt.Errorf("block %d %s, newest sealed %d %s: %w", v.Number, v.Hash, sealed.Number, sealed.Hash, ErrBadFinal)
	}
	if r.state.Final = v.BlockRef; v.Number >= r.state.Retracted.Number {
		r.state.Retracted = BlockRef{}
	}
	if r.pending != nil {
		return nil, nil // it takes effect with the end of the block that it came in
	}
	return []Step{{Final: &v.BlockRef, State: r.state}}, nil
}

func (r *ChainReader) event(offset int64, env Envelope, value *ChainEvent) ([]Step, error) {
	if env.Position == nil {
		return nil, fmt.Errorf("no position, and not a type that may lack one: %w", ErrForeign)
	}
	if r.duplicate(*env.Position) {
		return nil, nil
	}
	fact := Fact{ID: env.ID, Type: env.Type, Position: *env.Position, Time: env.Time, Offset: offset}
	if value != nil {
		fact.ChainEvent = *value
	} else if err := fact.decode(env); err != nil {
		return nil, err
	}
	if r.abis != nil {
		if _, err := r.abis.Again(&fact); err != nil {
			return nil, err
		}
	}
	var steps []Step
	if r.pending != nil && r.pending.Number < fact.Position.Block {
		steps = append(steps, r.finish())
	}
	if r.pending == nil {
		r.pending = &Block{BlockRef: BlockRef{fact.Position.Block, fact.BlockHash}, Time: env.Time}
	} else if r.pending.Hash != fact.BlockHash {
		return nil, fmt.Errorf("block %d: events of %s and of %s: %w", fact.Position.Block, r.pending.Hash, fact.BlockHash, ErrTwoBlocks)
	}
	r.pending.Facts = append(r.pending.Facts, fact)
	r.state.Begun, r.state.Position = true, fact.Position
	r.state.Unsealed++
	return steps, nil
}

// decode reads what a record says of an event.
func (f *Fact) decode(env Envelope) (err error) {
	if err := json.Unmarshal(env.Data, &f.ChainEvent); err != nil {
		return err
	}
	if f.Reason != "" {
		f.Event = Undecoded{Reason: f.Reason, Detail: f.Detail}
		return nil
	}
	f.Event, err = DecodeEventData(env.Type, f.Data)
	return err
}

// ReadFact reads one record of the chain topic by itself: what a row names as the fact that shaped it. Whether the record counts only the
// reader's rule can tell.
func ReadFact(rec Record) (Fact, error) {
	env, err := ParseEnvelope(rec)
	if err != nil {
		return Fact{}, err
	}
	if env.Position == nil {
		return Fact{}, fmt.Errorf("record %d of %s is of type %s, and no fact: %w", rec.Offset, rec.Topic, env.Type, ErrForeign)
	}
	fact := Fact{ID: env.ID, Type: env.Type, Position: *env.Position, Time: env.Time, Offset: rec.Offset}
	if err := fact.decode(env); err != nil {
		return Fact{}, fmt.Errorf("record %d of %s: %w", rec.Offset, rec.Topic, err)
	}
	return fact, nil
}

func (r *ChainReader) duplicate(p Position) bool {
	return r.state.Begun && p.Compare(r.state.Position) <= 0
}

// finish closes the pending block at a boundary inside a chunk.
func (r *ChainReader) finish() Step {
	step := Step{Block: r.pending, State: r.state}
	r.pending = nil
	return step
}

// VoidedCounts returns, for each block hash, how often reorganisations have voided it: the number that tells a block's next
// inclusion from its earlier ones in event ids.
func VoidedCounts(reorgs []Reorged) map[Hash]int {
	counts := map[Hash]int{}
	for _, r := range reorgs {
		for _, b := range r.Voided {
			counts[b.Hash]++
		}
	}
	return counts
}

// ChainEventID is the id of a contract event: chain, block, transaction index, event index, and the count of earlier
// inclusions of that block in this log, since a chain may go A, B, A.
func ChainEventID(chainID Felt, block Hash, p Position, inclusion int) string {
	chain, ok := chainID.ShortString()
	if !ok {
		chain = chainID.String()
	}
	return fmt.Sprintf("%s/%s/%d/%d/%d", chain, block, p.Tx, p.Event, inclusion)
}
