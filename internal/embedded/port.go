package embedded

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// listenLoopback listens on 127.0.0.1. Port 0 means the port that file remembers from last time, or a free one where that
// is taken or there is none; the port that it becomes is remembered in file. No file, no memory.
func listenLoopback(file string, port int) (net.Listener, error) {
	var l net.Listener
	var err error
	if port != 0 {
		if l, err = net.Listen("tcp", loopback(port)); err != nil {
			return nil, fmt.Errorf("listening on port %d: %w (choose another port, or 0 for a free one)", port, err)
		}
		return l, nil
	}
	remembered, err := rememberedPort(file)
	if err != nil {
		return nil, err
	}
	if remembered != 0 {
		if l, err = net.Listen("tcp", loopback(remembered)); err == nil {
			return l, nil
		}
	}
	if l, err = net.Listen("tcp", loopback(0)); err != nil {
		return nil, fmt.Errorf("listening on a free port: %w", err)
	}
	if file == "" {
		return l, nil
	}
	chosen := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	if err := os.WriteFile(file, []byte(chosen+"\n"), 0o644); err != nil {
		l.Close()
		return nil, fmt.Errorf("remembering the port: %w", err)
	}
	return l, nil
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func rememberedPort(file string) (int, error) {
	if file == "" {
		return 0, nil
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading the remembered port: %w", err)
	}
	port, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 16)
	if err != nil {
		return 0, nil // torn by a crash: a free port will do
	}
	return int(port), nil
}
