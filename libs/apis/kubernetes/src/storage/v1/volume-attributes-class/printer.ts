import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { VolumeAttributesClass } from '../index.js';

export const printer: TablePrinter<VolumeAttributesClass> = {
  columns: [nameColumn, column('DriverName', 'Whose volumes have these attributes.'), ageColumn],
  row: (attributes, now) => [nameOf(attributes), attributes.driverName ?? '', ageOf(attributes, now)],
};
