package town

import (
	"fmt"
	"strconv"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

// AddChildren makes a family of children as they are given, enrolled at an activity for the season.
func (w *Town) AddChildren(id, activity string, children ...family.Member) {
	w.T.Helper()
	f, err := w.Store.CreateFamily(w.T.Context(), family.File{ID: id, Label: "Famille " + id, Children: children})
	check(w.T, err)
	for _, c := range children {
		check(w.T, f.Enrol(w.T.Context(), booking.Enrolment{ID: id + "-" + c.ID, Child: c.ID, Activity: activity, Period: w.Activities[0].Season}))
	}
}

// Child is a child as files have it.
func Child(id, firstName, lastName, born string) family.Member {
	return family.Member{ID: id, Target: family.Child, Values: map[string]map[string]any{
		"identity": {"firstName": firstName, "lastName": lastName, "birthDate": born},
	}}
}

// WriteDay writes a day as it is given, at its first revision unless it says another.
func (w *Town) WriteDay(f string, d booking.Day) {
	w.T.Helper()
	item := map[string]any{
		"Date": string(d.Date), "Child": d.Child, "Activity": d.Activity, "State": string(d.State), "Option": d.Option, "Request": d.Request, "Absence": d.Absence,
		"Reason": d.Reason, "Presence": string(d.Presence), "Late": d.Late, "Due": d.Due, "Justified": d.Justified, "Held": d.Held, "Rev": max(d.Rev, 1),
	}
	if d.Group != collectivity.AllAges {
		item["Group"] = d.Group
	}
	var ranks []any
	for _, r := range d.Ranks {
		ranks = append(ranks, r)
	}
	item["Ranks"] = ranks
	w.put("C#"+w.Slug+"#F#"+f, fmt.Sprintf("DAY#%s#%s#%s", d.Date, d.Child, d.Activity), item)
}

// Cancel has the town cancel an activity's day by an event.
func (w *Town) Cancel(activity string, d calendar.Date) {
	w.T.Helper()
	w.put("C#"+w.Slug, "SET#EVENT#1", map[string]any{
		"ID": "1", "Kind": string(collectivity.Strike), "Effect": string(collectivity.Cancels), "Name": "Grève", "Activities": []any{activity},
		"Period": map[string]any{"From": string(d), "To": string(d)},
	})
	w.Settings(func(*collectivity.Settings) {}) // moves the version
}

// WriteSlot writes the places of an age group on a day.
func (w *Town) WriteSlot(activity string, d calendar.Date, group string, capacity, taken, free, waiting int) {
	w.T.Helper()
	w.put(fmt.Sprintf("C#%s#S#%s", w.Slug, activity), "SLOT#"+string(d), map[string]any{
		"capacity_" + group: capacity, "taken_" + group: taken, "free_" + group: free, "waiting_" + group: waiting,
	})
}

// put writes a raw item; what says nothing is left out, as the store does.
func (w *Town) put(pk, sk string, item map[string]any) {
	w.T.Helper()
	r := testkit.Stack(w.T)
	item["PK"], item["SK"] = pk, sk
	in := map[string]any{"TableName": w.table, "Item": attribute(item).(map[string]any)["M"]}
	check(w.T, emulators.DynamoDB(r.DynamoDB).Call(w.T.Context(), "PutItem", in, nil))
}

// attribute is a value as DynamoDB's JSON has it; nil says nothing.
func attribute(v any) any {
	switch v := v.(type) {
	case string:
		if v != "" {
			return map[string]any{"S": v}
		}
	case int:
		return map[string]any{"N": strconv.Itoa(v)}
	case bool:
		if v {
			return map[string]any{"BOOL": true}
		}
	case []any:
		list := []any{}
		for _, one := range v {
			list = append(list, attribute(one))
		}
		return map[string]any{"L": list}
	case map[string]any:
		m := map[string]any{}
		for name, one := range v {
			if a := attribute(one); a != nil {
				m[name] = a
			}
		}
		return map[string]any{"M": m}
	}
	return nil
}

// Carer makes an agent who may see health.
func (w *Town) Carer(role collectivity.Role) account.Account {
	w.T.Helper()
	a := w.Agent(role)
	check(w.T, w.Store.AppointAgent(w.T.Context(), collectivity.Agent{Account: a.ID, Role: role, Health: true}))
	return a
}
