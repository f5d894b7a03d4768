import type { AuthorizationAttributes } from './authorizer.js';

/** Groups in which nothing is created but questions. */
export const QUESTIONS: ReadonlySet<string> = new Set([
  'authentication.k8s.io',
  'authorization.k8s.io',
  'authorization.binnacle.dev',
  'networking.binnacle.dev',
]);

/** What counts as reading, where nothing else is allowed. */
export interface Reading {
  readonly verbs: ReadonlySet<string>;
  /** Of paths that are no resource's. */
  readonly pathVerbs: ReadonlySet<string>;
  /** Whether a part of an object is read by getting it; the empty one is the object itself. */
  reads(subresource: string): boolean;
}

const VERBS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const KEPT: ReadonlySet<string> = new Set(['', 'status', 'scale']);
/** What runs is run by reading it, as far as HTTP can tell. */
const RUNNING: ReadonlySet<string> = new Set(['attach', 'exec', 'portforward', 'proxy']);

/** Of the past: what is kept as objects are. */
export const PAST_READING: Reading = {
  verbs: VERBS,
  pathVerbs: new Set(['get', 'head', 'options']),
  reads: (subresource) => KEPT.has(subresource),
};

/** By a credential that is for reading only. */
export const TOKEN_READING: Reading = {
  verbs: VERBS,
  pathVerbs: new Set(['get', 'head', 'options', 'watch']),
  reads: (subresource) => !RUNNING.has(subresource),
};

/** Whether an act changes nothing and runs nothing. Questions are created, and read all the same. */
export function isReading(
  { verbs, pathVerbs, reads }: Reading,
  { verb, resource }: Pick<AuthorizationAttributes, 'verb' | 'resource'>,
): boolean {
  if (!resource) return pathVerbs.has(verb);
  if (verb === 'create' && QUESTIONS.has(resource.group)) return true;
  return verbs.has(verb) && reads(resource.subresource);
}
