import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { yamlLanguage } from '@codemirror/lang-yaml';
import type { Extension } from '@codemirror/state';
import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view';
import { cursorPlace } from './cursor-place.js';
import type { FieldNote, FieldSchemas } from './field-schema.js';

/** What the schema says of the fields of the text; undefined while it is not known. */
type KnownFields = () => FieldSchemas | undefined;

const WORD = /[\w./-]*$/;
const holdsFields = ({ type }: FieldNote): boolean => type === 'Object' || type.startsWith('map[');

/** What follows a field's name: its value, its fields, or its first item. */
function afterName(note: FieldNote, indent: string): string {
  if (note.type.startsWith('[]')) return `:\n${indent}- `;
  return holdsFields(note) ? `:\n${indent}  ` : ': ';
}

/** Suggests the names of fields, and the values of those that have a list of them. */
function complete(context: CompletionContext, fields: FieldSchemas): CompletionResult | null {
  const { state, pos, explicit } = context;
  const place = cursorPlace(state.sliceDoc(0, pos));
  if (!place) return null;
  const { path, key, value } = place;
  const from = pos - (WORD.exec(value ?? key)?.[0].length ?? 0);
  if (value !== undefined) {
    const values = fields.fieldAt([...path, key])?.values ?? [];
    return { from, options: values.map((label) => ({ label, type: 'enum' })) };
  }
  if (key === '' && !explicit) return null;
  const indent = ' '.repeat(from - state.doc.lineAt(pos).from);
  const options = fields.fieldsAt(path).map((note, index) => ({
    label: note.name,
    detail: note.type,
    info: note.description,
    type: 'property',
    apply: note.name + afterName(note, indent),
    // The order of the schema: what is required comes first.
    boost: -index / 100,
  }));
  return { from, options };
}

/** A field's type and description; a text node each, whatever a schema holds. */
function noteElement(note: FieldNote): HTMLElement {
  const element = document.createElement('div');
  element.className = 'cm-field-note';
  const head = element.appendChild(document.createElement('code'));
  head.textContent = `${note.name} <${note.type}>${note.required ? ' -required-' : ''}`;
  if (note.description) element.appendChild(document.createElement('p')).textContent = note.description;
  return element;
}

function tooltipAt({ state }: EditorView, position: number, fields: FieldSchemas): Tooltip | null {
  const line = state.doc.lineAt(position);
  const place = cursorPlace(state.sliceDoc(0, line.to));
  const start = place && line.text.indexOf(place.key);
  if (!place?.key || start === undefined || start < 0) return null;
  const [from, to] = [line.from + start, line.from + start + place.key.length];
  const note = position >= from && position <= to && fields.fieldAt([...place.path, place.key]);
  return note ? { pos: from, end: to, above: true, create: () => ({ dom: noteElement(note) }) } : null;
}

/** Helps with the fields of a kind: names and values while somebody writes, explanations below the pointer. */
export function fieldHelp(known: KnownFields): Extension {
  return [
    yamlLanguage.data.of({
      autocomplete: (context: CompletionContext) => {
        const fields = known();
        return fields ? complete(context, fields) : null;
      },
    }),
    hoverTooltip((view, position) => {
      const fields = known();
      return fields ? tooltipAt(view, position, fields) : null;
    }),
  ];
}
