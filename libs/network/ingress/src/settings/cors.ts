import type { CorsPolicy } from '../table/policy.js';
import type { Annotations } from './annotations.js';

const METHODS = 'GET, PUT, POST, DELETE, PATCH, OPTIONS';
const HEADERS =
  'DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization';
const ORIGIN = /^(?:\*|[a-z][a-z0-9+.-]*:\/\/(?:\*\.)?[A-Za-z0-9_.-]+(?::\d{1,5})?)$/;
const NAMES = /^[A-Za-z0-9_\-, *]+$/;
const DEFAULT_MAX_AGE = 1_728_000;

function originsOf(annotations: Annotations): readonly string[] {
  const origins = (annotations.text('cors-allow-origin') ?? '*').split(',').map((origin) => origin.trim());
  if (origins.every((origin) => ORIGIN.test(origin))) return origins;
  annotations.problem('cors-allow-origin', 'holds something that is no origin: none is allowed');
  return [];
}

/** What other origins may do, with the defaults of ingress-nginx. */
export function readCors(annotations: Annotations): CorsPolicy | undefined {
  const names = (name: string) => annotations.fitting(name, NAMES, 'holds something that is no name');
  const enabled = annotations.flag('enable-cors', false);
  const origins = originsOf(annotations);
  const exposed = names('cors-expose-headers');
  const policy: CorsPolicy = {
    origins,
    depth: 'one',
    echoes: false,
    methods: names('cors-allow-methods') ?? METHODS,
    headers: names('cors-allow-headers') ?? HEADERS,
    ...(exposed !== undefined && { exposed }),
    credentials: annotations.flag('cors-allow-credentials', true),
    maxAge: annotations.whole('cors-max-age', 0, 2 ** 31 - 1) ?? DEFAULT_MAX_AGE,
  };
  return enabled ? policy : undefined;
}
