// What sentences and searches are put together with.

/** Names as one says them: Léa, Noé et Inès. */
export const listed = (names: readonly string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} et ${names.at(-1)}`);

/** A number with its noun: 1 famille, 1 200 familles. */
export const many = (n: number, one: string, several: string): string => `${n.toLocaleString('fr-FR')} ${n > 1 ? several : one}`;

/** A text without accents and capitals, to look for one in another. */
export const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
