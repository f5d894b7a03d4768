'use client';

import { KindLink } from './links.js';
import { Mono } from './text.js';

interface SourceProps {
  readonly namespace: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly text: string;
}

/** Where a value comes from: an object, and what of it. */
export function SourceOf({ namespace, kind, name, text }: SourceProps) {
  if (!kind || !name) return <Mono>{text}</Mono>;
  return (
    <span>
      <span className="text-ink-3">{kind} </span>
      <KindLink apiVersion="v1" kind={kind} namespace={namespace} name={name} />
      {text && (
        <>
          {' '}
          <Mono>{text}</Mono>
        </>
      )}
    </span>
  );
}
