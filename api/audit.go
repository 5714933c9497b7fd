package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// Completeness is what the audit of the log has found since the process began: blocks of the log held against the receipts of the node.
type Completeness struct {
	Status  State        `json:"status" doc:"unhealthy where a fault is known, degraded before anything was checked"`
	Every   float64      `json:"every_seconds" doc:"Pause between two blocks."`
	Blocks  []AuditCount `json:"blocks" doc:"Audited blocks, by why and how."`
	Pending int          `json:"pending" doc:"Blocks where something odd was seen, and that wait."`
	Dropped int64        `json:"dropped" doc:"Such blocks that were too many to remember."`
	Last    *AuditedLast `json:"last" doc:"The newest audit; null before the first."`
	Problem string       `json:"problem,omitempty" doc:"Why the last block that could not be checked could not."`
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

type auditAnswer struct {
	Completeness *Completeness `json:"completeness"`
	Anomalies    *anomalies    `json:"anomalies"`
	Unknown      []string      `json:"unknown,omitempty"`
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

// audit tells what the audits found. A process that does not follow the chain does not know.
func (s *Server) audit(c *gin.Context) {
	answer := auditAnswer{Unknown: []string{"completeness"}}
	if s.config.Completeness != nil {
		if found, known := s.config.Completeness(); known {
			answer = auditAnswer{Completeness: &found}
		}
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

// auditRoutes are of what is held against the chain.
func (s *Server) auditRoutes() []endpoint {
	return []endpoint{
		handled(Route{
			Path: "/api/audit", Tag: "Network", Summary: "Whether the log holds what the chain does, and events that cannot be",
			About: "Blocks by chance, and each that was odd when it was read, are held against the receipts of the node. A process that does not follow the chain names completeness in unknown. " +
				"Anomalies are events that do not fit what the log held before them, such as the completion of a job that was never submitted.",
		}, nil, auditAnswer{}, s.audit),
	}
}
