// Package eventlog speaks to the log: Apache Kafka, or the one in our own process that speaks its protocol. It wraps
// segmentio/kafka-go, and is the only room that imports it.
//
// It appends ([Writer] for the one writer of a partition, [Appender] for telemetry), reads ([Client.Fetch], [Client.Follow],
// [Client.ReadBack]) and keeps the topics as the catalogue says ([Client.EnsureTopics]). What records mean is in schemas; where
// a reader is, and what it made of what it read, is for the reader to keep. Begin with [Open].
//
// # Once: a batch is sent until there is an answer
//
// A request to append may fail in a way that tells nothing: the connection breaks, and the broker may have the batch or not. A
// writer that then gives up loses records, and one that writes again doubles them. So a batch is encoded once, and stamped with
// a producer id, an epoch and the sequence number of its first record. While the answer is in doubt the very same bytes are sent
// again. The broker knows a stamp that it has seen, and answers with the offset of the first copy. Only one batch of a partition
// is ever on its way, so nothing can overtake.
//
// kafka-go's own Writer does none of this, but its parts are enough: it encodes the batch, we put the stamp into the header and
// renew the checksum, and it carries the bytes. Each answer is one of three (see judge): the log has it, the log will never have
// it, or doubt. Whatever is not known to be definite is doubt.
//
// # One writer: claim, then read
//
// Two processes that both believe to be the tailer would write the chain twice, and no clock or lock outside the log can rule
// that out: a paused process wakes up and goes on. The log itself decides. All rivals share an id, and [Writer.Claim]
//
//  1. asks for a producer id under it, which is the same each time, with an epoch one higher;
//  2. appends a claim, the first record of that epoch. Its offset is the writer's term.
//
// From the claim on the broker refuses every older epoch on that partition with [ErrFenced]. (From the claim, not from the epoch:
// until the first batch of the new epoch arrives, Kafka still takes batches of the old one. That is why reading comes after.)
// So the writer now reads what is below its claim with [Client.ReadBack]. Nobody can add to that any more. The last
// record in it is where to go on.
//
// A writer that is fenced stands by. One that gets [ErrLostTrack], [ErrStale], or whose context ended in doubt, does not know
// what the log has: it claims again and reads again. Brokers forget epochs in time (a day, by default), so a claim that has not
// written for ten minutes is not trusted, and readers drop what carries a lower term than the highest claim they have seen.
//
// Kafka's transactions are not used: kafka-go hands out the records of aborted ones, and their markers take offsets.
//
// # Dense: nothing is skipped unseen
//
// Without transactions and compaction, offsets have no holes. So every fetch checks that each record follows the one before, and
// says so where it does not ([ErrGap]), where retention was faster ([ErrTruncated]), where the log is shorter than what was read
// of it already, so that it must be another one ([ErrPastEnd]), and where it has more and does not give it ([ErrStalled]). None of
// these heals by itself, and none is passed over.
//
// # Tests
//
// go test runs the faults against franz-go's kfake and a proxy that loses answers. kfake fences a partition sooner than Kafka
// does, and its coordinators are always ready, so that a takeover proves something only on the real thing: make test-kafka.
package eventlog
