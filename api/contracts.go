package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Contracts asks views of contracts.
type Contracts interface {
	// Ask asks a view at a block. That there is no answer is told in the answer.
	Ask(ctx context.Context, at schemas.BlockRef, contract schemas.Contract, function string, args map[string]any) (schemas.ViewAnswer, error)
}

// AuditReads are the rows that views tell of, too.
type AuditReads interface {
	Rows(ctx context.Context, as projections.AsOf, of projections.RowsOf) ([]projections.Row, projections.Freshness, error)
}

const (
	// chainPerMinute is how often a client may have the contracts asked, on all routes together: each time costs calls to a node.
	chainPerMinute = 20
	// chainAtOnce is how many such requests are answered at a time.
	chainAtOnce = 8
)

// Sourced is the parameter that says whom to ask. Embed it in the parameters of a read of one thing that views tell of.
type Sourced struct {
	Source string `query:"source" enum:"projection,chain" default:"projection" doc:"chain: the contracts are asked, too, now, at the block that the answer is of; what they say, and where that differs from the read models, is in the member chain. A client has 20 such requests a minute."`
}

// fromChain is what contracts say of what an answer is about.
type fromChain struct {
	Chain *chainAnswer `json:"chain,omitempty" doc:"With source=chain: what the contracts say, at the block of the answer."`
}

type chainAnswer struct {
	Block  int64       `json:"block_number"`
	Hash   string      `json:"block_hash" doc:"Empty where the log does not have it."`
	Agrees bool        `json:"agrees" doc:"Whether every view answered, and none tells anything else than the read models."`
	Views  []viewAsked `json:"views"`
}

type viewAsked struct {
	View        string            `json:"view" doc:"The contract's function."`
	Contract    *schemas.Address  `json:"contract_address"`
	Args        any               `json:"args"`
	Answer      any               `json:"answer" doc:"As the contract's ABI has it; null where there is none."`
	Unknown     string            `json:"unknown_reason,omitempty" doc:"Why there is no answer. reverted: the view failed, as most do for an id that they do not know. no_state: the node no longer has the state of the block. no_contract: there was none at the block, or it is not followed. several_contracts: of this name, which the read models do not keep apart."`
	Projection  string            `json:"projection" doc:"The read model that it is compared with."`
	Key         string            `json:"key" doc:"The row's."`
	Known       bool              `json:"known" doc:"Whether the read model has the row."`
	Differences []ValueDifference `json:"differences"`
}

// subject is a row of a read model that an answer is about.
type subject struct{ table, key string }

// errChainMoved says that another branch stands since an answer was begun.
var errChainMoved = problemError{fault(unavailable, "the chain was reorganised meanwhile; try again").retry(1)}

// fromChain asks the contracts of some rows, where that is wanted, at the block that an answer is of.
func (s *Server) fromChain(ctx context.Context, in Sourced, at projections.Freshness, about ...subject) (*chainAnswer, error) {
	if in.Source != "chain" {
		return nil, nil
	}
	return s.askContracts(ctx, at, about...)
}

func (s *Server) askContracts(ctx context.Context, at projections.Freshness, about ...subject) (*chainAnswer, error) {
	block, err := s.askedAt(at)
	if err != nil {
		return nil, err
	}
	select {
	case s.asking <- struct{}{}:
		defer func() { <-s.asking }()
	default:
		return nil, problemError{fault(busy, "other requests have contracts asked; try again in a moment").retry(1)}
	}
	out := &chainAnswer{Block: at.Block, Hash: at.Hash, Agrees: true, Views: []viewAsked{}}
	type question struct {
		view    projections.RowView
		key, id string
	}
	var questions []question
	for _, subject := range about {
		for _, view := range projections.RowViews() {
			if id, ours := view.ID(subject.key); ours && view.Table == subject.table {
				questions = append(questions, question{view, subject.key, id})
			}
		}
	}
	asked := make([]*viewAsked, len(questions))
	group, ctx := errgroup.WithContext(ctx)
	for i, q := range questions {
		group.Go(func() (err error) {
			asked[i], err = s.askView(ctx, block, at, q.view, q.key, q.id)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, one := range asked {
		if one != nil {
			out.Views = append(out.Views, *one)
			out.Agrees = out.Agrees && one.Unknown == "" && len(one.Differences) == 0
		}
	}
	return out, nil
}

// askedAt is the block that contracts are asked at for an answer.
func (s *Server) askedAt(at projections.Freshness) (block schemas.BlockRef, err error) {
	switch {
	case s.config.Chain == nil:
		return block, problemError{fault(noProvider, "this process has no StarkNet node to ask: give --rpc-url (STARKNET_RPC_URL)")}
	case !at.Known:
		return block, problemError{fault(unavailable, "the read models hold no block yet; try again in a moment").retry(2)}
	}
	block.Number = uint64(at.Block)
	if at.Hash != "" {
		block.Hash, err = schemas.ParseHash(at.Hash)
	}
	return block, err
}

// askView asks one view and compares its answer with the row; nil where the view is not of the row.
func (s *Server) askView(ctx context.Context, block schemas.BlockRef, at projections.Freshness, view projections.RowView, key, id string) (*viewAsked, error) {
	rows, then, err := s.config.Models.Rows(ctx, projections.AsOf{Block: &block.Number}, projections.RowsOf{Table: view.Table, Where: view.Where, Key: key})
	switch {
	case err != nil:
		return nil, err
	case then.Hash != at.Hash:
		return nil, errChainMoved
	case len(rows) == 0 && len(view.Where) > 0:
		return nil, nil
	}
	out := &viewAsked{
		View: view.View.String(), Args: view.Args(id), Projection: view.Table, Key: key, Known: len(rows) > 0, Differences: []ValueDifference{},
	}
	contract, reason := s.contractNamed(view.View.Contract)
	if reason != "" {
		out.Unknown = reason
		return out, nil
	}
	out.Contract = &contract.Address
	answer, err := s.askContract(ctx, block, contract, view.View.Function, view.Args(id))
	if err != nil || answer.Reason != "" {
		out.Unknown = answer.Reason
		return out, err
	}
	out.Answer = answer.Data
	if out.Known {
		found, err := view.Differences(rows[0], answer.Data)
		if err != nil {
			out.Unknown = schemas.ReasonBadValue // the contract has another interface
		}
		out.Differences = Differences(found)
	}
	return out, nil
}

// contractNamed returns the contract that is followed under a name, or why there is none.
func (s *Server) contractNamed(name string) (found schemas.Contract, reason string) {
	reason = schemas.ReasonNoContract
	for _, c := range s.config.Contracts {
		switch {
		case c.Name != name || c.Address.IsZero():
		case reason == "":
			return found, "several_contracts"
		default:
			found, reason = c, ""
		}
	}
	return found, reason
}

// askContract asks a view. That no node answers is a problem of its own.
func (s *Server) askContract(ctx context.Context, block schemas.BlockRef, contract schemas.Contract, function string, args map[string]any) (schemas.ViewAnswer, error) {
	answer, err := s.config.Chain.Ask(ctx, block, contract, function, args)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		answer.Detail = "no answer in time"
	case err != nil:
		return answer, fmt.Errorf("ask %s.%s: %w", contract.Name, function, err)
	case answer.Reason != schemas.ReasonUnanswered:
		return answer, nil
	}
	s.config.Logger.WarnContext(ctx, "no node answers", "contract", contract.Name, "view", function, "block", block.Number, "error", answer.Detail)
	return answer, problemError{fault(providerFailed, "no StarkNet node answers; what the read models say is there without source=chain").retry(5)}
}

// proofVerdict is what the contract that a proof was given to says of it.
type proofVerdict struct {
	ID       string           `json:"proof_id"`
	Hash     *string          `json:"proof_hash"`
	Contract string           `json:"contract_name"`
	Address  *schemas.Address `json:"contract_address"`
	View     *string          `json:"view" doc:"The function that was asked; null where the contract has none that tells."`
	Answer   any              `json:"answer" doc:"What it said."`
	Valid    *bool            `json:"is_valid" doc:"Whether the contract has the proof as verified; null where it does not tell."`
	Status   string           `json:"projection_status" doc:"What the read model says."`
	Agrees   *bool            `json:"agrees" doc:"Whether the contract and the read model say the same."`
	Block    int64            `json:"block_number" doc:"That the contract was asked at."`
	Hashed   string           `json:"block_hash"`
	Reason   string           `json:"unknown_reason,omitempty" doc:"Why the contract does not tell; see the member chain of /api/proofs/{id}?source=chain. no_view: it has no view for it."`
	Unknown  []string         `json:"unknown"`
}

func (s *Server) verifyProof(ctx context.Context, in *ProofParams) (a proofVerdict, at projections.Freshness, err error) {
	p, at, err := s.oneProof(ctx, *in)
	if err != nil {
		return a, at, err
	}
	asked, err := s.askContracts(ctx, at, subject{"proofs", p.ID})
	if err != nil {
		return a, at, err
	}
	a = proofVerdict{ID: proofID(p.ID), Hash: p.Hash, Contract: p.Contract, Status: p.Status, Block: asked.Block, Hashed: asked.Hash, Reason: "no_view", Unknown: []string{}}
	if len(asked.Views) > 0 {
		v := asked.Views[0]
		a.View, a.Address, a.Answer, a.Reason = &v.View, v.Contract, v.Answer, v.Unknown
		if a.Reason == "" {
			a.Valid, a.Agrees = new(verified(v.Answer)), new(len(v.Differences) == 0)
		}
	}
	if a.Valid == nil {
		a.Unknown = append(a.Unknown, "is_valid", "agrees")
	}
	return a, at, nil
}

// verified tells what an answer about a proof's status means: the status by its name, or whether it is verified.
func verified(answer any) bool {
	said, _ := answer.(json.RawMessage)
	return string(said) == `"Verified"` || string(said) == "true"
}
