package pg

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestStorable: any bytes are written as text that Postgres can hold, and come back.
func TestStorable(t *testing.T) {
	for _, text := range []string{"", "0xb0b", `\x`, `\x00`, "a\x00", "\xff", "ß"} {
		roundTrip(t, []byte(text))
	}
	rapid.Check(t, func(t *rapid.T) { roundTrip(t, rapid.SliceOf(rapid.Byte()).Draw(t, "raw")) })
}

func roundTrip(t rapid.TB, raw []byte) {
	text := storable(raw)
	if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
		t.Errorf("%q is no text", text)
	}
	if back := original(text); !bytes.Equal(back, raw) {
		t.Errorf("%q came back as %q", raw, back)
	}
}
