package town

import "preau/infra/seed"

// Pupils adds a family of the named children of a class, enrolled everywhere, with a subscriber.
func (w *Town) Pupils(school, class string, children ...string) Home {
	w.T.Helper()
	f := seed.Family{Name: "Petit", Guardians: []seed.Guardian{{Civility: "m", FirstName: "Jean", LastName: "Petit"}}}
	for _, name := range children {
		f.Children = append(f.Children, seed.Child{
			FirstName: name, LastName: "Petit", BirthDate: "2018-05-04", School: school, Class: class, Activities: []string{"cantine", "periscolaire", "mercredi"},
		})
	}
	made, err := w.AddFamily(w.T.Context(), w.Store, f, w.Activities)
	check(w.T, err)
	w.made.add(made.ID)
	return Home{w, made, w.Subscriber(made, 0)}
}
