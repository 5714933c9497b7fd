package main

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/api"
)

type openapiCmd struct{}

// run prints what /openapi.json answers, for programs that make clients.
func (openapiCmd) run(_ context.Context, m *Main, _ Settings) error {
	server, err := api.New(api.Config{
		Version: version, Checks: reportChecks(), Health: api.NewHealth(version, nil), Registry: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	_, err = m.Stdout.Write(append(server.Document(), '\n'))
	return err
}
