import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@binnacle/machinery-context';

/** The command that is put before another so that it runs with less. */
export type Prefix = readonly string[];

export interface Account {
  readonly uid: number;
  readonly gid?: number;
}

/** What is put before the processes of a machine. */
export interface Confinement {
  /** Before one of our own account. */
  readonly own: Prefix;
  /** The same for one that needs fewer of root's powers. */
  keeping(capabilities: readonly string[]): Prefix;
  /** Before one of another account, which it also becomes; undefined where the caller has to see to that. */
  readonly other?: (account: Account) => Prefix;
}

export interface Machine {
  /** Where programs are found. */
  readonly path: string;
  readonly isRoot: boolean;
  /** What of root's powers our own account keeps. */
  readonly capabilities: readonly string[];
  /** The hard limit of open files, and whether a command can be run here: the machine itself is asked if undefined. */
  readonly openFiles?: number;
  readonly works?: (command: Prefix) => Promise<boolean>;
}

const NO_NEW_PRIVILEGES = ['--no-new-privs'];
const PATIENCE_MILLISECONDS = 2000;
/** What a busy API server with thousands of watches needs; more is kept where it is allowed, but for numbers that make programs slow. */
const ENOUGH_FILES = 65_536;
const MOST_FILES = 1_048_576;

function find(program: string, path: string): string | undefined {
  const isThere = (candidate: string): boolean => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return path
    .split(':')
    .map((directory) => join(directory, program))
    .find(isThere);
}

function runs([program = '', ...args]: Prefix): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { timeout: PATIENCE_MILLISECONDS, stdio: 'ignore', cwd: '/' });
    child.once('error', () => resolve(false)).once('exit', (code) => resolve(code === 0));
  });
}

/** Undefined where the system does not tell. */
function hardLimitOfFiles(): number | undefined {
  try {
    const [, hard] = /^Max open files +\S+ +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return hard === 'unlimited' ? MOST_FILES : Number(hard) || undefined;
  } catch {
    return undefined;
  }
}

async function firstThatWorks(wanted: readonly Prefix[], works: (prefix: Prefix) => Promise<boolean>): Promise<Prefix> {
  for (const prefix of wanted) if (await works(prefix)) return prefix;
  return [];
}

/** No core, which would hold every Secret, and as many files as this account may have. */
function limits(prlimit: string, { isRoot, openFiles = hardLimitOfFiles() }: Machine): readonly Prefix[] {
  const noCore = [prlimit, '--core=0:0'];
  const files = [isRoot ? Math.max(openFiles ?? 0, ENOUGH_FILES) : openFiles, openFiles];
  const known = files.filter((number) => number !== undefined).map((number) => Math.min(number, MOST_FILES));
  return [...new Set(known)].map((number) => [...noCore, `--nofile=${number}:${number}`]).concat([noCore]);
}

const BOUNDING_SET = '--bounding-set=';
const keptOf = (capabilities: readonly string[]) =>
  BOUNDING_SET + ['-all', ...capabilities.map((name) => `+${name}`)].join(',');

function powers(setpriv: string, { isRoot, capabilities }: Machine): readonly Prefix[] {
  const few = [setpriv, ...NO_NEW_PRIVILEGES, '--inh-caps=-all', keptOf(capabilities)];
  return isRoot ? [few, [setpriv, ...NO_NEW_PRIVILEGES]] : [[setpriv, ...NO_NEW_PRIVILEGES]];
}

const asAnother = (setpriv: string, { uid, gid = uid }: Account): Prefix => [
  setpriv,
  ...NO_NEW_PRIVILEGES,
  '--inh-caps=-all',
  keptOf([]),
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--clear-groups',
];

/**
 * What is put before every process, so that it can gain nothing, has of root's powers only those it needs, leaves no core and
 * may open files enough: as systemd's NoNewPrivileges, CapabilityBoundingSet, LimitCORE and LimitNOFILE. Each part is empty
 * where the machine does not allow it, which is said once.
 */
export async function confinement(logger: Logger, machine: Machine): Promise<Confinement> {
  const { path, isRoot, works = runs } = machine;
  const [setpriv, prlimit] = ['setpriv', 'prlimit'].map((program) => find(program, path));
  const runsNode = (prefix: Prefix) => works([...prefix, process.execPath, '--version']);
  const runsShell = (prefix: Prefix) => works([...prefix, '/bin/sh', '-c', ':']);
  const nobody = setpriv && isRoot ? [asAnother(setpriv, { uid: 65_534 })] : [];
  const [limit, power, other] = await Promise.all([
    firstThatWorks(prlimit ? limits(prlimit, machine) : [], runsShell),
    firstThatWorks(setpriv ? powers(setpriv, machine) : [], runsNode),
    firstThatWorks(nobody, runsShell),
  ]);
  const missing = [...(limit.length ? [] : ['prlimit']), ...(power.length ? [] : ['setpriv'])];
  if (missing.length > 0)
    logger.info(
      `processes keep what this account has: no ${missing.join(' and no ')} (util-linux) that could limit it`,
    );
  const own = [...limit, ...power];
  return {
    own,
    keeping: (capabilities) => own.map((word) => (word.startsWith(BOUNDING_SET) ? keptOf(capabilities) : word)),
    ...(other.length > 0 && setpriv && { other: (account: Account) => [...limit, ...asAnother(setpriv, account)] }),
  };
}
