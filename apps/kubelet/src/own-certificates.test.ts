import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { ConfigError, readOptions } from '@binnacle/process-config';
import { expect, test } from 'vitest';
import { certificatesOf, nameOf } from './machine-names.js';
import { machineNode } from './machine-node.js';
import { optionSpecs } from './options.js';
import { connect, renewServing } from './own-certificates.js';
import { tlsOf } from './run-machine.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const flagsOf = (...more: string[]) =>
  readOptions(optionSpecs, ['--kubeconfig=/none', '--root-dir=/data', '--client-ca-file=/none', ...more], {});

test.each(['bootstrap-kubeconfig=/b', 'rotate-certificates', 'rotate-server-certificates'])(
  '--%s is not for the agent of simulated nodes',
  async (flag) => {
    const wrong = connect(ctx, flagsOf('--runtime=sim', `--${flag}`));
    await expect(wrong).rejects.toEqual(new ConfigError(`--${flag.replace(/=.*/, '')} is for --runtime=process only`));
  },
);

test('an endpoint has a certificate, or will be given one', () => {
  expect(() => tlsOf(flagsOf())).toThrow('--cert-file and --key-file, or --rotate-server-certificates, are required');
});

test('where nobody wishes it nothing is asked for', () => {
  const nothing = undefined as never;
  expect(() => renewServing(ctx, nothing, flagsOf(), nothing)).not.toThrow();
});

test('names and places follow from what is said', () => {
  expect(nameOf(flagsOf('--node-name=a'))).toBe('a');
  expect(certificatesOf(flagsOf())).toBe('/data/pki');
  expect(certificatesOf(flagsOf('--cert-dir=/c'))).toBe('/c');
});

test('a node that joined does not call itself one of the control plane, which it may not', () => {
  const machine = { name: 'a', address: '10.0.0.1', port: 1, rootDir: '/', runtimeVersion: '0', machineId: 'm' };
  expect(machineNode({ ...machine, isControlPlane: false }).labels).toEqual({});
  expect(Object.keys(machineNode({ ...machine, isControlPlane: true }).labels)).toHaveLength(1);
});
