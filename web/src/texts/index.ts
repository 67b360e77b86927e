// The texts that people read. Another language is another catalogue of the same shape, chosen here.

import { fr } from './fr';
import { catalogue } from './typeset';

export type Texts = typeof fr;

export const t: Texts = catalogue(fr);

/** A text by its name where the name comes from the API; one that is not in the catalogue is shown as it is. */
export const named = (texts: Record<string, string>, name: string): string => texts[name] ?? name;
