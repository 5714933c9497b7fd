package dashboard

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

var script = strings.Repeat("export const app = 1;\n", 200)

func build() fstest.MapFS {
	return fstest.MapFS{
		".keep":           {Data: []byte("a folder that git keeps")},
		"index.html":      {Data: []byte("<title>page</title>")},
		"assets/app-1.js": {Data: []byte(script)},
		"icon.svg":        {Data: []byte("<svg/>")},
	}
}

func serve(t *testing.T, files fs.FS, method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	handler, err := newHandler(files)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func TestEveryPathHasOneAnswer(t *testing.T) {
	for _, c := range []struct {
		name, method, path string
		status             int
		body, keep, kind   string
	}{
		{"the page", "GET", "/", 200, "<title>page", askAlways, "text/html; charset=utf-8"},
		{"the page by its name", "GET", "/index.html", 200, "<title>page", askAlways, "text/html; charset=utf-8"},
		{"a path of the app's own", "GET", "/workers/0x1", 200, "<title>page", askAlways, "text/html; charset=utf-8"},
		{"a way out of the folder", "GET", "/../../etc/passwd", 200, "<title>page", askAlways, "text/html; charset=utf-8"},
		{"an asset", "GET", "/assets/app-1.js", 200, "export const", keepForever, "text/javascript; charset=utf-8"},
		{"an asset's head", "HEAD", "/assets/app-1.js", 200, "", keepForever, "text/javascript; charset=utf-8"},
		{"the icon", "GET", "/icon.svg", 200, "<svg/>", keepAWhile, "image/svg+xml"},
		{"a missing asset is not the page", "GET", "/assets/app-0.js", 404, "no such file", "no-store", ""},
		{"the folder of assets", "GET", "/assets/", 404, "no such file", "no-store", ""},
		{"a missing file", "GET", "/robots.txt", 404, "no such file", "no-store", ""},
		{"a hidden file", "GET", "/.keep", 404, "no such file", "no-store", ""},
		{"the API is not here", "GET", "/api/nothing", 404, "no such file", "no-store", ""},
		{"nor are the sockets", "GET", "/ws/nothing", 404, "no such file", "no-store", ""},
		{"writing", "POST", "/", 405, "only answers GET", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := serve(t, build(), c.method, c.path)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
				t.Errorf("%d %.80q, want %d with %q", w.Code, w.Body, c.status, c.body)
			}
			if got := w.Header().Get("Cache-Control"); got != c.keep {
				t.Errorf("Cache-Control %q, want %q", got, c.keep)
			}
			if got := w.Header().Get("Content-Type"); c.kind != "" && got != c.kind {
				t.Errorf("Content-Type %q, want %q", got, c.kind)
			}
			for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"} {
				if w.Header().Get(name) == "" {
					t.Errorf("no %s", name)
				}
			}
		})
	}
}

func TestThePolicyAllowsThisServerOnly(t *testing.T) {
	for part := range strings.SplitSeq(policy, ";") {
		for source := range strings.SplitSeq(strings.TrimSpace(part), " ") {
			if strings.Contains(source, "*") || strings.Contains(source, "//") || strings.Contains(source, "unsafe") {
				t.Errorf("%q lets in more than this server", part)
			}
		}
	}
}

func TestAskedAgainUnchanged(t *testing.T) {
	tag := serve(t, build(), "GET", "/").Header().Get("ETag")
	if w := serve(t, build(), "GET", "/", "If-None-Match", tag); tag == "" || w.Code != http.StatusNotModified {
		t.Errorf("tag %q: %d, want 304", tag, w.Code)
	}
	changed := build()
	changed["index.html"] = &fstest.MapFile{Data: []byte("<title>newer</title>")}
	if w := serve(t, changed, "GET", "/", "If-None-Match", tag); w.Code != http.StatusOK {
		t.Errorf("a changed page: %d, want 200", w.Code)
	}
}

func TestGzipForThoseWhoTakeIt(t *testing.T) {
	for accept, want := range map[string]string{
		"gzip": "gzip", "br, gzip;q=0.8": "gzip", "GZIP": "gzip",
		"": "", "br": "", "gzip;q=0": "", "gzip; q=0.0": "", "x-gzip2": "",
	} {
		w := serve(t, build(), "GET", "/assets/app-1.js", "Accept-Encoding", accept)
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: %q, want %q", accept, got, want)
			continue
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Vary %q", accept, w.Header().Get("Vary"))
		}
		var body io.Reader = w.Body
		if want == "gzip" {
			var err error
			if body, err = gzip.NewReader(bytes.NewReader(w.Body.Bytes())); err != nil {
				t.Fatal(err)
			}
		}
		if text, err := io.ReadAll(body); err != nil || string(text) != script {
			t.Errorf("Accept-Encoding %q: other content, %v", accept, err)
		}
	}
	if w := serve(t, build(), "GET", "/assets/app-1.js", "Accept-Encoding", "gzip", "Range", "bytes=0-5"); w.Code != 206 || w.Body.String() != "export" {
		t.Errorf("a range: %d %q", w.Code, w.Body)
	}
}

func TestWithoutABuild(t *testing.T) {
	empty := fstest.MapFS{".keep": {}}
	if hasPage(empty) || !hasPage(build()) {
		t.Error("hasPage does not see what is there")
	}
	w := serve(t, empty, "GET", "/")
	if w.Code != 404 || !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

func TestTheEmbeddedFolder(t *testing.T) {
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if Built() != (w.Code == http.StatusOK) {
		t.Errorf("built %v, but the page answers %d", Built(), w.Code)
	}
}
