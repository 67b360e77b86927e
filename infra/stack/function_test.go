package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/catalog"
)

// lambdas finds a stage's functions by their catalog name.
func lambdas(a assembly, stage string) map[string]resource {
	found := map[string]resource{}
	for _, r := range a.of("", "AWS::Lambda::Function") {
		found[strings.TrimPrefix(fmt.Sprint(r.Properties["FunctionName"]), "preau-"+stage+"-")] = r
	}
	return found
}

func TestTheStackHoldsExactlyTheCatalogsFunctions(t *testing.T) {
	t.Parallel()
	for stage, a := range map[string]assembly{"dev": dev(), "prod": prod()} {
		var got, want []string
		for name := range lambdas(a, stage) {
			got = append(got, name)
		}
		for _, f := range catalog.Functions {
			want = append(want, f.Name)
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-catalog +template):\n%s", stage, diff)
		}
	}
}

func TestEveryFunctionIsAsTheCatalogSays(t *testing.T) {
	t.Parallel()
	for _, f := range catalog.Functions {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			r := lambdas(dev(), "dev")[f.Name]
			r.wants(t, map[string]any{
				"MemorySize": f.Memory, "Timeout": f.Timeout.Seconds(), "Architectures.0": "arm64", "Runtime": "provided.al2023",
				"Handler": "bootstrap", "Description": f.Does, "LoggingConfig.LogFormat": "JSON",
			})
			if len(dev().of(string(f.Stack), r.Type)) == 0 || dev()[string(f.Stack)].Resources == nil {
				t.Errorf("no functions in stack %s", f.Stack)
			}
			checkEnvironment(t, f, r)
			checkLogGroup(t, f, r)
		})
	}
}

func checkEnvironment(t *testing.T, f catalog.Function, r resource) {
	t.Helper()
	want := map[string]string{}
	for _, name := range f.Environment() {
		want[name] = environment[name]
	}
	got := map[string]string{}
	variables, _ := r.at("Environment", "Variables").(map[string]any)
	for name, value := range variables {
		got[name] = dev().text(string(f.Stack), value)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
}

// environment is what each variable leads to in dev.
var environment = map[string]string{
	catalog.EnvStage:         "dev",
	catalog.EnvTable:         "AWS::DynamoDB::GlobalTable",
	catalog.EnvPool:          "AWS::Cognito::UserPool",
	catalog.EnvCitizenClient: "AWS::Cognito::UserPoolClient",
	catalog.EnvAgentClient:   "AWS::Cognito::UserPoolClient",
	catalog.EnvCitizenSecret: "{{resolve:secretsmanager:AWS::SecretsManager::Secret:SecretString:citizen::}}",
	catalog.EnvAgentSecret:   "{{resolve:secretsmanager:AWS::SecretsManager::Secret:SecretString:agent::}}",
	catalog.EnvMacKey:        "AWS::KMS::Key(HMAC_256)",
	catalog.EnvKeyring:       "AWS::DynamoDB::Table",
	catalog.EnvSealKey:       "AWS::KMS::Key(SYMMETRIC_DEFAULT)",
	catalog.EnvFiles:         "AWS::S3::Bucket(Files)",
	catalog.EnvLedger:        "AWS::S3::Bucket(Ledger)",
	catalog.EnvPortal:        "https://AWS::CloudFront::Distribution.DomainName",
	catalog.EnvMailFrom:      "dev@preau.example",
	catalog.EnvMailConfig:    "AWS::SES::ConfigurationSet",
	catalog.EnvOriginSecret:  "{{resolve:secretsmanager:OriginSecret1:SecretString:::}},{{resolve:secretsmanager:OriginSecret2:SecretString:::}}",
}

func checkLogGroup(t *testing.T, f catalog.Function, r resource) {
	t.Helper()
	id, _ := r.at("LoggingConfig", "LogGroup", "Ref").(string)
	group := dev()[string(f.Stack)].Resources[id]
	if group.Type != "AWS::Logs::LogGroup" {
		t.Fatalf("logs to %q, want a log group of its own in the same stack", id)
	}
	group.wants(t, map[string]any{"LogGroupName": "/preau/dev/" + f.Name, "RetentionInDays": 14})
}

func TestTheTwoClientsAreNotMixedUp(t *testing.T) {
	t.Parallel()
	signIn := lambdas(dev(), "dev")["sign-in"]
	for variable, export := range map[string]string{
		catalog.EnvCitizenClient: "PoolCitizen", catalog.EnvAgentClient: "PoolAgent",
		catalog.EnvCitizenSecret: ":SecretString:citizen::", catalog.EnvAgentSecret: ":SecretString:agent::",
	} {
		if got := fmt.Sprint(signIn.at("Environment", "Variables", variable)); !strings.Contains(got, export) {
			t.Errorf("%s is %s, want the client %s", variable, got, export)
		}
	}
}

func TestOnlyFunctionsThatHandleSessionsGetTheClientSecrets(t *testing.T) {
	t.Parallel()
	for _, f := range catalog.Functions {
		got := fmt.Sprint(lambdas(prod(), "prod")[f.Name].Properties["Environment"])
		if has := strings.Contains(got, "ClientSecrets"); has != f.Sessions {
			t.Errorf("%s gets the clients' secrets: %v, handles sessions: %v", f.Name, has, f.Sessions)
		}
	}
}

// Whoever may list stacks reads outputs and exports, and whoever reads a template reads what is written there.
func TestClientSecretsAreReferredToInTheirSecretAlone(t *testing.T) {
	t.Parallel()
	for stage, a := range map[string]assembly{"dev": dev(), "prod": prod()} {
		for part, template := range a {
			for name, output := range template.Outputs {
				if strings.HasSuffix(a.text(part, output.Value), ".ClientSecret") {
					t.Errorf("%s: output %s of %s shows a client's secret", stage, name, part)
				}
			}
		}
		const want = `{"agent":"AWS::Cognito::UserPoolClient.ClientSecret","citizen":"AWS::Cognito::UserPoolClient.ClientSecret"}`
		secret := a.the(t, "data", "AWS::SecretsManager::Secret").Properties["SecretString"]
		if got := a.text("data", secret); got != want {
			t.Errorf("%s: the secret holds %s", stage, got)
		}
		if raw := fmt.Sprint(secret); strings.Index(raw, "PoolAgent") > strings.Index(raw, "PoolCitizen") {
			t.Errorf("%s: the clients are mixed up: %s", stage, raw)
		}
	}
}

func TestNoFunctionAsksCognitoForAClientSecret(t *testing.T) {
	t.Parallel()
	forEachRight(t, func(f catalog.Function, _, action string) {
		if action == "cognito-idp:DescribeUserPoolClient" {
			t.Errorf("%s may %s", f.Name, action)
		}
	})
}

func TestEveryStackStaysFarBelowCloudFormationsLimit(t *testing.T) {
	t.Parallel()
	for part, template := range prod() {
		if n := len(template.Resources); n >= 500 {
			t.Errorf("stack %s has %d resources, CloudFormation takes 500", part, n)
		}
	}
}
