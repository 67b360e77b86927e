package main

import (
	"strings"
	"testing"
	"time"

	"preau/infra/catalog"
)

func TestLoadRefusesWhatMustNotBeDeployed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stage string
		env   map[string]string
		want  string // of the error; empty: none
	}{
		"an unknown stage":          {stage: "test", want: "unknown stage"},
		"no stage":                  {stage: "", want: "unknown stage"},
		"a shell in another region": {stage: "dev", env: map[string]string{"AWS_REGION": "us-east-1"}, want: "AWS_REGION is us-east-1"},

		"a shell whose default is another region":     {stage: "dev", env: map[string]string{"AWS_DEFAULT_REGION": "eu-west-1"}, want: "AWS_DEFAULT_REGION is eu-west-1"},
		"a shell in the right region":                 {stage: "dev", env: map[string]string{"AWS_REGION": "eu-west-3"}},
		"an account under placeholder names":          {stage: "prod", env: map[string]string{"CDK_DEFAULT_ACCOUNT": "123456789012"}, want: "placeholder"},
		"templates without credentials, placeholders": {stage: "prod"},
		"the CDK command line's own fallback region":  {stage: "dev", env: map[string]string{"CDK_DEFAULT_REGION": "us-east-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(test.stage, func(key string) string { return test.env[key] })
			wantError(t, err, test.want)
		})
	}
}

func TestAConfigurationIsChecked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*Config)
		want   string
	}{
		"as it is":                          {change: func(*Config) {}},
		"a region outside of the HDS scope": {change: func(c *Config) { c.Region = "us-east-1" }, want: "health data"},
		"no recovery":                       {change: func(c *Config) { c.RecoveryDays = 0 }, want: "1 to 35"},
		"more recovery than there is":       {change: func(c *Config) { c.RecoveryDays = 36 }, want: "1 to 35"},
		"no origin secret":                  {change: func(c *Config) { c.OriginSecret = 0 }, want: "begin with 1"},
		"a sender outside of its zone":      {change: func(c *Config) { c.Mail.From = "a@autre.example" }, want: "outside of the zone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := Load("prod", func(string) string { return "" })
			if err != nil {
				t.Fatal(err)
			}
			test.change(&c)
			wantError(t, c.check(), test.want)
		})
	}
}

func TestRealNamesMayBeDeployed(t *testing.T) {
	t.Parallel()
	c := Config{Account: "123456789012", Alarms: "astreinte@commune.fr", Mail: Mail{From: "portail@commune.fr"}}
	wantError(t, c.noPlaceholder(), "")
}

func TestTheCatalogIsCheckedBeforeAnythingIsMade(t *testing.T) {
	t.Parallel()
	reader := catalog.Function{Name: "a", Stack: catalog.Background, Trigger: catalog.Trigger{Stream: "X"}}
	for name, test := range map[string]struct {
		functions []catalog.Function
		routes    []catalog.Route
		want      string
	}{
		"the real one":           {functions: catalog.Functions, routes: catalog.Routes},
		"a third stream reader":  {functions: []catalog.Function{reader, reader, reader}, want: "at most 2"},
		"an index without Query": {functions: []catalog.Function{{Name: "a", Index: true}}, want: "but not Query"},
		"a route to nowhere":     {routes: []catalog.Route{{Method: "GET", Path: "/v1/x", Function: "x"}}, want: "no function"},
		"a slow HTTP function":   {functions: []catalog.Function{{Name: catalog.NotFound, Timeout: time.Minute}}, want: "HTTP API waits"},
		"an open route for agents": {
			functions: []catalog.Function{{Name: "a", Stack: catalog.Agent}},
			routes:    []catalog.Route{{Method: "GET", Path: "/v1/x", Function: "a", Caller: catalog.Anyone}}, want: "belongs to the citizen stack",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantError(t, check(test.functions, test.routes), test.want)
		})
	}
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("refused: %v", err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("error is %v, want one with %q", err, want)
	}
}
