import { StatusError } from '@binnacle/machinery-meta';
import type { Mark } from './code-editor.js';
import { lineOfField } from './field-lines.js';

/** One complaint about the text, at its field where it names one. */
export interface ServerComplaint {
  readonly field: string;
  readonly message: string;
  /** 1-based; undefined where the text has no such field. */
  readonly line: number | undefined;
  /** Found here already; the server has not been asked. */
  readonly local?: true;
}

const STRICT = /(?:unknown|duplicate) field "([^"]+)"/g;

/** Strict decoding names the fields in its sentence only. */
function strictComplaints(message: string): { field: string; message: string }[] {
  return [...message.matchAll(STRICT)].map((found) => ({ field: found[1] ?? '', message: found[0] }));
}

export function complaintsOf(error: unknown, yaml: string): ServerComplaint[] {
  if (!(error instanceof StatusError)) {
    return [{ field: '', message: error instanceof Error ? error.message : String(error), line: undefined }];
  }
  const causes = (error.details?.causes ?? []).map(({ field = '', message = '' }) => ({ field, message }));
  const found = causes.length > 0 ? causes : strictComplaints(error.message);
  const all = found.length > 0 ? found : [{ field: '', message: error.message }];
  return all.map((complaint) => ({
    ...complaint,
    line: complaint.field ? lineOfField(yaml, complaint.field) : undefined,
  }));
}

export function marksOf(complaints: readonly ServerComplaint[]): Mark[] {
  return complaints.flatMap(({ line, message }) => (line === undefined ? [] : [{ line, message }]));
}
