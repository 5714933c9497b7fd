package embeddedtest_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/segmentio/kafka-go"

	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

func TestEveryTestHasADatabaseOfItsOwn(t *testing.T) {
	for range 3 {
		conn, err := pgx.Connect(t.Context(), embeddedtest.Postgres(t))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		if _, err := conn.Exec(t.Context(), "create table mine (n int)"); err != nil {
			t.Error(err)
		}
	}
	begun := time.Now()
	embeddedtest.Postgres(t)
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("a database took %v", took)
	} else {
		t.Logf("a database took %v", took)
	}
}

func TestEveryTestHasALogOfItsOwn(t *testing.T) {
	for range 2 {
		client := &kafka.Client{Addr: kafka.TCP(embeddedtest.Log(t)...)}
		made, err := client.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{
			Topics: []kafka.TopicConfig{{Topic: "mine", NumPartitions: 1, ReplicationFactor: 1}},
		})
		if err != nil || made.Errors["mine"] != nil {
			t.Error(err, made)
		}
	}
}
