import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import { ANNOTATION_BETA_DEFAULT_CLASS, ANNOTATION_DEFAULT_CLASS } from '../../../well-known/index.js';
import type { StorageClass } from '../index.js';

function isDefault({ metadata: { annotations = {} } }: StorageClass): boolean {
  return [ANNOTATION_DEFAULT_CLASS, ANNOTATION_BETA_DEFAULT_CLASS].some((key) => annotations[key] === 'true');
}

export const printer: TablePrinter<StorageClass> = {
  columns: [
    nameColumn,
    column('Provisioner', 'Who makes volumes of this class.'),
    column('ReclaimPolicy', 'What becomes of a volume once its claim is gone.'),
    column('VolumeBindingMode', 'When a claim gets its volume.'),
    column('AllowVolumeExpansion', 'Whether claims may ask for more later.'),
    ageColumn,
  ],
  row: (storage, now) => [
    isDefault(storage) ? `${nameOf(storage)} (default)` : nameOf(storage),
    storage.provisioner ?? '',
    storage.reclaimPolicy ?? 'Delete',
    storage.volumeBindingMode ?? 'Immediate',
    storage.allowVolumeExpansion ?? false,
    ageOf(storage, now),
  ],
};
