package stream

import "sync"

// ring holds the newest frames for every client at once. A client is a place in it.
type ring struct {
	mu     sync.Mutex
	frames []frame       // guarded by mu; frame of sequence s is at s modulo the length
	next   uint64        // guarded by mu; sequence of the next frame
	grown  chan struct{} // guarded by mu; closed when the next frame comes
	// foreseen is the place after the newest pre-confirmed block, 0 before the first; guarded by mu. Those before it are empty frames, which no
	// client gets: they are void, and large.
	foreseen uint64
}

func newRing(size int) *ring {
	return &ring{frames: make([]frame, size), grown: make(chan struct{})}
}

// add appends frames and wakes whoever waits.
func (r *ring) add(frames ...frame) {
	if len(frames) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range frames {
		if f.kind == kindPreConfirmed {
			if r.foreseen > 0 && r.next-(r.foreseen-1) <= uint64(len(r.frames)) {
				r.frames[(r.foreseen-1)%uint64(len(r.frames))] = frame{}
			}
			r.foreseen = r.next + 1
		}
		r.frames[r.next%uint64(len(r.frames))] = f
		r.next++
	}
	close(r.grown)
	r.grown = make(chan struct{})
}

// end returns the place after the newest frame.
func (r *ring) end() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.next
}

// from returns the frames at and after a place, at most max, and a channel that closes when there are more. Ok is false where
// the place has left the ring.
func (r *ring) from(place uint64, max int, into []frame) (out []frame, grown <-chan struct{}, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next-place > uint64(len(r.frames)) {
		return into, nil, false
	}
	for ; place < r.next && len(into) < max; place++ {
		into = append(into, r.frames[place%uint64(len(r.frames))])
	}
	return into, r.grown, true
}
