/** Where a scheduler can be extended, as the fields of a profile's `plugins` name it. */
export const EXTENSION_POINTS = [
  'preEnqueue',
  'queueSort',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
] as const;

export type ExtensionPoint = (typeof EXTENSION_POINTS)[number];

/** As messages and metrics name it: `PreFilter`. */
export const titleOf = (point: ExtensionPoint): string => `${point.slice(0, 1).toUpperCase()}${point.slice(1)}`;
