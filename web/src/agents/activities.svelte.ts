// The town's activities, read once: names, options and age groups that the agents' pages show.

import { get } from '../api/client';
import type { Api } from '../api/types';
import { route } from '../router/router.svelte';
import { onEnd } from '../session/session.svelte';

export type Activity = Api<'Activity'>;

class Activities {
  all = $state.raw<Activity[] | undefined>(undefined);

  /** Those that are offered. */
  current = $derived((this.all ?? []).filter((one) => !one.archived));

  of(id: string): Activity | undefined {
    return this.all?.find((one) => one.id === id);
  }

  /** An activity's name; its id where it is not known. */
  name(id: string): string {
    return this.of(id)?.name ?? id;
  }

  option(activity: string, id: string | undefined): string {
    return this.of(activity)?.options?.find((o) => o.id === id)?.name ?? '';
  }

  forget(): void {
    this.all = undefined;
    reading = undefined;
  }
}

export const activities = new Activities();
onEnd(() => activities.forget());

let reading: Promise<void> | undefined;

/** Reads the activities of the agent's scope, once for all who ask; again: after one has changed. */
export function readActivities(again = false): Promise<void> {
  if (again) reading = undefined;
  reading ??= get('/v1/collectivities/{slug}/activities', { path: { slug: route.slug } }).then(
    ({ items }) => {
      activities.all = items;
    },
    (error: unknown) => {
      reading = undefined;
      throw error;
    },
  );
  return reading;
}
