import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { ContainerConfig, ContainerState, PodSandboxConfig, PodSandboxState } from '@binnacle/node-cri';
import { DiskReserve } from './disk-reserve.js';
import type { ProcessIdentity } from './process-identity.js';

export interface SandboxRecord {
  readonly id: string;
  readonly config: PodSandboxConfig;
  /** As its manifest says. */
  pod?: Pod;
  readonly createdAt: number;
  state: PodSandboxState;
}

export interface ContainerRecord {
  readonly id: string;
  readonly sandboxId: string;
  /** Where the sandbox's own record is lost, it is made again from this. */
  readonly sandbox?: SandboxRecord;
  readonly config: ContainerConfig;
  /** Absolute. */
  readonly logPath: string;
  readonly createdAt: number;
  state: ContainerState;
  /** Written before the process is made, so that one made just before a crash is looked for. */
  starting?: boolean;
  process?: ProcessIdentity;
  startedAt?: number;
  finishedAt?: number;
  exitCode?: number;
  reason?: string;
  message?: string;
}

const RECORD = 'record.json';
const DAMAGED = 'damaged';
type Kind = 'sandboxes' | 'containers';

/**
 * What this runtime has made, one directory each, so that a new run finds what an old one left. Writes are synchronous:
 * nothing may happen between making a process and writing it down.
 */
export class StateDirectory {
  private readonly reserve: DiskReserve;

  constructor(readonly root: string) {
    for (const kind of ['sandboxes', 'containers']) mkdirSync(join(root, kind), { recursive: true, mode: 0o700 });
    this.reserve = new DiskReserve(join(root, 'reserve'));
  }

  saveSandbox(record: SandboxRecord): void {
    this.save('sandboxes', record);
  }

  saveContainer(record: ContainerRecord): void {
    this.save('containers', record);
  }

  loadSandboxes(): SandboxRecord[] {
    return this.load<SandboxRecord>('sandboxes', isSandbox);
  }

  /** Calls back with the ids of those whose records are damaged. */
  loadContainers(damaged: (id: string) => void): ContainerRecord[] {
    return this.load<ContainerRecord>('containers', isContainer, damaged);
  }

  removeSandbox(id: string): void {
    rmSync(join(this.root, 'sandboxes', id), { recursive: true, force: true });
  }

  removeContainer(id: string): void {
    rmSync(this.containerDirectory(id), { recursive: true, force: true });
  }

  containerDirectory(id: string): string {
    return join(this.root, 'containers', id);
  }

  private save(kind: Kind, record: { readonly id: string }): void {
    this.reserve.use(() => {
      const directory = join(this.root, kind, record.id);
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeDurably(join(directory, `${RECORD}.new`), JSON.stringify(record));
      renameSync(join(directory, `${RECORD}.new`), join(directory, RECORD));
    });
  }

  private load<T>(kind: Kind, isWhole: (value: unknown) => boolean, damaged?: (id: string) => void): T[] {
    return readdirSync(join(this.root, kind)).flatMap((id) => {
      const record = readRecord(join(this.root, kind, id, RECORD));
      if (isWhole(record)) return [record as T];
      damaged?.(id);
      this.setAside(kind, id);
      return [];
    });
  }

  /** A directory without a whole record: its making was cut short, or the disk lost it. Kept for whoever wants to look. */
  private setAside(kind: Kind, id: string): void {
    mkdirSync(join(this.root, DAMAGED), { recursive: true, mode: 0o700 });
    renameSync(join(this.root, kind, id), join(this.root, DAMAGED, `${kind}-${id}`));
  }
}

function readRecord(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isSandbox(value: unknown): boolean {
  return isObject(value) && typeof value['id'] === 'string' && isObject(value['config']);
}

function isContainer(value: unknown): boolean {
  return isSandbox(value) && isObject(value) && typeof value['sandboxId'] === 'string';
}

/** After a loss of power the file holds the whole text or does not exist under its final name. */
function writeDurably(path: string, text: string): void {
  const fd = openSync(path, 'w', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
