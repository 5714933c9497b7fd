// Package chaintail writes the chain into the log: it follows a StarkNet node, decodes the events of our contracts, and appends
// them, the seals of blocks and the reorganisations to the chain topic.
//
// # Its place
//
// The cursor is the topic's own tail. A tailer first claims the topic, then reads its tail up to the claim, and goes on after
// the last record that stands; so it never matters where another one stopped, or whether it got an answer to its last batch. It
// reads what it appends through [schemas.ChainReader], as every reader does, so it always stands where they stand. What stands
// further back, for the search of a common block, is read from the topic as far as it is needed (branch.go).
//
// # What it writes
//
// Near the head each block is one batch with its seal, whole or absent. Far behind, a chunk of blocks shares a seal. The first
// block of a log is sealed alone: it binds the log to its chain and is the deepest that a reorganisation can go back to.
// Whatever cannot be decoded is written all the same, raw and with the reason.
//
// # What it believes
//
// The node's answers are checked before anything is written: a block must have the newest sealed one as its parent, every event
// must be of a block that was asked for, its place comes from the node's indices or from the receipts. A different hash at a
// height that the log holds is a reorganisation, once the node has said so twice. A head behind ours proves nothing.
//
// # Whom it asks
//
// Of several providers one serves a round, and another the next where that one failed, fell behind or left the log's branch
// (providers.go). A deep reorganisation needs the word of a second one. Far behind the head several chunks are read at a time, all
// from one provider, and written in order (backfill.go). A subscription to new heads only shortens the wait for the next round.
//
// Begin with [Tailer.Run].
package chaintail
