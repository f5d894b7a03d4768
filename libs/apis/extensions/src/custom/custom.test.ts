import type { UnstructuredObject } from '@binnacle/machinery-meta';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomResourceColumnDefinition, CustomResourceDefinition } from '../crd/types.js';
import { metadataReader } from '../objects/object-meta.js';
import { asDefined, conformCustom } from './conform.js';
import { deprecationOf } from './deprecation.js';
import { customKind } from './kind.js';
import { modelName, servedNames } from './names.js';
import { nestedInteger, nestedText, setNested, simplePath } from './paths.js';
import { customPrinter } from './printer.js';
import { scaleMapping, validateScaleSpec, validateScaleStatus } from './scale.js';
import { selectableReaders } from './selectable.js';
import { customWarnings } from './warnings.js';

const reader = metadataReader();
const NOW = Date.parse('2026-11-29T10:00:00Z');
const widget = (more: object = {}, metadata: object = {}): UnstructuredObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'a', ...metadata },
  ...more,
});

describe('columns of a custom kind', () => {
  const row = (columns: CustomResourceColumnDefinition[], object: UnstructuredObject) =>
    customPrinter(columns).row(object, NOW);
  const column = (type: string, jsonPath: string) => ({ name: 'C', type, jsonPath });

  it('are the name and the age where the definition says none', () => {
    const printer = customPrinter();
    expect(printer.columns.map(({ name }) => name)).toEqual(['Name', 'Age']);
    expect(printer.row(widget({}, { creationTimestamp: '2026-11-29T09:58:00Z' }), NOW)).toEqual(['a', '2m']);
    expect(customPrinter([]).columns).toHaveLength(2);
  });

  it.each([
    ['string', { v: 'x' }, 'x'],
    ['string', { v: 3 }, '3'],
    ['string', { v: true }, 'true'],
    ['string', { v: { b: 1, a: [2] } }, '{"a":[2],"b":1}'],
    ['string', { v: null }, null],
    ['string', {}, null],
    ['integer', { v: 3.7 }, 3],
    ['integer', { v: '3' }, null],
    ['number', { v: 3.7 }, 3.7],
    ['number', { v: true }, null],
    ['boolean', { v: false }, false],
    ['boolean', { v: 'false' }, null],
    ['date', { v: '2026-11-29T07:00:00Z' }, '3h'],
    ['date', { v: 'yesterday' }, '<invalid>'],
    ['date', { v: 5 }, null],
    ['colour', { v: 'x' }, null],
  ])('of type %s show %j as %j', (type, spec, cell) => {
    expect(row([column(type, '.spec.v')], widget({ spec }))).toEqual(['a', cell]);
  });

  it('show the first of what their path finds, and nothing for a path that is none', () => {
    const object = widget({
      status: {
        c: [
          { t: 'A', s: '1' },
          { t: 'B', s: '2' },
        ],
      },
    });
    expect(
      row(
        [column('string', '.status.c[*].s'), column('string', '.status.c[?(@.t=="B")].s'), column('string', '.x[')],
        object,
      ),
    ).toEqual(['a', '1', '2', null]);
  });

  it('say what they are, by themselves where nobody does', () => {
    const { columns } = customPrinter([
      { ...column('integer', '.spec.v'), priority: 1, format: 'int32' },
      { ...column('string', '.spec.w'), description: 'Its w.' },
    ]);
    expect(columns.slice(1)).toEqual([
      {
        name: 'C',
        type: 'integer',
        format: 'int32',
        priority: 1,
        description: 'Custom resource definition column (in JSONPath format): .spec.v',
      },
      { name: 'C', type: 'string', format: '', priority: 0, description: 'Its w.' },
    ]);
  });
});

describe('the scale of a custom kind', () => {
  const paths = {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.ready',
    labelSelectorPath: '.status.selector',
  };
  const scale = scaleMapping(paths);

  it('is read where the definition says, zero and empty where the status is silent', () => {
    expect(scale.get(widget({ spec: { replicas: 3 }, status: { ready: 2, selector: 'a=b' } }))).toEqual({
      spec: 3,
      status: 2,
      selector: 'a=b',
    });
    expect(scale.get(widget({ spec: { replicas: 0 } }))).toEqual({ spec: 0, status: 0, selector: '' });
    expect(
      scaleMapping({ ...paths, labelSelectorPath: '' }).get(widget({ spec: { replicas: 1 }, status: { selector: 5 } }))
        .selector,
    ).toBe('');
  });

  it.each([
    [{}, 'the spec replicas field ".spec.replicas" does not exist'],
    [{ spec: { replicas: 'x' } }, '.spec.replicas accessor error: x is of the type string, expected int64'],
    [{ spec: { replicas: 1.5 } }, '.spec.replicas accessor error: 1.5 is of the type float64, expected int64'],
    [{ spec: [] }, '.spec accessor error: [] is of the type []interface {}, expected map[string]interface{}'],
    [
      { spec: { replicas: 1 }, status: { selector: {} } },
      '.status.selector accessor error: {} is of the type map[string]interface {}, expected string',
    ],
  ])('of %j is an error', (more, message) => {
    expect(() => scale.get(widget(more))).toThrow(message);
  });

  it('is written, with objects on the way where there are none', () => {
    const object = widget();
    scale.set(object, 4);
    expect(object.spec).toEqual({ replicas: 4 });
    const inTheWay = widget({ spec: 'text' });
    expect(() => scale.set(inTheWay, 4)).toThrow('value cannot be set because .spec is not a map[string]interface{}');
  });

  it.each([
    [{ spec: { replicas: -1 } }, ['.spec.replicas: Invalid value: -1: should be a non-negative integer']],
    [
      { spec: { replicas: 2 ** 31 } },
      ['.spec.replicas: Invalid value: 2147483648: should be less than or equal to 2147483647'],
    ],
    [
      { spec: { replicas: true } },
      ['.spec.replicas: Invalid value: 0: .spec.replicas accessor error: true is of the type bool, expected int64'],
    ],
    [
      { status: { ready: -2, selector: 1 } },
      [
        '.status.ready: Invalid value: -2: should be a non-negative integer',
        '.status.selector: Invalid value: "": .status.selector accessor error: 1 is of the type int64, expected string',
      ],
    ],
    [{ spec: { replicas: 0 } }, []],
  ])('of %j is judged', (more, faults) => {
    const found = [...validateScaleSpec(widget(more), paths), ...validateScaleStatus(widget(more), paths)];
    expect(found.map(({ field, message }) => `${field}: ${message}`)).toEqual(faults);
    expect(validateScaleSpec(widget(more), undefined)).toEqual([]);
    expect(validateScaleStatus(widget(more), undefined)).toEqual([]);
  });
});

describe('simple paths', () => {
  const names = fc.array(fc.stringMatching(/^[a-z_]{1,12}$/), { minLength: 1, maxLength: 5 });

  it('find what was set there, and touch nothing that every object inherits', () => {
    fc.assert(
      fc.property(names, fc.integer(), (path, value) => {
        const object = {};
        setNested(object, path, value);
        expect(nestedInteger(object, path)).toEqual({ value });
        expect(nestedText(object, path).problem).toMatch(/expected string$/);
      }),
      { examples: [[['__proto__', 'polluted'], 1]] },
    );
    expect('polluted' in {}).toBe(false);
  });

  it('begin with a dot or not, and end where a null stands', () => {
    expect(simplePath('.a.b')).toEqual(simplePath('a.b'));
    expect(nestedInteger({ a: null }, ['a', 'b'])).toEqual({});
    expect(nestedText({ a: null }, ['a']).problem).toBe(
      '.a accessor error: null is of the type <nil>, expected string',
    );
  });
});

describe('selectable fields', () => {
  it('are told by their path, as texts', () => {
    const readers = selectableReaders([{ jsonPath: '.spec.color' }, { jsonPath: '.spec.size' }]);
    const object = widget({ spec: { color: 'red', size: 3 } });
    expect(Object.entries(readers).map(([name, read]) => [name, read(object)])).toEqual([
      ['spec.color', 'red'],
      ['spec.size', '3'],
    ]);
    expect(readers['spec.color']?.(widget({ spec: { color: null } }))).toBe('');
    expect(readers['spec.color']?.(widget())).toBe('');
  });
});

describe('warnings', () => {
  const said = (finalizers: string[], before: string[] = []): string[] =>
    customWarnings(widget({}, { finalizers }), widget({}, { finalizers: before }));

  it('are given of finalizers without a domain, once and only when they are new', () => {
    const advice = 'prefer a domain-qualified finalizer name';
    const rest = 'to avoid accidental conflicts with other finalizer writers';
    expect(said(['mine', 'mine'])).toEqual([`metadata.finalizers: "mine": ${advice} ${rest}`]);
    expect(said(['example.com'])).toEqual([
      `metadata.finalizers: "example.com": ${advice} including a path (/) ${rest}`,
    ]);
    expect(said(['mine', 'example.com/x', 'foregroundDeletion', 'orphan'], ['mine'])).toEqual([]);
    expect(customWarnings(widget({}, { finalizers: ['mine'] }))).toHaveLength(1);
  });
});

function definition(spec: object = {}, status?: object): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true }],
      ...spec,
    },
    ...(status && { status }),
  } as CustomResourceDefinition;
}

describe('a kind of a definition', () => {
  it('is served under the names it was granted, else under those it asks for', () => {
    expect(servedNames(definition())).toMatchObject({
      plural: 'widgets',
      singular: '',
      listKind: 'WidgetList',
      shortNames: [],
    });
    const acceptedNames = { plural: 'gadgets', kind: 'Gadget', listKind: 'Gadgets', shortNames: ['g'] };
    expect(servedNames(definition({}, { acceptedNames }))).toMatchObject(acceptedNames);
    expect(servedNames(definition({}, { acceptedNames: { plural: '', kind: '' } })).plural).toBe('widgets');
    expect(modelName('stable.example.com', 'v1', 'CronTab')).toBe('com.example.stable.v1.CronTab');
  });

  it('takes anything where no schema is said, and keeps everything where all is to be preserved', () => {
    expect(customKind(definition(), 'v1').schema['x-kubernetes-preserve-unknown-fields']).toBe(true);
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
    expect(customKind(definition({ versions }), 'v1').schema).toEqual({ type: 'object' });
    const loose = customKind(definition({ versions, preserveUnknownFields: true }), 'v1');
    expect(loose.schema['x-kubernetes-preserve-unknown-fields']).toBe(true);
    expect(() => customKind(definition(), 'v2')).toThrow(new RangeError('widgets.example.com has no version v2'));
  });

  it.each([
    [{}, undefined],
    [{ deprecated: true }, 'example.com/v1 Widget is deprecated; use example.com/v2 Widget'],
    [{ deprecated: true, deprecationWarning: 'Go away' }, 'Go away'],
    [{ deprecated: true, name: 'v3' }, 'example.com/v3 Widget is deprecated'],
  ])('that is %j warns: %s', (said, warning) => {
    const version = { name: 'v1', served: true, storage: true, ...said };
    const others = [
      { name: 'v2beta1', served: true, storage: false },
      { name: 'v2', served: true, storage: false },
      { name: 'v9', served: false, storage: false },
    ];
    expect(deprecationOf(customKind(definition({ versions: [version, ...others] }), version.name))).toBe(warning);
  });
});

describe('an object of a custom kind', () => {
  const schema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: { size: { type: 'integer', default: 1 }, note: { type: 'string' } },
      },
    },
  };
  const read = (value: unknown) => conformCustom(value, false, schema, reader);

  it('loses what its schema and its metadata have no place for, and tells of it', () => {
    const sent = widget({ spec: { size: 2, nope: 1, note: null }, other: 1 }, { colour: 'red' });
    expect(read(sent)).toEqual({
      object: widget({ spec: { size: 2 } }),
      unknownFields: ['metadata.colour', 'other', 'spec.nope'],
    });
    expect(sent).toHaveProperty('other');
  });

  it.each([
    ['a text', 'x'],
    ['a list', []],
    ['nothing', null],
  ])('is not %s', (_name, value) => {
    expect(() => read(value)).toThrow('the object must be a JSON object');
  });

  it('must have good metadata when it comes, and is shown as far as it can be when it was stored', () => {
    const bad = widget({}, { labels: 5 });
    expect(() => read(bad)).toThrow('json: cannot unmarshal number into Go struct field ObjectMeta.labels');
    expect(asDefined(bad, { schema }, reader)).toEqual(widget());
  });

  it('from the store gets what its definition says now, or is itself', () => {
    const stored = widget({ spec: { nope: 1 } });
    expect(asDefined(stored, { schema }, reader)).toEqual(widget({ spec: { size: 1 } }));
    const good = widget({ spec: { size: 5 } });
    expect(asDefined(good, { schema }, reader)).toBe(good);
  });
});
