package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// sepoliaRPC is asked where no node is given.
const sepoliaRPC = "https://rpc.starknet-testnet.lava.build"

type runCmd struct{}

// run is every role in one process.
func (runCmd) run(ctx context.Context, m *Main, s Settings) (err error) {
	if err := needDatabase(s, "the coordinator"); err != nil {
		return err
	}
	p := newProcess(m, s)
	defer func() { err = errors.Join(err, p.close()) }()
	if len(s.brokers()) == 0 {
		p.log.WarnContext(ctx, "no Kafka brokers given: the log is one of our own on this disk", "dir", s.DataDir,
			"advice", "give --kafka-brokers (KAFKA_BROKERS) for one that outlives this machine")
	}
	if err := p.openLog(ctx); err != nil {
		return err
	}
	if err := p.openDatabase(ctx, s.DatabaseURL); err != nil {
		return err
	}
	if err := p.openNodes(s.rpc()); err != nil {
		return err
	}
	if s.EnableIndexer {
		if err := p.addTailerFor(s); err != nil {
			return err
		}
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
	fmt.Fprintf(m.Stdout, "sage-coordinator %s serves network %s at %s\n", version, s.Network, p.serving.url())
	return p.run(ctx)
}

func needDatabase(s Settings, who string) error {
	if s.DatabaseURL == "" {
		return usagef("%s needs --database-url (DATABASE_URL); `sage-coordinator dev` brings a database of its own", who)
	}
	return nil
}

// rpc is where the chain is asked; empty where that is nowhere.
func (s Settings) rpc() string {
	if s.RPCURL == "" && s.Network == schemas.Sepolia {
		return sepoliaRPC
	}
	return s.RPCURL
}

// addTailerFor adds the tailer with the nodes that the settings name.
func (p *process) addTailerFor(s Settings) error {
	if s.rpc() == "" {
		return usagef("network %s needs --rpc-url (STARKNET_RPC_URL)", s.Network)
	}
	return p.addTailer(s.WSURL, time.Duration(s.IndexerPollMS)*time.Millisecond)
}

type serveCmd struct{}

// run is the API alone.
func (serveCmd) run(ctx context.Context, m *Main, s Settings) (err error) {
	if err := needDatabase(s, "serve"); err != nil {
		return err
	}
	p := newProcess(m, s)
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.openShared(ctx, s, "serve"); err != nil {
		return err
	}
	if err := p.openDatabase(ctx, s.DatabaseURL); err != nil {
		return err
	}
	if err := p.openNodes(s.rpc()); err != nil {
		return err
	}
	if err := p.addServing(ctx); err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "sage-coordinator %s serves network %s at %s\n", version, s.Network, p.serving.url())
	return p.run(ctx)
}

type tailCmd struct{}

// run is the tailer alone.
func (tailCmd) run(ctx context.Context, m *Main, s Settings) (err error) {
	p := newProcess(m, s)
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.openShared(ctx, s, "tail"); err != nil {
		return err
	}
	if err := p.openNodes(s.rpc()); err != nil {
		return err
	}
	if err := p.addTailerFor(s); err != nil {
		return err
	}
	return p.run(ctx)
}

type projectCmd struct{}

// run is the projections alone.
func (projectCmd) run(ctx context.Context, m *Main, s Settings) (err error) {
	if err := needDatabase(s, "project"); err != nil {
		return err
	}
	p := newProcess(m, s)
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.openShared(ctx, s, "project"); err != nil {
		return err
	}
	if err := p.openDatabase(ctx, s.DatabaseURL); err != nil {
		return err
	}
	if err := p.openNodes(s.rpc()); err != nil {
		return err
	}
	p.addProjections()
	if err := p.addAudit(); err != nil {
		return err
	}
	return p.run(ctx)
}

type reactCmd struct{}

// run is what follows from the log alone, without a database.
func (reactCmd) run(ctx context.Context, m *Main, s Settings) (err error) {
	p := newProcess(m, s)
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.openShared(ctx, s, "react"); err != nil {
		return err
	}
	if err := p.addReactions(); err != nil {
		return err
	}
	return p.run(ctx)
}

// openShared opens the log for a role that runs apart from the others: it needs brokers, since a log of our own belongs to
// one process.
func (p *process) openShared(ctx context.Context, s Settings, who string) error {
	if len(s.brokers()) == 0 {
		return usagef("%s needs --kafka-brokers (KAFKA_BROKERS): a log of our own serves one process only", who)
	}
	return p.openLog(ctx)
}
