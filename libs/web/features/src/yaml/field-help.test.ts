// @vitest-environment jsdom
import { CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { EditorState } from '@codemirror/state';
import type { ApiDocument } from '@binnacle/web-data';
import { describe, expect, test } from 'vitest';
import { fieldHelp } from './field-help.js';
import { FieldSchemas } from './field-schema.js';

const kind = { group: 'example.com', version: 'v1', kind: 'CronTab' };
const document: ApiDocument = {
  components: {
    schemas: {
      CronTab: {
        'x-kubernetes-group-version-kind': [kind],
        properties: {
          kind: { type: 'string' },
          spec: {
            type: 'object',
            required: ['schedule'],
            properties: {
              schedule: { type: 'string', description: 'When it runs.' },
              suspend: { type: 'boolean' },
              policy: { type: 'string', enum: ['Allow', 'Forbid'] },
              labels: { type: 'object', additionalProperties: { type: 'string' } },
              steps: { type: 'array', items: { type: 'object', properties: { image: { type: 'string' } } } },
            },
          },
        },
      },
    },
  },
};
const fields = new FieldSchemas(document, kind);

/** What is suggested at the end of a text. */
async function suggested(text: string, { explicit = false, known = true } = {}): Promise<CompletionResult | null> {
  const state = EditorState.create({
    doc: text,
    extensions: [yaml(), fieldHelp(() => (known ? fields : undefined))],
  });
  const [complete] = state.languageDataAt<(context: CompletionContext) => CompletionResult | null>(
    'autocomplete',
    text.length,
  );
  return complete?.(new CompletionContext(state, text.length, explicit)) ?? null;
}
const labels = (result: CompletionResult | null) => result?.options.map(({ label }) => label);
/** The text once the suggestion of that name has been taken. */
async function taken(text: string, label: string): Promise<string> {
  const result = await suggested(text, { explicit: true });
  const option = result?.options.find((each) => each.label === label);
  return text.slice(0, result?.from) + String(option?.apply);
}

describe('names of fields', () => {
  test('are suggested where a field is begun, what is required first', async () => {
    const result = await suggested('spec:\n  s');
    expect(labels(result)).toEqual(['schedule', 'labels', 'policy', 'steps', 'suspend']);
    expect(result?.from).toBe('spec:\n  '.length);
    expect(result?.options[0]).toMatchObject({ detail: 'string', info: 'When it runs.' });
    const boosts = result?.options.map(({ boost = 0 }) => boost) ?? [];
    expect([...boosts].sort((a, b) => b - a)).toEqual(boosts);
  });

  test('are those of where one is: of a list’s items, of the object itself', async () => {
    expect(labels(await suggested('spec:\n  steps:\n  - i'))).toEqual(['image']);
    expect(labels(await suggested('s'))).toEqual(['kind', 'spec']);
  });

  test('are suggested before a letter only where somebody asks', async () => {
    expect(await suggested('spec:\n  ')).toBeNull();
    expect(labels(await suggested('spec:\n  ', { explicit: true }))).toHaveLength(5);
  });

  test.each([
    ['schedule', 'spec:\n  schedule: '],
    ['labels', 'spec:\n  labels:\n    '],
    ['steps', 'spec:\n  steps:\n  - '],
  ])('once taken, %s is followed by what belongs there', async (name, text) => {
    expect(await taken('spec:\n  s', name)).toBe(text);
  });
});

describe('values', () => {
  test.each([
    ['spec:\n  policy: ', ['Allow', 'Forbid']],
    ['spec:\n  suspend: t', ['true', 'false']],
    ['spec:\n  schedule: ', []],
    ['spec:\n  unknown: x', []],
  ])('%j: %j', async (text, values) => {
    expect(labels(await suggested(text))).toEqual(values);
  });

  test('take the place of what of them is there', async () => {
    const text = 'spec:\n  policy: Fo';
    expect((await suggested(text))?.from).toBe(text.length - 2);
  });
});

test('nothing is suggested where neither is written, nor while the schema is on its way', async () => {
  expect(await suggested('spec:\n  # a word')).toBeNull();
  expect(await suggested('spec:\n  s', { known: false })).toBeNull();
});
