import type { LinearRegex } from './linear-regex.js';
import type { RoutePolicy } from './policy.js';

/** How a path is meant. Paths are bytes, without a slash at the end of a prefix. */
export type PathMatch =
  | { readonly kind: 'exact'; readonly path: string }
  | { readonly kind: 'prefix'; readonly path: string }
  /** Found at the beginning of a path. `path` is its text, whose length says how specific it is. */
  | { readonly kind: 'regex'; readonly path: string; readonly regex: LinearRegex };

/** The object a route comes from, for logs, metrics and messages. */
export interface RouteOrigin {
  readonly kind: 'Ingress' | 'HTTPRoute' | 'GRPCRoute';
  readonly namespace: string;
  readonly name: string;
  /** The host and path of its rule, as they are written there. */
  readonly host: string;
  readonly path: string;
}

export type ValueMatch =
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'regex'; readonly regex: LinearRegex };

/** What else has to be true of a request. All of it has to be. */
export interface Conditions {
  readonly method?: string;
  /** By lower case name. */
  readonly headers?: readonly (readonly [name: string, match: ValueMatch])[];
  readonly query?: readonly (readonly [name: string, match: ValueMatch])[];
}

/** Where requests are sent: a pool of endpoints, by its id; or why there is none, and what is answered instead. */
export type Target = {
  /** Beside those of the others. */
  readonly weight: number;
  /** What is done besides with requests that are sent there. */
  readonly policy?: Pick<RoutePolicy, 'requestHeaders' | 'responseHeaders' | 'mirrors'>;
} & ({ readonly backend: string } | { readonly status: number; readonly words: string });

/** A second place for some requests, before the weights of the others are looked at. */
export interface Canary {
  readonly target: Target;
  readonly header?: { readonly name: string; readonly value?: ValueMatch };
  readonly cookie?: string;
  /** So many of `of` requests that nothing else decides. */
  readonly weight: number;
  readonly of: number;
}

export interface Redirect {
  readonly kind: 'redirect';
  readonly status: number;
  /** What differs from what was asked for; a whole URL where `location` is set. */
  readonly location?: string;
  readonly scheme?: string;
  readonly host?: string;
  readonly port?: number;
  readonly path?: PathChange;
}

/** How a path is changed: as a whole, its matched prefix, or by what a pattern's groups caught (`$1`). */
export type PathChange =
  | { readonly kind: 'full'; readonly path: string }
  | { readonly kind: 'prefix'; readonly path: string }
  | { readonly kind: 'template'; readonly path: string };

export interface Forward {
  readonly kind: 'forward';
  readonly targets: readonly Target[];
  readonly canaries: readonly Canary[];
}

/** Nobody can be asked; the words say why. */
export interface Refuse {
  readonly kind: 'refuse';
  readonly status: number;
  readonly words: string;
}

export type Action = Forward | Redirect | Refuse;

export interface Route {
  readonly origin: RouteOrigin;
  readonly path: PathMatch;
  readonly conditions?: Conditions;
  readonly policy: RoutePolicy;
  readonly action: Action;
}
