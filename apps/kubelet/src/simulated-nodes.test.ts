import { readSimulatedNode } from '@binnacle/node-simulated';
import { expect, test } from 'vitest';
import { distinctNodes } from './simulated-nodes.js';

test('a name and an address belong to the first file that has them, and the others go on', () => {
  const node = (name: string, address: string) => readSimulatedNode(JSON.stringify({ name, address }));
  const { nodes, complaints } = distinctNodes([
    { file: 'a.json', node: node('a', '127.0.0.1') },
    { file: 'b.json', node: node('a', '127.0.0.2') },
    { file: 'c.json', node: node('c', '127.0.0.1') },
    { file: 'd.json', node: node('d', '127.0.0.2') },
  ]);
  expect(nodes.map(({ name }) => name)).toEqual(['a', 'd']);
  expect(complaints).toEqual(['b.json: a.json has the name a', 'c.json: a.json has the address 127.0.0.1']);
});
