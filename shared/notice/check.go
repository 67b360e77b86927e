package notice

import (
	"fmt"
	"time"

	"preau/shared/calendar"
	"preau/shared/refusal"
	"preau/shared/schooldays"
)

// Activity is what the rules are checked for.
type Activity struct {
	PrimaryCanteen bool   // the canteen of a primary school
	Starts         string // local hour: 11:45
}

// Check refuses rules that read well but must not stand for an activity: residents favoured at the canteen of a primary
// school, where every pupil has the same right (Code de l’éducation, L131-13), or a rule by which nothing can ever be
// asked because it opens only once it has closed. It tries every day of the year from first on and those that a rule names.
func (r Rules) Check(a Activity, cal schooldays.Calendar, first calendar.Date, zone *time.Location) error {
	var wrong []refusal.Field
	for i, rule := range r.rules {
		path := fmt.Sprintf("rules[%d]", i)
		if a.PrimaryCanteen && rule.residents != nil {
			wrong = append(wrong, refusal.Field{
				Field: path + ".residents", Code: "residents_first_forbidden",
				Detail: "La cantine d’une école primaire est un droit pour tous ses élèves : les habitants ne peuvent pas être favorisés (Code de l’éducation, article L131-13).",
			})
		}
		if rule.opens != nil && neverOpen(rule, place{cal: cal, starts: minutes(a.Starts), zone: zone}, first) {
			wrong = append(wrong, refusal.Field{
				Field: path + ".opens", Code: "opens_after_closing",
				Detail: "Aucun jour ne pourrait être demandé : l’ouverture vient après la fermeture.",
			})
		}
	}
	if len(wrong) > 0 {
		return refusal.OfFields(wrong)
	}
	return nil
}

// neverOpen says whether some days fit the rule and all of them open only after they close.
func neverOpen(rule rule, p place, first calendar.Date) bool {
	fits := false
	for _, span := range rule.spans(first) {
		for d := span.From; d <= span.To; d = d.AddDays(1) {
			p.day = d
			if !p.all(rule.ifs) {
				continue
			}
			fits = true
			if v := rule.limits(p); v.Opens.Before(v.end()) {
				return false
			}
		}
	}
	return fits
}

// spans are the days to try: a year, and the fixed dates of the rule's conditions, a year of them at most.
func (r rule) spans(first calendar.Date) []calendar.Period {
	spans := []calendar.Period{{From: first, To: first.AddYears(1)}}
	for _, c := range r.ifs {
		if c.between != nil {
			spans = append(spans, calendar.Period{From: c.between.From, To: min(c.between.To, c.between.From.AddYears(1))})
		}
	}
	return spans
}
