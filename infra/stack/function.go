package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

// newFunction makes one Lambda with its own role and log group.
func (a *audience) newFunction(f catalog.Function, code string, env *map[string]*string, queue failed) awslambda.Function {
	logs := awslogs.NewLogGroup(a.stack, jsii.String("Logs-"+f.Name), &awslogs.LogGroupProps{
		LogGroupName: jsii.String(a.logGroup(f)), Retention: a.config.LogDays, RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	return awslambda.NewFunction(a.stack, &f.Name, &awslambda.FunctionProps{
		FunctionName:  jsii.String(a.config.name(f.Name)),
		Description:   &f.Does,
		Runtime:       awslambda.Runtime_PROVIDED_AL2023(),
		Architecture:  awslambda.Architecture_ARM_64(),
		Handler:       jsii.String("bootstrap"),
		Code:          awslambda.Code_FromAsset(&code, nil),
		MemorySize:    jsii.Number(f.Memory),
		Timeout:       awscdk.Duration_Seconds(jsii.Number(f.Timeout.Seconds())),
		Environment:   env,
		Role:          a.newRole(f, logs, queue),
		LogGroup:      logs,
		LoggingFormat: awslambda.LoggingFormat_JSON,
	})
}

func (a *audience) logGroup(f catalog.Function) string {
	return "/preau/" + a.config.Stage + "/" + f.Name
}
