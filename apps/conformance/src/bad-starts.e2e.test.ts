import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, startCluster } from './index.js';

const root = join(import.meta.dirname, '..', '..', '..');
const binnacle = join(root, 'apps', 'cli', 'bin', 'binnacle.js');
const slot = 5;
const scratch = mkdtempSync(join(tmpdir(), 'bn-bad-'));
const servers: Server[] = [];
let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ slot, nodes: 1, web: false });
});
afterAll(async () => {
  for (const server of servers) server.close();
  await cluster.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

/** `binnacle up` that is expected to fail: its exit code and its last words. Ports are those of another slot. */
async function up(dataDir: string, ...flags: string[]): Promise<{ status: number | null; sentence: string }> {
  const where = [`--data-dir=${dataDir}`, '--port-offset=17000', '--nodes=1', '--no-web'];
  const child = spawn(process.execPath, [binnacle, 'up', ...where, ...flags], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 60_000,
  });
  const [sentence, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { status, sentence: sentence.trim() };
}

async function listen(onConnection: Parameters<typeof createServer>[1] = () => undefined): Promise<number> {
  const server = createServer(onConnection);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('every flag of up has an environment variable', () => {
  const { stdout } = spawnSync(process.execPath, [binnacle, 'up', '--help'], { encoding: 'utf8', cwd: root });
  const flags = stdout.split(/^ {2}(?=-)/m).slice(1);
  expect(flags.filter((flag) => !flag.startsWith('-h,') && !flag.includes('env:'))).toEqual([]);
  expect(flags.length).toBeGreaterThan(10);
});

const isOneSentence = (text: string) => !text.includes('\n') && text.startsWith('binnacle: ');

describe('binnacle up says in one sentence what is wrong and changes nothing, when', () => {
  const untouched = join(scratch, 'untouched');

  test('a port is taken', async () => {
    const port = await listen();
    const { status, sentence } = await up(untouched, `--port=${port}`);
    expect(status).toBe(2);
    expect(sentence).toContain(`port ${port} on 127.0.0.1, wanted for the API server, is taken`);
    expect(sentence).toContain('--port');
    expect(existsSync(untouched)).toBe(false);
  });

  test('Binnacle already runs on the data directory', async () => {
    const { status, sentence } = await up(cluster.dataDir);
    expect(status).toBe(2);
    expect(sentence).toContain(`already runs on ${cluster.dataDir} (pid ${cluster.pid})`);
    expect(cluster.binnacle('status').stdout).toContain('ready');
  });

  test('the database does not answer, without telling its password', async () => {
    const port = await listen();
    servers.pop()?.close();
    const { status, sentence } = await up(untouched, `--database-url=postgres://ann:secret@127.0.0.1:${port}/db`);
    expect(status).toBe(2);
    expect(sentence).toContain(`127.0.0.1:${port} cannot be reached`);
    expect(sentence).not.toContain('secret');
    expect(existsSync(untouched)).toBe(false);
  });

  test('the database refuses the password', async () => {
    // What Postgres answers to a wrong password: ErrorResponse, severity FATAL, SQLSTATE 28P01.
    const fields = 'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "ann"\0\0';
    const answer = Buffer.alloc(5 + fields.length);
    answer.write('E');
    answer.writeInt32BE(4 + fields.length, 1);
    answer.write(fields, 5);
    const port = await listen((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(answer));
    });
    const { status, sentence } = await up(untouched, `--database-url=postgres://ann:secret@127.0.0.1:${port}/db`);
    expect(status).toBe(2);
    expect(sentence).toContain('password authentication failed for user "ann"');
    expect(sentence).toContain('DATABASE_URL');
    expect(sentence).not.toContain('secret');
    expect(isOneSentence(sentence)).toBe(true);
    expect(existsSync(untouched)).toBe(false);
  });

  test('the data directory is of a newer release', async () => {
    const newer = mkdtempSync(join(scratch, 'newer-'));
    writeFileSync(join(newer, 'settings.json'), '{"format":99}');
    const { status, sentence } = await up(newer);
    expect(status).toBe(2);
    expect(sentence).toContain('newer Binnacle (format 99');
    expect(readdirSync(newer)).toEqual(['settings.json']);
  });

  test('the data directory cannot be written', async () => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    const { status, sentence } = await up(join(file, 'data'));
    expect(status).toBe(2);
    expect(sentence).toContain('as the data directory');
    expect(sentence).toContain('--data-dir');
  });

  test('a flag makes no sense', async () => {
    const { status, sentence } = await up(untouched, '--pod-cidr=everything');
    expect(status).toBe(2);
    expect(sentence).toContain('--pod-cidr');
    expect(isOneSentence(sentence)).toBe(true);
  });

  test('Node.js is too old', () => {
    const script = `
      Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } });
      await import(${JSON.stringify(join(root, 'tools', 'start.mjs'))});`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr.trim()).toBe('binnacle: Node.js 18.20.0 is too old; install 20.19 or newer (https://nodejs.org)');
  });
});

describe('what a killed binnacle up leaves running', () => {
  const killUp = async () => {
    process.kill(cluster.pid, 'SIGKILL');
    await expect.poll(() => cluster.binnacle('status').stdout).toContain('was killed');
  };

  test('is taken over by the next one without being restarted', async () => {
    const before = cluster.pidOf('kube-apiserver');
    await killUp();
    cluster = await cluster.restart();
    expect(cluster.pidOf('kube-apiserver')).toBe(before);
    expect(cluster.binnacle('status').stdout).toContain(`(pid ${cluster.pid})`);
  });

  test('is stopped by binnacle down even where its kubelet is gone too', async () => {
    await killUp();
    cluster.kill('--runtime=process');
    expect(cluster.binnacle('down')).toMatchObject({ status: 0, stdout: 'Stopped.\n' });
    expect(cluster.pidOf('postgres')).toBeUndefined();
    cluster = await cluster.restart();
  });

  test('is stopped by binnacle down', async () => {
    await killUp();
    expect(cluster.binnacle('down')).toMatchObject({ status: 0, stdout: 'Stopped.\n' });
    expect(cluster.pidOf('postgres')).toBeUndefined();
    cluster = await cluster.restart();
    expect(cluster.binnacle('status').status).toBe(0);
  });
});

test('Ctrl-C stops everything also at a moment when the kubelet is down', async () => {
  cluster.kill('--runtime=process');
  await cluster.stop();
  expect(cluster.pidOf('postgres')).toBeUndefined();
  expect(cluster.pidOf('kube-apiserver')).toBeUndefined();
  cluster = await cluster.restart();
});

/** SQL without a server: Postgres alone on its files, as the account they belong to. */
function sql(dataDir: string, postgres: string, statement: string): void {
  const data = join(dataDir, 'postgres', 'data');
  const { uid, gid } = statSync(data);
  const result = spawnSync(postgres, ['--single', '-D', data, 'postgres'], {
    input: `${statement}\n`,
    cwd: data,
    ...(process.getuid?.() === 0 && { uid, gid }),
  });
  expect(result.status, String(result.stderr)).toBe(0);
}

test('a database that a newer release migrated is left alone, and starts again with that release', async () => {
  const postgres = readlinkSync(`/proc/${cluster.pidOf('postgres')}/exe`);
  await cluster.stop();
  const name = 'FromTheFuture9999999999999';
  sql(cluster.dataDir, postgres, `insert into migrations (timestamp, name) values (9999999999999, '${name}')`);
  const settings = readFileSync(join(cluster.dataDir, 'settings.json'), 'utf8');
  const { status, sentence } = await up(cluster.dataDir);
  expect(status).toBe(1);
  expect(sentence).toContain(`migrated by a newer release (${name})`);
  expect(isOneSentence(sentence)).toBe(true);
  expect(readFileSync(join(cluster.dataDir, 'settings.json'), 'utf8')).toBe(settings);
  sql(cluster.dataDir, postgres, `delete from migrations where name = '${name}'`);
  cluster = await cluster.restart();
  expect(cluster.binnacle('status').status).toBe(0);
});

describe('a database that is not whole is never made anew', () => {
  const data = () => join(cluster.dataDir, 'postgres', 'data');
  const away = () => join(scratch, 'away');
  beforeAll(() => cluster.stop());

  test.each(['PG_VERSION', 'global/pg_control', '.'])('without %s it is refused and left as it is', async (missing) => {
    renameSync(join(data(), missing), away());
    const before = existsSync(data()) ? readdirSync(data(), { recursive: true }) : [];
    for (const refused of [await up(cluster.dataDir), cluster.binnacle('backup', join(scratch, 'none.backup'))]) {
      expect(refused.status).toBe(2);
      expect('sentence' in refused ? refused.sentence : refused.stderr).toContain('binnacle restore <file>');
    }
    expect(existsSync(data()) ? readdirSync(data(), { recursive: true }) : []).toEqual(before);
    renameSync(away(), join(data(), missing));
  });
});
