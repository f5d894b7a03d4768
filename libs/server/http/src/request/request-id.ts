import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Upstream's name for it, in requests and in answers. */
export const REQUEST_ID_HEADER = 'audit-id';

const CHANGES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection', 'post']);
/** What is kept with every change should be short, and print. */
const WELL_FORMED = /^[\x21-\x7e]{1,64}$/;

/** What a request is called in the log of changes: as its client calls it, or by a name of ours. Reads have none. */
export function requestIdOf(verb: string, headers: IncomingHttpHeaders): string | undefined {
  if (!CHANGES.has(verb)) return undefined;
  return auditIdOf(headers);
}

/** What a request is called in the audit log, whatever it is. */
export function auditIdOf(headers: IncomingHttpHeaders): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
}
