package picture

import (
	"image"
	"image/color"

	"golang.org/x/image/draw"
)

// shrink scales a picture so that its longest side is at most so long, on white where it is transparent. It halves as often as
// it can, which averages four pixels into one and needs no memory besides the result, and interpolates the rest.
func shrink(src image.Image, longest int) *image.RGBA {
	to := fit(src.Bounds().Size(), longest)
	for {
		size := src.Bounds().Size()
		next := image.Pt(half(size.X, to.X), half(size.Y, to.Y))
		dst := white(next)
		draw.ApproxBiLinear.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Over, nil)
		if next == to {
			return dst
		}
		src = dst
	}
}

// half is the next size on the way to another.
func half(from, to int) int {
	if from >= 2*to {
		return max(from/2, to)
	}
	return to
}

// fit is the size of a picture whose longest side is at most so long.
func fit(size image.Point, longest int) image.Point {
	most := max(size.X, size.Y)
	if most <= longest {
		return size
	}
	return image.Pt(max(size.X*longest/most, 1), max(size.Y*longest/most, 1))
}

func white(size image.Point) *image.RGBA {
	m := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(m, m.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	return m
}

// upright turns and mirrors a picture by EXIF's orientation: from 5 on, width and height change places.
func upright(src *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	size := image.Pt(w, h)
	if orientation >= 5 {
		size = image.Pt(h, w)
	}
	dst := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			from := source(orientation, x, y, w, h)
			dst.SetRGBA(x, y, src.RGBAAt(from.X, from.Y))
		}
	}
	return dst
}

// source is where the pixel of an upright picture lies in one of w × h as it was taken.
func source(orientation, x, y, w, h int) image.Point {
	switch orientation {
	case 2:
		return image.Pt(w-1-x, y)
	case 3:
		return image.Pt(w-1-x, h-1-y)
	case 4:
		return image.Pt(x, h-1-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(y, h-1-x)
	case 7:
		return image.Pt(w-1-y, h-1-x)
	default: // 8
		return image.Pt(w-1-y, x)
	}
}
