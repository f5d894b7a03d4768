import { resources } from '@binnacle/apis-kubernetes/registry';
import type { Context } from '@binnacle/machinery-context';
import { createAdmission } from '@binnacle/server-admission';
import { Authenticator, clientCertificates, RuleAuthorizer } from '@binnacle/server-auth';
import { createSystemObjects, Registry, ServiceAllocation, systemContext } from '@binnacle/server-registry';
import { isStorageError, type Storage, StorageError } from '@binnacle/server-storage';
import type { DynamicModule } from '@nestjs/common';
import { AccessPolicy } from './access-policy.js';
import { ApiHandler } from './api-handler.js';
import { DiscoveryHandler } from './discovery/discovery-handler.js';
import { ObjectReader } from './object-reader.js';
import { DEFAULT_CLUSTER } from './request-info.js';
import { ResourceHandler } from './resource-handler.js';
import { type RunningApiServer, startApiServer, type TlsFiles } from './server/api-server.js';
import { SubresourceHandler } from './subresource-handler.js';
import { SystemHandler } from './system-handler.js';

export interface ApiServerConfig {
  readonly storage: Storage;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly tls: TlsFiles;
  /** Admission rules to leave out, by upstream's names. */
  readonly disableAdmission?: readonly string[];
  readonly serviceClusterIpRange?: string;
  readonly serviceNodePortRange?: string;
  readonly metrics?: () => Promise<string>;
}

/** The parts of an API server that other protocols, such as GraphQL and Socket.IO, are built on. */
export interface ApiServerParts {
  readonly registry: Registry;
  readonly access: AccessPolicy;
  readonly handler: ApiHandler;
}

const alive = () => Promise.resolve();

function systemHandler(ctx: Context, config: ApiServerConfig): SystemHandler {
  const build = { product: 'binnacle', platform: `${process.platform}/${process.arch}` };
  const storage = async () => void (await config.storage.revision(ctx, DEFAULT_CLUSTER));
  return new SystemHandler(build, { live: { ping: alive }, ready: { ping: alive, storage } }, config.metrics);
}

/** Builds an API server without opening a port. */
export function composeApiServer(ctx: Context, config: ApiServerConfig): ApiServerParts {
  const { storage } = config;
  const admission = createAdmission(storage, config.disableAdmission);
  const allocation = new ServiceAllocation(storage, {
    clusterIps: config.serviceClusterIpRange ?? '10.96.0.0/16',
    nodePorts: config.serviceNodePortRange ?? '30000-32767',
  });
  const hooks = { '/services': allocation };
  const registry = new Registry({ definitions: resources, storage, admission, hooks });
  const reader = new ObjectReader();
  const handler = new ApiHandler({
    registry,
    reader,
    resources: new ResourceHandler(reader),
    subresources: new SubresourceHandler(reader, registry),
    discovery: new DiscoveryHandler(resources, `${config.host}:${config.port}`),
    system: systemHandler(ctx, config),
  });
  const access = new AccessPolicy(new Authenticator([clientCertificates]), new RuleAuthorizer());
  return { registry, access, handler };
}

async function ensureCluster(ctx: Context, storage: Storage, name: string): Promise<void> {
  try {
    await storage.createCluster(ctx, name);
  } catch (error) {
    const known = await storage.listClusters(ctx);
    const exists = error instanceof StorageError && isStorageError(error, 'exists');
    if (!exists && !known.some((cluster) => cluster.name === name)) throw error;
  }
}

/** Makes the default logical cluster and the system objects, then serves until closed. */
export async function runApiServer(
  ctx: Context,
  config: ApiServerConfig,
  parts: ApiServerParts = composeApiServer(ctx, config),
  modules: readonly DynamicModule[] = [],
): Promise<RunningApiServer> {
  await ensureCluster(ctx, config.storage, DEFAULT_CLUSTER);
  await createSystemObjects(systemContext(ctx, DEFAULT_CLUSTER), parts.registry);
  const { host, port, tls } = config;
  return startApiServer(ctx, { host, port, tls, handler: parts.handler, access: parts.access, modules });
}
