// The collectivity: how to reach it and what it has to say by law.

import { show } from './page.js';

export function home(town) {
  const { contact, terms, privacy, legal, accessibility } = town;
  const page = show('home', {
    name: town.name, service: contact.service, address: contact.address, dpo: town.dpo,
    terms: terms.text, termsVersion: versionOf(terms),
    privacy: privacy.text, privacyVersion: versionOf(privacy),
    legal: legal.text, legalVersion: versionOf(legal),
    accessibility: accessibility.text, accessibilityVersion: versionOf(accessibility),
  });
  link(page.querySelector('#phone'), contact.phone, `tel:${contact.phone}`, spoken(contact.phone));
  link(page.querySelector('#mail'), contact.email, `mailto:${contact.email}`, contact.email);
}

const versionOf = ({ version }) => (version ? `Version ${version}` : '');

function link(place, there, href, text) {
  if (!there) return;
  place.href = href;
  place.textContent = text;
  place.hidden = false;
}

/** A French number in pairs of digits: 02 99 00 00 00. */
export function spoken(phone = '') {
  const [, digits] = /^\+33(\d{9})$/.exec(phone) ?? [];
  return digits ? `0${digits}`.match(/../g).join(' ') : phone;
}
