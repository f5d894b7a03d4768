import type { Ingress } from '@binnacle/apis-kubernetes/networking/v1';
import { coversHost } from '../table/host-name.js';
import type { HostRoutes } from '../table/host-table.js';
import type { BackendSpec } from '../upstream/backend.js';
import { Backends, type FindService } from './backends.js';
import { type ReadIngress, readIngress } from './ingress-reading.js';
import { RouteBook } from './route-book.js';

/** What all Ingresses of a controller ask for together. */
export interface IngressPlan {
  readonly hosts: readonly HostRoutes[];
  readonly backends: ReadonlyMap<string, BackendSpec>;
  /** Which Secret has the certificate of which hosts; the first that says so counts. */
  readonly certificates: readonly CertificateWish[];
  /** What cannot be done, by `namespace/name` of the Ingress. */
  readonly problems: ReadonlyMap<string, readonly string[]>;
}

export interface CertificateWish {
  /** As `namespace/name`. */
  readonly secret: string;
  /** The hosts it is for; those of the certificate itself where nobody says. */
  readonly hosts: readonly string[];
  /** Who asks for it, as `namespace/name` of the Ingress. */
  readonly ingress: string;
}

const keyOf = ({ namespace, name }: ReadIngress): string => `${namespace}/${name}`;

/** The oldest first, and of one second the first by name: whoever was there first keeps what is theirs. */
export function byAge(a: Ingress, b: Ingress): number {
  const [older, newer] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (older !== newer) return older < newer ? -1 : 1;
  const [first, second] = [a, b].map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return (first ?? '') < (second ?? '') ? -1 : 1;
}

function certificatesOf(ingresses: readonly ReadIngress[]): CertificateWish[] {
  return ingresses.flatMap((ingress) =>
    ingress.tls.flatMap(({ secretName, hosts = [] }) => {
      if (!secretName) return [];
      return [{ secret: `${ingress.namespace}/${secretName}`, hosts, ingress: keyOf(ingress) }];
    }),
  );
}

/** Whether somebody asks for TLS for a host: by its name, or where only a certificate is named, for all hosts of the Ingress. */
function secureHosts(ingresses: readonly ReadIngress[]): (host: string) => boolean {
  const named = ingresses.flatMap(({ tls, hosts }) =>
    tls.flatMap((one) => (one.hosts?.length ? one.hosts : hosts.filter((host) => host !== ''))),
  );
  const exact = new Set(named);
  const wildcards = [...exact].filter((host) => host.startsWith('*.'));
  return (host) => exact.has(host) || wildcards.some((wildcard) => coversHost(wildcard, host, 'one'));
}

/**
 * Makes one routing table of all Ingresses of a class. Whoever is older wins: a path of a host is that of the Ingress that had it
 * first, as ingress-nginx has it.
 */
export function planIngresses(ingresses: readonly Ingress[], findService: FindService): IngressPlan {
  const read = [...ingresses].sort(byAge).map(readIngress);
  const backends = new Backends(findService);
  const book = new RouteBook(backends, secureHosts(read));
  for (const ingress of read) book.note(keyOf(ingress), ingress.problems);
  // Canaries are given to rules that are there already.
  for (const ingress of read) if (!ingress.settings.canary) book.add(ingress);
  for (const ingress of read) if (ingress.settings.canary) book.addCanary(ingress, ingress.settings.canary);
  return {
    hosts: book.hosts(),
    backends: backends.all,
    certificates: certificatesOf(read),
    problems: book.problems,
  };
}
