import { type Context, silentLogger } from '@binnacle/machinery-context';
import {
  ConfigError,
  describeOptions,
  type Environment,
  type OptionSpecs,
  type Options,
  readOptions,
} from '@binnacle/process-config';
import { type Manner, runProgram } from '@binnacle/process-lifecycle';
import { createLogger, type LogLevel } from '@binnacle/process-telemetry';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** What every program takes beside its own flags. */
const commonOptions = {
  'log-level': { type: 'string', description: 'debug, info, warn or error', default: 'info' },
} as const satisfies OptionSpecs;

/** A program of this house: what it is called, what it takes and what it does until its context aborts. */
export interface ProgramSpec<S extends OptionSpecs> {
  readonly name: string;
  readonly options: S;
  readonly run: (ctx: Context, settings: Options<S>) => Promise<void>;
}

/** A program for people: its first words say what it does, it logs nothing, and it is patient. */
export interface CommandsSpec extends Pick<Manner, 'failureOf'> {
  readonly name: string;
  /** Reads the command line, and does what it says until that is done or the context aborts. */
  readonly commands: (ctx: Context, argv: readonly string[]) => Promise<void>;
}

/** How a program begins: with its settings, or by saying something and ending with that code. */
export type Beginning<S extends OptionSpecs> =
  | { readonly settings: Options<S>; readonly level: LogLevel }
  | { readonly say: string; readonly to: 'stdout' | 'stderr'; readonly exitCode: number };

function levelOf(text: string): LogLevel {
  const level = LEVELS.find((known) => known === text);
  if (!level) throw new ConfigError(`--log-level must be one of ${LEVELS.join(', ')}, not "${text}"`);
  return level;
}

/** Reads a command line: `--help` is answered, and what is wrong with it is told in one sentence. */
export function beginning<S extends OptionSpecs>(
  { name, options }: Pick<ProgramSpec<S>, 'name' | 'options'>,
  argv: readonly string[],
  env: Environment,
): Beginning<S> {
  const specs = { ...options, ...commonOptions };
  if (argv.includes('--help')) return { say: describeOptions(name, specs), to: 'stdout', exitCode: 0 };
  try {
    const settings = readOptions(specs, argv, env);
    return { settings: settings as Options<S>, level: levelOf(String(settings['log-level'])) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { say: `${error.message}\n`, to: 'stderr', exitCode: 2 };
  }
}

function startCommands({ commands, failureOf }: CommandsSpec, argv: readonly string[]): Promise<void> {
  return runProgram(silentLogger, (ctx) => commands(ctx, argv), { failureOf, isPatient: true });
}

/** Starts a program of the one shape there is: flags or environment, `--help`, signals, logs and exit codes. */
export async function startProgram<const S extends OptionSpecs>(
  spec: ProgramSpec<S> | CommandsSpec,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> {
  if ('commands' in spec) return startCommands(spec, argv);
  const begun = beginning(spec, argv, process.env);
  if ('settings' in begun) {
    return await runProgram(createLogger(spec.name, begun.level), (ctx) => spec.run(ctx, begun.settings));
  }
  process[begun.to].write(begun.say);
  process.exitCode = begun.exitCode;
}
