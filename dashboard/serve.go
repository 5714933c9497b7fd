package dashboard

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// page is the app itself; its other files are loaded from it.
const page = "index.html"

// assets is the folder of the files whose names hold a hash of their content.
const assets = "assets"

// How long a browser may keep what it got, without asking again.
const (
	keepForever = "public, max-age=31536000, immutable" // the name changes with the content
	keepAWhile  = "public, max-age=3600"
	askAlways   = "no-cache" // kept, but asked for each time: a new version shows at once
)

// policy lets the page load and reach this server only: no inline script, no frame around it, no other host.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// notePolicy is the same for the note of an unbuilt page, which has a style of its own and loads nothing.
const notePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const note = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The dashboard is not built</title>
<style>body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1.5rem}code{font-weight:600}</style>
<h1>The dashboard is not built</h1>
<p>This binary was compiled without the page. <code>make build</code> builds both, <code>make run</code> starts them.</p>
<p>The API is served: <a href="/health">/health</a>, <a href="/api/network/stats">/api/network/stats</a>.</p>
</html>
`

// types are the content types of what a build may hold; the machine's own table is not asked, since it differs between machines.
var types = map[string]string{
	".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".ico": "image/x-icon", ".jpg": "image/jpeg",
	".js": "text/javascript; charset=utf-8", ".json": "application/json", ".map": "application/json", ".png": "image/png",
	".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2",
}

// packed are the types that gzip makes smaller.
var packed = map[string]bool{".css": true, ".html": true, ".js": true, ".json": true, ".map": true, ".svg": true, ".txt": true, ".webmanifest": true}

// file is one file of the build, ready to be sent.
type file struct {
	plain, zipped     []byte // zipped is nil where it would not be smaller
	kind, keep, stamp string
}

type handler struct {
	files map[string]file // by path within the build
	built bool
}

// newHandler reads a build whole, so that nothing is compressed or hashed while a browser waits.
func newHandler(build fs.FS) (http.Handler, error) {
	h := &handler{files: map[string]file{}, built: hasPage(build)}
	err := fs.WalkDir(build, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		content, err := fs.ReadFile(build, name)
		if err != nil {
			return err
		}
		h.files[name], err = newFile(name, content)
		return err
	})
	if err != nil {
		return nil, err
	}
	return h, nil
}

func newFile(name string, content []byte) (file, error) {
	sum := sha256.Sum256(content)
	extension := path.Ext(name)
	f := file{plain: content, kind: types[extension], keep: keepAWhile, stamp: hex.EncodeToString(sum[:12])}
	if f.kind == "" {
		f.kind = "application/octet-stream"
	}
	switch {
	case name == page:
		f.keep = askAlways
	case strings.HasPrefix(name, assets+"/"):
		f.keep = keepForever
	}
	if packed[extension] {
		var out bytes.Buffer
		w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
		if err != nil {
			return file{}, fmt.Errorf("compressing %s: %w", name, err)
		}
		if _, err := w.Write(content); err != nil {
			return file{}, fmt.Errorf("compressing %s: %w", name, err)
		}
		if err := w.Close(); err != nil {
			return file{}, fmt.Errorf("compressing %s: %w", name, err)
		}
		if out.Len() < len(content) {
			f.zipped = out.Bytes()
		}
	}
	return f, nil
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "this path only answers GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	f, ok := h.files[name]
	switch {
	case ok:
	case notAPath(name):
		w.Header().Set("Cache-Control", "no-store") // it may be there after the next release
		http.Error(w, "no such file", http.StatusNotFound)
		return
	case !h.built:
		w.Header().Set("Content-Security-Policy", notePolicy)
		w.Header().Set("Content-Type", types[".html"])
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNotFound)
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(note)) // an error says that the browser is gone, and there is nobody else to tell
		}
		return
	default:
		f = h.files[page]
	}
	f.serve(w, r)
}

// notAPath tells names that are files or the API's from the paths that the app gives its views.
func notAPath(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return first == assets || first == "api" || first == "ws" || path.Ext(name) != ""
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", f.kind)
	header.Set("Cache-Control", f.keep)
	body, stamp := f.plain, f.stamp
	if f.zipped != nil {
		header.Add("Vary", "Accept-Encoding")
		if takesGzip(r) {
			header.Set("Content-Encoding", "gzip")
			body, stamp = f.zipped, f.stamp+"-gzip"
		}
	}
	header.Set("ETag", `"`+stamp+`"`)
	// No modification time: an embedded file has none, and the tag is exact.
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// takesGzip tells whether the client said that it can read gzip. One that asks for a range gets it of the plain file.
func takesGzip(r *http.Request) bool {
	if r.Header.Get("Range") != "" {
		return false
	}
	for _, line := range r.Header.Values("Accept-Encoding") {
		for coding := range strings.SplitSeq(line, ",") {
			name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
			if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
				continue
			}
			weight = strings.TrimPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
			return strings.Trim(weight, "0.") != "" || weight == ""
		}
	}
	return false
}

// secure sets what a browser should hold the page to.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
}
