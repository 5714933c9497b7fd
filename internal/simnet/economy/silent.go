package economy

// silent gives entry points and views to contracts that are deployed and in which nothing can happen, or nothing does here.
// What a contract is not given reverts with a text that says so.
func silent(c *Contract) {
	never := func(e *Env, _ any) { e.unknownEnum() }
	zero := amount{}
	switch c.Name {
	case "WorkerStaking":
		// The first stake reads an enum that was never written, so no stake can come into being.
		c.entries = map[string]entry{"stake": never}
		c.views = map[string]view{
			"get_stake":          unknown,
			"get_network_stats":  constant(list{zero, u64(0), zero}),
			"get_worker_address": constant(address{}),
		}
	case "ValidatorRegistry":
		c.entries = map[string]entry{"register": never}
		c.views = map[string]view{
			"get_validator":         unknown,
			"is_active_validator":   unknown,
			"get_active_validators": constant([]address{}),
			"get_current_epoch":     constant(u64(0)),
			"get_stats": constant(map[string]any{
				"total_registered": u64(0), "active_count": u64(0), "jailed_count": u64(0), "total_stake": zero,
				"total_compute_weight": zero, "current_epoch": u64(0),
			}),
		}
	case "RewardVesting":
		c.views = map[string]view{"get_vesting_entry": unknown}
	}
}
