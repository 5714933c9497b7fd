package schemas

import (
	"math/big"
	"strings"
	"testing"
	"testing/quick"
)

func TestFeltsReadBackWhatTheyWrite(t *testing.T) {
	law := func(b [32]byte) bool {
		b[0] &= 0x07 // below the prime
		f, err := FeltFromBytes(b[:])
		if err != nil {
			return false
		}
		again, err := ParseFelt(f.String())
		upper, uerr := ParseFelt("0X" + strings.ToUpper(Address(f).String()[2:]))
		fromBig, berr := FeltFromBig(f.Big())
		return err == nil && uerr == nil && berr == nil && again == f && upper == f && fromBig == f
	}
	if err := quick.Check(law, nil); err != nil {
		t.Error(err)
	}
}

func TestAddressesHaveOneForm(t *testing.T) {
	for _, spelling := range []string{"0xab", "0x00AB", "0XaB", "0x" + strings.Repeat("0", 62) + "ab", "0x" + strings.Repeat("0", 90) + "ab"} {
		a, err := ParseAddress(spelling)
		if err != nil || a.String() != "0x"+strings.Repeat("0", 62)+"ab" {
			t.Errorf("%s is %s, %v", spelling, a, err)
		}
	}
	for _, bad := range []string{"", "0x", "ab", "0xzz", "0x 1", "-0x1", "0x" + strings.Repeat("f", 64), primeHex, "0x1" + strings.Repeat("0", 64)} {
		if a, err := ParseAddress(bad); err == nil {
			t.Errorf("%q is taken for %s", bad, a)
		}
	}
}

// primeHex is P itself, the first number that is not a felt.
const primeHex = "0x0800000000000011000000000000000000000000000000000000000000000001"

func TestAmountsObeyArithmetic(t *testing.T) {
	limit := new(big.Int).Lsh(big.NewInt(1), 256)
	law := func(x, y [32]byte) bool {
		a, b := new(big.Int).SetBytes(x[:]), new(big.Int).SetBytes(y[:])
		p, perr := AmountFromBig(a)
		q, qerr := AmountFromBig(b)
		if perr != nil || qerr != nil {
			return false
		}
		again, err := ParseAmount(p.String())
		if err != nil || again != p || p.Big().Cmp(a) != 0 || p.Cmp(q) != a.Cmp(b) {
			return false
		}
		sum, ok := p.AddOK(q)
		want := new(big.Int).Add(a, b)
		if fits := want.Cmp(limit) < 0; ok != fits || fits && sum.Big().Cmp(want) != 0 {
			return false
		}
		diff, ok := p.SubOK(q)
		want = new(big.Int).Sub(a, b)
		return ok == (want.Sign() >= 0) && (!ok && diff.IsZero() || ok && diff.Big().Cmp(want) == 0)
	}
	if err := quick.Check(law, nil); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "-1", "+1", "1.5", "0x1", " 1", limit.String()} {
		if a, err := ParseAmount(bad); err == nil {
			t.Errorf("%q is taken for %s", bad, a)
		}
	}
}

func TestFormatSageAsClientsExpectIt(t *testing.T) {
	for wei, want := range map[string]string{
		"0": "0 SAGE", "99999999999999999": "0 SAGE", "100000000000000000": "0.1 SAGE", "1500000000000000000": "1.5 SAGE",
		"1234567890000000000000": "1,234.5 SAGE", "5000000000000000000000": "5,000 SAGE", "999999999999999999": "0.9 SAGE",
	} {
		a, err := ParseAmount(wei)
		if err != nil || a.FormatSage() != want {
			t.Errorf("%s wei is %q (%v), want %q", wei, a.FormatSage(), err, want)
		}
	}
}

func TestShortStrings(t *testing.T) {
	for _, text := range []string{"a", "expired", strings.Repeat("x", 31)} {
		if got, ok := ShortString(text).ShortString(); !ok || got != text {
			t.Errorf("%q comes back as %q", text, got)
		}
	}
	for _, f := range []Felt{{}, {31: 1}, {0: 1, 31: 'a'}} {
		if text, ok := f.ShortString(); ok {
			t.Errorf("%s is taken for the text %q", f, text)
		}
	}
}
