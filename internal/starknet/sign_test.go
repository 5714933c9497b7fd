package starknet

import (
	"testing"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestSignatureVerifies(t *testing.T) {
	var c Curve
	private, hash := schemas.FeltFromUint64(0xabcdef123456789), schemas.Selector("a message")
	public := c.PublicKey(private)
	r, s, err := c.Sign(private, hash)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Verify(public, hash, r, s) {
		t.Error("a good signature is refused")
	}
	other := schemas.Selector("another message")
	for name, ok := range map[string]bool{
		"another message":   c.Verify(public, other, r, s),
		"another key":       c.Verify(c.PublicKey(schemas.FeltFromUint64(7)), hash, r, s),
		"r and s swapped":   c.Verify(public, hash, s, r),
		"zero r":            c.Verify(public, hash, schemas.Felt{}, s),
		"zero s":            c.Verify(public, hash, r, schemas.Felt{}),
		"no public key":     c.Verify(schemas.Felt{}, hash, r, s),
		"x is on no point":  c.Verify(schemas.FeltFromUint64(5), hash, r, s),
		"s above the order": c.Verify(public, hash, r, schemas.Felt{0: 0x08}),
	} {
		if ok {
			t.Errorf("%s: the signature is accepted", name)
		}
	}
}
