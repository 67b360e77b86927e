package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// accepted is a finding of cdk-nag's AwsSolutions rules that stands, and why.
type accepted struct{ rule, because string }

// accept notes on a resource, in its template's metadata, the findings that stand; nag.mjs reads them there.
func accept(resource constructs.IConstruct, findings ...accepted) {
	if child := resource.Node().DefaultChild(); child != nil {
		resource = child
	}
	notes := make([]any, len(findings))
	for i, f := range findings {
		notes[i] = map[string]any{"id": f.rule, "reason": f.because}
	}
	resource.(awscdk.CfnResource).AddMetadata(jsii.String("cdk_nag"), map[string]any{"rules_to_suppress": notes})
}
