package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/producers/chaintail"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
)

// retireAfter is how long the tables that a rebuild replaced are kept for those who still read them.
const retireAfter = 10 * time.Second

// rebuilding is a rebuild as the loop of the consumers sees it.
type rebuilding struct {
	*pg.Rebuild
	owner string
}

// Claim implements consumers.Rebuilding.
func (r rebuilding) Claim(ctx context.Context) (consumers.ChainLease, error) {
	return r.Rebuild.Claim(ctx, r.owner)
}

// rebuild makes the chain read models anew and puts them in place; only those whose tables are named, where some are.
func (p *process) rebuild(ctx context.Context, tables []string, tell func(consumers.RebuildProgress)) error {
	set, err := p.set, error(nil)
	var r *pg.Rebuild
	if len(tables) == 0 {
		r, err = pg.StartRebuild(ctx, p.pool, set, pg.ToReplace)
	} else {
		if set, err = set.Only(tables); err != nil {
			return usagef("%v", err)
		}
		r, err = pg.StartPartialRebuild(ctx, p.pool, set)
	}
	if err != nil {
		return err
	}
	defer r.Close()
	if err := consumers.Rebuild(ctx, source{p.events}, rebuilding{r, p.name}, set, p.consumed(), p.log, tell); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return nil // the next rebuild drops them
	case <-time.After(retireAfter):
	}
	return r.Retire(ctx)
}

// projectChain keeps the chain read models. Where they were made by earlier versions of the folds it makes them anew first, while the
// old ones serve.
func (p *process) projectChain(ctx context.Context) error {
	for {
		err := p.chain.Run(ctx)
		if !errors.Is(err, projections.ErrOutdated) {
			return err
		}
		p.log.InfoContext(ctx, "the read models were made by earlier folds: making them anew from the log, the old ones serve meanwhile")
		if err := p.rebuild(ctx, nil, p.logProgress(ctx)); err != nil && ctx.Err() == nil {
			p.log.WarnContext(ctx, "rebuild failed, trying again", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(retireAfter):
			}
		}
		if ctx.Err() != nil {
			return nil
		}
	}
}

// logProgress tells of a rebuild every ten seconds.
func (p *process) logProgress(ctx context.Context) func(consumers.RebuildProgress) {
	var told time.Time
	return func(r consumers.RebuildProgress) {
		if time.Since(told) < 10*time.Second && r.Next < r.End {
			return
		}
		told = time.Now()
		p.log.InfoContext(ctx, "making the read models anew", "share", fmt.Sprintf("%.1f %%", 100*r.Share()), "records_per_second", int64(r.Rate()),
			"left", r.Left().Round(time.Second))
	}
}

// openRunning connects to a log and a database that others run: those that the settings name, or the ones of a process that keeps them
// in the data folder.
func (p *process) openRunning(ctx context.Context) error {
	s := p.settings
	database := s.DatabaseURL
	if database == "" {
		url, err := embedded.RunningPostgres(filepath.Join(s.DataDir, "postgres"))
		if err != nil {
			return usagef("no database: give --database-url (DATABASE_URL), or the --data-dir (SAGE_DATA_DIR) of a running coordinator (%v)", err)
		}
		database = url
	}
	if err := p.openRunningLog(ctx); err != nil {
		return err
	}
	return p.connect(ctx, database)
}

// openRunningLog connects to a log that others run, as openRunning does.
func (p *process) openRunningLog(ctx context.Context) error {
	s := p.settings
	brokers := s.brokers()
	if len(brokers) == 0 {
		address, err := embedded.RunningLog(filepath.Join(s.DataDir, "log"))
		if err != nil {
			return usagef("no log: give --kafka-brokers (KAFKA_BROKERS), or the --data-dir (SAGE_DATA_DIR) of a running coordinator (%v)", err)
		}
		brokers = []string{address}
	}
	client, err := eventlog.Open(eventlog.Config{Brokers: brokers, Logger: p.log, Registerer: p.registry})
	if err != nil {
		return err
	}
	p.closing(func() error { client.Close(); return nil })
	within, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	if err := client.Ping(within); err != nil {
		return fmt.Errorf("--kafka-brokers (KAFKA_BROKERS): %w; is the coordinator running?", err)
	}
	p.events = client
	return nil
}

// openRunningDatabase is openRunning without the log.
func (p *process) openRunningDatabase(ctx context.Context) error {
	database, err := p.runningDatabase()
	if err != nil {
		return err
	}
	return p.connect(ctx, database)
}

func (p *process) runningDatabase() (url string, err error) {
	s := p.settings
	if s.DatabaseURL != "" {
		return s.DatabaseURL, nil
	}
	if url, err = embedded.RunningPostgres(filepath.Join(s.DataDir, "postgres")); err != nil {
		return "", usagef("no database: give --database-url (DATABASE_URL), or the --data-dir (SAGE_DATA_DIR) of a running coordinator (%v)", err)
	}
	return url, nil
}

type rebuildCmd struct {
	Projections []string `arg:"" optional:"" name:"projection" help:"Only these read models, by their tables; a coordinator must be at work on the others."`
}

// run makes the chain read models anew beside a running system.
func (c rebuildCmd) run(ctx context.Context, m *Main, s Settings) (err error) {
	p := newProcess(m, s)
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.openRunning(ctx); err != nil {
		return err
	}
	if _, err := migrations.Apply(ctx, p.pool, p.log); err != nil { // the tables of this program's read models
		return err
	}
	began := time.Now()
	if err := p.rebuild(ctx, c.Projections, progressLine(m.Stdout, "rebuilding")); err != nil {
		return err
	}
	if ctx.Err() != nil {
		_, err = fmt.Fprintln(m.Stdout, "\ninterrupted: the next rebuild goes on from here")
		return err
	}
	what := "the chain read models"
	if len(c.Projections) > 0 {
		what = strings.Join(c.Projections, ", ")
	}
	_, err = fmt.Fprintf(m.Stdout, "\n%s: made anew in %s\n", what, (time.Since(began) - retireAfter).Round(100*time.Millisecond))
	return err
}

// progressLine tells of a rebuild on one line, which a terminal overwrites.
func progressLine(w io.Writer, what string) func(consumers.RebuildProgress) {
	end := "\n"
	if isTerminal(w) {
		end = "\r"
	}
	return func(r consumers.RebuildProgress) {
		line := fmt.Sprintf("%s: %5.1f %% of %d records, %.0f a second, %s left", what, 100*r.Share(), r.End, r.Rate(), r.Left().Round(time.Second))
		_, _ = fmt.Fprintf(w, "%-78s%s", line, end) // a terminal that is gone stops no rebuild
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// backfillLine tells of a backfill on one line of a terminal; nil elsewhere, where the log tells.
func backfillLine(w io.Writer) func(chaintail.Backfilling) {
	if !isTerminal(w) {
		return nil
	}
	return func(b chaintail.Backfilling) {
		_, _ = fmt.Fprintf(w, "%-100s\r", b) // a terminal that is gone stops no tailer
	}
}

type verifyCmd struct{}

// run makes the chain read models anew aside, compares them with those that serve, row by row, and drops them.
func (verifyCmd) run(ctx context.Context, m *Main, s Settings) (err error) {
	p := newProcess(m, s)
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.openRunning(ctx); err != nil {
		return err
	}
	r, err := pg.StartRebuild(ctx, p.pool, p.set, pg.ToVerify)
	if err != nil {
		return err
	}
	defer r.Close()
	var found pg.Comparison
	compare := func(ctx context.Context, filled bool) (ok bool, err error) {
		if filled {
			found, ok, err = r.Compare(ctx)
		}
		return ok, err
	}
	err = consumers.Fill(ctx, source{p.events}, rebuilding{r, p.name}.Claim, p.set, p.consumed(), p.log, progressLine(m.Stdout, "verifying"), compare)
	if err != nil {
		return err
	}
	if err := r.Discard(ctx); err != nil {
		return err
	}
	if len(found.Differences) == 0 {
		_, err := fmt.Fprintf(m.Stdout, "\nthe read models are what the log gives, as of block %d: digest %s\n", found.Block, found.Digest)
		return err
	}
	var faults []string
	for _, d := range found.Differences {
		faults = append(faults, fmt.Sprintf("%s lacks %d rows and has %d that it should not have", d.Table, d.Missing, d.Wrong))
	}
	if found.FirstBlock != nil {
		faults = append(faults, fmt.Sprintf("the first block whose digest differs is %d", *found.FirstBlock))
	}
	return fmt.Errorf("the read models are not what the log gives: %s; mend them with: sage-coordinator rebuild", strings.Join(faults, "; "))
}

type redecodeCmd struct{}

// run reads the whole log and tells what decoding it again would change.
func (redecodeCmd) run(ctx context.Context, m *Main, s Settings) (err error) {
	p := newProcess(m, s)
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.openRunningLog(ctx); err != nil {
		return err
	}
	tell, began := progressLine(m.Stdout, "reading"), time.Now()
	told := began
	found, err := consumers.Redecode(ctx, source{p.events}, func(next, end int64) {
		if time.Since(told) >= time.Second {
			told = time.Now()
			tell(consumers.RebuildProgress{Next: next, End: end, Began: began})
		}
	})
	if err != nil {
		return err
	}
	var out strings.Builder
	fmt.Fprintf(&out, "\nthe log holds the ABIs of %d classes\n", found.Classes)
	for _, c := range found.Changes {
		fmt.Fprintf(&out, "%8d events of %s: %s would be %s\n", c.Events, c.Contract, c.From, c.To)
	}
	fmt.Fprintf(&out, "%8d events stay raw\n", found.Raw)
	if len(found.Changes) == 0 {
		out.WriteString("nothing would change\n")
	} else {
		out.WriteString("take it into the read models with: sage-coordinator rebuild\n")
	}
	_, err = io.WriteString(m.Stdout, out.String())
	return err
}

type digestCmd struct {
	Block *uint64 `help:"As of which block; the newest one where it is not given."`
}

// run prints the digest of the chain read models.
func (c digestCmd) run(ctx context.Context, m *Main, s Settings) (err error) {
	p := newProcess(m, s)
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.openRunning(ctx); err != nil {
		return err
	}
	d, _, err := pg.NewQuestions(p.pool).Digest(ctx, projections.AsOf{Block: c.Block})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(m.Stdout, "%s block %d\n", d.Digest, d.Block)
	return err
}
