package consumers

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// abiWindow is how many records one look for the newest ABI reads. The newest seal tells where it is, and seals are not far apart.
const abiWindow = 4096

// ReadABIs returns the ABIs of classes that the chain topic holds, with which what its writers could not decode may be decoded.
func ReadABIs(ctx context.Context, source Source) (*schemas.ABIs, error) {
	abis := schemas.NewABIs()
	last, err := newestABI(ctx, source)
	for err == nil && last > 0 {
		var abi schemas.ClassABI
		if abi, err = readABI(ctx, source, last); err == nil {
			abis.Add(abi)
			last = abi.Previous
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the recorded ABIs: %w", err)
	}
	return abis, nil
}

// newestABI returns the offset of the newest ABI, 0 where there is none. No rule is needed to read it: whoever wrote it, a class has one ABI.
func newestABI(ctx context.Context, source Source) (int64, error) {
	first, below, err := source.Bounds(ctx, schemas.TopicChain, 0)
	if err != nil {
		return 0, err
	}
	for below > first {
		from, newest := max(first, below-abiWindow), int64(-1)
		err := each(ctx, source, from, below, func(rec schemas.Record) error {
			env, err := schemas.ParseEnvelope(rec)
			if err != nil {
				return err
			}
			switch env.Type {
			case schemas.TypeClassABI:
				newest = rec.Offset
			case schemas.TypeSealed:
				var seal schemas.Sealed
				if err := json.Unmarshal(env.Data, &seal); err != nil {
					return err
				}
				newest = max(newest, seal.LastABI)
			}
			return nil
		})
		if err != nil || newest >= 0 {
			return max(newest, 0), err
		}
		below = from
	}
	return 0, nil
}

func readABI(ctx context.Context, source Source, offset int64) (abi schemas.ClassABI, err error) {
	err = each(ctx, source, offset, offset+1, func(rec schemas.Record) error {
		env, err := schemas.ParseEnvelope(rec)
		if err == nil && env.Type == schemas.TypeClassABI {
			err = json.Unmarshal(env.Data, &abi)
		}
		if err == nil && (env.Type != schemas.TypeClassABI || abi.Previous >= offset) {
			err = fmt.Errorf("offset %d should hold the ABI of a class, and holds %s %s", offset, env.Type, env.ID)
		}
		return err
	})
	return abi, err
}

// each hands the records of the chain topic from an offset to below another to take.
func each(ctx context.Context, source Source, from, below int64, take func(schemas.Record) error) error {
	for from < below {
		records, _, err := source.Fetch(ctx, schemas.TopicChain, 0, from)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		for _, rec := range records[:min(int64(len(records)), below-from)] {
			if err := take(rec); err != nil {
				return err
			}
			from = rec.Offset + 1
		}
	}
	return nil
}

// Redecoding is what decoding the log's events again would change.
type Redecoding struct {
	Classes int // whose ABIs the log holds
	Changes []Redecoded
	Raw     int // standing events that stay undecoded
}

// Redecoded counts events of a contract that would become others.
type Redecoded struct {
	Contract string
	From, To string // event types; the reason where it is not decoded
	Events   int
}

// Redecode reads the log and tells what a rebuild would make of those events that were not decoded by the ABI of their class. It changes nothing.
func Redecode(ctx context.Context, source Source, tell func(next, end int64)) (r Redecoding, err error) {
	abis, err := ReadABIs(ctx, source)
	if err != nil {
		return r, err
	}
	r.Classes = abis.Len()
	_, end, err := source.Bounds(ctx, schemas.TopicChain, 0)
	if err != nil {
		return r, err
	}
	type change struct {
		block              uint64
		changed, undecoded bool
		Redecoded
	}
	var changes []change // of events that stand, and those that stay undecoded
	reader := schemas.NewChainReader(schemas.StartOfChain())
	err = each(ctx, source, 0, end, func(rec schemas.Record) error {
		steps, err := reader.Read(rec)
		if err != nil {
			return err
		}
		tell(rec.Offset+1, end)
		for _, s := range steps {
			if s.Reorg != nil {
				changes = slices.DeleteFunc(changes, func(c change) bool { return c.block > s.Reorg.Common.Number })
			}
			if s.Block == nil {
				continue
			}
			for _, f := range s.Block.Facts {
				before := outcome(f)
				changed, err := abis.Again(&f)
				if err != nil {
					return err
				}
				if changed || f.Type == schemas.TypeUndecoded {
					changes = append(changes, change{f.Position.Block, changed, f.Type == schemas.TypeUndecoded, Redecoded{Contract: f.ContractName, From: before, To: outcome(f), Events: 1}})
				}
			}
		}
		return nil
	})
	counted := map[Redecoded]int{}
	for _, c := range changes {
		if c.changed {
			counted[c.Redecoded]++
		}
		if c.undecoded {
			r.Raw++
		}
	}
	for c, n := range counted {
		c.Events = n
		r.Changes = append(r.Changes, c)
	}
	slices.SortFunc(r.Changes, func(a, b Redecoded) int {
		return cmp.Or(cmp.Compare(a.Contract, b.Contract), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return r, err
}

func outcome(f schemas.Fact) string {
	if f.Reason != "" {
		return f.Reason
	}
	return f.Type
}
