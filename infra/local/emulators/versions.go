package emulators

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

// A runtime is what the emulators run on.
type runtime struct {
	program string
	version string         // the option that prints it
	number  *regexp.Regexp // major and minor in what it prints; the minor may be empty
	least   string
	good    func(major, minor int) bool
}

// DynamoDB Local is compiled for Java 17. The mailbox requires ES modules from CommonJS, which Node does from 20.19 and
// 22.12 on.
var runtimes = []runtime{
	{
		"java", "-version", regexp.MustCompile(`version "(?:1\.)?(\d+)()`), "Java 17 or later",
		func(major, _ int) bool { return major >= 17 },
	},
	{
		"node", "--version", regexp.MustCompile(`v(\d+)\.(\d+)`), "Node.js 20.19 or later (of 22: 22.12 or later)",
		func(major, minor int) bool {
			return major > 22 || major == 22 && minor >= 12 || major == 20 && minor >= 19
		},
	},
}

// checkRuntimes says which program is missing or too old.
func checkRuntimes(ctx context.Context) error {
	for _, r := range runtimes {
		path, err := find(r.program)
		if err != nil {
			return err
		}
		out, err := exec.CommandContext(ctx, path, r.version).CombinedOutput()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("%s does not work: %s (%w)\n%s", path, howToGet[r.program], err, out)
		}
		if err := r.check(string(out)); err != nil {
			return err
		}
	}
	return nil
}

// check reads what the program says of itself. What it does not understand it lets pass.
func (r runtime) check(printed string) error {
	found := r.number.FindStringSubmatch(printed)
	if found == nil {
		return nil
	}
	major, _ := strconv.Atoi(found[1]) // digits
	minor, _ := strconv.Atoi(found[2]) // digits or nothing
	if r.good(major, minor) {
		return nil
	}
	version := found[1]
	if found[2] != "" {
		version += "." + found[2]
	}
	return fmt.Errorf("%s is needed; this is %s: %s, then run this again", r.least, version, howToGet[r.program])
}
