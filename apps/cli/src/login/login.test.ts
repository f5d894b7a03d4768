import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { parseYaml } from '@binnacle/machinery-yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshDirectory, listenToStdout } from '../testing/said.js';
import { askPassword } from './ask-password.js';
import { askServer } from './ask-server.js';
import { signInByBrowser } from './browser-sign-in.js';
import { currentCredential, execCredential } from './credential.js';
import { logout } from './login.js';
import { serverAddress } from './server-address.js';
import { loginDirectory, StoredLogins } from './stored-logins.js';
import { kubeconfigFile, withContext, writeContext } from './user-kubeconfig.js';

const clock = new FakeClock();
const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
const directory = freshDirectory();
const said = listenToStdout();
const at = (milliseconds: number) => new Date(clock.now() + milliseconds).toISOString();
const credential = (token = 't-1') => ({
  user: 'ann',
  token,
  expiresAt: at(900_000),
  refreshToken: 'r',
  refreshExpiresAt: at(9_000_000),
  cluster: { server: 'https://127.0.0.1:6443', certificateAuthority: 'PEM' },
});

interface Answered {
  readonly status?: number;
  readonly body: unknown;
}

let server: Server;
let url: string;
let asked: { path: string; body: Record<string, unknown> }[];
let answers: Record<string, () => Answered>;

beforeEach(async () => {
  asked = [];
  answers = {};
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const path = request.url ?? '';
      asked.push({ path, body: text ? JSON.parse(text) : {} });
      const { status = 200, body } = answers[path]?.() ?? { status: 404, body: {} };
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => void server.close());

const refusal = (reason: string, status = 400): Answered => ({
  status,
  body: { kind: 'Status', message: `because ${reason}`, details: { causes: [{ reason }] } },
});

describe('the address of a server', () => {
  it.each([
    ['https://host:6443/', 'https://host:6443'],
    ['host.example', 'https://host.example'],
    ['http://127.0.0.1:7080', 'http://127.0.0.1:7080'],
    ['http://localhost:7080', 'http://localhost:7080'],
    ['http://[::1]:7080', 'http://[::1]:7080'],
  ])('%s is %s', (text, address) => expect(serverAddress(text)).toBe(address));

  it.each([
    '',
    'http://host.example',
    'http://127.0.0.1.evil.example',
    'ftp://localhost',
    'https://a/clusters/b',
    'https://u:p@a',
  ])('%s is none', (text) => expect(() => serverAddress(text)).toThrow(/--server/));
});

describe('what was signed in with', () => {
  it('is its owner’s alone', () => {
    const logins = new StoredLogins(join(directory.path, 'logins'));
    expect(logins.list()).toEqual([]);
    logins.save({ server: url, ...credential() });
    logins.save({ server: url, ...credential(), user: 'bob' });
    const [file = ''] = readdirSync(join(directory.path, 'logins'));
    expect(statSync(join(directory.path, 'logins', file)).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory.path, 'logins')).mode & 0o777).toBe(0o700);
    expect(logins.find({ server: url, user: 'bob' })).toMatchObject({ user: 'bob' });
    expect(logins.find({ server: 'https://other', user: 'bob' })).toBeUndefined();
    writeFileSync(join(directory.path, 'logins', file), 'no login');
    expect(logins.list()).toHaveLength(1);
  });

  it('stands where the account keeps such things', () => {
    expect(loginDirectory({ XDG_STATE_HOME: '/s' })).toBe('/s/binnacle-login');
    expect(loginDirectory({ BINNACLE_LOGIN_DIR: '/x', XDG_STATE_HOME: '/s' })).toBe('/x');
    expect(loginDirectory({})).toMatch(/\.local\/state\/binnacle-login$/);
  });
});

describe('a kubeconfig', () => {
  const context = { name: 'ann@host', server: 'https://host', path: '/clusters/lab', certificateAuthority: 'PEM' };
  const login = { ...context, exec: { command: '/node', args: ['/b.js', 'credential'] } };
  const before = `apiVersion: v1
kind: Config
current-context: other
preferences: {}
clusters: [{name: other, cluster: {server: "https://other"}}, {name: ann@host, cluster: {server: "https://old"}}]
contexts: [{name: other, context: {cluster: other, user: other}}]
users: [{name: other, user: {token: kept}}]
`;

  it('keeps all that was in it', () => {
    const config = parseYaml(withContext(before, login)).value as Record<string, { name: string }[]>;
    expect(config['current-context']).toBe('ann@host');
    expect(config.clusters).toEqual([
      { name: 'other', cluster: { server: 'https://other' } },
      { name: 'ann@host', cluster: { server: 'https://host/clusters/lab', 'certificate-authority-data': 'UEVN' } },
    ]);
    expect(config.users).toMatchObject([
      { name: 'other', user: { token: 'kept' } },
      {
        name: 'ann@host',
        user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/node', interactiveMode: 'Never' } },
      },
    ]);
    expect(withContext(withContext(before, login), login)).toBe(withContext(before, login));
  });

  it('is made where there is none, for its owner alone', () => {
    const file = join(directory.path, 'new', 'config');
    writeContext(file, login);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('ann@host');
    mkdirSync(join(directory.path, 'folder'));
    expect(() => writeContext(join(directory.path, 'folder'), login)).toThrow();
  });

  it('that is none is left alone', () => {
    for (const text of ['[]', 'text', 'clusters: 7'])
      expect(() => withContext(text, login)).toThrow(/kubeconfig is none/);
  });

  it('is the one kubectl writes', () => {
    expect(kubeconfigFile({ KUBECONFIG: ':/a:/b' })).toBe('/a');
    expect(kubeconfigFile({})).toMatch(/\.kube\/config$/);
  });
});

describe('a password', () => {
  const terminal = (isTTY: boolean) => {
    const raw: boolean[] = [];
    let shown = '';
    const input = Object.assign(new PassThrough(), { isTTY, setRawMode: (on: boolean) => void raw.push(on) });
    const ask = (text: string) => void (shown += text);
    return {
      input: input as never as Parameters<typeof askPassword>[1]['input'],
      keys: input,
      ask,
      raw,
      shown: () => shown,
    };
  };

  it.each([
    ['secret\r', 'secret'],
    ['sx\u007fecret\n', 'secret'],
    ['wrong\u0015secret\r', 'secret'],
    ['Grüße 🔑x\b\r', 'Grüße 🔑'],
  ])('is typed: %j', async (keys, password) => {
    const tty = terminal(true);
    tty.keys.write(keys);
    expect(await askPassword('Password: ', tty)).toBe(password);
    expect([tty.shown(), tty.raw]).toEqual(['Password: \n', [true, false]]);
  });

  it.each(['abc\u0003', '\u0004'])('is given up: %j', async (keys) => {
    const tty = terminal(true);
    tty.keys.write(keys);
    await expect(askPassword('Password: ', tty)).rejects.toThrow('given up');
    expect(tty.raw).toEqual([true, false]);
  });

  it.each([
    ['secret\nmore', 'secret'],
    ['secret\r\n', 'secret'],
    ['secret', 'secret'],
  ])('is piped: %j', async (text, password) => {
    const pipe = terminal(false);
    pipe.keys.end(text);
    expect(await askPassword('Password: ', pipe)).toBe(password);
    expect(pipe.shown()).toBe('');
  });

  it.each(['', '\n', 'x'.repeat(2000)])('is none', async (text) => {
    const pipe = terminal(false);
    pipe.keys.end(text);
    await expect(askPassword('Password: ', pipe)).rejects.toThrow(/password/);
  });
});

describe('signing in by a browser', () => {
  const begun = () => ({
    deviceCode: 'd',
    userCode: 'BCDF-GHJK',
    verificationUri: `${url}/device`,
    verificationUriComplete: `${url}/device?code=BCDF-GHJK`,
    interval: 2,
  });

  it('waits until somebody says yes', async () => {
    let told = '';
    const opened: string[] = [];
    answers['/auth/device/code'] = () => ({ body: begun() });
    const later = [refusal('AuthorizationPending'), refusal('SlowDown'), { body: credential() }];
    answers['/auth/device/token'] = () => later.shift() as Answered;
    const browser = { say: (text: string) => void (told += text), open: (page: string) => void opened.push(page) };
    const signedIn = signInByBrowser(ctx, { server: url }, browser);
    let isDone = false;
    void signedIn.catch(() => undefined).finally(() => (isDone = true));
    while (!isDone) {
      if (clock.pending > 0) clock.stepTo(clock.nextAt ?? 0);
      await new Promise(setImmediate);
    }
    expect(await signedIn).toMatchObject({
      credential: { user: 'ann' },
      api: { server: 'https://127.0.0.1:6443', certificateAuthority: 'PEM' },
    });
    expect(opened).toEqual([`${url}/device?code=BCDF-GHJK`]);
    expect(told).toContain('BCDF-GHJK');
    expect(asked[0]?.body.client).toMatch(/^binnacle login, .* on /);
  });

  it.each(['file:///etc/passwd', 'https://a"; rm -rf /', 7])('opens no page such as %s', async (page) => {
    const opened: string[] = [];
    answers['/auth/device/code'] = () => ({ body: { ...begun(), verificationUriComplete: page } });
    const browser = { say: () => undefined, open: (at: string) => void opened.push(at) };
    await expect(signInByBrowser(ctx, { server: url }, browser)).rejects.toThrow('does not say where to go');
    expect(opened).toEqual([]);
  });

  it('is over when it was refused', async () => {
    answers['/auth/device/code'] = () => ({ body: begun() });
    answers['/auth/device/token'] = () => refusal('AccessDenied');
    const refused = expect(signInByBrowser(ctx, { server: url }, { say: () => undefined })).rejects.toThrow(
      'because AccessDenied',
    );
    while (clock.pending === 0) await new Promise(setImmediate);
    clock.step(2_000);
    await refused;
  });
});

describe('a credential', () => {
  const whose = () => ({ server: url, user: 'ann' });

  it('is shown as it is while it is good, and then renewed and kept', async () => {
    const logins = new StoredLogins(directory.path);
    logins.save({ server: url, ...credential() });
    answers['/auth/device/refresh'] = () => ({ body: credential('t-2') });
    expect((await currentCredential(ctx, logins, whose())).token).toBe('t-1');
    expect(asked).toEqual([]);
    clock.step(900_000 - 60_000);
    expect((await currentCredential(ctx, logins, whose())).token).toBe('t-2');
    expect(asked).toEqual([{ path: '/auth/device/refresh', body: { refreshToken: 'r' } }]);
    expect(logins.find(whose())?.token).toBe('t-2');
  });

  it('that has ended says what to do', async () => {
    const logins = new StoredLogins(directory.path);
    await expect(currentCredential(ctx, logins, whose())).rejects.toThrow(`run "binnacle login --server ${url}"`);
    logins.save({ server: url, ...credential(), expiresAt: at(0) });
    answers['/auth/device/refresh'] = () => refusal('x', 401);
    await expect(currentCredential(ctx, logins, whose())).rejects.toThrow(/has ended; run "binnacle login/);
    answers['/auth/device/refresh'] = () => refusal('overload', 429);
    await expect(currentCredential(ctx, logins, whose())).rejects.toThrow('because overload');
    answers['/auth/device/refresh'] = () => ({ body: {} });
    await expect(currentCredential(ctx, logins, whose())).rejects.toThrow('another release');
  });

  it('is printed as client-go reads it, and ends a little before it does', () => {
    const { status, kind } = JSON.parse(execCredential({ token: 't', expiresAt: '2026-01-01T00:15:00.123Z' }));
    expect([kind, status]).toEqual(['ExecCredential', { token: 't', expirationTimestamp: '2026-01-01T00:14:00Z' }]);
  });

  it('is ended there and forgotten here, also where nobody answers', async () => {
    const logins = new StoredLogins(directory.path);
    answers['/auth/device/revoke'] = () => ({ body: {} });
    logins.save({ server: url, ...credential() });
    await logout(ctx, url, logins);
    expect([asked.at(-1), logins.list()]).toEqual([{ path: '/auth/device/revoke', body: { refreshToken: 'r' } }, []]);
    await expect(logout(ctx, undefined, logins)).rejects.toThrow('nobody is signed in');
    logins.save({ server: 'http://127.0.0.1:1', ...credential() });
    await logout(ctx, undefined, logins);
    expect(logins.list()).toEqual([]);
    expect(said.text()).toContain('end the session on the account page too');
  });
});

describe('a server', () => {
  it('that is none of ours is told from one that refuses', async () => {
    answers['/x'] = () => ({ body: '<html>' });
    await expect(askServer(ctx, { server: url }, 'GET', '/x')).rejects.toThrow('is no Binnacle');
    answers['/x'] = () => ({ status: 502, body: '<html>' });
    await expect(askServer(ctx, { server: url }, 'GET', '/x')).rejects.toThrow('answered 502');
    answers['/x'] = () => ({ body: JSON.stringify({ a: 'x'.repeat(300_000) }) });
    await expect(askServer(ctx, { server: url }, 'GET', '/x')).rejects.toThrow('too large');
    await expect(askServer(ctx, { server: 'http://127.0.0.1:1' }, 'GET', '/x')).rejects.toThrow('look at the address');
  });
});
