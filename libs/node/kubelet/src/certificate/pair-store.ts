import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isPair, type KeyPair, newKey } from './key-pair.js';

const OWNERS_ONLY = 0o600;
const BLOCK = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g;

/** Whole or not at all, and for its owner alone from the first byte. */
export function writePrivate(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.next`;
  rmSync(next, { force: true });
  const file = openSync(next, 'wx', OWNERS_ONLY);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function pairIn(text: string): KeyPair {
  const blocks = [...text.matchAll(BLOCK)].map(([block, type = '']) => ({ block: `${block}\n`, type }));
  const of = (isWanted: (type: string) => boolean) =>
    blocks.filter(({ type }) => isWanted(type)).map(({ block }) => block);
  return {
    certificate: of((type) => type === 'CERTIFICATE').join(''),
    key: of((type) => type.endsWith('PRIVATE KEY')).join(''),
  };
}

/**
 * One certificate and its key in a file that both are read from, `<name>-current.pem`, and beside it the key of the one that is
 * asked for. Behaves as kubernetes client-go util/certificate certificate_store.go.
 */
export class PairStore {
  readonly path: string;
  private readonly pending: string;

  constructor(directory: string, name: string) {
    this.path = join(directory, `${name}-current.pem`);
    this.pending = join(directory, `${name}.key.tmp`);
  }

  /** Undefined where there is none, or what is there is no pair. Throws where it cannot be read. */
  current(): KeyPair | undefined {
    const pair = pairIn(read(this.path) ?? '');
    return isPair(pair) ? pair : undefined;
  }

  keep(pair: KeyPair): void {
    writePrivate(this.path, `${pair.certificate.trim()}\n${pair.key}`);
    this.forgetPending();
  }

  /** The key that a certificate is asked for, the same until one is kept. */
  pendingKey(): string {
    const known = pairIn(read(this.pending) ?? '').key;
    if (known) return known;
    const key = newKey();
    writePrivate(this.pending, key);
    return key;
  }

  forgetPending(): void {
    rmSync(this.pending, { force: true });
  }
}
