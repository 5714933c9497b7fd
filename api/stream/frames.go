package stream

import (
	"encoding/json"
	"strings"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// frame is one message as it goes out, with what filters look at.
type frame struct {
	kind      string // PascalCase, as published clients switch on it
	text      []byte
	addresses []schemas.Address
	pair      string // id of the trading pair, where known
	proposal  string // id of the proposal, where there is one
}

// envelope is the shape of every frame.
type envelope struct {
	Type string `json:"type"`
	Data any    `json:"data"`
}

func newFrame(kind string, data any) frame {
	text, err := json.Marshal(envelope{kind, data})
	if err != nil {
		panic("stream: a frame that JSON cannot hold: " + err.Error()) // frames are made of strings and numbers
	}
	return frame{kind: kind, text: text}
}

// place is what every chain frame carries: where the fact is on the chain and in the log.
type place struct {
	TxHash    schemas.Hash `json:"tx_hash"`
	Block     uint64       `json:"block_number"`
	Timestamp int64        `json:"timestamp"` // of the block
	Offset    int64        `json:"offset"`    // in the chain topic
}

type jobUpdate struct {
	JobID      string           `json:"job_id"`
	Status     string           `json:"status"`
	Progress   *float64         `json:"progress"`
	WorkerID   *schemas.Address `json:"worker_id"`
	ResultHash *string          `json:"result_hash"`
	Error      *string          `json:"error"`
	place
}

type proofVerified struct {
	JobID     string          `json:"job_id"`
	ProofHash schemas.Felt    `json:"proof_hash"`
	Verifier  schemas.Address `json:"verifier"`
	IsValid   bool            `json:"is_valid"`
	GasUsed   int64           `json:"gas_used"` // the event does not say it
	place
}

type stakingEvent struct {
	Worker    schemas.Address `json:"worker_address"`
	EventType string          `json:"event_type"`
	Amount    schemas.Amount  `json:"amount"`
	Tier      *string         `json:"gpu_tier"`
	place
}

type orderPlaced struct {
	OrderID string          `json:"order_id"`
	Maker   schemas.Address `json:"maker_address"`
	PairID  uint8           `json:"pair_id"`
	Side    string          `json:"side"`
	Price   schemas.Amount  `json:"price"`
	Amount  schemas.Amount  `json:"amount"`
	place
}

type orderUpdated struct {
	OrderID   string          `json:"order_id"`
	Status    string          `json:"status"`
	Filled    *schemas.Amount `json:"filled_amount"`
	Remaining *schemas.Amount `json:"remaining_amount"`
	place
}

type tradeExecuted struct {
	TradeID string          `json:"trade_id"`
	PairID  *uint8          `json:"pair_id"` // the event does not say it; known where the taker's order was seen
	Maker   schemas.Address `json:"maker_address"`
	Taker   schemas.Address `json:"taker_address"`
	Price   schemas.Amount  `json:"price"`
	Amount  schemas.Amount  `json:"amount"`
	Side    *string         `json:"side"` // the taker's
	place
}

type proposalCreated struct {
	ProposalID string          `json:"proposal_id"`
	Proposer   schemas.Address `json:"proposer_address"`
	Type       string          `json:"proposal_type"`
	Title      *string         `json:"title"`
	place
}

type voteCast struct {
	ProposalID string          `json:"proposal_id"`
	Voter      schemas.Address `json:"voter_address"`
	Support    int             `json:"support"` // 0 against, 1 for
	Power      schemas.Amount  `json:"voting_power"`
	place
}

type faucetClaim struct {
	Claimer schemas.Address `json:"claimer_address"`
	Amount  schemas.Amount  `json:"amount"`
	place
}

type indexedEvent struct {
	Contract string          `json:"contract_name"`
	Event    string          `json:"event_name"`
	Data     json.RawMessage `json:"event_data"`
	place
}

// preConfirmedBlock is what may come to be. Each replaces the one before.
type preConfirmedBlock struct {
	PreConfirmed bool                `json:"pre_confirmed"` // true: nothing of it is on the chain
	Block        uint64              `json:"block_number"`
	Timestamp    int64               `json:"timestamp"` // of the block
	Transactions int                 `json:"transactions"`
	Events       []preConfirmedEvent `json:"events"`
	Omitted      int                 `json:"omitted"` // events, where they are too many to be told
}

type preConfirmedEvent struct {
	Contract string          `json:"contract_name"`
	Event    string          `json:"event_name"`
	Data     json.RawMessage `json:"event_data"`
	TxHash   schemas.Hash    `json:"tx_hash"`
	Tx       uint32          `json:"transaction_index"`
	Index    uint32          `json:"event_index"`
}

// preConfirmed returns the frame of a block in the making. What could not be decoded is left out, as it is of the chain.
func preConfirmed(b schemas.PreConfirmed, timestamp int64) frame {
	out := preConfirmedBlock{
		PreConfirmed: true, Block: b.Number, Timestamp: timestamp, Transactions: b.Transactions, Events: []preConfirmedEvent{}, Omitted: b.Omitted,
	}
	for _, e := range b.Events {
		if e.Reason == "" {
			out.Events = append(out.Events, preConfirmedEvent{e.ContractName, e.Name, e.Data, e.TxHash, e.Tx, e.Event})
		}
	}
	return newFrame(kindPreConfirmed, out)
}

// kindPreConfirmed is the kind of the frames that replace each other.
const kindPreConfirmed = "PreConfirmed"

type workerUpdate struct {
	WorkerID       schemas.Address `json:"worker_id"`
	Status         string          `json:"status"`
	GPUUtilization *float64        `json:"gpu_utilization"`
	MemoryUsedMB   *int64          `json:"memory_used_mb"` // no worker reports it
	JobsActive     uint32          `json:"jobs_active"`
	Timestamp      int64           `json:"timestamp"`
}

// order is what a trade's frame needs to know of the order that took it.
type order struct {
	pair uint8
	side string
}

// translator turns facts into frames. It remembers the orders it saw placed, since a trade names them and says no more.
type translator struct{ orders map[string]order }

// maxOrders bounds the memory of orders; a trade of a forgotten one has a null pair and side.
const maxOrders = 10_000

func newTranslator() *translator { return &translator{orders: map[string]order{}} }

// chain returns the frame of a chain fact. An event that no client has a type for is an IndexedEvent; what could not be decoded, or
// is no event but was observed, has none.
func (t *translator) chain(f schemas.Fact) (frame, bool) {
	if f.Observed() {
		return frame{}, false
	}
	at := place{f.TxHash, f.Position.Block, f.Time.Unix(), f.Offset}
	job := func(id schemas.Amount, status string, worker *schemas.Address, others ...schemas.Address) (frame, bool) {
		out := newFrame("JobUpdate", jobUpdate{JobID: id.String(), Status: status, WorkerID: worker, place: at})
		if worker != nil {
			others = append(others, *worker)
		}
		out.addresses = others
		return out, true
	}
	staking := func(worker schemas.Address, event string, amount schemas.Amount, tier *string) (frame, bool) {
		out := newFrame("StakingEvent", stakingEvent{worker, event, amount, tier, at})
		out.addresses = []schemas.Address{worker}
		return out, true
	}
	switch e := f.Event.(type) {
	case schemas.JobManagerJobSubmitted:
		return job(e.JobID, "pending", nil, e.Client)
	case schemas.JobManagerJobAssigned:
		return job(e.JobID, "assigned", &e.Worker)
	case schemas.JobManagerJobClaimed:
		return job(e.JobID, "assigned", &e.Worker)
	case schemas.JobManagerJobCompleted:
		return job(e.JobID, "completed", &e.Worker)
	case schemas.JobManagerJobCancelled:
		return job(e.JobID, "cancelled", nil, e.Client)
	case schemas.ProofVerifierProofVerified:
		return newFrame("ProofVerified", proofVerified{JobID: e.JobID.String(), ProofHash: e.ProofHash, Verifier: f.Contract, IsValid: true, place: at}), true
	case schemas.ProverStakingStaked:
		return staking(e.Worker, "stake", e.Amount, new(string(e.GpuTier)))
	case schemas.ProverStakingUnstakeRequested:
		return staking(e.Worker, "unstake_requested", e.Amount, nil)
	case schemas.ProverStakingUnstakeCompleted:
		return staking(e.Worker, "unstake", e.Amount, nil)
	case schemas.ProverStakingSlashed:
		return staking(e.Worker, "slashed", e.Amount, nil)
	case schemas.ProverStakingRewardsClaimed:
		return staking(e.Worker, "rewards_claimed", e.Amount, nil)
	case schemas.OTCOrderbookOrderPlaced:
		return t.placed(e, at)
	case schemas.OTCOrderbookOrderFilled:
		status := "partial"
		if e.Status == schemas.OTCOrderbookOrderStatusFilled {
			status = "filled"
		}
		return t.updated(e.OrderID, orderUpdated{Status: status, Filled: &e.FilledAmount, Remaining: &e.RemainingAmount, place: at}, nil)
	case schemas.OTCOrderbookOrderCancelled:
		return t.updated(e.OrderID, orderUpdated{Status: "cancelled", Remaining: &e.RemainingAmount, place: at}, []schemas.Address{e.Maker})
	case schemas.OTCOrderbookTradeExecuted:
		return t.traded(e, at)
	case schemas.GovernanceTreasuryProposalCreated:
		data := proposalCreated{ProposalID: e.ProposalID.String(), Proposer: e.Proposer, Type: string(e.ProposalType), place: at}
		if title, ok := e.Title.ShortString(); ok {
			data.Title = &title
		}
		out := newFrame("ProposalCreated", data)
		out.proposal, out.addresses = data.ProposalID, []schemas.Address{e.Proposer}
		return out, true
	case schemas.GovernanceTreasuryVoteCast:
		data := voteCast{ProposalID: e.ProposalID.String(), Voter: e.Voter, Power: e.VotingPower, place: at}
		if e.Support {
			data.Support = 1
		}
		out := newFrame("VoteCast", data)
		out.proposal, out.addresses = data.ProposalID, []schemas.Address{e.Voter}
		return out, true
	case schemas.FaucetTokensClaimed:
		out := newFrame("FaucetClaim", faucetClaim{e.User, e.Amount, at})
		out.addresses = []schemas.Address{e.User}
		return out, true
	case schemas.Undecoded:
		return frame{}, false
	}
	return newFrame("IndexedEvent", indexedEvent{f.ContractName, f.Name, f.Data, at}), true
}

func (t *translator) placed(e schemas.OTCOrderbookOrderPlaced, at place) (frame, bool) {
	o := order{pair: e.PairID, side: strings.ToLower(string(e.Side))}
	if len(t.orders) >= maxOrders {
		clear(t.orders)
	}
	t.orders[e.OrderID.String()] = o
	out := newFrame("OrderPlaced", orderPlaced{e.OrderID.String(), e.Maker, e.PairID, o.side, e.Price, e.Amount, at})
	out.pair, out.addresses = pairName(o.pair), []schemas.Address{e.Maker}
	return out, true
}

func (t *translator) updated(id schemas.Amount, data orderUpdated, addresses []schemas.Address) (frame, bool) {
	data.OrderID = id.String()
	out := newFrame("OrderUpdated", data)
	out.addresses = addresses
	if o, ok := t.orders[data.OrderID]; ok {
		out.pair = pairName(o.pair)
	}
	return out, true
}

func (t *translator) traded(e schemas.OTCOrderbookTradeExecuted, at place) (frame, bool) {
	data := tradeExecuted{TradeID: e.TradeID.String(), Maker: e.Maker, Taker: e.Taker, Price: e.Price, Amount: e.Amount, place: at}
	pair := ""
	if o, ok := t.orders[e.TakerOrderID.String()]; ok {
		data.PairID, data.Side, pair = &o.pair, &o.side, pairName(o.pair)
	}
	out := newFrame("TradeExecuted", data)
	out.pair, out.addresses = pair, []schemas.Address{e.Maker, e.Taker}
	return out, true
}

func pairName(id uint8) string { return schemas.AmountFromUint64(uint64(id)).String() }

// heartbeat returns the frame of a worker's report.
func heartbeat(h schemas.Heartbeat, at int64) frame {
	data := workerUpdate{WorkerID: h.Worker, Status: "idle", GPUUtilization: h.GPUUtilization, Timestamp: at}
	if h.JobsInProgress != nil {
		data.JobsActive = *h.JobsInProgress
	}
	if data.JobsActive > 0 {
		data.Status = "active"
	}
	out := newFrame("WorkerUpdate", data)
	out.addresses = []schemas.Address{h.Worker}
	return out
}

// reorged tells that the blocks above a common one are void.
func reorged(r schemas.Reorg) frame {
	return newFrame("Reorged", map[string]any{
		"common_block": r.Common.Number, "common_hash": r.Common.Hash, "voided_blocks": len(r.Voided), "timestamp": r.Time.Unix(),
	})
}
