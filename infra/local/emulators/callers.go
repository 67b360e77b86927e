package emulators

import (
	"fmt"
	"net/http"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
)

// callers knows each function by its access key.
type callers struct {
	functions map[string]catalog.Function
	report    func(line string) // told what a function may not do
}

func newCallers(functions []catalog.Function, report func(string)) callers {
	c := callers{functions: map[string]catalog.Function{}, report: report}
	for _, f := range functions {
		c.functions[AccessKey(f.Name)] = f
	}
	return c
}

// A caller is who signed a request: a function, or the platform, which may do everything.
type caller struct {
	function catalog.Function
	platform bool
	report   func(line string)
}

// of finds the caller of a request by its header; a key that nobody has is refused as AWS does.
func (c callers) of(r *http.Request) (caller, *awsjson.Error) { return c.by(awsjson.AccessKey(r)) }

// by finds who has an access key.
func (c callers) by(key string) (caller, *awsjson.Error) {
	if key == PlatformKey {
		return caller{platform: true}, nil
	}
	f, ok := c.functions[key]
	if !ok {
		return caller{}, &awsjson.Error{Type: "UnrecognizedClientException", Message: "The security token included in the request is invalid."}
	}
	return caller{function: f, report: c.report}, nil
}

// denied is what IAM answers to a function without the right; action is as in "dynamodb:PutItem". The developer is told
// where to grant it.
func (c caller) denied(action, resource string) *awsjson.Error {
	name := c.function.Name
	c.report(name + " may not " + action + ": infra/catalog/functions.go grants rights")
	return &awsjson.Error{Type: "AccessDeniedException", Message: fmt.Sprintf(
		"User: arn:aws:sts::%s:assumed-role/%s/%s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action",
		Account, name, name, action, resource, action)}
}
