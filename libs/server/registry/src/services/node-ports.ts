import type { Service, ServicePort, ServiceSpec } from '@binnacle/apis-kubernetes/core/v1';
import { newInternalError } from '@binnacle/machinery-meta';
import { type FieldPath, fieldPath, invalid as invalidField } from '@binnacle/machinery-validation';
import { invalid } from '../failures.js';
import { type RequestContext, unhurried } from '../request-context.js';
import type { Allocator } from './allocator.js';
import type { Claimant } from './claims.js';
import { SERVICE } from './cluster-ips.js';

function needsNodePorts({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}

function needsHealthPort({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
}

/** The ports a Service holds on every node, each once. */
export function nodePortsOf({ spec }: Service): string[] {
  const ports = [...(spec?.ports ?? []).map(({ nodePort }) => nodePort), spec?.healthCheckNodePort];
  return [...new Set(ports.filter((port) => port !== undefined && port > 0).map(String))];
}

type Options = { readonly claimant: Claimant; readonly dryRun: boolean };

/** Claims the ports of one Service, remembering which it has got so far. */
class PortClaiming {
  readonly claimed: string[] = [];
  private readonly got: Set<string>;
  private highest = 0;

  constructor(
    private readonly ctx: RequestContext,
    private readonly allocator: Allocator,
    private readonly service: Service,
    held: readonly string[],
    private readonly options: Options,
  ) {
    this.got = new Set(held);
  }

  async claim(port: number, path: FieldPath): Promise<void> {
    const value = String(port);
    if (this.got.has(value)) return;
    const { claimant, dryRun } = this.options;
    const outcome = await this.allocator.claim(this.ctx, value, claimant, dryRun);
    // Who only tries is told of no range, as upstream's operation that stands in for one knows none.
    if (dryRun && outcome === 'outOfRange') return;
    if (outcome === 'taken') throw this.refuse(path, port, 'provided port is already allocated');
    if (outcome === 'outOfRange') {
      const range = `The range of valid ports is ${this.allocator.range}`;
      throw this.refuse(path, port, `provided port is not in the valid range. ${range}`);
    }
    this.note(value);
  }

  async claimAny(): Promise<number> {
    const { claimant, dryRun } = this.options;
    const value = dryRun ? this.dummy() : await this.allocator.claimAny(this.ctx, claimant);
    if (value === undefined) throw newInternalError('failed to allocate a nodePort: range is full');
    this.note(value);
    return Number(value);
  }

  /** One behind another. */
  private dummy(): string {
    return this.claimed.length === 0 ? this.allocator.range.dummy : String(this.highest + 1);
  }

  private note(value: string): void {
    this.claimed.push(value);
    this.got.add(value);
    this.highest = Math.max(this.highest, Number(value));
  }

  private refuse(path: FieldPath, port: number, why: string): Error {
    return invalid(SERVICE, this.service.metadata.name ?? '', [invalidField(path, port, why)]);
  }
}

/** A port that another protocol of the same Service port already has, so that DNS over TCP and UDP share one. */
function sharedNodePort(ports: readonly ServicePort[], port: ServicePort): number | undefined {
  const twin = ports.find(
    (other) => other !== port && other.port === port.port && other.protocol !== port.protocol && other.nodePort,
  );
  return twin?.nodePort;
}

async function claimAll(claiming: PortClaiming, spec: ServiceSpec): Promise<void> {
  const ports = spec.ports ?? [];
  for (const [at, port] of ports.entries()) {
    if (port.nodePort) await claiming.claim(port.nodePort, fieldPath('spec', 'ports').index(at).child('nodePort'));
    else if (needsNodePorts(spec)) port.nodePort = sharedNodePort(ports, port) ?? (await claiming.claimAny());
  }
  if (spec.healthCheckNodePort) {
    await claiming.claim(spec.healthCheckNodePort, fieldPath('spec', 'healthCheckNodePort'));
  } else if (needsHealthPort(spec)) spec.healthCheckNodePort = await claiming.claimAny();
}

/** Claims the node ports a Service names, and some for those it leaves open. Answers what it claimed. */
export async function claimNodePorts(
  ctx: RequestContext,
  allocator: Allocator,
  service: Service,
  held: readonly string[],
  options: Options,
): Promise<string[]> {
  if (!service.spec) return [];
  const claiming = new PortClaiming(ctx, allocator, service, held, options);
  try {
    await claimAll(claiming, service.spec);
  } catch (error) {
    if (!options.dryRun) for (const value of claiming.claimed) await allocator.claims.release(unhurried(ctx), value);
    throw error;
  }
  return claiming.claimed;
}
