package schemas

import (
	"fmt"
	"math/big"

	"github.com/holiman/uint256"
)

// Amount is an unsigned 256-bit integer: a token amount in wei (1e-18 SAGE), or a u256 id. It is a comparable value; its
// text form, also in JSON, is decimal.
type Amount struct{ n uint256.Int }

// ParseAmount reads a decimal number below 2^256.
func ParseAmount(s string) (Amount, error) {
	var a Amount
	if s == "" {
		return a, fmt.Errorf("amount: empty, want a decimal number")
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return a, fmt.Errorf("amount %q: want decimal digits only", clip(s))
		}
	}
	if err := a.n.SetFromDecimal(s); err != nil {
		return Amount{}, fmt.Errorf("amount %q: %w", clip(s), err)
	}
	return a, nil
}

// AmountFromUint64 returns v.
func AmountFromUint64(v uint64) Amount { return Amount{*uint256.NewInt(v)} }

// AmountFromBig converts 0 <= v < 2^256.
func AmountFromBig(v *big.Int) (Amount, error) {
	var a Amount
	if v.Sign() < 0 || a.n.SetFromBig(v) {
		return Amount{}, fmt.Errorf("amount %s: outside 0 to 2^256-1", v)
	}
	return a, nil
}

// Sage returns n whole SAGE in wei.
func Sage(n uint64) Amount {
	var a Amount
	a.n.Mul(uint256.NewInt(n), uint256.NewInt(1_000_000_000_000_000_000))
	return a
}

// Add returns a+b, or 2^256-1 where that is larger. A fold that must know uses [Amount.AddOK].
func (a Amount) Add(b Amount) Amount {
	sum, _ := a.AddOK(b)
	return sum
}

// AddOK returns a+b; ok is false where it does not fit, and the sum is then 2^256-1.
func (a Amount) AddOK(b Amount) (sum Amount, ok bool) {
	if _, overflow := sum.n.AddOverflow(&a.n, &b.n); overflow {
		sum.n.SetAllOne()
		return sum, false
	}
	return sum, true
}

// Sub returns a-b, or 0 where b is larger. A fold that must know uses [Amount.SubOK].
func (a Amount) Sub(b Amount) Amount {
	diff, _ := a.SubOK(b)
	return diff
}

// SubOK returns a-b; ok is false where b is larger, and the difference is then 0.
func (a Amount) SubOK(b Amount) (diff Amount, ok bool) {
	if a.n.Lt(&b.n) {
		return Amount{}, false
	}
	diff.n.Sub(&a.n, &b.n)
	return diff, true
}

// Cmp returns -1, 0 or 1 as a is below, equal to or above b.
func (a Amount) Cmp(b Amount) int { return a.n.Cmp(&b.n) }

// IsZero tells whether a is 0.
func (a Amount) IsZero() bool { return a.n.IsZero() }

// Big returns the value as a new integer.
func (a Amount) Big() *big.Int { return a.n.ToBig() }

// String returns the decimal form.
func (a Amount) String() string { return a.n.Dec() }

// MarshalText returns the decimal form.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.n.Dec()), nil }

// UnmarshalText is [ParseAmount].
func (a *Amount) UnmarshalText(b []byte) (err error) {
	*a, err = ParseAmount(string(b))
	return err
}

// FormatSage renders wei for people, as published clients expect it: thousands separated by commas, one decimal, cut and not
// rounded, and only where the rest is at least 0.1 SAGE ("1,234.5 SAGE").
func (a Amount) FormatSage() string {
	one := uint256.NewInt(1_000_000_000_000_000_000)
	var whole, rest uint256.Int
	whole.DivMod(&a.n, one, &rest)
	out := whole.PrettyDec(',')
	if tenth := new(uint256.Int).Div(&rest, uint256.NewInt(100_000_000_000_000_000)); !tenth.IsZero() {
		out += "." + tenth.Dec()
	}
	return out + " SAGE"
}
