import { newBadRequest } from '@binnacle/machinery-meta';
import { type RequestInfo, RUNNING_SUBRESOURCES } from './request-info.js';

/** A request that has no answer after this long gets a Timeout. */
export const LONGEST_MILLISECONDS = 60_000;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const PART = /([\d.]+)([^\d.]+)/g;
/** Longer texts are no durations anybody writes. */
const LONGEST_TEXT = 64;

/** Milliseconds of a duration as Go writes it, `1m30s`; undefined where it is none. */
function milliseconds(text: string): number | undefined {
  if (text.length > LONGEST_TEXT || !DURATION.test(text)) return undefined;
  let sum = 0;
  for (const [, number = '', unit = ''] of text.matchAll(PART)) sum += Number(number) * (UNITS[unit] ?? 0);
  return text.startsWith('-') ? -sum : sum;
}

/** Watches, and what leads to something that runs, go on for as long as their client likes. */
export function isLongRunning({ verb, resource }: RequestInfo): boolean {
  return verb === 'watch' || (resource !== undefined && RUNNING_SUBRESOURCES.has(resource.subresource));
}

/**
 * How long a request may take, in milliseconds; undefined where it did not ask for less than it has anyway. Behaves as
 * kubernetes apiserver pkg/endpoints/filters WithRequestDeadline.
 * @throws StatusError BadRequest for a timeout that is no duration.
 */
export function timeoutAsked(info: RequestInfo, query: URLSearchParams): number | undefined {
  const text = query.get('timeout');
  if (!text || isLongRunning(info)) return undefined;
  const asked = milliseconds(text);
  if (asked === undefined) {
    const why = `time: invalid duration ${JSON.stringify(text.slice(0, LONGEST_TEXT))}`;
    throw newBadRequest(`invalid timeout specified in the request URL - ${why}`);
  }
  return asked > 0 && asked < LONGEST_MILLISECONDS ? asked : undefined;
}
