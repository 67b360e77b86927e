// Mes abonnements: the family files that the account opens, and how to get to the first one.

import { call } from './api.js';
import { filled } from './page.js';

export async function showSubscriptions(token) {
  const place = document.getElementById('list');
  let answer;
  try {
    answer = await call('GET', '/v1/me/subscriptions', undefined, token);
  } catch {
    answer = { items: [] }; // the next steps are right either way
  }
  place.replaceChildren(answer.items.length > 0 ? listOf(answer.items) : filled('unsubscribed', { notice: answer.notice?.detail }));
}

function listOf(items) {
  const page = filled('subscribed');
  page.querySelector('ul').append(...items.map(({ label, collectivity }) => {
    const line = document.createElement('li');
    line.className = 'strong';
    line.textContent = `${label}, ${collectivity.name}`;
    return line;
  }));
  return page;
}
