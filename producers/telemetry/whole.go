package telemetry

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
)

// whole is an integer as a report gives it. JSON has one kind of numbers and JSON Schema takes 108.0 and 1e2 for integers, as clients write
// whose language has floats only.
type whole int64

// maxExact is the largest number up to which every integer is a float of its own.
const maxExact = 1 << 53

// UnmarshalJSON implements json.Unmarshaler.
func (w *whole) UnmarshalJSON(text []byte) error {
	if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		*w = whole(n)
		return nil
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > maxExact {
		return &json.UnmarshalTypeError{Value: string(text), Type: reflect.TypeFor[int64]()}
	}
	*w = whole(f)
	return nil
}
