import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_TOPOLOGY_ZONE } from '@binnacle/apis-kubernetes/well-known';
import type { Context } from '@binnacle/machinery-context';
import type { InstanceMetadata, Instances } from '../provider/cloud-provider.js';

/** A simulated machine. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  readonly isStopped: boolean;
  readonly instanceType?: string;
  readonly zone?: string;
}

/** The simulated machines that there are. */
export interface Machines {
  /** Undefined where there is none of that name. Throws where that cannot be said now. */
  find(name: string): Machine | undefined;
  /** From now on `changed` is told the names of machines that came, went or changed. */
  follow(changed: (name: string) => void): void;
}

/** The machine everything runs on, as a node. */
export interface HostMachine {
  readonly nodeName: string;
  readonly providerID: string;
  readonly instanceType?: string;
}

export interface MachineInstancesOptions {
  /** Absent in a cluster whose Nodes are its machines: one that is deleted is taken away. */
  readonly machines?: Machines;
  /** Who carries them, as providerIDs say. */
  readonly agent: string;
  readonly host?: HostMachine;
  readonly region: string;
}

/** The instances of this machine: the simulated nodes, and itself. Of any other node it knows nothing, and lets it be. */
export class MachineInstances implements Instances {
  constructor(private readonly options: MachineInstancesOptions) {}

  async exists(_ctx: Context, node: Node): Promise<boolean> {
    const { machines } = this.options;
    return !machines || !this.isSimulated(node) || machines.find(nameOf(node)) !== undefined;
  }

  async isShutdown(_ctx: Context, node: Node): Promise<boolean> {
    return this.isSimulated(node) && (this.options.machines?.find(nameOf(node))?.isStopped ?? false);
  }

  async metadata(_ctx: Context, node: Node): Promise<InstanceMetadata | undefined> {
    const { host, region } = this.options;
    if (this.isSimulated(node)) return this.simulated(node);
    if (!host || !isHost(node, host)) return undefined;
    const { providerID, instanceType } = host;
    return { providerID, region, ...(instanceType && { instanceType }) };
  }

  follow(changed: (node: string) => void): void {
    this.options.machines?.follow(changed);
  }

  private isSimulated(node: Node): boolean {
    return node.spec?.providerID === `simulated://${this.options.agent}/${nameOf(node)}`;
  }

  private simulated(node: Node): InstanceMetadata {
    const { machines, region } = this.options;
    const { providerID } = node.spec ?? {};
    if (!machines) return { providerID, region };
    const machine = machines.find(nameOf(node));
    if (!machine) throw new Error('instance not found');
    const { name, address, zone, instanceType } = machine;
    const nodeAddresses = [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ];
    // A zone that a cloud has said cannot be changed by `kubectl label`, as labs do.
    const told = node.metadata.labels?.[LABEL_TOPOLOGY_ZONE] === undefined && { zone };
    return { providerID, region, instanceType, nodeAddresses, ...told };
  }
}

const nameOf = ({ metadata }: Node): string => metadata.name ?? '';

/** A node of its name that is of no other machine. */
const isHost = (node: Node, { nodeName, providerID }: HostMachine): boolean =>
  nameOf(node) === nodeName && [undefined, '', providerID].includes(node.spec?.providerID);
