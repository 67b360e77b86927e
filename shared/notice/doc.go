// Package notice answers when a day may be asked for: délais de prévenance as data.
//
// Each town writes its own regulation, so its rules are a settings document in JSON that Parse reads and Judge applies.
// Everything here is pure: days come from a schooldays.Calendar, the instant and the zone are given.
//
// # The language
//
//	{"rules": [rule, …], "weeks": [week rule, …], "note": "Article 5"}
//
// The first rule that fits a request decides it, so exceptions come first and the usual case last:
//
//	kind       "booking" or "absence"; left out: both
//	residents  true: only families of the town; false: only others; left out: everybody
//	if         conditions on the day, all of which must hold
//	opens      moment from which asking is possible; left out: always
//	closes     moment at which it ends; left out: when the service starts
//	late       {"until": moment, "surcharge": "50 %"}: taken after closes, with a surcharge; until left out: when the service starts
//	never      true, instead of the three above: nothing is taken
//	note       free text
//
// A kind that no rule is about is open until the service starts. A request that no rule fits, where others of its kind
// stand, is closed: a list of fixed windows takes nothing outside of them.
//
// # Moments
//
// A moment is {"from": anchor, "at": hour, "steps": [step, …]}: an anchor at an hour, then moved step by step.
//
//	from  day         the day asked for (where from is left out)
//	      service     the start of the service on that day; it gives the hour too
//	      week        Monday of its ISO week
//	      month       first day of its month
//	      period      first day of its holidays (a Saturday), or of its term between two holidays
//	      schoolYear  1 September of its school year
//	      2026-11-23  that date
//	at    "09:00"; left out: the start of the day for opens, its end ("24:00") for closes and late
//
//	{"earliest": [moment, …]}  the first of several moments
//	{"latest": [moment, …]}    the last
//
// A limit is exclusive: at 09:00 it is too late, 08:59:59 is the last second. "23:59", "minuit" or "inclus" in a town's
// text mean the end of the day: write 24:00, or no hour.
//
// # Steps
//
// A negative number goes back. A step keeps the hour.
//
//	{"days": -2}                               calendar days
//	{"days": -2, "of": ["working"]}            only days of these sorts count; the day itself does not
//	{"days": -2, "of": […], "except": […]}     … and none of those
//	{"clearDays": -15}                         15 whole days stay in between (jours francs)
//	{"weeks": -1}  {"months": -1}              a month that is too short ends on its last day
//	{"periods": -1}                            first day of the period before: holidays and terms alternate
//	{"weekday": "tue"}                         Tuesday of the same ISO week
//	{"dayOfMonth": 15}                         of the same month; 31: its last day
//	{"nth": -1, "in": "month", "of": ["fri"]}  last Friday of the same week, month or period; 2: the second day …
//	{"roll": "back", "to": ["working"]}        where the day is none of these, the nearest before (forward: after)
//	{"hours": -72}  {"minutes": -30}           on the wall clock: 72 hours before 11:45 is 11:45, also when clocks change
//
// An nth day beyond its week, month or period is looked for outside of it: in a week without school, the last school day
// is one of the weeks before.
//
// # Sorts of days
//
//	mon … sun            weekdays
//	school               classes at the child's school
//	working              jours ouvrés: Monday to Friday without public holidays
//	workable             jours ouvrables: Saturdays too
//	publicHoliday        jours fériés
//	term, holidays       periods of the school year, weekends included
//	autumn, christmas, winter, spring, summer   each of the holidays
//	evenWeek, oddWeek    ISO weeks
//	jan … dec            months
//
// # Conditions
//
// A condition is {"from": anchor, "steps": [step, …], "is": [sort, …], "not": [sort, …], "between": {"from": date, "to":
// date}}: the day that from and steps lead to is of one of these sorts, of none of those, and in that period.
//
//	[{"is": ["mon", "tue"]}]                                   for Mondays and Tuesdays
//	[{"is": ["wed"]}, {"is": ["term"]}]                        for Wednesdays of term
//	[{"from": "week", "is": ["publicHoliday"]}]                when Monday of the week is a public holiday
//	[{"steps": [{"days": -1}], "is": ["publicHoliday"]}]       when the day before is one
//	[{"between": {"from": "2026-10-19", "to": "2026-10-30"}}]  between two dates
//
// # Forms
//
//	the day before at 18:00             {"at": "18:00", "steps": [{"days": -1}]}
//	48 hours before the service         {"from": "service", "steps": [{"hours": -48}]}
//	two working days before at 10:00    {"at": "10:00", "steps": [{"days": -2, "of": ["working"]}]}
//	the school day before at 11:00      {"at": "11:00", "steps": [{"days": -1, "of": ["school"]}]}
//	Friday noon for the week after      {"from": "week", "at": "12:00", "steps": [{"weeks": -1}, {"weekday": "fri"}]}
//	the same, the day before if closed  … [{"weeks": -1}, {"weekday": "fri"}, {"roll": "back", "to": ["working"]}]
//	the 15th of the month before        {"from": "month", "steps": [{"months": -1}, {"dayOfMonth": 15}]}
//	last school day before holidays     {"from": "period", "steps": [{"days": -1, "of": ["school"]}]}
//	three weeks before the holidays     {"from": "period", "steps": [{"weeks": -3}]}
//	opens six weeks ahead, Monday 8:00  {"from": "week", "at": "08:00", "steps": [{"weeks": -6}]}
//	15 June before the school year      {"from": "schoolYear", "steps": [{"months": -3}, {"dayOfMonth": 15}]}
//	until 24 September 2026 at noon     {"from": "2026-09-24", "at": "12:00"}
//	the earlier of two limits           {"earliest": [{"steps": [{"days": -2}]}, {"from": "week", "steps": [{"days": -3}]}]}
//
// # Weeks
//
// Rules for weeks are about the days taken together: {"whole": true} or {"minimumDays": 3}, with "if" as above, tried on
// the first day taken of each week. Weeks applies them.
//
// rules.schema.json is the schema of all this; testdata holds regulations that towns publish, written in it, and
// testdata/plausible others in their style. To try a document alone: go run ./infra/local/notice -h.
package notice
