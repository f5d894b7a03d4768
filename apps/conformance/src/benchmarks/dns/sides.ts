import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wireAddress } from '@binnacle/machinery-wire';
import { kubeconfigOf } from '@binnacle/testing-cluster';
import { freePort } from '../../peers/free-port.js';
import { Program } from '../../peers/program.js';
import type { BenchServer } from '../turns/server.js';
import type { Side } from '../turns/worker.js';
import type { Place } from './load.js';

/** A DNS that follows the API server and answers. */
export interface RunningDns {
  readonly pid: number;
  readonly place: Place;
  end(): Promise<void>;
}

const MAIN = join(import.meta.dirname, '..', '..', '..', '..', 'dns', 'dist', 'main.js');
const SERVICES = '10.96.0.0/16';
const DNS_ADDRESS = '10.96.0.10';
const UNBOUNDED = ['--client-questions=10000000', '--client-connections=1000'];

/** As kubeadm writes it, but for what concerns other names and its health. */
const corefile = (kubeconfig: string, port: number): string => `.:${port} {
  bind 127.0.0.1
  errors
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    kubeconfig ${kubeconfig}
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
    ttl 30
  }
  cache 30 {
    disable success cluster.local
    disable denial cluster.local
  }
  loadbalance
}
`;

async function ours(kubeconfig: string): Promise<{ program: Program; place: Place }> {
  const port = await freePort();
  const flags = [`--kubeconfig=${kubeconfig}`, `--health-port=${port}`, `--service-cluster-ip-range=${SERVICES}`];
  const node = ['--max-old-space-size=1024', MAIN];
  const place = wireAddress(DNS_ADDRESS, 53, process.getuid?.() === 0);
  return { program: new Program(process.execPath, [...node, ...flags, ...UNBOUNDED]), place };
}

async function theirs(path: string, folder: string, kubeconfig: string): Promise<{ program: Program; place: Place }> {
  const port = await freePort();
  const file = join(folder, 'Corefile');
  writeFileSync(file, corefile(kubeconfig, port));
  return { program: new Program(path, ['-conf', file, '-quiet']), place: { host: '127.0.0.1', port } };
}

export async function startDns(server: BenchServer, { path }: Side): Promise<RunningDns> {
  const config = server.workers['kube-dns'];
  if (!config) throw new Error('the server knows no kube-dns');
  const folder = mkdtempSync(join(tmpdir(), 'bn-dns-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf(config), { mode: 0o600 });
  const { program, place } = await (path ? theirs(path, folder, kubeconfig) : ours(kubeconfig));
  const end = async () => {
    await program.end();
    rmSync(folder, { recursive: true, force: true });
  };
  return { pid: program.pid ?? 0, place, end };
}
