import { once } from 'node:events';
import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { createMetrics } from '@binnacle/process-telemetry';
import { type ApiServerConfig, composeApiServer, proxyAddresses, runApiServer } from '@binnacle/server-http';
import { fixedResourceSets, indexedFields } from '@binnacle/server-registry';
import { CachedStorage, reportCache, WatchCache } from '@binnacle/server-watch-cache';
import { admissionOf } from './admission.js';
import { auditorOf } from './audit.js';
import { authenticationOf } from './authentication/authentication.js';
import { authorizationOf } from './authorization/authorization.js';
import { followServiceAccountKeys } from './authentication/service-account-keys.js';
import { encrypted } from './encryption.js';
import { graphqlModule } from './graphql.js';
import { liveModule } from './live.js';
import { openStorage } from './open-storage.js';
import type { ApiServerSettings } from './options.js';
import { openSignIn } from './sign-in.js';

/** What the server shows kubelets, where it was given something. */
function kubeletClientOf(
  settings: ApiServerSettings,
  readFile: (path: string) => string,
): Pick<ApiServerConfig, 'kubeletClient'> {
  const cert = settings['kubelet-client-certificate'];
  const key = settings['kubelet-client-key'];
  const ca = settings['client-ca-file'];
  return cert && key ? { kubeletClient: { cert: readFile(cert), key: readFile(key), ca: readFile(ca) } } : {};
}

/** @throws ConfigError */
function proxiesOf({ 'kube-proxy-endpoints': text }: ApiServerSettings): Pick<ApiServerConfig, 'proxies'> {
  try {
    return { proxies: proxyAddresses(text) };
  } catch (error) {
    throw new ConfigError(`--kube-proxy-endpoints: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws ConfigError */
function publicUrls({ 'public-url': text }: ApiServerSettings): string[] {
  const urls = text.split(',').filter(Boolean);
  const wrong = urls.find((url) => !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol));
  if (wrong === undefined) return urls;
  throw new ConfigError(`--public-url: "${wrong}" is no address such as https://lab.example.com`);
}

/** Serves the API until the context aborts, then closes the port and the store. */
export async function serve(
  ctx: Context,
  settings: ApiServerSettings,
  readFile: (path: string) => string,
): Promise<void> {
  const metrics = createMetrics('kube-apiserver');
  const auditor = auditorOf(ctx, settings, metrics, readFile);
  const postgres = await openStorage(ctx, settings, metrics);
  const sealed = encrypted(ctx, postgres, settings, readFile);
  const builtin = fixedResourceSets(builtinResources);
  const cache = new WatchCache(ctx, sealed, { indexedFields: indexedFields(builtin) });
  reportCache(metrics, cache);
  const storage = new CachedStorage(sealed, cache);
  const tls = {
    cert: readFile(settings['tls-cert-file']),
    key: readFile(settings['tls-private-key-file']),
    clientCa: readFile(settings['client-ca-file']),
  };
  const host = settings['bind-address'];
  const config: ApiServerConfig = {
    storage,
    checkWritable: (at) => postgres.checkWritable(at),
    decisions: postgres.decisions,
    setRetention: (at, cluster, limits) => postgres.setRetention(at, cluster, limits),
    host,
    port: settings['secure-port'],
    tls,
    serviceClusterIpRange: settings['service-cluster-ip-range'],
    serviceNodePortRange: settings['service-node-port-range'],
    ...kubeletClientOf(settings, readFile),
    ...proxiesOf(settings),
    ...authenticationOf(ctx, settings, readFile),
    authorization: authorizationOf(ctx, settings, metrics, readFile),
    ...admissionOf(settings, readFile),
    signIn: await openSignIn(ctx, postgres, settings['bootstrap-accounts-file'], readFile),
    publicUrls: publicUrls(settings),
    metrics,
    ...(auditor && { auditor }),
    maxRequestsInflight: settings['max-requests-inflight'],
    maxMutatingRequestsInflight: settings['max-mutating-requests-inflight'],
    ...(settings['advertise-address'] && { advertiseAddress: settings['advertise-address'] }),
    ...(settings['advertise-port'] && { advertisePort: settings['advertise-port'] }),
  };
  const parts = composeApiServer(ctx, config);
  if (parts.tokens.issuer) void followServiceAccountKeys(ctx, settings, parts.tokens.issuer, readFile);
  const running = await runApiServer(ctx, config, parts, [graphqlModule(ctx, parts), liveModule(ctx, parts)]);
  ctx.logger.info('serving', { host, port: running.port });
  if (!ctx.signal.aborted) await once(ctx.signal, 'abort');
  await running.close();
  await auditor?.close();
  await storage.close();
}
