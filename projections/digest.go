package projections

import (
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"slices"
	"strings"
	"time"
)

// Digest says what the read models are after a block: a hash chain over what each block changed. It is of states only, so two
// coordinators with logs of their own agree on it, and so does a rebuild, with batches of any size. What was observed is left out,
// since nodes differ in what they can still tell. The zero digest is that of nothing.
type Digest [sha256.Size]byte

var _ encoding.TextMarshaler = Digest{}

// String is the digest in hex.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText is [Digest.String].
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// ParseDigest is the inverse of [Digest.String].
func ParseDigest(text string) (d Digest, err error) {
	if len(text) != hex.EncodedLen(len(d)) {
		return d, fmt.Errorf("digest of %d characters: want %d", len(text), hex.EncodedLen(len(d)))
	}
	_, err = hex.Decode(d[:], []byte(text))
	return d, err
}

// Next returns the digest after a block that made changes, see [BlockRow.Changes].
func (d Digest) Next(block uint64, changes Digest) Digest {
	h := sha256.New()
	h.Write([]byte("bitsage state digest 1\x00"))
	h.Write(d[:])
	h.Write(binary.BigEndian.AppendUint64(nil, block))
	h.Write(changes[:])
	return Digest(h.Sum(nil))
}

// placeColumns are of the log, not of the state: they differ between logs of the same chain.
var placeColumns = []string{"log_offset", "event_id"}

// tally gathers what one block changes, for its digest.
type tally struct {
	rows [][]byte // each with its table and key first, so that their order is that of tables and keys
}

func (t *tally) add(table, key string, columns []Column, values []any) {
	row := appendText(appendText(nil, table), key)
	for i, c := range columns {
		if !c.Observed && !slices.Contains(placeColumns, c.Name) {
			row = appendValue(appendText(row, c.Name), values[i])
		}
	}
	t.rows = append(t.rows, row)
}

// digest returns the hash of what was added, in whatever order; ok is false where that is nothing.
func (t *tally) digest() (changes Digest, ok bool) {
	if len(t.rows) == 0 {
		return changes, false
	}
	slices.SortFunc(t.rows, slices.Compare[[]byte])
	h := sha256.New()
	for _, row := range t.rows {
		writeSized(h, row)
	}
	return Digest(h.Sum(nil)), true
}

func writeSized(h hash.Hash, b []byte) {
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
	h.Write(b)
}

func appendText(b []byte, s string) []byte {
	return append(append(b, strings.ReplaceAll(s, "\x00", "\x00\x01")...), 0, 0)
}

// appendValue writes a column's value so that no two values look alike.
func appendValue(b []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(b, 'n')
	case string:
		return appendText(append(b, 's'), v)
	case int64:
		return binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
	case float64:
		return binary.BigEndian.AppendUint64(append(b, 'f'), math.Float64bits(v))
	case bool:
		if v {
			return append(b, 't')
		}
		return append(b, 'u')
	case time.Time:
		return binary.BigEndian.AppendUint64(append(b, 'm'), uint64(v.UnixMicro()))
	}
	panic(fmt.Sprintf("projections: a column cannot hold a %T", value))
}
