import {
  type TablePrinter,
  ageColumn,
  ageOf,
  column,
  firstAndMore,
  hostPort,
  NONE,
  nameColumn,
  nameOf,
} from '@binnacle/apis-registry';
import type { Endpoints, EndpointSubset } from '../index.js';

const SHOWN = 3;

function addressesOf(subset: EndpointSubset): string[] {
  const addresses = subset.addresses ?? [];
  const ports = subset.ports ?? [];
  if (ports.length === 0) return addresses.map((address) => address.ip);
  return ports.flatMap((port) => addresses.map((address) => hostPort(address.ip, port.port)));
}

export const printer: TablePrinter<Endpoints> = {
  columns: [nameColumn, column('Endpoints', 'Addresses that are ready, with their ports.'), ageColumn],
  row: (endpoints, now) => {
    const addresses = (endpoints.subsets ?? []).flatMap(addressesOf);
    return [nameOf(endpoints), firstAndMore(addresses, SHOWN) || NONE, ageOf(endpoints, now)];
  },
};
