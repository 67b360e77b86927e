// Package journey tests the service as its users meet it: over HTTP, through the gateway, real function programs, the
// mailbox and the stream. journey_test.go is the families' guide from its first step to the list of requests;
// matrix_test.go tries every route of the catalog with every kind of caller.
package journey
