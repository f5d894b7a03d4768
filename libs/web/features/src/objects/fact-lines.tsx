import type { Fact } from '../view/kind-view.js';
import { KindLink } from './links.js';
import { Mono } from './text.js';

function Lines({ texts }: { texts: readonly string[] }) {
  return (
    <ul>
      {texts.map((text) => (
        <li key={text} className="break-words">
          <Mono>{text}</Mono>
        </li>
      ))}
    </ul>
  );
}

/** A fact of several lines; none where there are none. */
export const linesFact = (label: string, texts: readonly string[] = []): Fact[] =>
  texts.length > 0 ? [{ label, value: <Lines texts={texts} /> }] : [];

/** A fact in a word; none where it is not said. */
export const plainFact = (label: string, value: string | number | undefined): Fact[] =>
  value === undefined || value === '' ? [] : [{ label, value: String(value) }];

interface Linked {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string | undefined;
  /** The column of the server's that says the same. */
  readonly column?: string;
}

/** Another object; none where none is named. */
export function linkFact(label: string, { name, column, ...to }: Linked): Fact[] {
  if (!name) return [];
  return [{ ...(column && { column }), label, value: <KindLink {...to} name={name} /> }];
}

export const pairsOf = (values: Readonly<Record<string, unknown>> = {}): string[] =>
  Object.entries(values).map(([key, value]) => `${key}=${String(value)}`);
