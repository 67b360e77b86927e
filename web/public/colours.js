// The collectivity's colours, kept readable whatever they are (WCAG 2 contrast).

// What links stand on (style.css): of page and card the one that is harder to read them on.
const grounds = { light: '#eef1f5', dark: '#1b1f26' };
const enough = 4.5;

/** Paints the page in a colour #rrggbb; anything else leaves it as it is. */
export function paint(primary) {
  if (!/^#[0-9a-f]{6}$/i.test(primary)) return;
  const style = document.documentElement.style;
  style.setProperty('--primary', primary);
  style.setProperty('--ink', contrast(primary, '#ffffff') >= contrast(primary, '#000000') ? '#ffffff' : '#000000');
  style.setProperty('--link-light', readable(primary, grounds.light, 0));
  style.setProperty('--link-dark', readable(primary, grounds.dark, 255));
}

/** The colour itself, or brought towards black (0) or white (255) until it reads well on the ground. */
export function readable(colour, ground, towards) {
  for (let part = 0; part < 1; part += 0.05) {
    const mixed = write(channels(colour).map((c) => Math.round(c + (towards - c) * part)));
    if (contrast(mixed, ground) >= enough) return mixed;
  }
  return write([towards, towards, towards]);
}

/** Contrast of two colours, from 1 to 21. */
export function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour) {
  const [r, g, b] = channels(colour).map((c) => {
    const part = c / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const write = (rgb) => `#${rgb.map((c) => c.toString(16).padStart(2, '0')).join('')}`;
