// Generated from /openapi.json by openapi-typescript; do not edit: run make generate.

export interface paths {
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contracts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getContracts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dashboard/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getDashboardActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dashboard/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getDashboardStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earnings/network/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getEarningsNetworkStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earnings/recent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getEarningsRecent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earnings/{address}/breakdown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getEarningsAddressBreakdown"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earnings/{address}/chart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getEarningsAddressChart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earnings/{address}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getEarningsAddressHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earnings/{address}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getEarningsAddressSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/faucet/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getFaucetConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/faucet/history/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getFaucetHistoryAddress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/faucet/status/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getFaucetStatusAddress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/governance/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getGovernanceConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/governance/delegations/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getGovernanceDelegationsAddress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/governance/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getGovernanceProposals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/governance/proposals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getGovernanceProposalsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/governance/proposals/{id}/votes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getGovernanceProposalsIdVotes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/governance/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getGovernanceStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/governance/voting-power/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getGovernanceVotingPowerAddress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getShortHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/analytics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJobsAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/db": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJobsDb"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/db/analytics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJobsDbAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/db/by-client/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJobsDbByClientAddress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/db/by-worker/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJobsDbByWorkerAddress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/db/recent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJobsDbRecent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/db/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJobsDbJobId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/db/{job_id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJobsDbJobIdTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/recent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJobsRecent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJobsJobId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{job_id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getJobsJobIdResult"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/network/growth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getNetworkGrowth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/network/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getNetworkStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/network/stats/chart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getNetworkStatsChart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/network/stats/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getNetworkStatsHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/network/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getNetworkWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proofs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getProofs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proofs/by-job/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getProofsByJobJobId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proofs/by-worker/{worker_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getProofsByWorkerWorkerId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proofs/pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getProofsPending"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proofs/recent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getProofsRecent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proofs/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getProofsStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proofs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getProofsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proofs/{id}/detail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getProofsIdDetail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proofs/{id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getProofsIdVerify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/provenance/{kind}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getProvenanceKindId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/db/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingDbConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/db/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingDbEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/db/history/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingDbHistoryAddress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/db/info/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingDbInfoAddress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/db/leaderboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingDbLeaderboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/db/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingDbStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/db/tiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingDbTiers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/db/total": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingDbTotal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/db/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingDbWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/history/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingHistoryAddress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/info/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingInfoAddress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/leaderboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingLeaderboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/tiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingTiers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/total": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingTotal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/staking/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStakingWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/state/digest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStateDigest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getCoordinatorStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trading/orderbook/{pair_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTradingOrderbookPairId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trading/orderbook/{pair_id}/depth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTradingOrderbookPairIdDepth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trading/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTradingOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trading/orders/{order_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTradingOrdersOrderId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trading/pairs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTradingPairs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trading/pairs/{pair_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTradingPairsPairId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trading/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTradingStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trading/stats/{pair_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTradingStatsPairId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trading/stats/{pair_id}/24h": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTradingStatsPairId24h"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trading/stats/{pair_id}/price-history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTradingStatsPairIdPriceHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trading/stats/{pair_id}/twap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTradingStatsPairIdTwap"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trading/trades/{pair_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getTradingTradesPairId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/validator/gpus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getValidatorGpus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/validator/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getValidatorHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/validator/rewards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getValidatorRewards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/validator/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getValidatorStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/wallet/{address}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWalletAddressSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/wallet/{address}/transactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWalletAddressTransactions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/wallet/{address}/transfers/recent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWalletAddressTransfersRecent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/worker/claim-reward": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postWorkerClaimReward"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/worker/gpu-metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postWorkerGpuMetrics"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/worker/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["postWorkerHeartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/worker/heartbeats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWorkerHeartbeats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/worker/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWorkerStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/worker/uptime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWorkerUptime"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getWorkersId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getHealthLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getHealthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Activity: {
            /** @enum {string} */
            activity_type: "job" | "payment" | "staking";
            address: string | null;
            amount: string | null;
            /** Format: int64 */
            block_number: number;
            description: string;
            event_type: string;
            job_id: string | null;
            /** Format: date-time */
            timestamp: string;
            tx_hash: string | null;
        };
        Anomalies: {
            newest: components["schemas"]["Anomaly"][];
            /** Format: int64 */
            total: number;
        };
        Anomaly: {
            /** Format: int64 */
            block: number;
            /** Format: date-time */
            block_time: string;
            contract: string;
            event_id: string;
            event_type: string;
            key: string;
            /** Format: int64 */
            log_offset: number;
            read_model: string;
            reason: string;
            tx_hash: string;
        };
        AuditAnswer: {
            anomalies: components["schemas"]["Anomalies"] | null;
            completeness: components["schemas"]["Completeness"] | null;
            projections: components["schemas"]["ModelAudit"] | null;
            unknown?: string[];
            why?: {
                [key: string]: string;
            };
        };
        AuditCount: {
            /** Format: int64 */
            count: number;
            /** @enum {string} */
            outcome: "whole" | "fault" | "void" | "not_checked";
            /** @enum {string} */
            reason: "random" | "odd";
        };
        AuditFault: {
            /** Format: int64 */
            block: number;
            block_hash: string;
            contract?: string;
            /** Format: date-time */
            found_at: string;
            /** @enum {string} */
            kind: "missing" | "surplus" | "wrong" | "count";
            position: string;
            provider: string;
        };
        AuditedLast: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            block: number;
        };
        Candle: {
            close: string;
            high: string;
            low: string;
            open: string;
            /** Format: date-time */
            timestamp: string;
            /** Format: int64 */
            trade_count: number;
            volume: string;
        };
        Capabilities: {
            /** Format: int64 */
            cpu_cores: number;
            /** Format: double */
            gpu_memory_gb: number;
            gpu_model: string;
            has_tee: boolean;
            /** Format: double */
            ram_gb: number;
            supported_job_types: string[];
            tee_type: string | null;
        };
        ChainAnswer: {
            agrees: boolean;
            block_hash: string;
            /** Format: int64 */
            block_number: number;
            views: components["schemas"]["ViewAsked"][];
        };
        CheckCount: {
            /** Format: int64 */
            count: number;
            /** @enum {string} */
            outcome: "agrees" | "drift" | "refused" | "not_checked";
        };
        CheckedLast: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            block: number;
            check: string;
        };
        CircuitCount: {
            circuit_type: string;
            /** Format: int64 */
            count: number;
        };
        Claim: {
            address: string;
            amount: string;
            /** Format: int64 */
            block_number?: number | null;
            /** @enum {string} */
            claim_type: "staking" | "mining" | "referral" | "bonus" | "vesting" | "fees" | "keeper";
            /** Format: int64 */
            epoch_number?: number | null;
            tx_hash?: string | null;
        };
        ClaimAnswer: {
            claim_id: string;
            reason: string | null;
            status: string;
            success: boolean;
            total_claimed: string;
            unknown: string[];
        };
        Completeness: {
            blocks: components["schemas"]["AuditCount"][];
            /** Format: int64 */
            dropped: number;
            /** Format: double */
            every_seconds: number;
            faults: components["schemas"]["AuditFault"][];
            /** Format: int64 */
            faulty_blocks: number;
            last: components["schemas"]["AuditedLast"] | null;
            /** Format: int64 */
            pending: number;
            problem?: string;
            status: string;
            /** Format: date-time */
            told_at: string;
            told_by: string;
        };
        Component: {
            /** Format: int64 */
            last_check: number;
            message?: string;
            name: string;
            /** Format: int64 */
            response_time_ms: number;
            status: string;
        };
        Contracts: {
            contracts: {
                [key: string]: string[] | null;
            };
            explorer_base_url: string;
            faucet: string | null;
            job_manager: string;
            network: string;
            prover_staking: string;
            reputation_manager: string;
            sage_token: string;
            simulated: boolean;
        };
        CoordinatorNumbers: {
            /** Format: int64 */
            busy_workers: number;
            /** Format: int64 */
            completed_jobs: number;
            /** Format: int64 */
            failed_jobs: number;
            /** Format: int64 */
            offline_workers: number;
            /** Format: int64 */
            online_workers: number;
            /** Format: int64 */
            pending_jobs: number;
            /** Format: int64 */
            running_jobs: number;
            /** Format: int64 */
            total_gpus: number;
            /** Format: int64 */
            total_jobs: number;
            /** Format: int64 */
            total_workers: number;
        };
        CoordinatorStats: {
            coordinator: components["schemas"]["CoordinatorNumbers"];
            unknown: string[];
            /** Format: int64 */
            websocket_subscribers: number;
        };
        DashboardStats: {
            /** Format: int64 */
            active_jobs: number;
            /** Format: int64 */
            active_workers: number;
            /** Format: int64 */
            avg_job_time_ms: number;
            /** Format: int64 */
            cancelled_jobs: number;
            /** Format: int64 */
            completed_jobs: number;
            earnings_24h: string;
            /** Format: int64 */
            failed_jobs: number;
            /** Format: int64 */
            jobs_24h: number;
            /** Format: double */
            success_rate: number;
            total_earnings: string;
            /** Format: int64 */
            total_jobs: number;
            total_staked: string;
            /** Format: int64 */
            total_workers: number;
            unknown: string[];
        };
        Delegation: {
            amount: string;
            delegate: string;
            /** Format: date-time */
            delegated_at: string;
            delegator: string;
        };
        Delegations: {
            delegations: components["schemas"]["Delegation"][];
        };
        DriftFound: {
            args?: unknown;
            /** Format: int64 */
            block: number;
            block_hash: string;
            check: string;
            differences: components["schemas"]["ValueDifference"][];
            /** Format: date-time */
            found_at: string;
            key?: string;
            projection: string;
            view: string;
        };
        Earner: {
            address: string;
            /** Format: int64 */
            payment_count: number;
            total_earnings: string;
        };
        Earnings: {
            by_token: components["schemas"]["TokenSum"][];
            by_type: components["schemas"]["PaymentTypeSum"][];
            claimed_earnings: string;
            earnings_24h: string;
            earnings_30d: string;
            earnings_7d: string;
            pending_earnings: string;
            /** Format: double */
            percentile: number | null;
            /** Format: int64 */
            private_payments: number;
            /** Format: int64 */
            rank: number | null;
            total_earnings: string;
        };
        EarningsChart: {
            data: components["schemas"]["EarningsDay"][];
            period: string;
            total: string;
        };
        EarningsDay: {
            amount: string;
            /** Format: int64 */
            count: number;
            date: string;
        };
        EarningsNetwork: {
            amount_24h: string;
            avg_payment: string | null;
            avg_payment_amount: string | null;
            by_type: components["schemas"]["PaymentTypeSum"][];
            by_type_distribution: components["schemas"]["PaymentShare"][];
            /** Format: int64 */
            payments_24h: number;
            /** Format: int64 */
            payments_last_24h: number;
            top_earners: components["schemas"]["Earner"][];
            total_distributed: string;
            total_paid: string;
            /** Format: int64 */
            total_payments: number;
            volume_last_24h: string;
        };
        ErrorDetail: {
            location?: string;
            message?: string;
            value?: unknown;
        };
        ErrorModel: {
            /** @example Property foo is required but is missing. */
            detail?: string;
            errors?: components["schemas"]["ErrorDetail"][];
            /**
             * Format: uri
             * @example https://example.com/error-log/abc123
             */
            instance?: string;
            /**
             * Format: int64
             * @example 400
             */
            status?: number;
            /** @example Bad Request */
            title?: string;
            /**
             * Format: uri
             * @default about:blank
             * @example https://example.com/errors/example
             */
            type: string;
        };
        FaucetClaim: {
            amount: string;
            amount_formatted: string;
            /** Format: int64 */
            block_number: number;
            claim_number: string;
            /** @enum {string} */
            claim_type: "standard";
            /** Format: int64 */
            claimed_at: number;
            id: string;
            tx_hash: string;
        };
        FaucetConfig: {
            claim_amount: string;
            claim_amount_formatted: string;
            cooldown_formatted: string;
            /** Format: int64 */
            cooldown_secs: number;
            enabled: boolean;
            network: string;
            /** Format: int64 */
            total_claims: number;
            total_distributed: string;
            unknown: string[];
        };
        FaucetHistory: {
            claims: components["schemas"]["FaucetClaim"][];
            next_cursor: string | null;
            total_claimed: string;
            total_claimed_formatted: string;
            /** Format: int64 */
            total_claims: number;
        };
        FaucetStatus: {
            address: string;
            can_claim: boolean;
            claim_amount: string;
            claim_amount_formatted: string;
            /** Format: int64 */
            claim_count: number;
            /** Format: int64 */
            last_claim_at: number | null;
            /** Format: int64 */
            time_until_next_claim_secs: number;
            total_claimed: string;
            total_claimed_formatted: string;
            unknown: string[];
        };
        GPU: {
            /** Format: double */
            compute_utilization?: number | null;
            current_job_id?: string | null;
            /** Format: int64 */
            gpu_index: number;
            gpu_model?: string | null;
            gpu_tier?: string | null;
            has_tee?: boolean | null;
            /** Format: double */
            power_watts?: number | null;
            /** Format: double */
            temperature_celsius?: number | null;
            /** Format: double */
            vram_total_gb?: number | null;
            /** Format: double */
            vram_used_gb?: number | null;
        };
        GPUMetrics: {
            gpus: components["schemas"]["GPU"][];
            worker_address: string;
        };
        GovernanceConfig: {
            contracts: {
                [key: string]: string;
            };
            /** Format: int64 */
            execution_delay_secs: number;
            /** Format: int64 */
            observed_since: number | null;
            proposal_threshold: string;
            quorum: string;
            unknown: string[];
            /** Format: int64 */
            voting_delay_secs: number;
            /** Format: int64 */
            voting_period_secs: number;
        };
        GovernanceStats: {
            /** Format: int64 */
            active_proposals: number;
            /** Format: int64 */
            cancelled_proposals: number;
            /** Format: double */
            participation_rate: number;
            /** Format: int64 */
            passed_proposals: number;
            /** Format: int64 */
            rejected_proposals: number;
            /** Format: int64 */
            total_proposals: number;
            /** Format: int64 */
            total_votes_cast: number;
            total_voting_power: string;
            /** Format: int64 */
            unique_voters: number;
            unknown: string[];
        };
        Gpu: {
            /** Format: double */
            compute_utilization: number;
            cuda_version: string | null;
            current_job_id: string | null;
            driver_version: string | null;
            has_tee: boolean;
            /** Format: int64 */
            index: number;
            model: string;
            name: string;
            /** Format: double */
            power_watts: number;
            /** Format: int64 */
            recorded_at: number;
            /** @enum {string} */
            status: "active" | "idle" | "offline";
            tee_type: string | null;
            /** Format: double */
            temperature_celsius: number;
            tier: string;
            unknown: string[];
            /** Format: double */
            vram_total_gb: number;
            /** Format: double */
            vram_used_gb: number;
            /** Format: double */
            vram_utilization: number;
        };
        GpuMetricsAnswer: {
            /** Format: int64 */
            recorded_count: number;
            success: boolean;
        };
        Gpus: {
            /** Format: int64 */
            active_gpus: number;
            /** Format: double */
            avg_temperature: number;
            /** Format: double */
            avg_utilization: number;
            gpus: components["schemas"]["Gpu"][];
            /** Format: int64 */
            total_gpus: number;
            /** Format: double */
            total_tflops: number | null;
            /** Format: int64 */
            total_vram_mb: number;
            unknown: string[];
            /** Format: int64 */
            used_vram_mb: number;
        };
        HealthAnswer: {
            components: components["schemas"]["Component"][];
            metrics?: {
                [key: string]: unknown;
            };
            status: string;
            /** Format: int64 */
            timestamp: number;
            /** Format: int64 */
            uptime_seconds: number;
            version: string;
        };
        Heartbeat: {
            /** Format: int64 */
            gpu_count?: number | null;
            /** Format: double */
            gpu_utilization?: number | null;
            gpus?: components["schemas"]["GPU"][] | null;
            /** Format: int64 */
            jobs_in_progress?: number | null;
            /** Format: int64 */
            latency_ms?: number | null;
            /** Format: double */
            memory_utilization?: number | null;
            version?: string | null;
            worker_address: string;
            worker_id?: string | null;
        };
        HeartbeatAnswer: {
            /** Format: int64 */
            heartbeat_interval_secs: number;
            message: string;
            /** @enum {string} */
            status: "idle" | "active";
            success: boolean;
            unknown: string[];
            /** Format: double */
            uptime_percent: number;
        };
        HeartbeatList: {
            has_more: boolean;
            heartbeats: components["schemas"]["HeartbeatRow"][];
            /** Format: int64 */
            limit: number;
            next_cursor: string | null;
            /** Format: int64 */
            page: number;
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            total_pages: number;
            worker_address: string;
        };
        HeartbeatRow: {
            /** Format: int64 */
            gpu_count: number | null;
            /** Format: double */
            gpu_utilization: number | null;
            /** Format: int64 */
            jobs_in_progress: number | null;
            /** Format: int64 */
            latency_ms: number | null;
            /** Format: double */
            memory_utilization: number | null;
            /** Format: int64 */
            timestamp: number;
            version: string | null;
            worker_id: string | null;
        };
        HourCount: {
            /** Format: int64 */
            count: number;
            /** Format: int64 */
            hour: number;
        };
        Job: {
            /** Format: int64 */
            block: number;
            client_address: string;
            /** Format: int64 */
            completed_at: number | null;
            /** Format: int64 */
            duration_secs: number | null;
            job_id: string;
            job_type: string;
            payment_amount: string | null;
            reward: string | null;
            status: string;
            /** Format: int64 */
            submitted_at: number;
            unknown: string[];
            worker_address: string | null;
        };
        JobAnalytics: {
            /** Format: double */
            avg_completion_time_ms: number;
            /** Format: double */
            avg_completion_time_secs: number;
            avg_reward_per_job: string;
            /** Format: int64 */
            completed_jobs: number;
            /** Format: int64 */
            failed_jobs: number;
            jobs_by_type: components["schemas"]["JobType"][];
            /** Format: int64 */
            jobs_cancelled: number;
            /** Format: int64 */
            jobs_completed: number;
            /** Format: int64 */
            jobs_failed: number;
            /** Format: int64 */
            jobs_in_progress: number;
            /** Format: int64 */
            jobs_last_24h: number;
            /** Format: int64 */
            jobs_last_7d: number;
            /** Format: double */
            success_rate: number;
            /** Format: int64 */
            success_rate_bps: number;
            /** Format: double */
            total_compute_hours: number;
            /** Format: int64 */
            total_jobs: number;
            unknown: string[];
        };
        JobAnalyticsByName: {
            /** Format: double */
            avg_completion_time_ms: number;
            /** Format: double */
            avg_completion_time_secs: number;
            avg_reward_per_job: string;
            /** Format: int64 */
            completed_jobs: number;
            /** Format: int64 */
            failed_jobs: number;
            jobs_by_type: {
                [key: string]: number;
            };
            /** Format: int64 */
            jobs_cancelled: number;
            /** Format: int64 */
            jobs_completed: number;
            /** Format: int64 */
            jobs_failed: number;
            /** Format: int64 */
            jobs_in_progress: number;
            /** Format: int64 */
            jobs_last_24h: number;
            /** Format: int64 */
            jobs_last_7d: number;
            /** Format: double */
            success_rate: number;
            /** Format: int64 */
            success_rate_bps: number;
            /** Format: double */
            total_compute_hours: number;
            /** Format: int64 */
            total_jobs: number;
            unknown: string[];
        };
        JobDetail: {
            chain?: components["schemas"]["ChainAnswer"] | null;
            job: components["schemas"]["JobRow"];
            proof: components["schemas"]["JobProof"] | null;
            timeline: components["schemas"]["TimelineEvent"][];
        };
        JobFound: {
            /** Format: date-time */
            assigned_at: string | null;
            /** Format: int64 */
            block_number: number;
            /** Format: date-time */
            cancelled_at: string | null;
            chain?: components["schemas"]["ChainAnswer"] | null;
            client_address: string | null;
            /** Format: date-time */
            completed_at: string | null;
            /** Format: date-time */
            created_at: string | null;
            error_message: string | null;
            /** Format: int64 */
            execution_time_ms: number | null;
            id: string;
            job_id: string;
            job_type: string;
            paid_amount: string | null;
            payment_amount: string | null;
            /** Format: int64 */
            priority: number;
            result_hash: string | null;
            /** Format: date-time */
            started_at: string | null;
            status: string;
            tx_hash: string;
            unknown: string[];
            worker_address: string | null;
            worker_id: string | null;
        };
        JobList: {
            has_more: boolean;
            jobs: components["schemas"]["JobRow"][];
            /** Format: int64 */
            limit: number;
            next_cursor: string | null;
            /** Format: int64 */
            page: number;
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            total_pages: number;
        };
        JobNumbers: {
            /** Format: int64 */
            assigned_jobs: number;
            /** Format: double */
            avg_execution_time_ms: number | null;
            by_status: components["schemas"]["StatusCount"][];
            by_type: components["schemas"]["TypeCount"][];
            /** Format: int64 */
            cancelled_jobs: number;
            /** Format: int64 */
            completed_jobs: number;
            /** Format: double */
            completion_rate: number;
            /** Format: int64 */
            failed_jobs: number;
            hourly_distribution: components["schemas"]["HourCount"][];
            /** Format: int64 */
            jobs_last_24h: number;
            /** Format: int64 */
            jobs_last_7d: number;
            /** Format: int64 */
            pending_jobs: number;
            /** Format: int64 */
            total_jobs: number;
            total_paid_amount: string;
            total_payment_amount: string;
            unknown: string[];
        };
        JobProof: {
            is_valid: boolean | null;
            proof_hash: string | null;
            proof_type: string | null;
            /** Format: int64 */
            verification_time_ms: number | null;
            /** Format: date-time */
            verified_at: string | null;
        };
        JobResult: {
            actual_cost_sage: string;
            error: string | null;
            /** Format: double */
            execution_time_secs: number;
            job_id: string;
            output_data: string | null;
            output_files: string[];
            proof_hash: string | null;
            result_hash: string | null;
            status: string;
            unknown: string[];
            worker_id: string | null;
        };
        JobRow: {
            /** Format: date-time */
            assigned_at: string | null;
            /** Format: int64 */
            block_number: number;
            /** Format: date-time */
            cancelled_at: string | null;
            client_address: string | null;
            /** Format: date-time */
            completed_at: string | null;
            /** Format: date-time */
            created_at: string | null;
            error_message: string | null;
            /** Format: int64 */
            execution_time_ms: number | null;
            id: string;
            job_id: string;
            job_type: string;
            paid_amount: string | null;
            payment_amount: string | null;
            /** Format: int64 */
            priority: number;
            result_hash: string | null;
            /** Format: date-time */
            started_at: string | null;
            status: string;
            tx_hash: string;
            unknown: string[];
            worker_address: string | null;
            worker_id: string | null;
        };
        JobType: {
            /** Format: int64 */
            count: number;
            job_type: string;
            /** Format: double */
            percentage: number;
        };
        Leader: {
            address: string;
            gpu_tier: string | null;
            is_active: boolean;
            /** Format: int64 */
            jobs_completed: number;
            /** Format: int64 */
            rank: number;
            /** Format: int64 */
            reputation_score: number;
            staked_amount: string;
            /** Format: double */
            success_rate: number;
            total_earnings: string;
            unknown: string[];
            worker_id: string;
        };
        Leaderboard: {
            has_more: boolean;
            leaderboard: components["schemas"]["Leader"][];
            /** Format: int64 */
            limit: number;
            next_cursor: string | null;
            /** Format: int64 */
            page: number;
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            total_pages: number;
            total_staked: string;
            /** Format: int64 */
            total_stakers: number;
            /** Format: date-time */
            updated_at: string | null;
        };
        Level: {
            amount: string;
            /** Format: int64 */
            order_count: number;
            price: string;
            total: string;
        };
        LiveAnswer: {
            alive: boolean;
        };
        MarketStats: {
            high_24h: string | null;
            last_price: string | null;
            low_24h: string | null;
            open_price: string | null;
            pair_id: string;
            price_change_24h: string | null;
            /** Format: double */
            price_change_pct: number | null;
            /** Format: int64 */
            trade_count_24h: number;
            volume_24h: string;
            volume_quote_24h: string;
        };
        ModelAudit: {
            checks: components["schemas"]["CheckCount"][];
            /** Format: int64 */
            drifting: number;
            drifts: components["schemas"]["DriftFound"][];
            /** Format: double */
            every_seconds: number;
            last: components["schemas"]["CheckedLast"] | null;
            left_out: components["schemas"]["NotAudited"][];
            problem?: string;
            status: string;
            /** Format: date-time */
            told_at: string;
            told_by: string;
        };
        NetworkChart: {
            data: components["schemas"]["NetworkPoint"][];
            period: string;
        };
        NetworkGrowth: {
            /** Format: double */
            jobs_growth_24h: number;
            /** Format: double */
            jobs_growth_7d: number;
            /** Format: double */
            staked_growth_24h: number;
            /** Format: double */
            staked_growth_7d: number;
            unknown: string[];
            /** Format: double */
            workers_growth_24h: number;
            /** Format: double */
            workers_growth_7d: number;
        };
        NetworkHistory: {
            latest: components["schemas"]["NetworkSnapshot"] | null;
            period: string;
            snapshots: components["schemas"]["NetworkSnapshot"][];
        };
        NetworkPoint: {
            /** Format: int64 */
            jobs: number;
            /** Format: double */
            staked: number;
            /** Format: int64 */
            timestamp: number;
            unknown: string[];
            /** Format: double */
            utilization: number;
            /** Format: int64 */
            workers: number;
        };
        NetworkSnapshot: {
            /** Format: int64 */
            active_workers: number;
            /** Format: int64 */
            avg_job_time_ms: number | null;
            /** Format: double */
            gpu_utilization: number | null;
            id: string;
            is_whole: boolean;
            /** Format: int64 */
            jobs_24h: number;
            /** Format: int64 */
            jobs_completed: number;
            /** Format: double */
            network_utilization: number | null;
            /** Format: int64 */
            snapshot_at: number;
            /** Format: int64 */
            total_jobs: number;
            total_staked: string;
            total_volume_24h: string | null;
            /** Format: int64 */
            total_workers: number;
            unknown: string[];
        };
        NetworkStats: {
            /** Format: int64 */
            active_workers: number;
            /** Format: double */
            average_job_duration_secs: number;
            /** Format: double */
            average_proof_time_ms: number;
            /** Format: int64 */
            avg_apy_bps: number;
            /** Format: double */
            avg_job_completion_time_secs: number;
            /** Format: int64 */
            current_block: number;
            /** Format: double */
            current_tps: number;
            /** Format: int64 */
            indexed_at: number | null;
            /** Format: int64 */
            jobs_completed_24h: number;
            /** Format: int64 */
            jobs_in_progress: number;
            /** Format: int64 */
            jobs_last_24h: number;
            network: string;
            /** Format: double */
            network_utilization: number;
            simulated: boolean;
            /** Format: double */
            total_compute_hours: number;
            /** Format: int64 */
            total_jobs_completed: number;
            /** Format: int64 */
            total_jobs_processed: number;
            /** Format: int64 */
            total_proofs_verified: number;
            total_staked: string;
            total_staked_formatted: string;
            /** Format: int64 */
            total_workers: number;
            unknown: string[];
            /** Format: int64 */
            utilization_bps: number;
            workers_by_tier: {
                [key: string]: number;
            };
        };
        NetworkWorkers: {
            has_more: boolean;
            /** Format: int64 */
            limit: number;
            next_cursor: string | null;
            /** Format: int64 */
            page: number;
            /** Format: int64 */
            page_size: number;
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            total_count: number;
            /** Format: int64 */
            total_pages: number;
            workers: components["schemas"]["Worker"][];
        };
        NewestJobs: {
            jobs: components["schemas"]["JobRow"][];
        };
        NotAudited: {
            contract: string;
            why: string;
        };
        OrderBook: {
            asks: components["schemas"]["Level"][];
            best_ask: string | null;
            best_bid: string | null;
            bids: components["schemas"]["Level"][];
            /** Format: date-time */
            last_updated: string | null;
            mid_price: string | null;
            pair_id: string;
            spread: string | null;
            /** Format: double */
            spread_percentage: number | null;
        };
        Payment: {
            amount: string;
            /** Format: int64 */
            block_number: number | null;
            /** Format: date-time */
            created_at: string;
            id: string;
            job_id: string | null;
            payment_type: string;
            privacy_enabled: boolean;
            token: string;
            tx_hash: string | null;
            unknown: string[];
            worker_address: string;
        };
        PaymentList: {
            has_more: boolean;
            /** Format: int64 */
            limit: number;
            next_cursor: string | null;
            /** Format: int64 */
            page: number;
            payments: components["schemas"]["Payment"][];
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            total_pages: number;
        };
        PaymentShare: {
            payment_type: string;
            /** Format: double */
            percentage: number;
            total: string;
        };
        PaymentTypeSum: {
            /** Format: int64 */
            count: number;
            payment_type: string;
            total: string;
        };
        PlainGPU: {
            current_job: string | null;
            id: string;
            /** Format: double */
            memory_total: number;
            /** Format: double */
            memory_used: number;
            model: string;
            name: string;
            /** Format: double */
            power_draw: number;
            status: string;
            /** Format: double */
            temperature: number;
            /** Format: double */
            utilization: number;
            /** Format: double */
            vram: number;
        };
        PlainJob: {
            /** Format: int64 */
            block: number;
            client_address: string;
            /** Format: int64 */
            completed_at: number | null;
            /** Format: int64 */
            duration_ms: number | null;
            job_id: string;
            job_type: string;
            payment_amount: string | null;
            reward: string;
            status: string;
            /** Format: int64 */
            submitted_at: number;
            unknown: string[];
            worker_address: string | null;
        };
        PriceHistory: {
            data: components["schemas"]["Candle"][];
            interval: string;
            pair_id: string;
            period: string;
        };
        PricePoint: {
            price: string;
            /** Format: date-time */
            timestamp: string;
        };
        Problem: {
            code: string;
            detail: string;
            error: string;
            instance?: string;
            /** Format: int64 */
            limit?: number;
            /** Format: int64 */
            retry_after_secs?: number;
            /** Format: int64 */
            status: number;
            title: string;
            type: string;
        };
        ProofAnswer: {
            /** Format: int64 */
            block_number: number;
            chain?: components["schemas"]["ChainAnswer"] | null;
            /** Format: date-time */
            challenge_deadline: string | null;
            challenger_address: string | null;
            circuit_type: string | null;
            contract_name: string;
            /** Format: date-time */
            created_at: string | null;
            /** Format: int64 */
            generation_time_ms: number | null;
            id: string;
            is_valid: boolean | null;
            job_id: string | null;
            proof_hash: string | null;
            /** Format: int64 */
            proof_size: number | null;
            /** Format: int64 */
            proof_size_bytes: number | null;
            proof_type: string;
            prover_address: string | null;
            reject_reason: string | null;
            /** Format: date-time */
            rejected_at: string | null;
            /** Format: int64 */
            security_bits: number | null;
            status: string;
            tx_hash: string;
            unknown: string[];
            /** @enum {string} */
            verification_status: "pending" | "verified" | "failed";
            /** Format: int64 */
            verification_time_ms: number | null;
            /** Format: date-time */
            verified_at: string | null;
            verifier_address: string | null;
            worker_id: string | null;
        };
        ProofDay: {
            date: string;
            /** Format: int64 */
            invalid: number;
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            valid: number;
        };
        ProofDetail: {
            /** Format: int64 */
            block_number: number;
            chain?: components["schemas"]["ChainAnswer"] | null;
            /** Format: date-time */
            challenge_deadline: string | null;
            challenger_address: string | null;
            circuit_type: string | null;
            contract_name: string;
            /** Format: date-time */
            created_at: string | null;
            /** Format: int64 */
            generation_time_ms: number | null;
            id: string;
            is_valid: boolean | null;
            job: components["schemas"]["ProofJob"] | null;
            job_id: string | null;
            proof: components["schemas"]["ProofRow"];
            proof_hash: string | null;
            /** Format: int64 */
            proof_size: number | null;
            /** Format: int64 */
            proof_size_bytes: number | null;
            proof_type: string;
            prover_address: string | null;
            reject_reason: string | null;
            /** Format: date-time */
            rejected_at: string | null;
            /** Format: int64 */
            security_bits: number | null;
            status: string;
            tx_hash: string;
            unknown: string[];
            /** @enum {string} */
            verification_status: "pending" | "verified" | "failed";
            /** Format: int64 */
            verification_time_ms: number | null;
            /** Format: date-time */
            verified_at: string | null;
            verifier_address: string | null;
            worker: components["schemas"]["ProofWorker"] | null;
            worker_id: string | null;
        };
        ProofJob: {
            client_address: string | null;
            job_id: string;
            job_type: string;
            status: string;
        };
        ProofList: {
            has_more: boolean;
            /** Format: int64 */
            limit: number;
            next_cursor: string | null;
            /** Format: int64 */
            page: number;
            proofs: components["schemas"]["ProofRow"][];
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            total_pages: number;
        };
        ProofNumbers: {
            /** Format: double */
            avg_generation_time_ms: number | null;
            /** Format: double */
            avg_proof_size_bytes: number | null;
            /** Format: double */
            avg_verification_time_ms: number | null;
            by_circuit: components["schemas"]["CircuitCount"][];
            by_type: components["schemas"]["ProofTypeCount"][];
            daily: components["schemas"]["ProofDay"][];
            /** Format: int64 */
            failed_proofs: number;
            /** Format: int64 */
            pending_proofs: number;
            /** Format: int64 */
            proofs_last_24h: number;
            /** Format: int64 */
            proofs_last_7d: number;
            /** Format: int64 */
            total_proofs: number;
            unknown: string[];
            /** Format: double */
            verification_rate: number;
            /** Format: int64 */
            verified_proofs: number;
        };
        ProofRow: {
            /** Format: int64 */
            block_number: number;
            /** Format: date-time */
            challenge_deadline: string | null;
            challenger_address: string | null;
            circuit_type: string | null;
            contract_name: string;
            /** Format: date-time */
            created_at: string | null;
            /** Format: int64 */
            generation_time_ms: number | null;
            id: string;
            is_valid: boolean | null;
            job_id: string | null;
            proof_hash: string | null;
            /** Format: int64 */
            proof_size: number | null;
            /** Format: int64 */
            proof_size_bytes: number | null;
            proof_type: string;
            prover_address: string | null;
            reject_reason: string | null;
            /** Format: date-time */
            rejected_at: string | null;
            /** Format: int64 */
            security_bits: number | null;
            status: string;
            tx_hash: string;
            unknown: string[];
            /** @enum {string} */
            verification_status: "pending" | "verified" | "failed";
            /** Format: int64 */
            verification_time_ms: number | null;
            /** Format: date-time */
            verified_at: string | null;
            verifier_address: string | null;
            worker_id: string | null;
        };
        ProofTypeCount: {
            /** Format: int64 */
            count: number;
            proof_type: string;
        };
        ProofVerdict: {
            agrees: boolean | null;
            answer: unknown;
            block_hash: string;
            /** Format: int64 */
            block_number: number;
            contract_address: string | null;
            contract_name: string;
            is_valid: boolean | null;
            projection_status: string;
            proof_hash: string | null;
            proof_id: string;
            unknown: string[];
            unknown_reason?: string;
            view: string | null;
        };
        ProofWorker: {
            address: string;
            /** Format: int64 */
            jobs_completed: number;
            /** Format: int64 */
            reputation_score: number | null;
            worker_id: string | null;
        };
        ProofsOfWorker: {
            /** Format: double */
            avg_generation_time_ms: number | null;
            has_more: boolean;
            /** Format: int64 */
            limit: number;
            next_cursor: string | null;
            /** Format: int64 */
            page: number;
            proofs: components["schemas"]["ProofRow"][];
            /** Format: double */
            success_rate: number;
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            total_pages: number;
            /** Format: int64 */
            total_proofs: number;
            unknown: string[];
            /** Format: int64 */
            valid_proofs: number;
        };
        Proposal: {
            /** Format: int64 */
            approvals: number | null;
            /** Format: int64 */
            approvals_required: number | null;
            calldata: string | null;
            category: string;
            contract_name: string;
            /** Format: date-time */
            created_at: string | null;
            description: string;
            /** Format: int64 */
            end_time: number;
            ended_by: string | null;
            /** Format: int64 */
            executable_at: number | null;
            /** Format: date-time */
            executed_at: string | null;
            id: string;
            number: string;
            proposal_id: string;
            proposer: string;
            quorum: string;
            /** Format: int64 */
            start_time: number;
            /** @enum {string} */
            status: "active" | "executed" | "rejected" | "cancelled";
            target_address: string | null;
            title: string;
            tx_hash: string;
            unknown: string[];
            value: string | null;
            /** Format: int64 */
            votes: number;
            votes_against: string;
            votes_for: string;
        };
        Proposals: {
            next_cursor: string | null;
            proposals: components["schemas"]["Proposal"][];
            /** Format: int64 */
            total: number;
        };
        Provenance: {
            agrees: boolean;
            id: string;
            kind: string;
            /** Format: int64 */
            next_from: number | null;
            steps: components["schemas"]["ProvenanceStep"][];
            /** Format: int64 */
            total_versions: number;
        };
        ProvenanceStep: {
            after: {
                [key: string]: unknown;
            };
            /** Format: int64 */
            block: number;
            block_hash: string;
            contract_address: string;
            contract_name: string;
            data: unknown;
            event_id: string;
            explorer_url: string | null;
            /** Format: int64 */
            offset: number;
            /** Format: int32 */
            partition: number;
            /** Format: date-time */
            time: string;
            topic: string;
            tx_hash: string | null;
            type: string;
        };
        ReadyAnswer: {
            ready: boolean;
            reason?: string;
        };
        RecentJobs: {
            jobs: components["schemas"]["Job"][];
            /** Format: int64 */
            total_count: number;
        };
        RecentTransfer: {
            amount: string;
            id: string;
            is_private: boolean;
            /** @enum {string} */
            status: "completed";
            /** Format: date-time */
            time: string;
            /** Format: int64 */
            timestamp: number;
            to: string;
            token_symbol: string;
            tx_hash: string;
        };
        RecentTransfers: {
            next_cursor: string | null;
            /** Format: int64 */
            total: number;
            transfers: components["schemas"]["RecentTransfer"][];
        };
        RewardEntry: {
            amount: string;
            amount_formatted: string;
            /** Format: int64 */
            block_number: number;
            job_id: string | null;
            kind: string;
            /** @enum {string} */
            reward_type: "job_completion" | "stake_reward" | "bonus";
            /** Format: int64 */
            timestamp: number;
            tx_hash: string | null;
            /** @enum {string} */
            type: "mining" | "staking" | "bonus";
            unknown: string[];
        };
        RewardSummary: {
            avg_reward_per_job: string;
            /** Format: int64 */
            job_count: number;
            period: string;
            total_rewards: string;
            total_rewards_formatted: string;
        };
        SdkWorker: {
            address: string;
            capabilities: components["schemas"]["Capabilities"];
            gpu_tier: string | null;
            id: string;
            /** Format: date-time */
            registered_at: string | null;
            /** Format: int64 */
            reputation: number;
            stake_amount: string;
            /** @enum {string} */
            status: "available" | "busy" | "offline" | "suspended";
            unknown: string[];
        };
        SdkWorkerAnswer: {
            address: string;
            capabilities: components["schemas"]["Capabilities"];
            chain?: components["schemas"]["ChainAnswer"] | null;
            gpu_tier: string | null;
            id: string;
            /** Format: date-time */
            registered_at: string | null;
            /** Format: int64 */
            reputation: number;
            stake_amount: string;
            /** @enum {string} */
            status: "available" | "busy" | "offline" | "suspended";
            unknown: string[];
        };
        SdkWorkerList: {
            has_more: boolean;
            /** Format: int64 */
            limit: number;
            next_cursor: string | null;
            /** Format: int64 */
            page: number;
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            total_pages: number;
            workers: components["schemas"]["SdkWorker"][];
        };
        ShortHealth: {
            /** Format: int64 */
            active_workers: number;
            status: string;
            /** Format: int64 */
            timestamp: number;
            /** Format: int64 */
            total_jobs: number;
            /** Format: int64 */
            uptime_secs: number;
            version: string;
        };
        SlashShares: {
            /** Format: int64 */
            benchmark_fraud: number;
            /** Format: int64 */
            invalid_proof: number;
            /** Format: int64 */
            malicious: number;
            /** Format: int64 */
            repeated_failures: number;
            /** Format: int64 */
            timeout: number;
        };
        Stake: {
            address: string;
            can_unstake: boolean;
            chain?: components["schemas"]["ChainAnswer"] | null;
            gpu_tier: string | null;
            has_tee: boolean;
            is_active: boolean;
            is_slashable: boolean;
            /** Format: int64 */
            jobs_completed: number;
            /** Format: int64 */
            jobs_failed: number;
            /** Format: date-time */
            last_heartbeat: string | null;
            locked_amount: string;
            locked_amount_formatted: string;
            /** Format: date-time */
            locked_until: string | null;
            min_stake_for_tier: string;
            pending_rewards: string;
            pending_rewards_formatted: string;
            /** Format: date-time */
            registered_at: string | null;
            /** Format: int64 */
            reputation_score: number;
            slashed_amount: string;
            stake_status: string;
            staked_amount: string;
            staked_amount_formatted: string;
            /** Format: int64 */
            staked_at: number | null;
            /** @enum {string} */
            status: "active" | "inactive" | "none";
            total_earnings: string;
            total_rewards_claimed: string;
            unknown: string[];
            worker_id: string | null;
            worker_tier: string | null;
        };
        StakingConfig: {
            /** Format: double */
            apy_percent: number;
            /** Format: int64 */
            changed_at: number | null;
            is_default: boolean;
            /** Format: int64 */
            max_consecutive_failures: number;
            /** Format: int64 */
            observed_since: number | null;
            /** Format: int64 */
            reward_apy_bps: number;
            sage_token: string | null;
            slash_bps: components["schemas"]["SlashShares"];
            staking_contract: string | null;
            tiers: components["schemas"]["StakingTier"][];
            unknown: string[];
            /** Format: int64 */
            unstake_lockup_secs: number;
        };
        StakingDay: {
            date: string;
            net: string;
            slashed: string;
            staked: string;
            unstaked: string;
        };
        StakingEvent: {
            amount: string;
            /** Format: int64 */
            block_number: number;
            contract_name: string;
            /** Format: date-time */
            created_at: string;
            event_type: string;
            gpu_tier: string | null;
            has_tee: boolean | null;
            id: string;
            reason: string | null;
            total_stake: string | null;
            tx_hash: string;
            /** Format: int64 */
            unlocks_at: number | null;
            worker_address: string | null;
            worker_id: string | null;
        };
        StakingEvents: {
            events: components["schemas"]["StakingEvent"][];
            has_more: boolean;
            /** Format: int64 */
            limit: number;
            next_cursor: string | null;
            /** Format: int64 */
            page: number;
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            total_pages: number;
        };
        StakingNumbers: {
            /** Format: int64 */
            active_stakers: number;
            avg_stake: string | null;
            avg_stake_amount: string | null;
            by_event_type: components["schemas"]["StakingTypeNumbers"][];
            by_tier: components["schemas"]["TierNumbers"][];
            daily_trend: components["schemas"]["StakingDay"][];
            /** Format: int64 */
            stakes_last_24h: number;
            /** Format: int64 */
            staking_events_24h: number;
            total_slashed: string;
            total_staked: string;
            /** Format: int64 */
            total_stakers: number;
            /** Format: int64 */
            unstakes_last_24h: number;
        };
        StakingTier: {
            is_default: boolean;
            min_stake: string;
            min_stake_formatted: string;
            tier: string;
            unknown: string[];
        };
        StakingTiers: {
            tiers: components["schemas"]["StakingTier"][];
        };
        StakingTotal: {
            /** Format: int64 */
            active_stakers: number;
            total_staked: string;
            total_staked_formatted: string;
            /** Format: int64 */
            total_stakers: number;
        };
        StakingTypeNumbers: {
            /** Format: int64 */
            count: number;
            event_type: string;
            total_amount: string;
        };
        StakingWorkers: {
            has_more: boolean;
            /** Format: int64 */
            limit: number;
            next_cursor: string | null;
            /** Format: int64 */
            page: number;
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            total_pages: number;
            workers: components["schemas"]["Worker"][];
        };
        StateDigest: {
            abi_set: string;
            /** Format: int64 */
            block: number;
            /** Format: int64 */
            changed_at: number;
            digest: string;
            network: string;
            versions: {
                [key: string]: number;
            };
        };
        StatusAnswer: {
            /** Format: int64 */
            jobs_pending: number;
            /** @enum {string} */
            status: "ok" | "degraded" | "error";
            /** Format: int64 */
            uptime_seconds: number;
            version: string;
            /** Format: int64 */
            workers_online: number;
        };
        StatusCount: {
            /** Format: int64 */
            count: number;
            status: string;
        };
        Summary: {
            components: components["schemas"]["Component"][];
            network: components["schemas"]["NetworkStats"] | null;
            status: string;
            /** Format: int64 */
            uptime_seconds: number;
            version: string;
        };
        TierNumbers: {
            /** Format: int64 */
            count: number;
            gpu_tier: string | null;
            tier: string | null;
            total_staked: string;
        };
        TimelineEvent: {
            /** Format: int64 */
            block_number: number | null;
            details: {
                [key: string]: unknown;
            };
            event_type: string;
            /** Format: date-time */
            timestamp: string;
            tx_hash: string | null;
        };
        TokenSum: {
            /** Format: int64 */
            count: number;
            token: string;
            total: string;
        };
        Trade: {
            amount: string;
            /** Format: int64 */
            block_number: number;
            /** Format: date-time */
            executed_at: string;
            fee: string;
            id: string;
            maker: string;
            maker_fee: string;
            maker_order_id: string;
            pair_id: string;
            price: string;
            quote_amount: string;
            /** @enum {string} */
            side: "buy" | "sell";
            taker: string;
            taker_fee: string;
            taker_order_id: string;
            trade_id: string;
            tx_hash: string;
            unknown: string[];
        };
        TradingOrder: {
            amount: string;
            /** Format: date-time */
            created_at: string | null;
            /** Format: date-time */
            expires_at: string | null;
            filled_amount: string;
            id: string;
            maker_address: string;
            order_id: string;
            /** @enum {string} */
            order_type: "limit" | "market";
            pair_id: string;
            price: string;
            remaining_amount: string;
            /** @enum {string} */
            side: "buy" | "sell";
            /** @enum {string} */
            status: "open" | "partial" | "filled" | "cancelled";
            trader: string;
            tx_hash: string;
            unknown: string[];
            /** Format: date-time */
            updated_at: string | null;
        };
        TradingPair: {
            base: string;
            base_address: string;
            base_symbol: string;
            base_token: string;
            id: string;
            is_active: boolean;
            last_price: string | null;
            min_order_size: string;
            /** Format: int64 */
            orders_placed: number;
            pair_id: string;
            price_change_24h: string | null;
            quote: string;
            quote_address: string;
            quote_symbol: string;
            quote_token: string;
            tick_size: string;
            unknown: string[];
            volume_24h: string;
        };
        TradingPairs: {
            pairs: components["schemas"]["TradingPair"][];
            /** Format: int64 */
            total: number;
        };
        TradingStats: {
            pairs: components["schemas"]["MarketStats"][];
            /** Format: int64 */
            trade_count_24h: number;
            volume_24h: string;
        };
        Twap: {
            data_points: components["schemas"]["PricePoint"][];
            interval: string;
            pair_id: string;
            twap_price: string | null;
        };
        TypeCount: {
            /** Format: int64 */
            count: number;
            job_type: string;
        };
        ValidatorHistory: {
            entries: components["schemas"]["RewardEntry"][];
            has_more: boolean;
            /** Format: int64 */
            limit: number;
            next_cursor: string | null;
            /** Format: int64 */
            page: number;
            period: string;
            /** Format: int64 */
            period_end: number | null;
            /** Format: int64 */
            period_start: number | null;
            period_summary: components["schemas"]["RewardSummary"];
            rewards: components["schemas"]["RewardEntry"][];
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            total_count: number;
            /** Format: int64 */
            total_pages: number;
        };
        ValidatorRewards: {
            /** Format: double */
            apy_estimate: number;
            claimable_rewards: string;
            claimable_rewards_formatted: string;
            claimed_total: string;
            /** Format: int64 */
            estimated_apy_bps: number;
            estimated_daily: string;
            /** Format: int64 */
            last_claim_at: number | null;
            /** Format: int64 */
            last_claim_timestamp: number | null;
            mining_rewards: string;
            next_reward_estimate: string;
            pending: string;
            pending_rewards: string;
            pending_rewards_formatted: string;
            staking_rewards: string;
            total_claimed: string;
            total_earned: string;
            total_earned_formatted: string;
            unknown: string[];
        };
        ValidatorStatus: {
            address: string;
            chain?: components["schemas"]["ChainAnswer"] | null;
            gpu_tier: string | null;
            is_active: boolean;
            is_registered: boolean;
            /** Format: int64 */
            jobs_completed: number;
            /** Format: int64 */
            jobs_failed: number;
            /** Format: int64 */
            jobs_in_progress: number;
            /** Format: int64 */
            last_activity_at: number | null;
            /** Format: int64 */
            last_heartbeat: number | null;
            pending_rewards: string;
            pending_rewards_formatted: string;
            /** Format: int64 */
            registered_at: number | null;
            /** Format: double */
            reputation: number;
            /** Format: int64 */
            reputation_score: number;
            stake_tier: string;
            staked_amount: string;
            staked_amount_formatted: string;
            /** @enum {string} */
            status: "unregistered" | "pending" | "active" | "suspended" | "exiting";
            total_earnings: string;
            total_earnings_formatted: string;
            unknown: string[];
            /** Format: int64 */
            uptime_bps: number;
            /** Format: double */
            uptime_percent: number;
            worker_id: string | null;
        };
        ValueDifference: {
            chain: string;
            column?: string;
            member?: string;
            /** @enum {string} */
            must_be: "equal" | "at most" | "at least";
            projection: string;
        };
        ViewAsked: {
            answer: unknown;
            args: unknown;
            contract_address: string | null;
            differences: components["schemas"]["ValueDifference"][];
            key: string;
            known: boolean;
            projection: string;
            unknown_reason?: string;
            view: string;
        };
        Vote: {
            /** Format: int64 */
            block_number: number;
            proposal_id: string;
            support: boolean;
            tx_hash: string;
            /** Format: date-time */
            voted_at: string;
            voter: string;
            weight: string | null;
        };
        Votes: {
            next_cursor: string | null;
            /** Format: int64 */
            total: number;
            votes: components["schemas"]["Vote"][];
        };
        VotingPower: {
            address: string;
            balance: string;
            delegate: string | null;
            delegated_away: string;
            delegated_to_me: string;
            most_power_used: string | null;
            /** Format: int64 */
            proposals_created: number;
            /** Format: int64 */
            proposals_voted_on: number;
            total_voting_power: string;
            unknown: string[];
            /** Format: int64 */
            votes_cast: number;
        };
        WalletSummary: {
            address: string;
            /** Format: date-time */
            first_transaction_at: string | null;
            /** Format: date-time */
            last_transaction_at: string | null;
            received_24h: string;
            sent_24h: string;
            total_received: string;
            total_received_formatted: string;
            total_sent: string;
            total_sent_formatted: string;
            /** Format: int64 */
            total_transactions: number;
        };
        WalletTransaction: {
            amount: string;
            amount_formatted: string;
            /** Format: int64 */
            block_number: number;
            counterparty: string;
            counterparty_contract: string | null;
            id: string;
            /** @enum {string} */
            status: "confirmed";
            /** Format: int64 */
            timestamp: number;
            token: string;
            tx_hash: string;
            /** @enum {string} */
            tx_type: "send" | "receive" | "mint" | "initiate";
        };
        WalletTransactions: {
            /** Format: int64 */
            limit: number;
            next_cursor: string | null;
            /** Format: int64 */
            page: number;
            /** Format: int64 */
            total: number;
            transactions: components["schemas"]["WalletTransaction"][];
        };
        Worker: {
            address: string;
            /** Format: int64 */
            gpu_count: number;
            gpu_model: string;
            gpu_tier: string | null;
            gpu_type: string;
            /** Format: double */
            gpu_utilization: number | null;
            is_active: boolean;
            /** Format: int64 */
            jobs_24h: number;
            /** Format: int64 */
            jobs_completed: number;
            /** Format: int64 */
            jobs_in_progress: number;
            /** Format: int64 */
            last_heartbeat: number | null;
            /** Format: int64 */
            registered_at: number | null;
            /** Format: int64 */
            reputation: number;
            stake_tier: string;
            staked_amount: string;
            status: string;
            unknown: string[];
            worker_address: string;
            worker_id: string;
        };
        WorkerStatus: {
            /** Format: int64 */
            gpu_count: number | null;
            /** Format: double */
            gpu_utilization: number | null;
            /** Format: int64 */
            jobs_in_progress: number;
            /** Format: int64 */
            last_seen: number | null;
            /** @enum {string} */
            status: "online" | "idle" | "offline" | "unknown";
            total_claimed: string;
            /** Format: int64 */
            total_claims: number;
            unknown: string[];
            /** Format: double */
            uptime_percent_24h: number;
            version: string | null;
            worker_address: string;
        };
        WorkerUptime: {
            /** Format: int64 */
            expected_heartbeats: number;
            /** Format: int64 */
            last_heartbeat: number | null;
            /** Format: int64 */
            period_hours: number;
            /** @enum {string} */
            status: "online" | "idle" | "offline" | "unknown";
            /** Format: int64 */
            total_heartbeats: number;
            unknown: string[];
            /** Format: double */
            uptime_percent: number;
            worker_address: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAudit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditAnswer"];
                };
            };
        };
    };
    getContracts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contracts"];
                };
            };
        };
    };
    getDashboardActivity: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Activity"][] | null;
                };
            };
        };
    };
    getDashboardStats: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardStats"];
                };
            };
        };
    };
    getEarningsNetworkStats: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EarningsNetwork"];
                };
            };
        };
    };
    getEarningsRecent: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                payment_type?: "job" | "routed" | "private";
                token?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentList"];
                    "text/csv": string;
                };
            };
        };
    };
    getEarningsAddressBreakdown: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentTypeSum"][] | null;
                };
            };
        };
    };
    getEarningsAddressChart: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                period?: "24h" | "7d" | "30d" | "90d" | "all";
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EarningsChart"];
                };
            };
        };
    };
    getEarningsAddressHistory: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                payment_type?: "job" | "routed" | "private";
                token?: string;
                period?: "24h" | "7d" | "30d" | "90d" | "all";
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentList"];
                    "text/csv": string;
                };
            };
        };
    };
    getEarningsAddressSummary: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Earnings"];
                };
            };
        };
    };
    getFaucetConfig: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaucetConfig"];
                };
            };
        };
    };
    getFaucetHistoryAddress: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaucetHistory"];
                };
            };
        };
    };
    getFaucetStatusAddress: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaucetStatus"];
                };
            };
        };
    };
    getGovernanceConfig: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GovernanceConfig"];
                };
            };
        };
    };
    getGovernanceDelegationsAddress: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delegations"];
                };
            };
        };
    };
    getGovernanceProposals: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                status?: "active" | "executed" | "rejected" | "cancelled";
                category?: string;
                limit?: number;
                per_page?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposals"];
                };
            };
        };
    };
    getGovernanceProposalsId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
                };
            };
        };
    };
    getGovernanceProposalsIdVotes: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Votes"];
                };
            };
        };
    };
    getGovernanceStats: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GovernanceStats"];
                };
            };
        };
    };
    getGovernanceVotingPowerAddress: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VotingPower"];
                };
            };
        };
    };
    getShortHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShortHealth"];
                };
            };
        };
    };
    getJobs: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                status?: string;
                job_type?: string;
                sort_by?: "created_at" | "completed_at" | "payment_amount";
                client?: string;
                worker?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                    "text/csv": string;
                };
            };
        };
    };
    getJobsAnalytics: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                shape?: "array" | "map";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobAnalytics"] | components["schemas"]["JobAnalyticsByName"];
                };
            };
        };
    };
    getJobsDb: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                status?: string;
                job_type?: string;
                sort_by?: "created_at" | "completed_at" | "payment_amount";
                client?: string;
                worker?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                    "text/csv": string;
                };
            };
        };
    };
    getJobsDbAnalytics: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobNumbers"];
                };
            };
        };
    };
    getJobsDbByClientAddress: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                status?: string;
                job_type?: string;
                sort_by?: "created_at" | "completed_at" | "payment_amount";
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
        };
    };
    getJobsDbByWorkerAddress: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                status?: string;
                job_type?: string;
                sort_by?: "created_at" | "completed_at" | "payment_amount";
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
        };
    };
    getJobsDbRecent: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewestJobs"];
                };
            };
        };
    };
    getJobsDbJobId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                source?: "projection" | "chain";
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
        };
    };
    getJobsDbJobIdTimeline: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimelineEvent"][] | null;
                };
            };
        };
    };
    getJobsRecent: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                status?: string;
                limit?: number;
                shape?: "object" | "array";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecentJobs"] | components["schemas"]["PlainJob"][];
                    "text/csv": string;
                };
            };
        };
    };
    getJobsJobId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                source?: "projection" | "chain";
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobFound"];
                };
            };
        };
    };
    getJobsJobIdResult: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobResult"];
                };
            };
        };
    };
    getNetworkGrowth: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NetworkGrowth"];
                };
            };
        };
    };
    getNetworkStats: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NetworkStats"];
                };
            };
        };
    };
    getNetworkStatsChart: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                period?: "24h" | "7d" | "30d";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NetworkChart"];
                };
            };
        };
    };
    getNetworkStatsHistory: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                period?: "1h" | "24h" | "7d" | "30d";
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NetworkHistory"];
                };
            };
        };
    };
    getNetworkWorkers: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                page_size?: number;
                status?: "online" | "idle" | "offline" | "unknown";
                tier?: "consumer" | "workstation" | "datacenter" | "enterprise" | "frontier";
                sort_by?: "jobs_completed" | "staked_amount" | "total_earnings" | "registered_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NetworkWorkers"];
                };
            };
        };
    };
    getProofs: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                proof_type?: string;
                status?: "pending" | "challenged" | "verified" | "rejected";
                contract?: string;
                sort_by?: "created_at" | "verified_at";
                worker?: string;
                worker_id?: string;
                job_id?: string;
                is_valid?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofList"];
                };
            };
        };
    };
    getProofsByJobJobId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                proof_type?: string;
                status?: "pending" | "challenged" | "verified" | "rejected";
                contract?: string;
                sort_by?: "created_at" | "verified_at";
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofList"];
                };
            };
        };
    };
    getProofsByWorkerWorkerId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                proof_type?: string;
                status?: "pending" | "challenged" | "verified" | "rejected";
                contract?: string;
                sort_by?: "created_at" | "verified_at";
            };
            header?: never;
            path: {
                worker_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofsOfWorker"];
                };
            };
        };
    };
    getProofsPending: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                proof_type?: string;
                status?: "pending" | "challenged" | "verified" | "rejected";
                contract?: string;
                sort_by?: "created_at" | "verified_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofList"];
                };
            };
        };
    };
    getProofsRecent: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                proof_type?: string;
                status?: "pending" | "challenged" | "verified" | "rejected";
                contract?: string;
                sort_by?: "created_at" | "verified_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofList"];
                };
            };
        };
    };
    getProofsStats: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofNumbers"];
                };
            };
        };
    };
    getProofsId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                source?: "projection" | "chain";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofAnswer"];
                };
            };
        };
    };
    getProofsIdDetail: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                source?: "projection" | "chain";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofDetail"];
                };
            };
        };
    };
    getProofsIdVerify: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofVerdict"];
                };
            };
        };
    };
    getProvenanceKindId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                from?: number;
                limit?: number;
            };
            header?: never;
            path: {
                kind: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provenance"];
                };
            };
        };
    };
    getStakingConfig: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingConfig"];
                };
            };
        };
    };
    getStakingDbConfig: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingConfig"];
                };
            };
        };
    };
    getStakingDbEvents: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                event_type?: "stake" | "unstake_request" | "unstake" | "slashed";
                contract?: string;
                address?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingEvents"];
                };
            };
        };
    };
    getStakingDbHistoryAddress: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                event_type?: "stake" | "unstake_request" | "unstake" | "slashed";
                contract?: string;
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingEvents"];
                };
            };
        };
    };
    getStakingDbInfoAddress: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                source?: "projection" | "chain";
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stake"];
                };
            };
        };
    };
    getStakingDbLeaderboard: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                tier?: "consumer" | "workstation" | "datacenter" | "enterprise" | "frontier";
                sort_by?: "staked_amount" | "jobs_completed" | "total_earnings";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Leaderboard"];
                };
            };
        };
    };
    getStakingDbStats: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingNumbers"];
                };
            };
        };
    };
    getStakingDbTiers: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingTiers"];
                };
            };
        };
    };
    getStakingDbTotal: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingTotal"];
                };
            };
        };
    };
    getStakingDbWorkers: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                tier?: "consumer" | "workstation" | "datacenter" | "enterprise" | "frontier";
                sort_by?: "staked_amount" | "jobs_completed" | "total_earnings";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingWorkers"];
                };
            };
        };
    };
    getStakingEvents: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                event_type?: "stake" | "unstake_request" | "unstake" | "slashed";
                contract?: string;
                address?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingEvents"];
                };
            };
        };
    };
    getStakingHistoryAddress: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                event_type?: "stake" | "unstake_request" | "unstake" | "slashed";
                contract?: string;
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingEvents"];
                };
            };
        };
    };
    getStakingInfoAddress: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                source?: "projection" | "chain";
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stake"];
                };
            };
        };
    };
    getStakingLeaderboard: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                tier?: "consumer" | "workstation" | "datacenter" | "enterprise" | "frontier";
                sort_by?: "staked_amount" | "jobs_completed" | "total_earnings";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Leaderboard"];
                };
            };
        };
    };
    getStakingStats: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingNumbers"];
                };
            };
        };
    };
    getStakingTiers: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingTiers"];
                };
            };
        };
    };
    getStakingTotal: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingTotal"];
                };
            };
        };
    };
    getStakingWorkers: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                tier?: "consumer" | "workstation" | "datacenter" | "enterprise" | "frontier";
                sort_by?: "staked_amount" | "jobs_completed" | "total_earnings";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakingWorkers"];
                };
            };
        };
    };
    getStateDigest: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StateDigest"];
                };
            };
        };
    };
    getCoordinatorStats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CoordinatorStats"];
                };
            };
        };
    };
    getTradingOrderbookPairId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                depth?: number;
            };
            header?: never;
            path: {
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderBook"];
                };
            };
        };
    };
    getTradingOrderbookPairIdDepth: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                depth?: number;
            };
            header?: never;
            path: {
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderBook"];
                };
            };
        };
    };
    getTradingOrders: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                address?: string;
                pair_id?: number;
                status?: "open" | "partial" | "filled" | "cancelled";
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TradingOrder"][] | null;
                };
            };
        };
    };
    getTradingOrdersOrderId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                order_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TradingOrder"];
                };
            };
        };
    };
    getTradingPairs: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TradingPairs"];
                };
            };
        };
    };
    getTradingPairsPairId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TradingPair"];
                };
            };
        };
    };
    getTradingStats: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TradingStats"];
                };
            };
        };
    };
    getTradingStatsPairId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MarketStats"];
                };
            };
        };
    };
    getTradingStatsPairId24h: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MarketStats"];
                };
            };
        };
    };
    getTradingStatsPairIdPriceHistory: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                interval?: "1h" | "4h" | "24h" | "7d";
                period?: "24h" | "7d" | "30d";
            };
            header?: never;
            path: {
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceHistory"];
                };
            };
        };
    };
    getTradingStatsPairIdTwap: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                interval?: "1h" | "4h" | "24h" | "7d" | "30d";
            };
            header?: never;
            path: {
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Twap"];
                };
            };
        };
    };
    getTradingTradesPairId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                address?: string;
                limit?: number;
            };
            header?: never;
            path: {
                pair_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trade"][] | null;
                };
            };
        };
    };
    getValidatorGpus: {
        parameters: {
            query?: {
                address?: string;
                shape?: "object" | "array";
            };
            header?: {
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Gpus"] | components["schemas"]["PlainGPU"][];
                };
            };
        };
    };
    getValidatorHistory: {
        parameters: {
            query?: {
                address?: string;
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                since?: string;
                until?: string;
                period?: "day" | "week" | "month" | "all";
            };
            header?: {
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidatorHistory"];
                    "text/csv": string;
                };
            };
        };
    };
    getValidatorRewards: {
        parameters: {
            query?: {
                address?: string;
                block?: number;
                at?: string;
            };
            header?: {
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidatorRewards"];
                };
            };
        };
    };
    getValidatorStatus: {
        parameters: {
            query?: {
                address?: string;
                block?: number;
                at?: string;
                source?: "projection" | "chain";
            };
            header?: {
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidatorStatus"];
                };
            };
        };
    };
    getWalletAddressSummary: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WalletSummary"];
                };
            };
        };
    };
    getWalletAddressTransactions: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                tx_type?: "send" | "receive" | "mint" | "initiate";
                period?: "24h" | "7d" | "30d" | "90d" | "all";
                limit?: number;
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WalletTransactions"];
                };
            };
        };
    };
    getWalletAddressTransfersRecent: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecentTransfers"];
                };
            };
        };
    };
    postWorkerClaimReward: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Claim"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClaimAnswer"];
                };
            };
        };
    };
    postWorkerGpuMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GPUMetrics"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GpuMetricsAnswer"];
                };
            };
        };
    };
    postWorkerHeartbeat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Heartbeat"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeartbeatAnswer"];
                };
            };
        };
    };
    getWorkerHeartbeats: {
        parameters: {
            query?: {
                address?: string;
                since?: string;
                until?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
            };
            header?: {
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeartbeatList"];
                    "text/csv": string;
                };
            };
        };
    };
    getWorkerStatus: {
        parameters: {
            query?: {
                address?: string;
            };
            header?: {
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerStatus"];
                };
            };
        };
    };
    getWorkerUptime: {
        parameters: {
            query?: {
                address?: string;
                period_hours?: number;
            };
            header?: {
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerUptime"];
                };
            };
        };
    };
    getWorkers: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                cursor?: string;
                page?: number;
                offset?: number;
                sort_order?: "desc" | "asc";
                limit?: number;
                page_size?: number;
                status?: "online" | "idle" | "offline" | "unknown";
                tier?: "consumer" | "workstation" | "datacenter" | "enterprise" | "frontier";
                sort_by?: "jobs_completed" | "staked_amount" | "total_earnings" | "registered_at";
                shape?: "array" | "object";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SdkWorker"][] | components["schemas"]["SdkWorkerList"];
                };
            };
        };
    };
    getWorkersId: {
        parameters: {
            query?: {
                block?: number;
                at?: string;
                source?: "projection" | "chain";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SdkWorkerAnswer"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthAnswer"];
                };
            };
        };
    };
    getHealthLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveAnswer"];
                };
            };
        };
    };
    getHealthReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyAnswer"];
                };
            };
        };
    };
    getStats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Summary"];
                    "text/plain": string;
                };
            };
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusAnswer"];
                };
            };
        };
    };
}
