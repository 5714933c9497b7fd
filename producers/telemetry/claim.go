package telemetry

import (
	"slices"
	"strings"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Claim is a reward that somebody says was paid, as it comes in. What is nil was not said.
type Claim struct {
	Address string  `json:"address"`
	Amount  string  `json:"amount"`
	Type    string  `json:"claim_type"`
	TxHash  string  `json:"tx_hash"`
	Block   *uint64 `json:"block_number"`
	Epoch   *uint32 `json:"epoch_number"`
}

// claimTypes are what a reward can be for; no contract pays a bonus yet, so that such a claim will be rejected.
var claimTypes = []string{"staking", "mining", "referral", "bonus", "vesting", "fees", "keeper"}

// CheckClaim turns the body of a request into a claim with its id, or says what is wrong with it.
func CheckClaim(body []byte) (c schemas.ClaimRequested, err error) {
	var r Claim
	if err := parse(body, "a claim", &r); err != nil {
		return c, err
	}
	if c.Address, err = checkAddress("address", r.Address); err != nil {
		return c, err
	}
	if r.Amount == "" {
		return c, invalid("amount is missing: want wei, as a string of digits")
	}
	if c.Amount, err = schemas.ParseAmount(r.Amount); err != nil {
		return c, invalid("%v: want wei, as a string of digits", err)
	}
	if c.Amount.IsZero() {
		return c, invalid("amount 0: there is nothing to claim")
	}
	if !slices.Contains(claimTypes, r.Type) {
		return c, invalid("claim_type %.32q: want one of %s", r.Type, strings.Join(claimTypes, ", "))
	}
	if r.TxHash == "" {
		return c, invalid("tx_hash is missing: a claim is held against the transaction that paid it")
	}
	if c.TxHash, err = schemas.ParseHash(r.TxHash); err != nil {
		return c, invalid("tx_hash: %v", err)
	}
	c.Type, c.Block, c.Epoch = r.Type, r.Block, r.Epoch
	return c.Identified(), nil
}
