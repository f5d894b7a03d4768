const UID_TAIL = 12;

/** Kinds whose objects are made when they are read. */
const MARKS = { change: '4000', decision: '4001' };

/** The same for all who ask, and another for each entry of a log there ever was in the store. */
export function derivedUid(kind: keyof typeof MARKS, incarnation: string, entry: number): string {
  const [cluster, number] = [Number(incarnation).toString(16).padStart(8, '0'), entry.toString(16)];
  return `${cluster.slice(-8)}-0000-${MARKS[kind]}-8000-${number.padStart(UID_TAIL, '0')}`;
}
