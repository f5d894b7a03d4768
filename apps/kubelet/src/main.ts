import type { Context } from '@binnacle/machinery-context';
import { setOomScore } from '@binnacle/node-runtime-process';
import { ConfigError } from '@binnacle/process-config';
import { startProgram } from '@binnacle/process-program';
import { optionSpecs, PROGRAM } from './options.js';
import { connect } from './own-certificates.js';
import { type KubeletFlags, runMachine } from './run-machine.js';
import { runSimulated } from './run-simulated.js';

/** Behaves as kubernetes pkg/kubelet/qos KubeletOOMScoreAdj. */
const OOM_SCORE = -999;
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

async function main(ctx: Context, flags: KubeletFlags): Promise<void> {
  // What is made here, and by what is started here, is nobody else's to read.
  process.umask(0o077);
  const client = await connect(ctx, flags);
  if (flags.runtime === 'process') {
    setOomScore('self', OOM_SCORE);
    return await runMachine(ctx, client, flags, process.env.PATH ?? DEFAULT_PATH);
  }
  if (flags.runtime === 'sim') return await runSimulated(ctx, client, flags);
  throw new ConfigError(`--runtime must be process or sim, not "${flags.runtime}"`);
}

await startProgram({ name: PROGRAM, options: optionSpecs, run: main });
