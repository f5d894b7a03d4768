import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { TestAuthority } from '@binnacle/testing-cluster/authority';
import { TestOidcProvider } from '@binnacle/testing-cluster/oidc';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, startBrowser } from './browser.js';
import { type Cluster, startCluster } from './cluster.js';
import { eventually } from './eventually.js';
import { findKubectl, Kubectl } from './kubectl.js';
import { signIn } from './sign-in.js';

const path = findKubectl();
const chromium = findChromium();
const binnacle = join(import.meta.dirname, '..', '..', '..', 'apps', 'cli', 'bin', 'binnacle.js');

let cluster: Cluster;
let home: string;
let kubeconfig: string;

beforeAll(async () => {
  cluster = await startCluster({ slot: 19, nodes: 1 });
  home = mkdtempSync(join(tmpdir(), 'bn-login-'));
  kubeconfig = join(home, 'config');
});
afterAll(async () => {
  await cluster?.dispose();
  if (home) rmSync(home, { recursive: true, force: true });
});

/** Runs a command while others go on. */
function run(args: readonly string[], input = '') {
  const env = { PATH: process.env.PATH, HOME: home, BINNACLE_LOGIN_DIR: join(home, 'logins') };
  const child = spawn(process.execPath, [binnacle, ...args], { env });
  child.stdin.on('error', () => undefined).end(input);
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  const ended = Promise.all([text(child.stderr), once(child, 'close')]).then(([errors, [status]]) => ({
    status: status as number,
    stdout: said,
    stderr: errors,
  }));
  return { said: () => said, ended, stop: () => child.kill() };
}

const login = (...flags: string[]) => ['login', '--no-browser', '--kubeconfig', kubeconfig, ...flags];
const storedFile = () => join(home, 'logins', readdirSync(join(home, 'logins'))[0] ?? '');

/** What the page of the dashboard does when somebody says yes. */
async function approve(code: string): Promise<void> {
  const { headers } = await signIn(cluster);
  const answer = await fetch(`${cluster.webUrl}/auth/device/requests/${code}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ approve: true }),
  });
  expect(answer.status).toBe(200);
}

describe.skipIf(!path)('kubectl', () => {
  let kubectl: Kubectl;
  beforeAll(() => {
    kubectl = new Kubectl(path ?? '', kubeconfig);
  });
  afterAll(() => kubectl?.dispose());

  const whoami = () =>
    kubectl.json<{ status: { userInfo: { username: string } } }>('auth', 'whoami').status.userInfo.username;

  test('is who says yes in a browser', async () => {
    const command = run(login('--server', cluster.webUrl));
    await eventually('the code is shown', () => /code [B-Z]{4}-[B-Z]{4}/.test(command.said()));
    const [, code = ''] = /code ([B-Z]{4}-[B-Z]{4})/.exec(command.said()) ?? [];
    expect(command.said()).toContain(`${cluster.webUrl}/device?code=${code}`);
    await approve(code);
    const { status, stdout } = await command.ended;
    expect([status, stdout]).toEqual([0, expect.stringContaining(`Signed in as ${cluster.user}`)]);
    expect([statSync(kubeconfig).mode & 0o777, statSync(storedFile()).mode & 0o777]).toEqual([0o600, 0o600]);
    expect(whoami()).toBe(cluster.user);
    kubectl.run('create', 'deployment', 'web', '--image=nginx');
    await eventually('its Pod runs', () => /Running/.test(kubectl.run('get', 'pods')));
    expect(kubectl.run('exec', 'deploy/web', '--', 'echo', 'through the front door')).toContain(
      'through the front door',
    );
  });

  test('goes on with the next token when one has ended', () => {
    const before = JSON.parse(readFileSync(storedFile(), 'utf8'));
    writeFileSync(storedFile(), JSON.stringify({ ...before, token: 'spent', expiresAt: '2026-01-01T00:00:00Z' }));
    expect(whoami()).toBe(cluster.user);
    const after = JSON.parse(readFileSync(storedFile(), 'utf8'));
    expect(after.token).toMatch(/^binnacle-terminal\./);
    expect(after.refreshToken).toBe(before.refreshToken);
  });

  test('is told what to do when the sign-in was ended', async () => {
    const out = await run(['logout', '--server', cluster.webUrl]).ended;
    expect([out.status, out.stdout]).toEqual([0, `Signed out ${cluster.user} of ${cluster.webUrl}\n`]);
    const refused = kubectl.try(['get', 'ns']);
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('run "binnacle login --server')]);
  });

  test('signs in where there is no browser, at the API server itself', async () => {
    const ca = join(cluster.dataDir, 'pki', 'ca.crt');
    const flags = ['--server', cluster.apiUrl, '--user', cluster.user];
    const unknown = await run(login(...flags), `${cluster.password}\n`).ended;
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('--certificate-authority')]);
    const wrong = await run(login(...flags, '--certificate-authority', ca), 'wrong\n').ended;
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('the name or the password is wrong')]);
    const right = await run(login(...flags, '--certificate-authority', ca), `${cluster.password}\n`).ended;
    expect([right.status, right.stderr]).toEqual([0, '']);
    expect(whoami()).toBe(cluster.user);
    expect(kubectl.run('config', 'get-contexts', '-o', 'name').trim().split('\n')).toHaveLength(2);
  });
});

describe.skipIf(!chromium)('a browser', () => {
  let browser: Browser;
  let provider: TestOidcProvider;
  beforeAll(async () => {
    browser = await startBrowser(chromium ?? '');
    const authority = await TestAuthority.create(Date.now());
    provider = await TestOidcProvider.start(authority);
    const { headers } = await signIn(cluster);
    const at = `${cluster.webUrl}/clusters/root`;
    const post = async (place: string, body: object) => {
      const answer = await fetch(`${at}${place}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(201);
    };
    await post('/api/v1/namespaces', { metadata: { name: 'sign-in' } });
    await post('/api/v1/namespaces/sign-in/secrets', {
      metadata: { name: 'acme' },
      stringData: { clientSecret: 'a secret' },
    });
    await post('/apis/iam.binnacle.dev/v1/identityproviders', {
      metadata: { name: 'acme' },
      spec: {
        issuer: provider.issuer,
        clientID: 'binnacle',
        clientSecretRef: { namespace: 'sign-in', name: 'acme' },
        certificateAuthority: authority.certificate,
        createUsers: true,
      },
    });
  });
  afterAll(async () => {
    await browser?.close();
    await provider?.close();
  });

  const whoIs = (page: Page) => page.evaluate(async () => (await (await fetch('/auth/session')).json()).user as string);

  test('comes back from a provider signed in', async () => {
    provider.person = { sub: 'zoe-1', preferred_username: 'zoe', name: 'Zoe' };
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(`${cluster.webUrl}/auth/oidc/acme/start?next=/c/main`);
    expect(new URL(page.url()).pathname).toBe('/c/main');
    expect(await whoIs(page)).toBe('zoe');
    await context.close();
  });

  test('signs in with a passkey that it made', async () => {
    const address = cluster.webUrl.replace('127.0.0.1', 'localhost');
    const context = await browser.newContext();
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
    } as const;
    const isUserVerified = { isUserVerified: true, automaticPresenceSimulation: true };
    await session.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, ...isUserVerified } });
    await page.goto(`${address}/sign-in`);
    await page.evaluate(PASSKEY_SCRIPT);
    const { user, password } = cluster;
    expect(await page.evaluate(`ask('/auth/login', ${JSON.stringify({ user, password })})`)).toMatchObject({ user });
    expect(await page.evaluate(`registerPasskey('virtual')`)).toMatchObject({ name: 'virtual', host: 'localhost' });
    await page.evaluate(`ask('/auth/logout', {})`);
    expect(await whoIs(page)).toBeUndefined();
    expect(await page.evaluate('signInByPasskey()')).toMatchObject({ user });
    expect(await whoIs(page)).toBe(user);
    await context.close();
  });
});

/** What a page does with passkeys, by what every browser has. */
const PASSKEY_SCRIPT = `
  globalThis.ask = async (path, body) => {
    const headers = { 'content-type': 'application/json', 'x-binnacle-csrf': '1' };
    return (await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  globalThis.registerPasskey = async (name) => {
    const { publicKey } = await ask('/auth/passkeys/register/options', {});
    const made = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
    return ask('/auth/passkeys/register', { name, response: made.toJSON() });
  };
  globalThis.signInByPasskey = async () => {
    const { publicKey } = await ask('/auth/passkeys/sign-in/options', {});
    const shown = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
    return ask('/auth/passkeys/sign-in', shown.toJSON());
  };
`;
