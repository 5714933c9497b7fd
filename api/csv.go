package api

import (
	"context"
	"encoding"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/negotiation"
	"github.com/gin-gonic/gin"

	"github.com/bitsage-network/validator-dashboard/projections"
)

const csvType = "text/csv"

// exported is a read of a list that is also told as CSV: with Accept: text/csv all of its rows are streamed, whatever the page. Rows calls
// begin once, with the place in the log that they are of, and row for each.
func exported[I, A, R any](r Route, f func(context.Context, *I) (A, projections.Freshness, error),
	rows func(ctx context.Context, in *I, begin func(projections.Freshness), row func(R) error) error,
) endpoint {
	r.About = strings.TrimSpace(r.About + "\n\nWith `Accept: text/csv` all rows are streamed as CSV, whatever the page: a cell that a spreadsheet would take for a formula begins with '.")
	return endpoint{r, func(s *Server, op huma.Operation) {
		op.Metadata[keptOf], op.Metadata[alsoCSV] = r.Of, true
		schema := s.openAPI.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[A](), true, op.OperationID)
		op.Responses["200"] = &huma.Response{Description: http.StatusText(http.StatusOK), Content: map[string]*huma.MediaType{
			"application/json": {Schema: schema}, csvType: {Schema: &huma.Schema{Type: huma.TypeString}},
		}}
		huma.Register(s.openAPI, op, func(ctx context.Context, in *I) (*streamed, error) {
			if c, ok := ctx.Value(exportOf{}).(*gin.Context); ok {
				return nil, export(ctx, s, c, in, rows)
			}
			a, at, err := f(ctx, in)
			if err != nil {
				return nil, problemError{s.trouble(ctx, op.Path, err)}
			}
			return &streamed{freshnessOf(at), func(c huma.Context) {
				c.SetHeader("Content-Type", "application/json")
				c.SetStatus(http.StatusOK)
				if err := json.NewEncoder(c.BodyWriter()).Encode(a); err != nil {
					panic(err) // an answer that JSON cannot hold is a fault of this program
				}
			}}, nil
		})
	}}
}

// alsoCSV is where an operation says that it can be exported.
const alsoCSV = "also CSV"

// exportOf is the key under which the context of an export has the request.
type exportOf struct{}

// streamed is an answer that a function writes.
type streamed struct {
	Freshness
	Body func(huma.Context)
}

// wantsCSV tells whether a client would rather have CSV.
func wantsCSV(c *gin.Context) bool {
	accept := c.GetHeader("Accept")
	return strings.Contains(accept, csvType) && negotiation.SelectQValue(accept, []string{"application/json", csvType}) == csvType
}

const (
	exportsAtOnce = 4                // each holds a connection to the database
	exportWithin  = 10 * time.Minute // for all rows
	chunkWithin   = 30 * time.Second // for a client to take the next ones
	chunkRows     = 500
)

// asExport gives a request the time and the place of an export, of which only a few run at once.
func (s *Server) asExport(c *gin.Context) {
	select {
	case s.exports <- struct{}{}:
		defer func() { <-s.exports }()
	default:
		fail(c, fault(busy, "other exports are running; try again in a moment").retry(10))
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), exportWithin)
	defer cancel()
	c.Request = c.Request.WithContext(context.WithValue(ctx, exportOf{}, c))
	c.Next()
}

// export writes the rows. What fails after the first of them cannot be told any more: the connection then breaks, so that nobody takes a part
// for the whole.
func export[I, R any](ctx context.Context, s *Server, c *gin.Context, in *I, rows func(context.Context, *I, func(projections.Freshness), func(R) error) error) error {
	columns := columnsOf(reflect.TypeFor[R]())
	control := http.NewResponseController(c.Writer)
	out := csv.NewWriter(c.Writer)
	begun, n := false, 0
	flush := func() error {
		if err := control.SetWriteDeadline(time.Now().Add(chunkWithin)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		out.Flush()
		return errors.Join(out.Error(), control.Flush())
	}
	begin := func(at projections.Freshness) {
		begun = true
		h, f := c.Writer.Header(), freshnessOf(at)
		for name, value := range map[string]string{"X-Position": f.Position, "X-Indexed-Block": f.Block, "X-Indexed-Block-Hash": f.Hash, "X-Indexed-At": f.Time} {
			if value != "" {
				h.Set(name, value)
			}
		}
		h.Set("Content-Type", csvType+"; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="`+strings.ReplaceAll(strings.Trim(c.FullPath(), "/"), "/", "-")+`.csv"`)
		h.Set("Vary", "Accept, X-Wallet-Address")
		c.Status(http.StatusOK)
		_ = out.Write(names(columns)) // what fails is told by Error
	}
	err := rows(ctx, in, begin, func(r R) error {
		if err := out.Write(cells(columns, reflect.ValueOf(r))); err != nil {
			return err
		}
		if n++; n%chunkRows == 0 {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	switch {
	case err == nil:
		return nil
	case !begun:
		return problemError{s.trouble(ctx, c.FullPath(), err)}
	}
	s.config.Logger.WarnContext(ctx, "an export broke off", "path", c.FullPath(), "rows", n, "error", err)
	panic(http.ErrAbortHandler)
}

// column is a member of a row.
type column struct {
	name  string
	index []int
}

// columnsOf are the members of a row that JSON has.
func columnsOf(t reflect.Type) []column {
	var columns []column
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			columns = append(columns, column{name, f.Index})
		}
	}
	return columns
}

func names(columns []column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.name
	}
	return out
}

func cells(columns []column, row reflect.Value) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = cell(row.FieldByIndex(c.index))
	}
	return out
}

// cell is a value as text. What is not known is empty.
func cell(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return x.UTC().Format(time.RFC3339)
	case []string:
		return harmless(strings.Join(x, " "))
	case encoding.TextMarshaler:
		text, err := x.MarshalText()
		if err != nil {
			return ""
		}
		return harmless(string(text))
	}
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	}
	return harmless(fmt.Sprint(v.Interface()))
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}
