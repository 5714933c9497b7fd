package api

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ProvenanceModels tells the life of rows.
type ProvenanceModels interface {
	RowHistory(ctx context.Context, as projections.AsOf, table, key string, from int64, limit int) (projections.RowHistory, projections.Freshness, error)
}

// Facts reads single facts of the log.
type Facts interface {
	// Fact returns the fact at an offset of the chain topic.
	Fact(ctx context.Context, offset int64) (schemas.Fact, error)
}

// provenanceRoutes tell where numbers come from.
func (s *Server) provenanceRoutes() []endpoint {
	return []endpoint{read(Route{
		Path: "/api/provenance/{kind}/{id}", Tag: "Provenance", Summary: "The facts that made a row what it is, in order, with the row after each", Of: Chain, NotFound: true,
		About: `The kind is the name of a read model, such as jobs, workers or stakes; the id is its row's key, with the contract before it where a key names one, as in
ProverStaking-0x1f. The facts are folded once more for the answer; agrees tells whether the rows come out as they are stored.`,
	}, s.provenance)}
}

type provenanceStep struct {
	Topic     string         `json:"topic"`
	Partition int32          `json:"partition"`
	Offset    int64          `json:"offset"`
	ID        string         `json:"event_id"`
	Type      string         `json:"type"`
	Contract  string         `json:"contract_name"`
	Address   string         `json:"contract_address"`
	Block     uint64         `json:"block"`
	BlockHash string         `json:"block_hash"`
	Time      string         `json:"time" format:"date-time"`
	TxHash    *string        `json:"tx_hash" doc:"Null of an observation, which is of no transaction."`
	Explorer  *string        `json:"explorer_url"`
	Data      any            `json:"data" doc:"What the fact says."`
	After     map[string]any `json:"after" doc:"The row's columns after it."`
}

type provenance struct {
	Kind     string           `json:"kind"`
	ID       string           `json:"id" doc:"The row's key."`
	Steps    []provenanceStep `json:"steps"`
	Versions int64            `json:"total_versions" doc:"Blocks that changed the row."`
	Agrees   bool             `json:"agrees" doc:"Whether the facts give the rows that are stored."`
	Next     *int64           `json:"next_from" doc:"Where the life goes on: the from of the next page. Null at the end."`
}

func (s *Server) provenance(ctx context.Context, in *struct {
	Moment
	Kind  string `path:"kind" pattern:"^[a-z_]{1,64}$" doc:"The read model."`
	ID    string `path:"id" maxLength:"200" doc:"The row's key."`
	From  int64  `query:"from" minimum:"0" maximum:"9007199254740992" doc:"Only what blocks from this one on made of the row."`
	Limit int    `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"How many blocks that changed the row at most."`
},
) (a provenance, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	models := projections.Chain().Entities
	i := slices.IndexFunc(models, func(m projections.EntityModel) bool { return m.Table == in.Kind })
	if i < 0 {
		var kinds []string
		for _, m := range models {
			kinds = append(kinds, m.Table)
		}
		return a, at, problemError{fault(notFound, fmt.Sprintf("there is no read model %q; there are %s", in.Kind, strings.Join(kinds, ", ")))}
	}
	model, key := models[i], rowKey(models[i], in.ID)
	h, at, err := s.config.Models.RowHistory(ctx, as, model.Table, key, in.From, in.Limit)
	if err != nil {
		return a, at, err
	}
	if h.Total == 0 {
		return a, at, problemError{fault(notFound, fmt.Sprintf("%s has no row %q", in.Kind, key))}
	}
	var observed []schemas.Fact
	for _, offset := range h.Missing() {
		f, err := s.config.Facts.Fact(ctx, offset)
		if err != nil {
			return a, at, fmt.Errorf("fact at offset %d: %w", offset, err)
		}
		observed = append(observed, f)
	}
	changes, agrees := model.Provenance(key, h, observed...)
	a = provenance{Kind: in.Kind, ID: key, Steps: make([]provenanceStep, len(changes)), Versions: h.Total, Agrees: agrees}
	for i, c := range changes {
		a.Steps[i] = s.provenanceStep(model, c)
	}
	if h.More {
		a.Next = new(h.Versions[len(h.Versions)-1].From + 1)
	}
	return a, at, nil
}

// rowKey is the key that an id in a path means: accounts in any form, and a contract before a hyphen.
func rowKey(m projections.EntityModel, id string) string {
	contract, rest, ok := strings.Cut(id, "-")
	canonical := func(text string) string {
		if a, err := schemas.ParseAddress(text); err == nil && strings.HasPrefix(text, "0x") {
			return a.String()
		}
		return text
	}
	switch name := m.Columns[0].Name; {
	case ok && contract != "":
		if m.Table == projections.Stakes.Table {
			rest = canonical(rest)
		}
		return contract + "/" + rest
	case strings.HasSuffix(name, "address"):
		return canonical(id)
	}
	return id
}

func (s *Server) provenanceStep(m projections.EntityModel, c projections.RowChange) provenanceStep {
	out := provenanceStep{
		Topic: schemas.TopicChain, Offset: c.Offset, ID: c.ID, Type: c.Type, Contract: c.ContractName, Address: c.Contract.String(), Block: c.Position.Block,
		BlockHash: c.BlockHash.String(), Time: c.Time.UTC().Format(time.RFC3339), Data: c.Data, After: map[string]any{},
	}
	if !c.TxHash.IsZero() {
		out.TxHash = new(c.TxHash.String())
		if link := explorerOf(s.config.Network); link != "" {
			out.Explorer = new(link + "/tx/" + c.TxHash.String())
		}
	}
	for i, v := range m.Values(c.After) {
		switch v := v.(type) {
		case time.Time:
			out.After[m.Columns[i].Name] = v.UTC().Format(time.RFC3339)
		case int64:
			out.After[m.Columns[i].Name] = strconv.FormatInt(v, 10)
			if v > -1<<53 && v < 1<<53 {
				out.After[m.Columns[i].Name] = v
			}
		default:
			out.After[m.Columns[i].Name] = v
		}
	}
	return out
}

// explorerOf is where people look transactions of a network up; empty where nowhere is.
func explorerOf(network string) string {
	switch network {
	case schemas.Mainnet:
		return "https://starkscan.co"
	case schemas.Local:
		return ""
	}
	return "https://sepolia.starkscan.co"
}
