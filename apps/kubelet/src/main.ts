import { createKubeClient, loadKubeconfigFile } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { impatient } from '@binnacle/node-kubelet';
import { ConfigError, describeOptions, readOptions } from '@binnacle/process-config';
import { runProgram } from '@binnacle/process-lifecycle';
import { createLogger, type LogLevel } from '@binnacle/process-telemetry';
import { optionSpecs, PROGRAM } from './options.js';
import { type KubeletFlags, runMachine } from './run-machine.js';
import { runSimulated } from './run-simulated.js';

const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

async function main(ctx: Context, flags: KubeletFlags): Promise<void> {
  const client = impatient(createKubeClient({ ...loadKubeconfigFile(flags.kubeconfig), userAgent: PROGRAM }));
  if (flags.runtime === 'process') return await runMachine(ctx, client, flags, process.env.PATH ?? DEFAULT_PATH);
  if (flags.runtime === 'sim') return await runSimulated(ctx, client, flags);
  throw new ConfigError(`--runtime must be process or sim, not "${flags.runtime}"`);
}

/** Ends with one sentence where the flags are wrong. */
function refuse(error: unknown): void {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

const argv = process.argv.slice(2);
const levels: Readonly<Record<string, LogLevel>> = { debug: 'debug', info: 'info', warn: 'warn', error: 'error' };

async function run(): Promise<void> {
  const flags = readOptions(optionSpecs, argv, process.env);
  await runProgram(createLogger(PROGRAM, levels[flags['log-level']]), (ctx) => main(ctx, flags));
}

if (argv.includes('--help')) process.stdout.write(describeOptions(PROGRAM, optionSpecs));
else await run().catch(refuse);
