import { claimEvaluator } from './claims.js';
import { deviceClaimEvaluator } from './device-claims.js';
import type { Evaluator } from './evaluator.js';
import { podEvaluator } from './pods.js';
import { serviceEvaluator } from './services.js';

/** A kind, as far as it has to be told from others. */
export interface QuotaKind {
  readonly group: string;
  readonly plural: string;
}

const SPECIAL = new Map<string, Evaluator>([
  ['/pods', podEvaluator as Evaluator],
  ['/services', serviceEvaluator as Evaluator],
  ['/persistentvolumeclaims', claimEvaluator as Evaluator],
  ['resource.k8s.io/resourceclaims', deviceClaimEvaluator as Evaluator],
]);

/** Kinds that were counted before there was a name for any. */
const ALIASES = ['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets'];
/** Never counted: they come and go by themselves. */
const IGNORED = new Set(['/events', 'events.k8s.io/events', '/bindings']);

const keyOf = ({ group, plural }: QuotaKind): string => `${group}/${plural}`;

function kindOf(key: string): QuotaKind {
  const [group = '', plural = ''] = key.split('/');
  return { group, plural };
}

/** By what names objects of a kind are counted. */
function countNames({ group, plural }: QuotaKind): string[] {
  const name = group ? `count/${plural}.${group}` : `count/${plural}`;
  return group === '' && ALIASES.includes(plural) ? [name, plural] : [name];
}

function countEvaluator(kind: QuotaKind): Evaluator {
  const names = countNames(kind);
  const one = Object.fromEntries(names.map((name) => [name, '1']));
  return {
    handles: ({ operation, subresource }) => operation === 'CREATE' && subresource === '',
    counts: (name) => names.includes(name),
    matchesScope: () => false,
    usage: () => one,
  };
}

/** What quotas know of a kind; undefined of those they never count. */
export function evaluatorOf(kind: QuotaKind): Evaluator | undefined {
  if (IGNORED.has(keyOf(kind))) return undefined;
  return SPECIAL.get(keyOf(kind)) ?? countEvaluator(kind);
}

/** Of which kind something in a quota is an amount. Names of kinds nobody serves are answered too. */
export function kindCountedBy(name: string): QuotaKind | undefined {
  if (ALIASES.includes(name)) return { group: '', plural: name };
  for (const [key, evaluator] of SPECIAL) if (evaluator.counts(name)) return kindOf(key);
  if (!name.startsWith('count/')) return undefined;
  const [plural = '', ...group] = name.slice('count/'.length).split('.');
  return { group: group.join('.'), plural };
}
