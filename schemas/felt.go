package schemas

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"

	"golang.org/x/crypto/sha3"
)

// Felt is an element of StarkNet's prime field, big-endian, always below P = 2^251 + 17*2^192 + 1.
// It is comparable, so it serves as a map key. Its text form is minimal lower-case hex ("0x1f").
type Felt [32]byte

var fieldPrime = Felt{0: 0x08, 7: 0x11, 31: 0x01}

var primeBig = new(big.Int).SetBytes(fieldPrime[:])

// ParseFelt reads 0x-prefixed hex of any padding and case, below P.
func ParseFelt(s string) (Felt, error) {
	var f Felt
	digits, ok := strings.CutPrefix(s, "0x")
	if !ok {
		if digits, ok = strings.CutPrefix(s, "0X"); !ok {
			return f, fmt.Errorf("felt %q: want 0x followed by hex digits", clip(s))
		}
	}
	if digits == "" {
		return f, fmt.Errorf("felt %q: no digits after 0x", clip(s))
	}
	if len(digits) > 64 {
		digits = strings.TrimLeft(digits, "0")
		if len(digits) > 64 {
			return f, fmt.Errorf("felt %q: more than 64 hex digits", clip(s))
		}
	}
	var padded [64]byte
	for i := range padded[:64-len(digits)] {
		padded[i] = '0'
	}
	copy(padded[64-len(digits):], digits)
	if _, err := hex.Decode(f[:], padded[:]); err != nil {
		return Felt{}, fmt.Errorf("felt %q: not hexadecimal", clip(s))
	}
	if !f.inField() {
		return Felt{}, fmt.Errorf("felt %q: not below the field's prime", clip(s))
	}
	return f, nil
}

// FeltFromUint64 returns v as a felt.
func FeltFromUint64(v uint64) Felt {
	var f Felt
	binary.BigEndian.PutUint64(f[24:], v)
	return f
}

// FeltFromBytes reads up to 32 big-endian bytes, below P.
func FeltFromBytes(b []byte) (Felt, error) {
	var f Felt
	if len(b) > 32 {
		return f, fmt.Errorf("felt of %d bytes: at most 32", len(b))
	}
	copy(f[32-len(b):], b)
	if !f.inField() {
		return Felt{}, fmt.Errorf("felt 0x%x: not below the field's prime", b)
	}
	return f, nil
}

// FeltFromBig converts 0 <= v < P.
func FeltFromBig(v *big.Int) (Felt, error) {
	var f Felt
	if v.Sign() < 0 || v.Cmp(primeBig) >= 0 {
		return f, fmt.Errorf("felt %s: outside the field", v)
	}
	v.FillBytes(f[:])
	return f, nil
}

// ShortString packs up to 31 bytes of ASCII big-endian, as Cairo does with a literal such as 'expired'.
// It panics on longer text: its argument is a literal of the program.
func ShortString(s string) Felt {
	var f Felt
	if len(s) > 31 {
		panic(fmt.Sprintf("schemas: short string %q is longer than 31 bytes", s))
	}
	copy(f[32-len(s):], s)
	return f
}

// ShortString reads the felt as packed printable ASCII; ok is false for zero and for anything else.
func (f Felt) ShortString() (text string, ok bool) {
	i := 0
	for i < 32 && f[i] == 0 {
		i++
	}
	if i == 32 || i == 0 {
		return "", false
	}
	for _, c := range f[i:] {
		if c < 0x20 || c > 0x7e {
			return "", false
		}
	}
	return string(f[i:]), true
}

// IsZero tells whether f is 0.
func (f Felt) IsZero() bool { return f == Felt{} }

// Uint64 returns the value where it fits in 64 bits.
func (f Felt) Uint64() (v uint64, ok bool) {
	for _, b := range f[:24] {
		if b != 0 {
			return 0, false
		}
	}
	return binary.BigEndian.Uint64(f[24:]), true
}

// Big returns the value as a new integer.
func (f Felt) Big() *big.Int { return new(big.Int).SetBytes(f[:]) }

// String returns minimal lower-case hex.
func (f Felt) String() string { return string(f.appendText(nil)) }

func (f Felt) appendText(b []byte) []byte {
	var digits [64]byte
	hex.Encode(digits[:], f[:])
	i := 0
	for i < 63 && digits[i] == '0' {
		i++
	}
	return append(append(b, '0', 'x'), digits[i:]...)
}

// MarshalText returns [Felt.String].
func (f Felt) MarshalText() ([]byte, error) { return f.appendText(nil), nil }

// UnmarshalText is [ParseFelt].
func (f *Felt) UnmarshalText(b []byte) (err error) {
	*f, err = ParseFelt(string(b))
	return err
}

// inField compares with P word by word; the two are equal only for P itself.
func (f Felt) inField() bool {
	for i := range f {
		if f[i] != fieldPrime[i] {
			return f[i] < fieldPrime[i]
		}
	}
	return false
}

// Selector is StarkNet's keccak: the first key of an event and the name of an entry point on the wire. It is
// Keccak-256 of the ASCII name, cut to the lower 250 bits.
func Selector(name string) Felt {
	var f Felt
	h := sha3.NewLegacyKeccak256()
	h.Write([]byte(name))
	h.Sum(f[:0])
	f[0] &= 0x03
	return f
}

// clip keeps error texts short when the input is not.
func clip(s string) string {
	if len(s) > 80 {
		return s[:77] + "..."
	}
	return s
}
