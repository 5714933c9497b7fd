// Package standby lets any number of processes offer to do a job that one of them does at a time: following the chain, splitting
// its topic.
//
// Who does it says so in the control topic every second; the others listen, and one begins when nobody has spoken for three
// seconds. This is courtesy, not safety: two may well begin at once, and a paused one may wake up. What makes that harmless is the
// log's own fence (eventlog.Writer): the later claim wins, the earlier process is told, and stands by again. Begin with [Post.Run].
package standby

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	// Interval is how often the one who works says so.
	Interval = time.Second
	// Silence is how long the others wait for a word before one takes over.
	Silence = 3 * time.Second
)

// Log is the way to hear the others.
type Log interface {
	// Bounds returns the first offset that a partition still has, and the one that its next record will get.
	Bounds(ctx context.Context, topic string, partition int32) (first, next int64, err error)
	// Fetch returns the records of a partition from an offset on, none if there are none for a while.
	Fetch(ctx context.Context, topic string, partition int32, offset int64) (records []schemas.Record, end int64, err error)
}

// Voice is the way to be heard: it appends to the control topic and returns when the log has the record.
type Voice interface {
	Append(ctx context.Context, r schemas.Record) (partition int32, offset int64, err error)
}

// Config says which job it is.
type Config struct {
	Role string // the job, the same in every process
	Name string // this process, another in each
	// Lost tells whether an error of the work means that another process has taken over.
	Lost   func(error) bool
	Logger *slog.Logger
}

// Status is where a process stands with its job.
type Status struct {
	Working bool
	Other   string // who works, as far as this process has heard
}

// Post is this process's offer to do a job.
type Post struct {
	config Config
	log    Log
	voice  Voice

	mu     sync.Mutex
	status Status
}

// New returns a post. Nothing happens before [Post.Run].
func New(c Config, log Log, voice Voice) *Post { return &Post{config: c, log: log, voice: voice} }

// Status returns where the process stands. It is safe for concurrent use.
func (p *Post) Status() Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

func (p *Post) set(s Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = s
}

// Run works whenever nobody else does, until ctx ends, which is no error, or the work ends with an error other than that somebody
// has taken over. The context of the work ends with ctx.
func (p *Post) Run(ctx context.Context, work func(context.Context) error) error {
	for {
		if err := p.await(ctx); err != nil {
			return nil // ctx has ended: nothing else ends the wait
		}
		p.set(Status{Working: true})
		err := p.hold(ctx, work)
		p.set(Status{})
		if ctx.Err() != nil && err == nil {
			return nil
		}
		if !p.config.Lost(err) {
			return err
		}
		p.config.Logger.WarnContext(ctx, "another process has taken over, standing by", "job", p.config.Role, "because", err)
	}
}

// await returns when nobody has spoken for long enough. It fails only when ctx ends.
func (p *Post) await(ctx context.Context) error {
	next := int64(-1)
	quiet := time.Now()
	for ctx.Err() == nil && time.Since(quiet) < Silence {
		records, begun, err := p.listen(ctx, next)
		if err != nil {
			// What cannot be heard is no silence.
			p.config.Logger.WarnContext(ctx, "control topic not read, trying again", "job", p.config.Role, "error", err)
			quiet = time.Now()
			select {
			case <-ctx.Done():
			case <-time.After(Interval):
			}
			continue
		}
		next = begun
		for _, rec := range records {
			if other, ok := p.speaker(rec); ok {
				quiet = time.Now()
				p.set(Status{Other: other})
			}
		}
	}
	return ctx.Err()
}

// listen returns what was said from an offset on, and where to go on. At first, at -1, it finds the end.
func (p *Post) listen(ctx context.Context, next int64) ([]schemas.Record, int64, error) {
	first, end, err := p.log.Bounds(ctx, schemas.TopicControl, 0)
	if err != nil {
		return nil, next, err
	}
	if next < first || next > end { // nothing heard yet; or the topic was cut or made anew, and what was said of old is of no interest
		return nil, end, nil
	}
	records, _, err := p.log.Fetch(ctx, schemas.TopicControl, 0, next)
	return records, next + int64(len(records)), err
}

// speaker returns who says in a record that he does the job.
func (p *Post) speaker(rec schemas.Record) (name string, ok bool) {
	env, err := schemas.ParseEnvelope(rec)
	if err != nil || env.Type != schemas.TypeWriterAlive {
		return "", false
	}
	var alive schemas.WriterAlive
	if json.Unmarshal(env.Data, &alive) != nil || alive.Role != p.config.Role || alive.Writer == p.config.Name {
		return "", false
	}
	return alive.Writer, true
}

// hold works, and says so until the work ends.
func (p *Post) hold(ctx context.Context, work func(context.Context) error) error {
	speaking, hush := context.WithCancel(ctx)
	hushed := make(chan struct{})
	go func() {
		defer close(hushed)
		p.speak(speaking)
	}()
	err := work(ctx)
	hush()
	<-hushed
	return err
}

func (p *Post) speak(ctx context.Context) {
	ticker := time.NewTicker(Interval)
	defer ticker.Stop()
	for {
		if err := p.say(ctx, time.Now().UTC()); err != nil && ctx.Err() == nil {
			// Somebody may take over, which does no harm.
			p.config.Logger.WarnContext(ctx, "the others do not hear that this process works", "job", p.config.Role, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (p *Post) say(ctx context.Context, now time.Time) error {
	data, err := json.Marshal(schemas.WriterAlive{Role: p.config.Role, Writer: p.config.Name})
	if err != nil {
		return err
	}
	env := schemas.Envelope{
		ID:     fmt.Sprintf("alive/%s/%s/%d", p.config.Role, p.config.Name, now.UnixNano()),
		Source: "sage-coordinator/standby", Type: schemas.TypeWriterAlive, Time: now, Data: data,
	}
	rec, err := env.Record(schemas.TopicControl, []byte(p.config.Role))
	if err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, Silence)
	defer cancel()
	_, _, err = p.voice.Append(within, rec)
	return err
}
