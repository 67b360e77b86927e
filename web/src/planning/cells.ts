// What stands in the cells of a month, as markup: hundreds of lines are set at once that way, in a tenth of the time that as
// many components take. It is for the eyes: the cell's button says the same in words.

import type { Kid } from './kids';
import type { Block, Group } from './model';
import { stateOf } from './words';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => escapes[c] ?? c);

const badge = (kid: Kid | undefined, letters = kid?.short ?? ''): string => (kid ? `<b class="kid c${kid.index % 8}">${escaped(letters)}</b>` : '');

/** Each activity with a line for each state; data-line tells which, for clicks. */
export function inWords(blocks: readonly Block[], kids: Map<string, Kid>, activities: Map<string, string>, options: Map<string, string>): string {
  return blocks.map((b, i) => `<div class="block"><span class="what">${escaped(activities.get(b.activity) ?? '')}</span>${b.lines.map((g, j) => line(g, `${i} ${j}`, kids, options)).join('')}</div>`).join('');
}

const line = (g: Group, at: string, kids: Map<string, Kid>, options: Map<string, string>): string =>
  `<p class="cell-line s-${g.state}${g.sending ? ' sending' : ''}" data-line="${at}">${escaped(stateOf(g, options))}<span class="kids">${g.days.map((d) => badge(kids.get(d.child))).join('')}</span></p>`;

/**
 * How high a cell comes out, in rem, where it is some pixels wide inside: what is not on the screen is not laid out, or filled a
 * moment later, and keeps its place. Letters are reckoned as 7 pixels, badges as 20, a sign and its space as 11.
 */
export function heightOf(blocks: readonly Block[], signs: boolean, width: number, activities: Map<string, string>): number {
  const rows = (wide: number, room: number) => Math.max(1, Math.ceil(wide / Math.max(room, 1)));
  if (signs) {
    const of = new Map<string, number>();
    for (const d of blocks.flatMap((b) => b.lines.flatMap((g) => g.days))) of.set(d.child, (of.get(d.child) ?? 0) + 1);
    return [...of.values()].reduce((sum, n) => sum + 0.1875 + Math.max(0.9375, 0.6875 * Math.ceil(n / Math.max(1, Math.floor((width - 16) / 11)))), 0);
  }
  const line = (g: Group) => 0.5 + 1.1 * rows(92 + 20 * g.days.length, width - 16);
  return blocks.reduce((sum, b) => sum + 0.75 + 1.1 * rows(7 * (activities.get(b.activity)?.length ?? 0), width - 14) + b.lines.reduce((lines, g) => lines + line(g), 0), 0);
}

/** Each child once, by one letter, its colour and shape, with the signs of the day's activities. */
export function inSigns(blocks: readonly Block[], kids: Map<string, Kid>): string {
  const signs = new Map<string, string>();
  for (const g of blocks.flatMap((b) => b.lines)) {
    const sign = `<i class="sign ${g.state}${g.sending ? ' sending' : ''}"></i>`;
    for (const d of g.days) signs.set(d.child, (signs.get(d.child) ?? '') + sign);
  }
  return [...kids.values()].filter((k) => signs.has(k.id)).map((k) => `<p class="line">${badge(k, [...k.short][0])}${signs.get(k.id)}</p>`).join('');
}
