// Package consumers turns topics into rows, and the chain topic into topics of its families.
//
// It owns the loop: take the lease, fetch, apply the reader's rule, fold, store, repeat. What an event means is in
// projections; how rows are kept, and how a batch takes effect exactly once, is behind the leases that it is given
// ([ChainLease], [TelemetryLease]). Begin with [ChainProjector.Run]. [Rebuild] fills the same rows anew, beside those that serve.
//
// The [Splitter] writes no rows: it copies each event of the chain topic to the topic of its family, and keeps its place in those
// topics. What reacts a message at a time is in consumers/reactions, on Watermill by way of consumers/pubsub.
//
// # No linger
//
// A batch is what arrived while the last one was stored, up to [maxFacts]. At the head that is one block, stored at once; far
// behind it is thousands, stored by COPY. Fetching, folding and storing overlap: while one batch is stored the next one is folded,
// and what arrives meanwhile waits in an intake that is bounded in bytes.
//
// # Why offsets live in Postgres
//
// A row and the offset that produced it commit together, so no crash can come between them. After any failure the loop takes
// its place from the database again; it never has to know whether a commit that it got no answer to took effect.
package consumers
