import { describe, expect, test } from 'vitest';
import { ConfigError, describeOptions, readOptions } from './index.js';

const specs = {
  kubeconfig: { type: 'string', description: 'who to be', required: true },
  port: { type: 'number', description: 'where to listen', default: 6443 },
  'leader-elect': { type: 'boolean', description: 'one of several', default: true },
  extra: { type: 'string', description: 'optional' },
} as const;

describe('readOptions', () => {
  test('a flag wins over the environment, which wins over the default', () => {
    const env = { BINNACLE_KUBECONFIG: '/env', BINNACLE_PORT: '1' };
    expect(readOptions(specs, ['--kubeconfig', '/flag'], env)).toEqual({
      kubeconfig: '/flag',
      port: 1,
      'leader-elect': true,
      extra: undefined,
    });
  });

  test('a boolean can be turned off', () => {
    expect(readOptions(specs, ['--kubeconfig=/x', '--no-leader-elect'], {})['leader-elect']).toBe(false);
  });

  test.each([
    ['a missing required flag', [], '--kubeconfig is required'],
    ['a word where a number belongs', ['--kubeconfig=x', '--port=http'], '--port must be a number'],
    ['an unknown flag', ['--kubeconfig=x', '--colour'], '--colour'],
  ])('%s is refused', (_, argv, message) => {
    expect(() => readOptions(specs, argv, {})).toThrow(ConfigError);
    expect(() => readOptions(specs, argv, {})).toThrow(message);
  });

  test('what may be repeated is all of it, of one environment variable too', () => {
    const specs = { key: { type: 'string', default: '', repeatable: true, description: 'keys' } } as const;
    expect(readOptions(specs, ['--key=a', '--key', 'b,c'], {})).toEqual({ key: 'a,b,c' });
    expect(readOptions(specs, [], { BINNACLE_KEY: 'a,b' })).toEqual({ key: 'a,b' });
    expect(readOptions(specs, [], {})).toEqual({ key: '' });
  });

  test('help names every flag', () => {
    expect(describeOptions('scheduler', specs)).toContain('--leader-elect');
  });
});
