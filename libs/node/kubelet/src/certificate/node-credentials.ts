import { existsSync } from 'node:fs';
import {
  type ClientConfig,
  createKubeClient,
  createRenewableKubeClient,
  type KubeClient,
  loadKubeconfigFile,
  type RenewableClient,
} from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { clientCertificate } from './asked-certificate.js';
import { CertificateManager } from './certificate-manager.js';
import { holds, type KeyPair } from './key-pair.js';
import { kubeconfigOf } from './kubeconfig-of.js';
import { impatient } from '../impatient.js';
import { PairStore, writePrivate } from './pair-store.js';

export interface NodeCredentialsOptions {
  readonly nodeName: string;
  /** Used while what it names holds; written after the first certificate was given. */
  readonly kubeconfig: string;
  /** Names who may ask for the first certificate, with a bootstrap token; empty for none. */
  readonly bootstrapKubeconfig: string;
  /** Directory of certificates and keys. */
  readonly directory: string;
  /** Whether certificates are renewed before they end. */
  readonly rotates: boolean;
  readonly userAgent: string;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

const pairOf = ({ cert, key }: ClientConfig): KeyPair | undefined =>
  cert !== undefined && key !== undefined ? { certificate: cert, key } : undefined;

const asClientPair = ({ certificate: cert, key }: KeyPair) => ({ cert, key });

/** As kubernetes isClientConfigStillValid: a token is believed to hold, a certificate looked at. */
function usable(ctx: Context, path: string): ClientConfig | undefined {
  if (!existsSync(path)) return undefined;
  const config = loadKubeconfigFile(path);
  return config.token || holds(pairOf(config), ctx.clock.now()) ? config : undefined;
}

/** How a kubelet stands with the API server. */
export interface NodeCredentials {
  /** The same for as long as the kubelet runs, whatever is renewed. */
  readonly client: KubeClient;
  /** Renews, where that is wished, until the context aborts. */
  run(ctx: Context): Promise<void>;
}

function bootstrapConfig({ bootstrapKubeconfig, kubeconfig }: NodeCredentialsOptions): ClientConfig {
  if (bootstrapKubeconfig) return loadKubeconfigFile(bootstrapKubeconfig);
  throw new ConfigError(
    `${kubeconfig} is not there, or its certificate has ended: give --bootstrap-kubeconfig with a bootstrap token, or a kubeconfig that holds`,
  );
}

/** What a kubeconfig came with is renewed as what was asked for. */
function storeOf(ctx: Context, directory: string, given: ClientConfig | undefined): PairStore {
  const store = new PairStore(directory, 'kubelet-client');
  const pair = given && pairOf(given);
  if (pair && !holds(store.current(), ctx.clock.now())) store.keep(pair);
  return store;
}

/**
 * Gets a certificate with a bootstrap kubeconfig where there is none that holds, however long it takes until somebody approves.
 * Behaves as kubernetes pkg/kubelet/certificate/bootstrap.
 */
export async function nodeCredentials(ctx: Context, options: NodeCredentialsOptions): Promise<NodeCredentials> {
  const { nodeName, kubeconfig, bootstrapKubeconfig, directory, rotates, userAgent, random } = options;
  const given = usable(ctx, kubeconfig);
  const first = given ?? bootstrapConfig(options);
  const store = storeOf(ctx, directory, given);
  const bootstrap = bootstrapKubeconfig ? loadKubeconfigFile(bootstrapKubeconfig) : first;
  const stranger = impatient(createKubeClient({ ...bootstrap, userAgent }));
  /** Filled as soon as there is a certificate. */
  const held: { own?: RenewableClient } = {};
  const manager: CertificateManager = new CertificateManager({
    asked: clientCertificate(nodeName),
    store,
    // One whose certificate has ended is nobody.
    client: () => (held.own && holds(manager.current, ctx.clock.now()) ? impatient(held.own.client) : stranger),
    changed: (pair) => held.own?.renew(asClientPair(pair)),
    ...(random && { random }),
  });
  const pair = await manager.first(ctx);
  const config = { ...first, token: undefined, ...asClientPair(pair), userAgent };
  if (!given) writePrivate(kubeconfig, kubeconfigOf(config, store.path));
  const own = createRenewableKubeClient(config);
  held.own = own;
  return { client: impatient(own.client), run: async (inner) => (rotates ? await manager.run(inner) : undefined) };
}
