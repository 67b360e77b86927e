/** The page of the town that an address names, as go takes it; undefined for another's, or none. */
export function pageBack(address: string, slug: string, origin: string): string | undefined {
  const url = read(address, origin);
  if (!slug || url?.origin !== origin) return undefined;
  const [, first = '', ...page] = url.pathname.split('/');
  return first === slug && page.length > 0 ? page.join('/') + url.search : undefined;
}

function read(address: string, origin: string): URL | undefined {
  try {
    return address.startsWith('/') ? new URL(address, origin) : undefined;
  } catch {
    return undefined;
  }
}
