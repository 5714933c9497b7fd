package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func (t *sageToken) viewFunctions() {
	balance := ask(func(e *Env, q accountArgs) amount { return t.balances.get(e, q.Account) })
	supply := cellView(&t.supply)
	t.views = map[string]view{
		"name":         constant(schemas.ShortString("BitSage Token")),
		"symbol":       constant(schemas.ShortString("SAGE")),
		"decimals":     constant(18),
		"total_supply": supply,
		"totalSupply":  supply,
		"balance_of":   balance,
		"balanceOf":    balance,
		"allowance": ask(func(e *Env, q allowanceArgs) amount {
			return t.allowances.get(e, [2]address{q.Owner, q.Spender})
		}),
		"get_total_burned":   cellView(&t.burned),
		"get_inflation_rate": constant(800),
		"get_burn_rate":      tell(func(e *Env) uint32 { return t.effectiveBurnRate(e) }),
		"get_effective_burn_rate": tell(func(e *Env) list {
			rate := t.effectiveBurnRate(e)
			return list{burnRateBps, rate, int64(rate) - burnRateBps}
		}),
		"get_max_supply": constant(sageTotal),
		"get_remaining_mintable": tell(func(e *Env) amount {
			return sageTotal.Sub(t.supply.get(e))
		}),
		"get_supply_utilization": tell(func(e *Env) uint32 {
			return uint32(low(mulDiv(t.supply.get(e), number(10_000), sageTotal)))
		}),
		"get_voting_power":  balance, // nobody has held for a year yet, so no multiplier
		"is_paused":         constant(false),
		"get_network_phase": constant(schemas.ShortString("bootstrap")),
		"get_revenue_stats": tell(func(e *Env) list {
			return list{t.revenue.get(e), t.monthlyRevenue(e), low(mulDiv(t.burned.get(e), number(10_000), sageTotal))}
		}),
		"get_pending_transfer": ask(func(e *Env, q transferIDArgs) pendingTransfer {
			return t.transfers.get(e, low(q.TransferID))
		}),
		"get_burn_history": ask(t.burnHistory),
	}
}

type pageArgs struct {
	Offset uint32 `json:"offset"`
	Limit  uint32 `json:"limit"`
}

func (t *sageToken) burnHistory(e *Env, q pageArgs) []burnEvent {
	out := []burnEvent{}
	end := min(uint64(q.Offset)+uint64(q.Limit), t.burnCount.get(e))
	for i := uint64(q.Offset); i < end; i++ {
		out = append(out, t.burns.get(e, i))
	}
	return out
}

func (t *sageToken) monthlyRevenue(e *Env) amount {
	if e.block.Time-uint64(t.revenueReset.get(e)) > secondsPerMonth {
		return amount{}
	}
	return t.monthly.get(e)
}

// effectiveBurnRate is the base rate, moved by how the month's revenue compares with the target of 10,000 SAGE.
func (t *sageToken) effectiveBurnRate(e *Env) uint32 {
	target, month := schemas.Sage(10_000), t.monthlyRevenue(e)
	if month.Cmp(target) < 0 {
		deficit := mulDiv(target.Sub(month), number(10_000), target)
		return burnRateBps - uint32(low(mulDiv(deficit, number(250), number(10_000))))
	}
	if month.Cmp(target.Add(target)) >= 0 {
		return burnRateBps + 500
	}
	return burnRateBps
}
