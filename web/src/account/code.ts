// Subscriber codes as people write them: 12 characters in groups of four. O is read as 0, I and L as 1; the API does so too.

/** The code in an address's fragment: #code=…; "" if it is none. */
export const codeOf = (token: string): string => (token.startsWith('code=') ? grouped(token.slice(5)) : '');

/** The characters that count. */
export const bare = (text: string): string => text.toUpperCase().replace(/[^0-9A-Z]/g, '');

/** How many characters a code has. */
export const codeLength = 12;

/** In groups of four. */
export const grouped = (text: string): string => (bare(text).match(/.{1,4}/g) ?? []).join('-');

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford's

/** Whether a code of the right length can be one: the last one checks the others, as shared/code does. */
export function plausible(text: string): boolean {
  const values = [...bare(text).replace(/O/g, '0').replace(/[IL]/g, '1')].map((c) => alphabet.indexOf(c));
  if (values.length !== codeLength || values.includes(-1)) return false;
  let [sum, weight] = [0, 2];
  for (const value of values.slice(0, -1)) {
    sum ^= product(value, weight);
    weight = product(weight, 2);
  }
  return sum === values.at(-1);
}

// product multiplies in GF(2^5) modulo x^5 + x^2 + 1.
function product(a: number, b: number): number {
  let p = 0;
  for (; b > 0; b >>= 1) {
    if (b & 1) p ^= a;
    a <<= 1;
    if (a & 32) a ^= 37;
  }
  return p;
}
