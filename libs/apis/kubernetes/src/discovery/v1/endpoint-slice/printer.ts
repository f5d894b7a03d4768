import {
  type TablePrinter,
  ageColumn,
  ageOf,
  column,
  firstAndMore,
  nameColumn,
  nameOf,
  UNSET,
} from '@binnacle/apis-registry';
import type { EndpointPort, EndpointSlice } from '../index.js';

const SHOWN = 3;

function portText({ port, name }: EndpointPort): string {
  return port === undefined || port === null ? name || '*' : String(port);
}

export const printer: TablePrinter<EndpointSlice> = {
  columns: [
    nameColumn,
    column('AddressType', 'Kind of address all endpoints have.'),
    column('Ports', 'Ports of every endpoint.'),
    column('Endpoints', 'Addresses of the endpoints.'),
    ageColumn,
  ],
  row: (slice, now) => {
    const addresses = (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses);
    return [
      nameOf(slice),
      slice.addressType,
      firstAndMore((slice.ports ?? []).map(portText), SHOWN) || UNSET,
      firstAndMore(addresses, SHOWN) || UNSET,
      ageOf(slice, now),
    ];
  },
};
