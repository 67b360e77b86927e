// The agents' pages by their address behind /{collectivity}/agents, in the order of the menu. Each is loaded when it is gone to.

import type { Component } from 'svelte';
import type { IconName } from '../ui/Icon.svelte';
import { desk, type Role } from './desk.svelte';
import { a } from './texts';

export interface AgentPage {
  path: string;
  label: string; // in the menu
  short?: string; // in the bar of a phone, where it has a place
  icon: IconName;
  part: 'daily' | 'town' | 'own'; // of the menu
  for: Role; // the least that opens it
  whole?: boolean; // takes all activities and schools
  counts?: 'changes' | 'requests'; // how much waits there
  load: () => Promise<{ default: Component }>;
}

export const pages: AgentPage[] = [
  { path: '', label: a.nav.desk, short: a.nav.desk, icon: 'inbox', part: 'daily', for: 'reader', load: () => import('./desk/Desk.svelte') },
  { path: 'modifications', label: a.changes.title, short: a.changes.short, icon: 'edit', part: 'daily', for: 'reader', counts: 'changes', load: () => import('./changes/Changes.svelte') },
  { path: 'demandes', label: a.requests.short, short: a.requests.short, icon: 'list', part: 'daily', for: 'reader', counts: 'requests', load: () => import('./requests/Requests.svelte') },
  { path: 'presences', label: a.attendance.title, short: a.attendance.title, icon: 'check', part: 'daily', for: 'reader', load: () => import('./attendance/Attendance.svelte') },
  { path: 'familles', label: a.families.title, icon: 'people', part: 'daily', for: 'reader', load: () => import('./families/Families.svelte') },
  { path: 'activites', label: a.nav.activities, icon: 'grid', part: 'town', for: 'reader', load: () => import('./activities/Activities.svelte') },
  { path: 'calendrier', label: a.nav.calendar, icon: 'calendar', part: 'town', for: 'reader', load: () => import('./days/Calendar.svelte') },
  { path: 'evenements', label: a.nav.events, icon: 'bell', part: 'town', for: 'reader', load: () => import('./days/Events.svelte') },
  { path: 'ecoles', label: a.nav.schools, icon: 'home', part: 'town', for: 'reader', load: () => import('./schools/Schools.svelte') },
  { path: 'inscriptions', label: a.nav.enrolments, icon: 'list', part: 'town', for: 'reader', load: () => import('./enrolments/Enrolments.svelte') },
  { path: 'imports', label: a.nav.imports, icon: 'folder', part: 'town', for: 'manager', whole: true, load: () => import('./imports/Imports.svelte') },
  { path: 'codes', label: a.nav.codes, icon: 'mail', part: 'town', for: 'manager', whole: true, load: () => import('./letters/Codes.svelte') },
  { path: 'listes', label: a.nav.lists, icon: 'file', part: 'town', for: 'manager', load: () => import('./letters/Lists.svelte') },
  { path: 'travaux', label: a.nav.jobs, icon: 'clock', part: 'town', for: 'manager', load: () => import('./letters/Jobs.svelte') },
  { path: 'agents', label: a.nav.staff, icon: 'person', part: 'town', for: 'manager', whole: true, load: () => import('./staff/Staff.svelte') },
  { path: 'reglages', label: a.nav.settings, icon: 'gear', part: 'town', for: 'manager', whole: true, load: () => import('./settings/Settings.svelte') },
  { path: 'journal', label: a.nav.audit, icon: 'shield', part: 'town', for: 'manager', load: () => import('./audit/Audit.svelte') },
  { path: 'connexions', label: a.nav.sessions, icon: 'keys', part: 'own', for: 'reader', load: () => import('./staff/Sessions.svelte') },
];

/** The page of an address: parts behind agents. What follows a page's own part is the page's affair. */
export const agentPageOf = (parts: readonly string[]): AgentPage | undefined => pages.find((p) => p.path === (parts[0] ?? ''));

/** Whether the agent who is signed in may see a page. */
export const opens = (page: AgentPage): boolean => desk.can(page.for) && (!page.whole || desk.whole);

/** The address of a page within the collectivity's. */
export const within = (path = ''): string => (path ? `agents/${path}` : 'agents');
