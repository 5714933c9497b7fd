package consumers

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	// claimAgainAfter is how long a topic may be quiet before its claim is renewed: brokers forget a writer in time.
	claimAgainAfter = 5 * time.Minute
	// lookBack is how many records are read at once on the way back.
	lookBack = 4096
)

// familyTopic is the derived topic of one family, as a splitter sees it.
type familyTopic struct {
	splitter *Splitter
	family   string
	topic    string
	writer   SplitWriter
	wrote    time.Time
	last     int64 // offset in the chain topic up to which the topic holds everything
}

// checkpointed returns the place that the topic's newest claim tells. Somebody may be writing meanwhile: what the claim says stays
// true.
func (f *familyTopic) checkpointed(ctx context.Context) (schemas.ChainState, error) {
	from := schemas.StartOfChain()
	_, next, err := f.splitter.log.Bounds(ctx, f.topic, 0)
	if err != nil {
		return from, err
	}
	err = f.backwards(ctx, next, func(rec schemas.Record) (bool, error) {
		claim, ok, err := splitClaim(rec)
		if ok {
			from = claim.From
		}
		return ok, err
	})
	return from, err
}

// backwards hands the records below an offset to look, the newest first, until it has found what it seeks.
func (f *familyTopic) backwards(ctx context.Context, below int64, look func(schemas.Record) (found bool, err error)) error {
	for below > 0 {
		records, err := f.splitter.log.ReadBack(ctx, f.topic, 0, below, lookBack)
		if err != nil {
			return err
		}
		if len(records) == 0 {
			return fmt.Errorf("records below offset %d are gone: the topic's retention must be unlimited (retention.ms=-1, retention.bytes=-1)", below)
		}
		for i := len(records) - 1; i >= 0; i-- {
			if found, err := look(records[i]); err != nil || found {
				return err
			}
		}
		below = records[0].Offset
	}
	return nil
}

// splitClaim reads a record if it is a claim.
func splitClaim(rec schemas.Record) (claim schemas.SplitClaimed, ok bool, err error) {
	env, err := schemas.ParseEnvelope(rec)
	if err != nil || env.Type != schemas.TypeSplitClaimed {
		return claim, false, err
	}
	if err := json.Unmarshal(env.Data, &claim); err != nil {
		return claim, false, fmt.Errorf("%s@%d: %w", rec.Topic, rec.Offset, err)
	}
	return claim, true, nil
}

// claim takes the topic and reads how far it is. It must hold everything below a place in the chain topic.
func (f *familyTopic) claim(ctx context.Context, from schemas.ChainState) error {
	now := time.Now().UTC()
	data, err := json.Marshal(schemas.SplitClaimed{Writer: f.splitter.config.Name, Build: f.splitter.config.Build, From: from})
	if err != nil {
		return err
	}
	env := schemas.Envelope{
		ID: fmt.Sprintf("claim/%s/%d", f.splitter.config.Name, now.UnixNano()), Source: "sage-coordinator/splitter",
		Type: schemas.TypeSplitClaimed, Time: now, Data: data,
	}
	rec, err := env.Record(f.topic, nil)
	if err != nil {
		return err
	}
	term, err := f.writer.Claim(ctx, rec)
	if err != nil {
		return fmt.Errorf("topic %s: %w", f.topic, err)
	}
	f.wrote = time.Now()
	f.last = from.Next - 1
	// Nothing can be added below the claim any more, so the newest derived record tells how far the topic is. It may well be further
	// than from: that is where the topic that is least far stands.
	err = f.backwards(ctx, term, func(rec schemas.Record) (bool, error) {
		offset, derived, err := schemas.SourceOffset(rec)
		if derived {
			f.last = max(f.last, offset)
		}
		return derived, err
	})
	if err != nil {
		return fmt.Errorf("topic %s: %w", f.topic, err)
	}
	return nil
}

// write appends the records that the topic does not hold yet.
func (f *familyTopic) write(ctx context.Context, records []schemas.Record, done schemas.ChainState) error {
	if time.Since(f.wrote) > claimAgainAfter {
		if err := f.claim(ctx, done); err != nil {
			return err
		}
	}
	var missing []schemas.Record
	last := f.last
	for _, rec := range records {
		offset, _, err := schemas.SourceOffset(rec)
		if err != nil {
			return err
		}
		if offset > last {
			missing = append(missing, rec)
			last = offset
		}
	}
	for _, batch := range f.splitter.config.Batches(missing) {
		if _, err := f.writer.Append(ctx, batch); err != nil {
			return fmt.Errorf("topic %s: %w", f.topic, err)
		}
		f.wrote = time.Now()
	}
	f.last = last
	return nil
}
