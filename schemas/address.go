package schemas

import (
	"encoding/hex"
	"fmt"
)

// Address is a contract or account address. It has one canonical text form, 0x and 64 lower-case hex digits, everywhere:
// in the log, in Postgres and in answers. Compare addresses, never their spellings.
type Address Felt

// ParseAddress reads an address of any padding and case.
func ParseAddress(s string) (Address, error) {
	f, err := ParseFelt(s)
	if err != nil {
		return Address{}, fmt.Errorf("address: %w", err)
	}
	return Address(f), nil
}

// Felt returns the address as a field element.
func (a Address) Felt() Felt { return Felt(a) }

// IsZero tells whether a is the zero address.
func (a Address) IsZero() bool { return a == Address{} }

// String returns the canonical form.
func (a Address) String() string { return string(appendPadded(nil, a)) }

// MarshalText returns the canonical form.
func (a Address) MarshalText() ([]byte, error) { return appendPadded(nil, a), nil }

// UnmarshalText is [ParseAddress].
func (a *Address) UnmarshalText(b []byte) (err error) {
	*a, err = ParseAddress(string(b))
	return err
}

// Hash is the hash of a block, a transaction or a class, in the same canonical form as [Address].
type Hash Felt

// ParseHash reads a hash of any padding and case.
func ParseHash(s string) (Hash, error) {
	f, err := ParseFelt(s)
	if err != nil {
		return Hash{}, fmt.Errorf("hash: %w", err)
	}
	return Hash(f), nil
}

// Felt returns the hash as a field element.
func (h Hash) Felt() Felt { return Felt(h) }

// IsZero tells whether h is zero, which stands for "not known".
func (h Hash) IsZero() bool { return h == Hash{} }

// String returns the canonical form.
func (h Hash) String() string { return string(appendPadded(nil, h)) }

// MarshalText returns the canonical form.
func (h Hash) MarshalText() ([]byte, error) { return appendPadded(nil, h), nil }

// UnmarshalText is [ParseHash].
func (h *Hash) UnmarshalText(b []byte) (err error) {
	*h, err = ParseHash(string(b))
	return err
}

func appendPadded[T ~[32]byte](b []byte, v T) []byte {
	return hex.AppendEncode(append(b, '0', 'x'), v[:])
}
