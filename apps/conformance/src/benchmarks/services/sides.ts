import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { wireHost } from '@binnacle/machinery-wire';
import { type Side } from '../turns/worker.js';
import { serviceAddress, type Size } from './fleet.js';

const LISTENING = '0A';
const SERVICES = '10.96.0.0/12';

/** How one side carries Services on this machine. */
export interface Carrier {
  /** Where an address of the cluster is reached. */
  at(address: string): string;
  /** Whether everything there is is carried. */
  carries(size: Size): boolean;
  /** What has to be there before, for Pods at these addresses. Answers how to take it back. */
  prepare(pods: readonly string[]): () => void;
}

/** How many sockets listen at addresses of Services, as the kernel tells: 127.96.x.y, written backwards. */
function openServices(): number {
  const lines = readFileSync('/proc/net/tcp', 'latin1').split('\n');
  const row = new RegExp(`^ *\\d+: [0-9A-F]{4}607F:[0-9A-F]{4} \\S+ ${LISTENING} `);
  return lines.filter((line) => row.test(line)).length;
}

const ours: Carrier = {
  at: wireHost,
  // One more is the API server's own.
  carries: ({ services, changed }) => openServices() >= services + changed + 1,
  prepare: () => () => undefined,
};

const run = (command: string, ...args: string[]): string => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 28 });
  } catch {
    return '';
  }
};

/** Rules of the kernel lead packets anywhere: addresses of Pods and Services are given to this network namespace. */
const theirs: Carrier = {
  at: (address) => address,
  carries: ({ services, changed }) => {
    const rules = run('nft', 'list', 'map', 'ip', 'kube-proxy', 'service-ips');
    return (
      rules.includes(`${serviceAddress(services + changed - 1)} `) && rules.split(' goto ').length > services + changed
    );
  },
  prepare: (pods) => {
    for (const address of pods) run('ip', 'address', 'add', `${address}/32`, 'dev', 'lo');
    run('ip', 'route', 'add', SERVICES, 'dev', 'lo');
    return () => {
      run('ip', 'route', 'del', SERVICES, 'dev', 'lo');
      for (const address of pods) run('ip', 'address', 'del', `${address}/32`, 'dev', 'lo');
      run('nft', 'delete', 'table', 'ip', 'kube-proxy');
      run('nft', 'delete', 'table', 'ip6', 'kube-proxy');
    };
  },
};

export const carrierOf = ({ path }: Side): Carrier => (path ? theirs : ours);
