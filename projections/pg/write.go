package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// write is what a batch does to one table.
type write struct {
	table   string
	columns []projections.Column
	rows    [][]any
	// statement inserts or changes rows, given as one array a column.
	statement string
	// grows says that rows are only added: many of them go by COPY.
	grows bool
}

// copyFrom is the number of rows from which on a COPY, which has a round trip of its own, is worth it. Fewer go with the other statements.
const copyFrom = 100

// store stores what a batch does, and moves the reader from one offset to the next, in one transaction. What does not go by COPY is one
// round trip, however many tables there are: at the head that is all of it.
func (l *Lease) store(ctx context.Context, writes []write, from int64, to projections.Place, logTime *time.Time) error {
	err := l.inTx(ctx, func(tx pgx.Tx) error {
		if err := l.points.At(projections.PointBegun); err != nil {
			return err
		}
		p := pipeline{lease: l, tx: tx, batch: &pgx.Batch{}}
		for _, w := range writes {
			if err := p.write(ctx, w); err != nil {
				return err
			}
		}
		return p.advance(ctx, from, to, logTime)
	})
	if err != nil {
		return err
	}
	return l.points.At(projections.PointCommitted)
}

// pipeline gathers statements that are sent together. Where somebody may stop at the points between them, each is sent by itself.
type pipeline struct {
	lease *Lease
	tx    pgx.Tx
	batch *pgx.Batch
	names []string // of the tables, by place in the batch
}

func (p *pipeline) write(ctx context.Context, w write) error {
	switch {
	case len(w.rows) == 0:
		return nil
	case w.grows && len(w.rows) >= copyFrom:
		if err := copyRows(ctx, p.tx, w.table, w.columns, w.rows); err != nil {
			return err
		}
		return p.lease.points.At(projections.PointWrote + w.table)
	}
	return p.queue(ctx, w.table, w.statement, arrays(w.columns, w.rows)...)
}

// queue adds a statement that changes a table.
func (p *pipeline) queue(ctx context.Context, table, statement string, args ...any) error {
	p.batch.Queue(statement, args...)
	p.names = append(p.names, table)
	if p.lease.points == nil {
		return nil
	}
	if _, err := p.send(ctx); err != nil {
		return err
	}
	return p.lease.points.At(projections.PointWrote + table)
}

// advance adds the statement that moves the reader, last, and sends all that is not sent.
func (p *pipeline) advance(ctx context.Context, from int64, to projections.Place, logTime *time.Time) error {
	l := p.lease
	p.batch.Queue(advanceReader, l.advanceArgs(from, to, logTime)...)
	p.names = append(p.names, "readers")
	moved, err := p.send(ctx)
	if err != nil {
		return err
	}
	if moved != 1 {
		return l.whyNot(ctx, p.tx, from, to)
	}
	return l.points.At(projections.PointAdvanced)
}

// send sends the statements and returns how many rows the last one concerned.
func (p *pipeline) send(ctx context.Context) (affected int64, err error) {
	results := p.tx.SendBatch(ctx, p.batch)
	for _, name := range p.names {
		tag, err := results.Exec()
		if err != nil {
			_ = results.Close() // says the same
			return 0, fmt.Errorf("write %s: %w", name, err)
		}
		affected = tag.RowsAffected()
	}
	p.batch, p.names = &pgx.Batch{}, nil
	return affected, results.Close()
}
