package schemas

import (
	"encoding/json"
	"time"
)

// Types of the chain topic's own records. Contract events have generated types.
const (
	// TypeClaimed opens a writer's term: its offset is the term that all it writes carries.
	TypeClaimed = "bitsage.chain.writer.claimed"
	// TypeSealed ends a block, or a chunk of blocks: everything up to it is whole.
	TypeSealed = "bitsage.chain.block.sealed"
	// TypeReorged voids what was written after a common block.
	TypeReorged = "bitsage.chain.reorged"
	// TypeFinalized says that a block, and so every one before it, is accepted on L1.
	TypeFinalized = "bitsage.chain.block.finalized"
	// TypeClassABI records the ABI of a class, before the first event that is decoded by it.
	TypeClassABI = "bitsage.chain.class.abi"
	// TypeUndecoded is a contract event that no ABI at hand could read, kept raw.
	TypeUndecoded = "bitsage.chain.undecoded"
)

// BlockRef names a block.
type BlockRef struct {
	Number uint64 `json:"number"`
	Hash   Hash   `json:"hash"`
}

// RawEvent is an event's felts as the node gave them, so that a better ABI can decode it again on replay.
type RawEvent struct {
	Keys []Felt `json:"keys"`
	Data []Felt `json:"data"`
}

// ChainEvent is the value of every contract event's record, decoded or not, and of every observation's.
type ChainEvent struct {
	BlockHash    Hash    `json:"block_hash"`
	TxHash       Hash    `json:"tx_hash,omitzero"` // none of an observation
	Contract     Address `json:"contract"`
	ContractName string  `json:"contract_name"`
	// Class is the contract's at this place on the chain, or the newest one where the node no longer told; zero where it did not tell any.
	Class    Hash            `json:"class,omitzero"`
	Embedded bool            `json:"embedded,omitempty"` // decoded by what the build knew, since the class's ABI was not to be had or lacks it
	Name     string          `json:"event,omitempty"`    // empty where the selector is unknown
	Args     json.RawMessage `json:"args,omitempty"`     // of an observation: what the view was asked
	Data     json.RawMessage `json:"data,omitempty"`     // the decoded members
	Reason   string          `json:"reason,omitempty"`   // why there is no data, a Reason constant
	Detail   string          `json:"detail,omitempty"`
	Raw      RawEvent        `json:"raw"`
}

// AppendJSON appends what json.Marshal makes of the event, without looking at its data and its felts again.
func (e ChainEvent) AppendJSON(b []byte) []byte {
	b = append(appendPadded(append(b, `{"block_hash":"`...), e.BlockHash), '"')
	if !e.TxHash.IsZero() {
		b = append(appendPadded(append(b, `,"tx_hash":"`...), e.TxHash), '"')
	}
	b = append(appendPadded(append(b, `,"contract":"`...), e.Contract), '"')
	b = appendQuoted(append(b, `,"contract_name":`...), e.ContractName)
	if !e.Class.IsZero() {
		b = append(appendPadded(append(b, `,"class":"`...), e.Class), '"')
	}
	if e.Embedded {
		b = append(b, `,"embedded":true`...)
	}
	if e.Name != "" {
		b = appendQuoted(append(b, `,"event":`...), e.Name)
	}
	if len(e.Args) > 0 {
		b = append(append(b, `,"args":`...), e.Args...)
	}
	if len(e.Data) > 0 {
		b = append(append(b, `,"data":`...), e.Data...)
	}
	if e.Reason != "" {
		b = appendQuoted(append(b, `,"reason":`...), e.Reason)
	}
	if e.Detail != "" {
		b = appendQuoted(append(b, `,"detail":`...), e.Detail)
	}
	b = appendFelts(append(b, `,"raw":{"keys":`...), e.Raw.Keys)
	b = appendFelts(append(b, `,"data":`...), e.Raw.Data)
	return append(b, "}}"...)
}

func appendFelts(b []byte, felts []Felt) []byte {
	if felts == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i, f := range felts {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(f.appendText(append(b, '"')), '"')
	}
	return append(b, ']')
}

// Claimed is the value of [TypeClaimed].
type Claimed struct {
	Writer string `json:"writer"` // host and process, for people
	Build  string `json:"build"`
}

// Sealed is the value of [TypeSealed]. Its time is the block's, in the envelope.
type Sealed struct {
	Number uint64 `json:"number"`
	Hash   Hash   `json:"hash"`
	Parent Hash   `json:"parent"`
	// Events counts the event records since the last seal, whoever wrote them, so that a reader can check that it has them all.
	Events int `json:"events"`
	// LastReorg is the offset of the newest reorganisation in this log, or -1. With Reorged.Previous it links them all.
	LastReorg int64 `json:"last_reorg"`
	// LastABI, Final and Retracted are those of the reader's state ([ChainState]), so that a tailer need not look for them further back.
	LastABI   int64    `json:"last_abi,omitempty"`
	Final     BlockRef `json:"final,omitzero"`
	Retracted BlockRef `json:"retracted,omitzero"`
}

// Finalized is the value of [TypeFinalized].
type Finalized struct{ BlockRef }

// Finality says how settled a block is.
type Finality string

// The finalities of blocks that the log holds. One that is accepted on L2 may still leave the chain.
const (
	AcceptedOnL2 Finality = "accepted_on_l2"
	AcceptedOnL1 Finality = "accepted_on_l1"
)

// Reorged is the value of [TypeReorged].
type Reorged struct {
	Common BlockRef `json:"common"` // the last block that still stands
	// Voided lists the blocks that this log held above the common one, lowest first, also one that was only partly written.
	Voided   []BlockRef `json:"voided"`
	Previous int64      `json:"previous"` // offset of the reorganisation before, or -1
}

// EventType returns [TypeClaimed].
func (Claimed) EventType() string { return TypeClaimed }

// EventType returns [TypeSealed].
func (Sealed) EventType() string { return TypeSealed }

// EventType returns [TypeFinalized].
func (Finalized) EventType() string { return TypeFinalized }

// EventType returns [TypeReorged].
func (Reorged) EventType() string { return TypeReorged }

// Undecoded is the event of a fact that no ABI at hand could read.
type Undecoded struct{ Reason, Detail string }

// EventType returns [TypeUndecoded].
func (Undecoded) EventType() string { return TypeUndecoded }

// Fact is a contract event with its circumstances: what a chain fold is given.
type Fact struct {
	Event    Event // a generated event, an observation, [Undecoded], or [Unknown]
	ID       string
	Type     string
	Position Position
	Time     time.Time // of the block
	Offset   int64     // in the chain topic
	ChainEvent
}
