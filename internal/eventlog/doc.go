// Package eventlog speaks to the log: Apache Kafka, or the one in our own process that speaks its protocol. It wraps
// segmentio/kafka-go, and is the only room that imports it.
//
// It appends ([Writer] for the one writer of a partition, [Appender] for telemetry), reads ([Client.Fetch],
// [Client.ReadBack]) and keeps the topics as the catalogue says ([Client.EnsureTopics]). What records mean is in schemas.
//
// # How a record gets into the log once
//
// kafka-go's own Writer neither numbers its batches nor notices that another writer has taken its place. So batches are
// encoded here, once, and stamped with a producer id, an epoch and a sequence number. The broker then drops a batch that it
// has already, and answers with its first offset; so in doubt the same bytes are sent again until there is a definite answer.
//
// A [Writer] opens its term with a claim: a new epoch, and a record whose offset is the term. From that record on the broker
// refuses every older epoch. Only then does the writer read the tail of the log, which nobody can add to any more, and go on
// after it. Transactions are not used: kafka-go hands out the records of aborted ones.
package eventlog
