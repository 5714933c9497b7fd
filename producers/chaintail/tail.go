package chaintail

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// tail is what a claim finds: a reader that stands at the end of the log.
type tail struct {
	reader *schemas.ChainReader
	source string // of the newest seal; empty where the log has none
	// mark is the offset after the newest seal or reorganisation that stands, and markTerm its term: where reading further back
	// begins.
	mark     int64
	markTerm int64
}

// readTail reads back from a claim until it knows where the log stands: to the newest seal, and on to the claim of that seal's
// term, so that no higher claim can lie in between.
func readTail(ctx context.Context, log Log, claim int64) (tail, error) {
	for n := window; ; n *= 4 {
		records, err := log.ReadBack(ctx, schemas.TopicChain, 0, claim+1, n)
		if err != nil {
			return tail{}, err
		}
		if len(records) == 0 {
			return tail{}, fmt.Errorf("the claim at offset %d cannot be read back", claim)
		}
		found, ok, err := tailOf(records)
		if err != nil || ok {
			return found, err
		}
		if len(records) < n {
			return tail{}, fmt.Errorf("the chain topic begins at offset %d, without a seal whose claim it still has: retention has removed what the tail needs", records[0].Offset)
		}
	}
}

// tailOf is the pure part of readTail: ok is false where the records do not reach back far enough.
func tailOf(records []schemas.Record) (found tail, ok bool, err error) {
	envelopes := make([]schemas.Envelope, len(records))
	for i, r := range records {
		if envelopes[i], err = schemas.ParseEnvelope(r); err != nil {
			return tail{}, false, err
		}
		if envelopes[i].Type == schemas.TypeSealed {
			found.source = envelopes[i].Source
		}
	}
	start, state := 0, schemas.StartOfChain()
	if records[0].Offset > 0 {
		if start, state, ok, err = newestSeal(records, envelopes); err != nil || !ok {
			return tail{}, false, err
		}
		found.mark, found.markTerm = state.Next, state.Term
	}
	found.reader = schemas.NewChainReader(state)
	for i, r := range records[start:] {
		steps, err := found.reader.Read(r)
		if err != nil {
			return tail{}, false, err
		}
		for _, s := range steps {
			if s.Reorg != nil || s.Block.Sealed {
				found.mark, found.markTerm = r.Offset+1, envelopes[start+i].Term
			}
		}
	}
	return found, true, nil
}

// newestSeal returns the state after the newest seal that stands by its term, and the index of the record after it.
func newestSeal(records []schemas.Record, envelopes []schemas.Envelope) (next int, state schemas.ChainState, ok bool, err error) {
	first := records[0].Offset
	for i := len(records) - 1; i >= 0; i-- {
		env := envelopes[i]
		if env.Type != schemas.TypeSealed {
			continue
		}
		if env.Term < first {
			return 0, state, false, nil
		}
		if claimedBetween(envelopes, env.Term-first+1, int64(i)) {
			continue // written by a writer that had lost its claim
		}
		var v schemas.Sealed
		if err := json.Unmarshal(env.Data, &v); err != nil {
			return 0, state, false, err
		}
		return i + 1, schemas.ChainState{
			Next: records[i].Offset + 1, Fingerprint: env.ID, Term: env.Term, Begun: true, Position: schemas.SealPosition(v.Number),
			LastReorg: v.LastReorg, Sealed: schemas.BlockRef{Number: v.Number, Hash: v.Hash}, Parent: v.Parent, SealedAt: env.Time,
		}, true, nil
	}
	return 0, state, false, nil
}

func claimedBetween(envelopes []schemas.Envelope, from, to int64) bool {
	for _, e := range envelopes[from:to] {
		if e.Type == schemas.TypeClaimed {
			return true
		}
	}
	return false
}

// readReorgs follows the links from the newest reorganisation to the first.
func readReorgs(ctx context.Context, log Log, last int64) ([]schemas.Reorged, error) {
	var all []schemas.Reorged
	for last >= 0 {
		records, err := log.ReadBack(ctx, schemas.TopicChain, 0, last+1, 1)
		if err != nil {
			return nil, err
		}
		var v schemas.Reorged
		if len(records) == 1 {
			env, err := schemas.ParseEnvelope(records[0])
			if err != nil {
				return nil, err
			}
			if env.Type == schemas.TypeReorged {
				if err := json.Unmarshal(env.Data, &v); err != nil {
					return nil, err
				}
				all = append(all, v)
				last = v.Previous
				continue
			}
		}
		return nil, fmt.Errorf("offset %d of the chain topic should hold a reorganisation and does not", last)
	}
	return all, nil
}
