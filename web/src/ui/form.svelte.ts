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

  /**
   * Sends once, and shows why not. The form that is sent says which of its fields are required, and also what else it knows to be
   * wrong: all is told at once.
   */
  async send(element: HTMLFormElement, action: () => Promise<void>, also: () => Wrong[] = () => []): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.told = t.ui.sending;
    this.clear();
    try {
      const wrong = [...missingIn(element), ...also()];
      if (wrong.length > 0) throw new Refusal('invalid_input', t.problems.someMissing, wrong);
      await action();
    } catch (error) {
      await this.refuse(error, element);
    } finally {
      this.busy = false;
      this.told = '';
    }
  }

  /** A field that is being corrected is wrong no more until it is sent again. */
  corrected(name: string): void {
    if (this.errors[name]) delete this.errors[name];
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
    const place = (f: Wrong): HTMLElement | null => document.getElementById(this.idOf(f.field));
    wrong.sort((a, b) => before(place(a), place(b)));
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

// before orders fields as the form has them; what has no field comes last.
function before(a: HTMLElement | null, b: HTMLElement | null): number {
  if (!a || !b) return a ? -1 : b ? 1 : 0;
  return a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : a === b ? 0 : 1;
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
