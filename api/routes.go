package api

// routes is the table of all endpoints but the WebSockets and the metrics. Each file of reads has its part.
func (s *Server) routes() []endpoint {
	var table []endpoint
	for _, part := range [][]endpoint{
		s.healthRoutes(), s.dashboardRoutes(), s.networkRoutes(), s.validatorRoutes(), s.jobRoutes(), s.proofRoutes(), s.stakingRoutes(), s.earningRoutes(), s.reportRoutes(),
		s.tradingRoutes(), s.governanceRoutes(), s.walletRoutes(), s.auditRoutes(), s.provenanceRoutes(),
	} {
		table = append(table, part...)
	}
	return table
}
