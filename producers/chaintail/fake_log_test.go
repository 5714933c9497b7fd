package chaintail

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// atEnd tells whether the log holds the whole chain.
func (w *world) atEnd() bool {
	head := w.chain[len(w.chain)-1]
	sealed := slices.ContainsFunc(w.records, func(r schemas.Record) bool {
		return strings.HasPrefix(idOf(r), "seal/"+head.hash.String())
	})
	if !sealed {
		return false
	}
	reader := schemas.NewChainReader(schemas.StartOfChain())
	for _, rec := range w.records {
		if _, err := reader.Read(rec); err != nil {
			return true // nothing will mend it; the check tells
		}
	}
	return reader.State().Sealed == head.ref() && (!w.tellsFinality() || reader.State().Final == w.final())
}

// tellsFinality tells whether the node knows the tag of what is accepted on L1, for a tailer that believes its spec.
func (w *world) tellsFinality() bool { return w.looksAtL1 > 0 && !strings.HasPrefix(w.spec, "0.8.") }

// final is the newest block that is accepted on L1 and sealed in the log.
func (w *world) final() (ref schemas.BlockRef) {
	reader := schemas.NewChainReader(schemas.StartOfChain())
	var sealed []schemas.BlockRef
	for _, rec := range w.records {
		steps, _ := reader.Read(rec) // the check tells of what cannot be read
		for _, s := range steps {
			if s.Reorg != nil {
				sealed = slices.DeleteFunc(sealed, func(b schemas.BlockRef) bool { return b.Number > s.Reorg.Common.Number })
			} else if s.Block != nil && s.Block.Sealed {
				sealed = append(sealed, s.Block.BlockRef)
			}
		}
	}
	for _, b := range sealed {
		if int(b.Number) < len(w.chain)-w.l1Depth {
			ref = b
		}
	}
	return ref
}

func (w *world) put(records []schemas.Record) int64 {
	base := int64(len(w.records))
	for i, r := range records {
		r.Offset = base + int64(i)
		w.records = append(w.records, r)
	}
	return base
}

// land appends a batch that was given up, sometimes not for the last time.
func (w *world) land() {
	if len(w.lost) == 0 {
		return
	}
	i := w.rnd.IntN(len(w.lost))
	w.put(w.lost[i])
	if w.rnd.IntN(2) == 0 {
		w.lost = slices.Delete(w.lost, i, i+1)
	}
}

// zombie is a record of a term that is over, or of none.
func (w *world) zombie() schemas.Record {
	var claims []int64
	for _, r := range w.records {
		if env, err := schemas.ParseEnvelope(r); err == nil && env.Type == schemas.TypeClaimed {
			claims = append(claims, r.Offset)
		}
	}
	if len(claims) < 2 {
		return w.claim() // a process that claimed and died
	}
	block := uint64(w.rnd.IntN(len(w.chain)))
	position := schemas.SealPosition(block)
	env := schemas.Envelope{
		ID: fmt.Sprint("zombie/", len(w.records)), Source: "starknet:SN_BITSAGE_LOCAL", Type: schemas.TypeSealed, Time: time.Unix(1, 0),
		Term: claims[w.rnd.IntN(len(claims)-1)], Position: &position,
	}
	var value any = schemas.Sealed{Number: block, Hash: schemas.Hash{31: 0xee}, Events: w.rnd.IntN(3), LastReorg: -1}
	if w.rnd.IntN(4) == 0 {
		env.Type, env.Position = schemas.TypeFinalized, nil
		value = schemas.Finalized{BlockRef: schemas.BlockRef{Number: block, Hash: w.chain[block].hash}}
	} else if w.rnd.IntN(3) == 0 {
		env.Type, env.Position = schemas.TypeReorged, nil
		value = schemas.Reorged{Common: schemas.BlockRef{Number: block, Hash: schemas.Hash{31: 0xee}}, Previous: -1}
	}
	return recordOf(env, value)
}

func (w *world) claim() schemas.Record {
	return recordOf(schemas.Envelope{
		ID: fmt.Sprint("rival/", len(w.records)), Source: "starknet:SN_BITSAGE_LOCAL", Type: schemas.TypeClaimed, Time: time.Unix(1, 0),
	}, schemas.Claimed{Writer: "rival"})
}

func recordOf(env schemas.Envelope, value any) schemas.Record {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	env.Data = data
	rec, err := env.Record(schemas.TopicChain, nil)
	if err != nil {
		panic(err)
	}
	return rec
}

func (p *process) Claim(_ context.Context, claim schemas.Record) (int64, error) {
	if err := p.step(); err != nil {
		return 0, err
	}
	if p.chance(20) {
		return 0, errAppend
	}
	if p.chance(3) {
		p.land() // what was on its way may arrive as long as the claim has not
	}
	p.world.epoch++
	p.epoch = p.world.epoch
	return p.put([]schemas.Record{claim}), nil
}

func (p *process) Append(_ context.Context, records []schemas.Record) (int64, error) {
	if err := p.step(); err != nil {
		return 0, err
	}
	if p.killAfter > 0 {
		if p.killAfter--; p.killAfter == 0 {
			p.dead = true
			p.kill()
		}
	}
	switch {
	case p.epoch != p.world.epoch && !p.chance(8): // now and then the broker has forgotten
		return 0, errFenced
	case p.chance(25): // killed while the batch is on its way
		p.dead = true
		p.kill()
		if p.chance(2) {
			p.put(records)
		} else {
			p.lost = append(p.lost, slices.Clone(records))
		}
		return 0, errKilled
	case p.chance(30):
		p.lost = append(p.lost, slices.Clone(records))
		return 0, errAppend
	case p.chance(30):
		p.put(records)
		return 0, errAppend
	}
	base := p.put(records)
	if p.chance(40) {
		p.put(records) // a broker that does not drop what it was sent again
	}
	return base, nil
}

func (p *process) Bounds(context.Context, string, int32) (first, next int64, err error) {
	return 0, int64(len(p.records)), p.step()
}

func (p *process) ReadBack(_ context.Context, _ string, _ int32, before int64, n int) ([]schemas.Record, error) {
	if err := p.step(); err != nil {
		return nil, err
	}
	if p.chance(40) {
		return nil, errAppend
	}
	return slices.Clone(p.records[max(0, before-int64(n)):before]), nil
}
