package chaintail

import (
	"context"
	"errors"
	"sync"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
)

// chunk is a range of blocks whose events come under one seal.
type chunk struct {
	first, last starknet.Header
	events      []chainEvent
}

// backfill writes the next chunk. Those after it are read meanwhile.
func (t *Tailer) backfill(ctx context.Context, w *chainWriter, from uint64, head starknet.Header) error {
	f := t.ahead.next(ctx, t.at, &w.pace, t.config.Ahead, from, head.Number-nearHead) // young blocks get seals of their own, as they may be taken back
	c, err := f.wait()
	if err != nil {
		t.ahead.drop()
		if !w.pace.failed(f.to-f.from+1, err) {
			return err
		}
		t.config.Logger.InfoContext(ctx, "asking for fewer blocks at a time", "blocks", w.pace.span, "because", err)
		if _, busy := errors.AsType[*starknet.HTTPError](err); busy {
			return err
		}
		return nil
	}
	fits, err := t.continued(ctx, w, c.first)
	if err != nil {
		return err
	}
	if !fits {
		return t.repair(ctx, w, head)
	}
	// Every call named both ends by their hashes, so all of it is of one chain. Should that be void by now, the next round notices.
	if err := w.write(ctx, c.events, c.last, false); err != nil {
		return err
	}
	w.pace.went(len(c.events))
	t.progress.chunk(ctx, t.config.Logger, t.config.Progress, f.from, f.to, head.Number, len(c.events))
	return nil
}

// chunk reads a range of blocks.
func (p *provider) chunk(ctx context.Context, from, to uint64) (c chunk, err error) {
	odd := p.oddities.Load()
	defer func() {
		if p.oddities.Load() == odd && err == nil {
			return
		}
		p.suspects.add(from, to)
		for _, e := range c.events {
			p.suspects.add(e.position.Block)
		}
	}()
	if c.last, err = p.header(ctx, to); err != nil {
		return c, err
	}
	c.first = c.last
	if from != to {
		if c.first, err = p.header(ctx, from); err != nil {
			return c, err
		}
	}
	c.events, err = p.rangeEvents(ctx, c.first, c.last)
	return c, err
}

// ahead are the chunks that are being read, lowest first, all from one provider. They are written strictly in order, so what was
// read ahead is dropped whenever it does not continue the log: after a failure, a reorganisation, a change of the provider.
// It is of Run's goroutine.
type ahead struct {
	from    *provider
	fetches []*fetch
}

// fetch is a chunk on its way.
type fetch struct {
	from, to uint64
	cancel   context.CancelFunc
	read     sync.WaitGroup
	chunk    chunk
	err      error
}

// wait waits for the chunk.
func (f *fetch) wait() (chunk, error) {
	f.read.Wait()
	f.cancel()
	return f.chunk, f.err
}

// next returns the chunk that begins at a block, and begins to read those after it, up to a block.
func (a *ahead) next(ctx context.Context, p *provider, pace *pace, n int, from, to uint64) *fetch {
	if a.from != p || len(a.fetches) > 0 && a.fetches[0].from != from {
		a.drop()
	}
	a.from = p
	for start := from; len(a.fetches) < n; {
		if last := len(a.fetches) - 1; last >= 0 {
			start = a.fetches[last].to + 1
		}
		if start > to {
			break
		}
		f := &fetch{from: start, to: pace.chunk(start, to)}
		ctx, cancel := context.WithCancel(ctx)
		f.cancel = cancel
		read := func() { f.chunk, f.err = p.chunk(ctx, f.from, f.to) }
		if n == 1 {
			read()
		} else {
			f.read.Go(read)
		}
		a.fetches = append(a.fetches, f)
	}
	f := a.fetches[0]
	a.fetches = a.fetches[1:]
	return f
}

// drop gives up what is being read.
func (a *ahead) drop() {
	for _, f := range a.fetches {
		f.cancel()
	}
	for _, f := range a.fetches {
		f.read.Wait()
	}
	a.fetches = nil
}
