// The rows of an import's report: the first come with the import, all of them in the CSV file of its job.

import type { Import } from './imports.svelte';
import { x } from './texts';

export type Outcome = 'created' | 'updated' | 'unchanged' | 'left' | 'error';
export type Level = 'error' | 'warning' | 'info';

export interface Note {
  level: Level;
  column: string;
  detail: string;
}

export interface Row {
  line: number;
  who: string;
  outcome: Outcome;
  notes: Note[];
}

/** What rows are filtered by: their outcome, or that they have a warning. */
export type Filter = '' | Outcome | 'warning';

export const shownBy = (row: Row, filter: Filter): boolean => !filter || (filter === 'warning' ? row.notes.some((n) => n.level === 'warning') : row.outcome === filter);

/** The rows that come with an import. */
export const rowsOf = (file: Import): Row[] => linesOf(file.rows ?? []);

export const linesOf = (rows: NonNullable<Import['rows']>): Row[] =>
  rows.map((r) => ({ line: r.line, who: r.who ?? '', outcome: r.outcome, notes: r.notes.map((n) => ({ level: n.level, column: n.column ?? '', detail: n.detail })) }));

// As the file has them.
const outcomes: Record<string, Outcome> = { Ajout: 'created', 'Mise à jour': 'updated', Inchangé: 'unchanged', 'À décider': 'left', Erreur: 'error' };

/** Reads all rows of a report's file, the worst first. */
export function readReport(csv: string): Row[] {
  const rows = cells(csv.replace(/^\ufeff/, ''))
    .slice(1)
    .map(([line = '', who = '', outcome = '', notes = '']) => ({ line: Number(line), who: who.replace(/^'/, ''), outcome: outcomes[outcome] ?? 'unchanged', notes: notes ? notes.split(' | ').map(noteOf) : [] }));
  const weight = (row: Row) => (row.outcome === 'error' ? 0 : row.outcome === 'left' ? 1 : shownBy(row, 'warning') ? 2 : row.outcome === 'unchanged' ? 4 : 3);
  return rows.sort((a, b) => weight(a) - weight(b));
}

function noteOf(text: string): Note {
  const [, said = '', column = '', detail = ''] = /^(Erreur : |Attention : )?(?:colonne « (.*?) » : )?(.*)$/s.exec(text.replace(/^'/, '')) ?? [];
  return { level: said.startsWith('Erreur') ? 'error' : said ? 'warning' : 'info', column, detail };
}

function cells(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^;"\r\n]*))(;|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ';') continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  return rows;
}

/** What a note says of itself before its text. */
export const heading = (note: Note): string => `${x.report.levels[note.level]}${note.column ? ` (${note.column})` : ''}`;
