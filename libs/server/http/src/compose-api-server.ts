import { hostname } from 'node:os';
import { ROOT_CLUSTER } from '@binnacle/apis-iam';
import { reviewKinds } from '@binnacle/apis-kubernetes/kinds';
import type { Context } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import type { Auditor } from '@binnacle/server-audit';
import { type AdmissionOptions, createAdmission, type PodSecurityConfiguration } from '@binnacle/server-admission';
import {
  type AskFor,
  type Authorizer,
  Installation,
  type KindsOf,
  type OpenRights,
  type RightsChanges,
  RightsNotices,
  type RuleResolver,
} from '@binnacle/server-auth';
import { AuthorizationMetrics, AuthorizerOrder } from '@binnacle/server-authorization';
import { MetricsRegistry } from '@binnacle/process-telemetry';
import type { DefinitionKeeper } from '@binnacle/server-extensions';
import { type ComposedPeople, composePeople } from '@binnacle/server-people';
import { type FlowControl, FlowControlConfiguration, stepsInTurns } from '@binnacle/server-flow-control';
import {
  ClusterDirectory,
  ClusterUpkeep,
  ComponentStatuses,
  createSystemObjects,
  leaseStore,
  livingServers,
  type ObjectSource,
  restoreSystemObjects,
  Registry,
  type ResourceStore,
  type ResourceSets,
  ServiceAllocation,
  systemContext,
  SystemObjects,
} from '@binnacle/server-registry';
import { PastStorage } from '@binnacle/server-history';
import { type DecisionStore, isStorageError, type SignInStores, type Storage } from '@binnacle/server-storage';
import type { DynamicModule } from '@nestjs/common';
import type { AccessPolicy } from './access/access-policy.js';
import { composeAccess } from './access/compose-access.js';
import { composeAuthorization } from './access/compose-authorization.js';
import { rightsChangedAfter } from './access/visible-lists.js';
import { ApiHandler } from './paths/api-handler.js';
import { BodyBudget } from './request/body-budget.js';
import { ClustersHandler, type SetRetention } from './clusters/clusters-handler.js';
import { networkOf, nodesAsked, serviceRanges } from './clusters/cluster-networks.js';
import {
  type AuthenticationOptions,
  certificateMethods,
  composeTokens,
  type Tokens,
} from './compose-authentication.js';
import { composeKinds } from './compose-kinds.js';
import { composePast, type Past } from './compose-past.js';
import { composeTraffic, composeTrials } from './compose-traffic.js';
import { composeUsage, type Usage } from './compose-usage.js';
import { composeFlowControl, type FlowControlLimits } from './access/compose-flow-control.js';
import { DiscoveryHandler } from './discovery/discovery-handler.js';
import { FlowControlHandler } from './paths/flow-control-handler.js';
import { FlowGate } from './access/flow-gate.js';
import { CheckFailure, type ReadinessChecks } from './paths/health-report.js';
import { type KubeletAddress, KubeletConnection, type KubeletClientTls } from './kubelet/kubelet-connection.js';
import { NodeAddresses } from './kubelet/node-addresses.js';
import { PodDialer } from './kubelet/pod-dialer.js';
import { PodLogs } from './kubelet/pod-logs.js';
import { PodStreams } from './kubelet/pod-streams.js';
import { maintain } from './paths/maintenance.js';
import { ServiceEndpoints } from './proxy/service-endpoint.js';
import { SubresourceProxy } from './proxy/subresource-proxy.js';
import { ObjectReader } from './verbs/object-reader.js';
import { OpenApiHandler } from './paths/openapi-handler.js';
import { reachableAddress } from './kubelet/reachable-address.js';
import { RequestLives } from './request/request-life.js';
import { RequestMetrics } from './server/request-metrics.js';
import { ResourceHandler } from './verbs/resource-handler.js';
import { Reviews } from './paths/reviews.js';
import { type RunningApiServer, startApiServer, type TlsFiles } from './server/api-server.js';
import { composeOtherSignIns } from './sign-in/compose-other-sign-ins.js';
import { endWhatIsOpen, servePeople } from './sign-in/serve-people.js';
import { StoredIdentityProviders } from './sign-in/stored-identity-providers.js';
import { CertificateSource } from './tls-certificates/certificate-source.js';
import { SubresourceHandler, type SubresourceServer } from './verbs/subresource-handler.js';
import { ReachabilityReviews } from './paths/reachability/reachability-review.js';
import type { WhoCanReview } from './paths/who-can-review.js';
import { OpenIdHandler } from './paths/openid-handler.js';
import { gitVersion, platformOf, SystemHandler } from './paths/system-handler.js';
import { TokenRequests } from './paths/token-request.js';
import { UnsentAnswers } from './answer/unsent-answers.js';
import type { UsageSampler } from './usage/usage-sampler.js';

export interface ApiServerConfig extends FlowControlLimits, AuthenticationOptions {
  readonly storage: Storage;
  /** The kinds of each logical cluster; Kubernetes' own without it. */
  readonly sets?: ResourceSets;
  /** Resolves where a write would be stored now; what it rejects with, anybody may read. */
  readonly checkWritable?: (ctx: Context) => Promise<void>;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly tls: TlsFiles;
  /** Addresses of Services. */
  readonly serviceClusterIpRange?: string;
  readonly serviceNodePortRange?: string;
  /** Without it no logs and streams are served. */
  readonly kubeletClient?: KubeletClientTls;
  /** Where proxies tell what they carry, to who shows that certificate. */
  readonly proxies?: readonly KubeletAddress[];
  /** Without it nobody signs in with a password. */
  readonly signIn?: SignInStores;
  /** Where the dashboard is reached, the first of which people are sent to. */
  readonly publicUrls?: readonly string[];
  /** Where what schedulers decided is kept; in memory without it. */
  readonly decisions?: DecisionStore;
  /** Changes how much of a cluster's past is kept; only a database can. */
  readonly setRetention?: SetRetention;
  /** Admission rules to leave out, by upstream's names. */
  readonly disableAdmission?: readonly string[];
  /** What Pods may do where their namespace does not say: all without it. */
  readonly podSecurity?: PodSecurityConfiguration;
  /** Notes who asks for what. */
  readonly auditor?: Auditor;
  /** Who decides what somebody may do, and in which order; Nodes' rights and roles without it. */
  readonly authorization?: AuthorizerOrder;
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
  /** By which tokens of service accounts are made, and all of them read. */
  readonly tokens: Tokens;
  readonly handler: ApiHandler;
  readonly allocation: ServiceAllocation;
  /** Every logical cluster, and what each must have. */
  readonly directory: ClusterDirectory;
  readonly upkeep: ClusterUpkeep;
  /** Keeps the CustomResourceDefinitions of all clusters, where there can be some. */
  readonly definitions: DefinitionKeeper | undefined;
  /** Measures what Nodes and Pods use, where kubelets can be asked. */
  readonly sampler: UsageSampler | undefined;
  readonly metrics: RequestMetrics;
  /** How each of its requests ends. */
  readonly lives: RequestLives;
  /** What their bodies hold of the memory. */
  readonly bodies: BodyBudget;
  /** Where whatever is asked takes its seat, by whatever protocol. */
  readonly flow: FlowControl;
  readonly gate: FlowGate;
  /** What of their answers waits for its readers. */
  readonly unsent: UnsentAnswers;
  readonly auditor: Auditor | undefined;
  /** Tells when rights may have changed. */
  readonly rights: RightsChanges;
  /** What stands open by rights; ends what was opened by a proof that is revoked. */
  readonly openRights: OpenRights;
  /** Tells somebody that their rights may have changed. */
  readonly notices: RightsNotices;
  /** Tells which rules somebody has. */
  readonly rules: RuleResolver;
  /** Tells who may do something, to whom may know. */
  readonly whoCan: WhoCanReview;
  readonly reachability: ReachabilityReviews;
  /** Who may sign in, where anybody can. */
  readonly people: ComposedPeople | undefined;
}

const PRODUCT = 'binnacle';
const DEFAULT_CLUSTER_IPS = '10.96.0.0/16';
const DEFAULT_NODE_PORTS = '30000-32767';
const STREAMS = ['exec', 'attach', 'portforward'] as const;
const alive = () => Promise.resolve();

function systemHandler(ctx: Context, config: ApiServerConfig, metrics: MetricsRegistry): SystemHandler {
  const build = { product: PRODUCT, platform: platformOf(process.platform, process.arch) };
  const ready = { ping: alive, ...storageChecks(ctx, config), shutdown: async () => refuseWhenEnding(ctx) };
  return new SystemHandler(ctx, build, { live: { ping: alive }, ready }, () => metrics.metrics());
}

/** A read as clients make it, which waits until the cache has caught up with the database; and a write. */
function storageChecks(ctx: Context, { storage, checkWritable }: ApiServerConfig): ReadinessChecks {
  const key = { cluster: DEFAULT_CLUSTER, resource: 'namespaces', namespace: '', name: 'default' };
  return {
    storage: async () => void (await storage.get(ctx, key)),
    ...(checkWritable && { 'storage-write': () => checkWritable(ctx).catch(failCheck) }),
  };
}

function failCheck(error: Error): never {
  throw new CheckFailure(error.message, { cause: error });
}

function refuseWhenEnding(ctx: Context): void {
  if (ctx.signal.aborted) throw new CheckFailure('process is shutting down');
}

function serviceAllocation({ storage, ...config }: ApiServerConfig, directory: ClusterDirectory): ServiceAllocation {
  const ranges = {
    clusterIps: config.serviceClusterIpRange ?? DEFAULT_CLUSTER_IPS,
    nodePorts: config.serviceNodePortRange ?? DEFAULT_NODE_PORTS,
  };
  return new ServiceAllocation(storage, ranges, serviceRanges(directory));
}

/** Replicas know each other's sessions by the authority and the key they share. */
function installationOf({ tls, sessionSecret, serviceAccountKeys }: ApiServerConfig): Installation {
  const secret = sessionSecret ?? serviceAccountKeys?.signingKey;
  return new Installation({ authority: tls.clientCa.toString(), secret });
}

/** Where others reach this server. */
function publicAddress({ host, port, advertiseAddress, advertisePort }: ApiServerConfig): string {
  return `${advertiseAddress ?? reachableAddress(host)}:${advertisePort ?? port}`;
}

function peopleOf(ctx: Context, config: ApiServerConfig, authorizer: Authorizer, registry: () => Registry) {
  const { signIn: stores, storage, tls, publicUrls = [] } = config;
  const reached = () => ({ server: `https://${publicAddress(config)}`, authority: tls.clientCa.toString() });
  const installation = installationOf(config);
  const composed = stores && composePeople(ctx, { storage, registry, authorizer, stores, installation });
  const providers = new StoredIdentityProviders(storage);
  const others =
    composed &&
    stores &&
    composeOtherSignIns(ctx, { people: composed, stores, installation, providers, publicUrls, reached });
  return servePeople(composed, others ?? { methods: [], handlers: [] }, reached);
}

/** What is served by kubelets; nothing where the server has no way to show them who it is. */
function podServers({ kubeletClient }: ApiServerConfig, registry: Registry, directory: ClusterDirectory) {
  if (!kubeletClient) return undefined;
  const kubelets = new KubeletConnection(kubeletClient);
  const nodes = new NodeAddresses(registry, nodesAsked(directory));
  const [pods, services] = [new PodDialer(nodes, kubelets), new ServiceEndpoints(registry)];
  return {
    logs: new PodLogs(nodes, kubelets),
    streams: new PodStreams(nodes, kubelets),
    proxy: new SubresourceProxy({ nodes, kubelets, pods, services }),
  };
}

function subresourceServers(
  registry: Registry,
  reader: ObjectReader,
  pods: ReturnType<typeof podServers>,
  tokens: Tokens,
): SubresourceServer[] {
  const servers: SubresourceServer[] = [];
  const of = (resource: string, subresource: string, serve: SubresourceServer['serve']) =>
    servers.push({ group: '', resource, subresource, serve });
  if (pods) {
    of('pods', 'log', (request, store, place) => pods.logs.serve(request, store, place));
    of('pods', 'proxy', (...args) => pods.proxy.pod(...args));
    of('services', 'proxy', (...args) => pods.proxy.service(...args));
    of('nodes', 'proxy', (...args) => pods.proxy.node(...args));
    for (const kind of STREAMS) of('pods', kind, (...args) => pods.streams.serve(kind, ...args));
  }
  if (tokens.issuer) {
    const requests = new TokenRequests(registry, reader, tokens.issuer);
    of('serviceaccounts', 'token', (request, store, place) => requests.serve(request, store, place));
  }
  return servers;
}

function composeUpkeep(ctx: Context, registry: Registry, directory: ClusterDirectory, allocation: ServiceAllocation) {
  const main = systemContext(ctx, DEFAULT_CLUSTER);
  return new ClusterUpkeep(ctx, {
    registry,
    directory,
    except: [DEFAULT_CLUSTER],
    living: () => livingServers(main, leaseStore(registry)),
    serviceAddress: (at, cluster) => allocation.kubernetesAddress(at, cluster),
    serviceNetwork: (at, cluster) => allocation.defaultNetwork(at, cluster),
  });
}

function admissionOf({ disableAdmission = [], podSecurity }: ApiServerConfig): AdmissionOptions {
  return { disabled: disableAdmission, ...(podSecurity && { podSecurity }) };
}

/** Who tells who reaches whom: by policies, and by a request that is sent. */
function composeQuestions(config: ApiServerConfig, registry: Registry, access: { readonly permit: AskFor }) {
  return {
    reachability: new ReachabilityReviews(registry, access.permit),
    trials: composeTrials(config, registry, access.permit),
  };
}

/** What keeps requests apart from each other while they are served. */
function servingParts(ctx: Context, { auditor }: ApiServerConfig, registry: MetricsRegistry, gate: FlowGate) {
  return {
    gate,
    auditor,
    metrics: new RequestMetrics(registry),
    lives: new RequestLives(ctx.clock),
    bodies: new BodyBudget(),
    unsent: new UnsentAnswers(),
  };
}

/** Kinds of which nothing is stored, and who answers for them. */
function virtualKinds(config: ApiServerConfig, past: Past, usage: Usage): Readonly<Record<string, ObjectSource>> {
  return {
    ...past.sources,
    ...usage.sources,
    ...composeTraffic(config.kubeletClient, config.proxies),
    '/componentstatuses': new ComponentStatuses(config.storage),
    'networking.binnacle.dev/tlscertificates': new CertificateSource(past.storage),
  };
}

/** Who decides, where nobody says otherwise. */
function orderOf(ctx: Context, { authorization }: ApiServerConfig, metrics: MetricsRegistry): AuthorizerOrder {
  const noFile = (file: string): never => {
    throw new Error(`nobody reads ${file}`);
  };
  return authorization ?? new AuthorizerOrder(ctx, new AuthorizationMetrics(metrics), noFile);
}

/** Builds an API server without opening a port. */
export function composeApiServer(ctx: Context, config: ApiServerConfig): ApiServerParts {
  const { storage, metrics: metricsRegistry = new MetricsRegistry() } = config;
  const directory = new ClusterDirectory(ctx, storage);
  const allocation = serviceAllocation(config, directory);
  const quotas = (): ResourceStore => registry.get('', 'v1', 'resourcequotas');
  const kindsOf: KindsOf = (at, cluster) => registry.setOf(systemContext(at, cluster));
  const order = orderOf(ctx, config, metricsRegistry);
  const moments = new PastStorage(ctx, storage);
  const { authorizer, rbac, rules, held, whoCan, onOrder } = composeAuthorization(storage, moments, kindsOf, order);
  const people = peopleOf(ctx, config, authorizer, () => registry);
  const always = people.plugins;
  const admission = createAdmission(storage, { ...admissionOf(config), quotas, authorizer, rules: held, always });
  const past = composePast(moments, config, authorizer);
  const { sets, customHooks, keeper } = composeKinds(past.storage, config.sets);
  const usage = composeUsage(ctx, config.kubeletClient, past.storage, directory);
  const registry: Registry = new Registry({
    sets,
    storage: past.storage,
    admission,
    hooks: { '/services': allocation, ...people.hooks },
    sources: virtualKinds(config, past, usage),
    customHooks,
    rightsChangedAfter: rightsChangedAfter(storage),
    inTurns: stepsInTurns,
  });
  const definitions = keeper(ctx, registry);
  const upkeep = composeUpkeep(ctx, registry, directory, allocation);
  const reader = new ObjectReader();
  const flow = composeFlowControl(config, metricsRegistry);
  const tokens = composeTokens(ctx, config, registry);
  const pods = podServers(config, registry, directory);
  const servers = [...past.subresources, ...subresourceServers(registry, reader, pods, tokens), ...people.subresources];
  const methods = [...certificateMethods(config), ...people.first, tokens.bearer, ...people.last];
  const guard = { storage: past.storage, methods, authorizer, rights: rbac, onOrder, metrics: metricsRegistry };
  const { access, openRights } = composeAccess(ctx, { ...guard, ...anonymousOf(config) });
  endWhatIsOpen(people.composed, openRights);
  const asked = { rules, whoCan, ...composeQuestions(config, registry, access) };
  const handler = new ApiHandler({
    registry,
    reader,
    resources: new ResourceHandler(reader),
    subresources: new SubresourceHandler(reader, registry, servers),
    discovery: new DiscoveryHandler(registry, reviewKinds, `${config.host}:${config.port}`),
    system: systemHandler(ctx, config, metricsRegistry),
    others: [
      new OpenApiHandler(registry, reviewKinds, gitVersion(PRODUCT)),
      new FlowControlHandler(flow),
      ...past.handlers,
      ...(tokens.issuer ? [new OpenIdHandler(tokens.issuer, publicAddress(config), config.keysAddress)] : []),
      ...people.handlers,
      new ClustersHandler({ storage, registry, directory, upkeep, networkOf, setRetention: config.setRetention }),
    ],
    reviews: new Reviews(reader, { authorizer, ...asked }, tokens.bearer),
  });
  const { sampler } = usage;
  const served = { sampler, registry, access, tokens, handler, allocation, directory, upkeep, definitions };
  const serving = servingParts(ctx, config, metricsRegistry, new FlowGate(flow, registry));
  const notices = new RightsNotices(rbac, access.permit);
  return { ...served, ...serving, ...asked, flow, rights: rbac, openRights, notices, people: people.composed };
}

const anonymousOf = ({ anonymous }: ApiServerConfig) => (anonymous ? { anonymous } : {});

async function ensureCluster(ctx: Context, storage: Storage, name: string): Promise<void> {
  try {
    await storage.createCluster(ctx, name);
  } catch (error) {
    if (!isStorageError(error, 'exists')) throw error;
  }
}

/** Connections take certificates of both authorities; which of them signed one is looked at when it is asked who asks. */
function withFrontProxy(tls: TlsFiles, { frontProxy }: ApiServerConfig): TlsFiles {
  return frontProxy ? { ...tls, clientCa: `${tls.clientCa.toString()}\n${frontProxy.clientCa}` } : tls;
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
  await ensureCluster(ctx, config.storage, ROOT_CLUSTER);
  parts.definitions?.start();
  await createSystemObjects(system, parts.registry);
  // Programs look at every cluster, and have no rights in one that was given no roles.
  await restoreSystemObjects(systemContext(ctx, ROOT_CLUSTER), parts.registry);
  await parts.people?.start(ctx);
  const { registry, allocation, flow, directory, upkeep, definitions } = parts;
  await directory.start();
  const configuration = new FlowControlConfiguration(system, registry, flow);
  await configuration.start();
  const served = { ...parts, host, port: config.port, tls: withFrontProxy(tls, config), modules };
  const running = await startApiServer(ctx, served);
  const address = {
    clusterIp: await allocation.kubernetesAddress(ctx, DEFAULT_CLUSTER),
    serviceNetwork: await allocation.defaultNetwork(ctx, DEFAULT_CLUSTER),
    host: config.advertiseAddress ?? reachableAddress(host),
    port: config.advertisePort ?? running.port,
  };
  const systemObjects = new SystemObjects(system, registry, address, `${hostname()}_${host}:${running.port}`);
  await systemObjects.start();
  upkeep.start();
  upkeep.used(ROOT_CLUSTER);
  parts.sampler?.start();
  const stopLoads = config.storage.onLoad?.((cluster) => upkeep.used(cluster));
  void maintain(ctx, config.storage, directory, allocation);
  const close = async () => {
    configuration.stop();
    parts.sampler?.stop();
    stopLoads?.();
    await definitions?.stop();
    await upkeep.stop();
    await systemObjects.stop();
    await running.close();
    directory.stop();
  };
  return { port: running.port, close };
}
