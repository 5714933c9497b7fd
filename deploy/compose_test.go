package deploy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/migrations"
)

// compose reads docker-compose.yml as Docker Compose does, the schema's checks and the variables' values included.
func compose(t *testing.T) *types.Project {
	t.Helper()
	folder, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	project, err := loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir: folder, ConfigFiles: types.ToConfigFiles([]string{filepath.Join(folder, "docker-compose.yml")}), Environment: types.Mapping{},
	}, func(o *loader.Options) { o.SkipResolveEnvironment = true })
	if err != nil {
		t.Fatal(err)
	}
	return project
}

func service(t *testing.T, p *types.Project, name string) types.ServiceConfig {
	t.Helper()
	s, err := p.GetService(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// value is a variable of a service's environment.
func value(t *testing.T, s types.ServiceConfig, name string) string {
	t.Helper()
	v := s.Environment[name]
	if v == nil {
		t.Errorf("service %s: %s is not set", s.Name, name)
		return ""
	}
	return *v
}

func TestComposeHasTheServices(t *testing.T) {
	p := compose(t)
	for name, want := range map[string]struct{ published, data string }{
		"coordinator": {published: "8080:8080"},
		"postgres":    {data: "postgres_data:/var/lib/postgresql/data"},
		"kafka":       {data: "kafka_data:/var/lib/kafka/data"},
		"prometheus":  {published: "9090:9090", data: "prometheus_data:/prometheus"},
		"grafana":     {published: "3000:3000", data: "grafana_data:/var/lib/grafana"},
	} {
		s := service(t, p, name)
		var published []string
		for _, port := range s.Ports {
			published = append(published, fmt.Sprintf("%s:%d", port.Published, port.Target))
		}
		if got := strings.Join(published, " "); got != want.published {
			t.Errorf("service %s publishes %q, want %q", name, got, want.published)
		}
		var data []string
		for _, v := range s.Volumes {
			if v.Type == types.VolumeTypeVolume {
				data = append(data, v.Source+":"+v.Target)
				if _, ok := p.Volumes[v.Source]; !ok {
					t.Errorf("service %s mounts volume %s, which is not declared", name, v.Source)
				}
			}
		}
		if got := strings.Join(data, " "); got != want.data {
			t.Errorf("service %s keeps its data in %q, want %q", name, got, want.data)
		}
		if s.Restart != "unless-stopped" {
			t.Errorf("service %s: restart %q", name, s.Restart)
		}
		if s.Image != "" && !pinned.MatchString(s.Image) {
			t.Errorf("service %s: image %s is not pinned to a version", name, s.Image)
		}
		if s.Image != "" && (s.HealthCheck == nil || len(s.HealthCheck.Test) < 2) {
			t.Errorf("service %s has no health check", name)
		}
	}
	if len(p.Services) != 5 {
		t.Errorf("services %v: this test knows five", p.ServiceNames())
	}
}

// pinned is an image with a version.
var pinned = regexp.MustCompile(`^[a-z0-9./-]+:v?[0-9]+(\.[0-9]+)*(-[a-z]+)?$`)

func TestComposeWaitsForWhatEachServiceNeeds(t *testing.T) {
	p := compose(t)
	for name, want := range map[string]map[string]string{
		"coordinator": {"postgres": types.ServiceConditionHealthy, "kafka": types.ServiceConditionHealthy},
		"prometheus":  {"coordinator": types.ServiceConditionStarted}, // a coordinator that is down is what it has to tell
		"grafana":     {"prometheus": types.ServiceConditionHealthy},
	} {
		got := map[string]string{}
		for needed, d := range service(t, p, name).DependsOn {
			got[needed] = d.Condition
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("service %s depends on %v, want %v", name, got, want)
		}
	}
}

// TestComposeCoordinator holds the coordinator's variables to those that the binary reads, and its addresses to what the other
// services are.
func TestComposeCoordinator(t *testing.T) {
	d, p := coordinator(t), compose(t)
	s := service(t, p, "coordinator")
	for name := range s.Environment {
		d.checkVariable(t, "docker-compose.yml", name)
	}
	help := d.help(t)
	if port := value(t, s, "API_PORT"); !strings.Contains(help, "--port="+port+" ") || fmt.Sprint(s.Ports[0].Target) != port {
		t.Errorf("API_PORT %s, published %d; see --help: %s", port, s.Ports[0].Target, help)
	}
	postgres := service(t, p, "postgres")
	config, err := pgx.ParseConfig(value(t, s, "DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	if config.Host != "postgres" || config.Port != 5432 || config.User != value(t, postgres, "POSTGRES_USER") ||
		config.Password != value(t, postgres, "POSTGRES_PASSWORD") || config.Database != value(t, postgres, "POSTGRES_DB") {
		t.Errorf("DATABASE_URL %s does not fit service postgres", config.ConnString())
	}
	if look := strings.Join(postgres.HealthCheck.Test, " "); !strings.Contains(look, "-U "+config.User+" ") || !strings.Contains(look, "-d "+config.Database) {
		t.Errorf("postgres' health check asks as another user, or for another database: %s", look)
	}
	if brokers, advertised := value(t, s, "KAFKA_BROKERS"), value(t, service(t, p, "kafka"), "KAFKA_ADVERTISED_LISTENERS"); advertised != "PLAINTEXT://"+brokers {
		t.Errorf("KAFKA_BROKERS %s, and Kafka advertises %s", brokers, advertised)
	}
	if s.Build == nil || filepath.Join(s.Build.Context, s.Build.Dockerfile) != filepath.Join(p.WorkingDir, "deploy", "Dockerfile") {
		t.Errorf("built by %+v", s.Build)
	}
	if len(s.EnvFiles) != 1 || bool(s.EnvFiles[0].Required) {
		t.Errorf("the file .env must be read, and may be missing: %+v", s.EnvFiles)
	}
}

func TestComposeKafkaIsOneBrokerInKRaftMode(t *testing.T) {
	kafka := service(t, compose(t), "kafka")
	for name, want := range map[string]string{
		"KAFKA_PROCESS_ROLES": "broker,controller", "KAFKA_NODE_ID": "1", "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@kafka:9093",
		"KAFKA_LOG_DIRS": "/var/lib/kafka/data", "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
		"KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1", "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
	} {
		if got := value(t, kafka, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if len(value(t, kafka, "CLUSTER_ID")) != 22 {
		t.Error("CLUSTER_ID: want 16 bytes, base64url without padding")
	}
	// The release that make test-kafka runs.
	_, tested, _ := strings.Cut(read(t, root, "internal", "eventlog", "kafkatest", "pom.xml"), "<artifactId>kafka_2.13</artifactId>")
	_, version, _ := strings.Cut(tested, "<version>")
	version, _, _ = strings.Cut(version, "</version>")
	if kafka.Image != "apache/kafka:"+version {
		t.Errorf("image %s, and the tests run Kafka %s", kafka.Image, version)
	}
}

// TestComposeMountsWhatIsThere holds every file that is mounted to one of the repository, and the migrations to what an init
// folder can run: all of a file, so there must be no way down in it.
func TestComposeMountsWhatIsThere(t *testing.T) {
	p := compose(t)
	mounted := map[string]string{}
	for _, s := range p.Services {
		for _, v := range s.Volumes {
			if v.Type != types.VolumeTypeBind {
				continue
			}
			if _, err := os.Stat(v.Source); err != nil {
				t.Errorf("service %s: %v", s.Name, err)
			}
			if !v.ReadOnly {
				t.Errorf("service %s may write to %s", s.Name, v.Source)
			}
			from, err := filepath.Rel(p.WorkingDir, v.Source)
			if err != nil {
				t.Fatal(err)
			}
			mounted[s.Name+":"+v.Target] = filepath.ToSlash(from)
		}
	}
	want := map[string]string{
		"postgres:/docker-entrypoint-initdb.d": "migrations", "prometheus:/etc/prometheus": "deploy/prometheus",
		"grafana:/etc/grafana/provisioning": "deploy/grafana/provisioning", "grafana:/etc/grafana/dashboards": "deploy/grafana/dashboards",
	}
	if fmt.Sprint(mounted) != fmt.Sprint(want) {
		t.Errorf("mounted are\n%v\nwant\n%v", mounted, want)
	}
	files, err := migrations.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
		if strings.Contains(strings.ToLower(read(t, root, "migrations", f.Name())), "+goose down") {
			t.Errorf("%s has a way down, which the init folder would run too", f.Name())
		}
	}
	if len(names) == 0 || !slices.IsSorted(names) {
		t.Errorf("migrations %v", names)
	}
}

// TestGuideTellsOfTheServices holds the guide's table of services to docker-compose.yml.
func TestGuideTellsOfTheServices(t *testing.T) {
	p := compose(t)
	told := 0
	for line := range strings.Lines(guideDocument(t)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		s, err := p.GetService(strings.Trim(cells[0], " `"))
		if len(cells) != 4 || err != nil {
			continue
		}
		told++
		if s.Image != "" && strings.TrimSpace(cells[1]) != "`"+s.Image+"`" {
			t.Errorf("%s: the guide says %s, docker-compose.yml %s", s.Name, cells[1], s.Image)
		}
		published := "no"
		if len(s.Ports) > 0 {
			published = s.Ports[0].Published
		}
		if strings.TrimSpace(cells[2]) != published {
			t.Errorf("%s: the guide says that %s is published, docker-compose.yml %s", s.Name, cells[2], published)
		}
	}
	if told != len(p.Services) {
		t.Errorf("the guide tells of %d services, docker-compose.yml of %d", told, len(p.Services))
	}
}
