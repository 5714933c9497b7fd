package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// feeManager takes the protocol's fee from what escrow hands on, and pays the worker the rest. It burns by sending to an address that
// nobody has. Its epoch never advances, so that stakers' shares of the fees are never claimed.
type feeManager struct {
	Contract
	owner, treasury address
	sage            *sageToken

	config     Cell[feeConfig]
	stats      Cell[feeStats]
	stakers    Map[address, stakerReward]
	totalShare Cell[amount]
}

type feeConfig struct {
	Fee      uint16 `json:"protocol_fee_bps"`
	Burn     uint16 `json:"burn_split_bps"`
	Treasury uint16 `json:"treasury_split_bps"`
	Stakers  uint16 `json:"staker_split_bps"`
}

type feeBreakdown struct {
	GMV      amount `json:"gmv"`
	Fee      amount `json:"protocol_fee"`
	Burn     amount `json:"burn_amount"`
	Treasury amount `json:"treasury_amount"`
	Stakers  amount `json:"staker_amount"`
	Worker   amount `json:"worker_payment"`
}

type feeStats struct {
	GMV      amount `json:"total_gmv"`
	Fees     amount `json:"total_protocol_fees"`
	Burned   amount `json:"total_burned"`
	Treasury amount `json:"total_to_treasury"`
	Stakers  amount `json:"total_to_stakers"`
	Workers  amount `json:"total_to_workers"`
	Count    u64    `json:"transaction_count"`
}

type stakerReward struct {
	Pending amount `json:"pending_rewards"`
	Claimed amount `json:"total_claimed"`
	Epoch   u64    `json:"last_calculated_epoch"`
	Share   amount `json:"stake_share_bps"`
}

const feeEpoch = u64(1)

var (
	burnAddress = schemas.Address(schemas.FeltFromUint64(0xdead))
	allOfIt     = number(10_000) // in basis points
)

func (f *feeManager) functions() {
	f.entries = map[string]entry{
		"update_fee_config":    on(f.updateConfig),
		"process_transaction":  on(f.process),
		"update_staker_share":  on(f.updateShare),
		"claim_staker_rewards": onCall(func(e *Env) { e.require(false, "No rewards to claim") }),
	}
	f.views = map[string]view{
		"calculate_fees": ask(func(e *Env, q struct {
			GMV amount `json:"gmv"`
		},
		) feeBreakdown {
			return f.config.get(e).split(q.GMV)
		}),
		"get_fee_config":      cellView(&f.config),
		"get_fee_stats":       cellView(&f.stats),
		"get_staker_reward":   ask(func(e *Env, q stakerArgs) stakerReward { return f.stakers.get(e, q.Staker) }),
		"get_pending_rewards": ask(func(*Env, stakerArgs) amount { return amount{} }),
		"get_current_epoch":   constant(feeEpoch),
		"get_epoch_staker_pool": ask(func(e *Env, q struct {
			Epoch u64 `json:"epoch"`
		},
		) amount {
			if q.Epoch != feeEpoch {
				return amount{}
			}
			return f.stats.get(e).Stakers
		}),
	}
}

func (f *feeManager) construct(e *Env) {
	f.config.set(e, feeConfig{Fee: 2_000, Burn: 7_000, Treasury: 2_000, Stakers: 1_000})
}

// split rounds each part down by itself; what is left over of the fee stays in the contract.
func (c feeConfig) split(gmv amount) feeBreakdown {
	fee := bps(gmv, uint64(c.Fee))
	return feeBreakdown{
		GMV: gmv, Fee: fee, Burn: bps(fee, uint64(c.Burn)), Treasury: bps(fee, uint64(c.Treasury)), Stakers: bps(fee, uint64(c.Stakers)),
		Worker: gmv.Sub(fee),
	}
}

type (
	stakerArgs struct {
		Staker address `json:"staker"`
	}
	feeConfigArgs struct {
		Config feeConfig `json:"config"`
	}
	processArgs struct {
		GMV    amount  `json:"gmv"`
		Worker address `json:"worker"`
	}
	shareArgs struct {
		Staker address `json:"staker"`
		Share  amount  `json:"stake_share_bps"`
	}
)

func (f *feeManager) updateConfig(e *Env, a feeConfigArgs) {
	e.require(e.caller == f.owner, "Only owner")
	e.require(uint32(a.Config.Burn)+uint32(a.Config.Treasury)+uint32(a.Config.Stakers) == 10_000, "Splits must sum to 100%")
	f.config.set(e, a.Config)
	e.emit(schemas.FeeManagerConfigUpdated{ProtocolFeeBps: a.Config.Fee, BurnSplitBps: a.Config.Burn})
}

func (f *feeManager) process(e *Env, a processArgs) {
	e.require(e.caller == f.owner, "Unauthorized")
	b, token := f.config.get(e).split(a.GMV), e.into(&f.sage.Contract)
	f.sage.transfer(token, transferArgs{burnAddress, b.Burn})
	f.sage.transfer(token, transferArgs{f.treasury, b.Treasury})
	f.sage.transfer(token, transferArgs{a.Worker, b.Worker})
	s := f.stats.get(e)
	s = feeStats{
		s.GMV.Add(a.GMV), s.Fees.Add(b.Fee), s.Burned.Add(b.Burn), s.Treasury.Add(b.Treasury), s.Stakers.Add(b.Stakers), s.Workers.Add(b.Worker),
		s.Count + 1,
	}
	f.stats.set(e, s)
	e.emit(schemas.FeeManagerTransactionProcessed{Worker: a.Worker, Gmv: a.GMV, ProtocolFee: b.Fee, WorkerPayment: b.Worker})
	e.emit(schemas.FeeManagerFeesDistributed{BurnAmount: b.Burn, TreasuryAmount: b.Treasury, StakerPoolAmount: b.Stakers})
	e.emit(schemas.FeeManagerTokensBurned{Amount: b.Burn, TotalBurned: s.Burned})
}

// updateShare changes a staker's part of the fees, without an event.
func (f *feeManager) updateShare(e *Env, a shareArgs) {
	e.require(e.caller == f.owner, "Unauthorized")
	e.requireText(a.Share.Cmp(allOfIt) <= 0, "Share exceeds 100%")
	r := f.stakers.get(e, a.Staker)
	total := f.totalShare.get(e).Sub(r.Share).Add(a.Share)
	e.requireText(total.Cmp(allOfIt) <= 0, "Total share exceeds 100%")
	f.totalShare.set(e, total)
	r.Share, r.Epoch = a.Share, feeEpoch
	f.stakers.set(e, a.Staker, r)
}
