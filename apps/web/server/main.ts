import { join } from 'node:path';
import { loadKubeconfigFile } from '@binnacle/client-rest/kubeconfig';
import type { Context } from '@binnacle/machinery-context';
import { describeOptions, type Options, readOptions } from '@binnacle/process-config';
import { runProgram } from '@binnacle/process-lifecycle';
import { createLogger } from '@binnacle/process-telemetry';
import { ApiProxy } from './api-proxy.js';
import { runFrontDoor } from './front-door.js';
import { optionSpecs, PROGRAM } from './options.js';
import { createPages } from './pages.js';

// This file is built into apps/web/dist/server.
const appFolder = join(import.meta.dirname, '..', '..');

async function main(ctx: Context, options: Options<typeof optionSpecs>): Promise<void> {
  const api = new ApiProxy(loadKubeconfigFile(options.kubeconfig), ctx.logger);
  const address = { host: options['bind-address'], port: options.port };
  await runFrontDoor(ctx, api, createPages(appFolder), address, (port) =>
    ctx.logger.info('serving', { url: `http://${options['bind-address']}:${port}` }),
  );
}

const argv = process.argv.slice(2);
if (argv.includes('--help')) process.stdout.write(describeOptions(PROGRAM, optionSpecs));
else await runProgram(createLogger(PROGRAM), (ctx) => main(ctx, readOptions(optionSpecs, argv, process.env)));
