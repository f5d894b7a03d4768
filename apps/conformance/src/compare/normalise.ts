import type { Json } from './case.js';

const DAY = 24 * 60 * 60 * 1000;
const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** What the corpus itself makes up has one figure throughout its parts. */
const MADE_UP = /^(\w)\1+-/;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
const REVISIONS: readonly RegExp[] = [
  /(?<=current: )\d+/g,
  /(?<=ResourceVersion in record \()\d+/g,
  /(?<=UID in record \()\d+/g,
  /(?<=too old resource version: \d+ \()\d+/g,
];
const SERVICE_ADDRESS = /\b10\.96\.(?!7\.7\b)\d+\.\d+\b/g;
const CERTIFICATE = /(?<=X509SHA256=)[0-9a-f]{64}/g;
const GENERATED = /(?<=generated-|kube-api-access-)[bcdfghjklmnpqrstvwxz2456789]{5}/g;
const AGE = /^(\d+[dhms]){1,2}$/;
/** Node ports that the corpus asks for by number. */
const ASKED_PORTS: readonly unknown[] = [31_777, 31_888, 31_889];

const isRecent = (time: string, now: number): boolean => Math.abs(Date.parse(time) - now) < DAY;

/** Text without what must differ between two servers: uids, present times, revisions, addresses, certificates, generated names. */
export function normaliseText(text: string, now: number): string {
  let result = text
    .replace(UID, (uid) => (MADE_UP.test(uid) ? uid : '<uid>'))
    .replace(TIME, (time, fraction?: string) => (isRecent(time, now) ? `<now${fraction ? '.micro' : ''}>` : time))
    .replace(CERTIFICATE, '<certificate>')
    .replace(SERVICE_ADDRESS, '<address>')
    .replace(GENERATED, '<name>');
  for (const revision of REVISIONS) result = result.replace(revision, '<revision>');
  return result;
}

const isPort = (key: string, value: unknown): boolean =>
  /nodePort$/i.test(key) && Number(value) > 0 && !ASKED_PORTS.includes(value);

function normaliseMember(key: string, value: unknown, now: number): unknown {
  if (key === 'resourceVersion' && typeof value === 'string' && value) return '<revision>';
  if (key === 'continue' && value) return '<token>';
  if (isPort(key, value)) return '<port>';
  if (key === 'cells' && Array.isArray(value)) return value.map((cell) => cellOf(cell, now));
  return normalise(value, now);
}

function cellOf(cell: unknown, now: number): unknown {
  if (typeof cell !== 'string') return cell;
  return AGE.test(cell) ? '<age>' : normaliseText(cell, now).replace(/:3[0-2]\d{3}\//g, ':<port>/');
}

/** The same of a JSON value. `now` is milliseconds since the epoch. */
export function normalise(value: unknown, now: number): unknown {
  if (typeof value === 'string') return normaliseText(value, now);
  if (Array.isArray(value)) return value.map((item) => normalise(item, now));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as Json);
  return Object.fromEntries(members.map(([key, member]) => [key, normaliseMember(key, member, now)]));
}
