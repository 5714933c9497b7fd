package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bitsage-network/validator-dashboard/api"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
)

// parkedCmd is what is done about records of telemetry that could not be folded.
type parkedCmd struct {
	List  parkedListCmd  `cmd:"" help:"List what is parked, the oldest first."`
	Show  parkedShowCmd  `cmd:"" help:"Show a parked record as it came."`
	Retry parkedRetryCmd `cmd:"" help:"Have what is parked tried again, in its order and before anything newer of its worker."`
	Drop  parkedDropCmd  `cmd:"" help:"Give up a parked record for good; what is parked after it can then be tried again."`
}

// parkedIn opens what is parked in the database of a running system.
func parkedIn(ctx context.Context, m *Main, s Settings, f func(pg.ParkedRecords) error) (err error) {
	p := newProcess(m, s)
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.openRunningDatabase(ctx); err != nil {
		return err
	}
	return f(pg.NewParkedRecords(p.pool))
}

type parkedListCmd struct {
	Limit int `default:"100" help:"How many to list at most."`
}

func (c parkedListCmd) run(ctx context.Context, m *Main, s Settings) error {
	return parkedIn(ctx, m, s, func(parked pg.ParkedRecords) error {
		rows, total, err := parked.List(ctx, c.Limit)
		if err != nil {
			return err
		}
		out := tabwriter.NewWriter(m.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(out, "RECORD\tKEY\tTYPE\tPARKED\tREASON")
		for _, r := range rows {
			fmt.Fprintf(out, "%s/%d/%d\t%s\t%s\t%s\t%s\n", r.Topic, r.Partition, r.Offset, r.Key, r.Type, r.ParkedAt.UTC().Format(time.RFC3339), r.Reason)
		}
		if err := out.Flush(); err != nil {
			return err
		}
		_, err = fmt.Fprintf(m.Stdout, "%d of %d records\n", len(rows), total)
		return err
	})
}

// parkedPlace is topic/partition/offset, as the list shows it.
type parkedPlace struct {
	topic     string
	partition int32
	offset    int64
}

// UnmarshalText reads a place.
func (p *parkedPlace) UnmarshalText(text []byte) error {
	parts := strings.Split(string(text), "/")
	if len(parts) != 3 {
		return fmt.Errorf("record %q: want topic/partition/offset, as in the list", text)
	}
	part, err := strconv.ParseInt(parts[1], 10, 32)
	if err != nil {
		return fmt.Errorf("record %q: partition: %w", text, err)
	}
	offset, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return fmt.Errorf("record %q: offset: %w", text, err)
	}
	*p = parkedPlace{parts[0], int32(part), offset}
	return nil
}

type parkedShowCmd struct {
	Record parkedPlace `arg:"" help:"Which one, as topic/partition/offset."`
}

func (c parkedShowCmd) run(ctx context.Context, m *Main, s Settings) error {
	return parkedIn(ctx, m, s, func(parked pg.ParkedRecords) error {
		r, ok, err := parked.Get(ctx, c.Record.topic, c.Record.partition, c.Record.offset)
		if err != nil {
			return err
		}
		if !ok {
			return usagef("no such record is parked; see: sage-coordinator parked list")
		}
		_, err = fmt.Fprintf(m.Stdout, "record  %s/%d/%d\nkey     %s\nid      %s\ntype    %s\nparked  %s\nreason  %s\nvalue   %s\n",
			r.Topic, r.Partition, r.Offset, r.Key, r.ID, r.Type, r.ParkedAt.UTC().Format(time.RFC3339), r.Reason, r.Value)
		return err
	})
}

type parkedRetryCmd struct {
	Keys []string `arg:"" optional:"" name:"key" help:"Whose records, as the list shows them."`
	All  bool     `help:"Everybody's."`
}

func (c parkedRetryCmd) run(ctx context.Context, m *Main, s Settings) error {
	if c.All == (len(c.Keys) > 0) {
		return usagef("parked retry needs keys, or --all")
	}
	return parkedIn(ctx, m, s, func(parked pg.ParkedRecords) error {
		n, err := parked.Retry(ctx, c.Keys)
		if err != nil {
			return err
		}
		if n == 0 {
			return usagef("nothing is parked of that; see: sage-coordinator parked list")
		}
		_, err = fmt.Fprintf(m.Stdout, "%d records are tried again; what fails again stays parked\n", n)
		return err
	})
}

type parkedDropCmd struct {
	Records []parkedPlace `arg:"" name:"record" help:"Which ones, as topic/partition/offset."`
}

func (c parkedDropCmd) run(ctx context.Context, m *Main, s Settings) error {
	return parkedIn(ctx, m, s, func(parked pg.ParkedRecords) error {
		for _, r := range c.Records {
			name := fmt.Sprintf("%s/%d/%d", r.topic, r.partition, r.offset)
			dropped, err := parked.Drop(ctx, r.topic, r.partition, r.offset)
			if err != nil {
				return err
			}
			if !dropped {
				return usagef("%s is not parked; see: sage-coordinator parked list", name)
			}
			if _, err := fmt.Fprintf(m.Stdout, "%s is dropped\n", name); err != nil {
				return err
			}
		}
		return nil
	})
}

// parkedHealth is degraded while something is parked.
func parkedHealth(ctx context.Context, parked pg.ParkedRecords) (api.State, string) {
	oldest, total, err := parked.List(ctx, 1)
	switch {
	case err != nil:
		return api.Unhealthy, "not known: the database does not answer"
	case total == 0:
		return api.Healthy, "none"
	}
	return api.Degraded, fmt.Sprintf("%d records of workers wait, the oldest since %s: %s. See them with: sage-coordinator parked list; after an upgrade that can read them, "+
		"or once the first of a key is dropped: sage-coordinator parked retry", total, oldest[0].ParkedAt.UTC().Format(time.RFC3339), oldest[0].Reason)
}
