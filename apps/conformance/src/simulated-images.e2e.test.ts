import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';

const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0';

/** The flows by which Kubernetes' own suite judges nodes: files and their modes, names, one Pod asking others, hooks. */
const OBJECTS = `
apiVersion: v1
kind: Pod
metadata: { name: files }
spec:
  restartPolicy: Never
  volumes:
  - { name: memory, emptyDir: { medium: Memory } }
  - { name: info, downwardAPI: { defaultMode: 256, items: [{ path: name, fieldRef: { fieldPath: metadata.name } }] } }
  containers:
  - name: main
    image: ${AGNHOST}
    args: [mounttest, --fs_type=/memory, --new_file_0666=/memory/f, --file_perm=/memory/f, --file_mode=/info/name]
    volumeMounts: [{ name: memory, mountPath: /memory }, { name: info, mountPath: /info }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: servers }
spec:
  replicas: 2
  selector: { matchLabels: { app: servers } }
  template:
    metadata: { labels: { app: servers } }
    spec: { containers: [{ name: main, image: ${AGNHOST}, args: [netexec] }] }
---
apiVersion: v1
kind: Service
metadata: { name: servers }
spec:
  selector: { app: servers }
  ports: [{ name: http, port: 80, targetPort: 8080 }, { name: udp, protocol: UDP, port: 81, targetPort: 8081 }]
---
apiVersion: v1
kind: Pod
metadata: { name: asker, labels: { app: asker } }
spec:
  hostAliases: [{ ip: 192.0.2.9, hostnames: [nine] }]
  securityContext: { runAsUser: 1000, runAsGroup: 3000 }
  containers: [{ name: main, image: ${AGNHOST}, args: [netexec] }]
`;

const path = findKubectl() ?? '';
let cluster: Cluster;
let kubectl: Kubectl;

beforeAll(async () => {
  if (!path) return;
  cluster = await startCluster({ slot: 44, nodes: 2, web: false });
  kubectl = new Kubectl(path, cluster.kubeconfig);
  const created = kubectl.try(['apply', '-f', '-'], OBJECTS);
  if (created.status !== 0) throw new Error(created.stderr);
  kubectl.run('wait', '--for=condition=Ready', 'pod/asker', '--timeout=120s');
  kubectl.run('rollout', 'status', 'deployment/servers', '--timeout=120s');
});
afterAll(async () => {
  kubectl?.dispose();
  await cluster?.dispose();
});

const inAsker = (...command: string[]) => kubectl.try(['exec', 'asker', '--', ...command]);

test.skipIf(!path)(
  'files in volumes have the modes they were given, and memory is a file system of its own',
  async () => {
    kubectl.run('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/files', '--timeout=120s');
    expect(kubectl.run('logs', 'files')).toBe(
      [
        'mount type of "/memory": tmpfs',
        'content of file "/memory/f": mount-tester new file',
        '',
        'mode of file "/info/name": -r--------',
        'perms of file "/memory/f": -rw-rw-rw-',
        '',
      ].join('\n'),
    );
  },
);

test.skipIf(!path)('a Pod reaches every Pod of a Service, by TCP and by UDP', async () => {
  for (const [protocol, port] of [
    ['http', 80],
    ['udp', 81],
  ] as const) {
    const dial = `/dial?host=servers&port=${port}&request=hostname&protocol=${protocol}&tries=10`;
    const names = await eventually(`both servers answer ${protocol}`, () => {
      const { stdout } = inAsker('curl', '-g', '-q', '-s', `http://localhost:8080${dial}`);
      const { responses = [] } = JSON.parse(stdout || '{}') as { responses?: string[] };
      return new Set(responses).size === 2 ? [...new Set(responses)] : undefined;
    });
    expect(names.every((name) => name.startsWith('servers-'))).toBe(true);
  }
});

test.skipIf(!path)('a Pod knows names as a cluster gives them', () => {
  const address = kubectl.run('get', 'service', 'servers', '-o', 'jsonpath={.spec.clusterIP}');
  expect(inAsker('dig', '+short', 'servers.default.svc.cluster.local').stdout).toBe(`${address}\n`);
  expect(inAsker('/agnhost', 'dns-suffix').stdout).toBe('default.svc.cluster.local,svc.cluster.local,cluster.local\n');
  const hosts = inAsker('cat', '/etc/hosts').stdout;
  expect(hosts).toMatch(/^# Kubernetes-managed hosts file\.\n/);
  expect(hosts).toContain('192.0.2.9\tnine\n');
  expect(inAsker('id').stdout).toBe('uid=1000 gid=3000 groups=3000\n');
});

describe.runIf(path)('what a volume shows', () => {
  const fieldRef = { fieldPath: "metadata.annotations['part']" };
  const pod = (name: string, annotations: object) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, annotations },
    spec: {
      volumes: [{ name: 'v', emptyDir: {} }],
      containers: [
        {
          name: 'main',
          image: 'busybox',
          command: ['sh', '-c', 'tail -f /dev/null'],
          env: [
            { name: 'PART', valueFrom: { fieldRef } },
            { name: 'POD', value: 'foo' },
          ],
          volumeMounts: [
            { name: 'v', mountPath: '/part', subPathExpr: '$(PART)/$(POD)' },
            { name: 'v', mountPath: '/all' },
          ],
        },
      ],
    },
  });
  const apply = (object: object) =>
    expect(kubectl.try(['apply', '-f', '-'], JSON.stringify(object))).toMatchObject({ status: 0 });

  test('may be a part that is said by an annotation, also one that comes later', async () => {
    apply(pod('later', { other: 'x' }));
    await eventually('it is told why it waits', () =>
      kubectl.run('get', 'pod', 'later').includes('CreateContainerConfigError'),
    );
    expect(kubectl.run('get', 'pod', 'later', '-o', 'jsonpath={.status.phase}')).toBe('Pending');
    kubectl.run('annotate', 'pod', 'later', 'part=mine');
    kubectl.run('wait', '--for=condition=Ready', 'pod/later', '--timeout=120s');
    kubectl.run('exec', 'later', '--', 'sh', '-c', 'touch /all/mine/foo/file');
    expect(kubectl.try(['exec', 'later', '--', 'sh', '-c', 'test -f /part/file']).status).toBe(0);
  });

  test('are bytes as they were given', async () => {
    const metadata = { name: 'bytes' };
    apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, binaryData: { 'dump.bin': '3sr+utD+/w==' } });
    const volumeMounts = [{ name: 'v', mountPath: '/etc/v' }];
    const main = { name: 'main', image: 'busybox', command: ['hexdump', '-C', '/etc/v/dump.bin'], volumeMounts };
    const spec = { restartPolicy: 'Never', volumes: [{ name: 'v', configMap: metadata }], containers: [main] };
    apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
    await eventually('it is printed', () => kubectl.run('logs', 'bytes').includes('de ca fe ba d0 fe ff'));
  });

  test('is followed while it grows', async () => {
    kubectl.run(
      'run',
      'grows',
      '--image=busybox',
      '--restart=Never',
      '--',
      'sh',
      '-c',
      'echo one > /tmp/f; tail -f /tmp/f',
    );
    await eventually('what is there is told', () => kubectl.run('logs', 'grows').includes('one'));
    kubectl.run('exec', 'grows', '--', 'sh', '-c', 'echo two >> /tmp/f');
    await eventually('what comes is told', () => kubectl.run('logs', 'grows').includes('two'));
  });
});
