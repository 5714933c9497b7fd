package projections

import (
	"strings"
	"testing"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestClaimsAreJudged(t *testing.T) {
	me, other := schemas.Address{31: 1}, schemas.Address{31: 2}
	claim := schemas.ClaimRequested{Address: me, Amount: schemas.AmountFromUint64(70), Type: "staking", TxHash: schemas.Hash{31: 9}}.Identified()
	tx, newest := &schemas.BlockRef{Number: 50, Hash: schemas.Hash{31: 50}}, schemas.BlockRef{Number: 90, Hash: schemas.Hash{31: 90}}
	paid := func(typ string, to schemas.Address, amount uint64) PaidReward {
		return PaidReward{Type: typ, Claimer: to, Amount: schemas.AmountFromUint64(amount), Contract: "ProverStaking", EventID: "e-1"}
	}
	unnamed := claim
	unnamed.TxHash = schemas.Hash{}
	if id := unnamed.Identified().ClaimID; id == claim.ClaimID {
		t.Error("a claim without a transaction is that with one")
	}
	if v, ok := (OpenClaim{ClaimRequested: unnamed, Newest: newest, Waited: ClaimPatience}).Judge().(schemas.ClaimRejected); !ok || !strings.Contains(v.Reason, "no transaction is named") {
		t.Errorf("%+v", v)
	}
	for _, c := range []struct {
		name   string
		tx     *schemas.BlockRef
		paid   []PaidReward
		waited int64
		want   string // confirmed, the reason of a rejection, or nothing
		block  uint64
	}{
		{"the transaction is not there yet", nil, nil, ClaimPatience - 1, "", 0},
		{"it never came", nil, nil, ClaimPatience, "no event of transaction", 90},
		{"it is there, and so is the reward", tx, []PaidReward{paid("staking", me, 70)}, 0, "confirmed", 50},
		{"among others", tx, []PaidReward{paid("mining", me, 70), paid("staking", other, 70), paid("staking", me, 70)}, 3, "confirmed", 50},
		{"no reward at all", tx, nil, 0, "paid no reward", 50},
		{"another's", tx, []PaidReward{paid("staking", other, 70)}, 0, "and not this address", 50},
		{"of another type", tx, []PaidReward{paid("staking", other, 70), paid("mining", me, 70)}, 0, "type mining, and none of type staking", 50},
		{"less than that", tx, []PaidReward{paid("mining", me, 70), paid("staking", me, 69)}, 0, "69 wei, and not 70", 50},
	} {
		t.Run(c.name, func(t *testing.T) {
			verdict := OpenClaim{ClaimRequested: claim, Tx: c.tx, Paid: c.paid, Newest: newest, Waited: c.waited}.Judge()
			switch v := verdict.(type) {
			case nil:
				if c.want != "" {
					t.Error("it waits")
				}
			case schemas.ClaimConfirmed:
				if c.want != "confirmed" || v.Block.Number != c.block || v.EventID != "e-1" || v.ClaimID != claim.ClaimID {
					t.Errorf("%+v", v)
				}
			case schemas.ClaimRejected:
				if c.want == "" || !strings.Contains(v.Reason, c.want) || v.Block.Number != c.block || v.ClaimID != claim.ClaimID {
					t.Errorf("%+v, want %q", v, c.want)
				}
			}
			if verdict != nil && !strings.HasPrefix(VerdictID(verdict), "claim/"+claim.ClaimID+"/") {
				t.Errorf("id %q", VerdictID(verdict))
			}
		})
	}
}
