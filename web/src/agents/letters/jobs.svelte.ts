// Long work that agents asked for. Looking at a finished job gives links and is recorded, so the list alone is watched.

import { get } from '../../api/client';
import { Refusal } from '../../api/refusal';
import type { Api } from '../../api/types';
import { route } from '../../router/router.svelte';
import { Paged } from '../ui/paged.svelte';
import { x } from './texts';

export type Job = Api<'Job'>;

/** The jobs that the agent could have asked for, newest first: all, or those of some kinds. */
export function jobList(kinds?: string[]): Paged<Job> {
  const slug = route.slug;
  return new Paged<Job>(async (cursor) => {
    const page = await get('/v1/collectivities/{slug}/jobs', { path: { slug }, query: cursor ? { cursor } : {} });
    return { ...page, items: kinds ? page.items.filter((one) => kinds.includes(one.kind)) : page.items };
  });
}

export const underWay = (job: Job): boolean => job.state === 'waiting' || job.state === 'running';

/** The link to one of a job's files: it is made when it is wanted. */
export async function linkOf(job: Job | undefined, name: string): Promise<string> {
  const { files } = await get('/v1/collectivities/{slug}/jobs/{job}', { path: { slug: route.slug, job: job?.id ?? '' } });
  const url = files.find((one) => one.name === name)?.url;
  if (!url) throw new Refusal('file_gone', x.jobs.noLink);
  return url;
}

/** Has the browser save one of a job's files. */
export async function download(job: Job, name: string): Promise<void> {
  location.href = await linkOf(job, name);
}
