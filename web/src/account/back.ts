/** The page of the town that an address names, as go takes it; undefined for another's, or none. */
export function pageBack(address: string, slug: string, origin: string): string | undefined {
  if (!slug || !address.startsWith('/') || !URL.canParse(address, origin)) return undefined;
  const url = new URL(address, origin);
  const [, first = '', ...page] = url.pathname.split('/');
  return url.origin === origin && first === slug && page.length > 0 ? page.join('/') + url.search : undefined;
}
