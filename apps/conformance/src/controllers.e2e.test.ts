import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import type { Node, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { VolumeAttachment } from '@binnacle/apis-kubernetes/storage/v1';
import type { KubeList } from '@binnacle/machinery-meta';
import { requestCertificate } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';

const kubectlPath = findKubectl();
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe.runIf(kubectlPath)('what controllers do for who uses kubectl', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;

  beforeAll(async () => {
    cluster = await startCluster({ slot: 45, web: false, nodes: 2 });
    kubectl = new Kubectl(kubectlPath ?? '', cluster.kubeconfig);
  });
  afterAll(async () => {
    kubectl?.dispose();
    await cluster?.dispose();
  });

  const apply = (object: object) =>
    expect(kubectl.try(['apply', '-f', '-'], JSON.stringify(object))).toMatchObject({ status: 0 });
  const ask = (name: string, request: string, usages: string[]) =>
    apply({
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name },
      spec: {
        request: base64(request),
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages,
        expirationSeconds: 3600,
      },
    });
  const request = (name: string) => kubectl.json<CertificateSigningRequest>('get', 'csr', name);

  test('a certificate that is approved makes a kubeconfig', async () => {
    const { request: asked, key } = await requestCertificate({
      commonName: 'jane',
      organizations: ['binnacle:viewers'],
    });
    ask('jane', asked, ['client auth']);
    expect(kubectl.run('get', 'csr', 'jane')).toMatch(
      /jane\s+\S+\s+kubernetes.io\/kube-apiserver-client\s+\S+\s+60m\s+Pending/,
    );
    kubectl.run('certificate', 'approve', 'jane');
    const certificate = await eventually('it is signed', () => request('jane').status?.certificate);
    expect(kubectl.run('get', 'csr', 'jane')).toContain('Approved,Issued');
    const files = ['jane.crt', 'jane.key', 'jane.conf'].map((name) => join(cluster.dataDir, name));
    const [crt = '', pem = '', conf = ''] = files;
    writeFileSync(crt, Buffer.from(certificate, 'base64'));
    writeFileSync(pem, key, { mode: 0o600 });
    writeFileSync(conf, kubectl.run('config', 'view', '--raw'));
    const jane = new Kubectl(kubectlPath ?? '', conf);
    try {
      jane.run(
        'config',
        'set-credentials',
        'jane',
        `--client-certificate=${crt}`,
        `--client-key=${pem}`,
        '--embed-certs',
      );
      jane.run('config', 'set-context', '--current', '--user=jane');
      expect(jane.run('auth', 'whoami')).toMatch(/Username\s+jane/);
      expect(jane.try(['get', 'pods', '-A']).status).toBe(0);
      expect(jane.try(['get', 'secrets', '-A']).stderr).toContain('Forbidden');
    } finally {
      jane.dispose();
      for (const file of files) rmSync(file, { force: true });
    }
  });

  test('what may not be signed fails, and says why', async () => {
    const { request: asked } = await requestCertificate({ commonName: 'joe' });
    ask('joe', asked, ['server auth']);
    kubectl.run('certificate', 'approve', 'joe');
    const failed = await eventually('it has failed', () =>
      request('joe').status?.conditions?.find(({ type }) => type === 'Failed'),
    );
    expect(failed).toMatchObject({
      reason: 'SignerValidationFailure',
      message: 'invalid usage for client certificate: server auth',
    });
    const master = await requestCertificate({ commonName: 'm', organizations: ['system:masters'] });
    const spec = {
      request: base64(master.request),
      signerName: 'kubernetes.io/kube-apiserver-client',
      usages: ['client auth'],
    };
    const object = {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'm' },
      spec,
    };
    expect(kubectl.try(['create', '-f', '-'], JSON.stringify(object)).stderr).toContain('system:masters');
  });

  test('a volume is attached to the node of its Pod, and leaves it with the Pod', async () => {
    const claim = {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'simulated',
      resources: { requests: { storage: '1Gi' } },
    };
    apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: claim });
    const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }];
    const containers = [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'v', mountPath: '/data' }] }];
    apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'user' }, spec: { volumes, containers } });
    kubectl.run('wait', '--for=condition=Ready', 'pod/user', '--timeout=120s');
    const attachments = () => kubectl.json<KubeList<VolumeAttachment>>('get', 'volumeattachments').items;
    const [attachment] = attachments();
    const { volumeName } = kubectl.json<PersistentVolumeClaim>('get', 'pvc', 'data').spec ?? {};
    expect(attachment).toMatchObject({
      spec: { source: { persistentVolumeName: volumeName } },
      status: { attached: true },
    });
    const node = kubectl.json<Node>('get', 'node', attachment?.spec.nodeName ?? '');
    expect(node.status?.volumesAttached?.map(({ name }) => name)).toEqual(node.status?.volumesInUse);
    expect(kubectl.run('describe', 'pod', 'user')).toContain('SuccessfulAttachVolume');
    kubectl.run('delete', 'pod', 'user', '--now');
    await eventually('it is detached', () => attachments().length === 0);
  });

  test('a volume is given other attributes while it is in use', async () => {
    for (const name of ['silver', 'gold'])
      apply({
        apiVersion: 'storage.k8s.io/v1',
        kind: 'VolumeAttributesClass',
        metadata: { name },
        driverName: 'simulated.binnacle.dev',
        parameters: { iops: name === 'gold' ? '2000' : '100' },
      });
    const claim = {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'simulated',
      volumeAttributesClassName: 'silver',
    };
    const spec = { ...claim, resources: { requests: { storage: '1Gi' } } };
    apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'tuned' }, spec });
    kubectl.run('wait', '--for=jsonpath={.status.phase}=Bound', 'pvc/tuned', '--timeout=60s');
    kubectl.run('patch', 'pvc', 'tuned', '-p', JSON.stringify({ spec: { volumeAttributesClassName: 'gold' } }));
    kubectl.run('wait', '--for=jsonpath={.status.currentVolumeAttributesClassName}=gold', 'pvc/tuned', '--timeout=60s');
    expect(kubectl.run('get', 'pvc', 'tuned')).toMatch(/simulated\s+gold/);
    expect(kubectl.run('describe', 'pvc', 'tuned')).toContain('VolumeModifySuccessful');
  });

  test('a policy is told what is wrong with its expressions', () => {
    const rule = { apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'], operations: ['CREATE'] };
    const validations = [{ expression: 'object.spec.replicas > "1"' }];
    apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'few' },
      spec: { matchConstraints: { resourceRules: [rule] }, validations },
    });
    kubectl.run(
      'wait',
      '--for=jsonpath={.status.observedGeneration}=1',
      'validatingadmissionpolicy/few',
      '--timeout=60s',
    );
    const said = kubectl.run('describe', 'validatingadmissionpolicy', 'few');
    expect(said).toContain('spec.validations[0].expression');
    expect(said).toContain("apps/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload for '_>_'");
  });
});
