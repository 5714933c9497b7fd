package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/bitsage-network/validator-dashboard/dashboard"
	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/internal/simnet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// networkFlags shape the simulated network.
type networkFlags struct {
	Workers   int           `default:"8" help:"Simulated workers; 0 for none."`
	BlockTime time.Duration `default:"1s" help:"Pause between two simulated blocks, such as 300ms."`
	Seed      uint64        `default:"1" help:"Seed of the simulated network: the same seed tells the same story."`
}

func (f networkFlags) check() error {
	if f.Workers < 0 || f.Workers > 1_000 {
		return usagef("--workers %d: want 0 to 1000", f.Workers)
	}
	if f.BlockTime < time.Millisecond {
		return usagef("--block-time %s: want at least 1ms", f.BlockTime)
	}
	return nil
}

type devCmd struct {
	networkFlags `embed:""`
}

// devPoll is how often the head is looked at on a chain of our own, which nobody limits.
const devPoll = 100 * time.Millisecond

// run is every role, with whatever was not given brought along.
func (d devCmd) run(ctx context.Context, m *Main, s Settings) (err error) {
	if err := d.check(); err != nil {
		return err
	}
	simulated := s.RPCURL == ""
	if simulated {
		s.Network, s.AccessLog = schemas.Local, false
	}
	s.EnableIndexer = true
	p := newProcess(m, s)
	defer func() { err = errors.Join(err, p.close()) }()

	database, where := s.DatabaseURL, "given"
	if database == "" {
		dir := filepath.Join(s.DataDir, "postgres")
		if database, err = p.startPostgres(ctx, dir); err != nil {
			return err
		}
		where = dir
	}
	if err := p.openLog(ctx); err != nil {
		return err
	}
	if err := p.openDatabase(ctx, database); err != nil {
		return err
	}
	rpc, ws, poll := s.RPCURL, s.WSURL, time.Duration(s.IndexerPollMS)*time.Millisecond
	var network *simnet.Net
	if simulated {
		if network, rpc, err = p.startSimnet(ctx, d.networkFlags, filepath.Join(s.DataDir, "simnet"), "127.0.0.1:0"); err != nil {
			return err
		}
		ws, poll = "ws"+strings.TrimPrefix(rpc, "http"), devPoll
	}
	if err := p.openNodes(rpc); err != nil {
		return err
	}
	if err := p.addTailer(ws, poll); err != nil {
		return err
	}
	p.addProjections()
	if err := p.addAudit(); err != nil {
		return err
	}
	if err := p.addReactions(); err != nil {
		return err
	}
	if err := p.addServing(ctx); err != nil {
		return err
	}
	if network != nil {
		p.more = append(p.more, simnet.NewFleet(network, p.serving.url(), p.log.With("role", "fleet")).Run)
	}
	if err := p.summary(m.Stdout, simulated, rpc, where); err != nil {
		return err
	}
	return p.run(ctx)
}

// summary names every address and where state lives.
func (p *process) summary(w io.Writer, simulated bool, rpc, database string) error {
	chain := "the StarkNet node that was given"
	if simulated {
		chain = "SIMULATED: a network of our own at " + rpc + ", kept in " + filepath.Join(p.settings.DataDir, "simnet")
	}
	log := "the brokers that were given: " + p.events.Brokers()
	if len(p.settings.brokers()) == 0 {
		log = "our own at " + p.events.Brokers() + " (Kafka's protocol), kept in " + filepath.Join(p.settings.DataDir, "log")
	}
	page := p.serving.url()
	if !dashboard.Built() {
		page += " (the page is not part of this build: make build)"
	}
	if database == "given" {
		database = "Postgres that was given"
	} else {
		database = "Postgres of our own, kept in " + database
	}
	_, err := fmt.Fprintf(w, `
sage-coordinator %s

  dashboard   %s
  network     %s
  log         %s
  database    %s

Ctrl-C stops everything; the next start goes on where this one ends.

`, version, page, chain, log, database)
	return err
}

// firstFetch is how long the database's programs may take to arrive, the first time.
const firstFetch = 5 * time.Minute

func (p *process) startPostgres(ctx context.Context, dir string) (string, error) {
	starting, cancel := context.WithTimeout(ctx, firstFetch)
	defer cancel()
	pgs, err := embedded.StartPostgres(starting, embedded.PostgresConfig{Dir: dir, Logger: p.log})
	if err != nil {
		return "", err
	}
	p.closing(func() error {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
		defer cancel()
		return pgs.Stop(stopping)
	})
	p.watch("database", pgs.Failed(), pgs.Err)
	return pgs.URL(), nil
}

// watch ends the process when something of its own fails behind its back.
func (p *process) watch(what string, failed <-chan struct{}, reason func() error) {
	p.more = append(p.more, func(ctx context.Context) error {
		select {
		case <-ctx.Done():
			return nil
		case <-failed:
			return fmt.Errorf("%s: %w", what, reason())
		}
	})
}

// startSimnet opens the simulated network and serves it; the process's run makes its blocks.
func (p *process) startSimnet(ctx context.Context, f networkFlags, dir, address string) (*simnet.Net, string, error) {
	first := uint64(0)
	if p.settings.StartBlock != nil {
		first = *p.settings.StartBlock
	}
	network, err := simnet.New(simnet.Config{
		Seed: f.Seed, Workers: f.Workers, BlockTime: f.BlockTime, FirstBlock: first, Dir: dir, Logger: p.log.With("role", "simnet"),
	})
	if err != nil {
		return nil, "", err
	}
	p.closing(network.Close)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, "", fmt.Errorf("simulated network: %w", err)
	}
	server := &http.Server{Handler: network.Handler(), ReadHeaderTimeout: 5 * time.Second}
	p.more = append(p.more, network.Run, func(ctx context.Context) error { return serveUntil(ctx, server, listener) })
	return network, "http://" + listener.Addr().String(), nil
}

// serveUntil serves until ctx ends.
func serveUntil(ctx context.Context, server *http.Server, l net.Listener) error {
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	err := server.Close()
	if serr := <-done; !errors.Is(serr, http.ErrServerClosed) {
		err = errors.Join(err, serr)
	}
	return err
}
