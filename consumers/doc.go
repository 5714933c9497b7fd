// Package consumers turns topics into rows.
//
// It owns the loop: take the lease, fetch, apply the reader's rule, fold, store, repeat. What an event means is in
// projections; how rows are kept, and how a batch takes effect exactly once, is behind the leases that it is given
// ([ChainLease], [HeartbeatLease]). Begin with [ChainProjector.Run].
//
// # No linger
//
// A batch is what arrived while the last one was stored, up to [maxFacts]. At the head that is one block, stored at once; far
// behind it is thousands, stored by COPY.
//
// # Why offsets live in Postgres
//
// A row and the offset that produced it commit together, so no crash can come between them. After any failure the loop takes
// its place from the database again; it never has to know whether a commit that it got no answer to took effect.
package consumers
