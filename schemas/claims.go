package schemas

import (
	"crypto/sha256"
	"fmt"
	"strconv"
)

// TopicClaims holds the rewards that workers say they were paid, and what the chain says to that, keyed by the claimer's address.
const TopicClaims = "bitsage.claims"

// Types of facts about claims.
const (
	TypeClaimRequested = "bitsage.claims.reward.requested"
	TypeClaimConfirmed = "bitsage.claims.reward.confirmed"
	TypeClaimRejected  = "bitsage.claims.reward.rejected"
)

// ClaimRequested is the value of [TypeClaimRequested]: somebody says that a reward was paid, and where they can by which transaction. It
// may stand in the log more than once, with the same claim id.
type ClaimRequested struct {
	ClaimID string  `json:"claim_id"` // see [ClaimRequested.Identified]
	Address Address `json:"address"`
	Amount  Amount  `json:"amount"` // wei
	Type    string  `json:"claim_type"`
	TxHash  Hash    `json:"tx_hash,omitzero"`       // zero where none was named
	Block   *uint64 `json:"block_number,omitempty"` // as the claimer says; it only tells one claim without a transaction from another
	Epoch   *uint32 `json:"epoch_number,omitempty"` // likewise
}

// Identified returns the claim with its id, which follows from what is claimed: the same claim has the same id however often it is sent.
// The id has the form of a UUID of version 8.
func (c ClaimRequested) Identified() ClaimRequested {
	named := fmt.Appendf(nil, "bitsage claim 1\x00%s\x00%s\x00%s\x00%s", c.Address, c.Type, c.Amount, c.TxHash)
	if c.TxHash.IsZero() {
		block, epoch := "-", "-"
		if c.Block != nil {
			block = strconv.FormatUint(*c.Block, 10)
		}
		if c.Epoch != nil {
			epoch = strconv.FormatUint(uint64(*c.Epoch), 10)
		}
		named = fmt.Appendf(named, "\x00%s\x00%s", block, epoch)
	}
	sum := sha256.Sum256(named)
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	c.ClaimID = fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
	return c
}

// ClaimConfirmed is the value of [TypeClaimConfirmed]: the chain has the contract's event of the reward.
type ClaimConfirmed struct {
	ClaimID  string   `json:"claim_id"`
	Address  Address  `json:"address"`
	Contract string   `json:"contract"`
	EventID  string   `json:"event_id"` // of the reward
	Block    BlockRef `json:"block"`    // that has it
}

// ClaimRejected is the value of [TypeClaimRejected]: the chain does not have it.
type ClaimRejected struct {
	ClaimID string   `json:"claim_id"`
	Address Address  `json:"address"`
	Reason  string   `json:"reason"` // for people
	Block   BlockRef `json:"block"`  // that it follows from: the transaction's, or the newest one when the wait was over
}

// EventType returns [TypeClaimRequested].
func (ClaimRequested) EventType() string { return TypeClaimRequested }

// EventType returns [TypeClaimConfirmed].
func (ClaimConfirmed) EventType() string { return TypeClaimConfirmed }

// EventType returns [TypeClaimRejected].
func (ClaimRejected) EventType() string { return TypeClaimRejected }
