package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

// Build adds the stacks of a stage to the app. The folder assets holds <function>/bootstrap for every function.
func Build(app awscdk.App, c Config, assets string) error {
	if err := check(catalog.Functions, catalog.Routes); err != nil {
		return err
	}
	tag(app, "project", "preau")
	tag(app, "stage", c.Stage)

	data := newData(newStack(app, c, "data", "Table, user pool, keys, files, ledger, mail identity, alarms"), c)
	edge := newEdge(newStack(app, c, "edge", "Site and HTTP API on one origin"), c, data, newGlobal(app, c))
	for _, s := range []catalog.Stack{catalog.Citizen, catalog.Agent, catalog.Background} {
		audience := newAudience(newStack(app, c, string(s), "Functions: "+string(s)), c, data, edge)
		if err := audience.add(s, assets); err != nil {
			return err
		}
	}
	return nil
}

// tag marks every resource for bills and searches. Dashboards take tags in CloudFormation's own schema only.
func tag(app awscdk.App, key, value string) {
	awscdk.Tags_Of(app).Add(&key, &value, &awscdk.TagProps{ExcludeResourceTypes: texts("AWS::CloudWatch::Dashboard")})
}

func newStack(app awscdk.App, c Config, part, says string) awscdk.Stack {
	return awscdk.NewStack(app, jsii.String(c.name(part)), &awscdk.StackProps{
		Env:                   c.environment(c.Region),
		Description:           jsii.String("Préau " + c.Stage + ". " + says + "."),
		TerminationProtection: jsii.Bool(c.Keep),
		AnalyticsReporting:    jsii.Bool(false),
	})
}

func (c Config) environment(region string) *awscdk.Environment {
	env := &awscdk.Environment{Region: jsii.String(region)}
	if c.Account != "" {
		env.Account = &c.Account
	}
	return env
}

// name is the physical name of something in this stage: "preau-dev-sign-up".
func (c Config) name(part ...string) string {
	return strings.Join(append([]string{"preau", c.Stage}, part...), "-")
}

// removal says what becomes of data whose stack is deleted.
func (c Config) removal() awscdk.RemovalPolicy {
	if c.Keep {
		return awscdk.RemovalPolicy_RETAIN
	}
	return awscdk.RemovalPolicy_DESTROY
}

func texts(values ...string) *[]*string { return jsii.Strings(values...) }
