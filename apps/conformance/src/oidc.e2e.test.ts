import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatYaml } from '@binnacle/machinery-yaml';
import { TestAuthority } from '@binnacle/testing-cluster/authority';
import { TestOidcProvider } from '@binnacle/testing-cluster/oidc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, startCluster } from './cluster.js';
import { eventually } from './eventually.js';
import { findKubectl, Kubectl } from './kubectl.js';

/** kubectl with ID tokens of a provider: as a token, and by an exec plugin that leads a browser there and back. */
const program = findKubectl();
const opened: Kubectl[] = [];
let cluster: Cluster;
let admin: Kubectl;
let authority: TestAuthority;
let provider: TestOidcProvider;
let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bn-oidc-'));
  authority = await TestAuthority.create(Date.now());
  provider = await TestOidcProvider.start(authority, { id: 'kubectl' });
  provider.person = { sub: 'zoe-1', preferred_username: 'zoe', groups: ['engineering'] };
  writeFileSync(join(home, 'provider.crt'), authority.certificate);
  writeFileSync(join(home, 'plugin.mjs'), PLUGIN);
  cluster = await startCluster({ slot: 21, web: false, nodes: 0 });
  admin = kubectl(cluster.kubeconfig);
});
afterAll(async () => {
  for (const one of opened) one.dispose();
  await cluster?.dispose();
  await provider?.close();
  if (home) rmSync(home, { recursive: true, force: true });
});

/** `kubelogin` in small: the authorization code flow with PKCE, at a provider where somebody is always signed in. */
const PLUGIN = `
import { createHash, randomBytes } from 'node:crypto';
const [issuer, client] = process.argv.slice(2);
const metadata = await (await fetch(issuer + '/.well-known/openid-configuration')).json();
const [verifier, state] = [randomBytes(32).toString('base64url'), randomBytes(16).toString('base64url')];
const redirect = 'http://localhost:8000/';
const asked = {
  client_id: client, redirect_uri: redirect, response_type: 'code', scope: 'openid groups', state,
  code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
};
const page = new URL(metadata.authorization_endpoint);
for (const [name, value] of Object.entries(asked)) page.searchParams.set(name, value);
const led = await fetch(page, { redirect: 'manual' });
const back = new URL(led.headers.get('location'));
if (back.searchParams.get('state') !== state) throw new Error('another state came back');
const body = new URLSearchParams({
  grant_type: 'authorization_code', code: back.searchParams.get('code'), client_id: client, redirect_uri: redirect,
  code_verifier: verifier,
});
const tokens = await (await fetch(metadata.token_endpoint, { method: 'POST', body })).json();
if (!tokens.id_token) throw new Error(JSON.stringify(tokens));
const status = { token: tokens.id_token };
console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }));
`;

function kubectl(kubeconfig: string): Kubectl {
  const one = new Kubectl(program ?? 'kubectl', kubeconfig);
  opened.push(one);
  return one;
}

let made = 0;
/** kubectl as whoever a user of a kubeconfig is. */
function kubectlAs(user: object): Kubectl {
  const file = join(home, `config-${(made += 1)}`);
  const authorityData = readFileSync(join(cluster.dataDir, 'pki', 'ca.crt')).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'one',
    clusters: [{ name: 'one', cluster: { server: cluster.apiUrl, 'certificate-authority-data': authorityData } }],
    users: [{ name: 'somebody', user }],
    contexts: [{ name: 'one', context: { cluster: 'one', user: 'somebody' } }],
  };
  writeFileSync(file, formatYaml(config), { mode: 0o600 });
  return kubectl(file);
}
const withToken = (token: string) => kubectlAs({ token });
const withPlugin = () =>
  kubectlAs({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: [join(home, 'plugin.mjs'), provider.issuer, 'kubectl'],
      env: [{ name: 'NODE_EXTRA_CA_CERTS', value: join(home, 'provider.crt') }],
      interactiveMode: 'Never',
    },
  });

/** Never waited for by blocking: the provider answers in this process. */
async function whoami(one: Kubectl): Promise<{ username: string; groups: string[] }> {
  const { status, stdout, stderr } = await one.answer(['auth', 'whoami', '-o', 'json']);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout).status.userInfo;
}
/** Which of the two depends on what of the API it knew before. */
const UNAUTHORIZED =
  /^error: You must be logged in to the server \((Unauthorized|the server has asked for the client to provide credentials)\)$/m;
const refused = async (one: Kubectl) => (await one.answer(['get', 'pods'])).stderr;

/** The `AuthenticationConfiguration` of the data directory, which is followed without a restart. */
function believe(jwt: readonly object[]): void {
  const file = join(cluster.dataDir, 'authentication.yaml');
  expect(readFileSync(file, 'utf8')).toContain('kind: AuthenticationConfiguration');
  writeFileSync(
    file,
    formatYaml({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', jwt }),
  );
}

describe.skipIf(!program)('kubectl with the tokens of a provider', () => {
  test('is nobody before anybody says that they are believed', async () => {
    expect(await refused(withToken(await provider.idToken()))).toMatch(UNAUTHORIZED);
  });

  test('is whom the structured configuration makes of its claims, without a restart', async () => {
    const before = cluster.pidOf('kube-apiserver');
    believe([
      {
        issuer: { url: provider.issuer, audiences: ['kubectl'], certificateAuthority: authority.certificate },
        claimMappings: {
          username: { expression: '"acme:" + claims.preferred_username' },
          groups: { claim: 'groups', prefix: 'acme:' },
        },
        userValidationRules: [
          {
            expression: "!user.groups.exists(g, g.startsWith('system:'))",
            message: 'groups of the cluster are its own',
          },
        ],
      },
    ]);
    const zoe = withToken(await provider.idToken());
    expect(await eventually('the token is believed', () => whoami(zoe))).toMatchObject({
      username: 'acme:zoe',
      groups: ['acme:engineering', 'system:authenticated'],
    });
    expect(cluster.pidOf('kube-apiserver')).toBe(before);
  });

  test('may do what its groups may, and no more', async () => {
    const zoe = withToken(await provider.idToken());
    expect(await refused(zoe)).toContain(
      'Error from server (Forbidden): pods is forbidden: User "acme:zoe" cannot list resource "pods" in API group ""',
    );
    admin.run('create', 'clusterrolebinding', 'engineers', '--clusterrole=view', '--group=acme:engineering');
    expect(await zoe.answer(['get', 'pods'])).toMatchObject({ status: 0 });
    expect((await zoe.answer(['create', 'configmap', 'x'])).stderr).toContain('cannot create resource "configmaps"');
    const sales = withToken(await provider.idToken({ groups: ['sales'] }));
    expect(await refused(sales)).toContain('User "acme:zoe" cannot list resource "pods"');
  });

  test('asks an exec plugin, which leads a browser to the provider and back', async () => {
    provider.asked.length = 0;
    expect(await whoami(withPlugin())).toMatchObject({ username: 'acme:zoe' });
    expect(provider.asked).toEqual(expect.arrayContaining(['/authorize', '/token']));
    expect(await withPlugin().answer(['get', 'pods'])).toMatchObject({ status: 0 });
  });

  test.each([
    ['for another client', () => provider.idToken({ aud: 'somebody-else' })],
    ['of another issuer', () => provider.idToken({ iss: 'https://elsewhere.example' })],
    ['that has ended', () => provider.idToken({ exp: Math.floor(Date.now() / 1000) - 60 })],
    ['without a name', () => provider.idToken({ preferred_username: undefined })],
    ['whose signature is another’s', async () => `${(await provider.idToken()).slice(0, -8)}AAAAAAAA`],
  ])('is refused with a token %s, in kubectl’s own words', async (_, make) => {
    expect(await refused(withToken(await make()))).toMatch(UNAUTHORIZED);
  });

  test('goes on when the provider signs by another key, and not with what a replaced one has signed', async () => {
    const old = withToken(await provider.idToken());
    expect((await whoami(old)).username).toBe('acme:zoe');
    provider.rotate();
    const young = withToken(await provider.idToken());
    // It is asked for its keys every ten seconds at the most.
    expect((await eventually('the new key is known', () => whoami(young))).username).toBe('acme:zoe');
    expect((await whoami(old)).username).toBe('acme:zoe');
    provider.rotate(true);
    const youngest = withToken(await provider.idToken());
    expect((await eventually('the newest key is known', () => whoami(youngest))).username).toBe('acme:zoe');
    for (const one of [old, young]) expect(await refused(one)).toMatch(UNAUTHORIZED);
  });

  test('is the same by the flags of kube-apiserver', async () => {
    const file = join(cluster.dataDir, 'manifests', 'kube-apiserver.yaml');
    const flags = [
      `--oidc-issuer-url=${provider.issuer}`,
      '--oidc-client-id=kubectl',
      `--oidc-ca-file=${join(home, 'provider.crt')}`,
      '--oidc-username-claim=preferred_username',
      '--oidc-username-prefix=sso:',
      '--oidc-groups-claim=groups',
      '--oidc-groups-prefix=sso:',
      '--oidc-required-claim=sub=zoe-1',
    ];
    const manifest = readFileSync(file, 'utf8');
    const line = /^(\s*- )['"]?--authentication-config=[^\n]*$/m;
    expect(manifest).toMatch(line);
    const before = cluster.pidOf('kube-apiserver');
    writeFileSync(
      file,
      manifest.replace(line, (_, dash: string) => flags.map((flag) => `${dash}'${flag}'`).join('\n')),
    );
    await eventually('the kubelet starts it anew', () => {
      const now = cluster.pidOf('kube-apiserver');
      return now !== undefined && now !== before;
    });
    const zoe = withToken(await provider.idToken());
    expect(await eventually('the flags hold', () => whoami(zoe))).toMatchObject({
      username: 'sso:zoe',
      groups: ['sso:engineering', 'system:authenticated'],
    });
    expect((await whoami(withPlugin())).username).toBe('sso:zoe');
    expect(await refused(withToken(await provider.idToken({ sub: 'somebody-else' })))).toMatch(UNAUTHORIZED);
    expect(await refused(withToken(await provider.idToken({ aud: 'somebody-else' })))).toMatch(UNAUTHORIZED);
  });
});
