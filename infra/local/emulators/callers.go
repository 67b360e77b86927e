package emulators

import (
	"fmt"
	"net/http"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
)

// callers knows each function by its access key.
type callers map[string]catalog.Function

func newCallers(functions []catalog.Function) callers {
	c := callers{}
	for _, f := range functions {
		c[AccessKey(f.Name)] = f
	}
	return c
}

// A caller is who signed a request: a function, or the platform, which may do everything.
type caller struct {
	function catalog.Function
	platform bool
}

// of finds the caller of a request; a key that nobody has is refused as AWS does.
func (c callers) of(r *http.Request) (caller, *awsjson.Error) {
	key := awsjson.AccessKey(r)
	if key == PlatformKey {
		return caller{platform: true}, nil
	}
	f, ok := c[key]
	if !ok {
		return caller{}, &awsjson.Error{Type: "UnrecognizedClientException", Message: "The security token included in the request is invalid."}
	}
	return caller{function: f}, nil
}

// denied is what IAM answers to a function without the right; action is as in "dynamodb:PutItem".
func (c caller) denied(action, resource string) *awsjson.Error {
	name := c.function.Name
	return &awsjson.Error{Type: "AccessDeniedException", Message: fmt.Sprintf(
		"User: arn:aws:sts::%s:assumed-role/%s/%s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action",
		Account, name, name, action, resource, action)}
}
