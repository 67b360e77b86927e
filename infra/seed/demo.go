package seed

import (
	"context"
	"slices"
	"time"

	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/store"
)

// Demo is the demonstration town as its visitors need it.
type Demo struct {
	Collectivity string       `json:"collectivity"`
	Families     []DemoFamily `json:"families"`
	Parent       DemoParent   `json:"parent"`
	Agent        DemoAgent    `json:"agent"`
}

// DemoFamily is a family and the code of one of its guardians.
type DemoFamily struct {
	Label string `json:"label"`
	Code  string `json:"code"`
}

// DemoParent has an account and a subscription already, for who wants to skip the first steps.
type DemoParent struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// DemoAgent is the town's manager, who sees health data too.
type DemoAgent struct {
	Email      string `json:"email"`
	Password   string `json:"password"`
	TOTPSecret string `json:"totpSecret,omitempty"`
}

// MakeDemo makes the town of Saint-Aubin: four activities with notice rules, two schools, two families, a parent who
// is subscribed already, one manager with the health right.
func MakeDemo(ctx context.Context, e Env) (Demo, error) {
	town, activities, err := e.AddTown(ctx, "saint-aubin", "Saint-Aubin")
	if err == nil {
		activities, err = e.regulate(ctx, town, activities)
	}
	if err != nil {
		return Demo{}, err
	}
	demo := Demo{Collectivity: town.Slug()}
	for _, f := range demoFamilies {
		made, err := e.AddFamily(ctx, town, f, activities)
		if err != nil {
			return demo, err
		}
		demo.Families = append(demo.Families, DemoFamily{made.Label, made.Codes[0]})
		if len(made.Codes) > 1 {
			if demo.Parent, err = e.subscribed(ctx, town.Slug(), f.Guardians[1], made.Codes[1]); err != nil {
				return demo, err
			}
		}
	}
	demo.Agent = DemoAgent{Email: "agent@saint-aubin.example", Password: "demonstration-saint-aubin"}
	a, secret, err := e.AddAgent(ctx, town, demo.Agent.Email, demo.Agent.Password, account.Person{Civility: "mme", FirstName: "Odile", LastName: "Garnier"}, collectivity.Manager)
	if err != nil {
		return demo, err
	}
	demo.Agent.TOTPSecret = secret
	return demo, town.AppointAgent(ctx, collectivity.Agent{Account: a.ID, Name: "Odile Garnier", Role: collectivity.Manager, Health: true, Since: e.Now})
}

// subscribed makes the account of a guardian who has used their code.
func (e Env) subscribed(ctx context.Context, slug string, g Guardian, given string) (DemoParent, error) {
	made := DemoParent{Email: "parent@saint-aubin.example", Password: "demonstration-saint-aubin"}
	parent := account.Account{
		Person: account.Person{Civility: g.Civility, FirstName: g.FirstName, LastName: g.LastName}, Email: made.Email,
		Collectivity: slug, TermsVersion: DefaultSettings(slug, "").Terms.Version,
	}
	parent, err := e.openAccount(ctx, parent, made.Password)
	if err != nil {
		return made, err
	}
	c, err := e.Store.TryCode(ctx, e.Secret.Code, given, parent.ID, e.Now)
	if err != nil {
		return made, err
	}
	_, err = e.Store.Subscribe(ctx, parent, c, e.Now)
	return made, err
}

var demoFamilies = []Family{
	{
		Name: "Morel",
		Guardians: []Guardian{
			{"mme", "Claire", "Morel", "morel"},
			{"m", "Karim", "Morel", "morel"},
		},
		Children: []Child{
			{"Léa", "Morel", "2017-03-12", "École Jules-Verne", "CE2", "CE2 B", []string{"cantine", "periscolaire", "mercredi", "vacances"}},
			{"Noé", "Morel", "2019-09-30", "École Jules-Verne", "CP", "CP A", []string{"cantine", "periscolaire", "mercredi", "vacances"}},
			{"Inès", "Morel", "2022-01-08", "École des Tilleuls", "PS", "Petite section", []string{"cantine", "mercredi", "vacances"}},
		},
		Fill: fillMorel,
	},
	{
		Name:      "Lefèvre",
		Guardians: []Guardian{{"m", "Julien", "Lefèvre", "lefevre"}},
		Children:  []Child{{"Tom", "Lefèvre", "2018-06-21", "École Jules-Verne", "CE1", "CE1 A", []string{"cantine", "mercredi"}}},
	},
}

// fillMorel fills the file as a family does over a year: an address, telephones, a child with an allergy, whom to call. The second
// parent has not answered about photos yet.
func fillMorel(f *family.File, newID func() string) {
	claire, karim := &f.Guardians[0], &f.Guardians[1]
	claire.Values["address"] = map[string]any{"street": "4 rue des Lilas", "postcode": "35200", "city": "Saint-Aubin"}
	karim.Values["address"] = map[string]any{"sameAs": claire.ID}
	claire.Values["phones"] = map[string]any{"mobile": "+33612345678", "email": "claire.morel@example.fr"}
	karim.Values["phones"] = map[string]any{"mobile": "+33687654321", "work": "+33299000010"}
	claire.Values["fiscal"] = map[string]any{"scheme": "caf", "beneficiary": "1234567", "quotient": 842.0, "quotientDate": "2026-01-15"}
	// The IBAN that the Banque de France prints as an example.
	claire.Values["bank"] = map[string]any{"holder": "Claire Morel", "iban": "FR1420041010050500013M02606", "bic": "PSSTFRPPREN"}
	lea, noe := &f.Children[0], &f.Children[1]
	lea.Values["health"] = map[string]any{
		"doctor": "Dr Hélène Roux", "doctorPhone": "+33299000020", "pai": true,
		"allergies":    []any{map[string]any{"allergen": "Arachide", "consequence": "Urticaire, gêne respiratoire", "treatment": "Antihistaminique, puis stylo d’adrénaline"}},
		"vaccinations": []any{map[string]any{"name": "DTPolio", "date": "2023-03-20"}},
	}
	noe.Values["health"] = map[string]any{"diet": []any{"no_pork"}, "doctor": "Dr Hélène Roux"}
	said := func(given bool) map[string]any { return map[string]any{"given": given, "at": "2026-09-01T08:00:00Z"} }
	for _, child := range f.Children {
		child.Values["authorisations"] = map[string]any{
			family.ConsentOf("image", claire.ID): said(true), family.ConsentOf("outings", claire.ID): said(true),
			family.ConsentOf("transport", claire.ID): said(true), family.ConsentOf("hospitalisation", claire.ID): said(true),
			family.ConsentOf("leavesAlone", claire.ID): said(false),
		}
	}
	all := []any{f.Children[0].ID, f.Children[1].ID, f.Children[2].ID}
	f.Contacts = []family.Member{{ID: newID(), Target: family.Contact, Values: map[string]map[string]any{"contact": {
		"firstName": "Jeanne", "lastName": "Martin", "link": "Grand-mère", "phone": "+33611223344", "collect": true, "emergency": true, "children": all,
	}}}}
}

// AddTown makes a collectivity with three activities: a canteen and after-school care that book at once, and a Wednesday
// centre whose requests an agent decides.
func (e Env) AddTown(ctx context.Context, slug, name string) (store.Collectivity, []collectivity.Activity, error) {
	settings := DefaultSettings(slug, name)
	settings.Contact.Email, settings.Contact.Phone, settings.Contact.Address = "enfance@"+slug+".example", "02 99 00 00 00", "Place de la Mairie"
	settings.DPO = "dpo@" + slug + ".example"
	town, err := e.Store.CreateCollectivity(ctx, settings)
	if err != nil {
		return town, nil, err
	}
	activities := townActivities(schoolYear(e.Now))
	for _, a := range activities {
		if err := town.SaveActivity(ctx, a); err != nil {
			return town, nil, err
		}
	}
	return town, activities, nil
}

// schoolYear is the school year around an instant, the coming one from July on.
func schoolYear(now time.Time) calendar.Period {
	year := now.Year()
	if now.Month() < time.July {
		year--
	}
	first := calendar.Date(time.Date(year, time.September, 1, 0, 0, 0, 0, time.UTC).Format("2006-01-02"))
	return calendar.Period{From: first, To: first.AddYears(1).AddDays(-60)}
}

func townActivities(season calendar.Period) []collectivity.Activity {
	school := []calendar.Weekday{"mon", "tue", "thu", "fri"}
	return []collectivity.Activity{
		{ID: "cantine", Name: "Cantine", Weekdays: school, Season: season, Starts: "11:45", Capacity: 60, Decision: collectivity.AtOnce},
		{ID: "periscolaire", Name: "Accueil du soir", Weekdays: school, Season: season, Starts: "16:30", Capacity: 40, Decision: collectivity.AtOnce},
		{
			ID: "mercredi", Name: "Centre de loisirs du mercredi", Weekdays: []calendar.Weekday{"wed"}, Season: season, Starts: "08:30", Capacity: 24, Decision: collectivity.ByAgent,
			Options: []collectivity.Option{{ID: "journee", Name: "Journée avec repas"}, {ID: "matin", Name: "Matin sans repas"}, {ID: "apres-midi", Name: "Après-midi sans repas"}},
		},
	}
}

// DefaultSettings are those of a new collectivity: texts that hold until its manager writes its own.
func DefaultSettings(slug, name string) collectivity.Settings {
	return collectivity.Settings{
		Slug: slug, Name: name, Primary: "#1F5C99", Accent: "#B4431E", Timezone: "Europe/Paris",
		Contact: collectivity.Contact{Service: "Service enfance"},
		Modules: slices.Clone(collectivity.Modules),
		Terms: collectivity.Text{Version: "2026-09", Text: "Le portail famille de " + name + " vous permet de gérer votre dossier et les activités de vos enfants. " +
			"Vous vous engagez à fournir des informations exactes et à garder votre mot de passe secret."},
		Privacy: collectivity.Text{Version: "2026-09", Text: "La commune traite vos données pour gérer les activités périscolaires et extrascolaires (mission d’intérêt public). " +
			"Vous pouvez y accéder, les rectifier et demander leur effacement auprès du délégué à la protection des données."},
		Legal:         collectivity.Text{Version: "2026-09", Text: "Éditeur : commune de " + name + "."},
		Accessibility: collectivity.Text{Version: "2026-09", Text: "Accessibilité : non conforme, audit en cours."},
	}
}
