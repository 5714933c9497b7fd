// Package reactions holds what happens because of the log and is no read model: facts about workers' presence, derived from their
// heartbeats ([Presence]), and messages to a webhook ([Webhook]).
//
// They run on Watermill's router (see [Run]), a message at a time, at least once. So each of them may be given a message again, and does
// the same again: a derived fact has the same id, a webhook message too. How messages come from the log and go into it is for
// the publisher and the subscriber that they are given.
package reactions
