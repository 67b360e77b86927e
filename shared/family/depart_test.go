package family_test

import (
	"errors"
	"slices"
	"testing"

	"preau/shared/family"
)

func TestWhoLeaves(t *testing.T) {
	t.Parallel()
	member := func(id string, of family.Target) family.Member { return family.Member{ID: id, Target: of} }
	file := family.File{
		Guardians: []family.Member{member("anne", family.Guardian), member("paul", family.Guardian)},
		Children:  []family.Member{member("lea", family.Child), member("tom", family.Child)},
		Contacts:  []family.Member{member("rose", family.Contact)},
	}
	gone := family.File{Children: []family.Member{member("zoe", family.Child)}}
	for _, c := range []struct {
		says    string
		members []string
		leave   []string
		whole   bool
		err     error
	}{
		{"nobody named is everybody", nil, []string{"anne", "paul", "lea", "tom"}, true, nil},
		{"a child", []string{"tom"}, []string{"tom"}, false, nil},
		{"a guardian and a child", []string{"tom", "paul"}, []string{"paul", "tom"}, false, nil},
		{"everybody by name", []string{"tom", "lea", "paul", "anne"}, []string{"anne", "paul", "lea", "tom"}, true, nil},
		{"who left before leaves no more", []string{"zoe"}, nil, false, nil},
		{"the last guardians while a child stays", []string{"paul", "anne", "tom"}, nil, false, family.ErrNobodyStays},
		{"somebody else", []string{"tom", "eva"}, nil, false, family.ErrMemberUnknown},
		{"a contact", []string{"rose"}, nil, false, family.ErrMemberUnknown},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			leaving, whole, err := family.Depart(file, gone, c.members)
			var ids []string
			for _, m := range leaving {
				ids = append(ids, m.ID)
			}
			if !slices.Equal(ids, c.leave) || whole != c.whole || !errors.Is(err, c.err) {
				t.Errorf("got %q, whole %v, %v", ids, whole, err)
			}
		})
	}
}
