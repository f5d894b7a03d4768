import {
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isDns1123Subdomain,
  nameIsDnsLabel,
} from '@binnacle/machinery-validation';
import { optional, present } from '@binnacle/apis-registry';
import type { PersistentVolumeClaimSpec, TypedLocalObjectReference, TypedObjectReference } from '../index.js';

const CLAIM = 'PersistentVolumeClaim';
const SNAPSHOT = { kind: 'VolumeSnapshot', group: 'snapshot.storage.k8s.io' };

function isClaimOrSnapshot({ apiGroup = '', kind }: TypedLocalObjectReference): boolean {
  return (kind === CLAIM && apiGroup === '') || (kind === SNAPSHOT.kind && apiGroup === SNAPSHOT.group);
}

function withoutNamespace({ apiGroup, kind, name }: TypedObjectReference): TypedLocalObjectReference {
  return { kind, name, ...(apiGroup !== undefined && { apiGroup }) };
}

/** Before there was the newer field, what no claim could ever be made from was dropped in silence. */
function dropForeignSource(spec: PersistentVolumeClaimSpec, old?: PersistentVolumeClaimSpec): void {
  const meant = old?.dataSource ?? old?.dataSourceRef ?? spec.dataSourceRef;
  if (!meant && spec.dataSource && !isClaimOrSnapshot(spec.dataSource)) delete spec.dataSource;
}

/**
 * Lets the older field and the newer one say the same. A source in another namespace is an alpha feature. Behaves as kubernetes
 * pkg/api/persistentvolumeclaim.
 */
export function settleDataSources(spec: PersistentVolumeClaimSpec, old?: PersistentVolumeClaimSpec): void {
  if (spec.dataSourceRef?.namespace && !old?.dataSourceRef) delete spec.dataSourceRef;
  dropForeignSource(spec, old);
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource };
  if (dataSourceRef && !dataSource && !dataSourceRef.namespace) spec.dataSource = withoutNamespace(dataSourceRef);
}

function validateReference(reference: TypedObjectReference, path: FieldPath): FieldError[] {
  const { apiGroup = '', kind = '', name, namespace } = reference;
  const foreign = apiGroup === '' && kind !== CLAIM;
  return [
    ...present(name, path.child('name')),
    ...present(kind, path.child('kind')),
    ...(foreign ? [invalid(path, kind, `must be '${CLAIM}' when referencing the default apiGroup`)] : []),
    ...(apiGroup ? invalidEach(path.child('apiGroup'), apiGroup, isDns1123Subdomain(apiGroup)) : []),
    ...(namespace ? invalidEach(path.child('namespace'), namespace, nameIsDnsLabel(namespace, false)) : []),
  ];
}

/** What is wrong with the two taken together. */
function contradiction({ dataSource, dataSourceRef }: PersistentVolumeClaimSpec): string | undefined {
  if (!dataSource || !dataSourceRef) return undefined;
  if (dataSourceRef.namespace) return 'may not be specified when dataSourceRef.namespace is specified';
  const same = (['apiGroup', 'kind', 'name'] as const).every((field) => dataSource[field] === dataSourceRef[field]);
  return same ? undefined : 'must match dataSourceRef';
}

/** Behaves as kubernetes validateDataSource and validateDataSourceRef. */
export function validateDataSources(spec: PersistentVolumeClaimSpec, path: FieldPath): FieldError[] {
  const why = contradiction(spec);
  return [
    ...optional(spec.dataSource, path.child('dataSource'), validateReference),
    ...optional(spec.dataSourceRef, path.child('dataSourceRef'), validateReference),
    ...(why ? [invalid(path, {}, why)] : []),
  ];
}
