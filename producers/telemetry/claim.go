package telemetry

import (
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Claim is a reward that somebody says was paid, as it comes in. What is nil was not said.
type Claim struct {
	Address string  `json:"address" minLength:"10" pattern:"^0x0*([1-7][0-9a-fA-F]{62}|[1-9a-fA-F][0-9a-fA-F]{0,61})$" doc:"Whom it was paid to: 0x and at least eight hex digits."`
	Amount  string  `json:"amount" pattern:"^0{0,20}[1-9][0-9]{0,76}$" doc:"Wei, more than none."`
	Type    string  `json:"claim_type" enum:"staking,mining,referral,bonus,vesting,fees,keeper"`
	TxHash  *string `json:"tx_hash" required:"false" pattern:"^0x0*([0-7][0-9a-fA-F]{62}|[0-9a-fA-F]{1,62})$" doc:"The transaction that paid it. Without one the claim waits for any reward of its type and amount."`
	Block   *whole  `json:"block_number" required:"false" minimum:"0" maximum:"9007199254740992"`
	Epoch   *whole  `json:"epoch_number" required:"false" minimum:"0" maximum:"4294967295"`
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
	if r.TxHash != nil {
		if c.TxHash, err = schemas.ParseHash(*r.TxHash); err != nil {
			return c, invalid("tx_hash: %v", err)
		}
	}
	c.Type = r.Type
	if err := errors.Join(checkWhole("block_number", r.Block, maxExact, &c.Block), checkWhole("epoch_number", r.Epoch, math.MaxUint32, &c.Epoch)); err != nil {
		return c, err
	}
	return c.Identified(), nil
}
