package economy

import (
	"fmt"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

var unlimited = func() amount {
	a, err := schemas.ParseAmount("340282366920938463463374607431768211455") // 2^128-1
	if err != nil {
		panic(err)
	}
	return a
}()

// genesis is the first block: contracts are deployed, set up and given what they need to pay.
func (s *scene) genesis() {
	owner := s.owner.Address
	var deploy []Call
	for i, c := range s.Deployed() {
		deploy = append(deploy, call(s.deployer, "deployContract", deployArgs{
			Class: c.Class, Salt: schemas.FeltFromUint64(uint64(i)), Calldata: []felt{owner.Felt()}, to: c,
		}))
	}
	s.send(owner, deploy...)
	s.send(owner, s.settings()...)

	// 20 M to the owner, in the token's two steps; the sender pays twice.
	s.send(s.liquidity.Address, s.large(owner, schemas.Sage(20_000_000), 0)...)
	s.send(owner, append(
		append(s.large(s.treasury.Address, schemas.Sage(500_000), 1), s.large(s.jobs.Address, schemas.Sage(100_000), 2)...),
		append(s.large(s.governance.Address, schemas.Sage(100_000), 3), s.large(s.router.Address, schemas.Sage(300_000), 4)...)...)...)
	s.send(owner, s.approve(&s.faucet.Contract, schemas.Sage(20_000)), call(&s.faucet.Contract, "refill", amountArgs{schemas.Sage(20_000)}),
		s.give(s.referral.Address, schemas.Sage(9_000)))
	s.send(s.treasury.Address, s.approve(&s.staking.Contract, unlimited))
	for _, crowd := range [][]Account{s.clients, s.traders} {
		for _, a := range crowd {
			s.send(owner, s.give(a.Address, schemas.Sage(uint64(s.between(300, 900)))))
		}
	}
	for _, a := range s.traders {
		s.send(owner, s.give(a.Address, schemas.Sage(uint64(s.between(4_000, 9_000)))))
		s.send(a.Address, s.approve(&s.book.Contract, unlimited),
			call(&s.usdc.Contract, "approve", approveArgs{s.book.Address, unlimited}),
			call(&s.strk.Contract, "approve", approveArgs{s.book.Address, unlimited}))
	}
}

// large moves SAGE in the two steps that large amounts need, in one transaction.
func (s *scene) large(to address, value amount, id uint64) []Call {
	return []Call{
		call(&s.sage.Contract, "initiate_large_transfer", initiateArgs{to, value}),
		call(&s.sage.Contract, "execute_large_transfer", transferIDArgs{number(id)}),
	}
}

// settings are what the owner changes after deployment: periods short enough to watch, a drip worth claiming, room for orders.
func (s *scene) settings() []Call {
	staking := stakingConfig{
		Consumer: schemas.Sage(1_000), Workstation: schemas.Sage(2_500), DataCenter: schemas.Sage(5_000),
		Enterprise: schemas.Sage(10_000), Frontier: schemas.Sage(25_000),
		SlashInvalidProof: 1_000, SlashTimeout: 500, SlashRepeatedFailure: 2_500, SlashMalicious: 5_000, SlashBenchmarkFraud: 7_500,
		UnstakeLockup: 300, RewardAPY: 1_500, MaxFailures: 3,
	}
	calls := []Call{
		call(&s.jobs.Contract, "set_reputation_manager", setReputationArgs{s.reputation.Address}),
		call(&s.staking.Contract, "set_job_manager", setJobManagerArgs{s.jobs.Address}),
		call(&s.staking.Contract, "set_verifier", setVerifierArgs{s.proofs.Address}),
		call(&s.staking.Contract, "update_config", stakingConfigArgs{staking}),
		call(&s.faucet.Contract, "update_config", faucetConfigArgs{faucetConfig{Drip: schemas.Sage(5), Cooldown: 120, Active: true}}),
		call(&s.book.Contract, "set_config", bookConfigArgs{bookConfig{MakerFee: 10, TakerFee: 30, Expiry: 7 * secondsPerDay, MaxOrders: 1 << 31}}),
		call(&s.book.Contract, "set_referral_system", setReferralArgs{s.referral.Address}),
		call(&s.book.Contract, "add_pair", addPairArgs{strkAddress, schemas.Sage(10), milliSage(1)}),
		call(&s.referral.Contract, "add_authorized_caller", authorizeArgs{s.book.Address}),
		call(&s.fraud.Contract, "update_challenge_period", periodArgs{600}),
	}
	for i := range 3 {
		name := []string{"H100", "A100", "RTX4090"}[i]
		measurement := schemas.ShortString("enclave-" + name)
		calls = append(calls,
			call(&s.jobs.Contract, "register_model", s.model(uint64(i))),
			call(&s.proofs.Contract, "whitelist_enclave", whitelistArgs{measurement, true}),
			call(&s.stwo.Contract, "whitelist_enclave", stwoEnclaveArgs{measurement, uint8(i + 1)}),
		)
	}
	for i, jobType := range []string{"inference", "training"} {
		calls = append(calls, call(&s.reputation.Contract, "set_reputation_threshold", setThresholdArgs{
			schemas.ShortString(jobType),
			reputationThreshold{schemas.ShortString(jobType), uint32(300 + 200*i), uint8(2 + i), 10},
		}))
	}
	return calls
}

func (s *scene) model(i uint64) registerModelArgs {
	return registerModelArgs{
		Hash: s.random(), Pricing: schemas.Sage(1 + i),
		Requirements: modelRequirements{16, 8, schemas.ShortString(fmt.Sprintf("model-%d", i)), []felt{}},
	}
}
