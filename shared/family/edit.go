package family

// Edit is what an import makes of a file: it adds, completes and replaces, and takes nobody away.
type Edit struct {
	External string            `dynamodbav:",omitempty"` // number that the file gets
	Add      []Member          `dynamodbav:"-"`          // who joins it
	Set      []SetField        `dynamodbav:",omitempty"`
	Numbers  map[string]string `dynamodbav:",omitempty"` // of members who were there, by member
}

// SetField is one field of a member who was there.
type SetField struct {
	Member, Section, Field string
	Old                    any `dynamodbav:",omitempty"` // nil: it said nothing
	New                    any
}

// Empty says whether nothing changes.
func (e Edit) Empty() bool {
	return e.External == "" && len(e.Add)+len(e.Set)+len(e.Numbers) == 0
}
