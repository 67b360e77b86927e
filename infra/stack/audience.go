package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

// audience is an app stack while its functions are added.
type audience struct {
	stack  awscdk.Stack
	config Config
	data   data
	edge   edge
	env    map[string]*string // every variable that a function may ask for
	routes []awsapigatewayv2.CfnRoute
}

func newAudience(stack awscdk.Stack, c Config, d data, e edge) *audience {
	return &audience{stack: stack, config: c, data: d, edge: e, env: map[string]*string{
		catalog.EnvStage:         &c.Stage,
		catalog.EnvTable:         d.table.TableName(),
		catalog.EnvPool:          d.pool.UserPoolId(),
		catalog.EnvCitizenClient: d.clients.citizen.UserPoolClientId(),
		catalog.EnvAgentClient:   d.clients.agent.UserPoolClientId(),
		catalog.EnvCitizenSecret: deployedSecret(d.secrets.SecretArn(), string(catalog.Citizen)),
		catalog.EnvAgentSecret:   deployedSecret(d.secrets.SecretArn(), string(catalog.Agent)),
		catalog.EnvMacKey:        d.mac.KeyId(),
		catalog.EnvKeyring:       d.keyring.TableName(),
		catalog.EnvSealKey:       d.seal.KeyId(),
		catalog.EnvFiles:         d.files.BucketName(),
		catalog.EnvLedger:        d.ledger.BucketName(),
		catalog.EnvPortal:        e.portal,
		catalog.EnvMailFrom:      jsii.String(c.Mail.From),
		catalog.EnvMailConfig:    d.sender.set.ConfigurationSetName(),
		catalog.EnvOriginSecret:  e.taken,
	}}
}

// add makes the functions of a stack, with all that starts and watches them.
func (a *audience) add(s catalog.Stack, assets string) error {
	for _, f := range catalog.Functions {
		if f.Stack != s {
			continue
		}
		if err := a.addFunction(f, filepath.Join(assets, f.Name)); err != nil {
			return err
		}
	}
	if s == catalog.Citizen {
		a.addStage()
		a.watchAPI()
		a.watchCodes()
		a.addDashboard()
	}
	return nil
}

func (a *audience) addFunction(f catalog.Function, code string) error {
	if _, err := os.Stat(filepath.Join(code, "bootstrap")); err != nil {
		return fmt.Errorf("%s is not built (go run ./infra/stack/build): %w", f.Name, err)
	}
	env, err := a.environment(f)
	if err != nil {
		return err
	}
	var queue failed
	if f.Trigger != (catalog.Trigger{}) {
		queue = a.newFailed(f)
	}
	fn := a.newFunction(f, code, env, queue)
	a.addRoutes(f, fn)
	a.addTriggers(f, fn, queue)
	a.watchFunction(f)
	return nil
}

// environment gives a function the variables that the catalog names, and no other.
func (a *audience) environment(f catalog.Function) (*map[string]*string, error) {
	env := map[string]*string{}
	for _, name := range f.Environment() {
		value, known := a.env[name]
		if !known {
			return nil, fmt.Errorf("%s reads %s, which the stack does not know", f.Name, name)
		}
		env[name] = value
	}
	return &env, nil
}
