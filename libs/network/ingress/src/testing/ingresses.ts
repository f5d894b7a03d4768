import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { HTTPIngressPath, Ingress, IngressSpec } from '@binnacle/apis-kubernetes/networking/v1';

const PREFIX = 'nginx.ingress.kubernetes.io/';

export interface IngressParts {
  readonly namespace?: string;
  /** Without their prefix. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Minutes after the first. */
  readonly age?: number;
  /** `host/path` to `service:port`; `=host/path` is exact, `~host/path` as the implementation likes. */
  readonly rules?: Readonly<Record<string, string>>;
  readonly spec?: IngressSpec;
}

function backend(text: string): NonNullable<HTTPIngressPath['backend']> {
  const [name = '', port = ''] = text.split(':');
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

const TYPES: Readonly<Record<string, string>> = { '=': 'Exact', '~': 'ImplementationSpecific' };

function rule([text, to]: [string, string]) {
  const [kind = ''] = text;
  const rest = TYPES[kind] ? text.slice(1) : text;
  const at = rest.indexOf('/');
  const path = { path: rest.slice(at), pathType: TYPES[kind] ?? 'Prefix', backend: backend(to) };
  return { ...(at > 0 && { host: rest.slice(0, at) }), http: { paths: [path] } };
}

export function ingress(name: string, parts: IngressParts): Ingress {
  const { namespace = 'default', annotations = {}, age = 0, rules = {}, spec = {} } = parts;
  const written = Object.entries(annotations).map(([key, value]) => [key.includes('/') ? key : PREFIX + key, value]);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name,
      namespace,
      uid: name,
      annotations: Object.fromEntries(written) as Record<string, string>,
      creationTimestamp: new Date(Date.UTC(2026, 0, 1, 0, age)).toISOString(),
    },
    spec: { ingressClassName: 'binnacle', rules: Object.entries(rules).map(rule), ...spec },
  };
}

export function service(name: string, ports: readonly ServicePort[], spec: Service['spec'] = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { ports: [...ports], ...spec },
  };
}
