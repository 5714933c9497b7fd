package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

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

// caller reads whom a request is about: the query's address, or the wallet's header.
func caller(c *gin.Context) (schemas.Address, bool) {
	text := c.Query("address")
	if text == "" {
		text = c.GetHeader("X-Wallet-Address")
	}
	if text == "" {
		fail(c, http.StatusBadRequest, "address_missing", "say whose: ?address=0x… or the header X-Wallet-Address")
		return schemas.Address{}, false
	}
	a, err := schemas.ParseAddress(text)
	if err != nil {
		fail(c, http.StatusBadRequest, "address_malformed", err.Error())
		return schemas.Address{}, false
	}
	return a, true
}

func (s *Server) validatorStatus(c *gin.Context) {
	address, ok := caller(c)
	if !ok {
		return
	}
	as, ok := moment(c)
	if !ok {
		return
	}
	w, known, at, err := s.config.Models.Worker(c, as, address)
	if err != nil {
		s.unavailable(c, "the database", err)
		return
	}
	fresh(c, at)
	out := validatorStatus{
		Staked: "0", StakedFormatted: "0 SAGE", StakeTier: "None", Earnings: "0", EarningsFormatted: "0 SAGE",
		Pending: "0", PendingFormatted: "0 SAGE", Address: address.String(), Unknown: []string{},
	}
	if !known {
		c.JSON(http.StatusOK, out)
		return
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
	c.JSON(http.StatusOK, out)
}

// contracts answers with the addresses that this process follows, and where an explorer shows them.
func (s *Server) contracts(c *gin.Context) {
	address := map[string]schemas.Address{}
	all := map[string][]schemas.Address{}
	for _, k := range s.config.Contracts {
		if _, ok := address[k.Name]; !ok {
			address[k.Name] = k.Address
		}
		all[k.Name] = append(all[k.Name], k.Address)
	}
	explorer := "https://sepolia.starkscan.co"
	if s.config.Network == schemas.Mainnet {
		explorer = "https://starkscan.co"
	}
	out := gin.H{
		"network": s.config.Network, "sage_token": address["SAGEToken"], "prover_staking": address["ProverStaking"],
		"reputation_manager": address["ReputationManager"], "job_manager": address["JobManager"], "faucet": nil,
		"explorer_base_url": explorer, "contracts": all, "simulated": s.config.Network == schemas.Local,
	}
	if a, ok := address["Faucet"]; ok {
		out["faucet"] = a
	}
	c.JSON(http.StatusOK, out)
}
