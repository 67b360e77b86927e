package notice

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestTheFormsOfThePackageCommentAreOfTheLanguage(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, forms, _ := strings.Cut(string(text), "// # Forms")
	forms, _, _ = strings.Cut(forms, "// # Weeks")
	found := 0
	for _, moment := range regexp.MustCompile(`(?m) {2,}(\{.*\})$|  .* (\{.*\})$`).FindAllStringSubmatch(forms, -1) {
		found++
		if _, err := Parse([]byte(`{"rules": [{"closes": ` + moment[1] + moment[2] + `}]}`)); err != nil {
			t.Errorf("%s: %v", moment[0], err)
		}
	}
	_, conditions, _ := strings.Cut(string(text), "// # Conditions")
	for _, list := range regexp.MustCompile(`(?m)^//\t(\[.*?\]) {2,}`).FindAllStringSubmatch(conditions, -1) {
		found++
		if _, err := Parse([]byte(`{"rules": [{"never": true, "if": ` + list[1] + `}]}`)); err != nil {
			t.Errorf("%s: %v", list[1], err)
		}
	}
	if found < 15 {
		t.Errorf("only %d forms were found", found)
	}
}
