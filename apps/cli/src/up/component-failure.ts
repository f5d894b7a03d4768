import { explain, mayPass } from '../postgres/diagnosis.js';

/** What the kubelet knows of a component's container. */
export interface ContainerFacts {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  /** How it ended last; `at` in milliseconds since the epoch. */
  readonly ended?: {
    readonly exitCode?: number;
    readonly reason?: string;
    readonly message?: string;
    readonly at: number;
  };
}

/** How a log marks what will not get better by itself, such as a database of a newer schema. */
const FATAL_MARK = '"fatal":true';
/** A process that could not even be started. */
const NOT_STARTED = ['RunContainerError', 'CreateContainerError', 'CreateContainerConfigError', 'StartError'];
const KILLED = 137;
const ABORTED = 134;
const LAST_LINES = 400;

/** What system errors in a component's words mean, and what helps. */
const MENDS: ReadonlyArray<readonly [pattern: RegExp, mend: string]> = [
  [/EADDRINUSE|address already in use/, 'stop what uses that address, or choose other ports with --port-offset'],
  [/ENOSPC|No space left/, 'free space on the disk'],
  [/EMFILE|ENFILE|too many open files/i, 'raise the limit of open files: ulimit -n 4096'],
  [/ENOMEM|heap out of memory|Cannot allocate memory/, 'give more memory, or stop what uses it'],
  [/EAGAIN|Resource temporarily unavailable/, 'raise the limit of processes: ulimit -u 4096'],
  [/EACCES|EPERM|[Pp]ermission denied/, 'let this account read, write and run it'],
  [/ENOENT|MODULE_NOT_FOUND|Cannot find (module|package)/, 'build again: node tools/build.mjs'],
  [/EROFS|Read-only file system/, 'mount the file system for writing, or choose another --data-dir'],
];

interface LogEntry {
  readonly level?: string;
  readonly msg?: string;
  readonly error?: { readonly message?: string } | string;
}

/** The sentence in a line of a component's structured log; undefined where it is none of an error. */
function errorIn(line: string): string | undefined {
  try {
    const { level, msg = '', error } = JSON.parse(line.slice(line.indexOf('{'))) as LogEntry;
    if (level !== 'error' && level !== 'fatal') return undefined;
    const cause = typeof error === 'string' ? error : error?.message;
    return cause && !msg.includes(cause) ? `${msg}: ${cause}` : msg;
  } catch {
    return undefined;
  }
}

const CRI_PREFIX = /^\S+ (?:stdout|stderr) [FP] /;
const STACK = /^\s+at |^\s*$|^Node\.js v|^\s*\^|^node:|^\s*[{}]/;

/** The last error a component told, else its last line that is none of a stack. */
export function lastWords(log: string): string | undefined {
  const lines = log
    .split('\n')
    .slice(-LAST_LINES)
    .map((line) => line.replace(CRI_PREFIX, ''));
  const errors = lines.map(errorIn).filter((words) => words !== undefined);
  const uncaught = lines.findLast((line) => /^\w*Error\b.*: /.test(line));
  return errors.at(-1) ?? uncaught ?? lines.findLast((line) => !STACK.test(line) && !line.includes('"level"'));
}

/** Adds what helps, where the words are of something known. */
export function withMend(words: string): string {
  const mend = MENDS.find(([pattern]) => pattern.test(words))?.[1];
  return mend ? `${words}; ${mend}` : words;
}

type Ended = NonNullable<ContainerFacts['ended']>;

function howItEnded(name: string, { exitCode, message }: Ended, log: string): string {
  if (exitCode === KILLED || exitCode === ABORTED)
    return `${name} was killed (exit code ${exitCode}), as happens for want of memory; give more memory, or stop what uses it`;
  const words = lastWords(log) ?? message;
  return words
    ? `${name} ended: ${withMend(words)}`
    : `${name} ended with exit code ${exitCode ?? 'unknown'} and said nothing`;
}

export interface Attempt {
  readonly name: string;
  readonly facts: ContainerFacts | undefined;
  readonly log: string;
  /** When this start began, in milliseconds since the epoch: what happened before is not its fault. */
  readonly since: number;
}

function fatalWords(log: string): string | undefined {
  const fatal = log.split('\n').find((line) => line.includes(FATAL_MARK));
  return fatal && (errorIn(fatal) ?? fatal);
}

function whyNotStarted(name: string, waiting: ContainerFacts['waiting']): string | undefined {
  const { reason = '', message = reason } = waiting ?? {};
  return NOT_STARTED.includes(reason) ? `${name} cannot be started: ${withMend(message)}` : undefined;
}

/** What a runtime says of an end that came while it did not run. */
const UNSEEN = 'Unknown';

function whyPostgresEnded(ended: Ended, log: string, again: boolean, toRestore: string): string | undefined {
  // What it says is grave will be so the next time; else it may only have come too early, as the others may.
  const grave = explain(log, toRestore);
  if (!again && (grave === undefined || mayPass(log))) return undefined;
  return `Postgres does not start: ${grave ?? howItEnded('postgres', ended, log)}`;
}

function whyEnded({ name, facts, log, since }: Attempt, toRestore: string): string | undefined {
  const { waiting, ended } = facts ?? {};
  // An end that nobody saw was before this kubelet, whenever it is thought to have been.
  if (!ended || ended.at < since || ended.reason === UNSEEN) return undefined;
  const again = waiting?.reason === 'CrashLoopBackOff';
  if (name === 'postgres') return whyPostgresEnded(ended, log, again, toRestore);
  return again ? howItEnded(name, ended, log) : undefined;
}

/** Why a component will not come up, in one sentence with the mend; undefined while it still may. */
export function whyHopeless(attempt: Attempt, toRestore: string): string | undefined {
  const { name, facts, log } = attempt;
  return fatalWords(log) ?? whyNotStarted(name, facts?.waiting) ?? whyEnded(attempt, toRestore);
}
