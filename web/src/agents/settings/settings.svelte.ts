// The collectivity's settings as a manager sees them, and as its forms hold them: nothing missing, numbers as they are typed.

import { get } from '../../api/client';
import type { Api } from '../../api/types';
import { route } from '../../router/router.svelte';

export type Settings = Api<'Settings'>;
export type Document = Api<'SettingsDocument'>;

export const readSettings = (): Promise<Settings> => get('/v1/collectivities/{slug}/settings', { path: { slug: route.slug } });

const textOf = (text: Api<'Text'>) => ({ version: text.version ?? '', text: text.text ?? '' });

/** The settings as forms hold them. */
export function draftOf(s: Settings) {
  return {
    name: s.name,
    fullName: s.fullName ?? '',
    logo: s.logo ?? '',
    colours: { primary: s.colours.primary ?? '', accent: s.colours.accent ?? '' },
    contact: { service: s.contact.service ?? '', email: s.contact.email ?? '', phone: s.contact.phone ?? '', address: s.contact.address ?? '', hours: s.contact.hours ?? '', website: s.contact.website ?? '' },
    mail: { senderName: s.mail.senderName ?? '', replyTo: s.mail.replyTo ?? '', signature: s.mail.signature ?? '' },
    terms: textOf(s.terms),
    privacy: textOf(s.privacy),
    dpo: s.dpo ?? '',
    legal: textOf(s.legal),
    accessibility: textOf(s.accessibility),
    modules: [...s.modules],
    fields: { ...s.fields } as Record<string, string>,
    sections: { ...s.sections } as Record<string, string>,
    documents: (s.documents ?? []).map((one) => ({ type: one.type, when: (one.when ?? '') as string })),
    archived: s.archive !== undefined,
    archive: { reference: s.archive?.reference ?? '', signedOn: s.archive?.signedOn ?? '', years: String(s.archive?.years ?? '') },
    postcodes: (s.postcodes ?? []).join(' '),
    implied: { decision: (s.implied.decision ?? 'accept') as string, months: String(s.implied.months ?? 2) },
    codeDays: String(s.codeDays ?? 365),
  };
}

export type Draft = ReturnType<typeof draftOf>;

const whole = (text: string): number => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : -1); // what is no number is refused beside its field

/** The settings as the API takes them. */
export function documentOf(d: Draft): Document {
  const { archived, archive, postcodes, implied, codeDays, documents, ...plain } = d;
  return {
    ...plain,
    documents: documents.map(({ type, when }) => ({ type, ...(when && { when: when as 'pai' }) })),
    ...(archived && { archive: { ...archive, years: whole(archive.years) } }),
    postcodes: postcodes.split(/[\s,;]+/).filter(Boolean),
    implied: { decision: implied.decision as 'accept', months: whole(implied.months) },
    codeDays: whole(codeDays),
  };
}
