import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@binnacle/process-config';
import { requireOwnDataDir } from '../data-dir/inspect.js';
import { type DataDir, layout } from '../data-dir/layout.js';
import { writePrivate } from '../data-dir/write-file.js';
import { createSigningKey } from '../pki/authority.js';

export interface RotateFlags {
  readonly dataDir: string;
  /** Whether what older keys signed is refused at once. */
  readonly revokeOld?: boolean;
}

/** The longest that a token holds, which nobody asked for otherwise, and some days more. */
const LONGEST_TOKEN = 372 * 24 * 3_600_000;
const MOST_KEYS = 16;
const BLOCK = /(?:# replaced (\S+)\n)?(-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----)\n?/g;

interface OldKey {
  readonly pem: string;
  /** When another began to sign, milliseconds since the epoch; undefined for the one that signs. */
  readonly replaced: number | undefined;
}

function oldKeys(text: string): OldKey[] {
  return [...text.matchAll(BLOCK)].map(([, at, pem = '']) => ({ pem, replaced: at ? Date.parse(at) : undefined }));
}

const publicHalf = (pem: string): string =>
  createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString().trim();

/** The public keys beside a new one: the one that signed until now, and older ones while their tokens may still hold. */
export function keptKeys(text: string, signing: string, now: number): string {
  const current = publicHalf(signing);
  const known = oldKeys(text).filter(({ pem }) => publicHalf(pem) !== current);
  const all = [{ pem: current, replaced: now }, ...known.map((key) => ({ ...key, replaced: key.replaced ?? now }))];
  const kept = all.filter(({ replaced }) => replaced + LONGEST_TOKEN > now).slice(0, MOST_KEYS);
  return kept.map(({ pem, replaced }) => `# replaced ${new Date(replaced).toISOString()}\n${pem}\n`).join('');
}

function read(dir: DataDir, name: string): string {
  try {
    return readFileSync(join(dir.pki, name), 'utf8');
  } catch (error) {
    throw new ConfigError(`there is no ${name} in ${dir.pki}; run "binnacle up" first`, { cause: error });
  }
}

/**
 * Makes another key that signs tokens of service accounts. Servers read the files anew by themselves: tokens of the old key hold to
 * their end unless that is revoked. `now` is milliseconds since the epoch. Rejects with ConfigError where there is no cluster.
 */
export async function rotateServiceAccountKey({ dataDir, revokeOld = false }: RotateFlags, now: number): Promise<void> {
  const dir = requireOwnDataDir(layout(dataDir));
  const [signing, known] = [read(dir, 'sa.key'), read(dir, 'sa.pub')];
  const { publicKey, privateKey } = await createSigningKey();
  // The public half first: who reads between the two knows both keys, and signs with the old one.
  const old = revokeOld ? '' : keptKeys(known, signing, now);
  writePrivate(join(dir.pki, 'sa.pub'), `${publicKey.trim()}\n${old}`);
  writePrivate(join(dir.pki, 'sa.key'), privateKey);
  const what = revokeOld
    ? 'Tokens of older keys are refused from now on; Pods get others when theirs would be renewed.'
    : 'Tokens of older keys hold to their end.';
  process.stdout.write(`A new key signs tokens of service accounts within half a minute. ${what}\n`);
}
