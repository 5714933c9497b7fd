package api

import (
	"cmp"
	"context"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

type validatorStatus struct {
	IsActive          bool     `json:"is_active"`
	IsRegistered      bool     `json:"is_registered"`
	Staked            string   `json:"staked_amount"`
	StakedFormatted   string   `json:"staked_amount_formatted"`
	StakeTier         string   `json:"stake_tier"`
	Reputation        int64    `json:"reputation_score"`
	Earnings          string   `json:"total_earnings"`
	EarningsFormatted string   `json:"total_earnings_formatted"`
	Pending           string   `json:"pending_rewards"`
	PendingFormatted  string   `json:"pending_rewards_formatted"`
	JobsCompleted     int64    `json:"jobs_completed"`
	JobsInProgress    int64    `json:"jobs_in_progress"`
	JobsFailed        int64    `json:"jobs_failed"`
	UptimePercent     float64  `json:"uptime_percent"`
	LastHeartbeat     *int64   `json:"last_heartbeat"`
	Address           string   `json:"address"`
	Unknown           []string `json:"unknown"`
}

func (s *Server) validatorStatus(ctx context.Context, in *struct {
	Caller
	Moment
},
) (out validatorStatus, at projections.Freshness, err error) {
	address, err := in.whom()
	if err != nil {
		return out, at, err
	}
	as, err := in.asOf()
	if err != nil {
		return out, at, err
	}
	w, known, at, err := s.config.Models.Worker(ctx, as, address)
	if err != nil {
		return out, at, err
	}
	out = validatorStatus{
		Staked: "0", StakedFormatted: "0 SAGE", StakeTier: "None", Earnings: "0", EarningsFormatted: "0 SAGE",
		Pending: "0", PendingFormatted: "0 SAGE", Address: address.String(), Unknown: []string{},
	}
	if !known {
		return out, at, nil
	}
	// Rewards accrue by a formula of the contract's configuration, which no event tells in full; the contract never says that a job
	// failed.
	out.Unknown = append(out.Unknown, "pending_rewards", "jobs_failed")
	answer := workerAnswer(w.WorkerView, as)
	out.IsRegistered = w.RegisteredAt != nil
	out.IsActive = !w.Staked.IsZero() && w.StakeActive && w.HeartbeatAge != nil && *w.HeartbeatAge < 300
	out.Staked, out.StakedFormatted, out.StakeTier = w.Staked.String(), w.Staked.FormatSage(), answer.StakeTier
	out.Earnings, out.EarningsFormatted = w.Earnings.String(), w.Earnings.FormatSage()
	out.JobsCompleted, out.JobsInProgress, out.LastHeartbeat = w.JobsCompleted, w.JobsInProgress, answer.LastHeartbeat
	if w.Reputation != nil {
		out.Reputation = *w.Reputation
	} else {
		out.Unknown = append(out.Unknown, "reputation_score")
	}
	if as.Past() {
		out.Unknown = append(out.Unknown, "is_active", "last_heartbeat")
	}
	if w.UptimePercent != nil {
		out.UptimePercent = *w.UptimePercent
	} else {
		out.Unknown = append(out.Unknown, "uptime_percent")
	}
	return out, at, nil
}

type contracts struct {
	Network           string                       `json:"network"`
	SageToken         schemas.Address              `json:"sage_token"`
	ProverStaking     schemas.Address              `json:"prover_staking"`
	ReputationManager schemas.Address              `json:"reputation_manager"`
	JobManager        schemas.Address              `json:"job_manager"`
	Faucet            *schemas.Address             `json:"faucet"`
	Explorer          string                       `json:"explorer_base_url"`
	Contracts         map[string][]schemas.Address `json:"contracts" doc:"All that are followed, by name."`
	Simulated         bool                         `json:"simulated" doc:"Whether the network is one that this process makes up."`
}

// contracts answers with the addresses that this process follows, and where an explorer shows them.
func (s *Server) contracts(context.Context, *struct{}) (contracts, error) {
	address := map[string]schemas.Address{}
	all := map[string][]schemas.Address{}
	for _, k := range s.config.Contracts {
		if _, ok := address[k.Name]; !ok {
			address[k.Name] = k.Address
		}
		all[k.Name] = append(all[k.Name], k.Address)
	}
	out := contracts{
		Network: s.config.Network, SageToken: address["SAGEToken"], ProverStaking: address["ProverStaking"],
		ReputationManager: address["ReputationManager"], JobManager: address["JobManager"],
		Explorer: cmp.Or(explorerOf(s.config.Network), "https://sepolia.starkscan.co"), Contracts: all, Simulated: s.config.Network == schemas.Local,
	}
	if a, ok := address["Faucet"]; ok {
		out.Faucet = &a
	}
	return out, nil
}
