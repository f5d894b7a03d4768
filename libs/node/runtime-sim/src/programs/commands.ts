import { sleep } from '@binnacle/machinery-context';
import { own } from '@binnacle/machinery-meta';
import type { Process, Program } from './program.js';

/** A command that needs no shell: what it prints and its exit code. */
export type Command = (process: Pick<Process, 'ctx' | 'identity'>, args: readonly string[]) => Promise<CommandResult>;

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr?: string;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of `sleep`'s argument; undefined for what is none. */
export function sleepSeconds(text: string): number | undefined {
  if (text === 'infinity' || text === 'inf') return Number.POSITIVE_INFINITY;
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smhd])?$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS[unit] ?? 1);
}

const NOT_FOUND_EXIT_CODE = 127;
const LONGEST_SLEEP = 2 ** 31 - 1;

async function pause(process: Pick<Process, 'ctx'>, seconds: number): Promise<void> {
  for (let left = seconds * 1000; left > 0; left -= LONGEST_SLEEP)
    await sleep(process.ctx, Math.min(left, LONGEST_SLEEP));
}

const COMMANDS: Readonly<Record<string, Command>> = {
  true: async () => ({ exitCode: 0, stdout: '' }),
  ':': async () => ({ exitCode: 0, stdout: '' }),
  false: async () => ({ exitCode: 1, stdout: '' }),
  exit: async (_, [code]) => ({ exitCode: Number(code ?? 0) & 255, stdout: '' }),
  echo: async (_, args) => ({
    exitCode: 0,
    stdout: args[0] === '-n' ? args.slice(1).join(' ') : `${args.join(' ')}\n`,
  }),
  hostname: async ({ identity }) => ({ exitCode: 0, stdout: `${identity.hostname}\n` }),
  sleep: async (process, args) => {
    const seconds = args.map(sleepSeconds);
    if (seconds.length === 0 || seconds.includes(undefined)) {
      return { exitCode: 1, stdout: '', stderr: `sleep: invalid time interval '${args.join(' ')}'\n` };
    }
    await pause(
      process,
      seconds.reduce<number>((sum, each) => sum + (each ?? 0), 0),
    );
    return { exitCode: 0, stdout: '' };
  },
};

/** The command of that name, if it is one that needs no shell. */
export const plainCommand = (name: string): Command | undefined => own(COMMANDS, name);

export const plainCommandNames: readonly string[] = Object.keys(COMMANDS);

export interface Step {
  readonly words: readonly string[];
  /** Run only after a success. */
  readonly onSuccess: boolean;
}

/** Anything a shell would act on beyond `;`, `&&` and line ends. */
const NEEDS_SHELL = /[$`"'\\|<>(){}*?!#~=[\]]|(?<!&)&(?!&)/;

/** Takes a script apart where it is no more than plain commands in a row; undefined where it needs a shell. */
export function plainSteps(script: string): Step[] | undefined {
  if (NEEDS_SHELL.test(script)) return undefined;
  const steps: Step[] = [];
  for (const line of script.split(/;|\n/)) {
    line.split('&&').forEach((part, index) => {
      const words = part.trim().split(/\s+/).filter(Boolean);
      if (words.length > 0) steps.push({ words, onSuccess: index > 0 });
    });
  }
  const known = steps.every(({ words }) => plainCommand(words[0] ?? ''));
  return steps.length > 0 && known ? steps : undefined;
}

async function runStep(process: Process, [name = '', ...args]: readonly string[]): Promise<number> {
  const command = plainCommand(name);
  if (!command) return NOT_FOUND_EXIT_CODE;
  const { exitCode, stdout, stderr = '' } = await command(process, args);
  if (stdout) process.log('stdout', stdout);
  if (stderr) process.log('stderr', stderr);
  return exitCode;
}

async function runSteps(process: Process, steps: readonly Step[]): Promise<number> {
  let exitCode = 0;
  for (const { words, onSuccess } of steps) {
    if (onSuccess && exitCode !== 0) continue;
    exitCode = await runStep(process, words);
    if (words[0] === 'exit') break;
  }
  return exitCode;
}

/** Runs plain commands one after another and ends with the last one's exit code. */
export const plainCommands =
  (steps: readonly Step[]): Program =>
  async (process) => {
    void runSteps(process, steps).then(
      (exitCode) => process.exit(exitCode),
      () => undefined,
    );
    return undefined;
  };

export const idle: Program = async (process) => ({ signalled: () => process.exit(0) });

export const crash: Program = async (process) => {
  process.log('stdout', 'starting\n');
  process.log('stderr', 'fatal: something went wrong\n');
  process.exit(1);
  return undefined;
};
