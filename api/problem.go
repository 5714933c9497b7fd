package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// kind is what went wrong, in a word that stays as it is, for programs.
type kind string

// The kinds of problems. A parameter that is malformed has a kind of its own: invalid_ and its name; see [parameterKind].
const (
	invalid         kind = "invalid"
	invalidMoment   kind = "invalid_moment"
	invalidTime     kind = "invalid_time"
	invalidCursor   kind = "invalid_cursor"
	addressMissing  kind = "address_missing"
	addressMangled  kind = "address_malformed"
	notFound        kind = "not_found"
	notIndexed      kind = "block_not_indexed"
	methodForbidden kind = "method_not_allowed"
	tooLarge        kind = "too_large"
	rateLimited     kind = "rate_limited"
	internal        kind = "internal"
	unavailable     kind = "unavailable"
	busy            kind = "busy"
	noProvider      kind = "no_provider"
	providerFailed  kind = "provider_failed"
)

// statuses is the status of each kind; those of parameters are 400.
var statuses = map[kind]int{
	invalid:         http.StatusBadRequest,
	invalidMoment:   http.StatusBadRequest,
	invalidTime:     http.StatusBadRequest,
	invalidCursor:   http.StatusBadRequest,
	addressMissing:  http.StatusBadRequest,
	addressMangled:  http.StatusBadRequest,
	notFound:        http.StatusNotFound,
	notIndexed:      http.StatusNotFound,
	methodForbidden: http.StatusMethodNotAllowed,
	tooLarge:        http.StatusRequestEntityTooLarge,
	rateLimited:     http.StatusTooManyRequests,
	internal:        http.StatusInternalServerError,
	unavailable:     http.StatusServiceUnavailable,
	busy:            http.StatusServiceUnavailable,
	noProvider:      http.StatusServiceUnavailable,
	providerFailed:  http.StatusBadGateway,
}

func (k kind) status() int {
	if status, ok := statuses[k]; ok {
		return status
	}
	return http.StatusBadRequest
}

// parameterKind is the kind of a parameter that is malformed.
func parameterKind(name string) kind {
	switch name {
	case "at":
		return invalidTime
	case "address", walletHeader:
		return addressMangled
	}
	return kind("invalid_" + strings.ToLower(strings.ReplaceAll(name, "-", "_")))
}

const problemType = "application/problem+json"

// problem is the answer to what went wrong, as RFC 9457 has it. Its members error and code are for clients that are older than that.
type problem struct {
	Type     string `json:"type" doc:"about:blank: title and status say it all, code says it for programs."`
	Title    string `json:"title" doc:"The status in words."`
	Status   int    `json:"status"`
	Detail   string `json:"detail" doc:"What went wrong, in words for people."`
	Instance string `json:"instance,omitempty" doc:"The request's id, as in X-Request-Id and in the server's log."`
	Error    string `json:"error" doc:"As detail."`
	Code     kind   `json:"code" doc:"What went wrong, in a word that stays as it is."`
	Retry    int    `json:"retry_after_secs,omitempty" doc:"Seconds after which it is worth another try."`
	Limit    int    `json:"limit,omitempty" doc:"Of 429: requests a minute."`
}

// fault is an error of a handler that the caller may read as it stands.
func fault(k kind, detail string) *problem {
	status := k.status()
	return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Code: k, Error: detail}
}

// retry says after how many seconds it is worth another try.
func (p *problem) retry(seconds int) *problem {
	p.Retry = seconds
	return p
}

// GetStatus implements huma.StatusError.
func (p *problem) GetStatus() int { return p.Status }

// problemError is a problem on its way out of a handler.
type problemError struct{ *problem }

func (p problemError) Error() string { return p.Detail }

// ContentType implements huma.ContentTypeFilter.
func (p *problem) ContentType(string) string { return problemType }

// told turns what the framework says of parameters into a problem.
func told(e *huma.ErrorModel) *problem {
	k, details := invalid, make([]string, 0, len(e.Errors))
	for i, d := range e.Errors {
		place, name, _ := strings.Cut(d.Location, ".")
		if place == "body" {
			name = d.Location
		} else if i == 0 {
			k = parameterKind(name)
		}
		details = append(details, strings.TrimPrefix(name+": "+d.Message, ": "))
	}
	if e.Status >= http.StatusInternalServerError {
		return fault(internal, "internal error")
	}
	if len(details) == 0 {
		details = []string{e.Detail}
	}
	return fault(k, strings.Join(details, "; "))
}

// fail ends a request with a problem.
func fail(c *gin.Context, p *problem) {
	p.Instance = c.Writer.Header().Get(requestID)
	body, err := json.Marshal(p)
	if err != nil {
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	if p.Retry > 0 {
		c.Header("Retry-After", strconv.Itoa(p.Retry))
	}
	c.Abort()
	c.Data(p.Status, problemType, body)
}

// trouble is the problem that an error of a dependency is to the caller; the reason is for the log.
func (s *Server) trouble(ctx context.Context, route string, err error) *problem {
	if e, ok := errors.AsType[problemError](err); ok {
		return e.problem
	}
	if e, ok := errors.AsType[*projections.NotIndexed](err); ok {
		return fault(notIndexed, e.Error())
	}
	if errors.Is(err, projections.ErrAfter) {
		return fault(invalidCursor, "cursor: "+errCursor.Error())
	}
	level := slog.LevelError
	if ctx.Err() == context.Canceled {
		level = slog.LevelDebug // the caller went away; nothing is wrong here
	}
	s.config.Logger.Log(ctx, level, "request failed", "path", route, "error", err)
	return fault(unavailable, "a part of the coordinator that this needs does not answer; try again in a moment").retry(2)
}
