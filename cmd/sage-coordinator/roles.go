package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/consumers/audit"
	"github.com/bitsage-network/validator-dashboard/consumers/reactions"
	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/internal/standby"
	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/producers/chaintail"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// process is one running coordinator: what its roles share, and the roles themselves. Everything it opens is closed by
// [process.close], in the reverse order.
type process struct {
	stdout   io.Writer
	settings Settings
	name     string // host and pid, for leases and claims
	log      *slog.Logger
	registry *prometheus.Registry
	events   *eventlog.Client
	control  *eventlog.Appender // nil where the log is this process's alone, so that nobody listens
	pool     *pgxpool.Pool
	closers  []func() error

	// The roles, nil where this process does not have them.
	nodes     []chaintail.Provider // of the chain
	views     *starknet.Views      // what they tell of contracts; nil where there is no node
	tailer    *chaintail.Tailer
	tailPost  *standby.Post // nil where the log is this process's alone
	chain     *consumers.ChainProjector
	telemetry *consumers.TelemetryProjector
	days      *pg.Days
	claims    *claimJudge
	auditor   *audit.Auditor
	auditPost *standby.Post // as tailPost
	splitter  *consumers.Splitter
	splitPost *standby.Post      // as tailPost
	webhook   *reactions.Webhook // nil where nobody is told
	serving   *serving
	set       projections.Set
	metrics   *consumers.Metrics            // nil until somebody consumes
	more      []func(context.Context) error // the simulated network, watches
}

func newProcess(m *Main, s Settings) *process {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown-host"
	}
	p := &process{
		settings: s, name: fmt.Sprintf("%s/%d", host, os.Getpid()), log: s.logger(m.Stderr), registry: prometheus.NewRegistry(),
		set: projections.Chain(), stdout: m.Stdout,
	}
	p.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return p
}

// closing remembers how to close something, for the end.
func (p *process) closing(f func() error) { p.closers = append(p.closers, f) }

// close closes what was opened, the newest first.
func (p *process) close() error {
	var errs []error
	for i := len(p.closers) - 1; i >= 0; i-- {
		errs = append(errs, p.closers[i]())
	}
	return errors.Join(errs...)
}

const (
	startWithin = 30 * time.Second // for what must answer before the process starts
	closeWithin = 8 * time.Second
	poolSize    = 32 // 13 leases, and what the API asks
)

// openLog connects to the brokers, or starts a log of our own.
func (p *process) openLog(ctx context.Context) error {
	brokers := p.settings.brokers()
	alone := len(brokers) == 0
	if alone {
		log, err := embedded.StartLog(ctx, embedded.LogConfig{Dir: filepath.Join(p.settings.DataDir, "log"), Logger: p.log})
		if err != nil {
			return err
		}
		p.closing(log.Close)
		p.watch("log", log.Failed(), log.Err)
		brokers = log.Brokers()
	}
	client, err := eventlog.Open(eventlog.Config{Brokers: brokers, Logger: p.log, Registerer: p.registry})
	if err != nil {
		return err
	}
	p.closing(func() error { client.Close(); return nil })
	within, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	if err := client.EnsureTopics(within, schemas.Topics()); err != nil {
		return fmt.Errorf("--kafka-brokers (KAFKA_BROKERS): %w", err)
	}
	p.events = client
	if !alone {
		p.control = client.NewAppender(schemas.TopicControl, 1)
	}
	return nil
}

// openDatabase connects to the database and brings it to the newest version.
func (p *process) openDatabase(ctx context.Context, url string) error {
	if err := p.connect(ctx, url); err != nil {
		return err
	}
	_, err := migrations.Apply(ctx, p.pool, p.log)
	return err
}

// connect connects to the database and changes nothing.
func (p *process) connect(ctx context.Context, url string) error {
	within, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	pool, err := pg.Open(within, url, poolSize)
	if err != nil {
		return fmt.Errorf("--database-url (DATABASE_URL): %w", err)
	}
	p.closing(func() error { pool.Close(); return nil })
	p.pool = pool
	return nil
}

// addTailer gives the process the role that follows the chain.
func (p *process) addTailer(wsURL string, poll time.Duration) error {
	contracts, err := p.settings.contracts()
	if err != nil {
		return err
	}
	var rings <-chan struct{}
	if wsURL != "" {
		bell, err := starknet.NewDoorbell(wsURL, p.log.With("role", "tail"))
		if err != nil {
			return fmt.Errorf("--ws-url (STARKNET_WS_URL): %w", err)
		}
		p.more = append(p.more, func(ctx context.Context) error { bell.Run(ctx); return nil })
		rings = bell.Rings()
	}
	foreseen := p.events.NewAppender(schemas.TopicPreConfirmed, 1)
	p.more = append(p.more, foreseen.Run)
	p.tailer = chaintail.New(chaintail.Config{
		Network: p.settings.Network, Contracts: contracts, StartBlock: p.settings.StartBlock, PollInterval: poll, Bell: rings,
		AuditEvery: time.Duration(p.settings.AuditMS) * time.Millisecond, PreConfirmedEvery: time.Duration(p.settings.PreConfirmedMS) * time.Millisecond,
		Progress: backfillLine(p.stdout),
		PreConfirmed: func(ctx context.Context, rec schemas.Record) error {
			_, err := foreseen.AppendTo(ctx, 0, rec)
			return err
		},
		Writer: p.name, Build: version, Split: eventlog.Batches, Logger: p.log.With("role", "tail"),
		Fenced: func(err error) bool { return errors.Is(err, eventlog.ErrFenced) },
	}, p.nodes, p.events, p.events.NewWriter("tail/"+p.settings.Network, schemas.TopicChain, 0), chaintail.NewMetrics(p.registry))
	chaintail.RegisterStatus(p.registry, p.tailer.Status)
	chaintail.RegisterAudit(p.registry, p.tailer.Audit)
	p.tailPost = p.post("tail/"+p.settings.Network, chaintail.ErrTakenOver)
	return nil
}

// openNodes makes the clients of the nodes at some URLs, named by their hosts; further ones of a host are numbered.
func (p *process) openNodes(urls string) error {
	var clients []*starknet.Client
	names := map[string]int{}
	for _, text := range list(urls) {
		u, err := url.Parse(text)
		if err != nil {
			return errors.New("--rpc-url (STARKNET_RPC_URL) is malformed") // the cause quotes the URL, key and all
		}
		name := u.Host
		if names[u.Host]++; names[u.Host] > 1 {
			name = fmt.Sprintf("%s#%d", u.Host, names[u.Host])
		}
		node, err := starknet.NewClient(text, starknet.Options{Name: name, CallsPerSecond: p.settings.RPCRate, Registerer: p.registry})
		if err != nil {
			return fmt.Errorf("--rpc-url (STARKNET_RPC_URL): %w", err)
		}
		p.closing(func() error { node.Close(); return nil })
		p.nodes, clients = append(p.nodes, chaintail.Provider{Name: name, Node: node}), append(clients, node)
	}
	if len(clients) > 0 {
		p.views = starknet.NewViews(clients...)
	}
	return nil
}

// post is this process's offer to do a job that one process does at a time; nil where there can be no other. The job ends with
// lost when another process has taken over; lost is nil where none drives another out.
func (p *process) post(role string, lost error) *standby.Post {
	if p.control == nil {
		return nil
	}
	return standby.New(standby.Config{
		Role: role, Name: p.name, Lost: func(err error) bool { return lost != nil && errors.Is(err, lost) }, Logger: p.log,
	}, source{p.events}, p.control)
}

// atPost works when nobody else does.
func atPost(ctx context.Context, post *standby.Post, work func(context.Context) error) error {
	if post == nil {
		return work(ctx)
	}
	return post.Run(ctx, work)
}

// consumed returns the metrics of the consumers, which are registered once.
func (p *process) consumed() *consumers.Metrics {
	if p.metrics == nil {
		p.metrics = consumers.NewMetrics(p.registry)
	}
	return p.metrics
}

// addProjections gives the process the roles that keep the read models.
func (p *process) addProjections() {
	metrics := p.consumed()
	chain := pg.NewChainStore(p.pool, p.set)
	p.chain = consumers.NewChainProjector(source{p.events}, func(ctx context.Context) (consumers.ChainLease, error) {
		return chain.Claim(ctx, p.name)
	}, p.set, metrics, p.log)
	telemetry := pg.NewTelemetryStore(p.pool, pg.Retention{"heartbeats": p.settings.HeartbeatDays, "gpu_metrics_history": p.settings.GPUMetricsDays})
	p.days = telemetry.Days()
	p.telemetry = consumers.NewTelemetryProjector(source{p.events}, func(ctx context.Context, part int32) (consumers.TelemetryLease, error) {
		return telemetry.Claim(ctx, part, p.name)
	}, telemetry.Crew(p.name), metrics, p.log)
	consumers.RegisterStatus(p.registry, p.readers)
	verdicts := p.events.NewAppender(schemas.TopicClaims, schemas.TelemetryPartitions)
	p.claims = &claimJudge{verdicts, consumers.NewClaimJudge(pg.NewQuestions(p.pool), verdicts, p.log), p.post("claims", nil)}
}

// addAudit gives the process the role that holds the read models against the contracts, where it has a node to ask.
func (p *process) addAudit() error {
	if p.settings.ModelAuditMS == 0 || p.views == nil {
		return nil
	}
	contracts, err := p.settings.contracts()
	if err != nil {
		return err
	}
	p.auditor = audit.New(audit.Config{
		Every: time.Duration(p.settings.ModelAuditMS) * time.Millisecond, Contracts: contracts, Logger: p.log.With("role", "audit"), Registerer: p.registry,
	}, pg.NewQuestions(p.pool), p.views)
	p.auditPost = p.post("audit/"+p.settings.Network, nil)
	return nil
}

// claimJudge is the role that judges claims, with its way into the log.
type claimJudge struct {
	verdicts *eventlog.Appender
	judge    *consumers.ClaimJudge
	post     *standby.Post
}

func (j *claimJudge) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return j.verdicts.Run(ctx) })
	group.Go(func() error { return atPost(ctx, j.post, j.judge.Run) })
	return group.Wait()
}

// source reads the log for the projections.
type source struct{ client *eventlog.Client }

// Fetch implements consumers.Source.
func (s source) Fetch(ctx context.Context, topic string, partition int32, offset int64) ([]schemas.Record, int64, error) {
	b, err := s.client.Fetch(ctx, topic, partition, offset)
	return b.Records, b.End, err
}

// Bounds implements consumers.Source.
func (s source) Bounds(ctx context.Context, topic string, partition int32) (first, next int64, err error) {
	return s.client.Bounds(ctx, topic, partition)
}

// run runs the process's roles until ctx ends, or one of them fails for good.
func (p *process) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	if p.control != nil {
		group.Go(func() error { return p.control.Run(ctx) })
	}
	if p.tailer != nil {
		group.Go(func() error { return atPost(ctx, p.tailPost, p.tailer.Run) })
	}
	if p.chain != nil {
		group.Go(func() error { return p.projectChain(ctx) })
		group.Go(func() error { return p.telemetry.Run(ctx) })
		group.Go(func() error { return p.days.Run(ctx, p.log) })
		group.Go(func() error { return p.claims.run(ctx) })
	}
	if p.auditor != nil {
		group.Go(func() error { return atPost(ctx, p.auditPost, p.auditor.Run) })
	}
	if p.control != nil && (p.tailer != nil || p.auditor != nil) {
		group.Go(func() error { p.tellAudits(ctx); return nil })
	}
	if p.splitter != nil {
		group.Go(func() error { return atPost(ctx, p.splitPost, p.splitter.Run) })
		group.Go(func() error { return p.react(ctx) })
	}
	if p.serving != nil {
		group.Go(func() error { return p.serving.run(ctx) })
	}
	for _, f := range p.more {
		group.Go(func() error { return f(ctx) })
	}
	return group.Wait()
}
