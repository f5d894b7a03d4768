import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { describe, expect, test } from 'vitest';
import { kubeletStreamQuery, streamContainer, type StreamKind } from './stream-options.js';

const pod = (containers: string[], init: string[] = [], ephemeral: string[] = []): Pod => {
  const image = (name: string) => ({ name, image: 'i' });
  const [initContainers, ephemeralContainers] = [init.map(image), ephemeral.map(image)];
  const spec = { containers: containers.map(image), initContainers, ephemeralContainers };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec };
};

describe('the container of a stream', () => {
  test('is the only one, or the one that is named', () => {
    expect(streamContainer(pod(['a']), '')).toBe('a');
    expect(streamContainer(pod(['a', 'b'], ['i'], ['e']), 'e')).toBe('e');
  });

  test('is asked for, with the choices, where it cannot be told', () => {
    const why = 'a container name must be specified for pod p, choose one of: [i a b e]';
    expect(() => streamContainer(pod(['a', 'b'], ['i'], ['e']), '')).toThrow(why);
    expect(() => streamContainer(pod(['a']), 'z')).toThrow('container z is not valid for pod p');
  });
});

test.each<[StreamKind, string, string]>([
  [
    'exec',
    'stdin=true&stdout=1&stderr=&tty=false&command=a&command=b%20c',
    'input=1&output=1&error=1&command=a&command=b+c',
  ],
  ['attach', 'stdout=0&stderr=False&tty=yes&command=a', 'tty=1'],
  ['portforward', 'ports=80&ports=81,82&stdout=1', 'port=80%2C81%2C82'],
  ['portforward', '', ''],
])('a kubelet is asked for %s of %s', (kind, asked, passed) => {
  expect(kubeletStreamQuery(kind, new URLSearchParams(asked)).toString()).toBe(passed);
});

test('ports are numbers', () => {
  expect(() => kubeletStreamQuery('portforward', new URLSearchParams('ports=http'))).toThrow('invalid syntax');
});
