package starknet

import (
	"fmt"
	"math/big"

	"github.com/NethermindEth/starknet.go/curve"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Curve signs and verifies on the Stark curve, as accounts on StarkNet do. It is stateless; its zero value is ready.
type Curve struct{}

// PublicKey returns the x coordinate of the private key's point, which is what an account holds.
func (Curve) PublicKey(private schemas.Felt) schemas.Felt {
	x, _ := curve.PrivateKeyToPoint(private.Big())
	f, err := schemas.FeltFromBig(x)
	if err != nil {
		panic("starknet: a coordinate outside the field: " + err.Error()) // points lie in the field
	}
	return f
}

// Sign signs a hash. Two signatures of the same hash differ, and both are valid.
func (Curve) Sign(private, hash schemas.Felt) (r, s schemas.Felt, err error) {
	br, bs, err := curve.Sign(hash.Big(), private.Big())
	if err != nil {
		return r, s, fmt.Errorf("sign on the Stark curve: %w", err)
	}
	if r, err = schemas.FeltFromBig(br); err == nil {
		s, err = schemas.FeltFromBig(bs)
	}
	if err != nil {
		return r, s, fmt.Errorf("sign on the Stark curve: %w", err)
	}
	return r, s, nil
}

// Verify tells whether a signature of a hash is one of the public key's. What is no key or no signature is not.
func (Curve) Verify(public, hash, r, s schemas.Felt) bool {
	if public.IsZero() || outside(r) || outside(s) {
		return false
	}
	ok, err := curve.Verify(hash.Big(), r.Big(), s.Big(), public.Big())
	return err == nil && ok
}

// order is the number of points on the curve.
var order, _ = new(big.Int).SetString("800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f", 16)

func outside(f schemas.Felt) bool { return f.IsZero() || f.Big().Cmp(order) >= 0 }
