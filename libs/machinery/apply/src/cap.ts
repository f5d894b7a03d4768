import { identityOf, type Manager, type Managers, orderOf, secondsOf, withFields } from './managers.js';

/** So many that write without applying are told apart. */
const MOST_UPDATERS = 10;
const ANCIENT = 'ancient-changes';

type Entry = readonly [string, Manager];

const byAge = ([, left]: Entry, [, right]: Entry): number =>
  secondsOf(left) - secondsOf(right) || (orderOf(left) < orderOf(right) ? -1 : 1);

/**
 * Joins the oldest managers that wrote without applying, those of one version each, until few enough are left. Behaves as
 * kubernetes apimachinery pkg/util/managedfields capManagersManager.
 */
export function capped(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation }]) => operation === 'Update');
  let excess = updaters.length - MOST_UPDATERS;
  if (excess <= 0) return managers;
  updaters.sort(byAge);
  const kept = new Map(managers);
  const firsts = new Map<string, string>();
  for (const [id, updater] of updaters) {
    if (excess <= 0) break;
    const first = firsts.get(updater.apiVersion);
    if (first === undefined) firsts.set(updater.apiVersion, id);
    else {
      join(kept, first, id);
      excess -= 1;
    }
  }
  return kept;
}

/** Puts a manager into the bucket of its version, which begins with the oldest one. */
function join(managers: Map<string, Manager>, firstId: string, id: string): void {
  const { operation, apiVersion, time, fields } = managers.get(id) as Manager;
  const bucket: Manager = { name: ANCIENT, operation, apiVersion, subresource: '', ...(time && { time }), fields };
  const bucketId = identityOf(bucket);
  const before = managers.get(bucketId) ?? managers.get(firstId);
  if (!managers.has(bucketId)) managers.delete(firstId);
  managers.delete(id);
  managers.set(bucketId, before ? withFields(bucket, fields.union(before.fields)) : bucket);
}
