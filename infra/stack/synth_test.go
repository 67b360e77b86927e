package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

// The variables by which this binary starts itself: with a folder for its tests, or to synthesise in a process of its own.
const (
	testRoot    = "STACK_TEST_ROOT"
	childStage  = "STACK_TEST_STAGE"
	childOut    = "STACK_TEST_OUT"
	childAssets = "STACK_TEST_ASSETS"
)

// TestMain synthesises without CDK's own validation, which one test runs: that is several times as fast. The library reads
// the environment before main, so the binary starts itself once more with it, and with a folder for all that is written.
func TestMain(m *testing.M) {
	switch stage := os.Getenv(childStage); {
	case stage != "":
		orExit(synthesise(stage, os.Getenv(childOut), os.Getenv(childAssets)))
	case os.Getenv(testRoot) == "":
		jsii.Close()
		env := append(os.Environ(), "CDK_VALIDATION=false", "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20")
		folder := must(os.MkdirTemp("", "stack-"))
		orExit(syscall.Exec(must(os.Executable()), os.Args, append(env, testRoot+"="+folder, "TMPDIR="+folder)))
	default:
		root = os.Getenv(testRoot)
		code := m.Run()
		os.RemoveAll(root)
		os.Exit(code)
	}
}

// root is the folder that tests share.
var root string

// one keeps parallel tests from talking to the one CDK process at once.
var one sync.Mutex

func orExit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// synthesise writes a stage's templates into a folder.
func synthesise(stage, out, assets string) error {
	c, err := Load(stage, func(string) string { return "" })
	if err != nil {
		return err
	}
	return synthesiseFrom(c, out, assets)
}

func synthesiseFrom(c Config, out, assets string) error {
	one.Lock()
	defer one.Unlock()
	context, err := cdkContext()
	if err != nil {
		return err
	}
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &out, Context: &context})
	if err := Build(app, c, assets); err != nil {
		return err
	}
	app.Synth(nil)
	return nil
}

// cdkContext is what the CDK command line would hand over.
func cdkContext() (map[string]any, error) {
	raw, err := os.ReadFile("../../cdk.json")
	if err != nil {
		return nil, err
	}
	var file struct{ Context map[string]any }
	return file.Context, json.Unmarshal(raw, &file)
}

// fakeAssets makes a one-byte bootstrap for every function.
var fakeAssets = sync.OnceValue(func() string {
	folder := filepath.Join(root, "assets")
	for _, f := range catalog.Functions {
		orExit(os.MkdirAll(filepath.Join(folder, f.Name), 0o755))
		orExit(os.WriteFile(filepath.Join(folder, f.Name, "bootstrap"), []byte("x"), 0o755))
	}
	return folder
})

// A stage's templates, synthesised once for all tests.
var (
	devFolder  = sync.OnceValue(func() string { return folderOf("dev") })
	prodFolder = sync.OnceValue(func() string { return folderOf("prod") })
	dev        = sync.OnceValue(func() assembly { return read("dev", devFolder()) })
	prod       = sync.OnceValue(func() assembly { return read("prod", prodFolder()) })
)

func folderOf(stage string) string {
	folder := filepath.Join(root, stage)
	orExit(synthesise(stage, folder, fakeAssets()))
	return folder
}

func must[T any](v T, err error) T {
	orExit(err)
	return v
}

func TestTwoSynthesesAreByteIdentical(t *testing.T) {
	t.Parallel()
	for stage, first := range map[string]string{"dev": devFolder(), "prod": prodFolder()} {
		again := t.TempDir()
		if err := synthesise(stage, again, fakeAssets()); err != nil {
			t.Fatal(err)
		}
		for _, file := range templatesIn(t, first) {
			a, b := must(os.ReadFile(file)), must(os.ReadFile(filepath.Join(again, filepath.Base(file))))
			if !bytes.Equal(a, b) {
				t.Errorf("%s differs between two syntheses of the same sources", filepath.Base(file))
			}
		}
	}
}

func TestCDKsOwnValidationFindsNothing(t *testing.T) {
	t.Parallel()
	for _, stage := range []string{"dev", "prod"} {
		out := t.TempDir()
		cmd := exec.Command(must(os.Executable()))
		cmd.Env = append(without(os.Environ(), "CDK_VALIDATION"), childStage+"="+stage, childOut+"="+out, childAssets+"="+fakeAssets())
		if log, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", stage, err, log)
		}
		var report struct{ PluginReports []any }
		if err := json.Unmarshal(must(os.ReadFile(filepath.Join(out, "validation-report.json"))), &report); err != nil {
			t.Fatal(err)
		}
		if len(report.PluginReports) > 0 {
			t.Errorf("%s: %v", stage, report.PluginReports)
		}
	}
}

func TestCfnLintAcceptsEveryTemplate(t *testing.T) {
	t.Parallel()
	lint, err := exec.LookPath("cfn-lint")
	if err != nil {
		t.Skip("cfn-lint is not installed: the templates were not linted")
	}
	// W3005: CDK writes out dependencies that references already imply.
	args := append([]string{"--ignore-checks", "W3005", "--template"}, templatesIn(t, devFolder())...)
	out, err := exec.Command(lint, append(args, templatesIn(t, prodFolder())...)...).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestCdkNagFindsNothingThatIsNotAccepted(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("../../node_modules/cdk-nag"); err != nil {
		t.Skip("cdk-nag is not installed (npm ci): its rules were not run")
	}
	if out, err := exec.Command("node", "nag.mjs", devFolder(), prodFolder()).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func templatesIn(t *testing.T, folder string) []string {
	t.Helper()
	files := must(filepath.Glob(filepath.Join(folder, "*.template.json")))
	if len(files) == 0 {
		t.Fatalf("no templates in %s", folder)
	}
	return files
}

func without(env []string, name string) []string {
	var kept []string
	for _, v := range env {
		if !strings.HasPrefix(v, name+"=") {
			kept = append(kept, v)
		}
	}
	return kept
}
