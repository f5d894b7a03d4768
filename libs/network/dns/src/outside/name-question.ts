import { plainLabels } from '../message/names.js';
import type { Query } from '../message/query.js';
import { CLASS_IN } from '../message/types.js';

/** A question of this server's own about a name in full; undefined for what is no name. */
export function nameQuestion(name: string, type: number): Query | undefined {
  const labels = plainLabels(name.toLowerCase());
  if (!labels) return undefined;
  const parts = labels.map((label) => Buffer.from([label.length, ...Buffer.from(label, 'latin1')]));
  const end = Buffer.alloc(5);
  end.writeUInt16BE(type, 1);
  end.writeUInt16BE(CLASS_IN, 3);
  const question = Buffer.concat([...parts, end]);
  return { id: 0, labels, type, class: CLASS_IN, recursionDesired: true, checkingDisabled: false, question };
}
