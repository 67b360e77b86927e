// Forms: one sending at a time, errors beside their fields and in a summary that takes the focus, nothing typed is lost.

import { tick } from 'svelte';
import { Refusal, type Wrong } from '../api/refusal';
import { t } from '../texts';

interface Line {
  text: string;
  id?: string; // of the field that it leads to
}

export interface Summary {
  passing: boolean; // the same again may succeed
  lines: Line[];
}

let forms = 0;

/** A form's state. Fields are known by the names that the API gives them. */
export class Form {
  readonly id = `form-${++forms}`;
  errors = $state<Record<string, string>>({});
  summary = $state.raw<Summary | undefined>(undefined);
  busy = $state(false);
  told = $state(''); // what is under way

  /** @param prefix of the form's fields in what is sent: values. */
  constructor(readonly prefix = '') {}

  idOf(name: string): string {
    return `${this.id}-${name}`;
  }

  /** Sends once, and shows why not. The form that is sent says which of its fields are required. */
  async send(element: HTMLFormElement, action: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.told = t.ui.sending;
    this.clear();
    try {
      const missing = missingIn(element);
      if (missing.length > 0) throw new Refusal('invalid_input', t.problems.someMissing, missing);
      await action();
    } catch (error) {
      await this.refuse(error, element);
    } finally {
      this.busy = false;
      this.told = '';
    }
  }

  clear(): void {
    this.errors = {};
    this.summary = undefined;
  }

  /** Shows a refusal: whole in the summary, and each field's own beside it. */
  async refuse(error: unknown, element?: HTMLFormElement): Promise<void> {
    if (!(error instanceof Refusal)) console.error(error);
    const refusal = error instanceof Refusal ? error : new Refusal('unexpected', t.problems.unexpected);
    const wrong = refusal.fields.map((f) => ({ ...f, field: f.field.startsWith(this.prefix) ? f.field.slice(this.prefix.length) : f.field }));
    const lines = wrong.map((f) => this.#line(f, element));
    const whole = lines.some((l) => l.id) || wrong.length > 1 ? lines : [{ text: refusal.message }];
    this.summary = { passing: refusal.passing, lines: whole };
    await tick();
    document.getElementById(`${this.id}-summary`)?.focus();
  }

  #line({ field, detail }: Wrong, element?: HTMLFormElement): Line {
    this.errors[field] = detail;
    const id = this.idOf(field);
    const input = document.getElementById(id);
    if (!input || (element && !element.contains(input))) return { text: detail };
    return { text: `${input.dataset.label ?? ''} : ${detail}`, id };
  }
}

function missingIn(form: HTMLFormElement): Wrong[] {
  const seen = new Set<string>();
  const missing: Wrong[] = [];
  for (const e of form.elements) {
    if (!(e instanceof HTMLInputElement || e instanceof HTMLSelectElement || e instanceof HTMLTextAreaElement)) continue;
    if (!e.required || seen.has(e.name) || given(form, e)) continue;
    seen.add(e.name);
    missing.push({ field: e.name, code: 'required', detail: e.dataset.missing ?? t.problems.missing });
  }
  return missing;
}

function given(form: HTMLFormElement, e: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement): boolean {
  if (e.type === 'checkbox') return (e as HTMLInputElement).checked;
  if (e.type === 'radio') return form.querySelector(`input[name="${CSS.escape(e.name)}"]:checked`) !== null;
  return e.value.trim() !== '';
}
