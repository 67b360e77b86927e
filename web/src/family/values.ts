// Values of the file's fields: as people read them, as forms hold them, and whether they differ.

import { named, t } from '../texts';
import { dated, isDate } from '../texts/dates';
import { french } from '../texts/typeset';
import { spoken } from '../town/phone';
import { nameOf, type Field, type People, type Values } from './file.svelte';

const euros = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' });

/** Who is called how: a file knows its members, and so may a function. */
type Called = People | ((id: string) => string);

/** A value in words; "" where there is none. A list has a line for each record. */
export function shown(field: Field | undefined, value: unknown, data: Called): string[] {
  const name = (id: unknown) => (typeof data === 'function' ? data(String(id)) : nameOf(data, String(id)));
  if (value === undefined || value === null || value === '') return [];
  switch (field?.kind) {
    case 'yesno':
    case 'consent':
      return [value === true ? t.ui.yes : t.ui.no];
    case 'choice':
      return [choice(field.name, String(value))];
    case 'choices':
      return [items(value).map((v) => choice(field.name, String(v))).join(', ')].filter(Boolean);
    case 'children':
      return [items(value).map(name).join(', ')].filter(Boolean);
    case 'member':
    case 'housemate':
      return [name(value)].filter(Boolean);
    case 'date':
    case 'anydate':
      return [isDate(String(value)) ? dated(String(value)) : String(value)];
    case 'phone':
      return [spoken(String(value))];
    case 'amount':
      return [typeof value === 'number' ? euros.format(value) : String(value)];
    case 'list':
      return items(value).map((record) => (field.items ?? []).flatMap((item) => shown(item, (record as Values)[item.name], data)).join(' · ')).filter(Boolean);
    case 'upload':
      return [t.family.fileSent];
  }
  return [typeof value === 'boolean' ? (value ? t.ui.yes : t.ui.no) : french(String(value))];
}

/** A choice in words. Some names mean different things in different fields. */
export const choice = (field: string, value: string): string => t.choices[`${field}.${value}`] ?? named(t.choices, value);

const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Fields that the API shows masked: they are typed anew or left as they are. */
export const masked = (field: Field): boolean => ['iban', 'bic', 'taxreference'].includes(field.kind);

/** What a form begins with. */
export function held(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'yesno':
    case 'consent':
      return value === true ? 'yes' : value === false ? 'no' : '';
    case 'choices':
    case 'children':
      return items(value).map(String);
    case 'list':
      return items(value).map((record) => Object.fromEntries((field.items ?? []).map((item) => [item.name, held(item, (record as Values)[item.name])])));
    case 'amount':
      return typeof value === 'number' ? String(value).replace('.', ',') : '';
    case 'phone':
      return value ? spoken(String(value)).replace(/\u00a0/g, ' ') : '';
  }
  if (masked(field)) return '';
  return value === undefined || value === null ? '' : String(value);
}

/** What is sent for what a form holds; null clears a field. */
export function given(field: Field, typed: unknown): unknown {
  switch (field.kind) {
    case 'yesno':
    case 'consent':
      return typed === 'yes' ? true : typed === 'no' ? false : null;
    case 'choices':
    case 'children':
      return typed;
    case 'list':
      return items(typed)
        .map((record) => Object.fromEntries((field.items ?? []).map((item) => [item.name, given(item, (record as Values)[item.name])]).filter(([, v]) => v !== null && v !== '')))
        .filter((record) => Object.keys(record).length > 0);
  }
  const text = String(typed ?? '').trim();
  return text === '' ? null : text;
}

/** The fields that were touched, as they are sent. A masked one that is left empty stays as it is. */
export function touched(fields: readonly Field[], before: Values, now: Values): Values {
  const out: Values = {};
  for (const field of fields) {
    if (masked(field) && now[field.name] === '') continue;
    const [was, is] = [given(field, held(field, before[field.name])), given(field, now[field.name])];
    if (JSON.stringify(was) !== JSON.stringify(is)) out[field.name] = is;
  }
  return out;
}
