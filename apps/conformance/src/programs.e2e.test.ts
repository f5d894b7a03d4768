import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const apps = join(import.meta.dirname, '..', '..');
const PROGRAMS = [
  ['kube-apiserver', 'api-server/dist/main.js'],
  ['store', 'api-server/dist/store.js'],
  ['kube-controller-manager', 'controller-manager/dist/main.js'],
  ['cloud-controller-manager', 'cloud-controller-manager/dist/main.js'],
  ['kube-scheduler', 'scheduler/dist/main.js'],
  ['kube-proxy', 'kube-proxy/dist/main.js'],
  ['kube-dns', 'dns/dist/main.js'],
  ['ingress-controller', 'ingress-controller/dist/main.js'],
  ['kubelet', 'kubelet/dist/main.js'],
  ['web', 'web/dist/server/main.js'],
] as const;

const start = (file: string, ...args: string[]) => {
  const operation = file.endsWith('store.js') ? ['probe'] : [];
  return spawnSync(process.execPath, [join(apps, file), ...operation, ...args], { encoding: 'utf8', timeout: 30_000 });
};

test.each(PROGRAMS)('%s tells its flags and ends well', (name, file) => {
  const { status, stdout, stderr } = start(file, '--help');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`Usage: ${name} [flags]`);
  expect(stdout).toContain('--log-level');
});

test.each(PROGRAMS)('%s refuses a flag it does not know in one sentence', (_, file) => {
  const { status, stdout, stderr } = start(file, '--no-such-flag=1');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^Unknown option '--no-such-flag'[^\n]*\n$/);
});

test('binnacle begins and ends as they do', () => {
  const binnacle = (...args: string[]) => start('cli/bin/binnacle.js', ...args);
  const help = binnacle('--help');
  expect([help.status, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain('Usage: binnacle [options] [command]');
  for (const args of [['up', '--no-such-flag'], ['no-such-command'], ['up', '--nodes=many']]) {
    const { status, stdout, stderr } = binnacle(...args);
    expect([args, status, stdout]).toEqual([args, 2, '']);
    expect(stderr).toMatch(/^binnacle: [^\n]+\n$/);
  }
});
