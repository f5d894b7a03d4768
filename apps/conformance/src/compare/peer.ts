import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientConfig } from '@binnacle/client-rest';
import { systemClock } from '@binnacle/process-lifecycle';
import { RawApi, TestAuthority } from '@binnacle/testing-cluster';
import { freePort } from '../peers/free-port.js';
import { Program } from '../peers/program.js';

/** Where the programs to compare with are. */
export interface PeerPrograms {
  readonly apiserver: string;
  readonly etcd: string;
}

/** A kube-apiserver with a store of its own. */
export interface PeerServer {
  readonly version: string;
  readonly admin: ClientConfig;
  /** How to connect as somebody else. */
  configFor(commonName: string, organizations?: readonly string[]): Promise<ClientConfig>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_MILLISECONDS = 120_000;
const SERVICES = '10.96.0.0/16';

/** What the environment names; undefined where it names none. */
export function peerPrograms(environment: NodeJS.ProcessEnv): PeerPrograms | undefined {
  const { BINNACLE_PEER_APISERVER: apiserver, BINNACLE_PEER_ETCD: etcd = 'etcd' } = environment;
  return apiserver ? { apiserver, etcd } : undefined;
}

interface Files {
  readonly folder: string;
  readonly write: (name: string, text: string) => string;
}

function files(): Files {
  const folder = mkdtempSync(join(tmpdir(), 'bn-peer-'));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  return { folder, write };
}

async function untilReady(raw: RawApi, programs: readonly Program[]): Promise<void> {
  const late = systemClock.now() + START_MILLISECONDS;
  while (systemClock.now() < late) {
    for (const program of programs) program.check();
    const status = await raw.call('/readyz').then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`kube-apiserver is not ready after ${START_MILLISECONDS / 1000} s`);
}

/** Flags besides the usual ones, which may name files that are written for them. */
export type MoreFlags = (write: Files['write']) => readonly string[];

const ORDER = '--authorization-mode=Node,RBAC';

async function apiServerFlags({ write, folder }: Files, authority: TestAuthority, etcd: string, port: number) {
  const server = await authority.issue({ commonName: 'kube-apiserver', hosts: [HOST, 'localhost'] });
  const tokens = await authority.issue({ commonName: 'service-accounts' });
  return [
    `--etcd-servers=${etcd}`,
    `--bind-address=${HOST}`,
    '--advertise-address=192.0.2.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${write('server.crt', server.certificate)}`,
    `--tls-private-key-file=${write('server.key', server.key)}`,
    `--client-ca-file=${write('ca.crt', authority.certificate)}`,
    `--service-account-key-file=${write('tokens.crt', tokens.certificate)}`,
    `--service-account-signing-key-file=${write('tokens.key', tokens.key)}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--cert-dir=${folder}`,
    '--endpoint-reconciler-type=none',
    `--service-cluster-ip-range=${SERVICES}`,
    '--allow-privileged=true',
    '--enable-admission-plugins=NodeRestriction',
    '--max-mutating-requests-inflight=200',
    '--max-requests-inflight=400',
    '--v=0',
  ];
}

/** Starts etcd and kube-apiserver on free ports and waits until they are ready. */
export async function startPeer(programs: PeerPrograms, more: MoreFlags = () => [ORDER]): Promise<PeerServer> {
  const made = files();
  const authority = await TestAuthority.create(systemClock.now());
  const [port, clients, members] = [await freePort(), await freePort(), await freePort()];
  const url = `http://${HOST}:${clients}`;
  const member = `http://${HOST}:${members}`;
  const etcd = new Program(programs.etcd, [
    `--data-dir=${join(made.folder, 'etcd')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${member}`,
    `--initial-advertise-peer-urls=${member}`,
    `--initial-cluster=default=${member}`,
  ]);
  const flags = [...(await apiServerFlags(made, authority, url, port)), ...more(made.write)];
  const apiserver = new Program(programs.apiserver, flags);
  const configFor = async (commonName: string, organizations: readonly string[] = []): Promise<ClientConfig> => {
    const { certificate: cert, key } = await authority.issue({ commonName, organizations });
    return { server: `https://${HOST}:${port}`, ca: authority.certificate, cert, key };
  };
  const admin = await configFor('kubernetes-admin', ['system:masters']);
  const raw = new RawApi(admin);
  const close = async () => {
    raw.close();
    await apiserver.end();
    await etcd.end();
    rmSync(made.folder, { recursive: true, force: true });
  };
  try {
    await untilReady(raw, [etcd, apiserver]);
    const version = String((await raw.call('/version')).json?.gitVersion);
    return { version, admin, configFor, close };
  } catch (error) {
    await close();
    throw error;
  }
}
