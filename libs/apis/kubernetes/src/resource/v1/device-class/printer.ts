import { type TablePrinter, ageColumn, ageOf, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { DeviceClass } from '../index.js';

export const printer: TablePrinter<DeviceClass> = {
  columns: [nameColumn, ageColumn],
  row: (device, now) => [nameOf(device), ageOf(device, now)],
};
