package api

// routes is the table of all endpoints but the WebSockets and the metrics. Each file of reads has its part.
func (s *Server) routes() []endpoint {
	var table []endpoint
	for _, part := range [][]endpoint{
		s.healthRoutes(), s.networkRoutes(), s.validatorRoutes(), s.reportRoutes(), s.tradingRoutes(), s.governanceRoutes(), s.walletRoutes(), s.auditRoutes(),
		s.provenanceRoutes(),
	} {
		table = append(table, part...)
	}
	return table
}

// networkRoutes are of the network as a whole.
func (s *Server) networkRoutes() []endpoint {
	return []endpoint{
		read(Route{
			Path: "/api/network/stats", Tag: "Network", Summary: "The network in numbers", Of: Chain | Telemetry, PerMinute: 120,
			Example: "GET_api_network_stats.200",
			About: `Utilisation is 100 × active_workers / total_workers; a worker is active with a heartbeat in the last two minutes of its partition's time.
Hours and days end with the newest block. total_compute_hours is the sum over completed jobs of the time from assignment to completion.`,
		}, s.networkStats),
		read(Route{
			Path: "/api/network/workers", Tag: "Network", Summary: "The registered workers, those with most completed jobs first", Of: Chain | Telemetry, PerMinute: 60,
			Example: "GET_api_network_workers.200",
		}, s.networkWorkers),
		exported(Route{
			Path: "/api/jobs/recent", Tag: "Jobs", Summary: "The newest jobs", Of: Chain, PerMinute: 120, Example: "GET_api_jobs_recent.200",
		}, s.recentJobs, s.eachRecentJob),
		read(Route{
			Path: "/api/state/digest", Tag: "Network", Summary: "The digest of the read models", Of: Chain,
			About: "Coordinators with logs of their own that agree on the digest of a block have the same read models.",
		}, s.stateDigest),
		plain(Route{
			Path: "/api/contracts", Tag: "Network", Summary: "The contracts that are followed", PerMinute: 300, Example: "GET_api_contracts.200",
		}, s.contracts),
	}
}

// validatorRoutes are of one validator.
func (s *Server) validatorRoutes() []endpoint {
	return []endpoint{
		read(Route{
			Path: "/api/validator/status", Tag: "Validators", Summary: "A validator's stake, work and liveness", Of: Chain | Telemetry, PerMinute: 200,
			Example: "GET_api_validator_status.200",
			About: `An account that the chain has never told of is answered with is_registered false and zeros. A validator is active with a stake and a
heartbeat in the last five minutes. uptime_percent is 100 × minutes with a heartbeat / minutes that were listened to, over the last day.`,
		}, s.validatorStatus),
	}
}
