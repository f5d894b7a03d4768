import type { Certificate } from '../front/certificates.js';
import { GATEWAY_HOSTS, HostTable } from '../table/host-table.js';
import { ListenerTable } from '../table/listener-table.js';
import type { Route, RouteOrigin } from '../table/route.js';
import { type ReadListener, SECURE } from './listeners.js';
import { bySpecificity, type Rule, routeOf } from './rules.js';

/** What is served at one port of a Gateway. */
export interface PlannedPort {
  readonly port: number;
  readonly hosts: ListenerTable;
  /** Undefined for one that is plain. */
  readonly certificates: readonly ShownCertificate[] | undefined;
}

export interface ShownCertificate {
  /** Empty for who asks for no name. */
  readonly host: string;
  readonly certificate: Certificate;
}

interface OpenListener {
  readonly listener: ReadListener;
  readonly hosts: Map<string, Route[]>;
}

/** The first of a listener is shown for its hostname, the others for the names that they are for. */
function shownBy({ hostname, certificates }: ReadListener): ShownCertificate[] {
  return certificates.flatMap((certificate, at) => {
    const named = certificate.names.map((host) => ({ host, certificate }));
    return at === 0 ? [{ host: hostname, certificate }, ...(certificates.length > 1 ? named : [])] : named;
  });
}

function tableOf({ listener, hosts }: OpenListener) {
  const routes = [...hosts].map(([host, list]) => ({ host, routes: [...list].sort(bySpecificity) }));
  return { hostname: listener.hostname, hosts: new HostTable(routes, GATEWAY_HOSTS) };
}

/** Collects the listeners of a Gateway and their routes by port. */
export class PortBook {
  private readonly ports = new Map<number, OpenListener[]>();

  open(listener: ReadListener): void {
    const { port } = listener.listener;
    this.ports.set(port, [...(this.ports.get(port) ?? []), { listener, hosts: new Map() }]);
  }

  /** Routes in the order in which they count. */
  add(
    listener: ReadListener,
    hosts: readonly string[],
    rules: readonly Rule[],
    origin: Omit<RouteOrigin, 'host' | 'path'>,
  ): void {
    const open = this.ports.get(listener.listener.port)?.find((one) => one.listener === listener);
    for (const host of open ? hosts : []) {
      const routes = rules.map((rule) => routeOf(rule, { ...origin, host }));
      open?.hosts.set(host, [...(open.hosts.get(host) ?? []), ...routes]);
    }
  }

  planned(): PlannedPort[] {
    return [...this.ports].map(([port, listeners]) => {
      const secure = listeners.some(({ listener }) => listener.listener.protocol === SECURE);
      const certificates = secure ? listeners.flatMap(({ listener }) => shownBy(listener)) : undefined;
      return { port, hosts: new ListenerTable(listeners.map(tableOf)), certificates };
    });
  }
}
