// Package pubsub is the log as Watermill sees it: a message.Publisher and a message.Subscriber over segmentio/kafka-go.
//
// It is for reactions and for handlers of others' own, which take a message at a time and may be given one again. Read models do
// not come this way: their place in the log commits with their rows (package consumers).
//
// A [Subscriber] with a group shares the partitions of a topic with the other members of the group and goes on where the group
// was; a new group begins at the beginning. Without a group each subscription reads the whole topic by itself. Either way a
// partition's messages come in order, the next one when the one before was acknowledged. A message that is not acknowledged comes
// again. Groups are Kafka's own, so two members may for a moment believe to have the same partition: a message may come twice.
//
// A [Publisher] returns when the log has every message, in order. What it sends again while it is in doubt is in the log once.
//
// [Codec] says what a message is: a CloudEvent's id is the message's, and its attributes are metadata.
package pubsub
