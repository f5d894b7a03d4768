import type { CorsPolicy, HeaderChanges } from '../table/policy.js';
import type { Arrival } from './arrival.js';

const ONE_LABEL = /^[A-Za-z0-9_-]+$/;
const LABELS = /^[A-Za-z0-9_.-]+$/;

/** Whether an origin is one of those allowed: itself, or by a star for the beginning of its host. */
function fitsOrigin(allowed: string, origin: string, depth: CorsPolicy['depth']): boolean {
  const star = allowed.indexOf('*.');
  if (star < 0) return allowed === origin;
  const [before, after] = [allowed.slice(0, star), allowed.slice(star + 1)];
  if (!origin.startsWith(before) || !origin.endsWith(after) || origin.length <= before.length + after.length)
    return false;
  return (depth === 'one' ? ONE_LABEL : LABELS).test(origin.slice(before.length, -after.length));
}

const STAR = '*';

/** The value of `Access-Control-Allow-Origin`; undefined where an origin is not allowed. */
function allowedOrigin(
  { origins, depth, credentials, echoes }: CorsPolicy,
  origin: string | undefined,
): string | undefined {
  if (origins.includes(STAR)) return credentials && echoes ? origin : STAR;
  return origin !== undefined && origins.some((one) => fitsOrigin(one, origin, depth)) ? origin : undefined;
}

/** What is allowed of a list, which may be a star for all that is asked for. */
function allowed({ credentials, echoes }: CorsPolicy, list: string, asked: string | undefined): string {
  return list === STAR && credentials && echoes && asked !== undefined ? asked : list;
}

type Pair = readonly [name: string, value: string];
const when = (value: string, name: string): Pair[] => (value === '' ? [] : [[name, value]]);

/** What a page of another origin is told, on every answer. */
export function corsHeaders(cors: CorsPolicy, arrival: Arrival): HeaderChanges {
  const origin = allowedOrigin(cors, arrival.header('origin'));
  if (origin === undefined) return { set: [], add: [], remove: ['access-control-allow-origin'] };
  const methods = allowed(cors, cors.methods, arrival.header('access-control-request-method'));
  const headers = allowed(cors, cors.headers, arrival.header('access-control-request-headers'));
  return {
    set: [
      ['access-control-allow-origin', origin],
      ...when(cors.credentials ? 'true' : '', 'access-control-allow-credentials'),
      ...when(methods, 'access-control-allow-methods'),
      ...when(headers, 'access-control-allow-headers'),
      ['access-control-max-age', String(cors.maxAge)],
      ...when(cors.exposed ?? '', 'access-control-expose-headers'),
    ],
    add: origin === STAR ? [] : [['vary', 'Origin']],
    remove: [],
  };
}

/** Whether a browser asks what it may do before it does it. */
export const isPreflight = ({ method, header }: Arrival): boolean =>
  method === 'OPTIONS' && header('origin') !== undefined && header('access-control-request-method') !== undefined;
