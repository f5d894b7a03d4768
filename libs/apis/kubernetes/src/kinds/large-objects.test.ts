import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import { type KubeObject, newInvalid } from '@binnacle/machinery-meta';
import { describe, expect, test } from 'vitest';
import { builtinResources } from './index.js';

// What an object may hold is looked at once, and not each thing with every other: with the square of these numbers none of these
// tests comes to its end.

const MANY = 6_000;
const LONG = 1_000_000;
const many = <T>(make: (at: number) => T): T[] => Array.from({ length: MANY }, (_, at) => make(at));

function kind(plural: string, group = '', version = 'v1') {
  const found = builtinResources.find(group, version, plural);
  if (!found) throw new Error(`${plural} are not served`);
  return found;
}

const pod = (spec: object = {}, container: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'n' },
  spec: { containers: [{ name: 'c', image: 'i', ...container }], ...spec },
});

const created = (plural: string, object: object, group = '') =>
  rehearseCreate(kind(plural, group), object as KubeObject);

describe('many things in a list', () => {
  test('tolerations of a Pod that is changed', () => {
    const tolerations = many((at) => ({ key: `k${at}`, operator: 'Exists', effect: 'NoSchedule' }));
    const { object } = created('pods', pod({ tolerations }));
    expect(rehearseUpdate(kind('pods'), object, object).errors).toEqual([]);
  });

  test('mounts of a container beside as many devices', () => {
    const volumeMounts = many((at) => ({ name: 'v', mountPath: `/m${at}` }));
    const volumeDevices = many((at) => ({ name: `d${at}`, devicePath: `/d${at}` }));
    expect(created('pods', pod({}, { volumeMounts, volumeDevices })).errors.length).toBeGreaterThan(MANY);
  });

  test('owners that all control, each of which is told with all of them', () => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', controller: true };
    const ownerReferences = many((at) => ({ ...owner, name: `o${at}`, uid: `u${at}` }));
    const metadata = { name: 'c', namespace: 'n', ownerReferences };
    const { errors } = created('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    expect(errors.length).toBe(MANY - 1);
    const { message, details } = newInvalid({ group: '', kind: 'ConfigMap' }, 'c', errors);
    expect(message.length).toBeLessThan(2_000_000);
    expect(details?.causes?.length).toBeLessThan(10);
  });

  test('constraints of how a Pod is spread', () => {
    const one = { maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' };
    const topologySpreadConstraints = many((at) => ({ ...one, topologyKey: `k${at}` }));
    expect(created('pods', pod({ topologySpreadConstraints })).errors).toEqual([]);
  });

  test('addresses and containers in the status of a Pod', () => {
    const terminated = { exitCode: 0 };
    const containerStatuses = many((at) => ({
      name: `c${at}`,
      image: 'i',
      imageID: 'i',
      ready: false,
      restartCount: 0,
      state: { terminated },
    }));
    const podIPs = many((at) => ({ ip: `10.0.${at >> 8}.${at & 255}` }));
    const { object } = created('pods', pod({ restartPolicy: 'Never' }));
    const ended = { ...object, status: { containerStatuses, podIPs } };
    expect(rehearseStatusUpdate(kind('pods'), ended, ended).errors.length).toBeGreaterThan(0);
  });

  test('terms of a StorageClass that say nothing', () => {
    const storage = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 's' } };
    const allowedTopologies = many(() => ({}));
    const { errors } = created(
      'storageclasses',
      { ...storage, provisioner: 'a.b/c', allowedTopologies },
      'storage.k8s.io',
    );
    expect(errors.length).toBeGreaterThan(MANY);
  });

  test('gates of a Pod that is printed, and as many conditions', () => {
    const readinessGates = many((at) => ({ conditionType: `a.b/c${at}` }));
    const conditions = many((at) => ({ type: `a.b/c${at}`, status: 'True' }));
    const { object } = created('pods', pod({ readinessGates }));
    const printed = kind('pods').printer.row({ ...object, status: { conditions } } as never, 0);
    expect(printed).toContain(`${MANY}/${MANY}`);
  });

  test('variables of an admission policy, each of which sees those before it', () => {
    const variables = many((at) => ({ name: `v${at}`, expression: at === 0 ? '1' : `variables.v${at - 1} + 1` }));
    const resourceRules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }];
    const validations = [{ expression: `variables.v${MANY - 1} > 1` }];
    const spec = { matchConstraints: { resourceRules }, variables, validations };
    const policy = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy' };
    const { errors } = created(
      'validatingadmissionpolicies',
      { ...policy, metadata: { name: 'p' }, spec },
      'admissionregistration.k8s.io',
    );
    expect(errors).toEqual([]);
  });

  test('keys of the topology of a CSINode', () => {
    const topologyKeys = many((at) => `a.b/k${at}`);
    const node = { apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', metadata: { name: 'n' } };
    const { errors } = created(
      'csinodes',
      { ...node, spec: { drivers: [{ name: 'd.x', nodeID: 'n', topologyKeys }] } },
      'storage.k8s.io',
    );
    expect(errors).toEqual([]);
  });
});

describe('a long text that is none of what it should be', () => {
  test('a quantity', () => {
    const requests = { cpu: `${'1'.repeat(LONG)}x` };
    expect(() => created('pods', pod({}, { resources: { requests } }))).toThrow('unable to parse');
  });

  test('a field that a container is to see', () => {
    const env = [{ name: 'A', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: "['".repeat(LONG / 2) } } }];
    expect(created('pods', pod({}, { env })).errors.map(({ type }) => type)).toEqual(['FieldValueNotSupported']);
  });

  test('a schedule', () => {
    const jobTemplate = { spec: { template: { spec: { ...pod().spec, restartPolicy: 'Never' } } } };
    for (const schedule of [`@every ${'1'.repeat(LONG)}`, `@every ${'0'.repeat(LONG)}!`]) {
      const job = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'c', namespace: 'n' } };
      const { errors } = created('cronjobs', { ...job, spec: { schedule, jobTemplate } }, 'batch');
      expect(errors.map(({ field }) => field)).toContain('spec.schedule');
    }
  });

  test.each([
    ['begun and not ended', '-----BEGIN A-----\n'.repeat(LONG / 20)],
    ['begun on one line', '-----BEGIN A'.repeat(LONG / 12)],
    ['ended and not begun', '-----END A-----\n'.repeat(LONG / 16)],
    ['begun as ever others', Array.from({ length: LONG / 20 }, (_, at) => `-----BEGIN ${at}-----\n`).join('')],
  ])('a request for a certificate, %s', (_, text) => {
    const request = {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'r' },
    };
    const spec = { signerName: 'a.b/c', usages: ['client auth'], request: Buffer.from(text).toString('base64') };
    const { errors } = created('certificatesigningrequests', { ...request, spec }, 'certificates.k8s.io');
    expect(errors.map(({ field }) => field)).toEqual(['spec.request']);
  });
});
