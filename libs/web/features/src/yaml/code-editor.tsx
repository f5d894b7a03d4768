'use client';

import { yaml } from '@codemirror/lang-yaml';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import { codeTheme } from './code-theme.js';

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
  /** Shows what differs from this text. */
  readonly original?: string;
  readonly onChange?: (value: string) => void;
}

function extensions(props: CodeEditorProps, onChange: (value: string) => void): Extension[] {
  return [
    basicSetup,
    yaml(),
    codeTheme,
    EditorView.lineWrapping,
    EditorState.tabSize.of(2),
    EditorView.contentAttributes.of({ 'aria-label': props.label, tabindex: '0' }),
    EditorState.readOnly.of(props.readOnly),
    ...(props.readOnly ? [] : [lintGutter()]),
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
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
}

function toDiagnostics(state: EditorState, marks: readonly Mark[]): Diagnostic[] {
  return marks.map(({ line, message }) => {
    const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
    const indent = at.text.length - at.text.trimStart().length;
    return { from: at.from + indent, to: Math.max(at.to, at.from + indent), severity: 'error', message };
  });
}

/** A YAML editor. Its text belongs to the reader once it is shown: `value` replaces it only when it is another. */
export function CodeEditor(props: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const onChange = useRef(props.onChange);
  const { value, marks, readOnly, original } = props;
  useEffect(() => {
    onChange.current = props.onChange;
  });
  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: extensions(props, (text) => onChange.current?.(text)),
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
    const line = editor.state.doc.line(Math.min(first.line, editor.state.doc.lines));
    editor.dispatch({ selection: { anchor: line.to }, effects: EditorView.scrollIntoView(line.from, { y: 'center' }) });
  }, [marks, readOnly]);
  return <div ref={host} className="h-full min-h-0 overflow-hidden" />;
}
