package chaintail

import (
	"slices"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// fakeBlock is a block of the fake chain.
type fakeBlock struct {
	number       uint64
	hash, parent schemas.Hash
	txs          []schemas.Hash
	emitted      [][]starknet.Event // by transaction
	class        uint64             // of the first contract, at the block's end: upgrades count it up
}

// classOf is a class of the first contract by its number: every other one gives JobCompleted a rating.
func classOf(number uint64) schemas.Hash {
	return schemas.Hash(schemas.FeltFromUint64(0xc1a55000 + number))
}

// upgrade is the event of the first contract's upgrade.
var upgrade = []schemas.Felt{schemas.Selector("UpgradeExecuted"), {31: 9}}

// emitter is the class that the first contract had when it emitted an event of the block.
func (b fakeBlock) emitter(tx, index uint32) uint64 {
	class := b.class
	for t := len(b.emitted) - 1; t >= int(tx); t-- {
		for i, e := range b.emitted[t] {
			if (t > int(tx) || i >= int(index)) && isUpgrade(e) {
				class--
			}
		}
	}
	return class
}

func (b fakeBlock) ref() schemas.BlockRef { return schemas.BlockRef{Number: b.number, Hash: b.hash} }

func (b fakeBlock) time() time.Time { return time.Unix(int64(1_700_000_000+b.number), 0).UTC() }

func (b fakeBlock) header() starknet.Header {
	return starknet.Header{Hash: b.hash, Number: b.number, Parent: b.parent, Timestamp: b.time().Unix(), TxHashes: b.txs}
}

func (b fakeBlock) events() []starknet.Event { return slices.Concat(b.emitted...) }

var followed = []schemas.Contract{
	{Name: "JobManager", Address: schemas.Address{31: 1}},
	{Name: "ProverStaking", Address: schemas.Address{31: 2}},
	{Name: "ProverStaking", Address: schemas.Address{31: 3}},
	{Name: "OTCOrderbook", Address: schemas.Address{31: 4}},
}

func (w *world) extend(count int) {
	for range count {
		w.salt++
		b := fakeBlock{number: uint64(len(w.chain)), hash: schemas.Hash(schemas.FeltFromUint64(0xb10c00000000 + w.salt))}
		if len(w.chain) > 0 {
			b.parent, b.class = w.chain[len(w.chain)-1].hash, w.chain[len(w.chain)-1].class
		}
		for tx := range w.rnd.IntN(4) {
			hash := schemas.Hash(schemas.FeltFromUint64(b.number*100 + uint64(tx) + 1)) // the same transactions come back on other branches
			b.txs = append(b.txs, hash)
			var events []starknet.Event
			for i := range w.rnd.IntN(4) {
				e := w.event(b, hash, uint32(tx), uint32(i))
				if isUpgrade(e) {
					b.class++
				}
				events = append(events, e)
			}
			b.emitted = append(b.emitted, events)
		}
		w.chain, w.numbers[b.hash] = append(w.chain, b), b.number
	}
}

func (w *world) event(b fakeBlock, tx schemas.Hash, txIndex, index uint32) starknet.Event {
	number, hash := b.number, b.hash
	e := starknet.Event{TxHash: tx, BlockNumber: &number, BlockHash: &hash, TxIndex: &txIndex, EventIndex: &index}
	worker := schemas.Felt{31: byte(w.rnd.IntN(5))}
	switch w.rnd.IntN(10) {
	case 0, 1:
		e.From = followed[0].Address
		if e.Keys = []schemas.Felt{schemas.Selector("JobCompleted"), {31: 7}, {}, worker}; b.class%2 == 1 {
			e.Data = []schemas.Felt{{31: 5}}
		}
		if w.upgrades && len(w.chain) > 0 && b.class == w.chain[len(w.chain)-1].class && w.rnd.IntN(6) == 0 {
			e.Keys, e.Data = upgrade, []schemas.Felt{{31: 1}, worker}
		}
	case 2, 3:
		e.From = followed[1].Address
		e.Keys, e.Data = []schemas.Felt{schemas.Selector("SuccessRecorded"), worker}, []schemas.Felt{{31: 1}}
	case 4:
		e.From = followed[2].Address // the same as the one before, of another address
		e.Keys, e.Data = []schemas.Felt{schemas.Selector("SuccessRecorded"), worker}, []schemas.Felt{{31: 1}}
	case 5:
		e.From = followed[1].Address
		e.Keys = []schemas.Felt{schemas.Selector("NoSuchEvent"), worker} // is written raw
	case 6:
		e.From = followed[0].Address // raises the question of its type
		e.Keys, e.Data = []schemas.Felt{schemas.Selector("JobSubmitted"), worker, {}, worker}, []schemas.Felt{{31: 1}, {}}
	case 7:
		e.From = followed[1].Address
		e.Keys, e.Data = []schemas.Felt{schemas.Selector("ConfigUpdated")}, []schemas.Felt{{31: 1}, {}, {31: 5}}
	default:
		e.From = schemas.Address{31: 99} // a contract that is not ours
		e.Keys = []schemas.Felt{schemas.Selector("Transfer"), worker}
	}
	if !w.deployed(e.From, number) {
		e.From = schemas.Address{31: 99}
	}
	return e
}

func isUpgrade(e starknet.Event) bool {
	return e.From == followed[0].Address && slices.Equal(e.Keys, upgrade)
}

// deployed tells whether a contract is there at a block.
func (w *world) deployed(contract schemas.Address, block uint64) bool {
	i := slices.IndexFunc(followed, func(c schemas.Contract) bool { return c.Address == contract })
	return i < 0 || w.since[i] <= block
}

// change does something to the chain.
func (w *world) change() {
	w.lag = 0
	switch w.rnd.IntN(10) {
	case 0:
		w.lag = w.rnd.IntN(6)
	case 1, 2: // a fork, a few blocks deep or any depth
		depth := 1 + w.rnd.IntN(12)
		if w.rnd.IntN(4) == 0 {
			depth = w.rnd.IntN(len(w.chain))
		}
		w.leave(len(w.chain) - depth)
		w.extend(w.rnd.IntN(6))
	case 3, 4: // back to an old branch, whose blocks are the same as before
		if len(w.old) > 0 {
			w.leave(len(w.chain))
			w.chain = slices.Clone(w.old[w.rnd.IntN(len(w.old))])
			w.extend(w.rnd.IntN(3))
		}
	case 5:
		w.extend(20 + w.rnd.IntN(60))
	default:
		w.extend(1 + w.rnd.IntN(3))
	}
}

// leave cuts the chain and remembers the branch. The first block of the log stays: it binds the log to its chain.
func (w *world) leave(keep int) {
	keep = max(int(w.start)+1, keep)
	w.old = append(w.old, slices.Clone(w.chain))
	if keep < len(w.chain) {
		w.chain = slices.Clip(w.chain[:keep])
	}
}

// idOf is the id of a record; the second header has it.
func idOf(r schemas.Record) string { return string(r.Headers[1].Value) }

// settle makes the chain longer than any branch was: one that is shorter is not told from a node that lags.
func (w *world) settle() {
	if w.settled {
		return
	}
	w.settled, w.lag = true, 0
	longest := len(w.chain)
	for _, branch := range w.old {
		longest = max(longest, len(branch))
	}
	w.extend(longest - len(w.chain) + 1)
}
