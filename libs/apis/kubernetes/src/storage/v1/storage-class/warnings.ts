import { fieldPath } from '@binnacle/machinery-validation';
import { deprecationOf } from '../../../node-labels/deprecated.js';
import type { StorageClass } from '../index.js';

const TOPOLOGIES = fieldPath('allowedTopologies');

/** Behaves as kubernetes pkg/api/storage GetWarningsForStorageClass. */
export function storageClassWarnings({ allowedTopologies = [] }: StorageClass): string[] {
  return allowedTopologies.flatMap(({ matchLabelExpressions = [] }, position) => {
    const path = TOPOLOGIES.index(position).child('matchLabelExpressions');
    return matchLabelExpressions.flatMap(({ key }, index) => {
      const why = deprecationOf(key);
      return why ? [`${path.index(index).child('key')}: ${why}`] : [];
    });
  });
}
