import type { LifecycleHandler, Probe } from '../../core/v1/index.js';
import { type Check, containersOf, counted, distinct, plural, quoted, type Violation } from '../check.js';
import type { PodSpec } from '../../core/v1/index.js';

function checkNamespaces({ hostNetwork, hostPID, hostIPC }: PodSpec): Violation | undefined {
  const shared = Object.entries({ hostNetwork, hostPID, hostIPC }).filter(([, is]) => is);
  if (shared.length === 0) return undefined;
  return { reason: 'host namespaces', detail: shared.map(([name]) => `${name}=true`).join(', ') };
}

function checkPaths({ volumes = [] }: PodSpec): Violation | undefined {
  const names = volumes.filter(({ hostPath }) => hostPath).map(({ name }) => name);
  return names.length > 0 ? { reason: 'hostPath volumes', detail: counted('volume', names) } : undefined;
}

interface Use {
  readonly container: string;
  readonly what: string;
}

/** `word` names what is used, of which there is one or more. */
function usedText(word: string, containers: readonly string[], what: readonly string[], list: string): string {
  const uses = plural('uses', 'use', containers.length);
  return `${counted('container', containers)} ${uses} ${plural(word, `${word}s`, what.length)} ${list}`;
}

function checkPorts(spec: PodSpec): Violation | undefined {
  const used = containersOf(spec).flatMap(({ name, ports = [] }): Use[] =>
    ports.flatMap(({ hostPort }) => (hostPort ? [{ container: name, what: String(hostPort) }] : [])),
  );
  if (used.length === 0) return undefined;
  const containers = [...new Set(used.map(({ container }) => container))];
  const ports = distinct(used.map(({ what }) => what));
  return { reason: 'hostPort', detail: usedText('hostPort', containers, ports, ports.join(', ')) };
}

const hostsOf = (handler: Probe | LifecycleHandler | undefined): string[] =>
  [handler?.httpGet?.host, handler?.tcpSocket?.host].filter((host) => host !== undefined && host !== '') as string[];

/** A kubelet is not to be sent elsewhere by a probe. */
function checkHosts(spec: PodSpec): Violation | undefined {
  const used = containersOf(spec).flatMap(({ name, lifecycle, ...probes }): Use[] => {
    const handlers = [probes.livenessProbe, probes.readinessProbe, probes.startupProbe];
    const all = [...handlers, lifecycle?.postStart, lifecycle?.preStop].flatMap(hostsOf);
    return all.map((what) => ({ container: name, what }));
  });
  if (used.length === 0) return undefined;
  const containers = distinct(used.map(({ container }) => container));
  const hosts = distinct(used.map(({ what }) => what));
  const word = 'probe or lifecycle host';
  return { reason: word, detail: usedText(word, containers, hosts, quoted(hosts)) };
}

/** What Pods may not have of the node they run on. */
export const HOST_CHECKS: readonly Check[] = [
  { id: 'hostNamespaces', level: 'baseline', versions: [{ since: 0, check: checkNamespaces }] },
  { id: 'hostPathVolumes', level: 'baseline', versions: [{ since: 0, check: checkPaths }] },
  { id: 'hostPorts', level: 'baseline', versions: [{ since: 0, check: checkPorts }] },
  { id: 'hostProbesAndHostLifecycle', level: 'baseline', versions: [{ since: 34, check: checkHosts }] },
];
