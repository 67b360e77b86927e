// Pages come in files of their own. One that does not come is told where the page would be, and can be asked for again; the portal is
// loaded anew only where its files are known to be others by now.

import { unreachable } from '../api/refusal';

const last = 'preau.reloaded'; // in sessionStorage: when the portal was loaded anew, ms since the epoch
const apart = 60_000; // ms between two times

let failing = false; // what was asked for last did not come

/**
 * Brings a page.
 *
 * @throws Refusal where it does not come. After an update of the portal, which has other files, it is loaded anew instead.
 */
export async function bring<T>(load: () => Promise<T>): Promise<T> {
  try {
    if (failing) await restyle();
    const page = await load();
    failing = false;
    return page;
  } catch (error) {
    console.warn(error);
    const entry = await entryNow();
    // Some browsers remember that a file did not come: it comes again with the portal only.
    if (entry && (entry !== entryHere() || failing) && reload()) return new Promise(() => undefined);
    failing = true;
    throw unreachable();
  }
}

// A style that did not come is not asked for again by itself.
async function restyle(): Promise<void> {
  const broken = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].filter((link) => !link.sheet);
  await Promise.all(broken.map(fetched));
}

const fetched = (link: HTMLLinkElement): Promise<void> =>
  new Promise((resolve, reject) => {
    const again = link.cloneNode() as HTMLLinkElement;
    again.onload = () => resolve();
    again.onerror = () => reject(new Error(`no style at ${link.href}`));
    link.replaceWith(again);
  });

const entryHere = (): string => document.querySelector('script[src]')?.getAttribute('src') ?? '';

// entryNow is the first script of the portal as it is served now; undefined where it is not reached.
async function entryNow(): Promise<string | undefined> {
  try {
    const response = await fetch('/index.html', { cache: 'no-store' });
    return response.ok ? /<script[^>]* src="([^"]+)"/.exec(await response.text())?.[1] : undefined;
  } catch {
    return undefined;
  }
}

function reload(): boolean {
  if (Date.now() - Number(sessionStorage.getItem(last) ?? 0) < apart) return false;
  sessionStorage.setItem(last, String(Date.now()));
  location.reload();
  return true;
}

const rest = 4000; // ms that a page has stood when others are brought: its own data comes first

/** Brings pages that are likely to be gone to, while nothing else is to do, unless data is dear. */
export function warm(pages: readonly (() => Promise<unknown>)[]): void {
  if ((navigator as { connection?: { saveData?: boolean } }).connection?.saveData) return;
  setTimeout(() => whenIdle(() => navigator.onLine && pages.forEach((load) => void load().catch(() => undefined))), rest);
}

const whenIdle = (work: () => unknown): void => void ('requestIdleCallback' in globalThis ? requestIdleCallback(() => void work()) : work());
