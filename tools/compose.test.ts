import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OptionSpecs } from '@binnacle/process-config';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { options as apiServer } from '../apps/api-server/src/options.js';
import { optionSpecs as cloudControllerManager } from '../apps/cloud-controller-manager/src/options.js';
import { options as controllerManager } from '../apps/controller-manager/src/options.js';
import { optionSpecs as dns } from '../apps/dns/src/options.js';
import { optionSpecs as kubeProxy } from '../apps/kube-proxy/src/options.js';
import { optionSpecs as kubelet } from '../apps/kubelet/src/options.js';
import { optionSpecs as scheduler } from '../apps/scheduler/src/options.js';
import { optionSpecs as web } from '../apps/web/server/options.js';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

type Mapping = Record<string, unknown>;
interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, object>>;
}

/** Merge keys, which YAML 1.2 leaves out and compose relies on. */
function merged(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(merged);
  if (typeof node !== 'object' || node === null) return node;
  const { '<<': base, ...own } = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, merged(value)]));
  return { ...(base as Mapping | undefined), ...own };
}

const compose = merged(load(read('docker-compose.yml'))) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Mapping;
};
const services = Object.entries(compose.services);
const programs = services.filter(([, { build, entrypoint }]) => build !== undefined && !entrypoint);

const CLI = 'apps/cli/bin/binnacle.js';
const SPECS: Record<string, OptionSpecs> = {
  'api-server': apiServer,
  'controller-manager': controllerManager,
  dns,
  'kube-proxy': kubeProxy,
  'cloud-controller-manager': cloudControllerManager,
  kubelet,
  scheduler,
  web,
};

/** The source a built program is made of. */
const sourceOf = (path: string) =>
  path === CLI ? path : path.replace(/\.js$/, '.ts').replace('/dist/server/', '/server/').replace('/dist/', '/src/');
const flagsOf = (command: readonly string[]) =>
  command.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('=')[0] ?? '');
const environmentName = (flag: string) => `BINNACLE_${flag.toUpperCase().replaceAll('-', '_')}`;

describe.each(programs)('the container %s', (_, { command = [], environment = {} }) => {
  const [path = '', ...rest] = command;
  const specs = SPECS[path.split('/')[1] ?? ''];

  test('runs a program of this repository', () => {
    expect(existsSync(join(root, sourceOf(path))), path).toBe(true);
  });

  test('gives only flags and variables the program declares, and all that it requires', () => {
    if (path === CLI) {
      const declared = ['command-line', 'command-options'].map((file) => read(`apps/cli/src/${file}.ts`)).join('');
      expect(declared).toContain(`new Command('${rest[0]}')`);
      for (const flag of flagsOf(rest)) expect(declared).toContain(`'--${flag} <`);
      return;
    }
    const variables = Object.keys(environment).filter((name) => name.startsWith('BINNACLE_'));
    const declared = Object.keys(specs ?? {});
    expect(declared).toEqual(expect.arrayContaining(flagsOf(rest)));
    expect(declared.map(environmentName)).toEqual(expect.arrayContaining(variables));
    const required = declared.filter((name) => specs?.[name]?.required);
    expect(flagsOf(rest)).toEqual(expect.arrayContaining(required));
  });
});

test('files are those that init makes below the shared volume', () => {
  const text = JSON.stringify(compose.services);
  const credentials = read('apps/cli/src/pki/credentials.ts');
  for (const [, name = ''] of text.matchAll(/\/data\/(?:pki|kubeconfig)\/([a-z-]+)\.(?:crt|key|conf)/g)) {
    if (name !== 'ca' && name !== 'sa') expect(credentials, name).toMatch(new RegExp(`\\b'?${name}'?:`));
  }
});

test('every container has the one network, what it waits for exists, and nothing is published beyond this machine', () => {
  for (const [name, service] of services) {
    for (const other of Object.keys(service.depends_on ?? {})) expect(compose.services, name).toHaveProperty(other);
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
    for (const volume of service.volumes ?? []) expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '');
    if (!['network', 'init'].includes(name)) expect(service.network_mode, name).toBe('service:network');
  }
});

test('the image is built from what is not left out of its context', () => {
  expect(read('Dockerfile')).toContain('COPY . .');
  for (const needed of ['package-lock.json', 'tools/build.mjs', 'migrations', 'apps', 'libs']) {
    expect(read('.dockerignore').split('\n')).not.toContain(needed);
    expect(existsSync(join(root, needed))).toBe(true);
  }
});
