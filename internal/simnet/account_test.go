package simnet

import (
	"testing"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestAccountsVerifySignatures(t *testing.T) {
	n := open(t, Config{Seed: 8, Workers: 3}, 5)
	w, other := n.Workers()[0], n.Workers()[1]
	message := schemas.Selector("something to sign")
	r, s, err := starknet.Curve{}.Sign(w.Private, message)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(account schemas.Address, name string, calldata ...schemas.Felt) []schemas.Felt {
		t.Helper()
		if calldata == nil {
			calldata = []schemas.Felt{}
		}
		return must[[]schemas.Felt](t, n.Handler(), "starknet_call", params{"block_id": "latest", "request": params{
			"contract_address": account.Felt(), "entry_point_selector": schemas.Selector(name), "calldata": calldata,
		}})
	}
	two, valid := schemas.FeltFromUint64(2), schemas.ShortString("VALID")
	for name, c := range map[string]struct {
		account schemas.Address
		hash    schemas.Felt
		sig     []schemas.Felt
		want    schemas.Felt
	}{
		"the signer's":     {w.Address, message, []schemas.Felt{two, r, s}, valid},
		"somebody else's":  {other.Address, message, []schemas.Felt{two, r, s}, schemas.Felt{}},
		"another message":  {w.Address, schemas.Selector("another"), []schemas.Felt{two, r, s}, schemas.Felt{}},
		"half a signature": {w.Address, message, []schemas.Felt{schemas.FeltFromUint64(1), r}, schemas.Felt{}},
		"no signature":     {w.Address, message, []schemas.Felt{{}}, schemas.Felt{}},
	} {
		for _, entry := range []string{"is_valid_signature", "isValidSignature"} {
			if got := ask(c.account, entry, append([]schemas.Felt{c.hash}, c.sig...)...); len(got) != 1 || got[0] != c.want {
				t.Errorf("%s: %s answers %v, want %s", name, entry, got, c.want)
			}
		}
	}
	if got := ask(w.Address, "get_public_key"); got[0] != (starknet.Curve{}).PublicKey(w.Private) {
		t.Errorf("the public key is %v", got)
	}
	if got := ask(w.Address, "supports_interface", schemas.Selector("nothing")); !got[0].IsZero() {
		t.Error("an unknown interface is supported")
	}
	nonce := must[schemas.Felt](t, n.Handler(), "starknet_getNonce", params{"block_id": "latest", "contract_address": w.Address.Felt()})
	sent := uint64(0)
	for _, b := range n.blocks {
		for _, x := range b.txs {
			if x.Tx.Sender == w.Address {
				if x.Tx.Nonce != sent {
					t.Errorf("nonce %d, want %d", x.Tx.Nonce, sent)
				}
				sent++
			}
		}
	}
	if have, _ := nonce.Uint64(); have != sent || sent == 0 {
		t.Errorf("nonce %d after %d transactions", have, sent)
	}
}
