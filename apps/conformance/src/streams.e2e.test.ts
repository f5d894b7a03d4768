import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { PassThrough } from 'node:stream';
import { basename, join } from 'node:path';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { loadKubeconfigFile } from '@binnacle/client-rest/kubeconfig';
import { Exec, KubeConfig, PortForward, type V1Status } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type Cluster, eventually, findKubectl, findKubectls, Kubectl, startCluster } from './index.js';

/** The first speak SPDY alone, the last WebSocket. */
const paths = [...new Set([...findKubectls('1.27', '1.30', '1.33'), findKubectl() ?? ''])].filter(Boolean);

const PODS = `
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  containers:
  - { name: nginx, image: nginx, ports: [{ containerPort: 80 }] }
  - { name: ticker, image: busybox, command: [sh, -c, "while true; do echo tick; sleep 0.2; done"] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 8080, targetPort: 80 }] }
`;

let cluster: Cluster;
let folder: string;

beforeAll(async () => {
  if (paths.length === 0) return;
  cluster = await startCluster({ slot: 37, nodes: 1, web: false });
  folder = mkdtempSync(join(tmpdir(), 'bn-streams-'));
  const kubectl = new Kubectl(paths[0] ?? '', cluster.kubeconfig);
  const created = kubectl.try(['apply', '-f', '-'], PODS);
  if (created.status !== 0) throw new Error(created.stderr);
  kubectl.run('wait', '--for=condition=Ready', 'pod/web', '--timeout=60s');
  kubectl.dispose();
});
afterAll(async () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
  await cluster?.dispose();
});

async function forwarding(child: ChildProcess): Promise<string> {
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return await eventually('a forwarded port', () => /127\.0\.0\.1:(\d+) ->/.exec(said)?.[1]);
}

describe.each(paths.map((path) => [basename(path), path]))('%s', (_name, path) => {
  let kubectl: Kubectl;
  beforeAll(() => (kubectl = new Kubectl(path, cluster.kubeconfig)));
  afterAll(() => kubectl.dispose());

  const exec = (...command: string[]) => kubectl.try(['exec', 'web', '-c', 'nginx', '--', ...command]);

  test('runs commands, and ends with their exit codes', () => {
    expect(exec('hostname')).toMatchObject({ status: 0, stdout: 'web\n' });
    const failed = exec('sh', '-c', 'echo out; echo err >&2; exit 7');
    expect(failed).toMatchObject({ status: 7, stdout: 'out\n' });
    expect(failed.stderr).toContain('err\n');
    expect(failed.stderr).toContain('command terminated with exit code 7');
    const input = kubectl.try(['exec', '-i', 'web', '-c', 'nginx', '--', 'cat'], 'typed\n');
    expect(input).toMatchObject({ status: 0, stdout: 'typed\n' });
  });

  test('says what cannot be run, and where', () => {
    expect(exec('vim').stderr).toMatch(/exec: "vim": executable file not found in \$PATH/);
    expect(kubectl.try(['exec', 'web', '-c', 'none', '--', 'ls']).stderr).toContain(
      'container none is not valid for pod web',
    );
    expect(kubectl.try(['exec', 'none', '--', 'ls']).stderr).toContain('pods "none" not found');
  });

  test('opens a shell at a terminal', async () => {
    const terminal = kubectl.terminal('exec', '-it', 'web', '-c', 'nginx', '--', 'sh');
    await terminal.shows('/ # ');
    terminal.type('cd /tmp && wget -qO- localhost | head -n 1\r');
    await terminal.shows('<!DOCTYPE html>');
    await terminal.shows('/tmp # ');
    terminal.type('sleep 100\r');
    await terminal.shows('sleep 100\r\n');
    terminal.type('\x03');
    await terminal.shows('/tmp # ');
    terminal.type('exit 5\r');
    expect(await terminal.ends()).toBe(5);
  });

  test('copies files in and out', () => {
    const [source, back] = [join(folder, 'source'), join(folder, `back-${basename(path)}`)];
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256));
    writeFileSync(source, bytes);
    kubectl.run('cp', source, 'web:/tmp/copied', '-c', 'nginx');
    kubectl.run('cp', 'web:/tmp/copied', back, '-c', 'nginx');
    expect(readFileSync(back).equals(bytes)).toBe(true);
  });

  test('forwards a port', async () => {
    const child = kubectl.start('port-forward', 'pod/web', ':80');
    const port = await forwarding(child);
    const pages = await Promise.all([1, 2, 3].map(async () => await (await fetch(`http://127.0.0.1:${port}/`)).text()));
    for (const page of pages) expect(page).toContain('Welcome to nginx!');
    child.kill();
    await once(child, 'exit');
  });

  test('attaches to what a container prints', async () => {
    const child = kubectl.start('attach', 'web', '-c', 'ticker');
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await eventually('three ticks', () => said.includes('tick\ntick\ntick\n'));
    child.kill();
    await once(child, 'exit');
  });

  test('runs a shell of its own, and leaves nothing', async () => {
    const name = `run-${basename(path).replaceAll('.', '-')}`;
    const terminal = kubectl.terminal('run', name, '-it', '--rm', '--restart=Never', '--image=busybox');
    await terminal.prompts('/ # ');
    terminal.type('echo from $HOSTNAME\r');
    await terminal.shows(`from ${name}\r\n`);
    terminal.type('exit\r');
    expect(await terminal.ends()).toBe(0);
    await eventually('the Pod is gone', () => kubectl.try(['get', 'pod', name]).stderr.includes('not found'));
  });

  test('adds a container to a Pod to look into it', async () => {
    const name = `look-${basename(path).replaceAll('.', '-')}`;
    const terminal = kubectl.terminal('debug', 'web', '-it', '--image=busybox', `--container=${name}`);
    await terminal.prompts('/ # ');
    terminal.type('wget -qO- localhost | grep -c nginx; exit 0\r');
    expect(await terminal.ends()).toBe(0);
    await eventually('it is over', () => {
      const { ephemeralContainerStatuses = [] } = kubectl.json<Pod>('get', 'pod', 'web').status ?? {};
      return ephemeralContainerStatuses.find((status) => status.name === name)?.state?.terminated?.exitCode === 0;
    });
  });

  test('proxies to a Pod and a Service', () => {
    const root = '/api/v1/namespaces/default';
    for (const place of ['pods/web:80', 'services/web:http', 'services/web:8080'])
      expect(kubectl.run('get', '--raw', `${root}/${place}/proxy/`)).toContain('Welcome to nginx!');
    expect(kubectl.run('get', '--raw', '/api/v1/nodes/worker-1/proxy/healthz')).toBe('ok');
  });
});

describe.runIf(paths.length > 0)('@kubernetes/client-node', () => {
  const config = () => {
    const loaded = new KubeConfig();
    loaded.loadFromFile(cluster.kubeconfig);
    return loaded;
  };
  const collected = () => {
    const stream = new PassThrough();
    return { stream, text: () => String(stream.read() ?? '') };
  };

  test('runs a command with input, and is told its exit code', async () => {
    const [out, input] = [collected(), new PassThrough()];
    const status = new Promise<V1Status>((resolve, reject) => {
      const command = ['sh', '-c', 'cat; exit 3'];
      new Exec(config())
        .exec('default', 'web', 'nginx', command, out.stream, out.stream, input, false, resolve)
        .catch(reject);
    });
    input.end('hello');
    expect((await status).details?.causes).toEqual([{ reason: 'ExitCode', message: '3' }]);
    expect(out.text()).toBe('hello');
  });

  test('forwards a port by channels', async () => {
    const [input, output, errors] = [new PassThrough(), collected(), collected()];
    await new PortForward(config()).portForward('default', 'web', [80], output.stream, errors.stream, input);
    input.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    let page = '';
    await eventually('the page', () => (page += output.text()).includes('Welcome to nginx!'));
    input.end();
  });
});

describe.runIf(paths.length > 0)('without a client of its own', () => {
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const { server, ca, cert, key } = loadKubeconfigFile(cluster.kubeconfig);
    const call = request(`${server}${path}`, { ca, cert, key, headers });
    call.end();
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return { status: answer.statusCode, text };
  };
  const EXEC = '/api/v1/namespaces/default/pods/web/exec?command=ls&stdout=1';

  test('exec says what it wants', async () => {
    const plain = await ask(`${EXEC}&container=nginx`);
    expect([plain.status, JSON.parse(plain.text).message]).toEqual([400, 'Upgrade request required']);
    const other = await ask(`${EXEC}&container=nginx`, { connection: 'Upgrade', upgrade: 'other' });
    expect([other.status, other.text]).toEqual([400, 'unable to upgrade: missing upgrade headers in request\n']);
    const which = await ask(EXEC, { connection: 'Upgrade', upgrade: 'SPDY/3.1' });
    expect([which.status, JSON.parse(which.text).message]).toEqual([
      400,
      expect.stringContaining('a container name must be specified for pod web, choose one of: [nginx ticker'),
    ]);
  });

  test('logs come over a WebSocket as bytes, after an empty message', async () => {
    const { server, ca, cert, key } = loadKubeconfigFile(cluster.kubeconfig);
    const path = '/api/v1/namespaces/default/pods/web/log?container=ticker&tailLines=2';
    const socket = new WebSocket(`${server.replace('https:', 'wss:')}${path}`, ['binary.k8s.io'], { ca, cert, key });
    const messages: string[] = [];
    socket.on('message', (data: Buffer) => messages.push(data.toString()));
    await once(socket, 'close');
    expect([messages[0], messages.slice(1).join('')]).toEqual(['', 'tick\ntick\n']);
  });
});
