// Several days at once, for siblings together: what is asked for, and the days that were touched.

import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { t } from '../texts';
import type { Kid } from './kids';
import { asksOf, type Action, type Asking, type Data, type Day, type Kind } from './model';

export class Picking {
  kind = $state<Kind>('booking');
  children = new SvelteSet<string>();
  activities = new SvelteSet<string>();
  options = new SvelteMap<string, string>(); // activity → option
  days = new SvelteSet<string>();
  #known = $state.raw(new Map<string, Day[]>()); // date → the days that have been seen, of all months that were shown

  constructor(data: Data) {
    for (const c of data.children) this.children.add(c.id);
    this.see(data);
    const open = data.activities.find((a) => data.days.some((d) => d.activity === a.id && d.actions.includes('book')));
    if (open) this.activities.add(open.id);
    for (const a of data.activities) if (a.options[0]) this.options.set(a.id, a.options[0].id);
  }

  /** Learns of the days of another range. */
  see(data: Data): void {
    const known = new Map(this.#known);
    for (const date of new Set(data.days.map((d) => d.date))) known.set(date, []);
    for (const d of data.days) known.get(d.date)?.push(d);
    this.#known = known;
  }

  get action(): Action {
    return this.kind === 'booking' ? 'book' : 'absent';
  }

  /** The places of a date that may be asked for. */
  of(date: string): Day[] {
    return (this.#known.get(date) ?? []).filter((d) => this.children.has(d.child) && this.activities.has(d.activity) && d.actions.includes(this.action));
  }

  can(date: string): boolean {
    return this.of(date).length > 0;
  }

  has(date: string): boolean {
    return this.days.has(date) && this.can(date);
  }

  names(date: string, kids: Map<string, Kid>): string[] {
    return [...new Set(this.of(date).map((d) => kids.get(d.child)?.name ?? ''))];
  }

  toggle(date: string): void {
    if (!this.days.delete(date)) this.days.add(date);
  }

  toggleAll(dates: string[]): void {
    const all = dates.every((d) => this.days.has(d));
    for (const d of dates) {
      if (all) this.days.delete(d);
      else this.days.add(d);
    }
  }

  /** The days that count with what is asked for now. */
  get chosen(): string[] {
    return [...this.days].filter((d) => this.can(d)).sort();
  }

  get lines(): number {
    return this.chosen.reduce((sum, d) => sum + this.of(d).length, 0);
  }

  /** What is sent. */
  asks(comment: string): Asking[] {
    const picked = new Map(this.chosen.map((date) => [date, this.of(date).map((d) => this.#item(d))]));
    return asksOf(this.kind, picked, (date) => !this.#known.get(date)?.some((d) => d.state !== 'closed') && this.#known.has(date), comment);
  }

  #item({ child, activity }: Day) {
    const option = this.kind === 'booking' ? this.options.get(activity) : undefined;
    return { child, activity, ...(option && { option }) };
  }

  /** Why nothing can be sent yet, or "". */
  get wanting(): string {
    if (this.children.size === 0 || this.activities.size === 0) return t.planning.pick.needActivity;
    return this.chosen.length === 0 ? t.planning.pick.needDays : '';
  }
}
