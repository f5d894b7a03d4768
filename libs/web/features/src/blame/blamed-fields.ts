import type { Blame, BlamedChange } from '@binnacle/apis-kubernetes/history/v1';

/** A field with the change that set it last. */
export interface SetField {
  readonly path: string;
  /** Undefined where history does not go back to it. */
  readonly change: BlamedChange | undefined;
}

/** The fields in the order they are told. */
export function setFields({ changes, fields }: Pick<Blame, 'changes' | 'fields'>): SetField[] {
  const byRevision = new Map(changes.map((change) => [change.revision, change]));
  return fields.map(({ path, revision }) => ({
    path,
    change: revision === undefined ? undefined : byRevision.get(revision),
  }));
}

/** Those whose path, person, groups, client, manager or revision holds every word. */
export function findFields(fields: readonly SetField[], text: string): readonly SetField[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return fields;
  return fields.filter(({ path, change }) => {
    const { user, groups = [], userAgent, manager, revision } = change ?? {};
    const said = [path, user, ...groups, userAgent, manager, revision].join('\n').toLowerCase();
    return words.every((word) => said.includes(word));
  });
}
