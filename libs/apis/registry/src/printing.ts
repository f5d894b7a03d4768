import type { KubeObject, LabelSelector } from '@binnacle/machinery-meta';
import { formatLabelSelector } from '@binnacle/machinery-selectors';
import type { ColumnDefinition, TablePrinter } from './definition.js';
import { humanDuration } from './duration.js';

export const NONE = '<none>';
export const UNSET = '<unset>';
export const UNKNOWN = '<unknown>';

type ColumnOptions = Partial<Pick<ColumnDefinition, 'type' | 'format' | 'priority'>>;

export function column(name: string, description: string, options: ColumnOptions = {}): ColumnDefinition {
  return { name, type: 'string', format: '', priority: 0, description, ...options };
}

/** A column that only `-o wide` shows. */
export function wide(name: string, description: string, options: ColumnOptions = {}): ColumnDefinition {
  return column(name, description, { priority: 1, ...options });
}

export const nameColumn = column('Name', 'Name of the object, unique within its namespace.', { format: 'name' });
export const ageColumn = column('Age', 'Time since the object was created.');

/** How long ago a timestamp was; `<unknown>` where there is none. */
export function since(timestamp: string | undefined, now: number): string {
  if (!timestamp) return UNKNOWN;
  const then = Date.parse(timestamp);
  return Number.isNaN(then) ? UNKNOWN : humanDuration(now - then);
}

export function ageOf(object: KubeObject, now: number): string {
  return since(object.metadata.creationTimestamp, now);
}

export function nameOf(object: KubeObject): string {
  return object.metadata.name ?? '';
}

/** How upstream prints what it has no columns for. */
export const defaultPrinter: TablePrinter<KubeObject> = {
  columns: [nameColumn, column('Created At', 'When the object was created.', { type: 'date' })],
  row: (object) => [nameOf(object), object.metadata.creationTimestamp ?? ''],
};

/** The phase of an object, or that it is going. */
export function phaseOf({ metadata, status }: KubeObject & { readonly status?: { readonly phase?: string } }): string {
  return metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '');
}

export function countOf(record: object | undefined): number {
  return record ? Object.keys(record).length : 0;
}

/** `a=1,b=2` in key order, `<none>` where empty. */
export function formatLabels(labels: Record<string, string> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length > 0 ? pairs.sort().join(',') : NONE;
}

/** A label selector in the text form of a query; empty and absent read `''`. */
export function selectorText(selector: LabelSelector | undefined): string {
  const text = formatLabelSelector(selector);
  return text === NONE ? '' : text;
}

/** The first `max` items and how many more there are: `a,b,c + 2 more...`. */
export function firstAndMore(items: readonly string[], max: number): string {
  const shown = items.slice(0, max).join(',');
  return items.length > max ? `${shown} + ${items.length - max} more...` : shown;
}

/** `host:port`, with the brackets an IPv6 address needs. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
