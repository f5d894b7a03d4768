import type { ResourceRecord } from '../message/types.js';

/** What a zone knows of a name: that there is none, or its records of one type, none where it has only others. */
export type ZoneAnswer =
  | { readonly kind: 'no name' }
  | {
      readonly kind: 'records';
      readonly answers: readonly ResourceRecord[];
      /** What the client would ask for next. */
      readonly additionals?: readonly ResourceRecord[];
      /** What the name stands for, whose records belong to the answer. */
      readonly alias?: string;
    };

export const NO_NAME: ZoneAnswer = { kind: 'no name' };
export const NO_DATA: ZoneAnswer = { kind: 'records', answers: [] };
export const found = (answers: readonly ResourceRecord[]): ZoneAnswer => ({ kind: 'records', answers });
