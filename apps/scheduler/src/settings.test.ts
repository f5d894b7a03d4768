import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions } from '@binnacle/process-config';
import { describe, expect, test } from 'vitest';
import { optionSpecs } from './options.js';
import { settingsOf } from './settings.js';

const dir = mkdtempSync(join(tmpdir(), 'scheduler-'));
const head = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';
let serial = 0;

function file(text: string): string {
  const path = join(dir, `${(serial += 1)}.yaml`);
  writeFileSync(path, text);
  return path;
}

const settings = (...argv: string[]) => settingsOf(readOptions(optionSpecs, argv, {}));

test('without a file: one profile, led by the lease of kube-scheduler, on its port', () => {
  const { configuration, lease } = settings('--kubeconfig=/k');
  expect(configuration.profiles.map(({ schedulerName }) => schedulerName)).toEqual(['default-scheduler']);
  expect(lease).toEqual({
    name: 'kube-scheduler',
    namespace: 'kube-system',
    leaseMilliseconds: 15_000,
    renewMilliseconds: 10_000,
    retryMilliseconds: 2_000,
  });
  expect(readOptions(optionSpecs, [], {})['health-port']).toBe(10_259);
});

test('--scheduler-name gives the default profile another name', () => {
  const { configuration } = settings('--kubeconfig=/k', '--scheduler-name=mine');
  expect(configuration.profiles.map(({ schedulerName }) => schedulerName)).toEqual(['mine']);
});

describe('a file', () => {
  test('says who to be, which profiles there are and how the lease is held', () => {
    const election =
      'leaderElection: {resourceName: second, leaseDuration: 30s, renewDeadline: 20s, retryPeriod: 500ms}';
    const profiles = 'profiles: [{schedulerName: a}, {schedulerName: b}]';
    const path = file(`${head}clientConnection: {kubeconfig: /theirs}\n${election}\n${profiles}\n`);
    const { kubeconfig, configuration, lease } = settings(`--config=${path}`);
    expect(kubeconfig).toBe('/theirs');
    expect(configuration.profiles.map(({ schedulerName }) => schedulerName)).toEqual(['a', 'b']);
    expect(lease).toMatchObject({ name: 'second', leaseMilliseconds: 30_000, retryMilliseconds: 500 });
  });

  test('is overruled by flags', () => {
    const path = file(`${head}clientConnection: {kubeconfig: /theirs}\n`);
    const { kubeconfig, lease } = settings(`--config=${path}`, '--kubeconfig=/mine', '--no-leader-elect');
    expect([kubeconfig, lease]).toEqual(['/mine', undefined]);
  });

  test.each<[string, () => string[], string | RegExp]>([
    ['nobody to be', () => [], '--kubeconfig is required'],
    [
      'a file that is not there',
      () => ['--kubeconfig=/k', '--config=/nowhere.yaml'],
      /--config \/nowhere.yaml: ENOENT/,
    ],
    ['no YAML', () => ['--kubeconfig=/k', `--config=${file('a: [')}`], /--config .*yaml/],
    [
      'a field that is out of bounds',
      () => ['--kubeconfig=/k', `--config=${file(`${head}parallelism: 0\n`)}`],
      'parallelism: Invalid value: 0: should be an integer value greater than zero',
    ],
    [
      'a plugin that does not exist',
      () => [
        '--kubeconfig=/k',
        `--config=${file(`${head}profiles: [{plugins: {score: {enabled: [{name: Mine}]}}}]\n`)}`,
      ],
      'initializing profiles: creating profile for scheduler name default-scheduler: ScorePlugin "Mine" does not exist',
    ],
    [
      'a name beside it',
      () => ['--kubeconfig=/k', `--config=${file(head)}`, '--scheduler-name=x'],
      '--scheduler-name is said by the profiles of --config',
    ],
    ['a file larger than any', () => ['--kubeconfig=/k', `--config=${file('#'.repeat(2 ** 20 + 1))}`], 'larger than'],
  ])('is refused in one sentence with %s', (_, argv, sentence) => {
    expect(() => settings(...argv())).toThrow(sentence);
  });
});
