package standby

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestWhatIsToldIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		tell := func(audit, writer string, n int) {
			t.Helper()
			if err := Tell(t.Context(), log, schemas.AuditTold{Audit: audit, Writer: writer, Found: json.RawMessage(fmt.Sprint(n))}); err != nil {
				t.Fatal(err)
			}
		}
		post := New(Config{Role: "tail", Name: "one"}, log, log)
		heard := func(want string) {
			t.Helper()
			got, err := Hear(t.Context(), log)
			if err != nil {
				t.Fatal(err)
			}
			text := ""
			for _, audit := range []string{"log", "models"} {
				if h, ok := got[audit]; ok {
					text += fmt.Sprintf("%s by %s: %s; ", audit, h.Writer, h.Found)
				}
			}
			if text != want {
				t.Errorf("heard %q, want %q", text, want)
			}
		}
		heard("")
		tell("log", "one", 1)
		tell("models", "two", 2)
		if err := post.say(t.Context(), time.Now()); err != nil { // what is no telling is passed over
			t.Fatal(err)
		}
		tell("log", "three", 3)
		heard("log by three: 3; models by two: 2; ")
		for range hearBack {
			if err := post.say(t.Context(), time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		heard("") // long ago
		log.failing(errors.New("no broker"))
		if _, err := Hear(t.Context(), log); err == nil {
			t.Error("a log that does not answer tells nothing")
		}
	})
}
