package schemas

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
	"time"
)

// FuzzEnvelope reads any record as an envelope. One that is none is foreign; one that is, written again, reads the same.
func FuzzEnvelope(f *testing.F) {
	f.Add("1.0", "id", "starknet:SN_MAIN", TypeSealed, "2026-01-02T03:04:05.678Z", "12", "7/seal", []byte(`{"number":7}`))
	f.Add("1.0", "id", "s", "t", "0000-01-01T00:00:00+23:59", "", "1/2/3", []byte(`{}`))
	f.Add("1.0", "id", "", "t", "9999-12-31T23:59:59-23:59", "-1", "1", []byte(nil))
	f.Add("0.3", "", "s", "", "yesterday", "one", "1/2/3/4", []byte(`null`))
	f.Fuzz(func(t *testing.T, version, id, source, kind, at, term, position string, data []byte) {
		rec := Record{Topic: TopicChain, Value: data}
		for _, h := range []struct{ key, value string }{
			{"ce_specversion", version}, {"ce_id", id}, {"ce_source", source}, {"ce_type", kind}, {"ce_time", at}, {"ce_term", term}, {"ce_position", position},
		} {
			if h.value != "" {
				rec.Headers = append(rec.Headers, Header{h.key, []byte(h.value)})
			}
		}
		env, err := ParseEnvelope(rec)
		if err != nil {
			if !errors.Is(err, ErrForeign) {
				t.Fatalf("error %v, want it to be a foreign record", err)
			}
			return
		}
		if env.ID != id || env.Type != kind || env.Source != source || !bytes.Equal(env.Data, data) {
			t.Fatalf("read %+v", env)
		}
		again, err := env.Record(TopicChain, nil)
		if err != nil {
			if !errors.Is(err, ErrTooLarge) {
				t.Fatal(err)
			}
			return
		}
		back, err := ParseEnvelope(again)
		if err != nil {
			t.Fatalf("written again: %v", err)
		}
		if !back.Time.Equal(env.Time) {
			t.Fatalf("time %v, was %v", back.Time, env.Time)
		}
		back.Time, env.Time = time.Time{}, time.Time{}
		if !reflect.DeepEqual(back, env) {
			t.Fatalf("written again %+v, was %+v", back, env)
		}
	})
}

// FuzzValues reads any text as each of the values. What is read has one spelling, which reads as the same value.
func FuzzValues(f *testing.F) {
	for _, text := range []string{"0x0", "0x00AB", "0XaB", primeHex, "115792089237316195423570985008687907853269984665640564039457584007913129639935", "00", "1/2/3", "4/seal", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if felt, err := ParseFelt(text); err == nil {
			if again, err := ParseFelt(felt.String()); err != nil || again != felt || !felt.inField() {
				t.Errorf("felt %q is %s, and that %s (%v)", text, felt, again, err)
			}
			if again, err := FeltFromBig(felt.Big()); err != nil || again != felt {
				t.Errorf("felt %q is %s as a number (%v)", text, again, err)
			}
			if short, ok := felt.ShortString(); ok && ShortString(short) != felt {
				t.Errorf("felt %q is the text %q, and that another", text, short)
			}
		}
		if address, err := ParseAddress(text); err == nil {
			if again, err := ParseAddress(address.String()); err != nil || again != address || len(address.String()) != 66 {
				t.Errorf("address %q is %s, and that %s (%v)", text, address, again, err)
			}
		}
		if amount, err := ParseAmount(text); err == nil {
			if again, err := ParseAmount(amount.String()); err != nil || again != amount {
				t.Errorf("amount %q is %s, and that %s (%v)", text, amount, again, err)
			}
			if again, err := AmountFromBig(amount.Big()); err != nil || again != amount {
				t.Errorf("amount %q is %s as a number (%v)", text, again, err)
			}
		}
		if position, err := ParsePosition(text); err == nil {
			if again, err := ParsePosition(position.String()); err != nil || again != position {
				t.Errorf("position %q is %s, and that %s (%v)", text, position, again, err)
			}
		}
	})
}
