import {
  FIELD_IMMUTABLE,
  type FieldError,
  fieldPath,
  forbidden,
  invalid,
  semanticEqual,
  validateImmutable,
} from '@binnacle/machinery-validation';
import { changedFields } from '@binnacle/apis-registry';
import {
  LABEL_ARCH,
  LABEL_ARCH_STABLE,
  LABEL_FAILURE_DOMAIN_BETA_REGION,
  LABEL_FAILURE_DOMAIN_BETA_ZONE,
  LABEL_INSTANCE_TYPE,
  LABEL_INSTANCE_TYPE_STABLE,
  LABEL_OS,
  LABEL_OS_STABLE,
  LABEL_TOPOLOGY_REGION,
  LABEL_TOPOLOGY_ZONE,
} from '../../../well-known/index.js';
import type { NodeSelectorRequirement, PersistentVolume, PersistentVolumeSpec, VolumeNodeAffinity } from '../index.js';
import { sourcesOf } from './source-validation.js';

/** Labels that may be brought up to date where they are asked for. */
const STABLE = new Map([
  [LABEL_FAILURE_DOMAIN_BETA_ZONE, LABEL_TOPOLOGY_ZONE],
  [LABEL_FAILURE_DOMAIN_BETA_REGION, LABEL_TOPOLOGY_REGION],
  [LABEL_OS, LABEL_OS_STABLE],
  [LABEL_ARCH, LABEL_ARCH_STABLE],
  [LABEL_INSTANCE_TYPE, LABEL_INSTANCE_TYPE_STABLE],
]);

/** The source of a volume, without what may be added to it once. */
function sourceOf(next: PersistentVolumeSpec, old: PersistentVolumeSpec): Partial<PersistentVolumeSpec> {
  const source = sourcesOf(next);
  if (!next.csi || !old.csi || old.csi.controllerExpandSecretRef) return source;
  const { controllerExpandSecretRef: _, ...csi } = next.csi;
  return { ...source, csi };
}

function validateSameSource(next: PersistentVolumeSpec, old: PersistentVolumeSpec): FieldError[] {
  const [after, before] = [sourceOf(next, old), sourcesOf(old)];
  if (semanticEqual(after, before)) return [];
  const path = fieldPath('spec', 'persistentvolumesource');
  return [forbidden(path, `${path} is immutable after creation\n${changedFields(after, before, 'spec')}`)];
}

/** The requirement with every label that was brought up to date put back. */
function withOldKeys(next: readonly NodeSelectorRequirement[] = [], old: readonly NodeSelectorRequirement[] = []) {
  return next.map((requirement, index) => {
    const key = old[index]?.key ?? '';
    return STABLE.get(key) === requirement.key ? { ...requirement, key } : requirement;
  });
}

function withOldLabels(next: VolumeNodeAffinity | undefined, old: VolumeNodeAffinity): VolumeNodeAffinity | undefined {
  if (!next?.required) return next;
  const before = old.required?.nodeSelectorTerms ?? [];
  const nodeSelectorTerms = (next.required.nodeSelectorTerms ?? []).map((term, index) => ({
    ...term,
    ...(term.matchExpressions && {
      matchExpressions: withOldKeys(term.matchExpressions, before[index]?.matchExpressions),
    }),
  }));
  return { ...next, required: { ...next.required, nodeSelectorTerms } };
}

function validateSameAffinity(next: VolumeNodeAffinity | undefined, old: VolumeNodeAffinity | undefined): FieldError[] {
  if (!old || semanticEqual(withOldLabels(next, old), old)) return [];
  const why = `${FIELD_IMMUTABLE}, except for updating from beta label to GA`;
  return [invalid(fieldPath('nodeAffinity'), next ?? null, why)];
}

/** Behaves as kubernetes ValidatePersistentVolumeUpdate, its paths included. */
export function validatePersistentVolumeUpdate(
  { spec: next = {} }: PersistentVolume,
  { spec: old = {} }: PersistentVolume,
): FieldError[] {
  const dropped = old.volumeAttributesClassName !== undefined && next.volumeAttributesClassName === undefined;
  const attributes = fieldPath('spec', 'volumeAttributesClassName');
  return [
    ...validateSameSource(next, old),
    ...validateImmutable(next.volumeMode, old.volumeMode, fieldPath('volumeMode')),
    ...validateSameAffinity(next.nodeAffinity, old.nodeAffinity),
    ...(dropped ? [forbidden(attributes, 'update from non-nil value to nil is forbidden')] : []),
  ];
}
