import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { SelectableField } from '../crd/types.js';
import { jsonPathOrNone } from '../json-path/find.js';

type Reader = (object: UnstructuredObject) => string;

/** Readers of fields that objects can be selected by, each under its name: `spec.color`. */
export function selectableReaders(fields: readonly SelectableField[] = []): Record<string, Reader> {
  return Object.fromEntries(
    fields.map(({ jsonPath }) => {
      const find = jsonPathOrNone(jsonPath);
      const read: Reader = (object) => {
        const [value] = find?.(object) ?? [];
        return value === undefined || value === null ? '' : String(value);
      };
      return [jsonPath.replace(/^\./, ''), read];
    }),
  );
}
