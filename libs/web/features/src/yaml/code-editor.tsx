'use client';

import { yaml } from '@codemirror/lang-yaml';
import { type Diagnostic, linter, lintGutter, setDiagnostics } from '@codemirror/lint';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension, type Line } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import { codeTheme } from './code-theme.js';
import { fieldHelp } from './field-help.js';
import type { FieldSchemas } from './field-schema.js';

export interface Mark {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

interface CodeEditorProps {
  readonly label: string;
  readonly value: string;
  readonly readOnly: boolean;
  readonly marks?: readonly Mark[];
  /** What is wrong with the text by itself; asked while somebody types. */
  readonly check?: (text: string) => readonly Mark[];
  /** What the kind's schema says of the fields. */
  readonly fields?: FieldSchemas | undefined;
  /** Shows what differs from this text. */
  readonly original?: string;
  readonly onChange?: (value: string) => void;
}

/** So long after the last letter a text is looked at. */
const CHECK_MILLISECONDS = 400;

/** What the editor asks of its owner, as it is now. */
interface Owner {
  change(text: string): void;
  marks(text: string): readonly Mark[];
  fields(): FieldSchemas | undefined;
}

function extensions(props: CodeEditorProps, owner: Owner): Extension[] {
  return [
    basicSetup,
    yaml(),
    fieldHelp(() => owner.fields()),
    codeTheme,
    EditorView.lineWrapping,
    EditorState.tabSize.of(2),
    EditorView.contentAttributes.of({ 'aria-label': props.label, tabindex: '0' }),
    EditorState.readOnly.of(props.readOnly),
    ...(props.readOnly ? [] : [lintGutter(), checker(owner)]),
    ...(props.original === undefined
      ? []
      : [
          unifiedMergeView({
            original: props.original,
            mergeControls: false,
            gutter: true,
            collapseUnchanged: { margin: 3, minSize: 6 },
          }),
        ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) owner.change(update.state.doc.toString());
    }),
  ];
}

/** The line a mark means; the nearest one there is where the text has become shorter. */
const lineOf = ({ doc }: EditorState, { line }: Mark): Line => doc.line(Math.min(Math.max(line, 1), doc.lines));

function toDiagnostics(state: EditorState, marks: readonly Mark[]): Diagnostic[] {
  return marks.map((mark) => {
    const at = lineOf(state, mark);
    const { message } = mark;
    const indent = at.text.length - at.text.trimStart().length;
    return { from: at.from + indent, to: Math.max(at.to, at.from + indent), severity: 'error', message };
  });
}

function checker(owner: Owner): Extension {
  return linter(({ state }) => toDiagnostics(state, owner.marks(state.doc.toString())), { delay: CHECK_MILLISECONDS });
}

/** A YAML editor. Its text belongs to the reader once it is shown: `value` replaces it only when it is another. */
export function CodeEditor(props: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const current = useRef(props);
  const { value, marks, readOnly, original } = props;
  useEffect(() => {
    current.current = props;
  });
  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: extensions(props, {
          change: (text) => current.current.onChange?.(text),
          fields: () => current.current.fields,
          marks: (text) => [...(current.current.marks ?? []), ...(current.current.check?.(text) ?? [])],
        }),
      }),
    });
    view.current = editor;
    if (!readOnly) editor.focus();
    return () => editor.destroy();
    // A new editor only when its nature changes; text and marks go into the one that is there.
  }, [readOnly, original]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || readOnly) return;
    editor.dispatch(setDiagnostics(editor.state, toDiagnostics(editor.state, marks ?? [])));
    const first = marks?.[0];
    if (!first) return;
    const line = lineOf(editor.state, first);
    editor.dispatch({ selection: { anchor: line.to }, effects: EditorView.scrollIntoView(line.from, { y: 'center' }) });
  }, [marks, readOnly]);
  return <div ref={host} className="h-full min-h-0 overflow-hidden" />;
}
