import { join } from 'node:path';
import { loadKubeconfigFile } from '@binnacle/client-rest/kubeconfig';
import type { Context } from '@binnacle/machinery-context';
import type { Options } from '@binnacle/process-config';
import { startProgram } from '@binnacle/process-program';
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

await startProgram({ name: PROGRAM, options: optionSpecs, run: main });
