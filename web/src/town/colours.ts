// The collectivity's colours, kept readable whatever they are (WCAG 2 contrast).

const ground = '#f4f6f8'; // what links and buttons stand on at the darkest (app.css)
const usual = '#1f4e8c';
const enough = 4.5;

/** Paints the page in a colour #rrggbb; anything else leaves it as it is. */
export function paint(primary: string): void {
  const colour = /^#[0-9a-f]{6}$/i.test(primary) ? primary : usual;
  const style = document.documentElement.style;
  style.setProperty('--town', colour);
  style.setProperty('--on-town', contrast(colour, '#ffffff') >= contrast(colour, '#000000') ? '#ffffff' : '#000000');
  style.setProperty('--primary', readable(colour, ground));
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', colour);
}

/** The colour itself, or darkened until it reads well on the ground, and white on it. */
export function readable(colour: string, on: string): string {
  for (let part = 0; part < 1; part += 0.05) {
    const mixed = write(channels(colour).map((c) => Math.round(c * (1 - part))));
    if (contrast(mixed, on) >= enough) return mixed;
  }
  return '#000000';
}

/** Contrast of two colours, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [one, other] = [luminance(a), luminance(b)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = channels(colour).map((c) => {
    const part = c / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const channels = (colour: string): number[] => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const write = (rgb: number[]): string => `#${rgb.map((c) => c.toString(16).padStart(2, '0')).join('')}`;
