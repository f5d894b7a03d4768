import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { Mono, OrNone } from '../objects/text.js';
import { SliceEndpoints } from '../services/slice-endpoints.js';
import { as, type KindView } from '../view/kind-view.js';

const addressesOf = ({ endpoints }: EndpointSlice) => (endpoints ?? []).flatMap(({ addresses }) => addresses);
const portsOf = ({ ports }: EndpointSlice) => (ports ?? []).map(({ port }) => port);

export const endpointSliceView: KindView = {
  columns: (t) => [
    {
      id: 'endpoints',
      title: t('columns.endpoints'),
      track: 'minmax(10rem,2fr)',
      value: (object) => as<EndpointSlice>(object).endpoints?.length ?? 0,
      cell: (object) => (
        <Mono>
          <OrNone>{addressesOf(as<EndpointSlice>(object)).join(', ')}</OrNone>
        </Mono>
      ),
    },
    {
      id: 'ports',
      title: t('columns.ports'),
      track: 'minmax(6rem,1fr)',
      from: 560,
      value: (object) => portsOf(as<EndpointSlice>(object))[0] ?? 0,
      cell: (object) => (
        <Mono>
          <OrNone>{portsOf(as<EndpointSlice>(object)).join(', ')}</OrNone>
        </Mono>
      ),
    },
  ],
  panels: [SliceEndpoints],
};
