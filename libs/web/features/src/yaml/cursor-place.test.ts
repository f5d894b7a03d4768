import { formatYaml, YamlLocator } from '@binnacle/machinery-yaml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cursorPlace } from './cursor-place.js';

const DOCUMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  template:
    spec:
      # the containers
      containers:
      - name: app
        image: nginx

        ports:
          - containerPort: 80
            protocol: TCP
        env:
        - name: A
          value: b
  strategy:
    type: Recreate
`;

/** The place at the end of the first line that holds `text`. */
function at(text: string) {
  const end = DOCUMENT.indexOf('\n', DOCUMENT.indexOf(text));
  return cursorPlace(DOCUMENT.slice(0, end));
}

test.each([
  ['kind: Dep', [], 'kind', 'Deployment'],
  ['name: web', ['metadata'], 'name', 'web'],
  ['app.kubernetes.io/name', ['metadata', 'labels'], 'app.kubernetes.io/name', 'web'],
  ['name: app', ['spec', 'template', 'spec', 'containers', 0], 'name', 'app'],
  ['image: nginx', ['spec', 'template', 'spec', 'containers', 0], 'image', 'nginx'],
  ['containerPort', ['spec', 'template', 'spec', 'containers', 0, 'ports', 0], 'containerPort', '80'],
  ['protocol', ['spec', 'template', 'spec', 'containers', 0, 'ports', 0], 'protocol', 'TCP'],
  ['value: b', ['spec', 'template', 'spec', 'containers', 0, 'env', 0], 'value', 'b'],
  ['type: Recreate', ['spec', 'strategy'], 'type', 'Recreate'],
])('in %j it is of the object it is indented below', (text, path, key, value) => {
  expect(at(text)).toEqual({ path, key, value });
});

test('a key that is only begun is of the object its column says', () => {
  expect(cursorPlace(`${DOCUMENT}  repl`)).toEqual({ path: ['spec'], key: 'repl' });
  expect(cursorPlace(`${DOCUMENT}    roll`)).toEqual({ path: ['spec', 'strategy'], key: 'roll' });
  expect(cursorPlace(`${DOCUMENT}sta`)).toEqual({ path: [], key: 'sta' });
  expect(cursorPlace('spec:\n  containers:\n  - ')).toEqual({ path: ['spec', 'containers', 0], key: '' });
});

test('what is neither key nor value has no place', () => {
  expect(cursorPlace('spec:\n  # a word')).toBeUndefined();
  expect(cursorPlace('just some words')).toBeUndefined();
});

test('any text at all has a place or none', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ab:- \n#"\'/0') }), (text) => void cursorPlace(text)));
});

test('at the end of any line that we write ourselves the place is that of its field', () => {
  const RESERVED = ['null', 'true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n'];
  const name = fc
    .stringMatching(/^[a-z][a-zA-Z/.-]{0,6}$/)
    .filter((key) => !RESERVED.includes(key) && /[a-zA-Z]$/.test(key));
  const { map } = fc.letrec((tie) => ({
    node: fc.oneof({ depthSize: 'small' }, fc.integer(), tie('list'), tie('map')),
    list: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
    map: fc.dictionary(name, tie('node'), { minKeys: 1, maxKeys: 3 }),
  }));
  fc.assert(
    fc.property(map, (document) => {
      const text = formatYaml(document);
      const lines = text.split('\n');
      for (const { path, line, type } of new YamlLocator(text).fields()) {
        const key = path.at(-1);
        if (type !== 'number' || typeof key !== 'string') continue;
        // Which item of a list it is, indentation alone does not say.
        const parent = path.slice(0, -1).map((step) => (typeof step === 'number' ? 0 : step));
        expect(cursorPlace(lines.slice(0, line).join('\n'))).toMatchObject({ path: parent, key });
      }
    }),
  );
});
