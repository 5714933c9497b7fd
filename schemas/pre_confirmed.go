package schemas

import "encoding/json"

// TypePreConfirmed is the type of the records of [TopicPreConfirmed].
const TypePreConfirmed = "bitsage.chain.block.pre_confirmed"

// PreConfirmed is the value of [TypePreConfirmed]: the block in the making, which has neither hash nor parent, with the events of our
// contracts so far. It replaces whatever was said of pre-confirmed blocks before, and is no fact: its transactions may come in another block,
// in another order, or never. Its time is the block's, in the envelope.
type PreConfirmed struct {
	Number       uint64              `json:"number"`
	Transactions int                 `json:"transactions"` // of everybody
	Events       []PreConfirmedEvent `json:"events"`       // in order
	// Omitted counts the events where they are too many for one record. Then none is given.
	Omitted int `json:"omitted,omitempty"`
}

// EventType returns [TypePreConfirmed].
func (PreConfirmed) EventType() string { return TypePreConfirmed }

// PreConfirmedEvent is an event that may come to be.
type PreConfirmedEvent struct {
	Tx           uint32          `json:"transaction_index"`
	Event        uint32          `json:"event_index"`
	TxHash       Hash            `json:"tx_hash"`
	Contract     Address         `json:"contract"`
	ContractName string          `json:"contract_name"`
	Type         string          `json:"type"`
	Name         string          `json:"event,omitempty"`
	Data         json.RawMessage `json:"data,omitempty"`
	Reason       string          `json:"reason,omitempty"` // why there is no data, a Reason constant
}
