import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rehearseCreate } from '@binnacle/apis-registry';
import type { Container, Pod, PodSpec, Toleration } from '../index.js';
import { addDefaultTolerations, applyPodDefaults, applyPodTemplateDefaults } from './defaults.js';
import { pods } from './definition.js';
import { defaultPullPolicy, imageTag } from './image.js';

function defaulted(spec: PodSpec): PodSpec {
  const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: 'ns' }, spec };
  return rehearseCreate(pods, pod).object.spec ?? { containers: [] };
}

const first = (spec: PodSpec): Container => spec.containers[0] ?? { name: '' };
const one = (part: Partial<Container>): PodSpec => ({ containers: [{ name: 'c', image: 'nginx', ...part }] });

describe('defaults of a Pod', () => {
  it('say what the client left out', () => {
    expect(defaulted(one({}))).toEqual({
      containers: [
        {
          name: 'c',
          image: 'nginx',
          imagePullPolicy: 'Always',
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: true,
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    });
  });

  it('leave what the client said', () => {
    const spec = { ...one({ imagePullPolicy: 'Never' }), enableServiceLinks: false, terminationGracePeriodSeconds: 0 };
    expect(defaulted(spec)).toMatchObject(spec);
  });

  it('request what is the limit where no request is made, and write amounts in one way', () => {
    const resources = { limits: { cpu: '1000m', memory: '1024Ki' }, requests: { cpu: 0.5 } };
    expect(first(defaulted(one({ resources }))).resources).toEqual({
      limits: { cpu: '1', memory: '1Mi' },
      requests: { cpu: '500m', memory: '1Mi' },
    });
  });

  it('open the ports of the node for a Pod on its network', () => {
    const spec = { ...one({ ports: [{ containerPort: 80 }] }), hostNetwork: true };
    expect(first(defaulted(spec)).ports).toEqual([{ containerPort: 80, hostPort: 80, protocol: 'TCP' }]);
  });

  it('complete probes', () => {
    const readinessProbe = { httpGet: { port: 80 } };
    expect(first(defaulted(one({ readinessProbe }))).readinessProbe).toEqual({
      httpGet: { port: 80, path: '/', scheme: 'HTTP' },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    });
  });

  it.each([
    ['no source is an empty folder', {}, { emptyDir: {} }],
    ['files are readable by all', { secret: { secretName: 's' } }, { secret: { secretName: 's', defaultMode: 420 } }],
    [
      'tokens last an hour',
      { projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
      { projected: { defaultMode: 420, sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 3600 } }] } },
    ],
    [
      'fields are read as v1',
      { downwardAPI: { items: [{ path: 'p', fieldRef: { fieldPath: 'metadata.name' } }] } },
      {
        downwardAPI: {
          defaultMode: 420,
          items: [{ path: 'p', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }],
        },
      },
    ],
    ['any kind of path will do', { hostPath: { path: '/x' } }, { hostPath: { path: '/x', type: '' } }],
  ])('volumes: %s', (_reason, source, expected) => {
    const { volumes } = defaulted({ ...one({}), volumes: [{ name: 'v', ...source }] });
    expect(volumes).toEqual([{ name: 'v', ...expected }]);
  });

  it('name the account twice, for old clients', () => {
    expect(defaulted({ ...one({}), serviceAccountName: 'a' }).serviceAccount).toBe('a');
    expect(defaulted({ ...one({}), serviceAccount: 'a' }).serviceAccountName).toBe('a');
  });

  it('of a template leave out what only a Pod gets', () => {
    const template = { spec: one({ resources: { limits: { cpu: '1' } } }) };
    applyPodTemplateDefaults(template);
    expect(template.spec).not.toHaveProperty('enableServiceLinks');
    expect(first(template.spec).resources).toEqual({ limits: { cpu: '1' } });
  });

  it('applied twice are the same', () => {
    const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: one({ ports: [{ containerPort: 1 }] }) };
    applyPodDefaults(pod);
    const once = structuredClone(pod);
    applyPodDefaults(pod);
    expect(pod).toEqual(once);
  });
});

describe('the tag of an image', () => {
  it.each([
    ['nginx', 'latest'],
    ['nginx:latest', 'latest'],
    ['nginx:1.29', '1.29'],
    ['localhost:5000/nginx', 'latest'],
    ['localhost:5000/nginx:1', '1'],
    ['nginx@sha256:0123', ''],
    ['nginx:1@sha256:0123', '1'],
    ['', ''],
  ])('%s has tag %s', (reference, tag) => {
    expect(imageTag(reference)).toBe(tag);
  });

  it('decides when to pull', () => {
    expect(defaultPullPolicy('nginx')).toBe('Always');
    expect(defaultPullPolicy('nginx:1')).toBe('IfNotPresent');
    expect(defaultPullPolicy('nginx@sha256:0123')).toBe('IfNotPresent');
  });

  it('is what was written after the last colon', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), word, (path, tag) => {
        expect(imageTag(`${path.join('/')}:${tag}`)).toBe(tag);
      }),
    );
  });
});

describe('default tolerations', () => {
  const added = (tolerations?: Toleration[]): Toleration[] => {
    const spec: PodSpec = { containers: [], ...(tolerations && { tolerations }) };
    addDefaultTolerations(spec);
    return spec.tolerations ?? [];
  };

  it('let a Pod outlive a lost node by five minutes', () => {
    expect(added()).toEqual(
      ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) => ({
        key,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
    );
  });

  it('do not override those of the Pod', () => {
    const own: Toleration = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 5 };
    expect(added([own]).map(({ key, tolerationSeconds }) => [key, tolerationSeconds])).toEqual([
      ['node.kubernetes.io/not-ready', 5],
      ['node.kubernetes.io/unreachable', 300],
    ]);
    expect(added([{ operator: 'Exists' }])).toEqual([{ operator: 'Exists' }]);
  });
});
