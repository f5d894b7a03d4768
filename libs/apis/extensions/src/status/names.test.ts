import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from '../crd/types.js';
import { grantNames, hasItsNames, takenNames } from './names.js';

type Names = CustomResourceDefinitionNames;

const definition = (names: Names, acceptedNames?: Names, group = 'example.com'): CustomResourceDefinition =>
  ({
    metadata: { name: `${names.plural}.${group}` },
    spec: { group, names, versions: [], scope: 'Cluster' },
    ...(acceptedNames && { status: { acceptedNames } }),
  }) as unknown as CustomResourceDefinition;

const widgets: Names = {
  plural: 'widgets',
  singular: 'widget',
  kind: 'Widget',
  listKind: 'WidgetList',
  shortNames: ['wd'],
};
const gadgets: Names = { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' };
const taken = takenNames('example.com', [definition(widgets, widgets)]);

describe('names that are taken', () => {
  it('are those granted within the group, and none that are only asked for', () => {
    expect([...taken.resources]).toEqual(['widgets', 'widget', 'wd']);
    expect([...taken.kinds]).toEqual(['Widget', 'WidgetList']);
    expect(takenNames('other.com', [definition(widgets, widgets)]).resources.size).toBe(0);
    expect(takenNames('example.com', [definition(widgets)]).resources.size).toBe(0);
  });
});

describe('names that are asked for', () => {
  const used = (name: string) => `"${name}" is already in use`;
  it.each<[Partial<Names>, string, string]>([
    [{}, 'NoConflicts', 'no conflicts found'],
    [{ plural: 'wd' }, 'PluralConflict', used('wd')],
    [{ singular: 'widgets' }, 'SingularConflict', used('widgets')],
    [{ shortNames: ['x', 'wd'] }, 'ShortNamesConflict', used('wd')],
    [{ shortNames: ['wd', 'widget', 'wd'] }, 'ShortNamesConflict', `[${used('wd')}, ${used('widget')}]`],
    [{ kind: 'WidgetList' }, 'KindConflict', used('WidgetList')],
    [{ listKind: 'Widget' }, 'ListKindConflict', used('Widget')],
    [{ plural: 'widgets', kind: 'Widget' }, 'KindConflict', used('Widget')],
  ])('with %j: %s', (more, reason, message) => {
    const { condition, names } = grantNames(definition({ ...gadgets, ...more }), taken);
    expect(condition).toMatchObject({ type: 'NamesAccepted', reason, message });
    expect(condition.status).toBe(reason === 'NoConflicts' ? 'True' : 'False');
    if (reason === 'NoConflicts') expect(names).toEqual(gadgets);
  });

  it('are kept where they were granted, though they are taken: by itself', () => {
    const { names, condition } = grantNames(definition({ ...widgets, categories: ['all'] }, widgets), taken);
    expect(condition.status).toBe('True');
    expect(names).toEqual({ ...widgets, categories: ['all'] });
    const { shortNames: _shortNames, ...without } = widgets;
    expect(grantNames(definition(without, { ...widgets, categories: ['all'] }), taken).names).toEqual(without);
  });

  it('are had when all of them are granted', () => {
    expect(hasItsNames(definition(widgets, widgets))).toBe(true);
    expect(hasItsNames(definition({ ...widgets, shortNames: [] }, widgets))).toBe(false);
    expect(hasItsNames(definition(widgets))).toBe(false);
  });
});

describe('laws of granting', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const names = fc.record({
    plural: word,
    singular: word,
    kind: word,
    listKind: word,
    shortNames: fc.array(word, { maxLength: 2 }),
  });

  it('nobody is granted what another has, and what is granted once stays granted', () => {
    fc.assert(
      fc.property(names, names, (first, second) => {
        const owner = definition(first, grantNames(definition(first), takenNames('example.com', [])).names);
        const others = takenNames('example.com', [owner]);
        const { names: got } = grantNames(definition(second), others);
        for (const name of [got.plural, got.singular, ...(got.shortNames ?? [])]) {
          if (name) expect(others.resources.has(name)).toBe(false);
        }
        for (const kind of [got.kind, got.listKind]) if (kind) expect(others.kinds.has(kind)).toBe(false);
        const granted = definition(second, got);
        expect(grantNames(granted, takenNames('example.com', [owner, granted])).names).toEqual(got);
      }),
    );
  });
});
