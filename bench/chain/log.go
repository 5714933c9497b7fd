package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	perBlock = 10 // events; a seal follows them
	perJob   = 5  // events
	workers  = 5_000
	// window is how many jobs are in each of the five steps of their life at a time. Within one they take the step in another order than the
	// step before, so that the lives of jobs differ, and last for some thousand blocks.
	window = 4_096
	fetch  = 2_000 // records at a time
)

// log is a chain topic of the lives of jobs. Every record of it follows from its offset, so that it takes no memory.
type log struct {
	events int64
	fork   bool // whether it ends in a reorganisation of 3,000 blocks
}

func (l log) blocks() int64 { return l.events / perBlock }

func (l log) end() int64 {
	end := 1 + l.blocks()*(perBlock+1)
	if l.fork {
		end++
	}
	return end
}

// Fetch implements consumers.Source.
func (l log) Fetch(ctx context.Context, _ string, _ int32, offset int64) ([]schemas.Record, int64, error) {
	end := l.end()
	if offset >= end {
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Millisecond):
		}
		return nil, end, nil
	}
	records := make([]schemas.Record, 0, fetch)
	for ; offset < end && len(records) < fetch; offset++ {
		rec, err := l.record(offset)
		if err != nil {
			return nil, 0, err
		}
		records = append(records, rec)
	}
	return records, end, nil
}

// Bounds implements consumers.Source.
func (l log) Bounds(context.Context, string, int32) (first, next int64, err error) {
	return 0, l.end(), nil
}

func blockRef(n int64) schemas.BlockRef {
	return schemas.BlockRef{Number: uint64(n), Hash: schemas.Hash(schemas.FeltFromUint64(uint64(n) + 1<<40))}
}

func blockTime(n int64) time.Time { return time.Unix(1_750_000_000+6*n, 0).UTC() }

func (l log) record(offset int64) (schemas.Record, error) {
	env := schemas.Envelope{ID: fmt.Sprint("0x", offset), Source: "bench", Term: 0}
	var value any
	block := (offset - 1) / (perBlock + 1)
	switch i := (offset - 1) % (perBlock + 1); {
	case offset == 0:
		env.Type, env.Time, value = schemas.TypeClaimed, blockTime(0), schemas.Claimed{Writer: "bench"}
	case l.fork && offset == l.end()-1:
		const deep = 3_000
		var voided []schemas.BlockRef
		for n := l.blocks() - deep; n < l.blocks(); n++ {
			voided = append(voided, blockRef(n))
		}
		env.Type, env.Time, value = schemas.TypeReorged, blockTime(block), schemas.Reorged{Common: blockRef(l.blocks() - deep - 1), Voided: voided, Previous: -1}
	case i == perBlock:
		p := schemas.SealPosition(uint64(block))
		env.Type, env.Time, env.Position = schemas.TypeSealed, blockTime(block), &p
		value = schemas.Sealed{Number: blockRef(block).Number, Hash: blockRef(block).Hash, Events: perBlock, LastReorg: -1}
	default:
		contract, name, members := event(block*perBlock + i)
		env.Type, env.Time = schemas.EventType(contract, name), blockTime(block)
		env.Position = &schemas.Position{Block: uint64(block), Tx: uint32(i / 2), Event: uint32(i % 2)}
		value = schemas.ChainEvent{
			BlockHash: blockRef(block).Hash, TxHash: schemas.Hash(schemas.FeltFromUint64(uint64(offset))), Contract: schemas.Address{31: byte(len(contract))},
			ContractName: contract, Name: name, Data: json.RawMessage(members),
			Raw: schemas.RawEvent{Keys: []schemas.Felt{schemas.Selector(name)}, Data: []schemas.Felt{schemas.FeltFromUint64(1), schemas.FeltFromUint64(2)}},
		}
	}
	data, err := json.Marshal(value)
	if err != nil {
		return schemas.Record{}, err
	}
	env.Data = data
	rec, err := env.Record(schemas.TopicChain, nil)
	rec.Offset = offset
	return rec, err
}

// event is the nth of the chain: the steps of as many windows of jobs in turns.
func event(n int64) (contract, name, members string) {
	step, slot := n%perJob, n/perJob
	job := slot - step*window
	if job < 0 { // nobody is so far yet
		return "SAGEToken", "Transfer", fmt.Sprintf(`{"from":"0x1","to":"0x2","value":"%d"}`, n)
	}
	job = job/window*window + (job%window^step*1_337)%window
	worker := fmt.Sprintf("0x%064x", 0xb0b0000+job*7_919%workers)
	switch step {
	case 0:
		return "JobManager", "JobSubmitted", fmt.Sprintf(`{"job_id":"%d","client":"0x%064x","payment":"1000000000000000000"}`, job, 0xc1+job%997)
	case 1:
		return "JobManager", "JobClaimed", fmt.Sprintf(`{"job_id":"%d","worker":"%s","claimed_at":"1"}`, job, worker)
	case 2:
		return "JobManager", "JobCompleted", fmt.Sprintf(`{"job_id":"%d","worker":"%s"}`, job, worker)
	case 3:
		return "JobManager", "PaymentReleased", fmt.Sprintf(`{"job_id":"%d","worker":"%s","amount":"900000000000000000"}`, job, worker)
	}
	return "PaymentRouter", "WorkerPaid", fmt.Sprintf(`{"job_id":"%d","worker":"%s","sage_amount":"90","privacy_enabled":false,"timestamp":"1"}`, job, worker)
}
