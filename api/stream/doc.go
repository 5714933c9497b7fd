// Package stream is the WebSocket hub: it reads the tails of the topics once a process, turns facts into the frames that
// published clients read, and fans them out.
//
// A client is a cursor into a shared ring, not a queue of its own: a frame is encoded once, and a slow client costs the others
// nothing. One that falls behind the ring is told so and disconnected; nothing is skipped silently. What a fact becomes is in
// frames.go, which is pure; begin with [Hub].
package stream
