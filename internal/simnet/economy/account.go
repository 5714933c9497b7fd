package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Keys verifies on the Stark curve; package starknet implements it.
type Keys interface {
	PublicKey(private schemas.Felt) schemas.Felt
	Verify(public, hash, r, s schemas.Felt) bool
}

// Account is somebody on the simulated network. The private key follows from the seed.
type Account struct {
	Address schemas.Address
	Role    string // such as "worker"
	Index   int    // from 0 within the role
	Private schemas.Felt
}

func (w *World) newAccount(role string, index int) Account {
	of := func(what string) schemas.Felt {
		d := newDigest(what)
		d.uint64(w.seed)
		d.text(role)
		d.uint64(uint64(index))
		return d.sum()
	}
	a := Account{Address: schemas.Address(of("account address")), Role: role, Index: index, Private: of("private key")}
	w.accounts[a.Address] = a
	c := &Contract{
		Name: "Account", Address: a.Address, Class: w.classes["Account"], ABI: w.accountABI, ABIDocument: accountDocument,
		views: map[string]view{
			"is_valid_signature": ask(func(_ *Env, q signatureArgs) schemas.Felt { return w.isValidSignature(a, q) }),
			"isValidSignature":   ask(func(_ *Env, q signatureArgs) schemas.Felt { return w.isValidSignature(a, q) }),
			"get_public_key":     tell(func(*Env) schemas.Felt { return w.keys.PublicKey(a.Private) }),
			"supports_interface": ask(func(_ *Env, q struct {
				ID schemas.Felt `json:"interface_id"`
			},
			) bool {
				return q.ID == interfaceSRC5 || q.ID == interfaceSRC6
			}),
		},
	}
	w.add(c)
	return a
}

// Interface ids of SNIP-5 and SNIP-6.
var (
	interfaceSRC5 = mustFelt("0x3f918d17e5ee77373b56385708f855659a07f75997f365cf87748628532a055")
	interfaceSRC6 = mustFelt("0x2ceccef7f994940b3962a6c67e0ba4fcd37df7d131417c604f91e03caecc1cd")
)

type signatureArgs struct {
	Hash      schemas.Felt   `json:"hash"`
	Signature []schemas.Felt `json:"signature"`
}

// isValidSignature answers 'VALID', or 0, as OpenZeppelin's account does.
func (w *World) isValidSignature(a Account, q signatureArgs) schemas.Felt {
	if len(q.Signature) != 2 || !w.keys.Verify(w.keys.PublicKey(a.Private), q.Hash, q.Signature[0], q.Signature[1]) {
		return schemas.Felt{}
	}
	return schemas.ShortString("VALID")
}
