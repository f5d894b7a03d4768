import { textColumn } from '../objects/columns.js';
import type { KindView } from '../view/kind-view.js';
import { configMapView } from './config-map.js';

/** A ConfigMap of a type, whose values stay with the server. */
export const secretView: KindView = {
  ...configMapView,
  columns: (t, around) => [
    textColumn({
      id: 'type',
      title: t('columns.type'),
      track: 'minmax(7rem,1fr)',
      from: 640,
      read: ({ type }) => String(type ?? ''),
    }),
    ...(configMapView.columns?.(t, around) ?? []),
  ],
  hidesValues: true,
};
