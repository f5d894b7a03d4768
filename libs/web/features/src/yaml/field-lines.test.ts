import fc from 'fast-check';
import { formatYaml } from '@binnacle/machinery-yaml';
import { describe, expect, test } from 'vitest';
import { FieldLines, parseFieldPath } from './field-lines.js';

const lineOfField = (text: string, path: string): number | undefined => new FieldLines(text).lineOf(path);

const yaml = `apiVersion: apps/v1
metadata:
  labels:
    app.kubernetes.io/name: web
  name: web
spec:
  # how many
  replicas: -1
  template:
    spec:
      containers:
      - name: a
        image: x
      - name: b
        ports:
          - containerPort: 80
          - containerPort: 81
            protocol: "TCP"
status: {}
`;

describe('lineOfField', () => {
  test.each([
    ['spec.replicas', 8],
    ['metadata.labels[app.kubernetes.io/name]', 4],
    ['spec.template.spec.containers[0].image', 13],
    ['spec.template.spec.containers[1]', 14],
    ['spec.template.spec.containers[1].ports[1].protocol', 18],
    ['spec.template.spec.containers[1].ports[1].missing', 17],
    ['spec.selector', 6],
    ['nothing', undefined],
    ['', undefined],
  ])('%s is on line %s', (path, line) => {
    expect(lineOfField(yaml, path)).toBe(line);
  });

  test('finds every leaf of what we write ourselves', () => {
    const name = fc
      .stringMatching(/^[a-z][a-zA-Z]{0,6}$/)
      .filter((key) => !['null', 'true', 'false', 'y', 'n'].includes(key));
    const value = fc.letrec((tie) => ({
      node: fc.oneof({ depthSize: 'small' }, fc.integer(), tie('list'), tie('map')),
      list: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
      map: fc.dictionary(name, tie('node'), { minKeys: 1, maxKeys: 3 }),
    })).map;
    fc.assert(
      fc.property(value, (document) => {
        let next = 1_000;
        const leaves = new Map<string, number>();
        const number = (node: unknown, path: string): unknown => {
          if (Array.isArray(node)) return node.map((item, index) => number(item, `${path}[${index}]`));
          if (node && typeof node === 'object')
            return Object.fromEntries(
              Object.entries(node).map(([key, item]) => [key, number(item, path ? `${path}.${key}` : key)]),
            );
          leaves.set(path, next);
          return next++;
        };
        const text = formatYaml(number(document, ''));
        for (const [path, leaf] of leaves) {
          expect(text.split('\n')[(lineOfField(text, path) ?? 0) - 1]).toContain(String(leaf));
        }
      }),
    );
  });

  test('never throws for a path', () => {
    fc.assert(fc.property(fc.string(), (path) => void lineOfField(yaml, path)));
  });

  test('reads flow style, quotes and aliases too', () => {
    const text = '"spec": {\n  a: 1, "b.c": [x,\n  {d: 2}]}\nother: &o\n  k: 1\nsame: *o\n';
    expect(lineOfField(text, 'spec[b.c][1].d')).toBe(3);
    expect(lineOfField(text, 'same.k')).toBe(5);
  });
});

test('parseFieldPath', () => {
  expect(parseFieldPath('a.b[0].c[x.y/z]["q"]')).toEqual(['a', 'b', 0, 'c', 'x.y/z', 'q']);
});
