import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf, NONE } from '@binnacle/apis-registry';
import type { Ingress, IngressRule } from '../index.js';

const SHOWN_HOSTS = 3;

/** The first hosts; how many rules there are beyond is counted with those that have none, as upstream does. */
function hostsText(rules: readonly IngressRule[]): string {
  const hosts: string[] = [];
  let more = false;
  for (const { host } of rules) {
    if (hosts.length === SHOWN_HOSTS) more = true;
    else if (host) hosts.push(host);
  }
  if (hosts.length === 0) return '*';
  return more ? `${hosts.join(',')} + ${rules.length - SHOWN_HOSTS} more...` : hosts.join(',');
}

function addressText({ status }: Ingress): string {
  const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  return [...new Set(addresses.filter((address) => address !== ''))].sort().join(',');
}

export const printer: TablePrinter<Ingress> = {
  columns: [
    nameColumn,
    column('Class', 'Who serves it.'),
    column('Hosts', 'The hosts it answers for.'),
    column('Address', 'Where it answers.'),
    column('Ports', 'The ports it answers at.'),
    ageColumn,
  ],
  row: (ingress, now) => [
    nameOf(ingress),
    ingress.spec?.ingressClassName ?? NONE,
    hostsText(ingress.spec?.rules ?? []),
    addressText(ingress),
    ingress.spec?.tls?.length ? '80, 443' : '80',
    ageOf(ingress, now),
  ],
};
