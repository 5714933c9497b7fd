package starknet

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

var (
	// ErrMalformed says that the node's answer is not what the spec has for the call.
	ErrMalformed = errors.New("malformed answer")
	// ErrTimeout says that the node did not answer in time.
	ErrTimeout = errors.New("no answer in time")
)

// RPCError is an error that the node answered. Compare it with the Err values by errors.Is, which looks at the code.
type RPCError struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data,omitempty"`
}

func (e *RPCError) Error() string {
	if len(e.Data) > 0 && len(e.Data) < 300 {
		return fmt.Sprintf("node answered error %d: %s (%s)", e.Code, e.Message, e.Data)
	}
	return fmt.Sprintf("node answered error %d: %s", e.Code, e.Message)
}

// Is makes errors.Is compare by code. That a method is missing gateways say by codes of their own, which need their message.
func (e *RPCError) Is(target error) bool {
	t, ok := target.(*RPCError)
	if !ok {
		return false
	}
	return t.Code == e.Code || t.Code == ErrMethodNotFound.Code && e.unsupported()
}

func (e *RPCError) unsupported() bool {
	if e.Code > -32000 {
		return false // an error of the node itself
	}
	message := strings.ToLower(e.Message)
	for _, words := range []string{"method not found", "unsupported method", "method not supported", "method is not supported", "method not available", "method is not available"} {
		if strings.Contains(message, words) {
			return true
		}
	}
	return false
}

// Errors of the spec and of JSON-RPC, for errors.Is.
var (
	ErrContractNotFound = &RPCError{Code: 20, Message: "contract not found"}
	ErrNoEntryPoint     = &RPCError{Code: 21, Message: "entry point not found"}
	ErrBlockNotFound    = &RPCError{Code: 24, Message: "block not found"}
	ErrTxNotFound       = &RPCError{Code: 29, Message: "transaction hash not found"}
	ErrPageTooBig       = &RPCError{Code: 31, Message: "requested page size is too big"}
	ErrBadToken         = &RPCError{Code: 33, Message: "the continuation token is invalid or unknown"}
	ErrTooManyKeys      = &RPCError{Code: 34, Message: "too many keys in a filter"}
	ErrContractError    = &RPCError{Code: 40, Message: "contract error"}
	ErrMethodNotFound   = &RPCError{Code: -32601, Message: "method not found"}
	ErrInvalidParams    = &RPCError{Code: -32602, Message: "invalid parameters"}
)

// HTTPError is an answer of something that is not the node's JSON-RPC: a gateway, a limit, a wrong path.
type HTTPError struct {
	Status     int
	RetryAfter time.Duration // how long to wait, 0 where it was not said
}

func (e *HTTPError) Error() string {
	what := strconv.Itoa(e.Status)
	if text := http.StatusText(e.Status); text != "" {
		what += " " + text
	}
	switch {
	case e.RetryAfter > 0:
		return fmt.Sprintf("answered HTTP %s, retry after %s", what, e.RetryAfter)
	case e.Status/100 == 3:
		return fmt.Sprintf("answered HTTP %s: give the URL that it redirects to", what)
	}
	return "answered HTTP " + what
}

// longestRetry bounds what Retry-After may ask for: a clock that is wrong must not stop us for a day.
const longestRetry = 5 * time.Minute

func httpError(status int, header http.Header) error {
	e := &HTTPError{Status: status}
	after := header.Get("Retry-After")
	if s, err := strconv.Atoi(after); err == nil {
		e.RetryAfter = time.Duration(min(max(s, 0), int(longestRetry/time.Second))) * time.Second
	} else if at, err := http.ParseTime(after); err == nil {
		e.RetryAfter = min(max(time.Until(at), 0), longestRetry)
	}
	return e
}
