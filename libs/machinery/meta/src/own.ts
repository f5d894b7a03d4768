/**
 * The member of a record whose keys are somebody else's words, a label's or a file's name: what every object inherits, such as
 * `constructor`, is none of them.
 */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
