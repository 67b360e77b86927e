// The family's days: read from the API by range, kept for going back and forth, and shown at once as they will be when
// something was asked for. What did not happen is taken back and said.

import { get, post, remove } from '../api/client';
import { t } from '../texts';
import { french } from '../texts/typeset';
import { onEnd } from '../session/session.svelte';
import { placeOf, type Asking, type Data, type Day, type Range, type Shown, type State } from './model';

type Request = Awaited<ReturnType<typeof ask>>;

const kept = 12; // ranges

class Planning {
  data = $state.raw<Data | undefined>(undefined);
  failed = $state.raw<unknown>(undefined);
  busy = $state(false);
  #expected = $state.raw(new Map<string, State>()); // place → what it will be
  #ranges = new Map<string, Data>();
  #wanted = '';

  /** The days of the range, as they are shown. */
  days = $derived.by<Shown[]>(() => {
    const days = this.data?.days ?? [];
    if (this.#expected.size === 0) return days;
    return days.map((day) => {
      const state = this.#expected.get(placeOf(day));
      return state ? { ...day, state, sending: true, actions: [], reason: t.planning.sending } : day;
    });
  });

  /** Shows a range: at once if it is known, and as it is now. */
  async show(family: string, range: Range): Promise<void> {
    const name = nameOf(family, range);
    this.#wanted = name;
    this.data = this.#ranges.get(name);
    this.failed = undefined;
    this.busy = true;
    try {
      const data = await read(family, range);
      this.#keep(name, data);
      if (this.#wanted === name) this.data = data;
    } catch (error) {
      if (this.#wanted === name) this.failed = error;
    } finally {
      if (this.#wanted === name) this.busy = false;
    }
  }

  /** Has a range at hand before it is gone to. */
  async prefetch(family: string, range: Range): Promise<void> {
    const name = nameOf(family, range);
    if (this.#ranges.has(name)) return;
    await read(family, range).then(
      (data) => this.#keep(name, data),
      () => undefined,
    );
  }

  /** Reads what is shown again: the other ranges may have changed as well. */
  async refresh(family: string, range: Range): Promise<void> {
    const name = nameOf(family, range);
    const data = await read(family, range);
    this.#ranges.clear();
    this.#keep(name, data);
    if (this.#wanted === name) this.data = data;
  }

  /** Shows days as they will be, until what comes of it is known. */
  async expecting<T>(places: readonly Day[], state: (day: Day) => State, work: () => Promise<T>): Promise<T> {
    const names = places.map(placeOf);
    this.#expected = new Map([...this.#expected, ...places.map((day) => [placeOf(day), state(day)] as const)]);
    try {
      return await work();
    } finally {
      this.#expected = new Map([...this.#expected].filter(([name]) => !names.includes(name)));
    }
  }

  #keep(name: string, data: Data): void {
    this.#ranges.delete(name);
    this.#ranges.set(name, data);
    for (const old of this.#ranges.keys()) {
      if (this.#ranges.size <= kept) break;
      this.#ranges.delete(old);
    }
  }

  forget(): void {
    this.#ranges.clear();
    this.#expected = new Map();
    this.#wanted = '';
    this.data = undefined;
  }
}

export const planning = new Planning();
onEnd(() => planning.forget());

const nameOf = (family: string, { from, to }: Range): string => `${family} ${from} ${to}`;

async function read(family: string, { from, to }: Range): Promise<Data> {
  const data = await get('/v1/families/{family}/planning', { path: { family }, query: { from, to } });
  for (const day of data.days) {
    if (day.rule) day.rule = french(day.rule);
    if (day.reason) day.reason = french(day.reason);
  }
  return data;
}

/** Sends a request and waits until all of its days have an outcome: large ones are worked off bit by bit. */
export async function ask(family: string, asking: Asking, key: string, progress?: (settled: number, total: number) => void) {
  let request = await post('/v1/families/{family}/requests', { path: { family }, body: asking, key });
  for (let waited = 0; !request.progress.done && waited < 60_000; ) {
    progress?.(request.progress.settled, request.progress.total);
    const pause = Math.min(2000, 400 + waited / 10);
    await new Promise((resolve) => setTimeout(resolve, pause));
    waited += pause;
    request = await get('/v1/families/{family}/requests/{request}', { path: { family, request: request.id } });
  }
  return request;
}

export type { Request };

/** Tells what each day of some requests would become now. */
export async function preview(family: string, asks: readonly Asking[]) {
  const answers = await Promise.all(asks.map((body) => post('/v1/families/{family}/requests/preview', { path: { family }, body })));
  return answers.flatMap((a) => a.days.map((d) => ({ ...d, ...(d.detail && { detail: french(d.detail) }) })));
}

/** Withdraws what waits of a request. */
export const withdraw = (family: string, request: string) => remove('/v1/families/{family}/requests/{request}', { path: { family, request } });
