package main

import (
	"context"
	"fmt"
	"runtime"
)

type versionCmd struct{}

func (versionCmd) run(_ context.Context, m *Main, _ Settings) error {
	_, err := fmt.Fprintf(m.Stdout, "sage-coordinator %s (%s)\n", version, runtime.Version())
	return err
}
