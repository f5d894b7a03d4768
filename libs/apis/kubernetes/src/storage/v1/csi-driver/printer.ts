import { type TablePrinter, ageColumn, ageOf, column, NONE, nameColumn, nameOf, UNSET } from '@binnacle/apis-registry';
import type { CSIDriver, CSIDriverSpec } from '../index.js';

const asked = ({ tokenRequests }: CSIDriverSpec): string =>
  tokenRequests ? tokenRequests.map(({ audience }) => audience).join(',') : UNSET;

export const printer: TablePrinter<CSIDriver> = {
  columns: [
    nameColumn,
    column('AttachRequired', 'Whether volumes are attached to a node first.', { type: 'boolean' }),
    column('PodInfoOnMount', 'Whether the driver is told of the Pod.', { type: 'boolean' }),
    column('StorageCapacity', 'Whether the driver says how much it has left.', { type: 'boolean' }),
    column('TokenRequests', 'Audiences of the tokens the driver gets.'),
    column('RequiresRepublish', 'Whether the driver is called again and again.', { type: 'boolean' }),
    column('Modes', 'What kinds of volumes there are.'),
    ageColumn,
  ],
  row: (driver, now) => {
    const spec: CSIDriverSpec = driver.spec ?? {};
    return [
      nameOf(driver),
      spec.attachRequired ?? true,
      spec.podInfoOnMount ?? false,
      spec.storageCapacity ?? false,
      asked(spec),
      spec.requiresRepublish ?? false,
      (spec.volumeLifecycleModes ?? []).join(',') || NONE,
      ageOf(driver, now),
    ];
  },
};
