// Command not-found answers unknown routes and methods: the HTTP API's $default.
package main

import "preau/shared/httpapi"

func main() { httpapi.Start(httpapi.Anyone(handle, httpapi.Unread)) }
