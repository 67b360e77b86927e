// A family's children as the planning marks them: each by a colour of the API, a shape and letters.

import { contrast } from '../town/colours';
import { initials, type Data } from './model';

export interface Kid {
  id: string;
  name: string;
  short: string;
  index: number; // of colour and shape
}

/** The family's children by id. */
export function kidsOf(children: Data['children']): Map<string, Kid> {
  const letters = initials(children.map((c) => c.firstName));
  return new Map(children.map((c, index) => [c.id, { id: c.id, name: c.firstName, short: letters[index] ?? '', index }]));
}

/** Gives the page the children's colours, and what reads well on them. */
export function paintKids(children: Data['children']): void {
  const { style } = document.documentElement;
  children.forEach(({ colour }, i) => {
    if (!/^#[0-9a-f]{6}$/i.test(colour)) return;
    style.setProperty(`--kid${i % 8}`, colour);
    style.setProperty(`--kid${i % 8}-ink`, contrast(colour, '#ffffff') >= 4.5 ? '#ffffff' : '#000000');
  });
}
