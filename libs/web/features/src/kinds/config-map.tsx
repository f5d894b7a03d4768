import type { UnstructuredObject } from '@binnacle/web-data';
import { DataPanel } from '../contents/data-panel.js';
import { OrNone, Quiet } from '../objects/text.js';
import type { KindView } from '../view/kind-view.js';

function dataKeys(object: UnstructuredObject): string[] {
  return [...Object.keys(object.data ?? {}), ...Object.keys(object.binaryData ?? {})];
}

/** What it holds, by its keys. */
export const configMapView: KindView = {
  columns: (t) => [
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
  panels: [DataPanel],
};
