import type { Quantity } from '@binnacle/machinery-meta';
import { compareQuantities, toUnits } from '@binnacle/machinery-quantity';
import type { PersistentVolumeClaim } from '../core/v1/index.js';
import { ANNOTATION_BETA_STORAGE_CLASS } from '../well-known/index.js';
import { type Evaluator, fits } from './evaluator.js';
import type { ResourceList } from './resource-list.js';

const COUNT = 'count/persistentvolumeclaims';
const CLAIMS = 'persistentvolumeclaims';
const STORAGE = 'requests.storage';
const OF_CLASS = '.storageclass.storage.k8s.io/';

function classOf({ metadata, spec }: PersistentVolumeClaim): string {
  return metadata.annotations?.[ANNOTATION_BETA_STORAGE_CLASS] ?? spec?.storageClassName ?? '';
}

/** Whole bytes; a fraction counts as one. */
const whole = (amount: Quantity): Quantity =>
  compareQuantities(amount, String(toUnits(amount))) === 0 ? amount : String(toUnits(amount));

function storageOf({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const asked = spec?.resources?.requests?.['storage'];
  if (asked === undefined) return undefined;
  const given = status?.allocatedResources?.['storage'];
  return whole(given !== undefined && compareQuantities(given, asked) > 0 ? given : asked);
}

function attributesClasses({ spec, status }: PersistentVolumeClaim): string[] {
  const { currentVolumeAttributesClassName, modifyVolumeStatus } = status ?? {};
  const names = [
    spec?.volumeAttributesClassName,
    currentVolumeAttributesClassName,
    modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return names.filter((name): name is string => Boolean(name));
}

function usage(claim: PersistentVolumeClaim): ResourceList {
  const [storage, ofClass] = [storageOf(claim), classOf(claim)];
  return {
    [COUNT]: '1',
    [CLAIMS]: '1',
    ...(ofClass && { [`${ofClass}${OF_CLASS}${CLAIMS}`]: '1' }),
    ...(storage !== undefined && { [STORAGE]: storage }),
    ...(storage !== undefined && ofClass && { [`${ofClass}${OF_CLASS}${STORAGE}`]: storage }),
  };
}

/** Behaves as kubernetes pkg/quota/v1/evaluator/core/persistent_volume_claims.go. */
export const claimEvaluator: Evaluator<PersistentVolumeClaim> = {
  handles: ({ operation, subresource, object, old }) => {
    if (subresource === '') return operation === 'CREATE' || operation === 'UPDATE';
    if (subresource !== 'status' || !old) return false;
    const of = (claim: PersistentVolumeClaim) => JSON.stringify([storageOf(claim), attributesClasses(claim)]);
    return of(object) !== of(old);
  },
  counts: (name) =>
    [COUNT, CLAIMS, STORAGE].includes(name) || [CLAIMS, STORAGE].some((each) => name.endsWith(`${OF_CLASS}${each}`)),
  matchesScope: (scope, claim) => scope.scopeName === 'VolumeAttributesClass' && fits(scope, attributesClasses(claim)),
  usage,
};
