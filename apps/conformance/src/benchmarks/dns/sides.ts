import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wireAddress } from '@binnacle/machinery-wire';
import { kubeconfigOf } from '@binnacle/testing-cluster';
import { startCoreDns } from '../../peers/coredns.js';
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

async function ours(kubeconfig: string): Promise<{ program: Program; place: Place }> {
  const port = await freePort();
  const flags = [`--kubeconfig=${kubeconfig}`, `--health-port=${port}`, `--service-cluster-ip-range=${SERVICES}`];
  const node = ['--max-old-space-size=1024', MAIN];
  const place = wireAddress(DNS_ADDRESS, 53, process.getuid?.() === 0);
  return { program: new Program(process.execPath, [...node, ...flags, ...UNBOUNDED]), place };
}

export async function startDns(server: BenchServer, { path }: Side): Promise<RunningDns> {
  const config = server.workers['kube-dns'];
  if (!config) throw new Error('the server knows no kube-dns');
  const folder = mkdtempSync(join(tmpdir(), 'bn-dns-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf(config), { mode: 0o600 });
  const { program, place } = await (path ? startCoreDns(path, folder, kubeconfig) : ours(kubeconfig));
  const end = async () => {
    await program.end();
    rmSync(folder, { recursive: true, force: true });
  };
  return { pid: program.pid ?? 0, place, end };
}
