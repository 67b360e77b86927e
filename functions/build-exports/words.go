package main

import "preau/shared/family"

// choice says one choice of a field in French.
func choice(f family.Field, code string) string { return f.Wording(code) }
