package family

// MayHaveCode says whether a subscriber code would be of use to a guardian: nobody is subscribed as them, they are in the file, and
// no court bars them from it (see Under).
func (m Member) MayHaveCode() bool {
	return m.Target == Guardian && m.Account == "" && m.Left == "" && !m.Barred
}
