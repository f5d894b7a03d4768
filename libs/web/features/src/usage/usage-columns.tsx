import type { Translate } from '../messages/index.js';
import type { KindColumn } from '../view/kind-view.js';
import type { Resource } from './amounts.js';
import { FORMATS, UsageCell } from './usage-cell.js';
import type { ListedUsage } from './use-usage.js';

/** What is not measured stands behind everything that is. */
const UNKNOWN = -1;

function column(t: Translate, { kind, of }: ListedUsage, resource: Resource, from: number): KindColumn {
  const now = (object: Parameters<typeof of>[0]) => of(object)?.[resource].now;
  return {
    id: `${resource}Use`,
    title: t(resource === 'cpu' ? 'usage.cpu' : 'usage.memory'),
    track: '7.25rem',
    align: 'end',
    from,
    value: (object) => now(object) ?? UNKNOWN,
    told: (object) => {
      const amount = now(object);
      return amount === undefined ? '' : FORMATS[resource](amount);
    },
    cell: (object) => {
      const usage = of(object);
      return (
        <UsageCell usage={usage} resource={resource} bounds={usage ? kind.boundsOf(object, usage, resource) : {}} />
      );
    },
  };
}

/** What each object of a list uses. */
export function usageColumns(t: Translate, usage: ListedUsage): KindColumn[] {
  return [column(t, usage, 'cpu', 600), column(t, usage, 'memory', 780)];
}
