import { linearRegex } from '../table/linear-regex.js';
import type { Canary, ValueMatch } from '../table/route.js';
import type { Annotations } from './annotations.js';

const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/;
const DEFAULT_TOTAL = 100;
const MOST = 2 ** 31 - 1;

/** What sends a request to a canary; where it leads is for who knows the rule. */
export type CanarySettings = Omit<Canary, 'target'>;

function valueOf(annotations: Annotations): ValueMatch | undefined {
  const value = annotations.text('canary-by-header-value');
  const pattern = annotations.text('canary-by-header-pattern');
  if (value !== undefined) return { kind: 'exact', value };
  if (pattern === undefined) return undefined;
  try {
    return { kind: 'regex', regex: linearRegex(pattern) };
  } catch (error) {
    annotations.problem('canary-by-header-pattern', `cannot be used: ${(error as Error).message}`);
    // A header that were not compared would send everybody who has it.
    return { kind: 'exact', value: '\0' };
  }
}

/** Whether an Ingress is a canary of another, and for whom. */
export function readCanary(annotations: Annotations): CanarySettings | undefined {
  const isCanary = annotations.flag('canary', false);
  const name = annotations.fitting('canary-by-header', NAME, 'is no name of a header');
  const value = valueOf(annotations);
  const cookie = annotations.fitting('canary-by-cookie', NAME, 'is no name of a cookie');
  const of = annotations.whole('canary-weight-total', 1, MOST) ?? DEFAULT_TOTAL;
  const weight = annotations.whole('canary-weight', 0, MOST) ?? 0;
  if (!isCanary) return undefined;
  return {
    ...(name !== undefined && { header: { name: name.toLowerCase(), ...(value && { value }) } }),
    ...(cookie !== undefined && { cookie }),
    weight: Math.min(weight, of),
    of,
  };
}
