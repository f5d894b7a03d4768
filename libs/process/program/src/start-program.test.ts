import { expect, test } from 'vitest';
import { beginning } from './index.js';

const program = {
  name: 'kube-test',
  options: {
    kubeconfig: { type: 'string', description: 'who to be', required: true },
    port: { type: 'number', description: 'where', default: 80 },
  },
} as const;

test('a command line is read into settings and a level of logs', () => {
  const begun = beginning(program, ['--kubeconfig=/k', '--log-level', 'warn'], { BINNACLE_PORT: '81' });
  expect(begun).toMatchObject({ settings: { kubeconfig: '/k', port: 81 }, level: 'warn' });
});

test('help is given whatever else is missing, on standard output', () => {
  const begun = beginning(program, ['--help'], {});
  expect(begun).toMatchObject({ to: 'stdout', exitCode: 0 });
  const { say } = begun as { say: string };
  for (const word of ['Usage: kube-test', '--kubeconfig', '--port', 'default 80', '--log-level']) {
    expect(say).toContain(word);
  }
});

test.each([
  [[], '--kubeconfig is required'],
  [['--kubeconfig=/k', '--port=many'], '--port must be a number'],
  [['--kubeconfig=/k', '--prot=1'], "Unknown option '--prot'"],
  [['--kubeconfig=/k', '--log-level=loud'], '--log-level must be one of debug, info, warn, error, not "loud"'],
])('%j is refused in one sentence', (argv, sentence) => {
  const begun = beginning(program, argv, {});
  expect(begun).toMatchObject({ to: 'stderr', exitCode: 2 });
  expect((begun as { say: string }).say).toContain(sentence);
});
