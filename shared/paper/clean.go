package paper

import (
	"bufio"
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/validate"

	"preau/shared/filetype"
	"preau/shared/picture"
)

// clean reads a document, judges it, strips it and writes it anew. It runs in a process of its own.
func clean(raw []byte) (out []byte, err error) {
	defer whole(&err)
	d, err := read(raw)
	if err != nil {
		return nil, err
	}
	if err := d.judge(); err != nil {
		return nil, err
	}
	d.strip()
	if err := validate.XRefTable(d.Context); err != nil {
		return nil, err
	}
	return d.write()
}

// A document is a PDF in memory, every object of it.
type document struct {
	*model.Context
	objects map[int]types.Object // by number
}

func read(raw []byte) (document, error) {
	model.ConfigPath = "disable" // nothing is looked for or made on any disk
	config := model.NewDefaultConfiguration()
	config.Offline = true
	config.WriteObjectStream, config.WriteXRefStream = false, false // what is in a clean document can be seen
	ctx, err := pdfcpu.Read(bytes.NewReader(raw), config)
	switch {
	case err != nil && bytes.Contains(raw, []byte("/Encrypt")):
		return document{}, ErrEncrypted
	case err != nil:
		return document{}, err
	case ctx.Encrypt != nil:
		return document{}, ErrEncrypted
	}
	d := document{ctx, map[int]types.Object{}}
	for number := range ctx.Table {
		if err := d.load(number); err != nil {
			return d, err
		}
	}
	return d, nil
}

// load has an object at hand, unpacked from the stream that it may lie in.
func (d document) load(number int) error {
	entry := d.Table[number]
	if entry == nil || entry.Free || entry.Generation == nil {
		return nil
	}
	o, err := d.Dereference(*types.NewIndirectRef(number, *entry.Generation))
	d.objects[number] = o
	return err
}

// each sees every dictionary of a document, in no order.
func (d document) each(see func(types.Dict)) {
	for _, o := range d.objects {
		eachIn(o, see)
	}
}

func eachIn(o types.Object, see func(types.Dict)) {
	switch o := o.(type) {
	case types.Dict:
		see(o)
		for _, member := range slices.Collect(maps.Values(o)) {
			eachIn(member, see)
		}
	case types.StreamDict:
		eachIn(o.Dict, see)
	case types.Array:
		for _, member := range o {
			eachIn(member, see)
		}
	}
}

// told are the members by which a document, a page or a picture says who made it, when and with what, and lists of programs and
// files, which are empty here.
var told = []string{"Metadata", "PieceInfo", "LastModified", "SpiderInfo", "JavaScript", "EmbeddedFiles"}

// private begins the members that Apple's and TeX's programs write for themselves: their own copies, names of files.
var private = []string{"AAPL:", "PTEX."}

// strip takes away what a document tells about itself, and the place that it opens at.
func (d document) strip() {
	d.Info, d.ID, d.AdditionalStreams = nil, nil, nil
	d.each(func(dict types.Dict) {
		maps.DeleteFunc(dict, func(name string, _ types.Object) bool { return slices.Contains(told, name) || isPrivate(name) })
	})
	d.RootDict.Delete("OpenAction") // judged: it only turns to a page
	for number, o := range d.objects {
		if photo, is := o.(types.StreamDict); is && photo.HasSoleFilterNamed("DCTDecode") {
			d.Table[number].Object = bared(photo)
		}
	}
}

func isPrivate(name string) bool {
	return slices.ContainsFunc(private, func(begin string) bool { return strings.HasPrefix(name, begin) })
}

// bared is a photo without what its camera wrote.
func bared(photo types.StreamDict) types.StreamDict {
	if bare, ok := picture.Bare(photo.Raw); ok {
		length := int64(len(bare))
		photo.Raw, photo.Content, photo.StreamLength = bare, nil, &length
		photo.Update("Length", types.Integer(length))
	}
	return photo
}

// write gives the document that is reached from its catalog; what else was in the file is not in it.
func (d document) write() ([]byte, error) {
	var out bytes.Buffer
	w := bufio.NewWriter(&out)
	d.Write.Writer = w
	if err := pdfcpu.WriteContext(d.Context); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil || out.Len() == 0 {
		return nil, errors.Join(err, filetype.ErrBroken)
	}
	return out.Bytes(), nil
}
