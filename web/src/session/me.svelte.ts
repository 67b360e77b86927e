// Who is signed in, and which family files they may open. Read once, and again when something has changed.

import { get } from '../api/client';
import type { Api } from '../api/types';
import { route } from '../router/router.svelte';
import { french } from '../texts/typeset';
import { onEnd } from './session.svelte';

type Subscription = Api<'Subscription'>;

class Mine {
  account = $state.raw<Api<'Me'> | undefined>(undefined);
  subscriptions = $state.raw<Subscription[] | undefined>(undefined);
  notice = $state.raw<Api<'Notice'> | undefined>(undefined); // why the code given at sign-up opened nothing
  #chosen = $state(''); // family

  /** The families of this portal's collectivity. */
  here = $derived((this.subscriptions ?? []).filter((s) => s.collectivity.slug === route.slug));

  /** The family that is shown. */
  family = $derived((this.here.find((s) => s.family === this.#chosen) ?? this.here[0])?.family ?? '');

  choose(family: string): void {
    this.#chosen = family;
    keep(family);
  }

  /** The family that was shown last on this browser, before the API has said which there are. */
  get likely(): string {
    return kept();
  }

  forget(): void {
    this.account = undefined;
    this.subscriptions = undefined;
    this.notice = undefined;
    this.#chosen = '';
    keep('');
  }
}

export const mine = new Mine();
onEnd(() => mine.forget());

let reading: Promise<void> | undefined;

/** Reads the subscriptions, once for all who ask at the same time. */
export function readSubscriptions(again = false): Promise<void> {
  if (mine.subscriptions && !again) return Promise.resolve();
  reading ??= get('/v1/me/subscriptions', {})
    .then(({ items, notice }) => {
      mine.subscriptions = items;
      mine.notice = notice && { ...notice, detail: french(notice.detail) };
      const last = kept();
      if (items.some((s) => s.family === last)) mine.choose(last);
      else keep(mine.family);
    })
    .finally(() => {
      reading = undefined;
    });
  return reading;
}

let readingMe: Promise<Api<'Me'>> | undefined;

export function readMe(): Promise<Api<'Me'>> {
  if (mine.account) return Promise.resolve(mine.account);
  readingMe ??= get('/v1/me', {})
    .then((me) => (mine.account = me))
    .finally(() => {
      readingMe = undefined;
    });
  return readingMe;
}

const place = (): string => `preau.family.${route.slug}`;

function kept(): string {
  try {
    return localStorage.getItem(place()) ?? '';
  } catch {
    return '';
  }
}

function keep(family: string): void {
  try {
    if (family) localStorage.setItem(place(), family);
    else localStorage.removeItem(place());
  } catch {
    // a browser that keeps nothing
  }
}
