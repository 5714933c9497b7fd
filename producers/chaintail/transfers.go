package chaintail

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// transferType is the event that every ERC-20 has. Tokens differ in where they put its members and how they name them, but not
// in what these are: who sends, who receives, how much.
var transferType = schemas.SAGETokenTransfer{}.EventType()

// isTransfer tells whether an event is the transfer of our token, whichever class that has.
func isTransfer(contract string, raw schemas.RawEvent) bool {
	return schemas.EventType(contract, "Transfer") == transferType && len(raw.Keys) > 0 && raw.Keys[0] == schemas.Selector("Transfer")
}

// transfer reads a transfer by the class's ABI, whatever it calls the members, and else by the two layouts that tokens have:
// members in the keys or in the data. Their numbers of felts differ, so that one is not taken for the other.
func (of *class) transfer(raw schemas.RawEvent) (json.RawMessage, bool) {
	value, ok := of.transferByABI(raw)
	if !ok {
		value, ok = transferByCount(raw)
	}
	if !ok {
		return nil, false
	}
	doc, err := json.Marshal(value)
	return doc, err == nil
}

func (of *class) transferByABI(raw schemas.RawEvent) (value schemas.SAGETokenTransfer, ok bool) {
	if len(of.transfers) != 3 {
		return value, false
	}
	_, data, err := of.abi.DecodeEvent(raw.Keys, raw.Data)
	var texts map[string]string
	if err != nil || json.Unmarshal(data, &texts) != nil {
		return value, false
	}
	from, ferr := schemas.ParseAddress(texts[of.transfers[0]])
	to, terr := schemas.ParseAddress(texts[of.transfers[1]])
	amount, aerr := amountOf(texts[of.transfers[2]])
	return schemas.SAGETokenTransfer{From: from, To: to, Value: amount}, ferr == nil && terr == nil && aerr == nil
}

// transferMembers are the names of a transfer's members, in order.
func transferMembers(abi *schemas.ABI) (names []string) {
	if abi == nil {
		return nil
	}
	for _, l := range abi.Layouts() {
		if l.Name != "Transfer" {
			continue
		}
		for _, m := range l.Members {
			names = append(names, m.Name)
		}
	}
	return names
}

// amountOf reads a number, which is decimal, or hexadecimal where the class says no more than that it is a felt.
func amountOf(text string) (schemas.Amount, error) {
	if !strings.HasPrefix(text, "0x") {
		return schemas.ParseAmount(text)
	}
	f, err := schemas.ParseFelt(text)
	if err != nil {
		return schemas.Amount{}, err
	}
	return schemas.AmountFromBig(f.Big())
}

func transferByCount(raw schemas.RawEvent) (value schemas.SAGETokenTransfer, ok bool) {
	keys, data := len(raw.Keys), len(raw.Data)
	if (keys != 3 || data != 2) && (keys != 1 || data != 4) {
		return value, false
	}
	felts := append(append([]schemas.Felt{}, raw.Keys[1:]...), raw.Data...)
	amount, err := u256(felts[2], felts[3])
	return schemas.SAGETokenTransfer{From: schemas.Address(felts[0]), To: schemas.Address(felts[1]), Value: amount}, err == nil
}

// u256 puts the halves of a number together.
func u256(low, high schemas.Felt) (schemas.Amount, error) {
	l, h := low.Big(), high.Big()
	if l.BitLen() > 128 || h.BitLen() > 128 {
		return schemas.Amount{}, fmt.Errorf("%s and %s are not the halves of a number of 256 bits", low, high)
	}
	return schemas.AmountFromBig(new(big.Int).Or(l, h.Lsh(h, 128)))
}
