//go:build !kafka

package eventlog_test

import "testing"

// throughProxy returns the brokers of a log whose clients all go through the proxy.
func throughProxy(t *testing.T, p *proxy) []string { return behind(t, p).ListenAddrs() }
