import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { kindFacts } from '../detail/kind-facts.js';
import { kindView } from '../kinds/kind-views.js';
import type { Translate } from '../messages/index.js';
import { type KindColumn, NO_SURROUNDINGS, type RelatedObjects, type Surroundings } from '../view/kind-view.js';
import { statusOf } from '../view/status-of.js';
import { html, type RenderOptions, text } from './render.js';

/** All that the view of a kind says of one object, in words. */
export interface KindSheet {
  /** `tone label`, with the detail behind it; empty where it has none. */
  readonly status: string;
  /** What the cells of a list say, by column. */
  readonly columns: Readonly<Record<string, string>>;
  /** What the columns sort by. */
  readonly values: Readonly<Record<string, string | number>>;
  /** What a filter finds besides. */
  readonly told: Readonly<Record<string, string>>;
  /** The lines of its page, by label. */
  readonly facts: Readonly<Record<string, string>>;
  readonly related: readonly RelatedObjects[];
  /** What deleting it does. */
  readonly loss: string | undefined;
}

export interface SheetOptions extends RenderOptions {
  readonly around?: Partial<Surroundings>;
  /** Pods that go with it. */
  readonly pods?: number;
}

/** The translations a page in that language has. */
function translations(options: RenderOptions): Translate {
  let found: Translate | undefined;
  function Probe() {
    found = useTranslations() as unknown as Translate;
    return null;
  }
  html(<Probe />, options);
  if (!found) throw new Error('nothing was drawn');
  return found;
}

const byId = <T,>(columns: readonly KindColumn[], read: (column: KindColumn) => T): Record<string, T> =>
  Object.fromEntries(columns.map((column) => [column.id, read(column)]));

export function sheetOf(id: string, given: KubeObject, options: SheetOptions = {}): KindSheet {
  const object = given as UnstructuredObject;
  const around = { ...NO_SURROUNDINGS, ...options.around };
  const view = kindView(id);
  const t = translations(options);
  const words = (node: ReactNode) => text(<>{node}</>, options);
  const columns = view.columns?.(t, around) ?? [];
  const status = statusOf(view, object, around);
  const facts = kindFacts(view, object, t, around);
  return {
    status: [status?.tone, status?.label, status?.detail].filter(Boolean).join(' '),
    columns: byId(columns, ({ cell }) => words(cell(object))),
    values: byId(columns, ({ value }) => value(object)),
    told: byId(
      columns.filter(({ told }) => told),
      ({ told }) => told?.(object) ?? '',
    ),
    facts: Object.fromEntries(facts.map(({ label, value }) => [label, words(value)])),
    related: view.related?.(object, t) ?? [],
    loss: view.actions?.loss?.text(t, object, options.pods),
  };
}
