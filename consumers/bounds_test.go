package consumers_test

import (
	"context"
)

func (m *memoryLog) Bounds(context.Context, string, int32) (first, next int64, err error) {
	return 0, int64(len(m.records)), nil
}

func (l *growingLog) Bounds(context.Context, string, int32) (first, next int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return 0, int64(l.end), nil
}

func (r reports) Bounds(_ context.Context, topic string, part int32) (first, next int64, err error) {
	return 0, int64(len(r.logs[topic][part])), nil
}

// Bounds does not know them: the one of the fetches is all that there is.
func (f fetchFunc) Bounds(context.Context, string, int32) (first, next int64, err error) {
	return 0, 0, nil
}
