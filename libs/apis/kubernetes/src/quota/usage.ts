import type { ResourceQuota } from '../core/v1/index.js';
import { scopesOf } from './check.js';
import type { Evaluator } from './evaluator.js';
import { addLists, mask, type ResourceList } from './resource-list.js';

/** The objects of a kind in a namespace, and what quotas know of it. */
export interface Counted {
  readonly evaluator: Evaluator;
  readonly objects: readonly object[];
}

/** What of a quota these objects use now, by the names it bounds. Behaves as kubernetes CalculateUsage. */
export function usageUnder(quota: ResourceQuota, counted: readonly Counted[], now: number): ResourceList {
  const names = Object.keys(quota.spec?.hard ?? {});
  const scopes = scopesOf(quota);
  return counted.reduce<ResourceList>((sum, { evaluator, objects }) => {
    const own = names.filter((name) => evaluator.counts(name));
    const none = Object.fromEntries(own.map((name) => [name, '0']));
    const within = objects.filter((object) => scopes.every((scope) => evaluator.matchesScope(scope, object)));
    const used = within.reduce<ResourceList>((all, each) => addLists(all, mask(evaluator.usage(each, now), own)), none);
    return addLists(sum, used);
  }, {});
}
