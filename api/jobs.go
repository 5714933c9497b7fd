package api

import (
	"context"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// JobReads answers questions about jobs.
type JobReads interface {
	Jobs(ctx context.Context, as projections.AsOf, f projections.JobFilter, p projections.Page) (projections.Listed[projections.JobView], projections.Freshness, error)
	Job(ctx context.Context, as projections.AsOf, id schemas.Amount) (projections.JobDetail, bool, projections.Freshness, error)
	EachJob(ctx context.Context, as projections.AsOf, f projections.JobFilter, p projections.Page, begin func(projections.Freshness), row func(projections.JobView) error) error
	JobStats(ctx context.Context, as projections.AsOf) (projections.JobStats, projections.Freshness, error)
}

const aboutJobs = `No event of the chain tells a job's priority, nor that a job failed. job_type is what the contract was observed to say, else "unknown".
execution_time_ms is completed_at − assigned_at, reward what was paid or else promised. result_hash is known of jobs at OptimisticTEE. tx_hash and
block_number are of the event that last shaped the job.`

const aboutJobNumbers = `Of the jobs as of the newest block. success_rate and completion_rate are 100 × completed / (completed + cancelled): what goes on is no failure.
Averages are means: of completed_at − assigned_at, and of what was paid for jobs. total_compute_hours is the sum of the former. Days and weeks end with
the block.`

// jobRoutes are of jobs.
func (s *Server) jobRoutes() []endpoint {
	of := func(path, summary, about, example string) Route {
		return Route{Path: path, Tag: "Jobs", Summary: summary, Of: Chain, About: about, Example: example}
	}
	one := func(path, summary, example string) Route {
		r := of(path, summary, aboutJobs, example)
		r.NotFound = true
		return r
	}
	recent := of("/api/jobs/recent", "The newest jobs", aboutJobs, "GET_api_jobs_recent.200")
	recent.PerMinute = 120
	analytics := of("/api/jobs/analytics", "The jobs in numbers", aboutJobNumbers, "GET_api_jobs_analytics.200")
	analytics.PerMinute = 60
	return []endpoint{
		exported(recent, s.recentJobs, s.eachRecentJob),
		read(analytics, s.jobAnalytics),
		exported(of("/api/jobs/db", "Jobs", aboutJobs, "GET_api_jobs_db.200"), s.jobs, s.eachJob),
		exported(of("/api/jobs", "Jobs", aboutJobs, "GET_api_jobs_db.200"), s.jobs, s.eachJob),
		read(of("/api/jobs/db/by-client/{address}", "The jobs of a client", aboutJobs, ""), s.jobsOfClient),
		read(of("/api/jobs/db/by-worker/{address}", "The jobs of a worker", aboutJobs, ""), s.jobsOfWorker),
		read(of("/api/jobs/db/recent", "The newest jobs, in full", aboutJobs, ""), s.newestJobs),
		read(of("/api/jobs/db/analytics", "The jobs in numbers, by status and hour", aboutJobNumbers, "GET_api_jobs_db_analytics.200"), s.jobNumbers),
		read(asking(one("/api/jobs/db/{job_id}", "A job, what happened to it and its proof", "GET_api_jobs_db_ID.200")), s.jobDetail),
		read(one("/api/jobs/db/{job_id}/timeline", "What happened to a job", ""), s.jobTimeline),
		read(asking(one("/api/jobs/{job_id}", "A job", "")), s.jobStatus),
		read(one("/api/jobs/{job_id}/result", "What came of a job", ""), s.jobResult),
	}
}

// jobRow is a job in full.
type jobRow struct {
	ID            string     `json:"id"`
	JobID         string     `json:"job_id"`
	Client        *string    `json:"client_address"`
	Worker        *string    `json:"worker_address"`
	WorkerID      *string    `json:"worker_id" doc:"As worker_address."`
	Type          string     `json:"job_type"`
	Status        string     `json:"status" doc:"pending, assigned, completed, cancelled; unknown of a job whose beginning the log does not have."`
	Priority      int        `json:"priority"`
	Payment       *string    `json:"payment_amount" doc:"Wei that were promised."`
	Paid          *string    `json:"paid_amount" doc:"Wei that were paid."`
	CreatedAt     *time.Time `json:"created_at"`
	AssignedAt    *time.Time `json:"assigned_at"`
	StartedAt     *time.Time `json:"started_at" doc:"As assigned_at."`
	CompletedAt   *time.Time `json:"completed_at"`
	CancelledAt   *time.Time `json:"cancelled_at"`
	ExecutionTime *int64     `json:"execution_time_ms"`
	ResultHash    *string    `json:"result_hash"`
	Error         *string    `json:"error_message" doc:"Why it was cancelled."`
	TxHash        string     `json:"tx_hash"`
	Block         int64      `json:"block_number"`
	Unknown       []string   `json:"unknown"`
}

func jobRowOf(j projections.JobView) jobRow {
	out := jobRow{
		ID: j.ID.String(), JobID: j.ID.String(), Client: j.Client, Worker: j.Worker, WorkerID: j.Worker, Type: "unknown", Status: j.Status,
		Payment: wei(j.Payment), Paid: wei(j.Paid), CreatedAt: j.SubmittedAt, AssignedAt: j.AssignedAt, StartedAt: j.AssignedAt,
		CompletedAt: j.CompletedAt, CancelledAt: j.CancelledAt, ResultHash: j.ResultHash, Error: j.CancelReason, TxHash: j.TxHash, Block: j.Block,
		Unknown: []string{"priority"},
	}
	if j.Type != nil {
		out.Type = *j.Type
	} else {
		out.Unknown = append(out.Unknown, "job_type")
	}
	if j.SubmittedAt == nil {
		out.Unknown = append(out.Unknown, "created_at")
	}
	if j.Client == nil {
		out.Unknown = append(out.Unknown, "client_address")
	}
	if took := j.Took(); took != nil {
		out.ExecutionTime = new(took.Milliseconds())
	}
	return out
}

// wei is an amount in decimal digits, where it is known.
func wei(a *schemas.Amount) *string {
	if a == nil {
		return nil
	}
	return new(a.String())
}

type jobList struct {
	Jobs []jobRow `json:"jobs"`
	paging
}

// JobsParams are the parameters of lists of jobs.
type JobsParams struct {
	Listing
	Between
	Status string `query:"status" maxLength:"32" doc:"Only jobs of this status."`
	Type   string `query:"job_type" maxLength:"64" doc:"Only jobs of this type."`
	SortBy string `query:"sort_by" enum:"created_at,completed_at,payment_amount" default:"created_at" doc:"What it is ordered by. created_at is the order in which jobs came to be."`
}

func (in JobsParams) filter(client, worker addressText) projections.JobFilter {
	return projections.JobFilter{Status: in.Status, Type: in.Type, Span: in.span(), Client: client.filter(), Worker: worker.filter()}
}

func (s *Server) listJobs(ctx context.Context, in JobsParams, client, worker addressText) (a jobList, at projections.Freshness, err error) {
	f := in.filter(client, worker)
	as, p, name, err := in.page("jobs", 2, in.SortBy, f.Status, "|", f.Type, "|", f.Client, "|", f.Worker, "|", in.Between)
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Jobs(ctx, as, f, p)
	a.Jobs, a.paging = listing(in.Listing, name, found, at, jobRowOf)
	return a, at, err
}

type jobsQuestion struct {
	JobsParams
	Client addressText `query:"client" doc:"Only jobs of this client."`
	Worker addressText `query:"worker" doc:"Only jobs of this worker."`
}

func (s *Server) jobs(ctx context.Context, in *jobsQuestion) (jobList, projections.Freshness, error) {
	return s.listJobs(ctx, in.JobsParams, in.Client, in.Worker)
}

func (s *Server) eachJob(ctx context.Context, in *jobsQuestion, begin func(projections.Freshness), row func(jobRow) error) error {
	as, p, err := in.whole(in.SortBy)
	if err != nil {
		return err
	}
	return s.config.Models.EachJob(ctx, as, in.filter(in.Client, in.Worker), p, begin, func(j projections.JobView) error { return row(jobRowOf(j)) })
}

func (s *Server) jobsOfClient(ctx context.Context, in *struct {
	JobsParams
	Client addressText `path:"address" doc:"The client."`
},
) (jobList, projections.Freshness, error) {
	return s.listJobs(ctx, in.JobsParams, in.Client, addressText{})
}

func (s *Server) jobsOfWorker(ctx context.Context, in *struct {
	JobsParams
	Worker addressText `path:"address" doc:"The worker."`
},
) (jobList, projections.Freshness, error) {
	return s.listJobs(ctx, in.JobsParams, addressText{}, in.Worker)
}

type newestJobs struct {
	Jobs []jobRow `json:"jobs"`
}

func (s *Server) newestJobs(ctx context.Context, in *struct {
	Moment
	Limit int `query:"limit" default:"5" minimum:"1" maximum:"20" doc:"How many at most."`
},
) (a newestJobs, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Jobs(ctx, as, projections.JobFilter{}, projections.Page{Limit: in.Limit})
	a.Jobs, _ = listing(Listing{Limit: in.Limit}, "", found, at, jobRowOf)
	return a, at, err
}

// job is a job as the newest ones are told.
type job struct {
	ID          string   `json:"job_id"`
	Type        string   `json:"job_type"`
	Status      string   `json:"status"`
	SubmittedAt int64    `json:"submitted_at"`
	CompletedAt *int64   `json:"completed_at"`
	Duration    *int64   `json:"duration_secs"`
	Reward      *string  `json:"reward"`
	Client      string   `json:"client_address"`
	Worker      *string  `json:"worker_address"`
	Payment     *string  `json:"payment_amount"` // wei
	Block       int64    `json:"block"`
	Unknown     []string `json:"unknown"`
}

type recentJobs struct {
	Jobs  []job `json:"jobs"`
	Total int64 `json:"total_count" doc:"Of all that are there."`
}

// plainJob is a job in the list of jobs that has nothing around it.
type plainJob struct {
	job
	Reward   string `json:"reward" doc:"Wei; 0 where it is not known."`
	Duration *int64 `json:"duration_ms"`
}

type recentJobsQuestion struct {
	Moment
	Status string `query:"status" maxLength:"32" doc:"Only jobs of this status."`
	Limit  int    `query:"limit" default:"10" minimum:"1" maximum:"100" doc:"How many at most."`
	Shape  string `query:"shape" enum:"object,array" default:"object" doc:"array: only the list, with rewards in wei and durations in milliseconds."`
}

func (s *Server) eachRecentJob(ctx context.Context, in *recentJobsQuestion, begin func(projections.Freshness), row func(job) error) error {
	as, err := in.asOf()
	if err != nil {
		return err
	}
	return s.config.Models.EachJob(ctx, as, projections.JobFilter{Status: in.Status}, projections.Page{}, begin, func(j projections.JobView) error { return row(jobAnswer(j)) })
}

func (s *Server) recentJobs(ctx context.Context, in *recentJobsQuestion) (a either[recentJobs, []plainJob], at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Jobs(ctx, as, projections.JobFilter{Status: in.Status}, projections.Page{Limit: in.Limit})
	a.first = recentJobs{Jobs: make([]job, len(found.Rows)), Total: found.Total}
	for i, j := range found.Rows {
		a.first.Jobs[i] = jobAnswer(j)
	}
	if in.Shape == "array" {
		list := make([]plainJob, len(found.Rows))
		for i, j := range found.Rows {
			list[i] = plainJob{job: a.first.Jobs[i]}
			list[i].Reward = orUnknown(&list[i].Unknown, "reward", wei(j.Reward()))
			if list[i].Reward == "" {
				list[i].Reward = "0"
			}
			if took := j.Took(); took != nil {
				list[i].Duration = new(took.Milliseconds())
			}
		}
		a.second = &list
	}
	return a, at, err
}

func jobAnswer(j projections.JobView) job {
	out := job{ID: j.ID.String(), Type: "unknown", Status: j.Status, CompletedAt: unix(j.CompletedAt), Worker: j.Worker, Block: j.Block, Unknown: []string{}}
	if j.Type != nil {
		out.Type = *j.Type
	} else {
		out.Unknown = append(out.Unknown, "job_type") // it was not observed
	}
	out.SubmittedAt = orUnknown(&out.Unknown, "submitted_at", unix(j.SubmittedAt))
	out.Client = orUnknown(&out.Unknown, "client_address", j.Client)
	if took := j.Took(); took != nil {
		out.Duration = new(int64(took.Seconds()))
	}
	out.Payment = wei(j.Payment)
	if reward := j.Reward(); reward != nil {
		out.Reward = new(reward.FormatSage())
	}
	return out
}

// jobAnalytics are the jobs in numbers.
type jobAnalytics struct {
	Total           int64     `json:"total_jobs"`
	Completed       int64     `json:"jobs_completed"`
	CompletedJobs   int64     `json:"completed_jobs"`
	Failed          int64     `json:"jobs_failed"`
	FailedJobs      int64     `json:"failed_jobs"`
	Cancelled       int64     `json:"jobs_cancelled"`
	InProgress      int64     `json:"jobs_in_progress" doc:"Pending and assigned."`
	AvgSeconds      float64   `json:"avg_completion_time_secs"`
	AvgMilliseconds float64   `json:"avg_completion_time_ms"`
	SuccessRate     float64   `json:"success_rate" doc:"Percent."`
	SuccessBps      int64     `json:"success_rate_bps" doc:"Hundredths of a percent."`
	AvgReward       string    `json:"avg_reward_per_job" doc:"Wei."`
	ComputeHours    float64   `json:"total_compute_hours"`
	ByType          []jobType `json:"jobs_by_type"`
	LastDay         int64     `json:"jobs_last_24h"`
	LastWeek        int64     `json:"jobs_last_7d"`
	Unknown         []string  `json:"unknown"`
}

type jobType struct {
	Type       string  `json:"job_type"`
	Count      int64   `json:"count"`
	Percentage float64 `json:"percentage"`
}

// jobAnalyticsByName has the types of jobs by their names.
type jobAnalyticsByName struct {
	jobAnalytics
	ByType map[string]int64 `json:"jobs_by_type"`
}

func (s *Server) jobAnalytics(ctx context.Context, in *struct {
	Moment
	Shape string `query:"shape" enum:"array,map" default:"array" doc:"map: jobs_by_type has the counts by the names of types."`
},
) (a either[jobAnalytics, jobAnalyticsByName], at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	n, at, err := s.config.Models.JobStats(ctx, as)
	all, unknown := n.Numbers(), []string{"jobs_failed", "failed_jobs"}
	out := jobAnalytics{
		Total: all.Count, Completed: n.Of(projections.JobCompleted), CompletedJobs: n.Of(projections.JobCompleted), Cancelled: n.Of(projections.JobCancelled),
		InProgress: n.Of(projections.JobPending) + n.Of(projections.JobAssigned), ComputeHours: all.Seconds / 3600, AvgReward: "0", ByType: []jobType{},
		LastDay: n.LastDay, LastWeek: n.LastWeek,
	}
	out.AvgSeconds = orUnknown(&unknown, "avg_completion_time_secs", n.MeanSeconds())
	out.AvgMilliseconds = 1000 * out.AvgSeconds
	out.SuccessRate = orUnknown(&unknown, "success_rate", n.SuccessPercent())
	out.SuccessBps = int64(100 * out.SuccessRate)
	if reward := n.MeanReward(); reward != nil {
		out.AvgReward = reward.String()
	} else {
		unknown = append(unknown, "avg_reward_per_job")
	}
	byName := map[string]int64{}
	for _, t := range n.ByType {
		out.ByType = append(out.ByType, jobType{t.Name, t.Count, 100 * float64(t.Count) / float64(all.Count)})
		byName[t.Name] = t.Count
	}
	if len(n.ByType) == 0 {
		unknown = append(unknown, "jobs_by_type")
	}
	out.Unknown = unknown
	a.first = out
	if in.Shape == "map" {
		a.second = &jobAnalyticsByName{out, byName}
	}
	return a, at, err
}

// jobNumbers are the jobs in numbers, by status and hour.
type jobNumbers struct {
	Total          int64         `json:"total_jobs"`
	Completed      int64         `json:"completed_jobs"`
	Failed         int64         `json:"failed_jobs"`
	Cancelled      int64         `json:"cancelled_jobs"`
	Pending        int64         `json:"pending_jobs"`
	Assigned       int64         `json:"assigned_jobs"`
	AvgTime        *float64      `json:"avg_execution_time_ms"`
	Payment        string        `json:"total_payment_amount" doc:"Wei that were promised."`
	Paid           string        `json:"total_paid_amount" doc:"Wei that were paid."`
	LastDay        int64         `json:"jobs_last_24h"`
	LastWeek       int64         `json:"jobs_last_7d"`
	CompletionRate float64       `json:"completion_rate" doc:"Percent."`
	ByStatus       []statusCount `json:"by_status"`
	ByType         []typeCount   `json:"by_type"`
	ByHour         []hourCount   `json:"hourly_distribution" doc:"Submissions by the hour of the day, in UTC, since the first indexed block."`
	Unknown        []string      `json:"unknown"`
}

type statusCount struct {
	Status string `json:"status"`
	Count  int64  `json:"count"`
}

type typeCount struct {
	Type  string `json:"job_type"`
	Count int64  `json:"count"`
}

type hourCount struct {
	Hour  int64 `json:"hour"`
	Count int64 `json:"count"`
}

func (s *Server) jobNumbers(ctx context.Context, in *struct{ Moment }) (a jobNumbers, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	n, at, err := s.config.Models.JobStats(ctx, as)
	all := n.Numbers()
	a = jobNumbers{
		Total: all.Count, Completed: n.Of(projections.JobCompleted), Cancelled: n.Of(projections.JobCancelled), Pending: n.Of(projections.JobPending),
		Assigned: n.Of(projections.JobAssigned), Payment: all.Payment.String(), Paid: all.Paid.String(), LastDay: n.LastDay, LastWeek: n.LastWeek,
		ByStatus: []statusCount{}, ByType: []typeCount{}, ByHour: []hourCount{}, Unknown: []string{"failed_jobs"},
	}
	if mean := n.MeanSeconds(); mean != nil {
		a.AvgTime = new(1000 * *mean)
	}
	a.CompletionRate = orUnknown(&a.Unknown, "completion_rate", n.SuccessPercent())
	for _, by := range n.ByStatus {
		a.ByStatus = append(a.ByStatus, statusCount{by.Status, by.Count})
	}
	for _, by := range n.ByType {
		a.ByType = append(a.ByType, typeCount{by.Name, by.Count})
	}
	for _, by := range n.HourOfDay {
		a.ByHour = append(a.ByHour, hourCount(by))
	}
	if len(a.ByType) == 0 {
		a.Unknown = append(a.Unknown, "by_type")
	}
	return a, at, err
}

// JobParams say which job.
type JobParams struct {
	Moment
	ID jobNumber `path:"job_id" doc:"The job's number."`
}

func (s *Server) oneJob(ctx context.Context, in JobParams) (j projections.JobDetail, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return j, at, err
	}
	j, ok, at, err := s.config.Models.Job(ctx, as, in.ID.Amount)
	if err == nil && !ok {
		err = problemError{fault(notFound, "the chain has not told of job "+in.ID.String())}
	}
	return j, at, err
}

type timelineEvent struct {
	Type      string         `json:"event_type"`
	Timestamp time.Time      `json:"timestamp"`
	Details   map[string]any `json:"details"`
	TxHash    *string        `json:"tx_hash"`
	Block     *int64         `json:"block_number"`
}

func timelineOf(j projections.JobDetail) []timelineEvent {
	out := make([]timelineEvent, len(j.Timeline))
	for i, e := range j.Timeline {
		out[i] = timelineEvent{Type: e.Type, Timestamp: e.Time, Details: map[string]any{}}
		if e.TxHash != "" {
			out[i].TxHash, out[i].Block = &e.TxHash, &e.Block
		}
	}
	return out
}

type jobProof struct {
	Hash             *string    `json:"proof_hash"`
	Type             *string    `json:"proof_type"`
	Valid            *bool      `json:"is_valid"`
	VerificationTime *int64     `json:"verification_time_ms" doc:"No event tells it."`
	VerifiedAt       *time.Time `json:"verified_at"`
}

type jobDetail struct {
	Job      jobRow          `json:"job"`
	Timeline []timelineEvent `json:"timeline"`
	Proof    *jobProof       `json:"proof"`
	fromChain
}

func (s *Server) jobDetail(ctx context.Context, in *SourcedJobParams) (a jobDetail, at projections.Freshness, err error) {
	j, at, err := s.oneJob(ctx, in.JobParams)
	if err != nil {
		return a, at, err
	}
	a = jobDetail{Job: jobRowOf(j.JobView), Timeline: timelineOf(j)}
	if p := j.Proof(); p != nil {
		a.Proof = &jobProof{Hash: p.Hash, Type: &p.Type, Valid: p.Valid(), VerifiedAt: p.VerifiedAt}
	}
	a.Chain, err = s.fromChain(ctx, in.Sourced, at, jobSubjects(a.Job)...)
	return a, at, err
}

func (s *Server) jobTimeline(ctx context.Context, in *JobParams) (a []timelineEvent, at projections.Freshness, err error) {
	j, at, err := s.oneJob(ctx, *in)
	return timelineOf(j), at, err
}

type jobFound struct {
	jobRow
	fromChain
}

func (s *Server) jobStatus(ctx context.Context, in *SourcedJobParams) (a jobFound, at projections.Freshness, err error) {
	j, at, err := s.oneJob(ctx, in.JobParams)
	if err != nil {
		return a, at, err
	}
	a.jobRow = jobRowOf(j.JobView)
	a.Chain, err = s.fromChain(ctx, in.Sourced, at, jobSubjects(a.jobRow)...)
	return a, at, err
}

// SourcedJobParams say which job, and whom to ask.
type SourcedJobParams struct {
	JobParams
	Sourced
}

// jobSubjects are the rows that are about a job.
func jobSubjects(j jobRow) []subject { return []subject{{"jobs", j.JobID}, {"job_payments", j.JobID}} }

// jobResult is what came of a job.
type jobResult struct {
	ID            string   `json:"job_id"`
	Status        string   `json:"status"`
	Output        *string  `json:"output_data" doc:"The chain does not hold outputs."`
	Files         []string `json:"output_files"`
	ExecutionTime float64  `json:"execution_time_secs"`
	Cost          string   `json:"actual_cost_sage" doc:"Wei that were paid."`
	ResultHash    *string  `json:"result_hash"`
	ProofHash     *string  `json:"proof_hash"`
	WorkerID      *string  `json:"worker_id"`
	Error         *string  `json:"error"`
	Unknown       []string `json:"unknown"`
}

func (s *Server) jobResult(ctx context.Context, in *JobParams) (a jobResult, at projections.Freshness, err error) {
	j, at, err := s.oneJob(ctx, *in)
	a = jobResult{
		ID: j.ID.String(), Status: j.Status, Files: []string{}, Cost: "0", ResultHash: j.ResultHash, WorkerID: j.Worker, Error: j.CancelReason,
		Unknown: []string{"output_data", "output_files"},
	}
	if took := j.Took(); took != nil {
		a.ExecutionTime = took.Seconds()
	} else {
		a.Unknown = append(a.Unknown, "execution_time_secs")
	}
	if j.Paid != nil {
		a.Cost = j.Paid.String()
	} else {
		a.Unknown = append(a.Unknown, "actual_cost_sage")
	}
	if p := j.Proof(); p != nil {
		a.ProofHash = p.Hash
	}
	return a, at, err
}
