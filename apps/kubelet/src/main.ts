import { createKubeClient, loadKubeconfigFile } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ConfigError, describeOptions, readOptions } from '@binnacle/process-config';
import { runProgram } from '@binnacle/process-lifecycle';
import { createLogger } from '@binnacle/process-telemetry';
import { optionSpecs, PROGRAM } from './options.js';
import { type KubeletFlags, runMachine } from './run-machine.js';
import { runSimulated } from './run-simulated.js';

const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

async function main(ctx: Context, flags: KubeletFlags): Promise<void> {
  const client = createKubeClient({ ...loadKubeconfigFile(flags.kubeconfig), userAgent: PROGRAM });
  if (flags.runtime === 'process') return await runMachine(ctx, client, flags, process.env.PATH ?? DEFAULT_PATH);
  if (flags.runtime === 'sim') return await runSimulated(ctx, client, flags);
  throw new ConfigError(`--runtime must be process or sim, not "${flags.runtime}"`);
}

const argv = process.argv.slice(2);
if (argv.includes('--help')) process.stdout.write(describeOptions(PROGRAM, optionSpecs));
else await runProgram(createLogger(PROGRAM), (ctx) => main(ctx, readOptions(optionSpecs, argv, process.env)));
