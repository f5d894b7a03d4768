import { LABEL_TOPOLOGY_ZONE } from '@binnacle/apis-kubernetes/well-known';
import type { Machine, Machines } from '@binnacle/control-cloud';
import type { Context } from '@binnacle/machinery-context';
import { isLabelValue } from '@binnacle/machinery-validation';
import { type SimulatedNode, SimulatedNodesDirectory } from '@binnacle/node-simulated';

/** `simulated.4cpu-8Gi`; undefined where that would be no label. */
export function instanceTypeOf(kind: string, cpu: string, memory: string): string | undefined {
  const name = `${kind}.${cpu}cpu-${memory}`;
  return isLabelValue(name).length === 0 ? name : undefined;
}

const machineOf = ({ name, address, state, cpu, memory, labels }: SimulatedNode): Machine => ({
  name,
  address,
  isStopped: state === 'stopped',
  instanceType: instanceTypeOf('simulated', cpu, memory),
  zone: labels[LABEL_TOPOLOGY_ZONE],
});

/** The machines of a directory, one file each, as the kubelet that carries them has it. */
export class SimulatedMachines implements Machines {
  private readonly known = new Map<string, Machine>();
  private isWhole = false;
  private readonly followers: Array<(name: string) => void> = [];

  /** Follows the directory until the context aborts; resolves when it has been looked at. */
  static async start(ctx: Context, directory: string): Promise<SimulatedMachines> {
    const machines = new SimulatedMachines();
    await new SimulatedNodesDirectory(directory, (nodes, isWhole) => machines.set(nodes, isWhole)).start(ctx);
    return machines;
  }

  find(name: string): Machine | undefined {
    const machine = this.known.get(name);
    if (!machine && !this.isWhole) throw new Error('some files of simulated nodes cannot be read');
    return machine;
  }

  follow(changed: (name: string) => void): void {
    this.followers.push(changed);
  }

  set(nodes: readonly SimulatedNode[], isWhole: boolean): void {
    this.isWhole = isWhole;
    const machines = new Map(nodes.map((node) => [node.name, machineOf(node)]));
    for (const name of new Set([...this.known.keys(), ...machines.keys()])) this.put(name, machines.get(name));
  }

  private put(name: string, machine: Machine | undefined): void {
    if (JSON.stringify(machine) === JSON.stringify(this.known.get(name))) return;
    if (machine) this.known.set(name, machine);
    else this.known.delete(name);
    for (const changed of this.followers) changed(name);
  }
}
