import { type ClientConfig, createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import {
  type ApiServerConfig,
  type ApiServerParts,
  type AuthenticationOptions,
  composeApiServer,
  runApiServer,
} from '@binnacle/server-http';
import type { ResourceSets } from '@binnacle/server-registry';
import type { Storage } from '@binnacle/server-storage';
import { RawApi } from './raw-api.js';
import { TestAuthority } from './test-authority.js';
import { freshStorage, type TestStorage } from './test-storage.js';

export interface TestApiServerOptions {
  /** The store to serve; without it a fresh Postgres database behind a watch cache, or memory where that is enough. */
  readonly storage?: Storage | 'memory';
  /** The kinds of each logical cluster; Kubernetes' own without it. */
  readonly sets?: ResourceSets;
  /** Addresses of Services; clusters that run at the same time need different ones only if something listens there. */
  readonly serviceClusterIpRange?: string;
  /**
   * Admission rules to leave out. ServiceAccount by default, as in upstream's integration tests: no controller makes
   * the accounts Pods would need.
   */
  readonly disableAdmission?: readonly string[];
  /** More of its configuration. */
  readonly config?: Partial<Pick<ApiServerConfig, 'auditor' | 'authorization' | 'podSecurity' | 'proxies'>>;
  /** Ways to prove who one is beside certificates, service accounts and web sessions. */
  readonly authentication?: AuthenticationOptions;
  /** The API server's own time, logger and end. */
  readonly ctx?: Partial<Context>;
  /** Further parts of the same server, such as GraphQL and the live gateway. */
  readonly modules?: (ctx: Context, parts: ApiServerParts) => Parameters<typeof runApiServer>[3];
}

/** A real API server of its own on a free port. */
export interface TestApiServer {
  readonly url: string;
  readonly authority: TestAuthority;
  /** How to connect as `kubernetes-admin`. */
  readonly admin: ClientConfig;
  readonly client: KubeClient;
  /** Plain requests as the admin. */
  readonly raw: RawApi;
  readonly parts: ApiServerParts;
  readonly storage: Storage;
  /** Accounts and web sessions, where the store has them. */
  readonly signIn: TestStorage['signIn'];
  /** How to connect as somebody else, for example a component's identity. */
  configFor(commonName: string, organizations?: readonly string[]): Promise<ClientConfig>;
  /** PEM of the key that signs service accounts' tokens. */
  readonly serviceAccountKey: string;
  /** A kubeconfig for the admin. */
  kubeconfig(): string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** A kubeconfig of one context. */
export function kubeconfigOf({ server, ca, cert, key }: ClientConfig): string {
  const encode = (text: string | undefined) => Buffer.from(text ?? '').toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': encode(ca) } }],
    users: [{ name: 'admin', user: { 'client-certificate-data': encode(cert), 'client-key-data': encode(key) } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
  });
}

type Connect = TestApiServer['configFor'];

function connectorTo(url: string, authority: TestAuthority): Connect {
  return async (commonName, organizations = []) => {
    const { certificate: cert, key } = await authority.issue({ commonName, organizations });
    return { server: url, ca: authority.certificate, cert, key };
  };
}

async function configFor(
  options: TestApiServerOptions,
  authority: TestAuthority,
  { storage, signIn, decisions }: TestStorage,
) {
  const server = await authority.issue({ commonName: 'kube-apiserver', hosts: [HOST, 'localhost', 'kubernetes'] });
  const kubelets = { commonName: 'kube-apiserver-kubelet-client', organizations: ['system:masters'] };
  const { certificate: cert, key } = await authority.issue(kubelets);
  const { disableAdmission = ['ServiceAccount'], serviceClusterIpRange, sets } = options;
  return {
    storage,
    host: HOST,
    port: 0,
    tls: { cert: server.certificate, key: server.key, clientCa: authority.certificate },
    kubeletClient: { cert, key, ca: authority.certificate },
    ...options.authentication,
    serviceAccountKeys: options.authentication?.serviceAccountKeys ?? {
      signingKey: (await authority.issue({ commonName: 'service-accounts' })).key,
    },
    disableAdmission,
    ...options.config,
    ...(sets && { sets }),
    ...(signIn && { signIn }),
    ...(decisions && { decisions }),
    ...(serviceClusterIpRange && { serviceClusterIpRange }),
  };
}

/** Starts a real API server for a test; `close` it in `afterAll`. */
export async function startTestApiServer(options: TestApiServerOptions = {}): Promise<TestApiServer> {
  const abort = new AbortController();
  const ctx: Context = { clock: systemClock, logger: silentLogger, signal: abort.signal, ...options.ctx };
  const authority = await TestAuthority.create(systemClock.now());
  const store = await freshStorage(ctx, options.storage);
  const config = await configFor(options, authority, store);
  const parts = composeApiServer(ctx, config);
  const running = await runApiServer(ctx, config, parts, options.modules?.(ctx, parts));
  const url = `https://${HOST}:${running.port}`;
  const connect = connectorTo(url, authority);
  const admin = await connect('kubernetes-admin', ['system:masters']);
  const raw = new RawApi(admin);
  return {
    url,
    authority,
    admin,
    client: createKubeClient(admin),
    raw,
    parts,
    storage: store.storage,
    signIn: store.signIn,
    configFor: connect,
    serviceAccountKey: config.serviceAccountKeys.signingKey,
    kubeconfig: () => kubeconfigOf(admin),
    close: async () => {
      raw.close();
      await running.close();
      abort.abort(new Error('the test is over'));
      await store.dispose();
    },
  };
}
