// Generated from /openapi.json by openapi-typescript; do not edit: run make generate.

export interface paths {
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the log holds what the chain does, and events that cannot be
         * @description Blocks by chance, and each that was odd when it was read, are held against the receipts of the node. A process that does not follow the chain names completeness in unknown. Anomalies are events that do not fit what the log held before them, such as the completion of a job that was never submitted.
         */
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
        /** The contracts that are followed */
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
        /** What happened last in jobs, payments and stakes */
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
        /**
         * The numbers of the first page
         * @description Of the jobs as of the newest block. success_rate and completion_rate are 100 × completed / (completed + cancelled): what goes on is no failure.
         *     Averages are means: of completed_at − assigned_at, and of what was paid for jobs. total_compute_hours is the sum of the former. Days and weeks end with
         *     the block.
         *     active_jobs are pending and assigned, total_earnings is what workers were paid in all since the first indexed block, total_staked what registered workers
         *     have at stake at ProverStaking. failed_jobs is unknown: no event tells it.
         */
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
        /**
         * What all workers earned
         * @description Payments that reached workers, for jobs. payment_type is job (JobManager paid), routed (PaymentRouter paid) or private, whose amount nobody
         *     but the worker can read: it is "0" and unknown, and in no sum.
         *     avg_payment is the mean of all payments whose amount can be read.
         */
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
        /**
         * The newest payments
         * @description Payments that reached workers, for jobs. payment_type is job (JobManager paid), routed (PaymentRouter paid) or private, whose amount nobody
         *     but the worker can read: it is "0" and unknown, and in no sum.
         *
         *     With `Accept: text/csv` all rows are streamed as CSV, whatever the page: a cell that a spreadsheet would take for a formula begins with '.
         */
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
        /**
         * What a worker earned, by the type of payment
         * @description Payments that reached workers, for jobs. payment_type is job (JobManager paid), routed (PaymentRouter paid) or private, whose amount nobody
         *     but the worker can read: it is "0" and unknown, and in no sum.
         */
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
        /**
         * What a worker earned, by the day
         * @description Payments that reached workers, for jobs. payment_type is job (JobManager paid), routed (PaymentRouter paid) or private, whose amount nobody
         *     but the worker can read: it is "0" and unknown, and in no sum.
         */
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
        /**
         * The payments of a worker
         * @description Payments that reached workers, for jobs. payment_type is job (JobManager paid), routed (PaymentRouter paid) or private, whose amount nobody
         *     but the worker can read: it is "0" and unknown, and in no sum.
         *
         *     With `Accept: text/csv` all rows are streamed as CSV, whatever the page: a cell that a spreadsheet would take for a formula begins with '.
         */
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
        /**
         * What a worker earned
         * @description Payments that reached workers, for jobs. payment_type is job (JobManager paid), routed (PaymentRouter paid) or private, whose amount nobody
         *     but the worker can read: it is "0" and unknown, and in no sum.
         *     claimed_earnings equals total_earnings: a payment needs no claim. pending_earnings is what was promised for jobs and not paid. rank counts those who
         *     earned more, plus one; percentile is 100 × workers that earned less or as much / all that earned. Hours and days end with the newest block.
         */
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
        /**
         * What the faucet gives
         * @description The faucet's first settings have no event: they are unknown until it gives, or changes them. can_claim tells whether the cooldown since the last claim
         *     is over at the newest block and the faucet runs; what is left in it is not told.
         */
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
        /**
         * What an account got of the faucet, the newest first
         * @description The faucet's first settings have no event: they are unknown until it gives, or changes them. can_claim tells whether the cooldown since the last claim
         *     is over at the newest block and the faucet runs; what is left in it is not told.
         */
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
        /**
         * Whether an account may claim
         * @description The faucet's first settings have no event: they are unknown until it gives, or changes them. can_claim tells whether the cooldown since the last claim
         *     is over at the newest block and the faucet runs; what is left in it is not told.
         */
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
        /**
         * Where governance happens, and the treasury's rules
         * @description No event tells the treasury's rules: a view of the contract does, at each proposal and once an hour.
         */
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
        /**
         * An account's delegations
         * @description The contracts have no delegation, so the list is empty.
         */
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
        /**
         * Proposals, the newest first
         * @description Three contracts have proposals, and each counts its own: an id is <contract>-<number>, such as GovernanceTreasury-7; a number alone is one of the
         *     treasury's. No event tells the treasury's description, target, value and times: a view of the contract does, when the proposal is made. Its quorum is
         *     the rule at the end, or that of now.
         */
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
        /**
         * One proposal
         * @description Three contracts have proposals, and each counts its own: an id is <contract>-<number>, such as GovernanceTreasury-7; a number alone is one of the
         *     treasury's. No event tells the treasury's description, target, value and times: a view of the contract does, when the proposal is made. Its quorum is
         *     the rule at the end, or that of now.
         */
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
        /**
         * A proposal's votes, the newest first
         * @description Three contracts have proposals, and each counts its own: an id is <contract>-<number>, such as GovernanceTreasury-7; a number alone is one of the
         *     treasury's. No event tells the treasury's description, target, value and times: a view of the contract does, when the proposal is made. Its quorum is
         *     the rule at the end, or that of now.
         */
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
        /**
         * Proposals and votes in numbers
         * @description passed counts proposals that were executed: no event tells of one that passed before that.
         */
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
        /**
         * What an account did with its votes
         * @description No event tells what an account could vote with: its balance is asked of the token. What it did vote with is told.
         */
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
        /** How the coordinator is, in short */
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
        /**
         * Jobs
         * @description No event of the chain tells a job's priority, nor that a job failed. job_type is what the contract was observed to say, else "unknown".
         *     execution_time_ms is completed_at − assigned_at, reward what was paid or else promised. result_hash is known of jobs at OptimisticTEE. tx_hash and
         *     block_number are of the event that last shaped the job.
         *
         *     With `Accept: text/csv` all rows are streamed as CSV, whatever the page: a cell that a spreadsheet would take for a formula begins with '.
         */
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
        /**
         * The jobs in numbers
         * @description Of the jobs as of the newest block. success_rate and completion_rate are 100 × completed / (completed + cancelled): what goes on is no failure.
         *     Averages are means: of completed_at − assigned_at, and of what was paid for jobs. total_compute_hours is the sum of the former. Days and weeks end with
         *     the block.
         */
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
        /**
         * Jobs
         * @description No event of the chain tells a job's priority, nor that a job failed. job_type is what the contract was observed to say, else "unknown".
         *     execution_time_ms is completed_at − assigned_at, reward what was paid or else promised. result_hash is known of jobs at OptimisticTEE. tx_hash and
         *     block_number are of the event that last shaped the job.
         *
         *     With `Accept: text/csv` all rows are streamed as CSV, whatever the page: a cell that a spreadsheet would take for a formula begins with '.
         */
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
        /**
         * The jobs in numbers, by status and hour
         * @description Of the jobs as of the newest block. success_rate and completion_rate are 100 × completed / (completed + cancelled): what goes on is no failure.
         *     Averages are means: of completed_at − assigned_at, and of what was paid for jobs. total_compute_hours is the sum of the former. Days and weeks end with
         *     the block.
         */
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
        /**
         * The jobs of a client
         * @description No event of the chain tells a job's priority, nor that a job failed. job_type is what the contract was observed to say, else "unknown".
         *     execution_time_ms is completed_at − assigned_at, reward what was paid or else promised. result_hash is known of jobs at OptimisticTEE. tx_hash and
         *     block_number are of the event that last shaped the job.
         */
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
        /**
         * The jobs of a worker
         * @description No event of the chain tells a job's priority, nor that a job failed. job_type is what the contract was observed to say, else "unknown".
         *     execution_time_ms is completed_at − assigned_at, reward what was paid or else promised. result_hash is known of jobs at OptimisticTEE. tx_hash and
         *     block_number are of the event that last shaped the job.
         */
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
        /**
         * The newest jobs, in full
         * @description No event of the chain tells a job's priority, nor that a job failed. job_type is what the contract was observed to say, else "unknown".
         *     execution_time_ms is completed_at − assigned_at, reward what was paid or else promised. result_hash is known of jobs at OptimisticTEE. tx_hash and
         *     block_number are of the event that last shaped the job.
         */
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
        /**
         * A job, what happened to it and its proof
         * @description No event of the chain tells a job's priority, nor that a job failed. job_type is what the contract was observed to say, else "unknown".
         *     execution_time_ms is completed_at − assigned_at, reward what was paid or else promised. result_hash is known of jobs at OptimisticTEE. tx_hash and
         *     block_number are of the event that last shaped the job.
         */
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
        /**
         * What happened to a job
         * @description No event of the chain tells a job's priority, nor that a job failed. job_type is what the contract was observed to say, else "unknown".
         *     execution_time_ms is completed_at − assigned_at, reward what was paid or else promised. result_hash is known of jobs at OptimisticTEE. tx_hash and
         *     block_number are of the event that last shaped the job.
         */
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
        /**
         * The newest jobs
         * @description No event of the chain tells a job's priority, nor that a job failed. job_type is what the contract was observed to say, else "unknown".
         *     execution_time_ms is completed_at − assigned_at, reward what was paid or else promised. result_hash is known of jobs at OptimisticTEE. tx_hash and
         *     block_number are of the event that last shaped the job.
         *
         *     With `Accept: text/csv` all rows are streamed as CSV, whatever the page: a cell that a spreadsheet would take for a formula begins with '.
         */
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
        /**
         * A job
         * @description No event of the chain tells a job's priority, nor that a job failed. job_type is what the contract was observed to say, else "unknown".
         *     execution_time_ms is completed_at − assigned_at, reward what was paid or else promised. result_hash is known of jobs at OptimisticTEE. tx_hash and
         *     block_number are of the event that last shaped the job.
         */
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
        /**
         * What came of a job
         * @description No event of the chain tells a job's priority, nor that a job failed. job_type is what the contract was observed to say, else "unknown".
         *     execution_time_ms is completed_at − assigned_at, reward what was paid or else promised. result_hash is known of jobs at OptimisticTEE. tx_hash and
         *     block_number are of the event that last shaped the job.
         */
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
        /**
         * How the network grew
         * @description 100 × (now − then) / then, where then is the end of the last whole hour that is a day or a week before the
         *     newest block. Where there was nothing then, or it is not indexed, it is 0 and unknown.
         */
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
        /**
         * The network in numbers
         * @description network_utilization is 100 × active_workers / total_workers, utilization_bps 100 times that; a worker is active with a heartbeat in the
         *     last two minutes of its partition's time. Hours and days end with the newest block. total_jobs_processed are the completed ones. total_compute_hours is the sum
         *     over completed jobs of the time from assignment to completion. current_tps is jobs completed in the last day / 86400. avg_apy_bps is the contract's
         *     reward_apy_bps, the same for every stake. No contract tells how long a proof took.
         */
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
        /**
         * The network by the hour or day, the oldest first
         * @description One point an hour of block time, as of the hour's last block; the chain's numbers count from the first indexed block. active_workers are those that
         *     reported in the hour, network_utilization is 100 × active_workers / total_workers, gpu_utilization the mean of what heartbeats told. What workers reported is not
         *     told as of a past block. avg_job_time_ms of an hour is not known.
         */
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
        /**
         * The network by the hour, the newest first
         * @description One point an hour of block time, as of the hour's last block; the chain's numbers count from the first indexed block. active_workers are those that
         *     reported in the hour, network_utilization is 100 × active_workers / total_workers, gpu_utilization the mean of what heartbeats told. What workers reported is not
         *     told as of a past block. avg_job_time_ms of an hour is not known.
         */
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
        /**
         * The registered workers, those with most completed jobs first
         * @description status is online with a heartbeat in the last two minutes of its partition's
         *     time, idle in the last ten, else offline. stake_tier is the tier that was staked for.
         */
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
        /**
         * Proofs
         * @description Proofs, and results that stand for one, at each contract that takes them. An id is the contract and what it knows the proof by, such as
         *     ProofVerifier:1042. No event tells how large a proof is, what circuit it is of, or how long it took to make or to verify: these are null.
         *     created_at is null where a proof is first told of by its verdict. is_valid is null before there is one.
         */
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
        /**
         * The proofs of a job
         * @description Proofs, and results that stand for one, at each contract that takes them. An id is the contract and what it knows the proof by, such as
         *     ProofVerifier:1042. No event tells how large a proof is, what circuit it is of, or how long it took to make or to verify: these are null.
         *     created_at is null where a proof is first told of by its verdict. is_valid is null before there is one.
         */
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
        /**
         * The proofs of a worker
         * @description Proofs, and results that stand for one, at each contract that takes them. An id is the contract and what it knows the proof by, such as
         *     ProofVerifier:1042. No event tells how large a proof is, what circuit it is of, or how long it took to make or to verify: these are null.
         *     created_at is null where a proof is first told of by its verdict. is_valid is null before there is one.
         *     total_proofs, valid_proofs and success_rate are of those with a verdict: success_rate is 100 × valid / (valid + invalid).
         */
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
        /**
         * Proofs without a verdict
         * @description Proofs, and results that stand for one, at each contract that takes them. An id is the contract and what it knows the proof by, such as
         *     ProofVerifier:1042. No event tells how large a proof is, what circuit it is of, or how long it took to make or to verify: these are null.
         *     created_at is null where a proof is first told of by its verdict. is_valid is null before there is one.
         */
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
        /**
         * The newest proofs
         * @description Proofs, and results that stand for one, at each contract that takes them. An id is the contract and what it knows the proof by, such as
         *     ProofVerifier:1042. No event tells how large a proof is, what circuit it is of, or how long it took to make or to verify: these are null.
         *     created_at is null where a proof is first told of by its verdict. is_valid is null before there is one.
         */
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
        /**
         * The proofs in numbers
         * @description verification_rate is 100 × verified / (verified + rejected). Days and weeks end with the newest block; a proof counts where it was first told of,
         *     and in daily on the day of its verdict.
         */
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
        /**
         * A proof, by its id or its hash
         * @description Proofs, and results that stand for one, at each contract that takes them. An id is the contract and what it knows the proof by, such as
         *     ProofVerifier:1042. No event tells how large a proof is, what circuit it is of, or how long it took to make or to verify: these are null.
         *     created_at is null where a proof is first told of by its verdict. is_valid is null before there is one.
         */
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
        /**
         * A proof with its job and its worker
         * @description Proofs, and results that stand for one, at each contract that takes them. An id is the contract and what it knows the proof by, such as
         *     ProofVerifier:1042. No event tells how large a proof is, what circuit it is of, or how long it took to make or to verify: these are null.
         *     created_at is null where a proof is first told of by its verdict. is_valid is null before there is one.
         */
        get: operations["getProofsIdDetail"];
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
        /**
         * The facts that made a row what it is, in order, with the row after each
         * @description The kind is the name of a read model, such as jobs, workers or stakes; the id is its row's key, with the contract before it where a key names one, as in
         *     ProverStaking-0x1f. The facts are folded once more for the answer; agrees tells whether the rows come out as they are stored.
         */
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
        /**
         * The rules of staking
         * @description ProverStaking's events tell reward_apy_bps and the first tier's minimum; all else was observed: a view of the contract told it, at the block in
         *     which an event told a change, and once an hour. What neither told is the contract's default while no event tells of a change, and unknown then.
         *     apy_percent is reward_apy_bps / 100.
         */
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
        /**
         * The rules of staking
         * @description ProverStaking's events tell reward_apy_bps and the first tier's minimum; all else was observed: a view of the contract told it, at the block in
         *     which an event told a change, and once an hour. What neither told is the contract's default while no event tells of a change, and unknown then.
         *     apy_percent is reward_apy_bps / 100.
         */
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
        /**
         * What happened to stakes
         * @description Changes of stakes at every contract that holds some; contract_name tells which. event_type is stake, unstake_request, unstake or slashed.
         */
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
        /**
         * What happened to an account's stakes
         * @description Changes of stakes at every contract that holds some; contract_name tells which. event_type is stake, unstake_request, unstake or slashed.
         */
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
        /**
         * An account's stake
         * @description Stakes are those at ProverStaking, which make a worker. success_rate is 100 × jobs completed / jobs assigned, and null for who was assigned none.
         *     jobs_failed is unknown: no event tells it. has_tee is what the worker reports of its GPUs.
         *     pending_rewards is what may be claimed: (what was settled + stake × time since) × reward rate, cut to whole wei, as the contract counts it. can_unstake tells
         *     that something was asked back and its time is over. min_stake_for_tier is what a view of the contract told, or else its default.
         */
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
        /**
         * The stakes, the largest first
         * @description Stakes are those at ProverStaking, which make a worker. success_rate is 100 × jobs completed / jobs assigned, and null for who was assigned none.
         *     jobs_failed is unknown: no event tells it. has_tee is what the worker reports of its GPUs.
         */
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
        /**
         * The stakes in numbers
         * @description Of ProverStaking. avg_stake is total_staked / total_stakers. daily_trend has net = staked − unstaked − slashed of each of the last 30 days.
         *     Numbers of events count from the first indexed block.
         */
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
        /**
         * The tiers of stakes
         * @description ProverStaking's events tell reward_apy_bps and the first tier's minimum; all else was observed: a view of the contract told it, at the block in
         *     which an event told a change, and once an hour. What neither told is the contract's default while no event tells of a change, and unknown then.
         *     apy_percent is reward_apy_bps / 100.
         */
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
        /**
         * All that is at stake
         * @description Of ProverStaking. avg_stake is total_staked / total_stakers. daily_trend has net = staked − unstaked − slashed of each of the last 30 days.
         *     Numbers of events count from the first indexed block.
         */
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
        /**
         * The workers with a stake, the largest first
         * @description Stakes are those at ProverStaking, which make a worker. success_rate is 100 × jobs completed / jobs assigned, and null for who was assigned none.
         *     jobs_failed is unknown: no event tells it. has_tee is what the worker reports of its GPUs.
         */
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
        /**
         * What happened to stakes
         * @description Changes of stakes at every contract that holds some; contract_name tells which. event_type is stake, unstake_request, unstake or slashed.
         */
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
        /**
         * What happened to an account's stakes
         * @description Changes of stakes at every contract that holds some; contract_name tells which. event_type is stake, unstake_request, unstake or slashed.
         */
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
        /**
         * An account's stake
         * @description Stakes are those at ProverStaking, which make a worker. success_rate is 100 × jobs completed / jobs assigned, and null for who was assigned none.
         *     jobs_failed is unknown: no event tells it. has_tee is what the worker reports of its GPUs.
         *     pending_rewards is what may be claimed: (what was settled + stake × time since) × reward rate, cut to whole wei, as the contract counts it. can_unstake tells
         *     that something was asked back and its time is over. min_stake_for_tier is what a view of the contract told, or else its default.
         */
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
        /**
         * The stakes, the largest first
         * @description Stakes are those at ProverStaking, which make a worker. success_rate is 100 × jobs completed / jobs assigned, and null for who was assigned none.
         *     jobs_failed is unknown: no event tells it. has_tee is what the worker reports of its GPUs.
         */
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
        /**
         * The stakes in numbers
         * @description Of ProverStaking. avg_stake is total_staked / total_stakers. daily_trend has net = staked − unstaked − slashed of each of the last 30 days.
         *     Numbers of events count from the first indexed block.
         */
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
        /**
         * The tiers of stakes
         * @description ProverStaking's events tell reward_apy_bps and the first tier's minimum; all else was observed: a view of the contract told it, at the block in
         *     which an event told a change, and once an hour. What neither told is the contract's default while no event tells of a change, and unknown then.
         *     apy_percent is reward_apy_bps / 100.
         */
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
        /**
         * All that is at stake
         * @description Of ProverStaking. avg_stake is total_staked / total_stakers. daily_trend has net = staked − unstaked − slashed of each of the last 30 days.
         *     Numbers of events count from the first indexed block.
         */
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
        /**
         * The workers with a stake, the largest first
         * @description Stakes are those at ProverStaking, which make a worker. success_rate is 100 × jobs completed / jobs assigned, and null for who was assigned none.
         *     jobs_failed is unknown: no event tells it. has_tee is what the worker reports of its GPUs.
         */
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
        /**
         * The digest of the read models
         * @description Coordinators with logs of their own that agree on the digest of a block have the same read models.
         */
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
        /** The coordinator in numbers */
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
        /**
         * What rests in a pair's book
         * @description Amounts are what can still be traded, total is the sum from the best price up to the level. spread is best_ask - best_bid, spread_percentage the
         *     same in percent of mid_price, which is (best_bid + best_ask) / 2. An order past its expiry still trades: the contract does not look.
         */
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
        /** The same as the book */
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
        /** Orders, the newest first */
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
        /** One order */
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
        /**
         * The trading pairs
         * @description Prices are quote per SAGE with 18 decimals. The day is the one before the newest block. open_price is that of the newest trade before the
         *     day, or else of the first in it; price_change_24h is last_price - open_price, price_change_pct the same in percent of open_price.
         *     No event tells tick_size and is_active, nor anything of the first pair: a view of the contract does, at the block that added the pair and once an hour.
         */
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
        /**
         * One trading pair
         * @description Prices are quote per SAGE with 18 decimals. The day is the one before the newest block. open_price is that of the newest trade before the
         *     day, or else of the first in it; price_change_24h is last_price - open_price, price_change_pct the same in percent of open_price.
         *     No event tells tick_size and is_active, nor anything of the first pair: a view of the contract does, at the block that added the pair and once an hour.
         */
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
        /**
         * All pairs of the last day
         * @description Prices are quote per SAGE with 18 decimals. The day is the one before the newest block. open_price is that of the newest trade before the
         *     day, or else of the first in it; price_change_24h is last_price - open_price, price_change_pct the same in percent of open_price.
         */
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
        /**
         * A pair's last day
         * @description Prices are quote per SAGE with 18 decimals. The day is the one before the newest block. open_price is that of the newest trade before the
         *     day, or else of the first in it; price_change_24h is last_price - open_price, price_change_pct the same in percent of open_price.
         */
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
        /**
         * A pair's last day
         * @description Prices are quote per SAGE with 18 decimals. The day is the one before the newest block. open_price is that of the newest trade before the
         *     day, or else of the first in it; price_change_24h is last_price - open_price, price_change_pct the same in percent of open_price.
         */
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
        /**
         * A pair's prices by spans of time
         * @description Spans without trades are left out.
         */
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
        /**
         * A pair's time-weighted average price
         * @description The mean of the price of the newest trade, each weighted with the time for which it was the newest, over the interval before the newest block. Where
         *     nothing was traded before the interval, the mean is over the time since its first trade.
         */
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
        /**
         * A pair's trades, the newest first
         * @description The pair recent stands for all pairs.
         */
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
        /**
         * A validator's GPUs, as it reports them
         * @description A GPU is active above 5 % of utilisation, else idle, and offline when its last report is ten minutes old by its partition's time. Averages are over the
         *     GPUs that say the number. total_vram_mb is 1024 × the sum in GiB. tee_type, driver_version and total_tflops nobody reports.
         */
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
        /**
         * What a validator got: payments for jobs, and rewards
         * @description reward_type is job_completion, stake_reward or bonus, type the same as mining, staking or bonus, and kind what the chain says. job_count counts jobs that were
         *     paid for, avg_reward_per_job is the sum of the payments for jobs / job_count. Periods end with the newest block.
         *
         *     With `Accept: text/csv` all rows are streamed as CSV, whatever the page: a cell that a spreadsheet would take for a formula begins with '.
         */
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
        /**
         * What a validator earned, may claim and was paid
         * @description total_earned is what jobs paid, plus the rewards that contracts paid, plus what may be claimed. pending_rewards is what was promised for jobs and not
         *     paid. claimable_rewards is (what was settled + stake × time since) × reward rate, cut to whole wei, as ProverStaking counts it; it is unknown where the log
         *     does not have the stake's beginning. mining_rewards are claimed ones; staking_rewards are claimed and claimable ones. next_reward_estimate and
         *     estimated_daily are stake × reward rate / 365. apy_estimate is the contract's reward_apy_bps / 100.
         */
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
        /**
         * A validator's stake, work and liveness
         * @description An account that the chain has never told of is answered with is_registered false and zeros. A validator is active with a stake and a
         *     heartbeat in the last five minutes. uptime_percent is 100 × minutes with a heartbeat / minutes that were listened to, over the last day; uptime_bps is
         *     100 times that. reputation is reputation_score / 10. pending_rewards is what may be claimed, as /api/validator/rewards has it. status is unregistered, pending
         *     (registered without a stake), active, suspended (a stake that does not count) or exiting (a stake that was asked back).
         */
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
        /**
         * An account's movements of SAGE, added up
         * @description A large transfer takes its amount when it is initiated and once more when it is executed, as the contract does; the move that it tells twice
         *     stands here once. Gas fees are taken without an event, so that movements do not add up to a balance.
         */
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
        /**
         * An account's movements of SAGE, the newest first
         * @description A large transfer takes its amount when it is initiated and once more when it is executed, as the contract does; the move that it tells twice
         *     stands here once. Gas fees are taken without an event, so that movements do not add up to a balance.
         */
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
        /**
         * What an account sent last
         * @description A large transfer takes its amount when it is initiated and once more when it is executed, as the contract does; the move that it tells twice
         *     stands here once. Gas fees are taken without an event, so that movements do not add up to a balance.
         */
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
        /** Report a reward that was paid */
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
        /** Report on a worker's GPUs */
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
        /** Report that a worker is there */
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
        /**
         * The heartbeats of a worker, the newest first
         * @description As long as they are kept. timestamp is when the heartbeat was received; what the worker did not say is null.
         *
         *     With `Accept: text/csv` all rows are streamed as CSV, whatever the page: a cell that a spreadsheet would take for a formula begins with '.
         */
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
        /** What a worker last reported */
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
        /**
         * How reliably a worker reports
         * @description expected_heartbeats are the minutes of the period, after the registration, in which somebody listened; total_heartbeats those of them with a heartbeat.
         */
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
        /**
         * The registered workers
         * @description status is busy with an assigned job or one in progress as the worker says, else available when it is online, else offline; suspended where its stake does not
         *     count. capabilities are what the worker reports of its GPUs: no one tells of its processors, its memory or the types of jobs it takes.
         */
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
        /**
         * A worker, by its account or its id
         * @description status is busy with an assigned job or one in progress as the worker says, else available when it is online, else offline; suspended where its stake does not
         *     count. capabilities are what the worker reports of its GPUs: no one tells of its processors, its memory or the types of jobs it takes.
         */
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
        /** How the process and what it depends on are */
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
        /** Whether the process runs; nothing else is asked */
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
        /** Whether the process can answer */
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
        /** The process and the network at a glance: text, or JSON where Accept asks for it */
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
        /** How the coordinator is, in the words of the command line's client */
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
            /** @description At most 100, the newest first. */
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
            /** @description Of the row that the event does not fit. */
            key: string;
            /**
             * Format: int64
             * @description Of the event in the chain topic.
             */
            log_offset: number;
            read_model: string;
            reason: string;
            tx_hash: string;
        };
        AuditAnswer: {
            anomalies: components["schemas"]["Anomalies"] | null;
            completeness: components["schemas"]["Completeness"] | null;
            unknown?: string[];
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
            /** @description Wei of SAGE. */
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
        CircuitCount: {
            circuit_type: string;
            /** Format: int64 */
            count: number;
        };
        Claim: {
            /** @description Whom it was paid to: 0x and at least eight hex digits. */
            address: string;
            /** @description Wei, more than none. */
            amount: string;
            /** Format: int64 */
            block_number?: number | null;
            /** @enum {string} */
            claim_type: "staking" | "mining" | "referral" | "bonus" | "vesting" | "fees" | "keeper";
            /** Format: int64 */
            epoch_number?: number | null;
            /** @description The transaction that paid it. */
            tx_hash: string;
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
            /** @description Audited blocks, by why and how. */
            blocks: components["schemas"]["AuditCount"][];
            /**
             * Format: int64
             * @description Such blocks that were too many to remember.
             */
            dropped: number;
            /**
             * Format: double
             * @description Pause between two blocks.
             */
            every_seconds: number;
            /** @description What they are, the lowest block first; at most 100. */
            faults: components["schemas"]["AuditFault"][];
            /**
             * Format: int64
             * @description Blocks whose last audit found a fault.
             */
            faulty_blocks: number;
            /** @description The newest audit; null before the first. */
            last: components["schemas"]["AuditedLast"] | null;
            /**
             * Format: int64
             * @description Blocks where something odd was seen, and that wait.
             */
            pending: number;
            /** @description Why the last block that could not be checked could not. */
            problem?: string;
            /** @description unhealthy where a fault is known, degraded before anything was checked */
            status: string;
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
            /** @description All that are followed, by name. */
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
            /** @description Whether the network is one that this process makes up. */
            simulated: boolean;
        };
        CoordinatorNumbers: {
            /**
             * Format: int64
             * @description Registered workers with an assigned job.
             */
            busy_workers: number;
            /** Format: int64 */
            completed_jobs: number;
            /** Format: int64 */
            failed_jobs: number;
            /**
             * Format: int64
             * @description Registered workers that are not online.
             */
            offline_workers: number;
            /** Format: int64 */
            online_workers: number;
            /** Format: int64 */
            pending_jobs: number;
            /** Format: int64 */
            running_jobs: number;
            /**
             * Format: int64
             * @description As workers report them.
             */
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
            /**
             * Format: int64
             * @description Payments whose amount nobody can read.
             */
            private_payments: number;
            /** Format: int64 */
            rank: number | null;
            total_earnings: string;
        };
        EarningsChart: {
            /** @description Days without a payment are left out. */
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
            /** @description Where the error occurred, e.g. 'body.items[3].tags' or 'path.thing-id' */
            location?: string;
            /** @description Error message text */
            message?: string;
            /** @description The value at the given location */
            value?: unknown;
        };
        ErrorModel: {
            /**
             * @description A human-readable explanation specific to this occurrence of the problem.
             * @example Property foo is required but is missing.
             */
            detail?: string;
            /** @description Optional list of individual error details */
            errors?: components["schemas"]["ErrorDetail"][];
            /**
             * Format: uri
             * @description A URI reference that identifies the specific occurrence of the problem.
             * @example https://example.com/error-log/abc123
             */
            instance?: string;
            /**
             * Format: int64
             * @description HTTP status code
             * @example 400
             */
            status?: number;
            /**
             * @description A short, human-readable summary of the problem type. This value should not change between occurrences of the error.
             * @example Bad Request
             */
            title?: string;
            /**
             * Format: uri
             * @description A URI reference to human-readable documentation for the error.
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
            /** @description Of the account's claims. */
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
            /**
             * Format: double
             * @description Percent.
             */
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
            /**
             * Format: double
             * @description No more than vram_total_gb.
             */
            vram_used_gb?: number | null;
        };
        GPUMetrics: {
            /** @description All that it has; none is twice. */
            gpus: components["schemas"]["GPU"][];
            /** @description The worker's account: 0x and at least eight hex digits. */
            worker_address: string;
        };
        GovernanceConfig: {
            /** @description Where proposals are made, by the contract's name. */
            contracts: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description From the end of voting.
             */
            execution_delay_secs: number;
            /**
             * Format: int64
             * @description When a view first told what it tells still.
             */
            observed_since: number | null;
            /** @description Wei of SAGE that whoever makes a proposal must have. */
            proposal_threshold: string;
            /** @description Wei of SAGE, at the treasury, as all that follows. */
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
            /**
             * Format: int64
             * @description That were executed.
             */
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
            /**
             * Format: double
             * @description Percent.
             */
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
            /**
             * Format: double
             * @description Percent.
             */
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
            /**
             * Format: double
             * @description Percent.
             */
            gpu_utilization?: number | null;
            /** @description Where it tells of each, as /api/worker/gpu-metrics does. */
            gpus?: components["schemas"]["GPU"][] | null;
            /** Format: int64 */
            jobs_in_progress?: number | null;
            /** Format: int64 */
            latency_ms?: number | null;
            /**
             * Format: double
             * @description Percent.
             */
            memory_utilization?: number | null;
            version?: string | null;
            /** @description The worker's account: 0x and at least eight hex digits. */
            worker_address: string;
            /** @description The worker's own name for itself. */
            worker_id?: string | null;
        };
        HeartbeatAnswer: {
            /**
             * Format: int64
             * @description Seconds between two heartbeats.
             */
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
            /** @description The cursor of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description The page by its number, from 1.
             */
            page: number;
            /**
             * Format: int64
             * @description Of all pages.
             */
            total: number;
            /** Format: int64 */
            total_pages: number;
            worker_address: string;
        };
        HeartbeatRow: {
            /** Format: int64 */
            gpu_count: number | null;
            /**
             * Format: double
             * @description Percent.
             */
            gpu_utilization: number | null;
            /** Format: int64 */
            jobs_in_progress: number | null;
            /** Format: int64 */
            latency_ms: number | null;
            /**
             * Format: double
             * @description Percent.
             */
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
            /** @description Wei. */
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
            /**
             * Format: int64
             * @description Pending and assigned.
             */
            jobs_in_progress: number;
            /** Format: int64 */
            jobs_last_24h: number;
            /** Format: int64 */
            jobs_last_7d: number;
            /**
             * Format: double
             * @description Percent.
             */
            success_rate: number;
            /**
             * Format: int64
             * @description Hundredths of a percent.
             */
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
            /** @description Wei. */
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
            /**
             * Format: int64
             * @description Pending and assigned.
             */
            jobs_in_progress: number;
            /** Format: int64 */
            jobs_last_24h: number;
            /** Format: int64 */
            jobs_last_7d: number;
            /**
             * Format: double
             * @description Percent.
             */
            success_rate: number;
            /**
             * Format: int64
             * @description Hundredths of a percent.
             */
            success_rate_bps: number;
            /** Format: double */
            total_compute_hours: number;
            /** Format: int64 */
            total_jobs: number;
            unknown: string[];
        };
        JobDetail: {
            job: components["schemas"]["JobRow"];
            proof: components["schemas"]["JobProof"] | null;
            timeline: components["schemas"]["TimelineEvent"][];
        };
        JobList: {
            has_more: boolean;
            jobs: components["schemas"]["JobRow"][];
            /** Format: int64 */
            limit: number;
            /** @description The cursor of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description The page by its number, from 1.
             */
            page: number;
            /**
             * Format: int64
             * @description Of all pages.
             */
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
            /**
             * Format: double
             * @description Percent.
             */
            completion_rate: number;
            /** Format: int64 */
            failed_jobs: number;
            /** @description Submissions by the hour of the day, in UTC, since the first indexed block. */
            hourly_distribution: components["schemas"]["HourCount"][];
            /** Format: int64 */
            jobs_last_24h: number;
            /** Format: int64 */
            jobs_last_7d: number;
            /** Format: int64 */
            pending_jobs: number;
            /** Format: int64 */
            total_jobs: number;
            /** @description Wei that were paid. */
            total_paid_amount: string;
            /** @description Wei that were promised. */
            total_payment_amount: string;
            unknown: string[];
        };
        JobProof: {
            is_valid: boolean | null;
            proof_hash: string | null;
            proof_type: string | null;
            /**
             * Format: int64
             * @description No event tells it.
             */
            verification_time_ms: number | null;
            /** Format: date-time */
            verified_at: string | null;
        };
        JobResult: {
            /** @description Wei that were paid. */
            actual_cost_sage: string;
            error: string | null;
            /** Format: double */
            execution_time_secs: number;
            job_id: string;
            /** @description The chain does not hold outputs. */
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
            /** @description Why it was cancelled. */
            error_message: string | null;
            /** Format: int64 */
            execution_time_ms: number | null;
            id: string;
            job_id: string;
            job_type: string;
            /** @description Wei that were paid. */
            paid_amount: string | null;
            /** @description Wei that were promised. */
            payment_amount: string | null;
            /** Format: int64 */
            priority: number;
            result_hash: string | null;
            /**
             * Format: date-time
             * @description As assigned_at.
             */
            started_at: string | null;
            /** @description pending, assigned, completed, cancelled; unknown of a job whose beginning the log does not have. */
            status: string;
            tx_hash: string;
            unknown: string[];
            worker_address: string | null;
            /** @description As worker_address. */
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
            /**
             * Format: double
             * @description Percent.
             */
            success_rate: number;
            total_earnings: string;
            unknown: string[];
            /** @description The address of who never registered. */
            worker_id: string;
        };
        Leaderboard: {
            has_more: boolean;
            leaderboard: components["schemas"]["Leader"][];
            /** Format: int64 */
            limit: number;
            /** @description The cursor of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description The page by its number, from 1.
             */
            page: number;
            /**
             * Format: int64
             * @description Of all pages.
             */
            total: number;
            /** Format: int64 */
            total_pages: number;
            total_staked: string;
            /** Format: int64 */
            total_stakers: number;
            /**
             * Format: date-time
             * @description The time of the block.
             */
            updated_at: string | null;
        };
        Level: {
            /** @description Wei of SAGE. */
            amount: string;
            /** Format: int64 */
            order_count: number;
            price: string;
            /** @description Wei of SAGE from the best price up to this one. */
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
            /** @description Wei of SAGE. */
            volume_24h: string;
            /** @description Of the quote token. */
            volume_quote_24h: string;
        };
        NetworkChart: {
            data: components["schemas"]["NetworkPoint"][];
            period: string;
        };
        NetworkGrowth: {
            /**
             * Format: double
             * @description Percent.
             */
            jobs_growth_24h: number;
            /**
             * Format: double
             * @description Percent.
             */
            jobs_growth_7d: number;
            /**
             * Format: double
             * @description Percent.
             */
            staked_growth_24h: number;
            /**
             * Format: double
             * @description Percent.
             */
            staked_growth_7d: number;
            unknown: string[];
            /**
             * Format: double
             * @description Percent.
             */
            workers_growth_24h: number;
            /**
             * Format: double
             * @description Percent.
             */
            workers_growth_7d: number;
        };
        NetworkHistory: {
            latest: components["schemas"]["NetworkSnapshot"] | null;
            period: string;
            snapshots: components["schemas"]["NetworkSnapshot"][];
        };
        NetworkPoint: {
            /**
             * Format: int64
             * @description Submitted in all.
             */
            jobs: number;
            /**
             * Format: double
             * @description SAGE.
             */
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
            /** @description The hour. */
            id: string;
            /** @description Whether a block after the hour is indexed. */
            is_whole: boolean;
            /** Format: int64 */
            jobs_24h: number;
            /** Format: int64 */
            jobs_completed: number;
            /** Format: double */
            network_utilization: number | null;
            /**
             * Format: int64
             * @description The hour's end.
             */
            snapshot_at: number;
            /** Format: int64 */
            total_jobs: number;
            total_staked: string;
            /** @description Wei that workers were paid in the 24 hours up to the hour's end. */
            total_volume_24h: string | null;
            /** Format: int64 */
            total_workers: number;
            unknown: string[];
        };
        NetworkStats: {
            /** Format: int64 */
            active_workers: number;
            /**
             * Format: double
             * @description As avg_job_completion_time_secs.
             */
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
            /** @description The cursor of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description The page by its number, from 1.
             */
            page: number;
            /** Format: int64 */
            page_size: number;
            /**
             * Format: int64
             * @description Of all pages.
             */
            total: number;
            /**
             * Format: int64
             * @description Of this page.
             */
            total_count: number;
            /** Format: int64 */
            total_pages: number;
            workers: components["schemas"]["Worker"][];
        };
        NewestJobs: {
            jobs: components["schemas"]["JobRow"][];
        };
        OrderBook: {
            asks: components["schemas"]["Level"][];
            best_ask: string | null;
            best_bid: string | null;
            bids: components["schemas"]["Level"][];
            /**
             * Format: date-time
             * @description The time of the block that the answer is of.
             */
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
            /** @description The cursor of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description The page by its number, from 1.
             */
            page: number;
            payments: components["schemas"]["Payment"][];
            /**
             * Format: int64
             * @description Of all pages.
             */
            total: number;
            /** Format: int64 */
            total_pages: number;
        };
        PaymentShare: {
            payment_type: string;
            /**
             * Format: double
             * @description Of the sum.
             */
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
            /**
             * Format: double
             * @description GiB.
             */
            memory_total: number;
            /**
             * Format: double
             * @description GiB.
             */
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
            /**
             * Format: double
             * @description GiB.
             */
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
            /** @description Wei; 0 where it is not known. */
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
            /** @description What went wrong, in a word that stays as it is. */
            code: string;
            /** @description What went wrong, in words for people. */
            detail: string;
            /** @description As detail. */
            error: string;
            /** @description The request's id, as in X-Request-Id and in the server's log. */
            instance?: string;
            /**
             * Format: int64
             * @description Of 429: requests a minute.
             */
            limit?: number;
            /**
             * Format: int64
             * @description Seconds after which it is worth another try.
             */
            retry_after_secs?: number;
            /** Format: int64 */
            status: number;
            /** @description The status in words. */
            title: string;
            /** @description about:blank: title and status say it all, code says it for programs. */
            type: string;
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
            /** @description The cursor of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description The page by its number, from 1.
             */
            page: number;
            proofs: components["schemas"]["ProofRow"][];
            /**
             * Format: int64
             * @description Of all pages.
             */
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
            /** @description Of the last 30 days. */
            daily: components["schemas"]["ProofDay"][];
            /** Format: int64 */
            failed_proofs: number;
            /**
             * Format: int64
             * @description Without a verdict.
             */
            pending_proofs: number;
            /** Format: int64 */
            proofs_last_24h: number;
            /** Format: int64 */
            proofs_last_7d: number;
            /** Format: int64 */
            total_proofs: number;
            unknown: string[];
            /**
             * Format: double
             * @description Percent.
             */
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
            /** @description The cursor of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description The page by its number, from 1.
             */
            page: number;
            proofs: components["schemas"]["ProofRow"][];
            /**
             * Format: double
             * @description Percent.
             */
            success_rate: number;
            /**
             * Format: int64
             * @description Of all pages.
             */
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
            /**
             * Format: int64
             * @description Of the timelock's members.
             */
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
            /** @description Among those of its contract. */
            number: string;
            /** @description As id. */
            proposal_id: string;
            proposer: string;
            quorum: string;
            /**
             * Format: int64
             * @description When voting begins at the treasury; elsewhere when the proposal was made.
             */
            start_time: number;
            /**
             * @description No event says that voting has ended: a proposal stays active until it is executed or cancelled.
             * @enum {string}
             */
            status: "active" | "executed" | "rejected" | "cancelled";
            target_address: string | null;
            title: string;
            /** @description Of the event that shaped it last. */
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
            /** @description Whether the facts give the rows that are stored. */
            agrees: boolean;
            /** @description The row's key. */
            id: string;
            kind: string;
            /**
             * Format: int64
             * @description Where the life goes on: the from of the next page. Null at the end.
             */
            next_from: number | null;
            steps: components["schemas"]["ProvenanceStep"][];
            /**
             * Format: int64
             * @description Blocks that changed the row.
             */
            total_versions: number;
        };
        ProvenanceStep: {
            /** @description The row's columns after it. */
            after: {
                [key: string]: unknown;
            };
            /** Format: int64 */
            block: number;
            block_hash: string;
            contract_address: string;
            contract_name: string;
            /** @description What the fact says. */
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
            /** @description Null of an observation, which is of no transaction. */
            tx_hash: string | null;
            type: string;
        };
        ReadyAnswer: {
            ready: boolean;
            /** @description What is missing. */
            reason?: string;
        };
        RecentJobs: {
            jobs: components["schemas"]["Job"][];
            /**
             * Format: int64
             * @description Of all that are there.
             */
            total_count: number;
        };
        RecentTransfer: {
            amount: string;
            id: string;
            /** @description Of SAGE's own transfers none is. */
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
        SdkWorkerList: {
            has_more: boolean;
            /** Format: int64 */
            limit: number;
            /** @description The cursor of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description The page by its number, from 1.
             */
            page: number;
            /**
             * Format: int64
             * @description Of all pages.
             */
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
            gpu_tier: string | null;
            has_tee: boolean;
            is_active: boolean;
            /** @description Whether there is anything to take. */
            is_slashable: boolean;
            /** Format: int64 */
            jobs_completed: number;
            /** Format: int64 */
            jobs_failed: number;
            /** Format: date-time */
            last_heartbeat: string | null;
            /** @description Asked back, and still at stake. */
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
            /** @description As status. */
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
            /**
             * Format: int64
             * @description When an event told a change.
             */
            changed_at: number | null;
            /** @description Whether neither an event nor a view told reward_apy_bps: then it is the contract's default. */
            is_default: boolean;
            /**
             * Format: int64
             * @description So many slashes in a row end a stake's activity.
             */
            max_consecutive_failures: number;
            /**
             * Format: int64
             * @description When a view first told what it tells still; null where none has since the last change.
             */
            observed_since: number | null;
            /** Format: int64 */
            reward_apy_bps: number;
            sage_token: string | null;
            /** @description What a slash takes of a stake, by its reason, in hundredths of a percent. */
            slash_bps: components["schemas"]["SlashShares"];
            staking_contract: string | null;
            tiers: components["schemas"]["StakingTier"][];
            unknown: string[];
            /** Format: int64 */
            unstake_lockup_secs: number;
        };
        StakingDay: {
            date: string;
            /** @description May be negative. */
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
            /** @description After it, where it says so. */
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
            /** @description The cursor of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description The page by its number, from 1.
             */
            page: number;
            /**
             * Format: int64
             * @description Of all pages.
             */
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
            /** @description Whether it is the contract's default, and neither an event nor a view told it. */
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
            /** @description The cursor of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description The page by its number, from 1.
             */
            page: number;
            /**
             * Format: int64
             * @description Of all pages.
             */
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
            /** @description Null while the database does not answer. */
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
            /** @description Empty of private payments: nobody can tell. */
            token: string;
            total: string;
        };
        Trade: {
            /** @description Wei of SAGE. */
            amount: string;
            /** Format: int64 */
            block_number: number;
            /** Format: date-time */
            executed_at: string;
            /** @description maker_fee + taker_fee. */
            fee: string;
            id: string;
            maker: string;
            /** @description A share of the quote amount, also where it is taken in SAGE. */
            maker_fee: string;
            maker_order_id: string;
            pair_id: string;
            price: string;
            /** @description Of the pair's quote token. */
            quote_amount: string;
            /**
             * @description Of the order that took.
             * @enum {string}
             */
            side: "buy" | "sell";
            taker: string;
            /** @description A share of the quote amount, also where it is taken in SAGE. */
            taker_fee: string;
            taker_order_id: string;
            /** @description As id. */
            trade_id: string;
            tx_hash: string;
            unknown: string[];
        };
        TradingOrder: {
            /** @description Wei of SAGE. */
            amount: string;
            /** Format: date-time */
            created_at: string | null;
            /**
             * Format: date-time
             * @description After it the order still trades: the contract does not look.
             */
            expires_at: string | null;
            filled_amount: string;
            id: string;
            /** @description As trader. */
            maker_address: string;
            /** @description As id. */
            order_id: string;
            /** @enum {string} */
            order_type: "limit" | "market";
            pair_id: string;
            price: string;
            /** @description What can still be traded. */
            remaining_amount: string;
            /** @enum {string} */
            side: "buy" | "sell";
            /** @enum {string} */
            status: "open" | "partial" | "filled" | "cancelled";
            trader: string;
            /** @description Of the event that shaped it last. */
            tx_hash: string;
            unknown: string[];
            /** Format: date-time */
            updated_at: string | null;
        };
        TradingPair: {
            base: string;
            base_address: string;
            base_symbol: string;
            /** @description As base_address. */
            base_token: string;
            id: string;
            is_active: boolean;
            last_price: string | null;
            /** @description Wei of SAGE. */
            min_order_size: string;
            /** Format: int64 */
            orders_placed: number;
            /** @description As id. */
            pair_id: string;
            price_change_24h: string | null;
            /** @description Its symbol; empty where it is not known. */
            quote: string;
            quote_address: string;
            /** @description As quote. */
            quote_symbol: string;
            /** @description As quote_address. */
            quote_token: string;
            tick_size: string;
            unknown: string[];
            /** @description Wei of SAGE. */
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
            /** @description Wei of SAGE, of all pairs. */
            volume_24h: string;
        };
        Twap: {
            /** @description Each price and since when it held. */
            data_points: components["schemas"]["PricePoint"][];
            interval: string;
            pair_id: string;
            /** @description Null where nothing was ever traded. */
            twap_price: string | null;
        };
        TypeCount: {
            /** Format: int64 */
            count: number;
            job_type: string;
        };
        ValidatorHistory: {
            /** @description As rewards. */
            entries: components["schemas"]["RewardEntry"][];
            has_more: boolean;
            /** Format: int64 */
            limit: number;
            /** @description The cursor of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description The page by its number, from 1.
             */
            page: number;
            period: string;
            /** Format: int64 */
            period_end: number | null;
            /** Format: int64 */
            period_start: number | null;
            period_summary: components["schemas"]["RewardSummary"];
            rewards: components["schemas"]["RewardEntry"][];
            /**
             * Format: int64
             * @description Of all pages.
             */
            total: number;
            /**
             * Format: int64
             * @description Of all pages.
             */
            total_count: number;
            /** Format: int64 */
            total_pages: number;
        };
        ValidatorRewards: {
            /**
             * Format: double
             * @description Percent.
             */
            apy_estimate: number;
            claimable_rewards: string;
            claimable_rewards_formatted: string;
            /** @description As total_claimed. */
            claimed_total: string;
            /** Format: int64 */
            estimated_apy_bps: number;
            /** @description Wei. */
            estimated_daily: string;
            /**
             * Format: int64
             * @description As last_claim_timestamp.
             */
            last_claim_at: number | null;
            /** Format: int64 */
            last_claim_timestamp: number | null;
            mining_rewards: string;
            next_reward_estimate: string;
            /** @description As pending_rewards. */
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
            gpu_tier: string | null;
            is_active: boolean;
            is_registered: boolean;
            /** Format: int64 */
            jobs_completed: number;
            /** Format: int64 */
            jobs_failed: number;
            /** Format: int64 */
            jobs_in_progress: number;
            /**
             * Format: int64
             * @description As last_heartbeat.
             */
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
        Vote: {
            /** Format: int64 */
            block_number: number;
            proposal_id: string;
            /** @description There is no abstaining. */
            support: boolean;
            tx_hash: string;
            /** Format: date-time */
            voted_at: string;
            voter: string;
            /** @description Null for a member of the timelock, whose approval has none. */
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
            /** @description There is no delegation. */
            delegated_away: string;
            /** @description There is no delegation. */
            delegated_to_me: string;
            /** @description The greatest power of a vote; the voter chooses it, up to the balance. */
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
            /** @description What the counterparty is called, where it is one of the network's contracts. */
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
            /** @description As gpu_type. */
            gpu_model: string;
            gpu_tier: string | null;
            gpu_type: string;
            /** Format: double */
            gpu_utilization: number | null;
            is_active: boolean;
            /**
             * Format: int64
             * @description Completed in the day before the newest block.
             */
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
            /**
             * Format: double
             * @description Percent.
             */
            gpu_utilization: number | null;
            /**
             * Format: int64
             * @description As the worker says.
             */
            jobs_in_progress: number;
            /** Format: int64 */
            last_seen: number | null;
            /** @enum {string} */
            status: "online" | "idle" | "offline" | "unknown";
            /** @description Their sum. */
            total_claimed: string;
            /**
             * Format: int64
             * @description Rewards that contracts say they paid.
             */
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
            /** @description OK */
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
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description How many top earners at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only payments of this type. */
                payment_type?: "job" | "routed" | "private";
                /** @description Only payments in this token. */
                token?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The account, in any case and with any padding. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Only what is of this time before the newest block. */
                period?: "24h" | "7d" | "30d" | "90d" | "all";
            };
            header?: never;
            path: {
                /** @description The account, in any case and with any padding. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only payments of this type. */
                payment_type?: "job" | "routed" | "private";
                /** @description Only payments in this token. */
                token?: string;
                /** @description Only what is of this time before the newest block. */
                period?: "24h" | "7d" | "30d" | "90d" | "all";
            };
            header?: never;
            path: {
                /** @description The worker. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The account, in any case and with any padding. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Whose: an address in any case and with any padding. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description Whose: an address in any case and with any padding. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description Whose: an address in any case and with any padding. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Only proposals of this status. */
                status?: "active" | "executed" | "rejected" | "cancelled";
                /** @description Only proposals of this category. */
                category?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description As limit, for clients that say so. */
                per_page?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The proposal's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The proposal's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description Whose: an address in any case and with any padding. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only jobs of this status. */
                status?: string;
                /** @description Only jobs of this type. */
                job_type?: string;
                /** @description What it is ordered by. created_at is the order in which jobs came to be. */
                sort_by?: "created_at" | "completed_at" | "payment_amount";
                /** @description Only jobs of this client. */
                client?: string;
                /** @description Only jobs of this worker. */
                worker?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description map: jobs_by_type has the counts by the names of types. */
                shape?: "array" | "map";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only jobs of this status. */
                status?: string;
                /** @description Only jobs of this type. */
                job_type?: string;
                /** @description What it is ordered by. created_at is the order in which jobs came to be. */
                sort_by?: "created_at" | "completed_at" | "payment_amount";
                /** @description Only jobs of this client. */
                client?: string;
                /** @description Only jobs of this worker. */
                worker?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only jobs of this status. */
                status?: string;
                /** @description Only jobs of this type. */
                job_type?: string;
                /** @description What it is ordered by. created_at is the order in which jobs came to be. */
                sort_by?: "created_at" | "completed_at" | "payment_amount";
            };
            header?: never;
            path: {
                /** @description The client. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only jobs of this status. */
                status?: string;
                /** @description Only jobs of this type. */
                job_type?: string;
                /** @description What it is ordered by. created_at is the order in which jobs came to be. */
                sort_by?: "created_at" | "completed_at" | "payment_amount";
            };
            header?: never;
            path: {
                /** @description The worker. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The job's number. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The job's number. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Only jobs of this status. */
                status?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description array: only the list, with rewards in wei and durations in milliseconds. */
                shape?: "object" | "array";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The job's number. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobRow"];
                };
            };
        };
    };
    getJobsJobIdResult: {
        parameters: {
            query?: {
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The job's number. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description The time before the newest block; of 30d it is a point a day, else one an hour. */
                period?: "24h" | "7d" | "30d";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Only hours that end in this time before the newest block, or after it. */
                period?: "1h" | "24h" | "7d" | "30d";
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description As limit; it goes before it. */
                page_size?: number;
                /** @description Only workers of this status. Not as of a past block. */
                status?: "online" | "idle" | "offline" | "unknown";
                /** @description Only workers of this tier. */
                tier?: "consumer" | "workstation" | "datacenter" | "enterprise" | "frontier";
                /** @description What it is ordered by. */
                sort_by?: "jobs_completed" | "staked_amount" | "total_earnings" | "registered_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only proofs of this type. */
                proof_type?: string;
                /** @description Only proofs of this status. */
                status?: "pending" | "challenged" | "verified" | "rejected";
                /** @description Only proofs at this contract. */
                contract?: string;
                /** @description What it is ordered by. created_at is the order in which proofs were first told of. */
                sort_by?: "created_at" | "verified_at";
                /** @description Only proofs of this worker: its account, or its id. */
                worker?: string;
                /** @description As worker. */
                worker_id?: string;
                /** @description Only proofs of this job. */
                job_id?: string;
                /** @description Only proofs with this verdict. */
                is_valid?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only proofs of this type. */
                proof_type?: string;
                /** @description Only proofs of this status. */
                status?: "pending" | "challenged" | "verified" | "rejected";
                /** @description Only proofs at this contract. */
                contract?: string;
                /** @description What it is ordered by. created_at is the order in which proofs were first told of. */
                sort_by?: "created_at" | "verified_at";
            };
            header?: never;
            path: {
                /** @description The job's number. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only proofs of this type. */
                proof_type?: string;
                /** @description Only proofs of this status. */
                status?: "pending" | "challenged" | "verified" | "rejected";
                /** @description Only proofs at this contract. */
                contract?: string;
                /** @description What it is ordered by. created_at is the order in which proofs were first told of. */
                sort_by?: "created_at" | "verified_at";
            };
            header?: never;
            path: {
                /** @description The worker: its account, or its id. */
                worker_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only proofs of this type. */
                proof_type?: string;
                /** @description Only proofs of this status. */
                status?: "pending" | "challenged" | "verified" | "rejected";
                /** @description Only proofs at this contract. */
                contract?: string;
                /** @description What it is ordered by. created_at is the order in which proofs were first told of. */
                sort_by?: "created_at" | "verified_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only proofs of this type. */
                proof_type?: string;
                /** @description Only proofs of this status. */
                status?: "pending" | "challenged" | "verified" | "rejected";
                /** @description Only proofs at this contract. */
                contract?: string;
                /** @description What it is ordered by. created_at is the order in which proofs were first told of. */
                sort_by?: "created_at" | "verified_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The proof's id, such as ProofVerifier:1042, or its hash. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofRow"];
                };
            };
        };
    };
    getProofsIdDetail: {
        parameters: {
            query?: {
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The proof's id, such as ProofVerifier:1042, or its hash. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
    getProvenanceKindId: {
        parameters: {
            query?: {
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Only what blocks from this one on made of the row. */
                from?: number;
                /** @description How many blocks that changed the row at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The read model. */
                kind: string;
                /** @description The row's key. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only what is of this type. */
                event_type?: "stake" | "unstake_request" | "unstake" | "slashed";
                /** @description Only what is of this contract. */
                contract?: string;
                /** @description Only what is of this account. */
                address?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only what is of this type. */
                event_type?: "stake" | "unstake_request" | "unstake" | "slashed";
                /** @description Only what is of this contract. */
                contract?: string;
            };
            header?: never;
            path: {
                /** @description The account. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The account, in any case and with any padding. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only stakes of this tier. */
                tier?: "consumer" | "workstation" | "datacenter" | "enterprise" | "frontier";
                /** @description What it is ordered by. */
                sort_by?: "staked_amount" | "jobs_completed" | "total_earnings";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only stakes of this tier. */
                tier?: "consumer" | "workstation" | "datacenter" | "enterprise" | "frontier";
                /** @description What it is ordered by. */
                sort_by?: "staked_amount" | "jobs_completed" | "total_earnings";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only what is of this type. */
                event_type?: "stake" | "unstake_request" | "unstake" | "slashed";
                /** @description Only what is of this contract. */
                contract?: string;
                /** @description Only what is of this account. */
                address?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only what is of this type. */
                event_type?: "stake" | "unstake_request" | "unstake" | "slashed";
                /** @description Only what is of this contract. */
                contract?: string;
            };
            header?: never;
            path: {
                /** @description The account. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The account, in any case and with any padding. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only stakes of this tier. */
                tier?: "consumer" | "workstation" | "datacenter" | "enterprise" | "frontier";
                /** @description What it is ordered by. */
                sort_by?: "staked_amount" | "jobs_completed" | "total_earnings";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only stakes of this tier. */
                tier?: "consumer" | "workstation" | "datacenter" | "enterprise" | "frontier";
                /** @description What it is ordered by. */
                sort_by?: "staked_amount" | "jobs_completed" | "total_earnings";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description How many prices on each side at most. */
                depth?: number;
            };
            header?: never;
            path: {
                /** @description The pair's number. */
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description How many prices on each side at most. */
                depth?: number;
            };
            header?: never;
            path: {
                /** @description The pair's number. */
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Only the orders of this account. */
                address?: string;
                /** @description Only the orders of this pair. */
                pair_id?: number;
                /** @description Only orders of this status. */
                status?: "open" | "partial" | "filled" | "cancelled";
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The order's number. */
                order_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The pair's number. */
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The pair's number. */
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The pair's number. */
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description The span of one point. */
                interval?: "1h" | "4h" | "24h" | "7d";
                /** @description How long before the newest block. */
                period?: "24h" | "7d" | "30d";
            };
            header?: never;
            path: {
                /** @description The pair's number. */
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description How long before the newest block. */
                interval?: "1h" | "4h" | "24h" | "7d" | "30d";
            };
            header?: never;
            path: {
                /** @description The pair's number. */
                pair_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Only trades that this account made or took. */
                address?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The pair's number, or recent for all pairs. */
                pair_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description Whom it is about: an address in any case and with any padding. It goes before the header. */
                address?: string;
                /** @description array: only the list, with other names. */
                shape?: "object" | "array";
            };
            header?: {
                /** @description The same, as wallets send it. */
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description Whom it is about: an address in any case and with any padding. It goes before the header. */
                address?: string;
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Only what is of this time before the newest block. */
                period?: "day" | "week" | "month" | "all";
            };
            header?: {
                /** @description The same, as wallets send it. */
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description Whom it is about: an address in any case and with any padding. It goes before the header. */
                address?: string;
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: {
                /** @description The same, as wallets send it. */
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description Whom it is about: an address in any case and with any padding. It goes before the header. */
                address?: string;
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: {
                /** @description The same, as wallets send it. */
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description Whose: an address in any case and with any padding. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Only movements of this type. */
                tx_type?: "send" | "receive" | "mint" | "initiate";
                /** @description How long before the newest block. */
                period?: "24h" | "7d" | "30d" | "90d" | "all";
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Whose: an address in any case and with any padding. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Whose: an address in any case and with any padding. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
            /** @description OK */
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
            /** @description OK */
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
            /** @description OK */
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
                /** @description Whom it is about: an address in any case and with any padding. It goes before the header. */
                address?: string;
                /** @description Only what is of this time or later. */
                since?: string;
                /** @description Only what is of before this time. */
                until?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description The newest first, or the oldest. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
            };
            header?: {
                /** @description The same, as wallets send it. */
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description Whom it is about: an address in any case and with any padding. It goes before the header. */
                address?: string;
            };
            header?: {
                /** @description The same, as wallets send it. */
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description Whom it is about: an address in any case and with any padding. It goes before the header. */
                address?: string;
                /** @description The last so many hours, by the time of the worker's partition. */
                period_hours?: number;
            };
            header?: {
                /** @description The same, as wallets send it. */
                "X-Wallet-Address"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
                /** @description Where to go on: next_cursor of the page before. The pages are then all of the first one's block, whatever arrives meanwhile. */
                cursor?: string;
                /** @description The page by its number, from 1: for clients that count. Not with cursor. */
                page?: number;
                /** @description How many rows to skip: for clients that count. Not with cursor or page. */
                offset?: number;
                /** @description Highest first, or lowest first. */
                sort_order?: "desc" | "asc";
                /** @description How many at most. */
                limit?: number;
                /** @description As limit; it goes before it. */
                page_size?: number;
                /** @description Only workers of this status. Not as of a past block. */
                status?: "online" | "idle" | "offline" | "unknown";
                /** @description Only workers of this tier. */
                tier?: "consumer" | "workstation" | "datacenter" | "enterprise" | "frontier";
                /** @description What it is ordered by. */
                sort_by?: "jobs_completed" | "staked_amount" | "total_earnings" | "registered_at";
                /** @description object: the list under workers, with the place of the page. */
                shape?: "array" | "object";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
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
                /** @description As of this block: what the chain had told once it was there. What workers report is not known of the past. */
                block?: number;
                /** @description As of the newest block up to this time, such as 2026-01-02T15:04:05Z. Give it or block, not both. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The worker: its account, or its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SdkWorker"];
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
            /** @description OK */
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
            /** @description OK */
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
            /** @description OK */
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
            /** @description OK */
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
            /** @description OK */
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
