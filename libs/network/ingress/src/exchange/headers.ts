import type { HeaderChanges } from '../table/policy.js';

/** Names and values in turns. */
export type HeaderList = readonly string[];

/** Of one connection only, whoever names them. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** The names that a `Connection` header says are of this connection. */
function connectionNames(headers: HeaderList): ReadonlySet<string> | undefined {
  let names: Set<string> | undefined;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() !== 'connection') continue;
    names ??= new Set();
    for (const name of headers[at + 1]?.split(',') ?? []) names.add(name.trim().toLowerCase());
  }
  return names;
}

/** Headers that go on to the other side, by lower case name: without those of the connection, those left out, and pseudo-headers. */
export function passedHeaders(headers: HeaderList, leftOut: ReadonlySet<string>): string[] {
  const named = connectionNames(headers);
  const passed: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase();
    if (name.startsWith(':') || HOP_BY_HOP.has(name) || leftOut.has(name) || named?.has(name)) continue;
    passed.push(name, headers[at + 1] ?? '');
  }
  return passed;
}

function without(headers: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (!names.has(headers[at] ?? '')) kept.push(headers[at] ?? '', headers[at + 1] ?? '');
  }
  return kept;
}

function changedOnce(headers: string[], { set, add, remove }: HeaderChanges): string[] {
  const kept = without(headers, new Set([...set.map(([name]) => name), ...remove]));
  return [...kept, ...[...set, ...add].flat()];
}

/** Sets, adds and removes headers, as one after the other says. */
export function changedHeaders(headers: string[], changes: readonly HeaderChanges[] = []): string[] {
  return changes.reduce(changedOnce, headers);
}
