import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { layout } from '../data-dir/layout.js';
import { addNode, plannedNodes, setNodeState } from '../nodes.js';
import { readUpSettings, type UpFlags } from '../settings.js';
import { freshDirectory } from '../testing/said.js';
import { diskSpace } from './disk.js';
import { findingOf } from './finding.js';
import { wantedAddresses } from './ports.js';

/** As the wire carries it for this account. */
const DNS_PORT = process.getuid?.() === 0 ? 53 : 20_053;
const directory = freshDirectory();
const settings = (more: Partial<UpFlags> = {}) =>
  readUpSettings({
    dataDir: directory.path,
    portOffset: '0',
    nodes: '1',
    web: true,
    dns: true,
    podCidr: '10.244.0.0/16',
    serviceCidr: '10.96.0.0/16',
    nodeAddressPrefix: '127.0.0',
    ...more,
  });
const wanted = (more: Partial<UpFlags> = {}) =>
  wantedAddresses(settings(more), layout(directory.path)).map(
    ({ host, port, purpose, flag }) => `${host}:${port} ${purpose} ${flag}`,
  );

describe('the addresses a cluster will listen on', () => {
  test('are those of its parts, its nodes and its networks', () => {
    expect(wanted()).toEqual([
      '127.0.0.1:6443 the API server --port',
      '127.0.0.1:7080 the dashboard --web-port',
      '127.0.0.1:10250 the kubelet --port-offset',
      '127.0.0.1:10259 the scheduler --port-offset',
      '127.0.0.1:10257 the controller manager --port-offset',
      '127.0.0.1:10256 kube-proxy --port-offset',
      '127.0.0.1:10249 what kube-proxy tells --port-offset',
      '127.0.0.1:9153 the DNS --port-offset',
      '127.0.0.1:10254 the ingress controller --port-offset',
      '127.0.0.1:10258 the cloud controller manager --port-offset',
      `127.96.0.10:${DNS_PORT} the cluster's DNS --service-cidr, or leave the DNS out with --no-dns`,
      '127.0.0.11:10250 the kubelet of worker-1 --port-offset',
      '127.244.0.1:0 addresses of Pods --pod-cidr',
      '127.96.0.1:0 addresses of Services --service-cidr',
    ]);
  });

  test('follow what was asked for', () => {
    const moved = wanted({
      portOffset: '100',
      web: false,
      podCidr: '10.7.0.0/16',
      nodeAddressPrefix: '127.9.1',
      nodes: '2',
    });
    expect(moved).toContain('127.0.0.1:6543 the API server --port');
    expect(moved.some((line) => line.includes('dashboard'))).toBe(false);
    expect(wanted({ dns: false }).filter((line) => line.includes('DNS'))).toEqual([]);
    expect(wanted({ ingressController: false }).filter((line) => line.includes('ingress'))).toEqual([]);
    expect(moved).toContain('127.9.1.12:10350 the kubelet of worker-2 --port-offset');
    expect(moved).toContain('127.7.0.1:0 addresses of Pods --pod-cidr');
  });

  test('are those of nodes that are there and run, and of those that will be made', () => {
    const dir = layout(directory.path);
    addNode(dir, { name: 'mine', addressPrefix: '127.0.5' });
    addNode(dir, { name: 'worker-2' });
    setNodeState(dir, 'worker-2', 'stopped');
    expect(plannedNodes(dir, 3, '127.0.5').map(({ name, address }) => `${name} ${address}`)).toEqual([
      'mine 127.0.5.11',
      'worker-1 127.0.5.13',
      'worker-3 127.0.5.14',
    ]);
  });
});

describe('nodes', () => {
  test.each<[string, object, string]>([
    ['A_b', {}, '"A_b" is no node name'],
    ['a'.repeat(64), {}, 'it must be no longer than 63 characters'],
    ['control-plane', {}, 'is the node that runs the control plane'],
    ['x', { cpu: '0' }, '--cpu must be a quantity above 0'],
    ['x', { cpu: 'much' }, '--cpu must be a quantity above 0'],
    ['x', { memory: '-1Gi' }, '--memory must be a quantity above 0'],
  ])('%s with %j cannot be added: %s', (name, size, message) => {
    expect(() => addNode(layout(directory.path), { name, ...size })).toThrow(message);
  });

  test('have each an address and a zone of its own, in turn', () => {
    const dir = layout(directory.path);
    const made = ['a', 'b', 'c', 'd'].map((name) => addNode(dir, { name, addressPrefix: '127.1.2' }));
    expect(made.map(({ address }) => address)).toEqual(['127.1.2.11', '127.1.2.12', '127.1.2.13', '127.1.2.14']);
    expect(made.map(({ labels }) => Object.values(labels)[0])).toEqual(['zone-a', 'zone-b', 'zone-c', 'zone-a']);
    expect(addNode(dir, { name: 'e' }).address).toBe('127.1.2.15');
    expect(() => addNode(dir, { name: 'a' })).toThrow('there is already a node "a"');
  });

  test('whose file is broken are told by its path', () => {
    const dir = layout(directory.path);
    mkdirSync(dir.nodes, { recursive: true });
    writeFileSync(join(dir.nodes, 'bad.json'), '{');
    expect(() => plannedNodes(dir, 1, '127.0.0')).toThrow(
      /bad\.json is no simulated node \(.+\); mend it, or remove it/,
    );
  });
});

describe('room on the disk', () => {
  test('is looked for where the directory will be', () => {
    const dir = layout(join(directory.path, 'a', 'b'));
    expect(diskSpace(dir)).toBeUndefined();
    expect(diskSpace(dir, 2 ** 60)).toMatch(
      /^only \d+ MiB are free on the disk of .*; free at least \d+ MiB there, or choose another --data-dir$/,
    );
    expect(dirname(dir.root)).toBe(join(directory.path, 'a'));
  });
});

test('what refuses by throwing is a finding in the same words', () => {
  expect(findingOf(() => undefined)).toBeUndefined();
  expect(
    findingOf(() => {
      throw new Error('it is broken; mend it');
    }),
  ).toBe('it is broken; mend it');
});
