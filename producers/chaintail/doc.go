// Package chaintail writes the chain into the log: it follows a StarkNet node block by block, decodes the events of our
// contracts, and appends them, a seal per block, and a record per reorganisation to the chain topic.
//
// Its cursor is the topic's own tail. A tailer first claims the topic, then reads its tail up to the claim, and goes on after
// the last record that stands; so it never matters where another one stopped, or whether it got an answer to its last batch.
// A block is one batch where it fits, whole or absent.
//
// What the node says is checked before it is written: the parent of each block is the newest sealed one, every event belongs
// to a block that we asked for, and a different hash at a height that the log holds is a reorganisation, whose common block is
// searched among the log's own headers. A head behind ours proves nothing. Begin with [Tailer.Run].
package chaintail
