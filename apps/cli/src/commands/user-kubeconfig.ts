import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseYaml } from '@binnacle/machinery-yaml';
import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from '../data-dir/layout.js';
import { isPair, issue, type KeyPair } from '../pki/authority.js';
import { formatKubeconfig } from '../pki/kubeconfig.js';
import { durationOf } from './duration.js';

/** Whom a certificate is to be for. */
export interface UserFlags {
  readonly user: string;
  readonly group?: readonly string[];
  /** A length of time such as `8h`. */
  readonly ttl?: string;
  /** Whether names of the cluster's own may be given, `system:masters` among them. */
  readonly allowSystem?: boolean;
}

const DAY = 24 * 3_600_000;
const LONGEST_NAME = 256;
const MOST_GROUPS = 64;

const UNUSABLE = /[\u0000-\u001f\u007f]/;

function checkName(flag: string, name: string): void {
  if (name === '' || name.trim() !== name || UNUSABLE.test(name) || Buffer.byteLength(name) > LONGEST_NAME)
    throw new ConfigError(`${flag}: ${JSON.stringify(name)} is no name; give one of 1 to ${LONGEST_NAME} bytes`);
}

/** Names of the cluster's own make nodes, components and administrators. Behaves as kubernetes' CertificateSubjectRestriction and more. */
function checkSystem({ user, group = [], allowSystem = false }: UserFlags): void {
  const own = [user, ...group].find((name) => name.startsWith('system:'));
  if (own === undefined || allowSystem) return;
  const why = own === 'system:masters' ? 'may do everything, and nobody can take that back' : "is the cluster's own";
  throw new ConfigError(`"${own}" ${why}; say --allow-system if that is what you want`);
}

function readAuthority(dir: DataDir): KeyPair {
  try {
    const [certificate, key] = ['ca.crt', 'ca.key'].map((name) => readFileSync(join(dir.pki, name), 'utf8'));
    const pair = { certificate: certificate ?? '', key: key ?? '' };
    if (isPair(pair, pair.certificate)) return pair;
  } catch (error) {
    throw new ConfigError(`the authority in ${dir.pki} cannot be read; run "binnacle up" first`, { cause: error });
  }
  throw new ConfigError(`ca.crt and ca.key in ${dir.pki} do not fit; bring them back`);
}

function lifeOf({ ttl = '24h' }: UserFlags, authority: KeyPair, now: number): number {
  const life = durationOf('--ttl', ttl);
  const left = Date.parse(new X509Certificate(authority.certificate).validTo) - now;
  if (life <= left) return life;
  throw new ConfigError(`--ttl: the authority itself ends in ${Math.floor(left / DAY)} days`);
}

const serverOf = (admin: string): string => {
  const config = parseYaml(admin).value as { clusters: readonly { cluster: { server: string } }[] };
  return config.clusters[0]?.cluster.server ?? '';
};

/**
 * A kubeconfig with a new certificate of the authority, which says who somebody is until it ends: it cannot be taken back. `admin` is
 * the administrator's kubeconfig, `now` milliseconds since the epoch. Throws ConfigError for whom none is made.
 */
export async function userKubeconfig(dir: DataDir, flags: UserFlags, admin: string, now: number): Promise<string> {
  const { user, group = [] } = flags;
  checkName('--user', user);
  for (const name of group) checkName('--group', name);
  if (group.length > MOST_GROUPS) throw new ConfigError(`--group: a certificate holds at most ${MOST_GROUPS} groups`);
  checkSystem(flags);
  const authority = readAuthority(dir);
  const life = lifeOf(flags, authority, now);
  const pair = await issue(authority, { commonName: user, organizations: group }, now, life);
  return formatKubeconfig({ server: serverOf(admin), authority: authority.certificate, user, pair });
}
