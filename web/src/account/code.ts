// Subscriber codes as people write them: 12 characters in groups of four. O is read as 0, I and L as 1; the API does so too.

/** The code in an address's fragment: #code=…; "" if it is none. */
export const codeOf = (token: string): string => (token.startsWith('code=') ? grouped(token.slice(5)) : '');

/** The characters that count. */
export const bare = (text: string): string => text.toUpperCase().replace(/[^0-9A-Z]/g, '');

/** In groups of four. */
export const grouped = (text: string): string => (bare(text).match(/.{1,4}/g) ?? []).join('-');
