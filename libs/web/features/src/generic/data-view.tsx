import type { UnstructuredObject } from '@binnacle/web-data';
import type { KindView } from '../kinds/kind-view.js';
import { OrNone, Quiet } from '../objects/text.js';

export function dataKeys(object: UnstructuredObject): string[] {
  return [...Object.keys(object.data ?? {}), ...Object.keys(object.binaryData ?? {})];
}

/** ConfigMaps and Secrets: what keys they have. */
export const dataView: KindView = {
  columns: (t) => [
    {
      id: 'type',
      title: t('columns.type'),
      track: 'minmax(7rem,1fr)',
      from: 640,
      value: (object) => String(object.type ?? ''),
      cell: (object) => (
        <Quiet>
          <OrNone>{object.type as string | undefined}</OrNone>
        </Quiet>
      ),
    },
    {
      id: 'keys',
      title: t('columns.keys'),
      track: 'minmax(8rem,1.4fr)',
      from: 480,
      value: (object) => dataKeys(object).length,
      cell: (object) => (
        <Quiet>
          <OrNone>{dataKeys(object).join(', ')}</OrNone>
        </Quiet>
      ),
    },
  ],
};
