// How many places days have left, by activity and week, as the attendance tells them.

import { get } from '../../api/client';
import type { Api } from '../../api/types';
import { route } from '../../router/router.svelte';
import { mondayOf, plus } from '../../texts/dates';

export interface Places {
  groups: Api<'AttendanceGroup'>[];
  groupOf: Map<string, string>; // age group by child
}

const atOnce = 3;

export class PlacesLeft {
  #days = $state.raw<ReadonlyMap<string, Places>>(new Map());
  #asked = new Set<string>();
  #queue: { activity: string; monday: string }[] = [];
  #running = 0;

  of(activity: string, date: string): Places | undefined {
    return this.#days.get(`${activity}|${date}`);
  }

  /** Asks for a day, with its week: once, or again after something was decided there. */
  want(activity: string, date: string, again = false): void {
    const monday = mondayOf(date);
    const name = `${activity}|${monday}`;
    if (this.#asked.has(name) && !again) return;
    this.#asked.add(name);
    if (!this.#queue.some((q) => q.activity === activity && q.monday === monday)) this.#queue.push({ activity, monday });
    this.#run();
  }

  #run(): void {
    while (this.#running < atOnce) {
      const next = this.#queue.shift();
      if (!next) return;
      this.#running++;
      void this.#read(next.activity, next.monday).finally(() => {
        this.#running--;
        this.#run();
      });
    }
  }

  // What is not to be had is not shown: the decision itself says whether there is a place.
  async #read(activity: string, monday: string): Promise<void> {
    try {
      const { days } = await get('/v1/collectivities/{slug}/attendance', { path: { slug: route.slug }, query: { activity, date: monday, to: plus(monday, 6) } });
      const all = new Map(this.#days);
      for (const day of days) {
        const groupOf = new Map([...day.lines, ...day.waiting, ...day.others].map((l) => [l.child, l.group]));
        all.set(`${activity}|${day.date}`, { groups: day.groups, groupOf });
      }
      this.#days = all;
    } catch {
      this.#asked.delete(`${activity}|${monday}`);
    }
  }
}
