package api

import (
	"encoding/base64"
	"net/http"
	"testing"

	"pgregory.net/rapid"

	"github.com/bitsage-network/validator-dashboard/projections"
)

func TestCursorsComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Cursor{
			List: rapid.String().Draw(t, "list"), Block: rapid.Int64Range(0, 1<<62).Draw(t, "block"),
			After: rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "after"),
		}
		text, err := c.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var again Cursor
		if err := again.UnmarshalText(text); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if text2, err := again.MarshalText(); err != nil || string(text2) != string(text) || !again.given || again.Block != c.Block {
			t.Fatalf("%+v came back as %+v", c, again)
		}
	})
}

func TestWhatIsNoCursorIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c Cursor
		if text := rapid.String().Draw(t, "text"); c.UnmarshalText([]byte(text)) == nil {
			if again, err := c.MarshalText(); err != nil || string(again) != text {
				t.Fatalf("%q is taken for %+v", text, c)
			}
		}
	})
	for _, plain := range []string{
		``, `{}`, `null`, `[]`, `{"v":2,"l":"x","b":1,"a":["1"]}`, `{"v":1,"l":"x","b":-1,"a":["1"]}`, `{"v":1,"l":"x","b":1,"a":[]}`,
		`{"v":1,"l":"x","b":1,"a":["1"]} `, `{"v":1,"l":"x","b":1,"a":["1"],"z":0}`, `{"v":1,"l":"x","b":1.5,"a":["1"]}`,
	} {
		var c Cursor
		if err := c.UnmarshalText([]byte(base64.RawURLEncoding.EncodeToString([]byte(plain)))); err == nil {
			t.Errorf("%s is taken for a cursor", plain)
		}
	}
}

func TestWhereAPageBegins(t *testing.T) {
	list := listOf("/api/jobs", "completed", "desc")
	c := *nextCursor(list, projections.Freshness{Known: true, Block: 120}, true, "7", "42")
	c.given = true
	now, then, other := projections.AsOf{}, projections.AsOf{Block: new(uint64(120))}, projections.AsOf{Block: new(uint64(119))}
	for _, k := range []struct {
		name   string
		paged  Paged
		as     projections.AsOf
		list   string
		offset int
		after  int
		block  *uint64
		fails  bool
	}{
		{"the first page", Paged{}, now, list, 0, 0, nil, false},
		{"a page by its number", Paged{Page: 3}, now, list, 40, 0, nil, false},
		{"an offset", Paged{Offset: 7}, now, list, 7, 0, nil, false},
		{"a cursor", Paged{Cursor: c}, now, list, 0, 2, new(uint64(120)), false},
		{"a cursor of the same moment", Paged{Cursor: c}, then, list, 0, 2, new(uint64(120)), false},
		{"a cursor of another moment", Paged{Cursor: c}, other, list, 0, 0, nil, true},
		{"a cursor of another list", Paged{Cursor: c}, now, listOf("/api/jobs", "pending", "desc"), 0, 0, nil, true},
		{"a cursor and a page", Paged{Cursor: c, Page: 2}, now, list, 0, 0, nil, true},
		{"a page and an offset", Paged{Page: 2, Offset: 2}, now, list, 0, 0, nil, true},
	} {
		t.Run(k.name, func(t *testing.T) {
			at, as, err := k.paged.begin(k.as, k.list, 2, 20)
			if (err != nil) != k.fails {
				t.Fatal(err)
			}
			if err == nil && (at.offset != k.offset || len(at.after) != k.after || (k.block != nil && (as.Block == nil || *as.Block != *k.block))) {
				t.Errorf("%+v as of %+v", at, as)
			}
		})
	}
	if c := nextCursor(list, projections.Freshness{Known: true}, false, "7"); c != nil {
		t.Error("the last page has a next one")
	}
}

// TestEveryProblemHasItsKind makes each kind of parameter fail.
func TestEveryProblemHasItsKind(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	for path, code := range map[string]string{
		"/api/network/stats?block=x":                                                     "invalid_block",
		"/api/network/stats?block=9007199254740994":                                      "invalid_block",
		"/api/network/stats?block=9007199254740992":                                      "invalid_block",
		"/api/trading/orders?pair_id=256":                                                "invalid_pair_id",
		"/api/network/workers?limit=1.5":                                                 "invalid_limit",
		"/api/jobs/recent?status=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": "invalid_status",
		"/api/jobs/recent?status=%00":                                                    "invalid_status",
		"/api/jobs/recent?status=%ff":                                                    "invalid_status",
		"/api/proofs/recent?contract=x%00":                                               "invalid_contract",
		"/api/proofs/%00":                                                                "invalid_id",
		"/api/provenance/jobs/a%00b":                                                     "invalid_id",
	} {
		w, answer := ask(t, h, "GET", path, "")
		if w.Code != http.StatusBadRequest || answer["code"] != code || w.Header().Get("Content-Type") != problemType || answer["instance"] != w.Header().Get("X-Request-Id") {
			t.Errorf("%s: %d %v", path, w.Code, answer)
		}
	}
}

func TestTheDocumentHasEveryRoute(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	w, document := ask(t, h, "GET", "/openapi.json", "")
	paths, ok := document["paths"].(map[string]any)
	if w.Code != http.StatusOK || document["openapi"] != "3.1.0" || !ok {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, path := range []string{"/health", "/api/network/stats", "/api/validator/status", heartbeatRoute} {
		if paths[path] == nil {
			t.Errorf("%s is not described", path)
		}
	}
}
