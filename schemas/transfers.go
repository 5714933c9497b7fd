package schemas

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
)

// transferType is the event that every ERC-20 has. Tokens differ in where they put its members and how they name them, but not
// in what these are: who sends, who receives, how much.
var transferType = SAGETokenTransfer{}.EventType()

// isTransfer tells whether an event is the transfer of our token, whichever class that has.
func isTransfer(contract string, raw RawEvent) bool {
	return EventType(contract, "Transfer") == transferType && len(raw.Keys) > 0 && raw.Keys[0] == Selector("Transfer")
}

// transfer reads a transfer by the class's ABI, whatever it calls the members, and else by the two layouts that tokens have:
// members in the keys or in the data. Their numbers of felts differ, so that one is not taken for the other.
func (d *decoder) transfer(raw RawEvent) (data json.RawMessage, byClass, ok bool) {
	value, byClass := d.transferByABI(raw)
	if !byClass {
		if value, ok = transferByCount(raw); !ok {
			return nil, false, false
		}
	}
	data, err := json.Marshal(value)
	return data, byClass, err == nil
}

func (d *decoder) transferByABI(raw RawEvent) (value SAGETokenTransfer, ok bool) {
	if len(d.transfers) != 3 {
		return value, false
	}
	_, data, err := d.abi.DecodeEvent(raw.Keys, raw.Data)
	var texts map[string]string
	if err != nil || json.Unmarshal(data, &texts) != nil {
		return value, false
	}
	from, ferr := ParseAddress(texts[d.transfers[0]])
	to, terr := ParseAddress(texts[d.transfers[1]])
	amount, aerr := amountOf(texts[d.transfers[2]])
	return SAGETokenTransfer{From: from, To: to, Value: amount}, ferr == nil && terr == nil && aerr == nil
}

// transferMembers are the names of a transfer's members, in order.
func transferMembers(abi *ABI) (names []string) {
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
func amountOf(text string) (Amount, error) {
	if !strings.HasPrefix(text, "0x") {
		return ParseAmount(text)
	}
	f, err := ParseFelt(text)
	if err != nil {
		return Amount{}, err
	}
	return AmountFromBig(f.Big())
}

func transferByCount(raw RawEvent) (value SAGETokenTransfer, ok bool) {
	keys, data := len(raw.Keys), len(raw.Data)
	if (keys != 3 || data != 2) && (keys != 1 || data != 4) {
		return value, false
	}
	felts := append(append([]Felt{}, raw.Keys[1:]...), raw.Data...)
	amount, err := u256(felts[2], felts[3])
	return SAGETokenTransfer{From: Address(felts[0]), To: Address(felts[1]), Value: amount}, err == nil
}

// u256 puts the halves of a number together.
func u256(low, high Felt) (Amount, error) {
	l, h := low.Big(), high.Big()
	if l.BitLen() > 128 || h.BitLen() > 128 {
		return Amount{}, fmt.Errorf("%s and %s are not the halves of a number of 256 bits", low, high)
	}
	return AmountFromBig(new(big.Int).Or(l, h.Lsh(h, 128)))
}
