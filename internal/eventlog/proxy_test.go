package eventlog_test

import (
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// proxy stands between clients and the brokers and loses answers: it cuts the connection where an answer was due, after the
// broker has taken the request.
type proxy struct {
	lose atomic.Int64 // answers to produce requests to lose in a thousand
	next atomic.Int64 // answers to produce requests to lose, the next ones
	cut  atomic.Int64 // answers of any kind to lose, the next ones
	lost atomic.Int64
}

// before stands before a broker until the test ends, and returns the address to reach it by.
func (p *proxy) before(t *testing.T, broker string) (address net.Addr) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(conn, broker)
		}
	}()
	return l.Addr()
}

func (p *proxy) serve(client net.Conn, address string) {
	defer client.Close()
	broker, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer broker.Close()
	// Kafka's requests begin with their size and the number of the API; 0 is Produce.
	var producing sync.Map // correlation ids of produce requests
	go func() {
		defer broker.Close()
		for {
			request, err := readSized(client)
			if err != nil {
				return
			}
			if request[4] == 0 && request[5] == 0 {
				producing.Store(string(request[8:12]), true)
			}
			if _, err := broker.Write(request); err != nil {
				return
			}
		}
	}()
	for {
		answer, err := readSized(broker)
		if err != nil {
			return
		}
		_, produced := producing.LoadAndDelete(string(answer[4:8]))
		if take(&p.cut) || produced && (take(&p.next) || rand.Int64N(1000) < p.lose.Load()) {
			p.lost.Add(1)
			return
		}
		if _, err := client.Write(answer); err != nil {
			return
		}
	}
}

// take takes one of what is left, if anything is.
func take(left *atomic.Int64) bool {
	for {
		n := left.Load()
		if n <= 0 {
			return false
		}
		if left.CompareAndSwap(n, n-1) {
			return true
		}
	}
}

// readSized reads one message with its size.
func readSized(r io.Reader) ([]byte, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	n := int(head[0])<<24 | int(head[1])<<16 | int(head[2])<<8 | int(head[3])
	message := append(head, make([]byte, n)...)
	_, err := io.ReadFull(r, message[4:])
	return message, err
}
