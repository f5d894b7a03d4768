import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestAuthority } from '@binnacle/testing-cluster/authority';
import { TestOidcProvider } from '@binnacle/testing-cluster/oidc';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WatchedPage } from './browser.js';
import { canBrowse, type DashboardStand, openDashboard } from './dashboard-stand.js';
import { eventually } from './eventually.js';
import { findKubectl, Kubectl } from './kubectl.js';

const binnacle = join(import.meta.dirname, '..', '..', 'cli', 'bin', 'binnacle.js');

/** A provider's sign-in with groups, and the page that lets a terminal in, as somebody at a browser sees them. */
describe.runIf(canBrowse)('signing in by a provider', () => {
  let stand: DashboardStand;
  let provider: TestOidcProvider;
  /** The browser of somebody whom nobody here knows yet. */
  let zoe: WatchedPage;
  let page: Page;
  let home: string;
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'bn-sign-in-'));
    const authority = await TestAuthority.create(Date.now());
    provider = await TestOidcProvider.start(authority);
    stand = await openDashboard({ slot: 48, nodes: 1, prepare: (kubectl) => prepare(kubectl, authority) });
    zoe = await stand.open({ ignoreHTTPSErrors: true });
    ({ page } = zoe);
    // Where a page that nobody is signed in to leads by itself.
    await page.waitForURL('**/sign-in**');
  });
  afterAll(async () => {
    for (const child of running) child.kill();
    await stand?.dispose();
    await provider?.close();
    if (home) rmSync(home, { recursive: true, force: true });
  });
  afterEach(() => {
    expect(zoe.errors).toEqual([]);
  });

  /** An IdentityProvider whose group `engineering` is the team `developers`, who may look at everything in `main`. */
  function prepare(kubectl: Kubectl, authority: TestAuthority): void {
    const objects = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'sign-in' } },
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'acme', namespace: 'sign-in' },
        stringData: { clientSecret: 'a secret' },
      },
      {
        apiVersion: 'iam.binnacle.dev/v1',
        kind: 'IdentityProvider',
        metadata: { name: 'acme' },
        spec: {
          displayName: 'Acme SSO',
          issuer: provider.issuer,
          clientID: 'binnacle',
          clientSecretRef: { namespace: 'sign-in', name: 'acme' },
          certificateAuthority: authority.certificate,
          groups: [{ group: 'engineering', teams: ['developers'] }],
          createUsers: true,
        },
      },
    ];
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    const root = rootServer(kubectl);
    expect(kubectl.try(['--server', root, 'apply', '-f', '-'], list)).toMatchObject({ status: 0, stderr: '' });
    kubectl.run('create', 'clusterrolebinding', 'developers', '--clusterrole=view', '--group=team:developers');
  }

  const rootServer = (kubectl: Kubectl): string =>
    `${kubectl.run('config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}')}/clusters/root`;

  const shot = (name: string, of: Page = page) =>
    process.env.BINNACLE_SHOTS ? of.screenshot({ path: join(process.env.BINNACLE_SHOTS, `${name}.png`) }) : undefined;

  async function signInByAcme(): Promise<void> {
    await page.goto(`${stand.cluster.webUrl}/sign-in`);
    await page.getByRole('link', { name: 'Sign in with Acme SSO' }).click();
    await page.waitForURL('**/c/main');
  }

  test('leads to the provider and back, and makes a person with the teams of its groups', async () => {
    provider.person = { sub: 'zoe-1', preferred_username: 'zoe', name: 'Zoe', groups: ['engineering'] };
    await page.goto(`${stand.cluster.webUrl}/sign-in`);
    await page.getByRole('link', { name: 'Sign in with Acme SSO' }).waitFor();
    expect(await zoe.accessibilityFindings()).toEqual([]);
    await shot('sign-in');
    await signInByAcme();
    await page.goto(`${stand.cluster.webUrl}/c/main/account`);
    await page.getByText('team:developers').first().waitFor();
    await shot('account');
    await page.goto(`${stand.cluster.webUrl}/c/main/pods`);
    await page.getByRole('link', { name: 'kube-apiserver-control-plane' }).waitFor();
  });

  test('lets a terminal in, which is who said yes, with the teams of that sign-in', async () => {
    const kubeconfig = join(home, 'config');
    const flags = ['--server', stand.cluster.webUrl, '--no-browser', '--kubeconfig', kubeconfig];
    const env = { PATH: process.env.PATH, HOME: home, BINNACLE_LOGIN_DIR: join(home, 'logins') };
    const child = spawn(process.execPath, [binnacle, 'login', ...flags], { env });
    running.push(child);
    let said = '';
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    const ended = once(child, 'close');
    const url = await eventually('the address is shown', () => /https?:\S+\/device\?code=\S+/.exec(said)?.[0]);
    await page.goto(url);
    await page.getByRole('heading', { name: 'Let a terminal in?' }).waitFor();
    await page.getByText(/^binnacle login, /).waitFor();
    expect(await zoe.accessibilityFindings()).toEqual([]);
    await shot('device');
    await page.getByRole('button', { name: 'Let it in' }).click();
    await page.getByText('Done. You can go back to the terminal.').waitFor();
    expect([(await ended)[0], said]).toEqual([0, expect.stringContaining('Signed in as zoe')]);
    const kubectl = new Kubectl(findKubectl() ?? '', kubeconfig);
    const { status } = kubectl.json<{ status: { userInfo: { username: string; groups: string[] } } }>('auth', 'whoami');
    expect(status.userInfo).toMatchObject({ username: 'zoe', groups: expect.arrayContaining(['team:developers']) });
    expect(kubectl.run('get', 'pods', '-A')).toContain('kube-apiserver-control-plane');
    kubectl.dispose();
  });

  test('tells of a code nobody waits with, and takes one that is typed', async () => {
    await page.goto(`${stand.cluster.webUrl}/device`);
    await page.getByLabel('Code shown by the terminal').fill('bcdf-ghjk');
    expect(await zoe.accessibilityFindings()).toEqual([]);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('No terminal waits with this code.').waitFor();
  });

  test('refuses a terminal that somebody else has begun', async () => {
    const begun = await fetch(`${stand.cluster.webUrl}/auth/device/code`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client: 'binnacle login on mallory' }),
    });
    const { deviceCode, userCode } = (await begun.json()) as { deviceCode: string; userCode: string };
    await page.goto(`${stand.cluster.webUrl}/device?code=${userCode}`);
    await page.getByText('binnacle login on mallory').waitFor();
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.getByText('Refused. The terminal is told so.').waitFor();
    const asked = await fetch(`${stand.cluster.webUrl}/auth/device/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ deviceCode }),
    });
    const { details } = (await asked.json()) as { details: { causes: { reason: string }[] } };
    expect([asked.status, details.causes[0]?.reason]).toEqual([400, 'AccessDenied']);
  });

  test('asks for the groups anew at the next sign-in: what the provider takes away is gone', async () => {
    provider.person = { ...provider.person, groups: [] };
    await signInByAcme();
    await page.goto(`${stand.cluster.webUrl}/c/main/account`);
    await page.getByText('zoe').first().waitFor();
    expect(await page.getByText('team:developers').count()).toBe(0);
  });

  test('says in the page’s own words why the provider let nobody in', async () => {
    const other = await stand.open({ ignoreHTTPSErrors: true });
    await other.page.waitForURL('**/sign-in**');
    provider.behaviour = {
      answer: (path, response, request) => {
        if (path !== '/authorize') return false;
        const asked = new URL(request.url ?? '', provider.issuer).searchParams;
        const back = new URL(asked.get('redirect_uri') ?? '');
        const said = { error: 'access_denied', state: asked.get('state') ?? '', iss: provider.issuer };
        for (const [name, value] of Object.entries(said)) back.searchParams.set(name, value);
        response.writeHead(302, { location: back.href }).end();
        return true;
      },
    };
    await other.page.goto(`${stand.cluster.webUrl}/sign-in`);
    await other.page.getByRole('link', { name: 'Sign in with Acme SSO' }).click();
    await other.page.getByText('The other system did not let you in.').waitFor();
    expect(await other.accessibilityFindings()).toEqual([]);
    await shot('denied', other.page);
    provider.behaviour = {};
    await other.page.context().close();
  });
});
