package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

type simnetCmd struct {
	networkFlags `embed:""`
}

// run is the simulated network alone.
func (c simnetCmd) run(ctx context.Context, m *Main, s Settings) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	s.Network = schemas.Local
	p := newProcess(m, s)
	defer func() { err = errors.Join(err, p.close()) }()
	address := net.JoinHostPort(s.Bind, strconv.Itoa(s.Port))
	_, url, err := p.startSimnet(ctx, c.networkFlags, filepath.Join(s.DataDir, "simnet"), address)
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "a SIMULATED StarkNet network (JSON-RPC 0.9, chain %s) at %s\n", "SN_BITSAGE_LOCAL", url)
	return p.run(ctx)
}
