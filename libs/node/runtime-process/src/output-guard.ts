import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Prefix } from '@binnacle/process-lifecycle';
import { isAlive, type ProcessIdentity, startTimeOf } from './process-identity.js';

export interface GuardLimits {
  readonly kibibytes: number;
  readonly everySeconds: number;
}

/** Well above what a living runtime lets pile up. */
const LIMITS: GuardLimits = { kibibytes: 64 * 1024, everySeconds: 30 };

/**
 * Empties what grew beyond the limit, and ends when none of the containers' processes lives. Shell, not Node: it costs a
 * megabyte, and it has to outlive the runtime.
 */
const SCRIPT = `
while sleep "$3"; do
  alive=
  for pid in "$1"/*/pid; do
    [ -f "$pid" ] && read -r number < "$pid" && kill -0 "$number" 2>/dev/null && alive=1
  done
  [ -n "$alive" ] || exit 0
  du -k "$1"/*/*.raw 2>/dev/null | while read -r size path; do
    [ "$size" -le "$2" ] || : > "$path"
  done
done`;

/** Keeps the output of containers short while no runtime lives to read it: a small process of its own. */
export class OutputGuard {
  private readonly record: string;
  private identity: ProcessIdentity | undefined;

  constructor(
    root: string,
    private readonly containers: string,
    private readonly confinement: Prefix = [],
    private readonly limits = LIMITS,
  ) {
    this.record = join(root, 'output-guard.json');
    this.identity = readIdentity(this.record);
  }

  /** A guard that cannot be started costs nothing but the limit. */
  ensure(): void {
    if (this.identity && isAlive(this.identity)) return;
    const { kibibytes, everySeconds } = this.limits;
    const args = ['-c', SCRIPT, 'binnacle-output-guard', this.containers, String(kibibytes), String(everySeconds)];
    const [program = '', ...words] = [...this.confinement, '/bin/sh', ...args];
    const child = spawn(program, words, { cwd: '/', detached: true, stdio: 'ignore', env: { PATH: '/usr/bin:/bin' } });
    child.once('error', () => undefined).unref();
    if (child.pid === undefined) return;
    this.identity = { pid: child.pid, startTime: startTimeOf(child.pid) ?? 'ended' };
    try {
      writeFileSync(this.record, JSON.stringify(this.identity), { mode: 0o600 });
    } catch {
      // The disk is full: a later run starts one more, and both end with the containers.
    }
  }

  /** Nothing is left to guard. */
  end(): void {
    if (!this.identity || !isAlive(this.identity)) return;
    try {
      process.kill(-this.identity.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

function readIdentity(path: string): ProcessIdentity | undefined {
  try {
    const { pid, startTime } = JSON.parse(readFileSync(path, 'utf8')) as Partial<ProcessIdentity>;
    return typeof pid === 'number' && pid > 1 && typeof startTime === 'string' ? { pid, startTime } : undefined;
  } catch {
    return undefined;
  }
}
