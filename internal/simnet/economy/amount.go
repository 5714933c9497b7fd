package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Short names for the values that every contract handles.
type (
	felt    = schemas.Felt
	address = schemas.Address
	amount  = schemas.Amount
)

// mulDiv is a*num/den, rounded down, as u256 arithmetic does; the amounts of the simulation never overflow.
func mulDiv(a, num, den amount) amount {
	n := a.Big()
	n.Mul(n, num.Big())
	n.Quo(n, den.Big())
	out, err := schemas.AmountFromBig(n)
	if err != nil {
		panic("economy: amount out of range: " + n.String())
	}
	return out
}

// bps is a share of an amount in basis points.
func bps(a amount, share uint64) amount { return mulDiv(a, number(share), number(10_000)) }

func number(n uint64) amount { return schemas.AmountFromUint64(n) }

// sage is n thousandths of a SAGE in wei, so that prices and fees can be written down.
func milliSage(n uint64) amount { return mulDiv(schemas.Sage(n), number(1), number(1000)) }

var wei = schemas.Sage(1) // 1e18, the scale of prices

// low returns an id that is known to be small.
func low(a amount) uint64 {
	b := a.Big()
	if !b.IsUint64() {
		return ^uint64(0)
	}
	return b.Uint64()
}
