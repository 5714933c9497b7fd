package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Contracts change some of their state without an event. So views are asked at the end of blocks, and what they answer goes into the
// log as observations, see [schemas.ObservationType].
//
// Which views follows from a block's events, and so does the place of each answer: a tailer that takes over in the middle of a block
// goes on with the questions that have no answer in the log. Beside these, what may change silently is looked at near the head: in the
// first block of a term, after a reorganisation, and in the first block of each hour of block time.

// question is a view to be asked at a block.
type question struct {
	contract schemas.Contract
	function string
	args     json.RawMessage // nil for none
	block    schemas.BlockRef
	time     time.Time
	n        uint32 // of the block's observations
}

func (q question) position() schemas.Position {
	return schemas.ObservationPosition(q.block.Number, q.n)
}

// firstLook is the number of the first observation of a look; those that follow from events come before it.
const firstLook = 1 << 16

// raises tells whether events of a type make views worth asking.
func raises(typ string) bool {
	switch typ {
	case schemas.JobManagerJobSubmitted{}.EventType(), schemas.ProverStakingConfigUpdated{}.EventType(),
		schemas.GovernanceTreasuryProposalCreated{}.EventType(), schemas.OTCOrderbookPairAdded{}.EventType():
		return true
	}
	return false
}

// raised returns the views that an event makes worth asking, with their arguments; nil where they take none.
func raised(event schemas.Event) map[string]any {
	switch e := event.(type) {
	case schemas.JobManagerJobSubmitted: // has no type of job
		return map[string]any{"get_job_details": map[string]any{"job_id": schemas.JobRef{Value: e.JobID}}}
	case schemas.ProverStakingConfigUpdated: // has two of thirteen members
		return map[string]any{"get_config": nil}
	case schemas.GovernanceTreasuryProposalCreated: // has neither times nor target, and no quorum
		return map[string]any{"get_config": nil, "get_proposal": map[string]any{"proposal_id": e.ProposalID}}
	case schemas.OTCOrderbookPairAdded: // has no tick size
		return map[string]any{"get_pair": schemas.PairArgument{PairID: e.PairID}}
	}
	return nil
}

// questions gathers what the events of blocks raise, each question once a block.
type questions struct {
	asked []question
	block uint64
	n     uint32 // questions of the block so far
}

func (qs *questions) add(e chainEvent, typ string, data json.RawMessage) error {
	if e.position.Block != qs.block {
		qs.block, qs.n = e.position.Block, 0
	}
	if !raises(typ) {
		return nil
	}
	event, err := schemas.DecodeEventData(typ, data)
	if err != nil {
		return err
	}
	views := raised(event)
	for _, function := range slices.Sorted(maps.Keys(views)) {
		q := question{contract: e.contract, function: function, block: schemas.BlockRef{Number: e.position.Block, Hash: e.blockHash}, time: e.time, n: qs.n}
		if args := views[function]; args != nil {
			if q.args, err = json.Marshal(args); err != nil {
				return err
			}
		}
		if slices.ContainsFunc(qs.asked[len(qs.asked)-int(qs.n):], q.same) {
			continue
		}
		qs.asked = append(qs.asked, q)
		qs.n++
	}
	return nil
}

func (q question) same(other question) bool {
	return q.contract.Address == other.contract.Address && q.function == other.function && string(q.args) == string(other.args)
}

// observe asks the questions whose answers are not in the log, several at a time where the settings allow it.
func (w *chainWriter) observe(ctx context.Context, asked []question) ([]entry, error) {
	state := w.reader.State()
	answers := make([]entry, 0, len(asked))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(w.t.config.Ahead)
	for _, q := range asked {
		if state.Begun && q.position().Compare(state.Position) <= 0 {
			continue // observed before a takeover in the middle of the block
		}
		answers = append(answers, entry{})
		to := &answers[len(answers)-1] // there is room for all: it does not move
		ask := func() error {
			value, err := w.ask(ctx, q)
			if err == nil {
				*to, err = w.observation(q, value)
			}
			return err
		}
		if w.t.config.Ahead > 1 {
			group.Go(ask)
		} else if err := ask(); err != nil {
			return nil, err
		}
	}
	return answers, group.Wait()
}

// looks tells whether it is time to look at what may have changed silently. The answer follows from the chain alone but for a term's
// first block, so that whoever takes over in the middle of a look goes on with it.
func (w *chainWriter) looks(h starknet.Header) bool {
	last := w.reader.State().SealedAt
	return !w.looked || !last.Truncate(time.Hour).Equal(h.Time().Truncate(time.Hour))
}

// look observes the settings and the pairs at a block: what no event tells of. A view that is not there is not worth a record.
func (w *chainWriter) look(ctx context.Context, h starknet.Header) ([]entry, error) {
	var found []entry
	n := uint32(firstLook)
	for _, v := range []schemas.View{{Contract: "ProverStaking", Function: "get_config"}, {Contract: "GovernanceTreasury", Function: "get_config"}} {
		q := question{function: v.Function, block: schemas.BlockRef{Number: h.Number, Hash: h.Hash}, time: h.Time(), n: n}
		n++
		if _, err := w.lookAt(ctx, v.Contract, q, &found); err != nil {
			return nil, err
		}
	}
	// No view counts the pairs: the first without a quote token is past the last. Their ids are a byte.
	for id := range 256 {
		args, err := json.Marshal(schemas.PairArgument{PairID: uint8(id)})
		if err != nil {
			return nil, err
		}
		q := question{function: "get_pair", args: args, block: schemas.BlockRef{Number: h.Number, Hash: h.Hash}, time: h.Time(), n: n + uint32(id)}
		more, err := w.lookAt(ctx, "OTCOrderbook", q, &found)
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
	}
	return found, nil
}

// lookAt asks one question of a look, of the first contract of a name that is followed. It tells whether there is something to see.
func (w *chainWriter) lookAt(ctx context.Context, name string, q question, found *[]entry) (bool, error) {
	i := slices.IndexFunc(w.t.config.Contracts, func(c schemas.Contract) bool { return c.Name == name && !c.Address.IsZero() })
	if i < 0 {
		return false, nil
	}
	q.contract = w.t.config.Contracts[i]
	if state := w.reader.State(); state.Begun && q.position().Compare(state.Position) <= 0 {
		return true, nil
	}
	value, err := w.ask(ctx, q)
	if err != nil || value.Reason != "" {
		return false, err
	}
	if q.function == "get_pair" {
		var pair schemas.PairDetails
		if err := json.Unmarshal(value.Data, &pair); err != nil || pair.QuoteToken.IsZero() {
			return false, err
		}
	}
	one, err := w.observation(q, value)
	*found = append(*found, one)
	return true, err
}

// ask asks a view. What the node refuses is an answer, too: that it is not known, and why. An error means to ask again.
func (w *chainWriter) ask(ctx context.Context, q question) (schemas.ChainEvent, error) {
	value := schemas.ChainEvent{
		BlockHash: q.block.Hash, Contract: q.contract.Address, ContractName: q.contract.Name, Class: w.t.classes.class(q.contract.Address, q.block.Number),
		Name: q.function, Args: q.args,
		Raw: schemas.RawEvent{Keys: []schemas.Felt{schemas.Selector(q.function)}, Data: []schemas.Felt{}},
	}
	abi, err := schemas.Embedded(q.contract.Name)
	if err != nil {
		return value, err
	}
	var args any
	if q.args != nil {
		args = q.args
	}
	calldata, err := abi.EncodeInputs(q.function, args)
	if err != nil {
		return value, fmt.Errorf("ask %s.%s: %w", q.contract.Name, q.function, err)
	}
	value.Raw.Keys = append(value.Raw.Keys, calldata...)
	felts, err := w.t.at.Call(ctx, starknet.ByHash(q.block.Hash), q.contract.Address, value.Raw.Keys[0], calldata)
	if err != nil {
		value.Reason, err = w.unknown(ctx, q, err)
		return value, err
	}
	value.Raw.Data = notNil(felts)
	if value.Data, err = w.t.classes.abis.Answer(q.contract.Name, value.Class, q.function, felts); err != nil {
		value.Data, value.Reason, value.Detail = nil, schemas.ReasonBadValue, err.Error()
		if d, ok := errors.AsType[*schemas.DecodeError](err); ok {
			value.Reason = d.Reason
		}
	}
	return value, nil
}

// unknown says why a view has no answer, or returns an error where asking again may help.
func (w *chainWriter) unknown(ctx context.Context, q question, failed error) (reason string, err error) {
	failed = fmt.Errorf("observe %s.%s at block %d: %w", q.contract.Name, q.function, q.block.Number, failed)
	switch {
	case ctx.Err() != nil:
		return "", failed
	case errors.Is(failed, starknet.ErrContractNotFound):
		return schemas.ReasonNoContract, nil
	case errors.Is(failed, starknet.ErrContractError), errors.Is(failed, starknet.ErrNoEntryPoint):
		return schemas.ReasonReverted, nil
	case errors.Is(failed, starknet.ErrBlockNotFound):
		// A node without old states says so, and so does one that is changing branches: the one has the block, the other does not.
		if h, err := w.t.at.Header(ctx, starknet.ByHash(q.block.Hash)); err != nil || h.Hash != q.block.Hash {
			return "", failed
		}
		return schemas.ReasonNoState, nil
	case !unanswered(failed):
		return schemas.ReasonNoState, nil
	case w.silences < maxTries-1:
		return "", &silence{failed}
	}
	return schemas.ReasonUnanswered, nil
}

// silence is a view that the node did not answer.
type silence struct{ cause error }

func (e *silence) Error() string { return e.cause.Error() }
func (e *silence) Unwrap() error { return e.cause }

// observation makes the record of an answer.
func (w *chainWriter) observation(q question, value schemas.ChainEvent) (entry, error) {
	p := q.position()
	id := schemas.ChainEventID(w.chainID, q.block.Hash, p, w.voided[q.block.Hash])
	one, err := w.envelope(schemas.ObservationType(q.contract.Name, q.function), id, q.time, &p, value.AppendJSON(nil))
	one.event = &value
	return one, err
}
