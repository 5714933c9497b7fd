package simnet

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// view answers starknet_call: what a contract's view function returns at a block. Views are told from the events up to that
// block, by the invariants that the contracts hold; one that is not simulated reverts and says so.
func (n *Net) view(args arguments, at int) (any, error) {
	var request struct {
		Contract schemas.Address `json:"contract_address"`
		Selector schemas.Felt    `json:"entry_point_selector"`
		Calldata []schemas.Felt  `json:"calldata"`
	}
	if err := args.read("request", &request); err != nil {
		return nil, err
	}
	name, ok := n.contractAt(request.Contract)
	if !ok {
		return nil, errContractNotFound
	}
	abi, err := schemas.Embedded(name)
	if err != nil {
		return nil, err
	}
	function, ok := abi.FunctionName(request.Selector)
	if !ok {
		return nil, &rpcError{Code: 21, Message: "Requested entrypoint does not exist in the contract"}
	}
	v := viewer{net: n, at: at}
	value, ok := v.answer(name+"."+function, request.Calldata)
	if !ok {
		return nil, &rpcError{Code: 40, Message: "Contract error", Data: map[string]any{"revert_error": "this view is not simulated: " + name + "." + function}}
	}
	return abi.EncodeOutputs(function, value)
}

// viewer looks back over the events up to a block.
type viewer struct {
	net *Net
	at  int
}

func (v viewer) each(f func(schemas.Event)) {
	for _, b := range v.net.blocks[:v.at+1] {
		for _, tx := range b.txs {
			for _, e := range tx.events {
				f(e.value)
			}
		}
	}
}

// count counts the events of a type.
func count[E schemas.Event](v viewer) uint64 {
	var n uint64
	v.each(func(e schemas.Event) {
		if _, ok := e.(E); ok {
			n++
		}
	})
	return n
}

// decimal is the JSON form of a u64.
func decimal(n uint64) string { return schemas.AmountFromUint64(n).String() }

func (v viewer) answer(view string, calldata []schemas.Felt) (value any, ok bool) {
	var who schemas.Address
	if len(calldata) > 0 {
		who = schemas.Address(calldata[0])
	}
	switch view {
	case "SAGEToken.name":
		return schemas.ShortString("BitSage Token"), true
	case "SAGEToken.symbol":
		return schemas.ShortString("SAGE"), true
	case "SAGEToken.decimals":
		return 18, true
	case "SAGEToken.total_supply", "SAGEToken.totalSupply":
		return v.supply(), true
	case "SAGEToken.balance_of", "SAGEToken.balanceOf":
		return v.balance(who), true
	case "ProverStaking.total_staked":
		return v.staked(nil), true
	case "ProverStaking.total_slashed":
		return v.slashed(), true
	case "ProverStaking.get_stake":
		return v.stake(who), true
	case "JobManager.get_total_jobs":
		return decimal(count[schemas.JobManagerJobSubmitted](v)), true
	case "JobManager.get_completed_jobs":
		return decimal(count[schemas.JobManagerJobCompleted](v)), true
	case "JobManager.get_active_jobs":
		return decimal(count[schemas.JobManagerJobSubmitted](v) - count[schemas.JobManagerJobCompleted](v) - count[schemas.JobManagerJobCancelled](v)), true
	case "JobManager.get_worker_count":
		return decimal(count[schemas.JobManagerWorkerRegistered](v)), true
	case "OTCOrderbook.get_order_count":
		return schemas.AmountFromUint64(count[schemas.OTCOrderbookOrderPlaced](v)), true
	case "OTCOrderbook.get_trade_count":
		return schemas.AmountFromUint64(count[schemas.OTCOrderbookTradeExecuted](v)), true
	}
	return nil, false
}

func (v viewer) supply() (total schemas.Amount) {
	v.each(func(e schemas.Event) {
		if t, ok := e.(schemas.SAGETokenTransfer); ok && t.From.IsZero() {
			total = total.Add(t.Value)
		}
	})
	return total
}

func (v viewer) balance(who schemas.Address) (total schemas.Amount) {
	v.each(func(e schemas.Event) {
		t, ok := e.(schemas.SAGETokenTransfer)
		if !ok {
			return
		}
		if t.To == who {
			total = total.Add(t.Value)
		}
		if t.From == who {
			total = total.Sub(t.Value)
		}
	})
	return total
}

// staked sums the stakes, of one worker or, for nil, of all.
func (v viewer) staked(who *schemas.Address) (total schemas.Amount) {
	v.each(func(e schemas.Event) {
		switch e := e.(type) {
		case schemas.ProverStakingStaked:
			if who == nil || e.Worker == *who {
				total = total.Add(e.Amount)
			}
		case schemas.ProverStakingUnstakeCompleted:
			if who == nil || e.Worker == *who {
				total = total.Sub(e.Amount)
			}
		case schemas.ProverStakingSlashed:
			if who == nil || e.Worker == *who {
				total = total.Sub(e.Amount)
			}
		}
	})
	return total
}

func (v viewer) slashed() (total schemas.Amount) {
	v.each(func(e schemas.Event) {
		if s, ok := e.(schemas.ProverStakingSlashed); ok {
			total = total.Add(s.Amount)
		}
	})
	return total
}

// stake is a worker's stake as the contract keeps it; zeros for an unknown one.
func (v viewer) stake(who schemas.Address) any {
	out := map[string]any{
		"amount": v.staked(&who), "locked_amount": "0", "staked_at": "0", "last_claim_at": "0", "gpu_tier": "Consumer", "is_active": false,
		"consecutive_failures": 0, "total_slashed": "0", "pending_rewards": "0",
	}
	var locked, slashed schemas.Amount
	failures := 0
	for _, b := range v.net.blocks[:v.at+1] {
		for _, tx := range b.txs {
			for _, e := range tx.events {
				switch e := e.value.(type) {
				case schemas.ProverStakingStaked:
					if e.Worker == who {
						out["gpu_tier"], out["is_active"] = e.GpuTier, true
						if out["staked_at"] == "0" {
							out["staked_at"] = decimal(uint64(b.time))
						}
						out["last_claim_at"] = decimal(uint64(b.time))
					}
				case schemas.ProverStakingUnstakeRequested:
					if e.Worker == who {
						locked = e.Amount
					}
				case schemas.ProverStakingUnstakeCompleted:
					if e.Worker == who {
						locked = schemas.Amount{}
					}
				case schemas.ProverStakingSlashed:
					if e.Worker == who {
						slashed = slashed.Add(e.Amount)
						failures++
					}
				case schemas.ProverStakingSuccessRecorded:
					if e.Worker == who {
						failures = 0
					}
				case schemas.ProverStakingRewardsClaimed:
					if e.Worker == who {
						out["last_claim_at"] = decimal(uint64(b.time))
					}
				}
			}
		}
	}
	out["locked_amount"], out["total_slashed"], out["consecutive_failures"] = locked, slashed, failures
	return out
}
