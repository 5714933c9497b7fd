package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// referralSystem shares the order book's fees with those who brought the traders. Rewards are counted in the fee's token and
// paid in SAGE.
type referralSystem struct {
	Contract
	owner, book address
	sage        *sageToken

	profiles            Map[address, referrerProfile]
	codes               Map[felt, address]
	referred            Map[address, referredUser]
	referrers, referees Cell[uint32]
	volume, rewards     Cell[amount]
}

type referralTier = schemas.ReferralSystemReferrerTier

type referrerProfile struct {
	Code         felt         `json:"referral_code"`
	Tier         referralTier `json:"tier"`
	Total        uint32       `json:"total_referrals"`
	Active       uint32       `json:"active_referrals"`
	Volume       amount       `json:"total_volume_usd"`
	Earned       amount       `json:"total_rewards_earned"`
	Pending      amount       `json:"pending_rewards"`
	RegisteredAt u64          `json:"registered_at"`
	IsActive     bool         `json:"is_active"`
}

type referredUser struct {
	Referrer address `json:"referrer"`
	At       u64     `json:"referred_at"`
	Volume   amount  `json:"total_volume_usd"`
	Fees     amount  `json:"total_fees_generated"`
	LastAt   u64     `json:"last_trade_at"`
	Active   bool    `json:"is_active"`
}

type referralConfig struct {
	Bronze            uint32 `json:"bronze_fee_share_bps"`
	Silver            uint32 `json:"silver_fee_share_bps"`
	Gold              uint32 `json:"gold_fee_share_bps"`
	Platinum          uint32 `json:"platinum_fee_share_bps"`
	SilverThreshold   uint32 `json:"silver_threshold"`
	GoldThreshold     uint32 `json:"gold_threshold"`
	PlatinumThreshold uint32 `json:"platinum_threshold"`
	MinActive         amount `json:"min_active_volume_usd"`
	Inactivity        u64    `json:"inactivity_days"`
	BlockSelf         bool   `json:"block_self_referral"`
	Paused            bool   `json:"paused"`
}

var referralRules = referralConfig{
	Bronze: 1_000, Silver: 1_500, Gold: 2_000, Platinum: 2_500, SilverThreshold: 10, GoldThreshold: 50, PlatinumThreshold: 200,
	MinActive: schemas.Sage(100), Inactivity: 30, BlockSelf: true,
}

func (c referralConfig) tier(active uint32) referralTier {
	switch {
	case active >= c.PlatinumThreshold:
		return schemas.ReferralSystemReferrerTierPlatinum
	case active >= c.GoldThreshold:
		return schemas.ReferralSystemReferrerTierGold
	case active >= c.SilverThreshold:
		return schemas.ReferralSystemReferrerTierSilver
	}
	return schemas.ReferralSystemReferrerTierBronze
}

func (c referralConfig) share(t referralTier) uint32 {
	switch t {
	case schemas.ReferralSystemReferrerTierPlatinum:
		return c.Platinum
	case schemas.ReferralSystemReferrerTierGold:
		return c.Gold
	case schemas.ReferralSystemReferrerTierSilver:
		return c.Silver
	case schemas.ReferralSystemReferrerTierBronze:
	}
	return c.Bronze
}

func (r *referralSystem) functions() {
	r.entries = map[string]entry{
		"register_referrer_with_code": on(r.register),
		"register_with_referral":      on(r.refer),
		"claim_rewards":               onCall(r.claim),
		"add_authorized_caller":       on(func(*Env, authorizeArgs) {}),
	}
	r.views = map[string]view{
		"get_referrer_profile": ask(func(e *Env, q struct {
			Referrer address `json:"referrer"`
		},
		) referrerProfile {
			return r.profile(e, q.Referrer)
		}),
		"get_referrer_by_code": ask(func(e *Env, q codeArgs) address { return r.codes.get(e, q.Code) }),
		"get_referral_info":    ask(func(e *Env, q userArgs) referredUser { return r.referred.get(e, q.User) }),
		"has_referrer":         ask(func(e *Env, q userArgs) bool { return !r.referred.get(e, q.User).Referrer.IsZero() }),
		"get_config":           constant(referralRules),
		"get_stats": tell(func(e *Env) list {
			return list{r.volume.get(e), r.rewards.get(e), r.referrers.get(e), r.referees.get(e)}
		}),
		"get_fee_share": ask(func(_ *Env, q struct {
			Tier referralTier `json:"tier"`
		},
		) uint32 {
			return referralRules.share(q.Tier)
		}),
		"calculate_tier": ask(func(_ *Env, q struct {
			Active uint32 `json:"active_referrals"`
		},
		) referralTier {
			return referralRules.tier(q.Active)
		}),
	}
}

type (
	authorizeArgs struct {
		Caller address `json:"caller"`
	}
	codeArgs struct {
		Code felt `json:"code"`
	}
	referArgs struct {
		Code felt `json:"referral_code"`
	}
)

// profile returns a referrer; an unknown one has zeros and the first tier.
func (r *referralSystem) profile(e *Env, who address) referrerProfile {
	p, known := r.profiles.find(e, who)
	if !known {
		p.Tier = schemas.ReferralSystemReferrerTierBronze
	}
	return p
}

func (r *referralSystem) register(e *Env, a codeArgs) {
	e.requireText(r.profile(e, e.caller).Code.IsZero(), "Already registered as referrer")
	if !r.codes.get(e, a.Code).IsZero() {
		return // taken: the contract answers false
	}
	e.requireText(!a.Code.IsZero(), "Invalid code")
	r.profiles.set(e, e.caller, referrerProfile{
		Code: a.Code, Tier: schemas.ReferralSystemReferrerTierBronze, RegisteredAt: u64(e.block.Time), IsActive: true,
	})
	r.codes.set(e, a.Code, e.caller)
	r.referrers.set(e, r.referrers.get(e)+1)
	e.emit(schemas.ReferralSystemReferrerRegistered{Referrer: e.caller, ReferralCode: a.Code, Timestamp: e.block.Time})
}

func (r *referralSystem) refer(e *Env, a referArgs) {
	e.requireText(r.referred.get(e, e.caller).Referrer.IsZero(), "Already has referrer")
	referrer := r.codes.get(e, a.Code)
	e.requireText(!referrer.IsZero(), "Invalid referral code")
	e.requireText(referrer != e.caller, "Cannot refer yourself")
	r.referred.set(e, e.caller, referredUser{Referrer: referrer, At: u64(e.block.Time)})
	p := r.profile(e, referrer)
	p.Total++
	r.profiles.set(e, referrer, p)
	r.referees.set(e, r.referees.get(e)+1)
	e.emit(schemas.ReferralSystemUserReferred{User: e.caller, Referrer: referrer, ReferralCode: a.Code, Timestamp: e.block.Time})
}

// recordTrade counts a trade of somebody who was referred. A trade whose reward rounds to nothing leaves no event.
func (r *referralSystem) recordTrade(e *Env, trader address, volume, fee amount) {
	e.requireText(e.caller == r.book || e.caller == r.owner, "Not authorized")
	u := r.referred.get(e, trader)
	if u.Referrer.IsZero() {
		return
	}
	p := r.profile(e, u.Referrer)
	u.Volume, u.Fees, u.LastAt = u.Volume.Add(volume), u.Fees.Add(fee), u64(e.block.Time)
	if volume.Cmp(referralRules.MinActive) >= 0 && !u.Active {
		u.Active = true
		p.Active++
		if next := referralRules.tier(p.Active); next != p.Tier {
			e.emit(schemas.ReferralSystemTierUpgrade{Referrer: u.Referrer, OldTier: p.Tier, NewTier: next, ActiveReferrals: p.Active})
			p.Tier = next
		}
		r.profiles.set(e, u.Referrer, p)
	}
	r.referred.set(e, trader, u)
	reward := bps(fee, uint64(referralRules.share(p.Tier)))
	if reward.IsZero() {
		return
	}
	p.Volume, p.Pending, p.Earned = p.Volume.Add(volume), p.Pending.Add(reward), p.Earned.Add(reward)
	r.profiles.set(e, u.Referrer, p)
	r.volume.set(e, r.volume.get(e).Add(volume))
	r.rewards.set(e, r.rewards.get(e).Add(reward))
	e.emit(schemas.ReferralSystemTradeRecorded{
		Trader: trader, Referrer: u.Referrer, VolumeUsd: volume, FeeAmount: fee, ReferrerReward: reward,
	})
}

func (r *referralSystem) claim(e *Env) {
	p := r.profile(e, e.caller)
	e.requireText(!p.Pending.IsZero(), "No rewards to claim")
	reward := p.Pending
	p.Pending = amount{}
	r.profiles.set(e, e.caller, p)
	r.sage.transfer(e.into(&r.sage.Contract), transferArgs{e.caller, reward})
	e.emit(schemas.ReferralSystemRewardsClaimed{Referrer: e.caller, Amount: reward, Timestamp: e.block.Time})
}
