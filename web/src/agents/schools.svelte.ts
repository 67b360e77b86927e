// The town's schools, read once.

import { get } from '../api/client';
import type { Api } from '../api/types';
import { route } from '../router/router.svelte';
import { onEnd } from '../session/session.svelte';

export type School = Api<'School'>;

class Schools {
  all = $state.raw<School[] | undefined>(undefined);

  name(id: string): string {
    return this.all?.find((one) => one.id === id)?.name ?? id;
  }

  className(id: string): string {
    for (const school of this.all ?? []) {
      const found = school.classes?.find((one) => one.id === id);
      if (found) return found.name;
    }
    return id;
  }

  forget(): void {
    this.all = undefined;
    reading = undefined;
  }
}

export const schools = new Schools();
onEnd(() => schools.forget());

let reading: Promise<void> | undefined;

/** Reads the schools once for all who ask; again: after one has changed. */
export function readSchools(again = false): Promise<void> {
  if (again) reading = undefined;
  reading ??= get('/v1/collectivities/{slug}/schools', { path: { slug: route.slug } }).then(
    ({ items }) => {
      schools.all = items;
    },
    (error: unknown) => {
      reading = undefined;
      throw error;
    },
  );
  return reading;
}
