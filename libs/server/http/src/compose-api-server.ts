import { hostname } from 'node:os';
import { resources } from '@binnacle/apis-kubernetes/registry';
import type { Context } from '@binnacle/machinery-context';
import { createAdmission } from '@binnacle/server-admission';
import {
  type AuthenticationMethod,
  Authenticator,
  clientCertificates,
  RuleAuthorizer,
  ServiceAccountAuthentication,
  ServiceAccountTokens,
  WebSessions,
} from '@binnacle/server-auth';
import { Registry as MetricsRegistry } from '@binnacle/process-telemetry';
import {
  createSystemObjects,
  Registry,
  ServiceAllocation,
  systemContext,
  SystemObjects,
} from '@binnacle/server-registry';
import { type AccountStore, isStorageError, type SessionStore, type Storage } from '@binnacle/server-storage';
import type { DynamicModule } from '@nestjs/common';
import { AccessPolicy } from './access-policy.js';
import { ApiHandler } from './api-handler.js';
import { DiscoveryHandler } from './discovery/discovery-handler.js';
import { KubeletConnection, type KubeletClientTls } from './kubelet/kubelet-connection.js';
import { PodLogs } from './kubelet/pod-logs.js';
import { maintain } from './maintenance.js';
import { ObjectReader } from './object-reader.js';
import { OpenApiHandler } from './openapi-handler.js';
import { reachableAddress } from './reachable-address.js';
import { DEFAULT_CLUSTER } from './request-info.js';
import { RequestMetrics } from './request-metrics.js';
import { ResourceHandler } from './resource-handler.js';
import { reviewKinds, Reviews } from './reviews.js';
import { type RunningApiServer, startApiServer, type TlsFiles } from './server/api-server.js';
import { SignInHandler } from './sign-in-handler.js';
import { SubresourceHandler, type SubresourceServer } from './subresource-handler.js';
import { gitVersion, SystemHandler } from './system-handler.js';
import { storedTokenObjects } from './token-objects.js';
import { TokenRequests } from './token-request.js';

export interface ApiServerConfig {
  readonly storage: Storage;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly tls: TlsFiles;
  /** Addresses of Services. */
  readonly serviceClusterIpRange?: string;
  readonly serviceNodePortRange?: string;
  /** PEM; without it no tokens are issued or believed. */
  readonly serviceAccountKeys?: { readonly signingKey: string; readonly publicKey?: string };
  /** Without it no logs are served. */
  readonly kubeletClient?: KubeletClientTls;
  /** Without it nobody signs in with a password. */
  readonly signIn?: { readonly accounts: AccountStore; readonly sessions: SessionStore };
  /** Admission rules to leave out, by upstream's names. */
  readonly disableAdmission?: readonly string[];
  /** Where `/metrics` reads from; one of the server's own without it. */
  readonly metrics?: MetricsRegistry;
  /** The address others reach this server at, where it is not the one it listens on. */
  readonly advertiseAddress?: string;
  /** Port others reach it at, that of a balancer for example; the one listened on unless it is said. */
  readonly advertisePort?: number;
}

/** The parts of an API server that other protocols, such as GraphQL and Socket.IO, are built on. */
export interface ApiServerParts {
  readonly registry: Registry;
  readonly access: AccessPolicy;
  readonly handler: ApiHandler;
  readonly allocation: ServiceAllocation;
  readonly metrics: RequestMetrics;
}

const PRODUCT = 'binnacle';
const DEFAULT_CLUSTER_IPS = '10.96.0.0/16';
const DEFAULT_NODE_PORTS = '30000-32767';
const alive = () => Promise.resolve();

function systemHandler(ctx: Context, config: ApiServerConfig, metrics: MetricsRegistry): SystemHandler {
  const build = { product: PRODUCT, platform: `${process.platform}/${process.arch}` };
  const storage = async () => void (await config.storage.revision(ctx, DEFAULT_CLUSTER));
  return new SystemHandler(build, { live: { ping: alive }, ready: { ping: alive, storage } }, () => metrics.metrics());
}

function serviceAllocation({ storage, ...config }: ApiServerConfig): ServiceAllocation {
  return new ServiceAllocation(storage, {
    clusterIps: config.serviceClusterIpRange ?? DEFAULT_CLUSTER_IPS,
    nodePorts: config.serviceNodePortRange ?? DEFAULT_NODE_PORTS,
  });
}

interface Tokens {
  readonly issuer: ServiceAccountTokens;
  readonly authentication: ServiceAccountAuthentication;
}

function tokensOf({ serviceAccountKeys: keys, storage }: ApiServerConfig): Tokens | undefined {
  if (!keys) return undefined;
  const issuer = new ServiceAccountTokens(keys);
  return { issuer, authentication: new ServiceAccountAuthentication(issuer, storedTokenObjects(storage)) };
}

function subresourceServers(
  config: ApiServerConfig,
  registry: Registry,
  reader: ObjectReader,
  tokens: Tokens | undefined,
): Record<string, SubresourceServer> {
  const servers: Record<string, SubresourceServer> = {};
  if (config.kubeletClient) {
    const logs = new PodLogs(registry, new KubeletConnection(config.kubeletClient));
    servers['pods/log'] = (request, store, place) => logs.serve(request, store, place);
  }
  if (tokens) {
    const requests = new TokenRequests(registry, reader, tokens.issuer);
    servers['serviceaccounts/token'] = (request, store, place) => requests.serve(request, store, place);
  }
  return servers;
}

/** Builds an API server without opening a port. */
export function composeApiServer(ctx: Context, config: ApiServerConfig): ApiServerParts {
  const { storage, metrics: metricsRegistry = new MetricsRegistry() } = config;
  const allocation = serviceAllocation(config);
  const admission = createAdmission(storage, config.disableAdmission);
  const registry = new Registry({ definitions: resources, storage, admission, hooks: { '/services': allocation } });
  const reader = new ObjectReader();
  const tokens = tokensOf(config);
  const { signIn } = config;
  const sessions = signIn && new WebSessions(ctx, signIn.accounts, signIn.sessions);
  const methods: AuthenticationMethod[] = [clientCertificates];
  if (tokens) methods.push(tokens.authentication);
  if (sessions) methods.push(sessions);
  const authorizer = new RuleAuthorizer();
  const access = new AccessPolicy(new Authenticator(methods), authorizer);
  const handler = new ApiHandler({
    registry,
    reader,
    resources: new ResourceHandler(reader),
    subresources: new SubresourceHandler(reader, registry, subresourceServers(config, registry, reader, tokens)),
    discovery: new DiscoveryHandler([...resources, ...reviewKinds], `${config.host}:${config.port}`),
    system: systemHandler(ctx, config, metricsRegistry),
    others: [new OpenApiHandler(resources, gitVersion(PRODUCT)), ...(sessions ? [new SignInHandler(sessions)] : [])],
    reviews: new Reviews(reader, authorizer, tokens?.authentication),
  });
  return { registry, access, handler, allocation, metrics: new RequestMetrics(metricsRegistry) };
}

async function ensureCluster(ctx: Context, storage: Storage, name: string): Promise<void> {
  try {
    await storage.createCluster(ctx, name);
  } catch (error) {
    if (!isStorageError(error, 'exists')) throw error;
  }
}

/** Makes the default logical cluster and the system objects, then serves until closed. */
export async function runApiServer(
  ctx: Context,
  config: ApiServerConfig,
  parts: ApiServerParts = composeApiServer(ctx, config),
  modules: readonly DynamicModule[] = [],
): Promise<RunningApiServer> {
  const { host, tls } = config;
  const system = systemContext(ctx, DEFAULT_CLUSTER);
  await ensureCluster(ctx, config.storage, DEFAULT_CLUSTER);
  await createSystemObjects(system, parts.registry);
  const { handler, access, metrics, registry, allocation } = parts;
  const running = await startApiServer(ctx, { host, port: config.port, tls, handler, access, metrics, modules });
  const address = {
    clusterIp: allocation.kubernetesAddress,
    host: config.advertiseAddress ?? reachableAddress(host),
    port: config.advertisePort ?? running.port,
  };
  const systemObjects = new SystemObjects(system, registry, address, `${hostname()}_${host}:${running.port}`);
  await systemObjects.start();
  void maintain(ctx, config.storage, allocation);
  const close = async () => {
    await systemObjects.stop();
    await running.close();
  };
  return { port: running.port, close };
}
