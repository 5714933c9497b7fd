package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/api"
	"github.com/bitsage-network/validator-dashboard/api/stream"
	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/dashboard"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/producers/chaintail"
	"github.com/bitsage-network/validator-dashboard/producers/telemetry"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// serving is the role that people and programs speak to.
type serving struct {
	listener  net.Listener
	appenders appenders
	ticker    *telemetry.Ticker
	hub       *stream.Hub
	server    *api.Server
}

// addServing gives the process its HTTP edge. It listens at once, so that a port in use is found before anything runs.
func (p *process) addServing(ctx context.Context) error {
	contracts, err := p.settings.contracts()
	if err != nil {
		return err
	}
	address := net.JoinHostPort(p.settings.Bind, strconv.Itoa(p.settings.Port))
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("--bind, --port (API_BIND, API_PORT): %w; give another port", err)
	}
	models := pg.NewQuestions(p.pool)
	reports := newAppenders(p.events, schemas.TopicHeartbeats, schemas.TopicGPUMetrics, schemas.TopicClaims)
	chain := pg.NewChainStore(p.pool, p.set)
	hub := stream.New(stream.Config{
		Log: source{p.events}, Start: chain.Standing, Logger: p.log.With("role", "stream"), Registerer: p.registry,
		Stats: func(ctx context.Context) (any, error) {
			n, _, err := models.NetworkStats(ctx, projections.AsOf{})
			return api.LiveStats(n, time.Now()), err
		},
	})
	s := &serving{listener: listener, appenders: reports, ticker: telemetry.NewTicker(reports[schemas.TopicHeartbeats], p.log), hub: hub}
	s.server, err = api.New(api.Config{
		Network: p.settings.Network, Version: version, Contracts: contracts, Models: models, Watermarks: models, Facts: singleFacts{source{p.events}},
		Reports: telemetry.NewRecorder(reports),
		Checks:  reportChecks(),
		Claims:  models,
		Busy:    func(err error) bool { return errors.Is(err, eventlog.ErrBusy) || errors.Is(err, eventlog.ErrClosed) },
		Health:  api.NewHealth(version, p.healthNumbers(hub), p.checks(models, hub)...), Audits: p.audits, Chain: p.contractsAsked(),
		Stream: hub, Page: dashboard.Handler(), Registry: p.registry, Logger: p.log.With("role", "api"),
		Limits: api.Limits{Enabled: p.settings.RateLimitEnabled, Default: p.settings.RateLimitRPM}, TrustedProxies: list(p.settings.TrustedProxies),
		Origins: list(p.settings.CORSOrigins), AccessLog: p.settings.accessLevel(),
	})
	if err != nil {
		return errors.Join(usagef("--trusted-proxies (TRUSTED_PROXIES): %v", err), listener.Close())
	}
	api.RegisterNetwork(p.registry, models)
	api.RegisterWatch(p.registry, models)
	p.serving = s
	return nil
}

// reportChecks are what reports of workers are held to.
func reportChecks() api.Checks {
	return api.Checks{
		Heartbeat: telemetry.CheckHeartbeat, GPUMetrics: telemetry.CheckGPUMetrics, Claim: telemetry.CheckClaim,
		HeartbeatShape: telemetry.Heartbeat{}, GPUMetricsShape: telemetry.GPUMetrics{}, ClaimShape: telemetry.Claim{},
	}
}

// contractsAsked is where the API asks contracts; nil where there is no node.
func (p *process) contractsAsked() api.Contracts {
	if p.views == nil {
		return nil
	}
	return p.views
}

// appenders write reports, each to its topic, by name.
type appenders map[string]*eventlog.Appender

func newAppenders(client *eventlog.Client, topics ...string) appenders {
	a := appenders{}
	for _, topic := range topics {
		a[topic] = client.NewAppender(topic, schemas.TelemetryPartitions)
	}
	return a
}

// Append implements telemetry.Log.
func (a appenders) Append(ctx context.Context, r schemas.Record) (partition int32, offset int64, err error) {
	return a[r.Topic].Append(ctx, r)
}

// run writes what is appended until ctx ends.
func (a appenders) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, appender := range a {
		group.Go(func() error { return appender.Run(ctx) })
	}
	return group.Wait()
}

// singleFacts reads one fact of the chain topic at a time.
type singleFacts struct{ source }

// Fact implements api.Facts.
func (l singleFacts) Fact(ctx context.Context, offset int64) (schemas.Fact, error) {
	records, _, err := l.Fetch(ctx, schemas.TopicChain, 0, offset)
	if err != nil {
		return schemas.Fact{}, err
	}
	if len(records) == 0 || records[0].Offset != offset {
		return schemas.Fact{}, fmt.Errorf("%s has no record at offset %d", schemas.TopicChain, offset)
	}
	return schemas.ReadFact(records[0])
}

func (s *serving) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	// What was accepted is still written after the server has stopped taking more.
	writing, stop := context.WithCancel(context.WithoutCancel(ctx))
	group.Go(func() error { return s.appenders.run(writing) })
	group.Go(func() error { return s.ticker.Run(ctx) })
	group.Go(func() error { return s.hub.Run(ctx) })
	group.Go(func() error {
		defer stop()
		return s.server.Run(ctx, s.listener)
	})
	return group.Wait()
}

// url is where a browser on this machine finds the process.
func (s *serving) url() string {
	host, port, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil {
		return s.listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// healthNumbers are what /health tells beside the components.
func (p *process) healthNumbers(hub *stream.Hub) func() map[string]any {
	return func() map[string]any {
		out := map[string]any{"websocket_subscribers": hub.Clients()}
		if p.tailer != nil {
			if s := p.tailer.Status(); s.Begun {
				out["last_indexed_block"] = s.Sealed
			}
		}
		return out
	}
}

const (
	slowDatabase = time.Second
	lagDegraded  = time.Minute
	maxLines     = 3 // of readers that stand still, in health
)

// checks are the components of this process's health.
func (p *process) checks(models *pg.Questions, hub *stream.Hub) []api.Check {
	checks := []api.Check{
		{Name: "database", Needed: true, Look: func(ctx context.Context) (api.State, string) {
			started := time.Now()
			if err := models.Ping(ctx); err != nil {
				return api.Unhealthy, "does not answer"
			}
			pool := p.pool.Stat()
			message := fmt.Sprintf("%d of %d connections in use", pool.AcquiredConns(), pool.MaxConns())
			if time.Since(started) > slowDatabase {
				return api.Degraded, "slow; " + message
			}
			return api.Healthy, message
		}},
		{Name: "database_pool", Look: func(context.Context) (api.State, string) {
			pool := p.pool.Stat()
			message := fmt.Sprintf("%d of %d connections in use, %d idle", pool.AcquiredConns(), pool.MaxConns(), pool.IdleConns())
			if pool.AcquiredConns() == pool.MaxConns() {
				return api.Degraded, message
			}
			return api.Healthy, message
		}},
		{Name: "websocket", Look: func(context.Context) (api.State, string) {
			return api.Healthy, fmt.Sprintf("%d connections", hub.Clients())
		}},
		{Name: "log", Needed: true, Look: func(ctx context.Context) (api.State, string) {
			if err := p.events.Ping(ctx); err != nil {
				return api.Unhealthy, "does not answer"
			}
			return api.Healthy, p.events.Brokers()
		}},
		{Name: "blockchain", Look: func(context.Context) (api.State, string) { return p.blockchainHealth() }},
		{Name: "indexer", Needed: true, Look: func(context.Context) (api.State, string) { return p.indexerHealth() }},
		{Name: "workers", Look: func(ctx context.Context) (api.State, string) {
			n, _, err := models.NetworkStats(ctx, projections.AsOf{})
			switch {
			case err != nil:
				return api.Unhealthy, "not known: the database does not answer"
			case *n.ActiveWorkers == 0:
				return api.Degraded, fmt.Sprintf("0 active of %d registered", n.Workers)
			}
			return api.Healthy, fmt.Sprintf("%d active of %d registered", *n.ActiveWorkers, n.Workers)
		}},
	}
	if p.tailer != nil {
		checks = append(checks, api.Check{Name: "audit", Look: func(context.Context) (api.State, string) { return p.auditHealth() }})
	}
	if p.auditor != nil {
		checks = append(checks, api.Check{Name: "audit_projections", Look: func(context.Context) (api.State, string) { return p.driftHealth() }})
	}
	checks = append(checks, api.Check{Name: "anomalies", Look: func(ctx context.Context) (api.State, string) { return anomaliesHealth(ctx, models) }})
	checks = append(checks, api.Check{Name: "parked", Look: func(ctx context.Context) (api.State, string) { return parkedHealth(ctx, pg.NewParkedRecords(p.pool)) }})
	if p.chain != nil {
		for _, reader := range []struct {
			name   string
			status func() []consumers.Status
		}{
			{"projection_chain", func() []consumers.Status { return []consumers.Status{p.chain.Status()} }},
			{"projection_telemetry", p.telemetry.Status},
		} {
			checks = append(checks, api.Check{Name: reader.name, Look: func(context.Context) (api.State, string) { return readersHealth(reader.status()) }})
		}
	}
	if p.splitter != nil {
		checks = append(checks, api.Check{Name: "splitter", Look: func(context.Context) (api.State, string) { return p.splitterHealth() }})
	}
	return checks
}

// anomaliesHealth is degraded for a day of the chain's time after an event that cannot be.
func anomaliesHealth(ctx context.Context, models *pg.Questions) (api.State, string) {
	newest, total, at, err := models.Anomalies(ctx, projections.AsOf{}, 1)
	switch {
	case err != nil:
		return api.Unhealthy, "not known: the database does not answer"
	case total == 0:
		return api.Healthy, "none"
	}
	a := newest[0]
	message := fmt.Sprintf("%d events that cannot be, by what came before them; the newest in block %d: %s (%s %s). Where the log begins after the contracts, "+
		"that is why; else compare those that /api/audit names with the chain", total, a.BlockNumber, a.Reason, a.Model, a.Key)
	if at.Time.Sub(a.Time) < 24*time.Hour {
		return api.Degraded, message
	}
	return api.Healthy, message
}

// splitterHealth is never worse than degraded: nothing of ours rests on the topics of the families.
func (p *process) splitterHealth() (api.State, string) {
	s := p.splitter.Status()
	if line := s.Line(time.Now()); line != "" {
		return api.Degraded, "the topics of the families do not move: " + line
	}
	switch s.Phase {
	case consumers.Standby, consumers.Starting:
		return api.Healthy, "standing by"
	}
	return api.Healthy, fmt.Sprintf("%d records behind", s.Lag())
}

func (p *process) blockchainHealth() (api.State, string) {
	if p.tailer == nil {
		return api.Healthy, "not asked by this process"
	}
	s := p.tailer.Status()
	switch {
	case p.tailPost != nil && !p.tailPost.Status().Working:
		return api.Healthy, "not asked while another process follows the chain"
	case s.Err != nil:
		return api.Degraded, s.Err.Error()
	case s.SeenAt.IsZero():
		return api.Degraded, "has not answered yet"
	}
	state, message := api.Healthy, fmt.Sprintf("head at block %d", s.Head)
	if len(s.Providers) == 1 {
		return state, message
	}
	for _, one := range s.Providers {
		switch {
		case one.Aside != nil:
			state, message = api.Degraded, fmt.Sprintf("%s; %s is set aside: %v", message, one.Name, one.Aside)
		case one.Serving:
			message += fmt.Sprintf("; %s serves, in %d ms", one.Name, one.Latency.Milliseconds())
		}
	}
	return state, message
}

func (p *process) indexerHealth() (api.State, string) {
	if p.tailer == nil {
		return api.Degraded, "off in this process: chain data moves only if another one tails; start it with --enable-indexer (ENABLE_INDEXER)"
	}
	if p.tailPost != nil {
		if post := p.tailPost.Status(); !post.Working {
			if post.Other == "" {
				return api.Degraded, "listening whether another process follows the chain"
			}
			return api.Healthy, "standing by: " + post.Other + " follows the chain"
		}
	}
	s := p.tailer.Status()
	behind := uint64(0)
	if s.Head > s.Sealed {
		behind = s.Head - s.Sealed
	}
	message := fmt.Sprintf("%d blocks behind", behind)
	stall := s.Stalled(time.Now())
	switch {
	case stall != chaintail.NotStalled && s.Err != nil:
		return api.Unhealthy, fmt.Sprintf("stands still at block %d, %s: %s: %v", s.Sealed, message, stall, s.Err)
	case stall != chaintail.NotStalled:
		return api.Unhealthy, fmt.Sprintf("stands still at block %d, %s", s.Sealed, message)
	case !s.Begun:
		return api.Degraded, "no block yet"
	case !s.Retracted.Hash.IsZero():
		return api.Degraded, fmt.Sprintf("%s; block %d was accepted on L1 and has left the chain", message, s.Retracted.Number)
	case behind > 0 && time.Since(s.SealedAt) > lagDegraded:
		return api.Degraded, message
	case s.FinalErr != nil:
		return api.Healthy, fmt.Sprintf("%s; %v", message, s.FinalErr)
	}
	return api.Healthy, message
}

// readersHealth is that of the readers that are worst off, with what to do about them, or how far all of them are behind.
func readersHealth(all []consumers.Status) (api.State, string) {
	lag := int64(0)
	var lines []string
	for _, s := range all {
		if line := s.Line(time.Now()); line != "" {
			lines = append(lines, line)
		}
		lag += s.Lag()
	}
	switch n := len(lines); {
	case n > maxLines:
		return api.Unhealthy, fmt.Sprintf("%s; and %d more", strings.Join(lines[:maxLines], "; "), n-maxLines)
	case n > 0:
		return api.Unhealthy, strings.Join(lines, "; ")
	}
	return api.Healthy, fmt.Sprintf("%d records behind", lag)
}

// readers are where the readers that keep the read models stand, the chain's first.
func (p *process) readers() []consumers.Status {
	return append([]consumers.Status{p.chain.Status()}, p.telemetry.Status()...)
}
