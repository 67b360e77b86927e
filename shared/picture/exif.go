package picture

import "encoding/binary"

// orientation reads how a camera was held from a TIFF structure, as EXIF has it: 1 to 8, and 1 where it does not say.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	return valueIn(tiff, order, int64(order.Uint32(tiff[4:])))
}

const (
	tagOrientation = 0x0112
	typeShort      = 3
	entrySize      = 12
)

// valueIn looks for the orientation in the directory at an offset.
func valueIn(tiff []byte, order binary.ByteOrder, at int64) int {
	if at < 8 || at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entrySize {
			return 1
		}
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
		entries = entries[entrySize:]
	}
	return 1
}
