import { StatusError } from '@binnacle/machinery-meta';
import type { Mark } from './code-editor.js';
import { type Complaint, FieldLines, formatFieldPath } from './field-lines.js';

/** One complaint about the text, at its field where it names one. */
export interface ServerComplaint extends Complaint {
  /** 1-based; undefined where the text has no such field. */
  readonly line: number | undefined;
  /** Found here already; the server has not been asked. */
  readonly local?: true;
}

const STRICT = /(?:unknown|duplicate) field "([^"]+)"/g;

/** Strict decoding names the fields in its sentence only. */
function strictComplaints(message: string): Complaint[] {
  return [...message.matchAll(STRICT)].map((found) => ({ field: found[1] ?? '', message: found[0] }));
}

function linesOf(yaml: string): FieldLines | undefined {
  try {
    return new FieldLines(yaml);
  } catch {
    // No YAML any more: nothing has a place in it.
    return undefined;
  }
}

function placed(complaint: Complaint, lines: FieldLines | undefined): ServerComplaint {
  if (complaint.field) return { ...complaint, line: lines?.lineOf(complaint.field) };
  const field = lines?.fieldOf(complaint.message);
  return field
    ? { ...complaint, field: formatFieldPath(field.path), line: field.line }
    : { ...complaint, line: undefined };
}

/** What the server says of a text, each at its line. */
export function complaintsOf(error: unknown, yaml: string): ServerComplaint[] {
  if (!(error instanceof StatusError)) {
    return [{ field: '', message: error instanceof Error ? error.message : String(error), line: undefined }];
  }
  const causes = (error.details?.causes ?? []).map(({ field = '', message = '' }) => ({ field, message }));
  const found = causes.length > 0 ? causes : strictComplaints(error.message);
  const all = found.length > 0 ? found : [{ field: '', message: error.message }];
  const lines = linesOf(yaml);
  return all.map((complaint) => placed(complaint, lines));
}

export function marksOf(complaints: readonly ServerComplaint[]): Mark[] {
  return complaints.flatMap(({ line, message }) => (line === undefined ? [] : [{ line, message }]));
}
