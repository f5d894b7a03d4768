import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The editor in the dashboard's own tokens, so that both themes follow by themselves. */
const chrome = EditorView.theme({
  '&': { height: '100%', fontSize: '12.5px', backgroundColor: 'transparent', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--accent)', paddingBlock: '12px' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-3)', border: 'none', paddingLeft: '8px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--hover) 60%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 24%, transparent) !important',
  },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--sunken)', border: '1px solid var(--line)', color: 'var(--ink-3)' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-panel input, .cm-panel button': { font: 'inherit', color: 'var(--ink)', background: 'var(--surface)' },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-soft)' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', border: '1px solid var(--line)', borderRadius: '6px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', maxHeight: '18em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px', color: 'var(--ink)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--selected)', color: 'var(--ink)' },
  '.cm-completionDetail': { color: 'var(--ink-3)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-completionIcon': { display: 'none' },
  '.cm-tooltip.cm-completionInfo, .cm-field-note': {
    fontFamily: 'var(--font-sans)',
    fontSize: '12.5px',
    lineHeight: '1.5',
    maxWidth: '26rem',
    padding: '8px 10px',
    whiteSpace: 'pre-wrap',
    color: 'var(--ink-2)',
  },
  '.cm-field-note code': { fontFamily: 'var(--font-mono)', fontSize: '12px', color: 'var(--ink)' },
  '.cm-field-note p': { marginTop: '4px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--error)' },
  '.cm-lintRange-error': { backgroundColor: 'var(--error-soft)' },
  '.cm-deletedChunk, .cm-deletedLine': { backgroundColor: 'var(--error-soft) !important' },
  '.cm-changedLine, .cm-insertedLine': { backgroundColor: 'var(--ok-soft) !important' },
  '.cm-changedText, .cm-deletedText': { background: 'color-mix(in srgb, currentColor 14%, transparent) !important' },
  '.cm-collapsedLines': { background: 'var(--sunken)', color: 'var(--ink-3)', paddingLeft: '12px' },
  // Its own marks are of a script few fonts have.
  '.cm-collapsedLines::before, .cm-collapsedLines::after': { content: '"" !important' },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-key)' },
  { tag: [tags.string, tags.content], color: 'var(--ink)' },
  { tag: tags.special(tags.string), color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--code-number)' },
  { tag: [tags.comment, tags.meta], color: 'var(--code-comment)' },
  { tag: tags.punctuation, color: 'var(--ink-3)' },
]);

export const codeTheme = [chrome, syntaxHighlighting(colours)];
