package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// faucet gives a little SAGE to whoever asks, now and then.
type faucet struct {
	Contract
	owner address
	sage  *sageToken

	config            Cell[faucetConfig]
	claims            Map[address, claimInfo]
	claimants, claimN Cell[u64]
	distributed       Cell[amount]
}

type faucetConfig struct {
	Drip      amount `json:"drip_amount"`
	Cooldown  u64    `json:"cooldown_secs"`
	MaxClaims u64    `json:"max_claims_per_address"`
	Active    bool   `json:"is_active"`
}

type claimInfo struct {
	Last  u64    `json:"last_claim"`
	Count u64    `json:"claim_count"`
	Total amount `json:"total_claimed"`
}

type faucetStats struct {
	Distributed amount `json:"total_distributed"`
	Claimants   u64    `json:"unique_claimants"`
	Claims      u64    `json:"total_claims"`
	Balance     amount `json:"balance"`
}

func (f *faucet) functions() {
	f.entries = map[string]entry{
		"claim":         onCall(f.claim),
		"refill":        on(f.refill),
		"update_config": on(f.updateConfig),
	}
	f.views = map[string]view{
		"get_config":     cellView(&f.config),
		"get_claim_info": ask(func(e *Env, q userArgs) claimInfo { return f.claims.get(e, q.User) }),
		"get_stats": tell(func(e *Env) faucetStats {
			return faucetStats{f.distributed.get(e), f.claimants.get(e), f.claimN.get(e), f.balance(e)}
		}),
		"get_balance": tell(f.balance),
		"can_claim": ask(func(e *Env, q userArgs) bool {
			return f.balance(e).Cmp(f.config.get(e).Drip) >= 0 && f.wait(e, q.User) == 0
		}),
		"time_until_claim": ask(func(e *Env, q userArgs) u64 { return f.wait(e, q.User) }),
	}
}

type userArgs struct {
	User address `json:"user"`
}

func (f *faucet) construct(e *Env) {
	f.config.set(e, faucetConfig{Drip: milliSage(20), Cooldown: secondsPerDay, Active: true})
}

func (f *faucet) balance(e *Env) amount { return f.sage.balances.get(e, f.Address) }

// wait is how long an account has to wait for its next claim, in seconds.
func (f *faucet) wait(e *Env, user address) u64 {
	info, c := f.claims.get(e, user), f.config.get(e)
	since := u64(e.block.Time) - info.Last
	if info.Count == 0 || since >= c.Cooldown {
		return 0
	}
	return c.Cooldown - since
}

func (f *faucet) claim(e *Env) {
	c, info := f.config.get(e), f.claims.get(e, e.caller)
	e.require(f.balance(e).Cmp(c.Drip) >= 0, "Faucet empty")
	e.require(f.wait(e, e.caller) == 0, "Cooldown not expired")
	if info.Count == 0 {
		f.claimants.set(e, f.claimants.get(e)+1)
	}
	info = claimInfo{u64(e.block.Time), info.Count + 1, info.Total.Add(c.Drip)}
	f.claims.set(e, e.caller, info)
	f.claimN.set(e, f.claimN.get(e)+1)
	f.distributed.set(e, f.distributed.get(e).Add(c.Drip))
	f.sage.transfer(e.into(&f.sage.Contract), transferArgs{e.caller, c.Drip})
	e.emit(schemas.FaucetTokensClaimed{User: e.caller, Amount: c.Drip, ClaimNumber: uint64(info.Count)})
}

func (f *faucet) refill(e *Env, a amountArgs) {
	f.sage.transferFrom(e.into(&f.sage.Contract), transferFromArgs{e.caller, f.Address, a.Amount})
	e.emit(schemas.FaucetFaucetRefilled{By: e.caller, Amount: a.Amount, NewBalance: f.balance(e)})
}

type faucetConfigArgs struct {
	Config faucetConfig `json:"config"`
}

func (f *faucet) updateConfig(e *Env, a faucetConfigArgs) {
	e.require(e.caller == f.owner, "Only owner")
	e.require(a.Config.Drip.Cmp(schemas.Sage(100)) <= 0, "Drip amount too high")
	f.config.set(e, a.Config)
	e.emit(schemas.FaucetConfigUpdated{DripAmount: a.Config.Drip, CooldownSecs: uint64(a.Config.Cooldown)})
}
