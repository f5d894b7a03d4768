import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerConfig, ContainerState, PodSandboxConfig, PodSandboxState } from '@binnacle/node-cri';
import type { ProcessIdentity } from './process-identity.js';

export interface SandboxRecord {
  readonly id: string;
  readonly config: PodSandboxConfig;
  readonly createdAt: number;
  state: PodSandboxState;
}

export interface ContainerRecord {
  readonly id: string;
  readonly sandboxId: string;
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

/**
 * What this runtime has made, one directory each, so that a new run finds what an old one left. Writes are synchronous:
 * nothing may happen between making a process and writing it down.
 */
export class StateDirectory {
  constructor(private readonly root: string) {
    for (const kind of ['sandboxes', 'containers']) mkdirSync(join(root, kind), { recursive: true, mode: 0o700 });
  }

  saveSandbox(record: SandboxRecord): void {
    this.save('sandboxes', record);
  }

  saveContainer(record: ContainerRecord): void {
    this.save('containers', record);
  }

  loadSandboxes(): SandboxRecord[] {
    return this.load<SandboxRecord>('sandboxes');
  }

  loadContainers(): ContainerRecord[] {
    return this.load<ContainerRecord>('containers');
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

  private save(kind: string, record: { readonly id: string }): void {
    const directory = join(this.root, kind, record.id);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(join(directory, `${RECORD}.new`), JSON.stringify(record), { mode: 0o600 });
    renameSync(join(directory, `${RECORD}.new`), join(directory, RECORD));
  }

  private load<T>(kind: string): T[] {
    return readdirSync(join(this.root, kind)).flatMap((id) => {
      try {
        return [JSON.parse(readFileSync(join(this.root, kind, id, RECORD), 'utf8')) as T];
      } catch {
        // A directory without a whole record is one whose making or removal was cut short.
        rmSync(join(this.root, kind, id), { recursive: true, force: true });
        return [];
      }
    });
  }
}
