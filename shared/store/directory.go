package store

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"preau/shared/family"
)

// Listed is a family as agents find it: by its label and the names of its guardians and children.
type Listed struct {
	Family    string
	Label     string
	External  string `dynamodbav:",omitempty"` // its number in the software that it was imported from
	Guardians []string
	Adults    []string // their ids
	Numbers   []string `dynamodbav:",omitempty"` // theirs in that software, in their order; none where nobody has one
	Children  []ListedChild
	Words     []string // under which it is found
}

// ListedChild is a child of a listed family.
type ListedChild struct {
	ID, Name, Born string
	External       string `dynamodbav:",omitempty"`
}

func (c Collectivity) familiesPK() string { return c.pk() + "#FAMILIES" }
func (c Collectivity) namesPK() string    { return c.pk() + "#NAMES" }

// listed is a file as the directory has it.
func listed(file family.File) Listed {
	l := Listed{Family: file.ID, Label: file.Label, External: file.External}
	words := map[string]bool{}
	var numbers []string
	note(words, file.Label)
	for _, g := range file.Guardians {
		if g.Left == "" {
			l.Guardians, l.Adults, numbers = append(l.Guardians, g.Name()), append(l.Adults, g.ID), append(numbers, g.External)
			note(words, g.Name()+" "+g.Text("identity", "birthName"))
		}
	}
	for _, c := range file.Children {
		if c.Left == "" {
			l.Children = append(l.Children, ListedChild{c.ID, c.Name(), c.Text("identity", "birthDate"), c.External})
			note(words, c.Name())
		}
	}
	if strings.Join(numbers, "") != "" {
		l.Numbers = numbers
	}
	for w := range words {
		l.Words = append(l.Words, w)
	}
	slices.Sort(l.Words)
	return l
}

func note(words map[string]bool, text string) {
	for _, w := range Words(text) {
		words[w] = true
	}
}

// Words are the words of a name as the directory spells them: small letters without accents; "famille" is none.
func Words(text string) []string {
	return slices.DeleteFunc(words(text), func(w string) bool { return w == "famille" })
}

func words(text string) []string {
	return strings.FieldsFunc(bare(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Fold is a text as two are compared that may be the same: its words in small letters without accents, a space apart.
func Fold(text string) string { return strings.Join(words(text), " ") }

// bare is a text in small letters, each without its accents.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(plainLetters.Replace(strings.ToLower(text))))
}

// plainLetters are letters that are no letter with an accent.
var plainLetters = strings.NewReplacer("æ", "ae", "œ", "oe", "ø", "o", "ß", "ss", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ħ", "h", "ı", "i")

// relist brings the directory from a file as it was to what it is: words that went go, new ones come. A file that was not
// listed has no ID.
func (c Collectivity) relist(before, after family.File) []write {
	was, is := listed(before), listed(after)
	writes := []write{{put: item(key{c.familiesPK(), after.ID}, is)}}
	for _, w := range is.Words {
		if before.ID == "" || !slices.Contains(was.Words, w) {
			writes = append(writes, write{put: item(c.wordKey(w, after.ID), struct{}{})})
		}
	}
	if before.ID == "" {
		return writes
	}
	for _, w := range was.Words {
		if !slices.Contains(is.Words, w) {
			writes = append(writes, write{key: c.wordKey(w, after.ID), delete: true})
		}
	}
	return writes
}

func (c Collectivity) wordKey(word, family string) key { return key{c.namesPK(), word + "#" + family} }

// Directory reads the tenant's families as its directory has them, a page at a time.
func (c Collectivity) Directory(ctx context.Context, take func(Listed) error) error {
	in := c.between(c.familiesPK(), " ", end)
	for {
		out, err := c.db.Query(ctx, in)
		if err != nil {
			return err
		}
		all, err := decodeAll[Listed](out.Items)
		if err != nil {
			return err
		}
		for _, l := range all {
			if err := take(l); err != nil {
				return err
			}
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return nil
		}
	}
}
