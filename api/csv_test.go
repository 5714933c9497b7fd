package api

import (
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestAListIsExported(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	w, _ := ask(t, h, "GET", "/api/jobs/recent?limit=1", "", "Accept", "text/csv")
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" || w.Header().Get("X-Indexed-Block") != "120" {
		t.Fatalf("%d %v %v", w.Code, w.Header(), err)
	}
	if w.Header().Get("ETag") != "" || w.Header().Get("Content-Disposition") != `attachment; filename="api-jobs-recent.csv"` {
		t.Errorf("headers: %v", w.Header())
	}
	if len(rows) != 3 || rows[0][0] != "job_id" || rows[1][0] != "1042" || rows[2][0] != "7" || rows[2][3] != "0" {
		t.Errorf("rows: %q", rows)
	}
	for accept, kind := range map[string]string{
		"": "application/json", "*/*": "application/json", "application/json, text/csv;q=0.5": "application/json", "text/csv, application/json;q=0.5": "text/csv; charset=utf-8",
		"text/csv;q=0": "application/json",
	} {
		if w, _ := ask(t, h, "GET", "/api/jobs/recent", "", "Accept", accept); w.Header().Get("Content-Type") != kind {
			t.Errorf("Accept %q: %s", accept, w.Header().Get("Content-Type"))
		}
	}
	if w, answer := ask(t, h, "GET", "/api/jobs/recent?block=121", "", "Accept", "text/csv"); w.Code != http.StatusNotFound || answer["code"] != "block_not_indexed" {
		t.Errorf("%d %v", w.Code, answer)
	}
	if w, answer := ask(t, h, "GET", "/api/jobs/recent?limit=x", "", "Accept", "text/csv"); w.Code != http.StatusBadRequest || answer["code"] != "invalid_limit" {
		t.Errorf("%d %v", w.Code, answer)
	}
}

// breaking is a database that fails after some rows.
type breaking struct{ models }

func (breaking) EachJob(_ context.Context, _ projections.AsOf, _ projections.JobFilter, _ projections.Page, begin func(projections.Freshness), row func(projections.JobView) error) error {
	begin(at)
	for range 1200 {
		if err := row(projections.JobView{ID: schemas.AmountFromUint64(1), Status: "pending"}); err != nil {
			return err
		}
	}
	return errors.New("the database went away")
}

func TestNobodyTakesAPartForTheWhole(t *testing.T) {
	h, _ := newServer(t, breaking{}, recorder{})
	server := httptest.NewServer(h)
	defer server.Close()
	r, err := http.NewRequest(http.MethodGet, server.URL+"/api/jobs/recent", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/csv")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	rows, err := csv.NewReader(answer.Body).ReadAll()
	if err == nil {
		t.Errorf("%d rows came, and nothing says that there are more", len(rows))
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	type row struct {
		A string `json:"a"`
		B *string
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching("[=+@\t\r-].*")).Draw(t, "text")
		got := cells(columnsOf(reflect.TypeFor[row]()), reflect.ValueOf(row{A: text}))
		if len(got) != 1 || strings.TrimPrefix(got[0], "'") != strings.TrimPrefix(text, "'") {
			t.Fatalf("%q became %q", text, got)
		}
		if got[0] != "" && strings.ContainsAny(got[0][:1], "=+-@\t\r\n") {
			t.Fatalf("%q is taken for a formula", got[0])
		}
	})
	when := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	type all struct {
		Int    int64           `json:"int"`
		Float  *float64        `json:"float"`
		None   *int64          `json:"none"`
		Time   time.Time       `json:"time"`
		Amount schemas.Amount  `json:"amount"`
		Who    schemas.Address `json:"who"`
		Yes    bool            `json:"yes"`
		Words  []string        `json:"words"`
		Hidden string          `json:"-"`
	}
	columns := columnsOf(reflect.TypeFor[all]())
	got := cells(columns, reflect.ValueOf(all{-5, new(-1.5), nil, when, schemas.Sage(2), someone, true, []string{"a", "b"}, "x"}))
	want := "-5|-1.5||2026-01-02T03:04:05Z|2000000000000000000|" + someone.String() + "|true|a b"
	if text := strings.Join(got, "|"); text != want || strings.Join(names(columns), "|") != "int|float|none|time|amount|who|yes|words" {
		t.Errorf("%s\n%s", text, want)
	}
}

func TestOnlySomeExportsRunAtOnce(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	s := serverOf(t, models{})
	for range exportsAtOnce {
		s.exports <- struct{}{}
	}
	if w, answer := ask(t, s.Handler(), "GET", "/api/jobs/recent", "", "Accept", "text/csv"); w.Code != http.StatusServiceUnavailable || answer["code"] != "busy" || w.Header().Get("Retry-After") != "10" {
		t.Errorf("%d %v", w.Code, answer)
	}
	if w, _ := ask(t, h, "GET", "/api/jobs/recent", "", "Accept", "text/csv"); w.Code != http.StatusOK {
		t.Errorf("%d", w.Code)
	}
}
