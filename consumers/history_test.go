package consumers_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// history is a random chain topic, and the chain that it must come to: the blocks that stand at its end, told by the
// generator and not by the reader's rule.
type history struct {
	t        *testing.T
	rnd      *rand.Rand
	log      []schemas.Record
	chain    []schemas.Step // canonical blocks with facts or a seal
	sealedTo []int          // lengths of chain at each seal, lowest first
	term     int64
	terms    []int64
	height   uint64
	unsealed int
	forks    int
	final    schemas.BlockRef // zero where nothing is
}

func newHistory(t *testing.T, seed uint64, steps int) *history {
	h := &history{t: t, rnd: rand.New(rand.NewPCG(seed, 0)), height: 100}
	h.claim()
	for range steps {
		switch n := h.rnd.IntN(100); {
		case n < 50:
			h.block(1 + h.rnd.IntN(2))
		case n < 65:
			h.chunk()
		case n < 80:
			h.reorg()
		case n < 88:
			h.claim()
		case n < 92:
			h.zombie()
		case n < 96:
			h.finalize()
		default:
			h.voidedPartial()
		}
	}
	h.block(1)
	return h
}

func (h *history) append(typ string, position *schemas.Position, term int64, at time.Time, value any) int64 {
	h.t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		h.t.Fatal(err)
	}
	offset := int64(len(h.log))
	env := schemas.Envelope{ID: fmt.Sprintf("%s@%d", typ, offset), Source: "test", Type: typ, Time: at, Term: term, Position: position, Data: data}
	rec, err := env.Record(schemas.TopicChain, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	rec.Offset = offset
	h.log = append(h.log, rec)
	return offset
}

func (h *history) at(block uint64) time.Time {
	return time.Date(2026, 1, 1, 0, 0, int(block), h.forks*1000, time.UTC)
}

// hash differs between the branches.
func (h *history) hash(block uint64) schemas.Hash {
	return schemas.Hash(schemas.FeltFromUint64(block*1_000 + uint64(h.forks)))
}

func (h *history) claim() {
	h.terms = append(h.terms, h.term)
	h.term = h.append(schemas.TypeClaimed, nil, 0, time.Unix(0, 0), schemas.Claimed{Writer: "test"})
}

// events appends n events of the block at h.height and adds them to the chain.
func (h *history) events(n int) {
	block := &schemas.Block{BlockRef: schemas.BlockRef{Number: h.height, Hash: h.hash(h.height)}, Time: h.at(h.height)}
	for i := range n {
		p := schemas.Position{Block: h.height, Tx: uint32(i / 2), Event: uint32(i % 2)}
		contract, name, members := h.anyEvent()
		value := schemas.ChainEvent{
			BlockHash: block.Hash, TxHash: h.hash(h.height*10 + uint64(p.Tx)), Contract: schemas.Address{31: byte(len(contract))},
			ContractName: contract, Name: name, Data: members, Raw: schemas.RawEvent{Keys: []schemas.Felt{schemas.Selector(name)}, Data: []schemas.Felt{}},
		}
		h.fact(block, p, schemas.EventType(contract, name), value)
	}
	if n == 0 {
		return
	}
	for i := range h.rnd.IntN(3) {
		view, args, answer := h.anyAnswer()
		value := schemas.ChainEvent{
			BlockHash: block.Hash, Contract: schemas.Address{31: byte(len(view.Contract))}, ContractName: view.Contract, Name: view.Function, Args: args, Data: answer,
			Raw: schemas.RawEvent{Keys: []schemas.Felt{schemas.Selector(view.Function)}, Data: []schemas.Felt{}},
		}
		if h.rnd.IntN(4) == 0 {
			value.Data, value.Reason = nil, schemas.ReasonNoState
		}
		h.fact(block, schemas.ObservationPosition(h.height, uint32(i)), schemas.ObservationType(view.Contract, view.Function), value)
	}
	h.chain = append(h.chain, schemas.Step{Block: block})
}

// fact appends what happened in a block, or was observed at its end, and adds it to the block.
func (h *history) fact(block *schemas.Block, p schemas.Position, typ string, value schemas.ChainEvent) {
	offset := h.append(typ, &p, h.term, block.Time, value)
	if h.rnd.IntN(10) == 0 {
		h.append(typ, &p, h.term, block.Time, value) // written twice, as a broker without idempotence may
	}
	f := schemas.Fact{ID: fmt.Sprintf("%s@%d", typ, offset), Type: typ, Position: p, Time: block.Time, Offset: offset, ChainEvent: value}
	f.Event = schemas.Undecoded{Reason: value.Reason}
	if value.Reason == "" {
		var err error
		if f.Event, err = schemas.DecodeEventData(typ, value.Data); err != nil {
			h.t.Fatal(err)
		}
	}
	block.Facts = append(block.Facts, f)
	h.unsealed++
	if h.rnd.IntN(12) == 0 {
		h.claim() // another writer takes over in the middle of a block and goes on after its last record
	}
}

// anyAnswer is what some view tells: one of few answers, so that it is often told again.
func (h *history) anyAnswer() (v schemas.View, args, answer json.RawMessage) {
	of, n := h.rnd.IntN(4), h.rnd.IntN(2)
	answers := []struct {
		view         schemas.View
		args, answer string
	}{
		{schemas.View{Contract: "JobManager", Function: "get_job_details"}, fmt.Sprintf(`{"job_id":{"value":"%d"}}`, of), fmt.Sprintf(`{"job_id":{"value":"%d"},"job_type":"t%d"}`, of, n)},
		{schemas.View{Contract: "ProverStaking", Function: "get_config"}, "", fmt.Sprintf(`{"min_stake_frontier":"%d","reward_apy_bps":%d,"unstake_lockup_secs":"7"}`, n, n)},
		{schemas.View{Contract: "GovernanceTreasury", Function: "get_config"}, "", fmt.Sprintf(`{"quorum_threshold":"%d","voting_period":"1"}`, n)},
		{schemas.View{Contract: "GovernanceTreasury", Function: "get_proposal"}, fmt.Sprintf(`{"proposal_id":"%d"}`, of), fmt.Sprintf(`{"id":"%d","value":"%d"}`, of, n)},
		{schemas.View{Contract: "OTCOrderbook", Function: "get_pair"}, fmt.Sprintf(`{"pair_id":%d}`, of), fmt.Sprintf(`{"quote_token":"0x%d","tick_size":"%d"}`, of, n)},
	}
	pick := answers[h.rnd.IntN(len(answers))]
	if pick.args != "" {
		args = json.RawMessage(pick.args)
	}
	return pick.view, args, json.RawMessage(pick.answer)
}

func (h *history) anyEvent() (contract, name string, members json.RawMessage) {
	job, worker, sum := h.rnd.IntN(8), fmt.Sprintf("0x%064x", 0xb0b+h.rnd.IntN(4)), h.rnd.IntN(1000)
	events := []struct{ contract, name, members string }{
		{"JobManager", "JobSubmitted", fmt.Sprintf(`{"job_id":"%d","client":"%s","payment":"%d"}`, job, worker, sum)},
		{"JobManager", "JobClaimed", fmt.Sprintf(`{"job_id":"%d","worker":"%s","claimed_at":"1"}`, job, worker)},
		{"JobManager", "JobCompleted", fmt.Sprintf(`{"job_id":"%d","worker":"%s"}`, job, worker)},
		{"JobManager", "PaymentReleased", fmt.Sprintf(`{"job_id":"%d","worker":"%s","amount":"%d"}`, job, worker, sum)},
		{"ProverStaking", "Staked", fmt.Sprintf(`{"worker":"%s","amount":"10","gpu_tier":"Consumer","total_stake":"%d"}`, worker, sum)},
		{"ProverStaking", "Slashed", fmt.Sprintf(`{"worker":"%s","amount":"1","reason":"Timeout","job_id":"0x1"}`, worker)},
		{"ProverStaking", "RewardsClaimed", fmt.Sprintf(`{"worker":"%s","amount":"%d"}`, worker, sum)},
		{"ProverStaking", "ConfigUpdated", fmt.Sprintf(`{"min_stake_consumer":"1000","reward_apy_bps":%d}`, sum)},
		{"PaymentRouter", "WorkerPaid", fmt.Sprintf(`{"job_id":"%d","worker":"%s","sage_amount":"%d","privacy_enabled":false,"timestamp":"1"}`, job, worker, sum)},
		{"ReputationManager", "AdminAdjusted", fmt.Sprintf(`{"worker_id":"0x%x","new_score":%d,"reason":"0x1","timestamp":"1"}`, job, sum)},
		{"ProofVerifier", "ProofRejected", fmt.Sprintf(`{"job_id":"%d","reason":"0x1"}`, job)},
		{"ProofVerifier", "ProofVerified", fmt.Sprintf(`{"job_id":"%d","worker_id":"0x7","proof_hash":"0xabc","verification_time":"1"}`, job)},
		{"OTCOrderbook", "OrderPlaced", fmt.Sprintf(
			`{"order_id":"%d","maker":"%s","pair_id":1,"side":"Buy","order_type":"Market","price":"1","amount":"%d","expires_at":"9"}`, job, worker, sum)},
		{"OTCOrderbook", "OrderFilled", fmt.Sprintf(`{"order_id":"%d","filled_amount":"1","remaining_amount":"%d","status":"PartialFill"}`, job, sum)},
		{"OTCOrderbook", "TradeExecuted", fmt.Sprintf(`{"trade_id":"1","maker_order_id":"%d","taker_order_id":"2","maker":"0x1","taker":"%s",`+
			`"price":"1","amount":"%d","quote_amount":"1","maker_fee":"0","taker_fee":"0"}`, job, worker, sum)},
		{"GovernanceTreasury", "VoteCast", fmt.Sprintf(`{"proposal_id":"%d","voter":"%s","support":true,"voting_power":"%d"}`, job, worker, sum)},
		{"FraudProof", "VoteCast", fmt.Sprintf(`{"challenge_id":"%d","voter":"%s","supports_challenger":true,"voting_power":"%d"}`, job, worker, sum)},
		{"ValidatorRegistry", "ValidatorSetUpdated", fmt.Sprintf(`{"epoch":"%d","count":"0","total_weight":"%d"}`, job, sum)},
	}
	pick := events[h.rnd.IntN(len(events))]
	return pick.contract, pick.name, json.RawMessage(pick.members)
}

// seal ends what was written since the last seal at h.height.
func (h *history) seal() {
	ref := schemas.BlockRef{Number: h.height, Hash: h.hash(h.height)}
	p := schemas.SealPosition(h.height)
	h.append(schemas.TypeSealed, &p, h.term, h.at(h.height), schemas.Sealed{Number: ref.Number, Hash: ref.Hash, Events: h.unsealed, LastReorg: -1})
	h.unsealed = 0
	if n := len(h.chain); n == 0 || h.chain[n-1].Block.Number != ref.Number {
		h.chain = append(h.chain, schemas.Step{Block: &schemas.Block{BlockRef: ref, Time: h.at(h.height)}})
	}
	h.chain[len(h.chain)-1].Block.Sealed = true
	h.sealedTo = append(h.sealedTo, len(h.chain))
}

func (h *history) block(n int) {
	for range n {
		h.height++
		h.events(h.rnd.IntN(6))
		h.seal()
	}
}

// chunk is several blocks under one seal, as backfilling writes them.
func (h *history) chunk() {
	for range 1 + h.rnd.IntN(4) {
		h.height += 1 + uint64(h.rnd.IntN(3))
		h.events(h.rnd.IntN(4))
	}
	h.height++
	h.seal()
}

// reorg takes the chain back to some sealed block.
func (h *history) reorg() {
	if len(h.sealedTo) == 0 {
		return
	}
	keep := h.rnd.IntN(len(h.sealedTo))
	if h.rnd.IntN(3) > 0 {
		keep = max(0, len(h.sealedTo)-1-h.rnd.IntN(3))
	}
	h.revertTo(keep)
}

func (h *history) revertTo(keep int) {
	common := h.chain[h.sealedTo[keep]-1].Block.BlockRef
	var voided []schemas.BlockRef
	for _, s := range h.chain[h.sealedTo[keep]:] {
		voided = append(voided, s.Block.BlockRef)
	}
	h.append(schemas.TypeReorged, nil, h.term, h.at(h.height), schemas.Reorged{Common: common, Voided: voided, Previous: -1})
	h.chain = slices.Clip(h.chain[:h.sealedTo[keep]])
	h.sealedTo = h.sealedTo[:keep+1]
	h.height, h.unsealed = common.Number, 0
	if h.final.Number > common.Number {
		h.final = common
	}
	h.forks++
}

// finality is that of a block that stands.
func (h *history) finality(block uint64) schemas.Finality {
	if h.final.Hash.IsZero() || block > h.final.Number {
		return schemas.AcceptedOnL2
	}
	return schemas.AcceptedOnL1
}

// finalize says that some sealed block is accepted on L1, and sometimes what a writer that lost its claim thinks is.
func (h *history) finalize() {
	if len(h.sealedTo) == 0 {
		return
	}
	block := h.chain[h.sealedTo[h.rnd.IntN(len(h.sealedTo))]-1].Block.BlockRef
	if stale := h.terms[h.rnd.IntN(len(h.terms))]; stale != h.term && h.rnd.IntN(3) == 0 {
		h.append(schemas.TypeFinalized, nil, stale, h.at(h.height), schemas.Finalized{BlockRef: block})
		return
	}
	h.append(schemas.TypeFinalized, nil, h.term, h.at(h.height), schemas.Finalized{BlockRef: block})
	if h.final.Hash.IsZero() || block.Number > h.final.Number {
		h.final = block
	}
}

// zombie is a writer that lost its claim and does not know: whatever it writes must not count.
func (h *history) zombie() {
	stale := h.terms[h.rnd.IntN(len(h.terms))]
	if stale == h.term {
		return
	}
	p := schemas.Position{Block: h.height + 5}
	h.append("bitsage.jobs.JobManager.JobSubmitted", &p, stale, h.at(h.height), schemas.ChainEvent{
		ContractName: "JobManager", Name: "JobSubmitted", Data: json.RawMessage(`{"job_id":"666","client":"0x1","payment":"1"}`),
	})
	seal := schemas.SealPosition(h.height + 5)
	h.append(schemas.TypeSealed, &seal, stale, h.at(h.height), schemas.Sealed{Number: h.height + 5, Events: 1, LastReorg: -1})
}

// voidedPartial is a block that was only partly written when it left the chain.
func (h *history) voidedPartial() {
	if len(h.sealedTo) == 0 {
		return
	}
	h.height++
	h.events(1 + h.rnd.IntN(3))
	h.revertTo(len(h.sealedTo) - 1)
}
