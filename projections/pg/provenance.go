package pg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ErrNoModel says that a table is no read model with versions.
var ErrNoModel = errors.New("there is no read model of that name")

// RowHistory returns the versions of a row, the oldest first, and the events of their blocks: up to limit versions from that of block
// From on. Total is 0 where there is no such row.
func (q *Questions) RowHistory(ctx context.Context, as projections.AsOf, table, key string, from int64, limit int) (projections.RowHistory, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (h projections.RowHistory, err error) {
		e, ok := q.entities[table]
		if !ok {
			return h, fmt.Errorf("%s: %w", table, ErrNoModel)
		}
		column := e.model.Columns[0]
		cast := ""
		if t := sqlTypes[column.Type].table; t != "" {
			cast = "::" + t
		}
		lives := fmt.Sprintf(`(select %[1]s from %[2]s r where %[3]s = $1::text%[4]s and valid_from <= $2
union all select %[1]s from %[2]s_versions r where %[3]s = $1::text%[4]s and valid_from <= $2) r`, e.names("r"), table, column.Name, cast)
		if err := tx.QueryRow(ctx, "select count(*) from "+lives, key, tx.at.Block).Scan(&h.Total); err != nil {
			return h, fmt.Errorf("count versions: %w", err)
		}
		if h.Total == 0 {
			return h, nil
		}
		before, err := tx.versions(ctx, e, lives+" where valid_from < $3 order by valid_from desc limit 1", key, tx.at.Block, from)
		if err != nil {
			return h, fmt.Errorf("version before block %d: %w", from, err)
		}
		if len(before) > 0 {
			h.Before = before[0].State
		}
		if h.Versions, err = tx.versions(ctx, e, lives+fmt.Sprintf(" where valid_from >= $3 order by valid_from limit %d", limit+1), key, tx.at.Block, from); err != nil {
			return h, fmt.Errorf("versions from block %d: %w", from, err)
		}
		if h.More = len(h.Versions) > limit; h.More {
			h.Versions = h.Versions[:limit]
		}
		blocks := make([]int64, len(h.Versions))
		for i, v := range h.Versions {
			blocks[i] = v.From
		}
		h.Events, err = tx.events(ctx, blocks, func(f schemas.Fact) bool { return slices.Contains(e.model.Keys(f), key) })
		return h, err
	})
}

// versions reads rows of an entity with their places.
func (s snapshot) versions(ctx context.Context, e entitySQL, from string, args ...any) ([]projections.Version, error) {
	rows, err := s.Query(ctx, "select "+strings.Join(selected(e.columns), ", ")+" from "+from, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []projections.Version
	for rows.Next() {
		_, v, err := e.version(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// events reads the events of some blocks back into facts.
func (s snapshot) events(ctx context.Context, blocks []int64, some func(schemas.Fact) bool) (facts []schemas.Fact, err error) {
	found, err := collect[projections.BlockchainEvent](ctx, s, "from blockchain_events where block_number = any($1::int8[]) order by log_offset", blocks)
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	for _, e := range found {
		f, err := factOf(e)
		if err != nil {
			return nil, fmt.Errorf("event %s: %w", e.ID, err)
		}
		if some(f) {
			facts = append(facts, f)
		}
	}
	return facts, nil
}

func factOf(e projections.BlockchainEvent) (f schemas.Fact, err error) {
	f = schemas.Fact{
		ID: e.ID, Type: e.Type, Time: e.Time, Offset: e.Offset,
		Position: schemas.Position{Block: uint64(e.Block), Tx: uint32(e.Tx), Event: uint32(e.Event)},
		ChainEvent: schemas.ChainEvent{
			BlockHash: e.BlockHash, TxHash: e.TxHash, Contract: e.Contract, ContractName: e.ContractName, Name: e.Name, Data: e.Data,
		},
	}
	if err := json.Unmarshal(e.Raw, &f.Raw); err != nil {
		return f, err
	}
	if e.Reason.Known {
		f.Reason = e.Reason.Value
		f.Event = schemas.Undecoded{Reason: e.Reason.Value}
		return f, nil
	}
	f.Event, err = schemas.DecodeEventData(e.Type, e.Data)
	return f, err
}
