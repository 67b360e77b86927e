// Forms: one sending at a time, errors beside their fields and in a summary that takes the focus, nothing typed is lost.

import { Refusal } from './api.js';
import { french, typeset } from './typeset.js';

/**
 * Lets a form send. The action gets what was typed and a function that tells what is under way; a Refusal that it throws
 * is shown in the form.
 * @param {HTMLFormElement} form
 * @param {(values: Record<string, string>, tell: (text: string) => void) => Promise<void>} action
 */
export function handle(form, action) {
  form.noValidate = true; // the browser's own bubbles are neither French for sure nor kept on the page
  form.prepend(summaryOf());
  form.append(statusOf());
  form.querySelectorAll('.field').forEach(equip);
  let busy = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    wait(form, true);
    try {
      clear(form);
      await action(checked(form), (text) => tell(form, text));
    } catch (error) {
      refuse(form, error);
    } finally {
      busy = false;
      wait(form, false);
    }
  });
}

function summaryOf() {
  const summary = document.createElement('div');
  summary.className = 'summary';
  summary.tabIndex = -1;
  summary.hidden = true;
  return summary;
}

function statusOf() {
  const status = document.createElement('p');
  status.className = 'status';
  status.setAttribute('role', 'status');
  return status;
}

// equip gives a field its place for an error, and a password a button that shows it.
function equip(field) {
  const input = field.querySelector('input');
  const error = document.createElement('p');
  error.className = 'error';
  error.id = `${input.id}-error`;
  error.hidden = true;
  input.before(error);
  if (input.type !== 'password') return;
  field.classList.add('secret');
  input.after(reveal(input));
}

function reveal(input) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'reveal';
  button.textContent = 'Afficher';
  button.setAttribute('aria-label', 'Afficher le mot de passe');
  button.setAttribute('aria-pressed', 'false');
  button.addEventListener('click', () => {
    const shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? 'Masquer' : 'Afficher';
    button.setAttribute('aria-pressed', String(shown));
  });
  return button;
}

function tell(form, text) {
  form.querySelector('.status').textContent = text;
}

function wait(form, waiting) {
  form.setAttribute('aria-busy', String(waiting));
  form.querySelector('[type=submit]').setAttribute('aria-disabled', String(waiting));
  tell(form, waiting ? 'Envoi en cours…' : '');
}

// checked gives what was typed, or refuses what is missing.
function checked(form) {
  const missing = [...form.elements].filter((e) => e.required && !e.value.trim());
  if (missing.length > 0) {
    throw new Refusal('invalid_input', 'Il manque des informations.', missing.map((e) => ({ field: e.name, detail: 'Ce champ est obligatoire.' })));
  }
  return Object.fromEntries(new FormData(form));
}

function clear(form) {
  form.querySelector('.summary').hidden = true;
  for (const error of form.querySelectorAll('.error')) error.hidden = true;
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    describe(input, false);
  }
}

function describe(input, wrong) {
  const ids = (input.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id && id !== `${input.id}-error`);
  if (wrong) ids.unshift(`${input.id}-error`);
  if (ids.length > 0) input.setAttribute('aria-describedby', ids.join(' '));
  else input.removeAttribute('aria-describedby');
}

// refuse shows a refusal: whole in the summary, and each field's own beside it.
function refuse(form, error) {
  if (!(error instanceof Refusal)) throw error;
  const summary = form.querySelector('.summary');
  const heading = document.createElement('p');
  heading.className = 'strong';
  heading.textContent = error.passing ? 'Réessayez' : 'À corriger';
  const list = document.createElement('ul');
  list.className = 'plain';
  const fields = error.fields.length > 0 ? error.fields : [{ detail: error.message }];
  list.append(...fields.map((f) => lineOf(form, f)));
  summary.replaceChildren(heading, typeset(list));
  summary.hidden = false;
  summary.focus();
}

// lineOf marks the field that an error is about and gives its line in the summary, which leads to the field.
function lineOf(form, { field, detail }) {
  const line = document.createElement('li');
  line.textContent = detail;
  const input = form.elements[field];
  if (!input) return line;
  input.setAttribute('aria-invalid', 'true');
  describe(input, true);
  const error = document.getElementById(`${input.id}-error`);
  error.textContent = french(detail);
  error.hidden = false;
  const link = document.createElement('a');
  link.href = `#${input.id}`;
  const several = form.querySelectorAll('.field').length > 1;
  link.textContent = several ? `${input.labels[0].textContent} : ${detail}` : detail;
  link.addEventListener('click', (event) => {
    event.preventDefault();
    input.focus();
  });
  line.replaceChildren(link);
  return line;
}
