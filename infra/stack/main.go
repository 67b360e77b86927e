package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	if err := synth(app); err != nil {
		jsii.Close()
		fmt.Fprintln(os.Stderr, "stack:", err)
		os.Exit(1)
	}
}

// synth writes the templates of the stage that the context names. The context's "assets" is the folder that holds
// <function>/bootstrap, by default what infra/stack/build writes.
func synth(app awscdk.App) error {
	c, err := Load(contextOr(app, "stage", ""), os.Getenv)
	if err != nil {
		return err
	}
	if err := Build(app, c, contextOr(app, "assets", "bin/lambda")); err != nil {
		return err
	}
	app.Synth(nil)
	return nil
}

func contextOr(app awscdk.App, key, otherwise string) string {
	if v, ok := app.Node().TryGetContext(&key).(string); ok && v != "" {
		return v
	}
	return otherwise
}
