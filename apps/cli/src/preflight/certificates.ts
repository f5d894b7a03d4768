import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DataDir } from '../data-dir/layout.js';
import { RENEWED_BEFORE_MILLISECONDS } from '../pki/authority.js';
import type { Finding } from './finding.js';

interface Ending {
  readonly name: string;
  /** Milliseconds since the epoch; undefined for one that cannot be read. */
  readonly end: number | undefined;
}

/** Tells of the certificates of the control plane that a start at this time would renew, and of an authority that is about to end. */
export function endingCertificates(dir: DataDir, now: number): Finding {
  const isEnding = ({ end }: Ending) => end === undefined || end <= now + RENEWED_BEFORE_MILLISECONDS;
  const ending = certificatesIn(dir.pki).filter(isEnding);
  const authority = ending.find(({ name }) => name === 'ca');
  if (authority) return ofAuthority(join(dir.pki, 'ca.crt'), authority);
  const broken = ending.find(({ end }) => end === undefined);
  if (broken) return `${join(dir.pki, `${broken.name}.crt`)} cannot be read; restart to make it anew`;
  return ending.length === 0 ? undefined : ofLeaves(ending);
}

function certificatesIn(pki: string): Ending[] {
  if (!existsSync(pki)) return [];
  const files = readdirSync(pki).filter((file) => file.endsWith('.crt'));
  return files.sort().map((file) => ({ name: basename(file, '.crt'), end: endOf(join(pki, file)) }));
}

function endOf(file: string): number | undefined {
  try {
    return Date.parse(new X509Certificate(readFileSync(file)).validTo);
  } catch {
    return undefined;
  }
}

function ofAuthority(file: string, { end }: Ending): string {
  if (end === undefined) return `${file} cannot be read; bring it back`;
  return `the authority ${file} ends ${new Date(end).toISOString()}; remove it and ca.key for a new one, and restart`;
}

function ofLeaves(ending: readonly Ending[]): string {
  const first = Math.min(...ending.map(({ end = 0 }) => end));
  const names = ending.map(({ name }) => name).join(', ');
  const [what, verb] = ending.length === 1 ? ['certificate', 'ends'] : ['certificates', 'end'];
  return `the ${what} of ${names} ${verb} ${new Date(first).toISOString()}; restart to renew`;
}
