import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';

/** Real clients that prove who they are by what machines have: certificates, tokens, and the files of a Pod. */
let cluster: Cluster;
let admin: Kubectl;
const program = findKubectl();
const opened: Kubectl[] = [];

function kubectl(kubeconfig: string): Kubectl {
  const one = new Kubectl(program ?? 'kubectl', kubeconfig);
  opened.push(one);
  return one;
}
const binnacle = (...args: string[]) =>
  spawnSync(process.execPath, [fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url)), ...args], {
    encoding: 'utf8',
  });

beforeAll(async () => {
  cluster = await startCluster({ slot: 46, web: false, nodes: 1 });
  admin = kubectl(cluster.kubeconfig);
});
afterAll(async () => {
  for (const one of opened) one.dispose();
  await cluster?.dispose();
});

describe.skipIf(!program)('kubectl', () => {
  test('is somebody by a certificate that was made for them', () => {
    const file = join(cluster.dataDir, 'jane.conf');
    const made = binnacle(
      'kubeconfig',
      '--data-dir',
      cluster.dataDir,
      '--user',
      'jane',
      '--group',
      'dev',
      '--ttl',
      '1h',
      '--output',
      file,
    );
    expect([made.status, made.stderr]).toEqual([0, '']);
    const jane = kubectl(file);
    const { status } = JSON.parse(jane.run('auth', 'whoami', '-o', 'json'));
    expect(status.userInfo).toMatchObject({ username: 'jane', groups: ['dev', 'system:authenticated'] });
    expect(jane.try(['get', 'pods']).stderr).toContain('User "jane" cannot list resource "pods"');
  });

  test('is a service account by a token, until that account is deleted; a rotated key refuses no token', async () => {
    admin.run('create', 'serviceaccount', 'robot');
    const ask = (token: string) =>
      admin.try(['auth', 'whoami', '-o', 'name', `--token=${token}`, `--kubeconfig=${bare()}`]);
    const old = admin.run('create', 'token', 'robot').trim();
    expect(ask(old).status).toBe(0);
    expect(binnacle('service-account-key', 'rotate', '--data-dir', cluster.dataDir).status).toBe(0);
    const kid = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;
    const young = await eventually('a token of the new key', () => {
      const token = admin.run('create', 'token', 'robot').trim();
      expect(ask(token).status).toBe(0);
      return kid(token) !== kid(old) ? token : undefined;
    });
    expect([ask(old).status, ask(young).status]).toEqual([0, 0]);
    admin.run('delete', 'serviceaccount', 'robot');
    expect(ask(young).stderr).toMatch(/Unauthorized|must be logged in/);
  });
});

/** A kubeconfig that says where the server is and nothing of who asks. */
function bare(): string {
  const file = join(cluster.dataDir, 'bare.conf');
  const config = JSON.parse(admin.run('config', 'view', '--raw', '-o', 'json'));
  writeFileSync(
    file,
    JSON.stringify({
      ...config,
      users: [],
      contexts: config.contexts.map(({ name, context }: { name: string; context: object }) => ({
        name,
        context: { ...context, user: '' },
      })),
    }),
  );
  return file;
}

describe.skipIf(!program)('a program in a simulated Pod', () => {
  test('asks the API by the files of its volume', async () => {
    const script = [
      'cd /var/run/secrets/kubernetes.io/serviceaccount',
      'curl -sS --cacert ca.crt -H "Authorization: Bearer $(cat token)" "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/version"',
      'curl -sS --cacert ca.crt -H "Authorization: Bearer $(cat token)" https://kubernetes.default.svc/api/v1/namespaces/default/pods',
      'sleep 3600',
    ].join('; ');
    const container = { name: 'c', image: 'busybox', command: ['sh', '-c', script] };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'inside' }, spec: { containers: [container] } };
    expect(admin.try(['apply', '-f', '-'], JSON.stringify(pod)).status).toBe(0);
    const log = await eventually('both answers', () => {
      const text = admin.try(['logs', 'inside']).stdout;
      if (!/cannot list|PodList/.test(text)) throw new Error(`${text}${admin.try(['get', 'pods']).stdout}`);
      return text;
    });
    expect(log).toContain('"gitVersion"');
    expect(log).toContain('User \\"system:serviceaccount:default:default\\" cannot list resource');
  });
});
