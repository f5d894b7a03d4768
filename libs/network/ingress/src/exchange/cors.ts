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

/** The value of `Access-Control-Allow-Origin`; undefined where an origin is not allowed. */
function allowedOrigin({ origins, depth }: CorsPolicy, origin: string | undefined): string | undefined {
  // A star is answered as one, by which browsers send no credentials.
  if (origins.includes('*')) return '*';
  return origin !== undefined && origins.some((one) => fitsOrigin(one, origin, depth)) ? origin : undefined;
}

/** What a page of another origin is told, on every answer. */
export function corsHeaders(cors: CorsPolicy, arrival: Arrival): HeaderChanges {
  const origin = allowedOrigin(cors, arrival.header('origin'));
  if (origin === undefined) return { set: [], add: [], remove: ['access-control-allow-origin'] };
  return {
    set: [
      ['access-control-allow-origin', origin],
      ...(cors.credentials ? ([['access-control-allow-credentials', 'true']] as const) : []),
      ['access-control-allow-methods', cors.methods],
      ['access-control-allow-headers', cors.headers],
      ['access-control-max-age', String(cors.maxAge)],
      ...(cors.exposed === undefined ? [] : ([['access-control-expose-headers', cors.exposed]] as const)),
    ],
    add: origin === '*' ? [] : [['vary', 'Origin']],
    remove: [],
  };
}

/** Whether a browser asks what it may do before it does it. */
export const isPreflight = ({ method }: Arrival): boolean => method === 'OPTIONS';
