import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';

const examples = join(import.meta.dirname, '..', '..', '..', 'examples', 'custom-resources');
const kubectlPath = findKubectl();
const DEFINITION = 'certificates.certs.example.com';

describe.runIf(kubectlPath)('somebody with a definition and kubectl', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;

  beforeAll(async () => {
    cluster = await startCluster({ slot: 15, web: false, nodes: 1 });
    kubectl = new Kubectl(kubectlPath ?? '', cluster.kubeconfig);
  });

  afterAll(async () => {
    kubectl?.dispose();
    await cluster?.dispose();
  });

  const apply = (file: string, ...args: string[]) => kubectl.run('apply', '-f', join(examples, file), ...args);

  test('has a kind of their own that is explained, made and shown', () => {
    expect(apply('certificates.yaml')).toContain(`${DEFINITION} created`);
    kubectl.run('wait', '--for=condition=Established', `crd/${DEFINITION}`, '--timeout=30s');
    expect(kubectl.run('explain', 'certificate.spec.secretName')).toContain('The Secret that certificate and key');
    kubectl.run('create', 'namespace', 'shop');
    expect(apply('certificate.yaml', '-n', 'shop')).toContain('certificate.certs.example.com/shop created');
    expect(apply('certificate.yaml', '-n', 'shop')).toContain('unchanged');
    expect(kubectl.run('get', 'certs', '-n', 'shop')).toMatch(/NAME +READY +SECRET +AGE\nshop +shop-tls/);
  });

  test('has it collected with its owner, and deleted with its namespace', async () => {
    const { metadata } = kubectl.json<{ metadata: { uid: string } }>('get', 'cert', 'shop', '-n', 'shop');
    const owner = { apiVersion: 'certs.example.com/v1', kind: 'Certificate', name: 'shop', uid: metadata.uid };
    kubectl.run('create', 'configmap', 'owned', '-n', 'shop');
    const patch = JSON.stringify({ metadata: { ownerReferences: [owner] } });
    kubectl.run('patch', 'configmap', 'owned', '-n', 'shop', '-p', patch);
    kubectl.run('delete', 'cert', 'shop', '-n', 'shop');
    const left = () => kubectl.run('get', 'configmaps,certs', '-n', 'shop', '-o', 'name', '--ignore-not-found');
    await eventually('what it owned is gone', () => !left().includes('owned'));
    apply('certificate.yaml', '-n', 'shop');
    kubectl.run('delete', 'namespace', 'shop', '--timeout=60s');
    expect(kubectl.run('get', 'certs', '-A', '-o', 'name')).toBe('');
  });

  test('has it no more when the definition is deleted', async () => {
    apply('certificate.yaml');
    kubectl.run('delete', 'crd', DEFINITION, '--timeout=60s');
    await eventually('kubectl knows it no more', () => !kubectl.run('api-resources').includes('certs.example.com'));
  });
});
