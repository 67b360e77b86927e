package store

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"

	"preau/shared/family"
	"preau/shared/id"
	"preau/shared/seal"
)

// sealedAt is where a sealed value belongs: the item and the field that it can be opened in, and no other.
func sealedAt(k key, section, field string) string {
	return seal.Where(k.PK, k.SK, section, field)
}

// sealValue writes a value so that only the collectivity's ring reads it, and only there.
func sealValue(ring seal.Ring, where string, value any) ([]byte, error) {
	if value == nil {
		return nil, nil
	}
	plain, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", where, err)
	}
	return ring.Seal(where, padded(plain)), nil
}

// padding is the length, in bytes, to a multiple of which sealed values are brought: a yes is then as long as a no, and an
// insurance as a PAI.
const padding = 32

// padded is a JSON text with spaces behind it.
func padded(plain []byte) []byte {
	return append(plain, bytes.Repeat([]byte(" "), padding-1-(len(plain)+padding-1)%padding)...)
}

func openValue(ring seal.Ring, where string, sealed []byte) (value any, err error) {
	plain, err := ring.Open(where, sealed)
	if err == nil {
		err = json.Unmarshal(plain, &value)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", where, err)
	}
	return value, nil
}

// BodyHash is what a change remembers of the body that it came by, so that a key stands for one body. Where the body may hold
// what is sealed, the hash is keyed: a tax reference could be found by trying all on a plain one.
func (f FamilyStore) BodyHash(ctx context.Context, change, section string, body []byte) (string, error) {
	if !family.SealedIn(section) {
		return id.Derived(change, string(body)), nil
	}
	ring, err := f.Ring(ctx)
	if err != nil {
		return "", err
	}
	return ring.Hash(sealedAt(f.changeKey(change), "body", ""), body), nil
}

// isSealed says whether a field of a kind of member is kept sealed.
func isSealed(target family.Target, section, field string) bool {
	s, _ := family.SectionOf(target, section)
	f, _ := s.Field(field)
	return f.Sealed
}

// decodeMember reads a member; what is sealed stays so, beside its values.
func decodeMember(a attributes) (family.Member, error) {
	m, err := decode[family.Member](a)
	for section, fields := range m.Values {
		for field, value := range fields {
			sealed, ok := value.([]byte)
			if !ok && value != nil && isSealed(m.Target, section, field) {
				return m, fmt.Errorf("%s of %s lies unsealed: %w", field, m.ID, seal.ErrTouched) // nobody of ours wrote it
			}
			if !ok {
				continue
			}
			delete(fields, field)
			if m.Kept == nil {
				m.Kept = map[string]map[string][]byte{}
			}
			if m.Kept[section] == nil {
				m.Kept[section] = map[string][]byte{}
			}
			m.Kept[section][field] = sealed
		}
	}
	return m, err
}

// memberItem writes a member whole: what is sealed as it is kept, or sealed now.
func (f FamilyStore) memberItem(ctx context.Context, m family.Member) (attributes, error) {
	k := f.memberKey(m)
	m = whole(m)
	values := map[string]map[string]any{}
	for section, fields := range m.Values {
		values[section] = map[string]any{}
		for field, value := range fields {
			values[section][field] = value
			if !isSealed(m.Target, section, field) {
				continue
			}
			ring, err := f.Ring(ctx)
			if err != nil {
				return nil, err
			}
			if values[section][field], err = sealValue(ring, sealedAt(k, section, field), value); err != nil {
				return nil, err
			}
		}
	}
	m.Values = values
	return item(k, memberItem{m, dueOf(m)}), nil
}

// Open opens what is sealed of a file's members. Of a file without any it costs nothing.
func (f FamilyStore) Open(ctx context.Context, h *Household) error {
	ring, opened := seal.Ring{}, false
	for _, of := range [][]family.Member{h.Guardians, h.Children, h.Contacts, h.Documents} {
		for i, m := range of {
			if len(m.Kept) == 0 {
				continue
			}
			if !opened {
				var err error
				if ring, err = f.Ring(ctx); err != nil {
					return err
				}
				opened = true
			}
			if err := openMember(ring, f.memberKey(m), &of[i]); err != nil {
				return err
			}
		}
	}
	// Of a child's other home nobody is told what tells of its adults. Only now it is known which papers do.
	h.Documents = slices.DeleteFunc(h.Documents, func(m family.Member) bool {
		return m.Home != "" && family.AdultDocument(m.Text("document", "type"))
	})
	return nil
}

func openMember(ring seal.Ring, k key, m *family.Member) error {
	for section, fields := range m.Kept {
		for field, sealed := range fields {
			value, err := openValue(ring, sealedAt(k, section, field), sealed)
			if err != nil {
				return err
			}
			if m.Values[section] == nil {
				m.Values[section] = map[string]any{}
			}
			m.Values[section][field] = value
		}
	}
	return nil
}

// SealedHousehold reads the family file with what is sealed of it, opened. The ring is fetched while the file is read.
func (f FamilyStore) SealedHousehold(ctx context.Context) (h Household, err error) {
	err = together(
		func() (err error) { h, err = f.Household(ctx); return err },
		func() (err error) { _, err = f.Ring(ctx); return err },
	)
	if err != nil {
		return h, err
	}
	return h, f.Open(ctx, &h)
}

// OpenChanges opens what is sealed of changes. Of those without a sealed field it costs nothing.
func (f FamilyStore) OpenChanges(ctx context.Context, changes []family.Change) error {
	for i := range changes {
		if err := f.openChange(ctx, &changes[i]); err != nil {
			return err
		}
	}
	return nil
}

func (f FamilyStore) openChange(ctx context.Context, c *family.Change) error {
	if !slices.ContainsFunc(c.Fields, func(d family.FieldChange) bool { return isSealed(c.Of, c.Section, d.Field) }) {
		return nil
	}
	ring, err := f.Ring(ctx)
	if err != nil {
		return err
	}
	k := f.family(FamilyIn(c.ID)).changeKey(c.ID)
	c.Fields = slices.Clone(c.Fields)
	for i, d := range c.Fields {
		for side, value := range map[string]*any{"old": &c.Fields[i].Old, "new": &c.Fields[i].New} {
			sealed, ok := (*value).([]byte)
			if !ok {
				continue
			}
			if *value, err = openValue(ring, sealedAt(k, side, d.Field), sealed); err != nil {
				return err
			}
		}
		if d.SealedReason != "" {
			sealed, err := base64.StdEncoding.DecodeString(d.SealedReason)
			if err != nil {
				return fmt.Errorf("open the reason of %s: %w", c.ID, err)
			}
			reason, err := openValue(ring, sealedAt(k, "reason", d.Field), sealed)
			if err != nil {
				return err
			}
			c.Fields[i].Reason, _ = reason.(string)
			c.Fields[i].SealedReason = ""
		}
	}
	return nil
}

// sealChange is a change as it is kept.
func (f FamilyStore) sealChange(ctx context.Context, c family.Change) (family.Change, error) {
	k := f.family(FamilyIn(c.ID)).changeKey(c.ID)
	c.Fields = slices.Clone(c.Fields)
	for i, d := range c.Fields {
		if !isSealed(c.Of, c.Section, d.Field) {
			continue
		}
		for side, value := range map[string]*any{"old": &c.Fields[i].Old, "new": &c.Fields[i].New} {
			if _, already := (*value).([]byte); already || *value == nil {
				continue
			}
			ring, err := f.Ring(ctx)
			if err != nil {
				return c, err
			}
			if *value, err = sealValue(ring, sealedAt(k, side, d.Field), *value); err != nil {
				return c, err
			}
		}
		// An agent's words on a sealed field may tell what it holds.
		if d.Reason != "" {
			ring, err := f.Ring(ctx)
			if err != nil {
				return c, err
			}
			sealed, err := sealValue(ring, sealedAt(k, "reason", d.Field), d.Reason)
			if err != nil {
				return c, err
			}
			c.Fields[i].Reason, c.Fields[i].SealedReason = "", base64.StdEncoding.EncodeToString(sealed)
		}
	}
	return c, nil
}
