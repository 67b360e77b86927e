// French punctuation stays with its word: the space before ? ! : ; » and after « does not break.

/** The text with those spaces made unbreakable. */
export const french = (text: string): string => text.replace(/ ([?!:;»€%])/g, '\u00a0$1').replace(/« /g, '«\u00a0');

/** Does so in all texts of a catalogue, in each part of it when that is first read. */
export function catalogue<T extends object>(texts: T): T {
  const parts = {} as T;
  for (const name of Object.keys(texts) as (keyof T)[]) {
    Object.defineProperty(parts, name, {
      configurable: true,
      get() {
        const value = typeset(texts[name]);
        Object.defineProperty(parts, name, { value });
        return value;
      },
    });
  }
  return parts;
}

/** Does so in all texts, and in what functions give. */
export function typeset<T>(texts: T): T {
  if (typeof texts === 'string') return french(texts) as T;
  if (typeof texts === 'function') return ((...args: unknown[]) => typeset((texts as (...a: unknown[]) => unknown)(...args))) as T;
  if (Array.isArray(texts)) return texts.map(typeset) as T;
  if (texts && typeof texts === 'object') return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, typeset(text)])) as T;
  return texts;
}
