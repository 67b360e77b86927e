package seal

// Of is a ring with the same keys in the hands of another collectivity.
func (r Ring) Of(slug string) Ring {
	r.slug = slug
	return r
}
