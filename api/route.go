package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Source is what an answer is made of: it may change when one of them moves, and not before.
type Source uint8

// The sources. An answer of none stays as it is while the process runs.
const (
	Chain     Source = 1 << iota // the read models of the chain
	Telemetry                    // what workers report
)

// Route is a line of the table: what the router, the limits, the cache and the OpenAPI document know of an endpoint.
type Route struct {
	Method  string // GET where it is empty
	Path    string // parameters in braces
	Tag     string // the chapter that it is described in
	Summary string
	About   string // more, with the formula of what is derived
	Of      Source
	// PerMinute is how many requests a client has; 0 stands for the default of the settings, and Unlimited for no limit.
	PerMinute int
	// Example names a file in examples that holds an answer.
	Example string
	// Asks tells that contracts may be asked, so that a node may be what fails.
	Asks bool
	// Name is the operation's in generated clients, where the path's own is another's.
	Name string
	// NotFound tells that a 404 may come of more than a moment that is not indexed.
	NotFound bool
	// Apart are parameters of which one at most may be given, beside those that are so for every read.
	Apart [][]string
}

// asking is a route that may ask contracts.
func asking(r Route) Route {
	r.Asks = true
	return r
}

// Unlimited is the limit of a route that has none.
const Unlimited = -1

// endpoint is a route with what answers it.
type endpoint struct {
	Route
	// describe puts the route into the document and into the router.
	describe func(s *Server, op huma.Operation)
}

// read is a GET whose answer follows from the read models: f is given the parameters, as the struct tags of I declare them, and returns the
// answer and the place in the log that it is of.
func read[I, A any](r Route, f func(context.Context, *I) (A, projections.Freshness, error)) endpoint {
	return endpoint{r, func(s *Server, op huma.Operation) {
		op.Metadata[keptOf] = r.Of
		huma.Register(s.openAPI, op, func(ctx context.Context, in *I) (*answered[A], error) {
			a, at, err := f(ctx, in)
			if err != nil {
				return nil, problemError{s.trouble(ctx, op.Path, err)}
			}
			return &answered[A]{Freshness: freshnessOf(at), Body: a}, nil
		})
	}}
}

// plain is a GET whose answer follows from what the process is, and stays as it is.
func plain[I, A any](r Route, f func(context.Context, *I) (A, error)) endpoint {
	return endpoint{r, func(s *Server, op huma.Operation) {
		op.Metadata[keptOf] = r.Of
		huma.Register(s.openAPI, op, func(ctx context.Context, in *I) (*said[A], error) {
			a, err := f(ctx, in)
			if err != nil {
				return nil, problemError{s.trouble(ctx, op.Path, err)}
			}
			return &said[A]{a}, nil
		})
	}}
}

// handled is a route with a handler of its own. Body and answer are values of the types that it reads and writes in JSON, for the document;
// body is nil where it reads none. Further answers of the same shape have the statuses of also.
func handled(r Route, body, answer any, f gin.HandlerFunc, also ...int) endpoint {
	return endpoint{r, func(s *Server, op huma.Operation) {
		registry := s.openAPI.OpenAPI().Components.Schemas
		schema := registry.Schema(reflect.TypeOf(answer), true, op.OperationID)
		for _, status := range append(also, http.StatusOK) {
			op.Responses[strconv.Itoa(status)] = &huma.Response{
				Description: http.StatusText(status), Content: map[string]*huma.MediaType{"application/json": {Schema: schema}},
			}
		}
		if body != nil {
			op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
				"application/json": {Schema: registry.Schema(reflect.TypeOf(body), true, op.OperationID+"Request")},
			}}
		}
		if r.Path == "/stats" {
			op.Responses["200"].Content["text/plain"] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
		}
		s.openAPI.OpenAPI().AddOperation(&op)
		s.route(&op, f)
	}}
}

// answered is an answer with the place in the log that it is of.
type answered[A any] struct {
	Freshness
	Body A
}

type said[A any] struct{ Body A }

// Freshness are the headers that say of which place in the log an answer is.
type Freshness struct {
	Position string `header:"X-Position" doc:"The next offset of the chain topic: all before it is in the answer."`
	Block    string `header:"X-Indexed-Block" doc:"The block that the answer is of."`
	Hash     string `header:"X-Indexed-Block-Hash" doc:"Its hash, where the log has it."`
	Time     string `header:"X-Indexed-At" doc:"Its time."`
	Finality string `header:"X-Finality" doc:"accepted_on_l1 once the block is settled; accepted_on_l2 while it may still leave the chain."`
}

func freshnessOf(at projections.Freshness) Freshness {
	f := Freshness{Position: fmt.Sprintf("%s/0=%d", schemas.TopicChain, at.Next)}
	if at.Known {
		f.Block, f.Hash, f.Time = strconv.FormatInt(at.Block, 10), at.Hash, at.Time.UTC().Format("2006-01-02T15:04:05Z")
		f.Finality = string(at.Finality)
	}
	return f
}

// mount puts the table into the router and the document.
func (s *Server) mount(table []endpoint) error {
	for _, e := range table {
		if e.Method == "" {
			e.Method = http.MethodGet
		}
		op := huma.Operation{
			Method: e.Method, Path: e.Path, OperationID: cmp.Or(e.Name, operationID(e.Method, e.Path)), Tags: []string{e.Tag}, Summary: e.Summary, Description: e.About,
			Responses: s.problems(e.Route), SkipValidateBody: true, Metadata: map[string]any{},
		}
		s.limits[ginPath(e.Path)] = e.PerMinute
		e.describe(s, op)
		path := s.openAPI.OpenAPI().Paths[op.Path]
		described := cmp.Or(path.Get, path.Post)
		described.Extensions = rules(described, e.Apart)
		if err := exemplify(described, e.Example); err != nil {
			return err
		}
	}
	return nil
}

// rules are what the schemas of parameters cannot say, told in extensions of an operation for programs that make requests.
func rules(op *huma.Operation, apart [][]string) map[string]any {
	has := map[string]bool{}
	for _, p := range op.Parameters {
		has[p.Name] = true
		if freeText(p) {
			p.Schema.Pattern = textPattern
		}
	}
	out := map[string]any{}
	for _, one := range [][]string{{"block", "at"}, {"cursor", "page", "offset"}} {
		if has[one[0]] && has[one[1]] {
			apart = append(slices.Clip(apart), one)
		}
	}
	if len(apart) > 0 {
		out["x-at-most-one-of"] = apart
	}
	if has["cursor"] {
		out["x-given-by-answers"] = []string{"cursor"}
	}
	if has["address"] && has[walletHeader] {
		out["x-one-of"] = []string{"address", walletHeader}
	}
	return out
}

// textPattern is of texts that are text, and that the database can hold.
const textPattern = `^[^\u0000]*$`

// freeText tells parameters whose text has no form.
func freeText(p *huma.Param) bool {
	return p.Schema.Type == huma.TypeString && p.Schema.Format == "" && p.Schema.Pattern == "" && p.Schema.Enum == nil
}

// keptOf is where an operation whose answers are kept says what they are made of.
const keptOf = "kept of"

// problems are the answers of a route that tell what went wrong.
func (s *Server) problems(r Route) map[string]*huma.Response {
	codes := []int{http.StatusBadRequest, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if r.Of&Chain != 0 || r.NotFound {
		codes = append(codes, http.StatusNotFound)
	}
	if r.Method == http.MethodPost {
		codes = append(codes, http.StatusRequestEntityTooLarge)
	}
	if r.Asks {
		codes = append(codes, http.StatusBadGateway)
	}
	if r.PerMinute != Unlimited {
		codes = append(codes, http.StatusTooManyRequests)
	}
	schema := s.openAPI.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[problem](), true, "")
	out := map[string]*huma.Response{}
	for _, status := range codes {
		out[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status), Content: map[string]*huma.MediaType{problemType: {Schema: schema}},
		}
	}
	return out
}

// operationID names an operation in generated clients: GET /api/network/stats is getNetworkStats.
func operationID(method, path string) string {
	id := strings.ToLower(method)
	for word := range strings.FieldsFuncSeq(strings.TrimPrefix(path, "/api"), func(r rune) bool { return strings.ContainsRune("/{}-_.", r) }) {
		id += strings.ToUpper(word[:1]) + word[1:]
	}
	return id
}

func ginPath(path string) string { return strings.NewReplacer("{", ":", "}", "").Replace(path) }

// router puts the operations of the document into Gin.
type router struct {
	*gin.Engine
	s *Server
}

// Handle implements huma.Adapter.
func (r router) Handle(op *huma.Operation, handler func(huma.Context)) {
	r.s.route(op, func(c *gin.Context) { handler(edge{humagin.NewContext(op, c), c}) })
}

func (s *Server) route(op *huma.Operation, handler gin.HandlerFunc) {
	before := inTime
	if of, ok := op.Metadata[keptOf].(Source); ok {
		before = s.keep(op, of)
	}
	s.engine.Handle(op.Method, ginPath(op.Path), wellFormed(op), before, handler)
}

// wellFormed refuses parameters that are there and say nothing where that is no value of theirs, which the framework takes for left out, and
// text that is none.
func wellFormed(op *huma.Operation) gin.HandlerFunc {
	var strict, texts []string
	byWallet := false
	for _, p := range op.Parameters {
		switch {
		case p.In == "header":
			byWallet = byWallet || p.Name == walletHeader
		case p.In == "query" && (!freeText(p) || p.Schema.MinLength != nil):
			strict = append(strict, p.Name)
		}
		if freeText(p) {
			texts = append(texts, p.Name)
		}
	}
	malformed := func(c *gin.Context, name, why string) { fail(c, fault(parameterKind(name), name+": "+why)) }
	return func(c *gin.Context) {
		if wallet, ok := c.Request.Header[walletHeader]; byWallet && ok && wallet[0] == "" {
			malformed(c, walletHeader, "it is empty; leave it out")
			return
		}
		if c.Request.URL.RawQuery == "" && len(c.Params) == 0 {
			return
		}
		for _, name := range strict {
			if value, ok := c.GetQuery(name); ok && value == "" {
				malformed(c, name, "it is empty; leave it out")
				return
			}
		}
		for _, name := range texts {
			if value := c.Query(name) + c.Param(name); !utf8.ValidString(value) || strings.Contains(value, "\x00") {
				malformed(c, name, "it is no text")
				return
			}
		}
	}
}

// walletHeader is where wallets say whose they are.
const walletHeader = "X-Wallet-Address"

type humaContext huma.Context

// edge is a request as the framework sees it, but that what is malformed is answered with 400.
type edge struct {
	humaContext
	gin *gin.Context
}

// SetStatus implements huma.Context.
func (e edge) SetStatus(status int) {
	if status == http.StatusUnprocessableEntity {
		status = http.StatusBadRequest
	}
	e.humaContext.SetStatus(status)
}

// describe begins the document.
func (s *Server) describe() huma.API {
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI:    "3.1.0",
			Info:       &huma.Info{Title: "BitSage validator dashboard", Version: s.config.Version, Description: aboutAPI},
			Components: &huma.Components{Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)},
		},
		Formats: huma.DefaultFormats, DefaultFormat: "application/json",
		Transformers: []huma.Transformer{s.problemOf},
	}
	config.AllowAdditionalPropertiesByDefault = true
	return huma.NewAPI(config, router{s.engine, s})
}

// problemOf gives every problem, the framework's too, its shape and its headers.
func (s *Server) problemOf(c huma.Context, _ string, v any) (any, error) {
	var p *problem
	switch v := v.(type) {
	case *huma.ErrorModel:
		p = told(v)
		c.SetHeader("Content-Type", problemType)
	case problemError:
		p = v.problem
	default:
		return v, nil
	}
	p.Instance = c.(edge).gin.Writer.Header().Get(requestID)
	if p.Retry > 0 {
		c.SetHeader("Retry-After", strconv.Itoa(p.Retry))
	}
	return p, nil
}

const aboutAPI = `What the BitSage network is and does, from its chain and from what its workers report.

What is not known is null, or a neutral value whose member the answer names in ` + "`unknown`" + `. Amounts are wei of 1e-18 SAGE, in decimal strings.
Times are unix seconds where no format is given. An answer of the chain says in X-Position, X-Indexed-Block, X-Indexed-Block-Hash and X-Indexed-At
which place in the log it is of; "now" in it is the time of that block.`

// document returns the OpenAPI document.
func (s *Server) document() ([]byte, error) {
	api := s.openAPI.OpenAPI()
	schemas := api.Components.Schemas
	complete := map[string]bool{}
	for len(complete) < len(schemas.Map()) { // completing one may add others
		for name, schema := range schemas.Map() {
			if !complete[name] {
				completeSchema(schemas, schema, schemas.TypeFromRef("#/components/schemas/"+name))
				complete[name] = true
			}
		}
	}
	return json.MarshalIndent(api, "", "  ")
}

// completeSchema says of a struct's members what the framework does not: those of embedded structs that are not exported are members, a list is
// not null unless a tag says so, and a struct behind a pointer may be.
func completeSchema(r huma.Registry, schema *huma.Schema, t reflect.Type) {
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" || !f.IsExported() {
			continue
		}
		member := schema.Properties[name]
		if member == nil {
			member = huma.SchemaFromField(r, f, "")
			schema.Properties[name] = member
			if !strings.Contains(options, "omitempty") {
				schema.Required = append(schema.Required, name)
			}
		}
		switch {
		case f.Type.Kind() == reflect.Slice:
			member.Nullable = f.Tag.Get("nullable") == "true"
		case f.Type.Kind() == reflect.Pointer && member.Ref == "":
			member.Nullable = f.Tag.Get("nullable") != "false" && !strings.Contains(options, "omitempty")
		case f.Type.Kind() == reflect.Pointer:
			schema.Properties[name] = &huma.Schema{AnyOf: []*huma.Schema{{Ref: member.Ref}, {Type: "null"}}, Description: member.Description}
		}
	}
}
