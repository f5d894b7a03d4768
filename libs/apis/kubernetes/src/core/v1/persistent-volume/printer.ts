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
import type { ObjectReference, PersistentVolume } from '../index.js';

const claimOf = (claim: ObjectReference | undefined): string =>
  claim ? `${claim.namespace ?? ''}/${claim.name ?? ''}` : '';

export const printer: TablePrinter<PersistentVolume> = {
  columns: [
    nameColumn,
    column('Capacity', 'How much it holds.'),
    column('Access Modes', 'How it may be mounted.'),
    column('Reclaim Policy', 'What becomes of it once its claim is gone.'),
    column('Status', 'Whether it is free, claimed or released.'),
    column('Claim', 'The claim it is bound to.'),
    column('StorageClass', 'The class it is of.'),
    column('VolumeAttributesClass', 'The class of its attributes.'),
    column('Reason', 'Why it is in that state.'),
    ageColumn,
    wide('VolumeMode', 'Whether it is a filesystem or a device.'),
  ],
  row: (volume, now) => {
    const { spec = {}, status = {} } = volume;
    return [
      nameOf(volume),
      String(spec.capacity?.storage ?? 0),
      formatAccessModes(spec.accessModes),
      spec.persistentVolumeReclaimPolicy ?? '',
      phaseOf(volume),
      claimOf(spec.claimRef),
      storageClassOf(volume),
      spec.volumeAttributesClassName ?? UNSET,
      status.reason ?? '',
      ageOf(volume, now),
      spec.volumeMode ?? UNSET,
    ];
  },
};
