// The family file, as the API shows it to the caller, with the changes that were decided lately.

import { get, post, remove } from '../api/client';
import type { Api } from '../api/types';
import { onEnd } from '../session/session.svelte';
import { french } from '../texts/typeset';

export type File = Api<'FamilyFile'>;
export type Guardian = Api<'Guardian'>;
export type Child = Api<'Child'>;
export type Section = Api<'Section'>;
export type Field = Api<'Field'>;
export type Change = Api<'Change'>;
export type FieldChange = Api<'FieldChange'>;
export type Values = Record<string, unknown>;

class FamilyFile {
  data = $state.raw<File | undefined>(undefined);
  decided = $state.raw<Change[]>([]); // the latest, newest first
  failed = $state.raw<unknown>(undefined);
  #wanted = '';

  /** Shows a family's file: at once if it is known, and as it is now. */
  async show(family: string): Promise<void> {
    if (this.#wanted !== family) this.forget();
    this.#wanted = family;
    this.failed = undefined;
    try {
      await this.refresh();
    } catch (error) {
      if (this.#wanted === family) this.failed = error;
    }
  }

  async refresh(): Promise<void> {
    const family = this.#wanted;
    const [data, changes] = await Promise.all([
      get('/v1/families/{family}', { path: { family } }),
      get('/v1/families/{family}/changes', { path: { family } }).catch(() => ({ items: [] as Change[] })),
    ]);
    if (this.#wanted !== family) return;
    this.data = { ...data, missing: data.missing.map((m) => ({ ...m, detail: french(m.detail) })) };
    this.decided = changes.items.filter((c) => c.state !== 'pending');
  }

  forget(): void {
    this.#wanted = '';
    this.data = undefined;
    this.decided = [];
    this.failed = undefined;
  }
}

export const file = new FamilyFile();
onEnd(() => file.forget());

/** A person, contact or paper of the file, with its values by section. */
export interface Member {
  id: string;
  target: 'guardian' | 'child' | 'contact' | 'document';
  name: string;
  values: Record<string, Values>; // of the sections that the caller may see
  editable: boolean;
}

/** What members are read from: a file as its family sees it, or as agents do. */
export type People = Pick<File, 'guardians' | 'children'>;

/** The members of the file who have sections, in the order in which they are shown. */
export function membersOf(data: People): Member[] {
  return [...data.guardians.map(guardian), ...data.children.map(child), ...contactsOf(data).map((c) => contact(c))];
}

export const nameOf = (data: People, id: string): string => membersOf(data).find((m) => m.id === id)?.name ?? '';

const called = (values: Values): string => [values.firstName, values.lastName].filter(Boolean).join(' ');

function guardian(g: Guardian): Member {
  const sections: [string, Values | undefined][] = [['identity', g.identity], ['address', g.address], ['phones', g.phones], ['work', g.work], ['fiscal', g.fiscal], ['bank', g.bank]];
  const values = Object.fromEntries(sections.filter((s): s is [string, Values] => s[1] !== undefined));
  const relations = Object.fromEntries((g.relations ?? []).map((r) => [r.child, r.relation]));
  // Of an adult of another household, nothing but the name is to be seen.
  const near = g.you === true || g.address !== undefined || g.phones !== undefined;
  return { id: g.id, target: 'guardian', name: called(g.identity ?? {}), values: { ...values, relations }, editable: near };
}

function child(c: Child): Member {
  const identity = { lastName: c.lastName, firstName: c.firstName, birthDate: c.birthDate, birthPlace: c.birthPlace, sex: c.sex };
  const values: Record<string, Values> = { identity, school: { school: c.school, level: c.level, class: c.class } };
  if (c.health) values.health = c.health;
  return { id: c.id, target: 'child', name: called(identity), values, editable: true };
}

/** All contacts of the file, each once. */
export function contactsOf(data: People): (Values & { id: string })[] {
  const all = new Map<string, Values & { id: string }>();
  for (const c of data.children) for (const one of c.contacts) all.set(String(one.id), { ...one, id: String(one.id) });
  return [...all.values()];
}

function contact({ id, ...values }: Values & { id: string }): Member {
  return { id, target: 'contact', name: called(values), values: { contact: values }, editable: true };
}

/** The sections of a kind of member. */
export const sectionsOf = (data: Pick<File, 'sections'>, target: Member['target']): Section[] => data.sections.filter((s) => s.target === target);

/** The field of a section that a change's field belongs to: relations are named by the child, consents by who gave them. */
export function fieldOf(section: Section | undefined, name: string): Field | undefined {
  if (section?.name === 'relations') return section.fields[0];
  return section?.fields.find((f) => f.name === name.split('@')[0]);
}

/** What waits for an answer in a section: field → the change and what it proposes. */
export function pendingOf(data: File, member: string, section: string): Map<string, { change: Change; field: FieldChange }> {
  const all = new Map<string, { change: Change; field: FieldChange }>();
  for (const change of data.pending) {
    if (change.target !== member || change.section !== section || change.kind) continue;
    for (const field of change.fields) if (field.state === 'pending') all.set(field.field, { change, field });
  }
  return all;
}

const recent = 30 * 86_400_000; // ms

/** What was refused lately in a section and not asked for since: field → the refusal. */
export function refusedOf(data: File, decided: Change[], member: string, section: string): Map<string, FieldChange> {
  const all = new Map<string, FieldChange>();
  const seen = new Set(pendingOf(data, member, section).keys());
  for (const change of decided) {
    if (change.target !== member || change.section !== section || change.kind) continue;
    for (const field of change.fields) {
      if (seen.has(field.field)) continue;
      seen.add(field.field);
      const at = Date.parse(change.decidedAt ?? '');
      if (field.state === 'refused' && Date.now() - at < recent) all.set(field.field, field);
    }
  }
  return all;
}

/** Proposes a change. */
export const propose = (family: string, body: Api<'NewChange'>, key: string) => post('/v1/families/{family}/changes', { path: { family }, body, key });

/** Takes a change back, whole. */
export const withdraw = (family: string, change: string) => remove('/v1/families/{family}/changes/{change}', { path: { family, change } });
