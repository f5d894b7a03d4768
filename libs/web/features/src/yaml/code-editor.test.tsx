// @vitest-environment jsdom
import { layOut } from '@binnacle/web-ui/testing';
import { diagnosticCount, forEachDiagnostic } from '@codemirror/lint';
import { EditorView } from '@codemirror/view';
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CodeEditor, type Mark } from './code-editor.js';

beforeEach(() => layOut());
afterEach(cleanup);

const editor = () => EditorView.findFromDOM(document.querySelector('.cm-editor') as HTMLElement) as EditorView;
const text = () => editor().state.doc.toString();
const draw = (props: Partial<Parameters<typeof CodeEditor>[0]>) => {
  const whole = { label: 'YAML of a', value: 'a: 1\nb: 2\nc: 3', readOnly: false, ...props };
  const { rerender } = render(<CodeEditor {...whole} />);
  return (next: Partial<Parameters<typeof CodeEditor>[0]>) => rerender(<CodeEditor {...whole} {...next} />);
};
/** What is marked, as `line: message`. */
function marked(): string[] {
  const found: string[] = [];
  forEachDiagnostic(editor().state, ({ message }, from) => {
    found.push(`${editor().state.doc.lineAt(from).number}: ${message}`);
  });
  return found;
}

describe('the editor', () => {
  test('has a name and the focus where it can be typed into', () => {
    draw({});
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'YAML of a' }));
    cleanup();
    draw({ readOnly: true });
    expect(document.activeElement).toBe(document.body);
    expect(editor().state.readOnly).toBe(true);
  });

  test('tells what is typed, to whoever listens now', () => {
    const [first, second] = [vi.fn(), vi.fn()];
    const becomes = draw({ onChange: first });
    becomes({ onChange: second });
    act(() => editor().dispatch({ changes: { from: 0, insert: '# x\n' } }));
    expect(first).not.toHaveBeenCalled();
    expect(second.mock.calls).toEqual([['# x\na: 1\nb: 2\nc: 3']]);
  });

  test('keeps its place and its history when the same text comes again, and takes another', () => {
    const becomes = draw({});
    const before = editor();
    act(() => before.dispatch({ selection: { anchor: 3 } }));
    becomes({ value: 'a: 1\nb: 2\nc: 3' });
    expect(before.state.selection.main.anchor).toBe(3);
    becomes({ value: 'z: 9' });
    expect(text()).toBe('z: 9');
    expect(editor()).toBe(before);
  });

  test('is another one where it becomes one that can be typed into', () => {
    const becomes = draw({ readOnly: true });
    const before = editor();
    becomes({ readOnly: false });
    expect(editor()).not.toBe(before);
    expect(document.querySelectorAll('.cm-editor')).toHaveLength(1);
  });
});

describe('marks', () => {
  test.each<[string, Mark[], string[]]>([
    ['stand at their lines', [{ line: 2, message: 'no' }], ['2: no']],
    ['beyond the text stand at its last line', [{ line: 99, message: 'no' }], ['3: no']],
    ['before it at its first', [{ line: 0, message: 'no' }], ['1: no']],
  ])('%s', (_, marks, found) => {
    const becomes = draw({});
    becomes({ marks });
    expect(marked()).toEqual(found);
  });

  test('are gone when there are none any more', () => {
    const becomes = draw({ marks: [{ line: 1, message: 'no' }] });
    expect(diagnosticCount(editor().state)).toBe(1);
    becomes({ marks: [] });
    expect(diagnosticCount(editor().state)).toBe(0);
  });

  test('take the cursor to the first of them', () => {
    const becomes = draw({});
    becomes({
      marks: [
        { line: 3, message: 'x' },
        { line: 1, message: 'y' },
      ],
    });
    const { doc, selection } = editor().state;
    expect(doc.lineAt(selection.main.anchor).number).toBe(3);
  });

  test('are made while one types of what is wrong with the text by itself', async () => {
    draw({ check: (given) => (given.includes('[') ? [{ line: 1, message: 'unclosed' }] : []) });
    act(() => editor().dispatch({ changes: { from: 3, insert: '[' } }));
    await waitFor(() => expect(marked()).toEqual(['1: unclosed']), { timeout: 3_000 });
  });
});

test('a comparison tells what has come and what has gone', () => {
  draw({ readOnly: true, original: 'a: 1\nb: 1\nc: 3' });
  expect([...document.querySelectorAll('.cm-deletedChunk')].map((chunk) => chunk.textContent)).toEqual(['b: 1']);
  expect([...document.querySelectorAll('.cm-changedLine')].map((line) => line.textContent)).toEqual(['b: 2']);
});
