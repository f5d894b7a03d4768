import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { node } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { type Machine, MachineInstances, type MachineInstancesOptions } from './machine-instances.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const MACHINES: Machine[] = [
  { name: 'a', address: '127.0.0.11', isStopped: false, instanceType: 'simulated.4cpu-8Gi', zone: 'zone-a' },
  { name: 'b', address: '127.0.0.12', isStopped: true },
];
const machines = { find: (name: string) => MACHINES.find((one) => one.name === name), follow: () => undefined };
const host = { nodeName: 'control-plane', providerID: 'host://here', instanceType: 'host.2cpu-4Gi' };
const instances = (more: Partial<MachineInstancesOptions> = {}) =>
  new MachineInstances({ machines, agent: 'sim', host, region: 'local', ...more });
const at = (name: string, providerID = `simulated://sim/${name}`) => node({ metadata: { name }, spec: { providerID } });

/** What is said of a node: whether its machine is there, whether it is shut down, and what it is. */
const said = async (subject = at('a'), cloud = instances()) => [
  await cloud.exists(ctx, subject),
  await cloud.isShutdown(ctx, subject),
  await cloud.metadata(ctx, subject).catch((error: Error) => error.message),
];

describe('a simulated node', () => {
  test('is what its machine is', async () => {
    const nodeAddresses = [
      { type: 'InternalIP', address: '127.0.0.11' },
      { type: 'Hostname', address: 'a' },
    ];
    const known = { instanceType: 'simulated.4cpu-8Gi', zone: 'zone-a', region: 'local' };
    expect(await said()).toEqual([true, false, { providerID: 'simulated://sim/a', ...known, nodeAddresses }]);
  });

  test('that has said its zone is told none: it may be labelled otherwise', async () => {
    const labelled = node({
      metadata: { name: 'a', labels: { 'topology.kubernetes.io/zone': 'mine' } },
      spec: { providerID: 'simulated://sim/a' },
    });
    expect(await instances().metadata(ctx, labelled)).not.toHaveProperty('zone');
  });

  test('whose machine is stopped is shut down, and one without a machine has gone', async () => {
    expect((await said(at('b'))).slice(0, 2)).toEqual([true, true]);
    expect(await said(at('c'))).toEqual([false, false, 'instance not found']);
  });

  test('of a cluster whose nodes are its machines is there as long as its object', async () => {
    const cloud = instances({ machines: undefined });
    const known = { providerID: 'simulated://sim/c', region: 'local' };
    expect(await said(at('c'), cloud)).toEqual([true, false, known]);
  });

  test('is not said to have gone where that is not known', async () => {
    const find = () => {
      throw new Error('the directory cannot be read');
    };
    const cloud = instances({ machines: { find, follow: () => undefined } });
    await expect(cloud.exists(ctx, at('a'))).rejects.toThrow('cannot be read');
    await expect(cloud.isShutdown(ctx, at('a'))).rejects.toThrow('cannot be read');
  });
});

test.each([
  ['of another agent', at('c', 'simulated://other/c')],
  ['of another name than its machine', at('c', 'simulated://sim/a')],
  ['of another cloud', at('c', 'aws:///zone/i-1')],
  ['that names no machine', node()],
  ['of the host’s name on another machine', at('control-plane', 'host://there')],
])('a node %s is let be', async (_, subject) => {
  expect(await said(subject)).toEqual([true, false, undefined]);
});

test('the node of the host is this machine', async () => {
  const known = { providerID: 'host://here', instanceType: 'host.2cpu-4Gi', region: 'local' };
  const fresh = node({ metadata: { name: 'control-plane' } });
  expect(await said(fresh)).toEqual([true, false, known]);
  expect(await said(at('control-plane', 'host://here'))).toEqual([true, false, known]);
  expect(await said(fresh, instances({ host: undefined }))).toEqual([true, false, undefined]);
});
