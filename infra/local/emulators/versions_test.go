package emulators

import (
	"strings"
	"testing"
)

func TestAnOldRuntimeIsRefusedWithTheVersionThatIsNeeded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ program, printed, want string }{
		{"java", "openjdk version \"17.0.15\" 2025-04-15\nOpenJDK Runtime Environment", ""},
		{"java", "Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version \"21-ea\" 2023-09-19", ""},
		{"java", "openjdk version \"11.0.22\" 2024-01-16", "Java 17 or later is needed; this is 11: "},
		{"java", "java version \"1.8.0_392\"", "Java 17 or later is needed; this is 8: "},
		{"java", "no version at all", ""},
		{"node", "v20.19.0\n", ""},
		{"node", "v22.12.0\n", ""},
		{"node", "v24.0.1\n", ""},
		{"node", "v18.20.4\n", "Node.js 20.19 or later (of 22: 22.12 or later) is needed; this is 18.20: "},
		{"node", "v20.18.3\n", "this is 20.18: "},
		{"node", "v21.7.0\n", "this is 21.7: "},
		{"node", "v22.11.0\n", "this is 22.11: "},
	} {
		for _, r := range runtimes {
			if r.program != c.program {
				continue
			}
			err := r.check(c.printed)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s %q: got %v, want %q", c.program, c.printed, err, c.want)
			}
		}
	}
}
