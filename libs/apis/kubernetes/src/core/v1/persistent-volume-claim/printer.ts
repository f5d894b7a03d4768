import {
  type TablePrinter,
  ageColumn,
  ageOf,
  column,
  nameColumn,
  nameOf,
  phaseOf,
  UNSET,
  wide,
} from '@binnacle/apis-registry';
import { formatAccessModes, storageClassOf } from '../volume-facts.js';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec, PersistentVolumeClaimStatus } from '../index.js';

/** The volume, and what it holds. */
function boundTo(
  { volumeName }: PersistentVolumeClaimSpec,
  { capacity, accessModes }: PersistentVolumeClaimStatus,
): string[] {
  if (!volumeName) return ['', '', ''];
  return [volumeName, String(capacity?.storage ?? 0), formatAccessModes(accessModes)];
}

export const printer: TablePrinter<PersistentVolumeClaim> = {
  columns: [
    nameColumn,
    column('Status', 'Whether it has its volume.'),
    column('Volume', 'The volume it is bound to.'),
    column('Capacity', 'How much the volume holds.'),
    column('Access Modes', 'How the volume may be mounted.'),
    column('StorageClass', 'The class it asks for.'),
    column('VolumeAttributesClass', 'The class of attributes it asks for.'),
    ageColumn,
    wide('VolumeMode', 'Whether it asks for a filesystem or a device.'),
  ],
  row: (claim, now) => {
    const { spec = {}, status = {} } = claim;
    return [
      nameOf(claim),
      phaseOf(claim),
      ...boundTo(spec, status),
      storageClassOf(claim),
      spec.volumeAttributesClassName ?? UNSET,
      ageOf(claim, now),
      spec.volumeMode ?? UNSET,
    ];
  },
};
