import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { Finding } from './finding.js';

const MIB = 1024 ** 2;
/** What a cluster with some Pods holds at rest is about 360 MiB; starting takes more for a moment. */
const LEAST_MEMORY = 640 * MIB;
const LEAST_AVAILABLE = 320 * MIB;
const LEAST_FILES = 512;
const LEAST_PROCESSES = 256;
const OLDEST_NODE = [20, 19] as const;

/** The facts of this machine that a start depends on. Numbers that cannot be known are Infinity. */
export interface MachineFacts {
  readonly node: string;
  /** Bytes this process and its children may use at all. */
  readonly memory: number;
  /** Bytes that are free or can be made free. */
  readonly available: number;
  /** Open files a process may have, and processes of this account. */
  readonly files: number;
  readonly processes: number;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const numberIn = (text: string, pattern: RegExp): number => {
  const [, found] = pattern.exec(text) ?? [];
  return found === undefined ? Number.POSITIVE_INFINITY : Number(found);
};

/** The tightest of the machine's memory and the control group's limit. */
function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  return Math.min(totalmem(), constrained && constrained > 0 ? constrained : Number.POSITIVE_INFINITY);
}

export function machineFacts(): MachineFacts {
  const limits = read('/proc/self/limits');
  return {
    node: process.versions.node,
    memory: memoryLimit(),
    available: numberIn(read('/proc/meminfo'), /^MemAvailable: +(\d+) kB/m) * 1024,
    // Node raises the soft limit to the hard one, and what it starts inherits that.
    files: numberIn(limits, /^Max open files +\d+ +(\d+)/m),
    processes: process.getuid?.() === 0 ? Number.POSITIVE_INFINITY : numberIn(limits, /^Max processes +\d+ +(\d+)/m),
  };
}

const mebibytes = (bytes: number) => `${Math.floor(bytes / MIB)} MiB`;

export function nodeVersion({ node }: MachineFacts): Finding {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const recent = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return recent
    ? undefined
    : `Node.js ${node} is too old; install ${OLDEST_NODE.join('.')} or newer (https://nodejs.org)`;
}

export function memory({ memory: limit, available }: MachineFacts): Finding {
  if (limit < LEAST_MEMORY)
    return `there are ${mebibytes(limit)} of memory here, and a cluster needs ${mebibytes(LEAST_MEMORY)}; give the machine or the container more`;
  if (available < LEAST_AVAILABLE)
    return `only ${mebibytes(available)} of memory are available, and a start needs ${mebibytes(LEAST_AVAILABLE)}; stop what uses it, or add swap`;
  return undefined;
}

export function openFiles({ files }: MachineFacts): Finding {
  return files < LEAST_FILES
    ? `a process may have only ${files} open files here, and ${LEAST_FILES} are needed; raise the limit: ulimit -n 4096 (LimitNOFILE= in a systemd unit)`
    : undefined;
}

export function processes({ processes: most }: MachineFacts): Finding {
  return most < LEAST_PROCESSES
    ? `this account may have only ${most} processes and threads, and ${LEAST_PROCESSES} are needed; raise the limit: ulimit -u 4096`
    : undefined;
}
