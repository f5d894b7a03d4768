import { once } from 'node:events';
import type { Context } from '@binnacle/machinery-context';
import { composeApiServer, runApiServer } from '@binnacle/server-http';
import { graphqlModule } from './graphql.js';
import { openStorage } from './open-storage.js';
import type { ApiServerSettings } from './options.js';

/** Serves the API until the context aborts, then closes the port and the store. */
export async function serve(
  ctx: Context,
  settings: ApiServerSettings,
  readFile: (path: string) => string,
): Promise<void> {
  const storage = await openStorage(ctx, settings);
  const tls = {
    cert: readFile(settings['tls-cert-file']),
    key: readFile(settings['tls-private-key-file']),
    clientCa: readFile(settings['client-ca-file']),
  };
  const host = settings['bind-address'];
  const config = { storage, host, port: settings['secure-port'], tls };
  const parts = composeApiServer(ctx, config);
  const running = await runApiServer(ctx, config, parts, [graphqlModule(ctx, parts)]);
  ctx.logger.info('serving', { host, port: running.port });
  if (!ctx.signal.aborted) await once(ctx.signal, 'abort');
  await running.close();
  await storage.close();
}
