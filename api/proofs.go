package api

import (
	"context"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ProofReads answers questions about proofs.
type ProofReads interface {
	Proofs(ctx context.Context, as projections.AsOf, f projections.ProofFilter, p projections.Page) (projections.Listed[projections.ProofView], projections.Freshness, error)
	Proof(ctx context.Context, as projections.AsOf, id string) (projections.ProofView, bool, projections.Freshness, error)
	ProofStats(ctx context.Context, as projections.AsOf) (projections.ProofStats, projections.Freshness, error)
}

const aboutProofs = `Proofs, and results that stand for one, at each contract that takes them. An id is the contract and what it knows the proof by, such as
ProofVerifier:1042. No event tells how large a proof is, what circuit it is of, or how long it took to make or to verify: these are null.
created_at is null where a proof is first told of by its verdict. is_valid is null before there is one.`

const aboutProofNumbers = `verification_rate is 100 × verified / (verified + rejected). Days and weeks end with the newest block; a proof counts where it was first told of,
and in daily on the day of its verdict.`

// proofRoutes are of proofs.
func (s *Server) proofRoutes() []endpoint {
	of := func(path, summary, about, example string) Route {
		return Route{Path: path, Tag: "Proofs", Summary: summary, Of: Chain, About: about, Example: example}
	}
	one := func(path, summary string) Route {
		r := of(path, summary, aboutProofs, "")
		r.NotFound = true
		return r
	}
	verify := asking(one("/api/proofs/{id}/verify", "What the contract says of a proof"))
	verify.PerMinute, verify.About = chainPerMinute, `Asks the contract that the proof was given to, at the block of the answer: ProofVerifier for the status of the job's proof, StwoVerifier whether it
is verified. Other contracts have no view that tells.`
	proofs := of("/api/proofs", "Proofs", aboutProofs, "GET_api_proofs.200")
	proofs.Apart = [][]string{{"status", "is_valid"}}
	return []endpoint{
		read(proofs, s.proofs),
		read(of("/api/proofs/stats", "The proofs in numbers", aboutProofNumbers, ""), s.proofNumbers),
		read(of("/api/proofs/recent", "The newest proofs", aboutProofs, ""), s.newestProofs),
		read(of("/api/proofs/pending", "Proofs without a verdict", aboutProofs, ""), s.pendingProofs),
		read(of("/api/proofs/by-job/{job_id}", "The proofs of a job", aboutProofs, ""), s.proofsOfJob),
		read(of("/api/proofs/by-worker/{worker_id}", "The proofs of a worker", aboutProofs+`
total_proofs, valid_proofs and success_rate are of those with a verdict: success_rate is 100 × valid / (valid + invalid).`, ""), s.proofsOfWorker),
		read(asking(one("/api/proofs/{id}", "A proof, by its id or its hash")), s.proof),
		read(asking(one("/api/proofs/{id}/detail", "A proof with its job and its worker")), s.proofDetail),
		read(verify, s.verifyProof),
	}
}

// proofRow is a proof.
type proofRow struct {
	ID               string     `json:"id"`
	JobID            *string    `json:"job_id"`
	WorkerID         *string    `json:"worker_id"`
	Prover           *string    `json:"prover_address"`
	Hash             *string    `json:"proof_hash"`
	Type             string     `json:"proof_type"`
	Status           string     `json:"status"`
	Verdict          string     `json:"verification_status" enum:"pending,verified,failed"`
	Contract         string     `json:"contract_name"`
	Circuit          *string    `json:"circuit_type"`
	SizeBytes        *int64     `json:"proof_size_bytes"`
	Size             *int64     `json:"proof_size"`
	GenerationTime   *int64     `json:"generation_time_ms"`
	SecurityBits     *int64     `json:"security_bits"`
	Valid            *bool      `json:"is_valid"`
	VerificationTime *int64     `json:"verification_time_ms"`
	CreatedAt        *time.Time `json:"created_at"`
	VerifiedAt       *time.Time `json:"verified_at"`
	RejectedAt       *time.Time `json:"rejected_at"`
	Reason           *string    `json:"reject_reason"`
	Deadline         *time.Time `json:"challenge_deadline"`
	Challenger       *string    `json:"challenger_address"`
	Verifier         *string    `json:"verifier_address"`
	TxHash           string     `json:"tx_hash"`
	Block            int64      `json:"block_number"`
	Unknown          []string   `json:"unknown"`
}

func proofRowOf(p projections.ProofView) proofRow {
	out := proofRow{
		ID: proofID(p.ID), WorkerID: p.WorkerID, Prover: p.Prover, Hash: p.Hash, Type: p.Type, Status: p.Status, Verdict: "pending", Contract: p.Contract,
		SecurityBits: p.SecurityBits, Valid: p.Valid(), CreatedAt: p.SubmittedAt, VerifiedAt: p.VerifiedAt, RejectedAt: p.RejectedAt, Reason: p.Reason,
		Deadline: p.FinalAt, Challenger: p.Challenger, Verifier: p.Verifier, TxHash: p.TxHash, Block: p.Block,
		Unknown: []string{"circuit_type", "proof_size_bytes", "proof_size", "generation_time_ms", "verification_time_ms"},
	}
	if p.JobID != nil {
		out.JobID = new(p.JobID.String())
	}
	if p.SubmittedAt == nil {
		out.Unknown = append(out.Unknown, "created_at")
	}
	if valid := p.Valid(); valid != nil {
		out.Verdict = map[bool]string{true: "verified", false: "failed"}[*valid]
	}
	return out
}

// proofID is a proof's id as it fits into a path.
func proofID(id string) string { return strings.Replace(id, "/", ":", 1) }

type proofList struct {
	Proofs []proofRow `json:"proofs"`
	paging
}

// ProofsParams are the parameters of lists of proofs.
type ProofsParams struct {
	Listing
	Between
	Type     string `query:"proof_type" maxLength:"32" doc:"Only proofs of this type."`
	Status   string `query:"status" enum:"pending,challenged,verified,rejected" doc:"Only proofs of this status."`
	Contract string `query:"contract" maxLength:"64" doc:"Only proofs at this contract."`
	SortBy   string `query:"sort_by" enum:"created_at,verified_at" default:"created_at" doc:"What it is ordered by. created_at is the order in which proofs were first told of."`
}

func (s *Server) listProofs(ctx context.Context, in ProofsParams, f projections.ProofFilter) (a proofList, at projections.Freshness, err error) {
	f.Type, f.Contract, f.Span = in.Type, in.Contract, in.span()
	if f.Status == "" {
		f.Status = in.Status
	} else if in.Status != "" && in.Status != f.Status {
		return a, at, problemError{fault(kind("invalid_status"), "status and is_valid exclude each other")}
	}
	as, p, name, err := in.page("proofs", 2, in.SortBy, f.Status, "|", f.JobID, "|", workerText(f.Worker), "|", f.Type, "|", f.Contract, "|", f.Undecided, "|", in.Between)
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Proofs(ctx, as, f, p)
	a.Proofs, a.paging = listing(in.Listing, name, found, at, proofRowOf)
	return a, at, err
}

func (s *Server) proofs(ctx context.Context, in *struct {
	ProofsParams
	Worker   workerName     `query:"worker" doc:"Only proofs of this worker: its account, or its id."`
	WorkerID workerName     `query:"worker_id" doc:"As worker."`
	JobID    jobNumber      `query:"job_id" doc:"Only proofs of this job."`
	Valid    optional[bool] `query:"is_valid" doc:"Only proofs with this verdict."`
},
) (proofList, projections.Freshness, error) {
	f := projections.ProofFilter{Worker: in.Worker.filter(), JobID: in.JobID.filter()}
	if f.Worker == nil {
		f.Worker = in.WorkerID.filter()
	}
	if in.Valid.given {
		f.Status = map[bool]string{true: string(projections.ProofVerified), false: string(projections.ProofRejected)}[in.Valid.value]
	}
	return s.listProofs(ctx, in.ProofsParams, f)
}

func (s *Server) newestProofs(ctx context.Context, in *struct{ ProofsParams }) (proofList, projections.Freshness, error) {
	return s.listProofs(ctx, in.ProofsParams, projections.ProofFilter{})
}

func (s *Server) pendingProofs(ctx context.Context, in *struct{ ProofsParams }) (proofList, projections.Freshness, error) {
	return s.listProofs(ctx, in.ProofsParams, projections.ProofFilter{Undecided: true})
}

func (s *Server) proofsOfJob(ctx context.Context, in *struct {
	ProofsParams
	JobID jobNumber `path:"job_id" doc:"The job's number."`
},
) (proofList, projections.Freshness, error) {
	return s.listProofs(ctx, in.ProofsParams, projections.ProofFilter{JobID: in.JobID.filter()})
}

type proofsOfWorker struct {
	proofList
	Decided        int64    `json:"total_proofs"`
	Verified       int64    `json:"valid_proofs"`
	SuccessRate    float64  `json:"success_rate" doc:"Percent."`
	GenerationTime *float64 `json:"avg_generation_time_ms"`
	Unknown        []string `json:"unknown"`
}

func (s *Server) proofsOfWorker(ctx context.Context, in *struct {
	ProofsParams
	Worker workerName `path:"worker_id" doc:"The worker: its account, or its id."`
},
) (a proofsOfWorker, at projections.Freshness, err error) {
	f := projections.ProofFilter{Worker: in.Worker.filter()}
	if a.proofList, at, err = s.listProofs(ctx, in.ProofsParams, f); err != nil {
		return a, at, err
	}
	as := projections.AsOf{} // the same moment as the page's
	if at.Known {
		as.Block = new(uint64(at.Block))
	}
	var count [2]int64
	for i, status := range []projections.ProofStatus{projections.ProofVerified, projections.ProofRejected} {
		f.Status = string(status)
		found, _, err := s.config.Models.Proofs(ctx, as, f, projections.Page{Limit: 1})
		if err != nil {
			return a, at, err
		}
		count[i] = found.Total
	}
	a.Verified, a.Decided, a.Unknown = count[0], count[0]+count[1], []string{"avg_generation_time_ms"}
	if a.Decided > 0 {
		a.SuccessRate = 100 * float64(a.Verified) / float64(a.Decided)
	} else {
		a.Unknown = append(a.Unknown, "success_rate")
	}
	return a, at, nil
}

// ProofParams say which proof.
type ProofParams struct {
	Moment
	ID string `path:"id" minLength:"1" maxLength:"200" doc:"The proof's id, such as ProofVerifier:1042, or its hash."`
}

func (s *Server) oneProof(ctx context.Context, in ProofParams) (p projections.ProofView, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return p, at, err
	}
	id := strings.Replace(in.ID, ":", "/", 1)
	if hash, err := schemas.ParseFelt(in.ID); err == nil && strings.HasPrefix(in.ID, "0x") {
		id = hash.String()
	}
	p, ok, at, err := s.config.Models.Proof(ctx, as, id)
	if err == nil && !ok {
		err = problemError{fault(notFound, "the chain has not told of this proof")}
	}
	return p, at, err
}

// SourcedProofParams say which proof, and whom to ask.
type SourcedProofParams struct {
	ProofParams
	Sourced
}

type proofAnswer struct {
	proofRow
	fromChain
}

func (s *Server) proof(ctx context.Context, in *SourcedProofParams) (a proofAnswer, at projections.Freshness, err error) {
	p, at, err := s.oneProof(ctx, in.ProofParams)
	if err != nil {
		return a, at, err
	}
	a.proofRow = proofRowOf(p)
	a.Chain, err = s.fromChain(ctx, in.Sourced, at, subject{"proofs", p.ID})
	return a, at, err
}

type proofJob struct {
	ID     string  `json:"job_id"`
	Type   string  `json:"job_type"`
	Status string  `json:"status"`
	Client *string `json:"client_address"`
}

type proofWorker struct {
	ID         *string `json:"worker_id"`
	Address    string  `json:"address"`
	Reputation *int64  `json:"reputation_score"`
	Completed  int64   `json:"jobs_completed"`
}

// proofDetail is a proof in both shapes that clients read: flat, and under a name.
type proofDetail struct {
	proofRow
	Proof  proofRow     `json:"proof"`
	Job    *proofJob    `json:"job"`
	Worker *proofWorker `json:"worker"`
	fromChain
}

func (s *Server) proofDetail(ctx context.Context, in *SourcedProofParams) (a proofDetail, at projections.Freshness, err error) {
	p, at, err := s.oneProof(ctx, in.ProofParams)
	if err == nil {
		a.Chain, err = s.fromChain(ctx, in.Sourced, at, subject{"proofs", p.ID})
	}
	if err != nil {
		return a, at, err
	}
	a.proofRow = proofRowOf(p)
	a.Proof = a.proofRow
	as := projections.AsOf{} // the same moment as the proof's
	if at.Known {
		as.Block = new(uint64(at.Block))
	}
	if p.JobID != nil {
		j, ok, _, err := s.config.Models.Job(ctx, as, *p.JobID)
		if err != nil {
			return a, at, err
		}
		if ok {
			row := jobRowOf(j.JobView)
			a.Job = &proofJob{row.JobID, row.Type, row.Status, row.Client}
		}
	}
	address, ok, err := s.proverOf(ctx, p)
	if err != nil || !ok {
		return a, at, err
	}
	w, ok, _, err := s.config.Models.Worker(ctx, as, address)
	if ok {
		a.Worker = &proofWorker{w.WorkerID, address.String(), w.Reputation, w.JobsCompleted}
	}
	return a, at, err
}

// proverOf is the account that made a proof, as far as the events tell it.
func (s *Server) proverOf(ctx context.Context, p projections.ProofView) (address schemas.Address, ok bool, err error) {
	switch {
	case p.Prover != nil:
		address, err = schemas.ParseAddress(*p.Prover)
		return address, err == nil, err
	case p.WorkerID != nil:
		id, err := schemas.ParseFelt(*p.WorkerID)
		if err != nil {
			return address, false, err
		}
		return s.config.Models.WorkerByID(ctx, id)
	}
	return address, false, nil
}

type proofDay struct {
	Date    string `json:"date"`
	Total   int64  `json:"total"`
	Valid   int64  `json:"valid"`
	Invalid int64  `json:"invalid"`
}

type proofTypeCount struct {
	Type  string `json:"proof_type"`
	Count int64  `json:"count"`
}

type circuitCount struct {
	Circuit string `json:"circuit_type"`
	Count   int64  `json:"count"`
}

type proofNumbers struct {
	Total            int64            `json:"total_proofs"`
	Verified         int64            `json:"verified_proofs"`
	Failed           int64            `json:"failed_proofs"`
	Pending          int64            `json:"pending_proofs" doc:"Without a verdict."`
	Rate             float64          `json:"verification_rate" doc:"Percent."`
	VerificationTime *float64         `json:"avg_verification_time_ms"`
	Size             *float64         `json:"avg_proof_size_bytes"`
	GenerationTime   *float64         `json:"avg_generation_time_ms"`
	LastDay          int64            `json:"proofs_last_24h"`
	LastWeek         int64            `json:"proofs_last_7d"`
	ByType           []proofTypeCount `json:"by_type"`
	ByCircuit        []circuitCount   `json:"by_circuit"`
	Daily            []proofDay       `json:"daily" doc:"Of the last 30 days."`
	Unknown          []string         `json:"unknown"`
}

func (s *Server) proofNumbers(ctx context.Context, in *struct{ Moment }) (a proofNumbers, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	n, at, err := s.config.Models.ProofStats(ctx, as)
	a = proofNumbers{
		Verified: n.Of(projections.ProofVerified), Failed: n.Of(projections.ProofRejected), Pending: n.Of(projections.ProofPending, projections.ProofChallenged),
		LastDay: n.LastDay, LastWeek: n.LastWeek, ByType: []proofTypeCount{}, ByCircuit: []circuitCount{}, Daily: []proofDay{},
		Unknown: []string{"avg_verification_time_ms", "avg_proof_size_bytes", "avg_generation_time_ms", "by_circuit"},
	}
	a.Total = a.Verified + a.Failed + a.Pending
	a.Rate = orUnknown(&a.Unknown, "verification_rate", n.VerifiedPercent())
	for _, t := range n.ByType() {
		a.ByType = append(a.ByType, proofTypeCount{t.Name, t.Count})
	}
	for _, d := range n.Days {
		a.Daily = append(a.Daily, proofDay{d.Day.Format(time.DateOnly), d.Valid + d.Invalid, d.Valid, d.Invalid})
	}
	return a, at, err
}

// workerName is a worker as a parameter names it: by its account or its id, both of which are felts.
type workerName struct {
	schemas.Felt
	given bool
}

func (w workerName) filter() *schemas.Felt {
	if !w.given {
		return nil
	}
	return &w.Felt
}

func workerText(w *schemas.Felt) string {
	if w == nil {
		return ""
	}
	return w.String()
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (w *workerName) UnmarshalText(text []byte) (err error) {
	w.Felt, err = schemas.ParseFelt(string(text))
	w.given = err == nil
	return err
}

// Schema implements huma.SchemaProvider.
func (workerName) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Pattern: feltPattern, PatternDescription: "a felt such as 0x1f", Examples: []any{"0x1f"}}
	s.PrecomputeMessages()
	return s
}
