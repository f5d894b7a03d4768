import { expect, it } from 'vitest';
import { matrix } from './index.js';
import { pageOf, readPage, seenBy } from './page.js';
import { does, refuses, wordsOf } from './step.js';

const sections = [
  { title: 'get', steps: [does('get pods', /a|b/), refuses('get x|y', 'no such thing'), does('get late', /^$/)] },
];
const outcomes = [
  { command: 'get pods' },
  { command: 'get x|y', fault: 'said z' },
  { command: 'get late', isOlder: true },
];

it('tells what was seen of each command, and is read again as it was written', () => {
  const seen = new Map([['1.9', seenBy(outcomes)]]);
  const page = pageOf(sections, new Map([['1.30', seenBy([{ command: 'get pods' }])], ...seen]));
  expect(page).toContain('| `get pods` | `a\\|b` | yes | yes |');
  expect(page).toContain('| `get x\\|y` | refused: `no such thing` | **no** |  |');
  expect(page).toContain('| `get late` | nothing | – |  |');
  expect(readPage(page).get('1.9')).toEqual(seen.get('1.9'));
  expect(pageOf(sections, readPage(page))).toBe(page);
});

it('holds a command good only where it was each time', () => {
  expect(seenBy([{ command: 'a', fault: 'x' }, { command: 'a' }]).get('a')).toBe('**no**');
  expect(seenBy([{ command: 'a' }, { command: 'a', fault: 'x' }]).get('a')).toBe('**no**');
});

it('parts words as a shell does', () => {
  expect(wordsOf("create cronjob x --schedule='0 3 * * *' -- sh -c 'exit 3' ''")).toEqual([
    'create',
    'cronjob',
    'x',
    '--schedule=0 3 * * *',
    '--',
    'sh',
    '-c',
    'exit 3',
    '',
  ]);
});

it('has rows that can be read again', () => {
  const seen = new Map([['1.30', seenBy(matrix.flatMap(({ steps }) => steps))]]);
  expect(readPage(pageOf(matrix, seen)).get('1.30')).toEqual(seen.get('1.30'));
});
