package api

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// Names of the audits.
const (
	AuditOfLog    = "completeness"
	AuditOfModels = "projections"
)

// Audits are what the audits have found. One that no process tells of is nil, and Why says what is known of that.
type Audits struct {
	Completeness *Completeness
	Projections  *ModelAudit
	Why          map[string]string // by the audit's name
}

// Told says whose audit it is.
type Told struct {
	By string    `json:"told_by" doc:"The process that does the audit: host and process id."`
	At time.Time `json:"told_at" doc:"When it told; now, where this process does it."`
}

// AuditState is how an audit stands.
type AuditState struct {
	Status  State   `json:"status" doc:"unhealthy where something is known to be wrong, degraded before anything was checked"`
	Every   float64 `json:"every_seconds" doc:"Pause between two comparisons, at least."`
	Problem string  `json:"problem,omitempty" doc:"Why the last comparison that could not be made could not."`
}

// Completeness is what the audit of the log has found since its process began: blocks of the log held against the receipts of the node.
type Completeness struct {
	Told
	AuditState
	Blocks  []AuditCount `json:"blocks" doc:"Audited blocks, by why and how."`
	Pending int          `json:"pending" doc:"Blocks where something odd was seen, and that wait."`
	Dropped int64        `json:"dropped" doc:"Such blocks that were too many to remember."`
	Last    *AuditedLast `json:"last" doc:"The newest audit; null before the first."`
	Faulty  int          `json:"faulty_blocks" doc:"Blocks whose last audit found a fault."`
	Faults  []AuditFault `json:"faults" doc:"What they are, the lowest block first; at most 100."`
}

// AuditCount counts blocks by why they were audited and how that ended.
type AuditCount struct {
	Reason  string `json:"reason" enum:"random,odd"`
	Outcome string `json:"outcome" enum:"whole,fault,void,not_checked"`
	Count   int64  `json:"count"`
}

// AuditedLast is the newest audit.
type AuditedLast struct {
	Block uint64    `json:"block"`
	At    time.Time `json:"at"`
}

// AuditFault is an event of which the log and the chain tell differently.
type AuditFault struct {
	Kind     string    `json:"kind" enum:"missing,surplus,wrong,count"`
	Block    uint64    `json:"block"`
	Hash     string    `json:"block_hash"`
	Position string    `json:"position"`
	Contract string    `json:"contract,omitempty"`
	Provider string    `json:"provider"`
	FoundAt  time.Time `json:"found_at"`
}

// ModelAudit is what the audit of the read models has found since its process began: their numbers and rows held against the contracts' views at
// the same block.
type ModelAudit struct {
	Told
	AuditState
	Checks  []CheckCount `json:"checks" doc:"Compared numbers and rows, by outcome."`
	Last    *CheckedLast `json:"last" doc:"The newest comparison; null before the first."`
	LeftOut []NotAudited `json:"left_out" doc:"Contracts that are not asked."`
	Drifts  int          `json:"drifting" doc:"Numbers and rows that differed when they were last compared."`
	Found   []DriftFound `json:"drifts" doc:"What they are; at most 100."`
}

// CheckCount counts comparisons by how they ended.
type CheckCount struct {
	Outcome string `json:"outcome" enum:"agrees,drift,refused,not_checked" doc:"refused: the view failed, as most do for an id that they do not know. not_checked: no node could answer at the block, or the log does not have the contract's beginning."`
	Count   int64  `json:"count"`
}

// CheckedLast is the newest comparison.
type CheckedLast struct {
	Check string    `json:"check"`
	Block int64     `json:"block"`
	At    time.Time `json:"at"`
}

// NotAudited is a contract that is not asked.
type NotAudited struct {
	Contract string `json:"contract"`
	Why      string `json:"why"`
}

// DriftFound is a number or a row of which a read model and a contract tell differently.
type DriftFound struct {
	Projection  string            `json:"projection" doc:"The read model."`
	Check       string            `json:"check"`
	Key         string            `json:"key,omitempty" doc:"The row's; none for a sum."`
	View        string            `json:"view" doc:"The contract's function that was asked."`
	Args        any               `json:"args,omitempty" doc:"Its arguments."`
	Block       uint64            `json:"block" doc:"That both were asked at last."`
	Hash        string            `json:"block_hash"`
	FoundAt     time.Time         `json:"found_at" doc:"The first time."`
	Differences []ValueDifference `json:"differences"`
}

// ValueDifference is a value of which a read model and a contract tell differently.
type ValueDifference struct {
	Column     string `json:"column,omitempty" doc:"The read model's; none for a sum."`
	Member     string `json:"member,omitempty" doc:"The answer's: a name, or a place in a tuple; none where the answer is the value."`
	Projection string `json:"projection" doc:"What the read model says."`
	Chain      string `json:"chain" doc:"What the contract says."`
	MustBe     string `json:"must_be" enum:"equal,at most,at least" doc:"What the contract's must be to the read model's. Where a contract changes a number without an event, one bound is left."`
}

// Differences are those that a comparison found.
func Differences(found []projections.Difference) []ValueDifference {
	out := []ValueDifference{}
	for _, f := range found {
		out = append(out, ValueDifference{Column: f.Column, Member: f.Member, Projection: f.Model, Chain: f.Contract, MustBe: f.Is.String()})
	}
	return out
}

type auditAnswer struct {
	Completeness *Completeness     `json:"completeness"`
	Projections  *ModelAudit       `json:"projections"`
	Anomalies    *anomalies        `json:"anomalies"`
	Unknown      []string          `json:"unknown,omitempty"`
	Why          map[string]string `json:"why,omitempty" doc:"Why what is unknown is so, by its name."`
}

// anomalies are the events that cannot be, by what the log held before them.
type anomalies struct {
	Total  int64     `json:"total"`
	Newest []anomaly `json:"newest" doc:"At most 100, the newest first."`
}

type anomaly struct {
	Block     int64     `json:"block"`
	Offset    int64     `json:"log_offset" doc:"Of the event in the chain topic."`
	EventID   string    `json:"event_id"`
	TxHash    string    `json:"tx_hash"`
	Time      time.Time `json:"block_time"`
	Contract  string    `json:"contract"`
	EventType string    `json:"event_type"`
	Model     string    `json:"read_model"`
	Key       string    `json:"key" doc:"Of the row that the event does not fit."`
	Reason    string    `json:"reason"`
}

const maxAnomalies = 100

// audit tells what the audits found. Those that other processes do are read from the log.
func (s *Server) audit(c *gin.Context) {
	found := s.config.Audits(c)
	answer := auditAnswer{Completeness: found.Completeness, Projections: found.Projections, Why: found.Why}
	if found.Completeness == nil {
		answer.Unknown = append(answer.Unknown, AuditOfLog)
	}
	if found.Projections == nil {
		answer.Unknown = append(answer.Unknown, AuditOfModels)
	}
	newest, total, _, err := s.config.Models.Anomalies(c, projections.AsOf{}, maxAnomalies)
	if err != nil {
		s.config.Logger.WarnContext(c, "anomalies are not known", "error", err)
		answer.Unknown = append(answer.Unknown, "anomalies")
	} else {
		answer.Anomalies = &anomalies{total, make([]anomaly, len(newest))}
		for i, a := range newest {
			answer.Anomalies.Newest[i] = anomaly{a.BlockNumber, a.Offset, a.EventID, a.TxHash.String(), a.Time, a.Contract, a.EventType, a.Model, a.Key, a.Reason}
		}
	}
	c.JSON(http.StatusOK, answer)
}

// AuditTeller tells what the audits of all processes have found.
type AuditTeller func(context.Context) Audits

// auditRoutes are of what is held against the chain.
func (s *Server) auditRoutes() []endpoint {
	return []endpoint{
		handled(Route{
			Path: "/api/audit", Tag: "Network", Summary: "Whether the log and the read models hold what the chain does, and events that cannot be",
			About: `completeness: blocks by chance, and each that was odd when it was read, are held against the receipts of the node. projections: the sums and rows of
the read models that a contract's view tells, too, are held against it at the block that the read models stand at, rows by chance. What another
process does is read from the log, with told_by and told_at; an audit that none has told of in the last minutes is null, named in unknown, and why says more.
anomalies: events that do not fit what the log held before them, such as the completion of a job that was never submitted.`,
		}, nil, auditAnswer{}, s.audit),
	}
}
