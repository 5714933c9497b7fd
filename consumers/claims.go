package consumers

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ClaimBook is what the read models know of claims.
type ClaimBook interface {
	// OpenClaims returns claims that wait for a verdict, with what the chain says to them.
	OpenClaims(ctx context.Context, limit int) ([]projections.OpenClaim, error)
}

// ClaimLog takes verdicts. It returns once it has them.
type ClaimLog interface {
	Append(ctx context.Context, r schemas.Record) (partition int32, offset int64, err error)
}

const (
	judgeEvery = 2 * time.Second
	maxClaims  = 500 // that are judged at a time
)

// ClaimJudge holds claims of rewards against the chain, and writes the verdicts into the log: a fact each, from which the read models
// follow. It keeps no state that matters: a verdict that is written twice is the same one.
type ClaimJudge struct {
	book ClaimBook
	log  ClaimLog
	slog *slog.Logger
	// given are the verdicts that this process has written and that the read models may not have yet, by claim.
	given map[string]schemas.Event
}

// NewClaimJudge returns a judge.
func NewClaimJudge(book ClaimBook, log ClaimLog, logger *slog.Logger) *ClaimJudge {
	return &ClaimJudge{book: book, log: log, slog: logger.With("role", "claims"), given: map[string]schemas.Event{}}
}

// Run judges until ctx ends. What fails is told and tried again.
func (j *ClaimJudge) Run(ctx context.Context) error {
	timer := time.NewTicker(judgeEvery)
	defer timer.Stop()
	for {
		if err := j.Judge(ctx); err != nil && ctx.Err() == nil {
			j.slog.WarnContext(ctx, "claims wait: trying again", "error", err, "in", judgeEvery)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
	}
}

// Judge writes the verdicts that are due now.
func (j *ClaimJudge) Judge(ctx context.Context) error {
	open, err := j.book.OpenClaims(ctx, maxClaims)
	if err != nil {
		return err
	}
	given, taken := map[string]schemas.Event{}, map[string]string{} // the claims that rewards were given to
	for id, verdict := range j.given {
		if v, ok := verdict.(schemas.ClaimConfirmed); ok {
			taken[v.EventID] = id
		}
	}
	for _, c := range open {
		verdict := c.Judge()
		if verdict == nil {
			continue
		}
		if v, ok := verdict.(schemas.ClaimConfirmed); ok {
			if of, ok := taken[v.EventID]; ok && of != c.ClaimID && c.TxHash.IsZero() {
				continue // it waits for a reward of its own
			}
			taken[v.EventID] = c.ClaimID
		}
		if id := projections.VerdictID(verdict); id != projections.VerdictID(j.given[c.ClaimID]) {
			if err := j.write(ctx, id, c.Address, verdict); err != nil {
				return err
			}
			j.given[c.ClaimID] = verdict
		}
		given[c.ClaimID] = verdict
	}
	j.given = given // what is no longer open has reached the read models
	return nil
}

func (j *ClaimJudge) write(ctx context.Context, id string, claimer schemas.Address, verdict schemas.Event) error {
	data, err := json.Marshal(verdict)
	if err != nil {
		return fmt.Errorf("%s: %w", id, err)
	}
	env := schemas.Envelope{ID: id, Source: "sage-coordinator/claims", Type: verdict.EventType(), Time: time.Now().UTC(), Data: data}
	rec, err := env.Record(schemas.TopicClaims, []byte(claimer.String()))
	if err != nil {
		return err
	}
	if _, _, err := j.log.Append(ctx, rec); err != nil {
		return fmt.Errorf("%s: %w", id, err)
	}
	return nil
}
