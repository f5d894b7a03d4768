import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { ResourceQuota } from '../index.js';

const isLimit = (resource: string) => resource.startsWith('limits');

/** `name: used/hard` of the resources that pass, in name order. */
function amounts(quota: ResourceQuota, wanted: (resource: string) => boolean): string {
  const { hard = {}, used = {} } = quota.status ?? {};
  return Object.keys(hard)
    .filter(wanted)
    .sort()
    .map((resource) => `${resource}: ${used[resource] ?? 0}/${hard[resource]}`)
    .join(', ');
}

export const printer: TablePrinter<ResourceQuota> = {
  columns: [
    nameColumn,
    column('Request', 'Use and bound of everything but limits.'),
    column('Limit', 'Use and bound of limits.'),
    ageColumn,
  ],
  row: (quota, now) => [
    nameOf(quota),
    amounts(quota, (resource) => !isLimit(resource)),
    amounts(quota, isLimit),
    ageOf(quota, now),
  ],
};
