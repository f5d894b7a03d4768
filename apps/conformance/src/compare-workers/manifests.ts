import type { Json } from './scenario.js';

const IMAGE = 'nginx:1.27';
const APP = 'app';

export const object = (kind: string, apiVersion: string, name: string, rest: Json = {}): Json => {
  const { metadata, ...others } = rest;
  return { apiVersion, kind, metadata: { name, ...(metadata as Json | undefined) }, ...others };
};

const container = (more: Json = {}): Json => ({ name: 'main', image: IMAGE, ...more });

/** What a Pod is made from: one container that ends at once when it is asked to. */
export function template(
  name: string,
  more: { readonly container?: Json; readonly spec?: Json; readonly labels?: Json } = {},
): Json {
  return {
    metadata: { labels: { [APP]: name, ...more.labels } },
    spec: { terminationGracePeriodSeconds: 1, containers: [container(more.container)], ...more.spec },
  };
}

/** A workload that keeps Pods labelled `app: <name>`. */
export function workload(kind: string, name: string, spec: Json = {}, of: Json = template(name)): Json {
  return object(kind, 'apps/v1', name, {
    spec: { selector: { matchLabels: { [APP]: name } }, template: of, ...spec },
  });
}

/** A shell script that runs to its end. */
export function job(name: string, script: string, spec: Json = {}, pod: Json = {}): Json {
  const containers = [{ name: 'main', image: 'busybox', command: ['sh', '-c', script] }];
  const podSpec = { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers, ...pod };
  return object('Job', 'batch/v1', name, { spec: { ...spec, template: { spec: podSpec } } });
}

export const pod = (name: string, more: Parameters<typeof template>[1] = {}): Json => {
  const { metadata, spec } = template(name, more) as { metadata: Json; spec: Json };
  return object('Pod', 'v1', name, { metadata, spec });
};

export const asks = (cpu: string, memory = '16Mi'): Json => ({ resources: { requests: { cpu, memory } } });

/** Of a container that never becomes ready. */
export const unready: Json = { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } };

export const service = (name: string, spec: Json): Json =>
  object('Service', 'v1', name, { spec: { selector: { [APP]: name }, ports: [{ port: 80 }], ...spec } });

/** A volume made by hand, of the scenario's own class, which no provisioner has to make. */
export const volume = (name: string, spec: Json = {}, labels?: Json): Json =>
  object('PersistentVolume', 'v1', `{ns}-${name}`, {
    ...(labels && { metadata: { labels } }),
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '{ns}',
      hostPath: { path: `/data/${name}` },
      ...spec,
    },
  });

/** What asks for such a volume. */
export const claimSpec: Json = {
  accessModes: ['ReadWriteOnce'],
  storageClassName: '{ns}',
  resources: { requests: { storage: '1Gi' } },
};
