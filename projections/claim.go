package projections

import (
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ClaimRow is a claim as it was first made, a row of reward_claim_requests.
type ClaimRow struct {
	ID        string              `db:"claim_id"`
	Address   schemas.Address     `db:"address"`
	Amount    schemas.Amount      `db:"amount"`
	Type      string              `db:"claim_type"`
	TxHash    Maybe[schemas.Hash] `db:"tx_hash"`
	Block     Maybe[int64]        `db:"block_number"` // as the claimer says
	Epoch     Maybe[int64]        `db:"epoch_number"` // likewise
	Time      time.Time           `db:"requested_at"`
	Partition int64               `db:"part"`
	Offset    int64               `db:"log_offset"`
	EventID   string              `db:"event_id"`
}

// ClaimStatus is how far a claim has come.
type ClaimStatus string

// The states of a claim.
const (
	ClaimPending   ClaimStatus = "pending"
	ClaimConfirmed ClaimStatus = "confirmed"
	ClaimRejected  ClaimStatus = "rejected"
)

// VerdictRow is the newest verdict on a claim, a row of reward_claim_verdicts. It holds while its block stands.
type VerdictRow struct {
	ID          string          `db:"claim_id"`
	Address     schemas.Address `db:"address"`
	Status      ClaimStatus     `db:"status"`
	Reason      Maybe[string]   `db:"reason"` // of a rejection
	Contract    Maybe[string]   `db:"contract_name"`
	RewardEvent Maybe[string]   `db:"reward_event_id"`
	Block       int64           `db:"block_number"`
	BlockHash   schemas.Hash    `db:"block_hash"`
	Time        time.Time       `db:"judged_at"`
	Partition   int64           `db:"part"`
	Offset      int64           `db:"log_offset"`
	EventID     string          `db:"event_id"`
}

// FoldClaim turns a claim into its row.
func FoldClaim(c schemas.ClaimRequested, at Origin) ClaimRow {
	r := ClaimRow{
		ID: c.ClaimID, Address: c.Address, Amount: c.Amount, Type: c.Type,
		Time: at.Time, Partition: int64(at.Partition), Offset: at.Offset, EventID: at.ID,
	}
	if !c.TxHash.IsZero() {
		r.TxHash = Known(c.TxHash)
	}
	if c.Block != nil {
		r.Block = Known(int64(min(*c.Block, 1<<63-1)))
	}
	if c.Epoch != nil {
		r.Epoch = Known(int64(*c.Epoch))
	}
	return r
}

// FoldConfirmed turns a confirmation into its row.
func FoldConfirmed(c schemas.ClaimConfirmed, at Origin) VerdictRow {
	return VerdictRow{
		ID: c.ClaimID, Address: c.Address, Status: ClaimConfirmed, Contract: text(c.Contract), RewardEvent: text(c.EventID),
		Block: int64(c.Block.Number), BlockHash: c.Block.Hash, Time: at.Time, Partition: int64(at.Partition), Offset: at.Offset, EventID: at.ID,
	}
}

// FoldRejected turns a rejection into its row.
func FoldRejected(c schemas.ClaimRejected, at Origin) VerdictRow {
	return VerdictRow{
		ID: c.ClaimID, Address: c.Address, Status: ClaimRejected, Reason: text(c.Reason),
		Block: int64(c.Block.Number), BlockHash: c.Block.Hash, Time: at.Time, Partition: int64(at.Partition), Offset: at.Offset, EventID: at.ID,
	}
}

// PaidReward is a reward that a contract says it paid, in a block that stands.
type PaidReward struct {
	Type     string
	Claimer  schemas.Address
	Amount   schemas.Amount
	Contract string
	EventID  string
}

// OpenClaim is a claim that waits for a verdict, with what the read models of the chain say to it at one moment.
type OpenClaim struct {
	schemas.ClaimRequested
	// Tx is the block that has events of the claim's transaction; nil where none has. For a claim that names no transaction it is the block of
	// the first reward that fits and that no other claim has.
	Tx *schemas.BlockRef
	// Paid are the rewards of that transaction, or that one.
	Paid []PaidReward
	// Newest is the newest sealed block, and Waited how many blocks lie between it and the claim.
	Newest schemas.BlockRef
	Waited int64
}

// ClaimPatience is how many blocks a claim waits for its transaction, or for a reward that fits, which may also be as many blocks older.
const ClaimPatience = 100

// Judge returns the verdict on a claim, a [schemas.ClaimConfirmed] or a [schemas.ClaimRejected]; nil while it waits.
func (c OpenClaim) Judge() schemas.Event {
	switch {
	case c.Tx == nil && c.Waited < ClaimPatience:
		return nil
	case c.Tx == nil && c.TxHash.IsZero():
		return c.rejected(c.Newest, fmt.Sprintf("no transaction is named, and within %d blocks no reward of this type and amount was paid to this address "+
			"that no other claim has", ClaimPatience))
	case c.Tx == nil:
		return c.rejected(c.Newest, fmt.Sprintf(
			"no event of transaction %s within %d blocks: it is not on the chain, was reverted, or concerns none of the network's contracts", c.TxHash, ClaimPatience))
	}
	near, how := 0, "the transaction paid no reward"
	for _, p := range c.Paid {
		switch {
		case p.Claimer != c.Address:
			if near < 1 {
				near, how = 1, fmt.Sprintf("the transaction paid %s, and not this address", p.Claimer)
			}
		case p.Type != c.Type:
			if near < 2 {
				near, how = 2, fmt.Sprintf("the transaction paid this address a reward of type %s, and none of type %s", p.Type, c.Type)
			}
		case p.Amount != c.Amount:
			near, how = 3, fmt.Sprintf("the transaction paid this address %s wei, and not %s", p.Amount, c.Amount)
		default:
			return schemas.ClaimConfirmed{ClaimID: c.ClaimID, Address: c.Address, Contract: p.Contract, EventID: p.EventID, Block: *c.Tx}
		}
	}
	return c.rejected(*c.Tx, how)
}

func (c OpenClaim) rejected(at schemas.BlockRef, reason string) schemas.ClaimRejected {
	return schemas.ClaimRejected{ClaimID: c.ClaimID, Address: c.Address, Reason: reason, Block: at}
}

// VerdictID is the id of a verdict: the same whoever gives it, and however often.
func VerdictID(verdict schemas.Event) string {
	switch v := verdict.(type) {
	case schemas.ClaimConfirmed:
		return fmt.Sprintf("claim/%s/confirmed/%s", v.ClaimID, v.Block.Hash)
	case schemas.ClaimRejected:
		return fmt.Sprintf("claim/%s/rejected/%s", v.ClaimID, v.Block.Hash)
	}
	return ""
}

// ClaimState is a claim as its claimer sees it.
type ClaimState struct {
	Status  ClaimStatus
	Reason  *string        // of a rejection
	Claimed schemas.Amount // by the claimer in all, as the contracts say
}
