import { FieldSet } from './field-set.js';
import { identityOf, type Manager, type Managers, readManagers, withFields, writeManagers } from './managers.js';

const SCALE_VERSION = 'autoscaling/v1';
const REPLICAS = FieldSet.at('f:spec', 'f:replicas');

const fieldsAt = (path: readonly string[]): FieldSet => FieldSet.at(...path.map((name) => `f:${name}`));

const owns = ({ fields }: Manager, replicas: FieldSet): boolean => !fields.intersection(replicas).isEmpty;

function inVersion({ name, operation, subresource, time }: Manager, apiVersion: string, fields: FieldSet): Manager {
  return { name, operation, apiVersion, subresource, ...(time && { time }), fields };
}

/** A manager's identity, whatever version it wrote in. */
const whoIs = ({ name, operation, subresource }: Manager): string =>
  identityOf({ name, operation, apiVersion: '', subresource });

const byIdentity = (managers: Iterable<Manager>): Managers =>
  new Map([...managers].map((manager) => [identityOf(manager), manager]));

/** Who owns the replicas of an object, as its Scale shows them; `path` is where they stand in the object. */
export function scaleOwners(owners: string, path: readonly string[]): string {
  const replicas = fieldsAt(path);
  const scaling = [...readManagers(owners).values()].filter((manager) => owns(manager, replicas));
  return writeManagers(byIdentity(scaling.map((manager) => inVersion(manager, SCALE_VERSION, REPLICAS))));
}

/**
 * The managed fields of an object after its Scale was written: who no longer owns the replicas there loses them here, and
 * who does now owns them in `apiVersion`. As kube-apiserver's, their entries say no time. Behaves as kubernetes apimachinery
 * pkg/util/managedfields ScaleHandler.
 */
export function ownersFromScale(owners: string, scaled: string, path: readonly string[], apiVersion: string): string {
  const replicas = fieldsAt(path);
  const scaling = [...readManagers(scaled).values()].filter((manager) => owns(manager, REPLICAS));
  const scalers = new Map(scaling.map((manager) => [whoIs(manager), manager]));
  const kept = [...readManagers(owners).values()].map((manager) => {
    if (!owns(manager, replicas)) return manager;
    return scalers.delete(whoIs(manager)) ? manager : withFields(manager, manager.fields.difference(replicas));
  });
  const added = [...scalers.values()].map((manager) => {
    const { time: _time, ...timeless } = inVersion(manager, apiVersion, replicas);
    return timeless;
  });
  return writeManagers(byIdentity([...kept, ...added]));
}
