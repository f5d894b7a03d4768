import { existsSync } from 'node:fs';
import { createKubeClient, type KubeClient, loadKubeconfigFile, TransportError } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { StatusError } from '@binnacle/machinery-meta';
import { ConfigError } from '@binnacle/process-config';
import { requireOwnDataDir } from '../data-dir/inspect.js';
import { layout } from '../data-dir/layout.js';

interface Answer {
  readonly message?: string;
}

export const say = (text: string) => process.stdout.write(`${text}\n`);

/** Does something as the administrator of a running installation; what the server refuses is said in its words. */
export async function asAdmin<T>(
  root: string,
  userAgent: string,
  work: (client: KubeClient) => Promise<T>,
): Promise<T> {
  const file = requireOwnDataDir(layout(root)).adminKubeconfig;
  if (!existsSync(file)) throw new ConfigError(`there is no kubeconfig at ${file}; run "binnacle up" first`);
  const client = createKubeClient({ ...loadKubeconfigFile(file), userAgent });
  try {
    return await work(client);
  } catch (error) {
    if (error instanceof StatusError) throw new ConfigError(error.message, { cause: error });
    if (!(error instanceof TransportError)) throw error;
    throw new ConfigError(`the API server does not answer; start it with "binnacle up"`, { cause: error });
  } finally {
    await client.close();
  }
}

/** The JSON of an answer; throws ConfigError with the server's words where it refuses. */
export async function ask(
  ctx: Context,
  client: KubeClient,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await client.raw(ctx, method, path, body && JSON.stringify(body));
  const value: unknown = JSON.parse(answer.body);
  if (answer.status >= 300) throw new ConfigError((value as Answer).message ?? `the server answered ${answer.status}`);
  return value;
}
