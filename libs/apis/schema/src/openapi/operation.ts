import type { SchemaKind } from '../types.js';
import type { Parameter } from './parameters.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options';

/** What one method of one path does, independent of the form of the document. */
export interface Operation {
  readonly path: string;
  readonly method: Method;
  readonly id: string;
  readonly description: string;
  /** `x-kubernetes-action`, the verb as authorization knows it. */
  readonly action: string;
  readonly gvk: SchemaKind;
  readonly parameters: readonly Parameter[];
  /** Definition of the body, where there is one. */
  readonly body?: string;
  /** The media types it may be sent in. */
  readonly bodyTypes: readonly string[];
  readonly isPatch: boolean;
  /** Definition of a good answer; undefined for text. */
  readonly answer: string | undefined;
  readonly codes: readonly number[];
  /** It answers whatever is spoken behind it. */
  readonly connects?: boolean;
}
