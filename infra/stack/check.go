package main

import (
	"errors"
	"fmt"
	"slices"

	"preau/infra/catalog"
)

// streamReaders is how many functions may read the table's stream: a third one would slow all of them down.
const streamReaders = 2

// check refuses a catalog that AWS would take and that would then not do what it says.
func check(functions []catalog.Function, routes []catalog.Route) error {
	var errs []error
	byName := map[string]catalog.Function{}
	streams := 0
	for _, f := range functions {
		byName[f.Name] = f
		errs = append(errs, checkFunction(f))
		if f.Trigger.Streams() {
			streams++
		}
	}
	if streams > streamReaders {
		errs = append(errs, fmt.Errorf("%d functions read the table's stream, at most %d may", streams, streamReaders))
	}
	for _, r := range routes {
		errs = append(errs, checkRoute(r, byName))
	}
	return errors.Join(errs...)
}

func checkFunction(f catalog.Function) error {
	if f.Index && !slices.Contains(f.Table, catalog.Query) {
		return fmt.Errorf("%s may use the indexes but not Query", f.Name)
	}
	if f.HTTP() && f.Timeout > catalog.GatewayWait {
		return fmt.Errorf("%s may run for %s, the HTTP API waits %s", f.Name, f.Timeout, catalog.GatewayWait)
	}
	return nil
}

func checkRoute(r catalog.Route, byName map[string]catalog.Function) error {
	f, known := byName[r.Function]
	if !known {
		return fmt.Errorf("%s %s leads to %s, which is no function", r.Method, r.Path, r.Function)
	}
	if r.Caller == catalog.Anyone && f.Stack != catalog.Citizen {
		return fmt.Errorf("%s %s is open to anyone, so %s belongs to the citizen stack, whose stage throttles it", r.Method, r.Path, r.Function)
	}
	return nil
}
