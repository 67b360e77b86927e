package notice

import (
	"errors"
	"strings"
	"testing"

	"preau/shared/refusal"
	"preau/shared/schooldays"
)

func TestADocumentThatMakesNoSenseIsRefusedWithThePathOfItsMistake(t *testing.T) {
	t.Parallel()
	// bySchema: an editor that knows the schema sees the mistake too; what is left is beyond a schema.
	cases := []struct {
		says, document, path, code string
		bySchema                   bool
	}{
		{"nothing", ``, "$", "not_json", true},
		{"what is no JSON", `{"rules": [`, "$", "not_json", true},
		{"two documents", `{} {}`, "$", "not_json", true},
		{"a list", `[]`, "$", "wrong_type", true},
		{"null", `null`, "$", "wrong_type", true},
		{"no rules", `{}`, "rules", "missing", true},
		{"an empty list of rules", `{"rules": []}`, "rules", "missing", true},
		{"rules that are no list", `{"rules": {}}`, "rules", "wrong_type", true},
		{"a key of no meaning", `{"rules": [{"closes": {"at": "09:00"}}], "rulez": 1}`, "rulez", "unknown_key", true},
		{"a rule that is a text", `{"rules": ["never"]}`, "rules[0]", "wrong_type", true},
		{"a rule that says nothing", `{"rules": [{}]}`, "rules[0].closes", "missing", true},
		{"a key of no meaning in a rule", `{"rules": [{"close": {"at": "09:00"}}]}`, "rules[0].close", "unknown_key", true},
		{"a kind that is none", `{"rules": [{"kind": "holiday", "never": true}]}`, "rules[0].kind", "not_allowed", true},
		{"an empty kind", `{"rules": [{"kind": "", "never": true}]}`, "rules[0].kind", "not_allowed", true},
		{"residents that are no yes or no", `{"rules": [{"residents": "first", "never": true}]}`, "rules[0].residents", "wrong_type", true},
		{"never and a limit", `{"rules": [{"never": true, "closes": {"at": "09:00"}}]}`, "rules[0].closes", "contradiction", true},
		{"never that is false", `{"rules": [{"never": false}]}`, "rules[0].never", "not_allowed", true},
		{"late without a closing", `{"rules": [{"opens": {"at": "09:00"}, "late": {}}]}`, "rules[0].late", "contradiction", true},
		{"a surcharge that is a number", `{"rules": [{"closes": {"at": "09:00"}, "late": {"surcharge": 50}}]}`, "rules[0].late.surcharge", "wrong_type", true},
		{"a rule behind one that takes all", `{"rules": [{"closes": {"at": "09:00"}}, {"kind": "absence", "never": true}]}`, "rules[1]", "unreachable", false},
		{"a rule for residents behind one for all", `{"rules": [{"closes": {"at": "09:00"}}, {"residents": true, "never": true}]}`, "rules[1]", "unreachable", false},
		{"a key twice", `{"rules": [{"closes": {"at": "09:00"}, "closes": {"at": "10:00"}}]}`, "rules[0].closes", "duplicate_key", false},
		{"a moment of nothing", `{"rules": [{"closes": {}}]}`, "rules[0].closes", "missing", true},
		{"a moment that is a text", `{"rules": [{"closes": "09:00"}]}`, "rules[0].closes", "wrong_type", true},
		{"an hour past midnight", `{"rules": [{"closes": {"at": "24:30"}}]}`, "rules[0].closes.at", "not_an_hour", true},
		{"an hour of one digit", `{"rules": [{"closes": {"at": "9:00"}}]}`, "rules[0].closes.at", "not_an_hour", true},
		{"an hour in French", `{"rules": [{"closes": {"at": "9h"}}]}`, "rules[0].closes.at", "not_an_hour", true},
		{"an empty hour", `{"rules": [{"closes": {"at": ""}}]}`, "rules[0].closes.at", "not_an_hour", true},
		{"an hour that is a number", `{"rules": [{"closes": {"at": 9}}]}`, "rules[0].closes.at", "wrong_type", true},
		{"an hour of the service’s hour", `{"rules": [{"closes": {"from": "service", "at": "09:00"}}]}`, "rules[0].closes.at", "contradiction", true},
		{"an anchor that is none", `{"rules": [{"closes": {"from": "quarter"}}]}`, "rules[0].closes.from", "not_allowed", true},
		{"an anchor that is null", `{"rules": [{"closes": {"from": null}}]}`, "rules[0].closes.from", "wrong_type", true},
		{"a date that does not exist", `{"rules": [{"closes": {"from": "2026-02-30"}}]}`, "rules[0].closes.from", "not_a_day", true},
		{"a date of the far future", `{"rules": [{"closes": {"from": "9999-12-31"}}]}`, "rules[0].closes.from", "out_of_range", true},
		{"no steps", `{"rules": [{"closes": {"steps": []}}]}`, "rules[0].closes.steps", "missing", true},
		{"a step of nothing", `{"rules": [{"closes": {"steps": [{}]}}]}`, "rules[0].closes.steps[0]", "one_move", true},
		{"a step of two moves", `{"rules": [{"closes": {"steps": [{"weeks": -1, "weekday": "fri"}]}}]}`, "rules[0].closes.steps[0]", "one_move", true},
		{"a step of no meaning", `{"rules": [{"closes": {"steps": [{"years": -1}]}}]}`, "rules[0].closes.steps[0].years", "unknown_key", true},
		{"a step that is a text", `{"rules": [{"closes": {"steps": ["back"]}}]}`, "rules[0].closes.steps[0]", "wrong_type", true},
		{"a step of no days", `{"rules": [{"closes": {"steps": [{"days": 0}]}}]}`, "rules[0].closes.steps[0].days", "out_of_range", true},
		{"a step of half a day", `{"rules": [{"closes": {"steps": [{"days": -0.5}]}}]}`, "rules[0].closes.steps[0].days", "out_of_range", true},
		{"a step of years", `{"rules": [{"closes": {"steps": [{"days": -4000}]}}]}`, "rules[0].closes.steps[0].days", "out_of_range", true},
		{"a number no machine holds", `{"rules": [{"closes": {"steps": [{"days": -1e99}]}}]}`, "rules[0].closes.steps[0].days", "out_of_range", true},
		{"a hundred school days", `{"rules": [{"closes": {"steps": [{"days": -100, "of": ["school"]}]}}]}`, "rules[0].closes.steps[0].days", "out_of_range", true},
		{"days of a sort that is none", `{"rules": [{"closes": {"steps": [{"days": -1, "of": ["open"]}]}}]}`, "rules[0].closes.steps[0].of[0]", "not_allowed", true},
		{"days of one sort as a text", `{"rules": [{"closes": {"steps": [{"days": -1, "of": "school"}]}}]}`, "rules[0].closes.steps[0].of", "wrong_type", true},
		{"a sort twice", `{"rules": [{"closes": {"steps": [{"days": -1, "of": ["mon", "mon"]}]}}]}`, "rules[0].closes.steps[0].of[1]", "duplicate", true},
		{"weeks of a sort", `{"rules": [{"closes": {"steps": [{"weeks": -1, "of": ["school"]}]}}]}`, "rules[0].closes.steps[0].of", "unknown_key", true},
		{"a weekday that is none", `{"rules": [{"closes": {"steps": [{"weekday": "lundi"}]}}]}`, "rules[0].closes.steps[0].weekday", "not_allowed", true},
		{"a 32nd of the month", `{"rules": [{"closes": {"steps": [{"dayOfMonth": 32}]}}]}`, "rules[0].closes.steps[0].dayOfMonth", "out_of_range", true},
		{"an nth of nothing", `{"rules": [{"closes": {"steps": [{"nth": 1, "of": ["fri"]}]}}]}`, "rules[0].closes.steps[0].in", "missing", true},
		{"a roll to nowhere", `{"rules": [{"closes": {"steps": [{"roll": "back"}]}}]}`, "rules[0].closes.steps[0].to", "missing", true},
		{"a roll sideways", `{"rules": [{"closes": {"steps": [{"roll": "up", "to": ["school"]}]}}]}`, "rules[0].closes.steps[0].roll", "not_allowed", true},
		{"the earliest of one", `{"rules": [{"closes": {"earliest": [{"at": "09:00"}]}}]}`, "rules[0].closes.earliest", "missing", true},
		{"a mistake within the earliest", `{"rules": [{"closes": {"earliest": [{"at": "09:00"}, {"at": "25:00"}]}}]}`, "rules[0].closes.earliest[1].at", "not_an_hour", true},
		{"the earliest and the latest", `{"rules": [{"closes": {"earliest": [{"at": "09:00"}, {"at": "10:00"}], "latest": []}}]}`, "rules[0].closes.earliest", "unknown_key", true},
		{"an empty condition", `{"rules": [{"if": [{}], "never": true}]}`, "rules[0].if[0].is", "missing", true},
		{"conditions that are no list", `{"rules": [{"if": {"is": ["mon"]}, "never": true}]}`, "rules[0].if", "wrong_type", true},
		{"a condition on an hour", `{"rules": [{"if": [{"from": "service", "is": ["mon"]}], "never": true}]}`, "rules[0].if[0].from", "not_allowed", true},
		{"a condition that steps by hours", `{"rules": [{"if": [{"steps": [{"hours": -1}], "is": ["mon"]}], "never": true}]}`, "rules[0].if[0].steps[0]", "not_allowed", true},
		{"a period without an end", `{"rules": [{"if": [{"between": {"from": "2026-10-01"}}], "never": true}]}`, "rules[0].if[0].between.to", "missing", true},
		{"a period turned round", `{"rules": [{"if": [{"between": {"from": "2026-10-02", "to": "2026-10-01"}}], "never": true}]}`, "rules[0].if[0].between.to", "period_reversed", false},
		{"a week that is whole and has a minimum", `{"weeks": [{"whole": true, "minimumDays": 3}]}`, "weeks[0].minimumDays", "contradiction", true},
		{"a week of eight days", `{"weeks": [{"minimumDays": 8}]}`, "weeks[0].minimumDays", "out_of_range", true},
		{"a week that asks for nothing", `{"weeks": [{"note": "libre"}]}`, "weeks[0].whole", "missing", true},
		{"a bottomless document", strings.Repeat(`{"rules":[`, 50) + strings.Repeat(`]}`, 50), "$", "not_json", true},
		{"an endless document", `{"note": "` + strings.Repeat("x", mostBytes) + `", "rules": [{"never": true}]}`, "$", "too_long", false},
	}
	s := schema(t)
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			_, err := Parse([]byte(c.document))
			if !told(err, c.path, c.code) {
				t.Errorf("got %v, want %s at %s", err, c.code, c.path)
			}
			if fits(t, s, []byte(c.document)) == c.bySchema {
				t.Errorf("the schema takes it: %v", !c.bySchema)
			}
		})
	}
}

func told(err error, path, code string) bool {
	var no *refusal.Refusal
	if !errors.As(err, &no) {
		return false
	}
	for _, f := range no.Fields {
		if f.Field == path && f.Code == code && f.Detail != "" {
			return true
		}
	}
	return false
}

func TestEveryMistakeIsTold(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte(`{"rules": [{"kind": "x", "closes": {"at": "25:00"}}, {"opens": {"from": "y"}}]}`))
	for path, code := range map[string]string{
		"rules[0].kind": "not_allowed", "rules[0].closes.at": "not_an_hour", "rules[1].opens.from": "not_allowed",
	} {
		if !told(err, path, code) {
			t.Errorf("%s is not told: %v", path, err)
		}
	}
}

func TestRulesThatMustNotStandAreRefused(t *testing.T) {
	t.Parallel()
	canteen, care := Activity{PrimaryCanteen: true, Starts: "11:45"}, Activity{Starts: "16:30"}
	first := `{"rules": [{"residents": true, "opens": {"steps": [{"weeks": -6}]}}, {"opens": {"steps": [{"weeks": -4}]}}]}`
	others := `{"rules": [{"residents": false, "never": true}]}`
	cases := []struct {
		says, document string
		of             Activity
		path, code     string
	}{
		{"residents first at a primary school’s canteen", first, canteen, "rules[0].residents", "residents_first_forbidden"},
		{"others shut out of a primary school’s canteen", others, canteen, "rules[0].residents", "residents_first_forbidden"},
		{"residents first elsewhere may stand", first, care, "", ""},
		{"an opening after the closing", `{"rules": [{"opens": {"from": "2026-10-05"}, "closes": {"from": "2026-10-04"}}]}`, care, "rules[0].opens", "opens_after_closing"},
		{
			"an opening after the closing on days of another year",
			`{"rules": [{"if": [{"between": {"from": "2031-02-01", "to": "2031-02-15"}}], "opens": {"from": "2031-01-05"}, "closes": {"from": "2031-01-04"}}]}`,
			care, "rules[0].opens", "opens_after_closing",
		},
		{"an opening after the closing, by steps", `{"rules": [{"opens": {"steps": [{"weeks": -1}]}, "closes": {"steps": [{"days": -8}]}}]}`, care, "rules[0].opens", "opens_after_closing"},
		{"an opening between the closing and the end of late", `{"rules": [{"opens": {"steps": [{"weeks": -1}]}, "closes": {"steps": [{"days": -8}]}, "late": {}}]}`, care, "", ""},
		{"an opening after the closing on some days only", `{"rules": [{"opens": {"from": "month"}, "closes": {"steps": [{"days": -8}]}}]}`, care, "", ""},
		{"a window for days that never come", `{"rules": [{"if": [{"is": ["mon"]}, {"not": ["mon"]}], "opens": {"from": "2026-10-05"}, "closes": {"from": "2026-10-04"}}]}`, care, "", ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			rules, err := Parse([]byte(c.document))
			if err != nil {
				t.Fatal(err)
			}
			err = rules.Check(c.of, must(schooldays.New(schooldays.Settings{Zone: "A", Weekdays: schooldays.FourDays}, schooldays.Published())), "2026-09-01", paris)
			if c.code == "" && err != nil || c.code != "" && !told(err, c.path, c.code) {
				t.Errorf("got %v, want %q at %q", err, c.code, c.path)
			}
		})
	}
}
