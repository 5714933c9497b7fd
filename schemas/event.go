package schemas

import (
	"encoding/json"
	"fmt"
)

// Event is a decoded fact: a generated contract event, or one of the log's own. Its type is stored, so a name is never
// changed; a breaking change of shape is a new type.
type Event interface {
	// EventType returns the stored name, bitsage.<family>.<Contract>.<Event> for events of contracts.
	EventType() string
}

// Unknown is an event of a type that this build does not know: written by a newer one, or decoded by a newer ABI.
type Unknown struct {
	Type string
	Data json.RawMessage
}

// EventType returns the type as stored.
func (u Unknown) EventType() string { return u.Type }

// DecodeEventData reads the data of an event as the log holds it. A type that this build does not know gives [Unknown]; data
// that does not fit its type is an error.
func DecodeEventData(eventType string, data []byte) (Event, error) {
	e, known, err := decodeKnown(eventType, data)
	if !known && err == nil {
		e, known, err = decodeObserved(eventType, data)
	}
	if err != nil {
		return nil, fmt.Errorf("data of %s: %w", eventType, err)
	}
	if !known {
		return Unknown{Type: eventType, Data: data}, nil
	}
	return e, nil
}

func decodeAs[E Event](data []byte) (Event, error) {
	var e E
	err := json.Unmarshal(data, &e)
	return e, err
}
