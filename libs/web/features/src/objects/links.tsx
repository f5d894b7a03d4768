'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { cx, StatusGlyph } from '@binnacle/web-ui';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { ObjectStatus } from '../kinds/kind-view.js';
import { usePages } from './use-pages.js';

export const linkClass = 'rounded-sm text-ink underline-offset-3 decoration-ink-3 hover:underline';

/** A link to an object of any kind, or its bare name where the server does not serve the kind. */
export function KindLink(props: {
  apiVersion: string;
  kind: string;
  namespace?: string | undefined;
  name: string;
  children?: ReactNode;
}) {
  const pages = usePages();
  const href = pages.kindOf(props.apiVersion, props.kind, { namespace: props.namespace ?? '', name: props.name });
  const text = props.children ?? props.name;
  if (!href) return <span className="truncate">{text}</span>;
  return (
    <Link href={href} prefetch={false} className={linkClass}>
      {text}
    </Link>
  );
}

/** Generated names differ at their end: so much of it is never cut off. */
const END_LETTERS = 6;
/** Shorter names are cut like any other text. */
const LONG = 20;

function CutName({ name }: { name: string }) {
  if (name.length < LONG) return <span className="truncate">{name}</span>;
  return (
    <>
      <span className="truncate">{name.slice(0, -END_LETTERS)}</span>
      <span className="shrink-0">{name.slice(-END_LETTERS)}</span>
    </>
  );
}

/** The first cell of a row: how it stands, and its name as the way in. */
export function NameLink({ object, status }: { object: UnstructuredObject; status: ObjectStatus | undefined }) {
  const pages = usePages();
  const href = pages.object(object);
  const name = object.metadata.name ?? '';
  return (
    <span className="flex min-w-0 items-center gap-2">
      {status && <StatusGlyph tone={status.tone} />}
      {href ? (
        <Link
          href={href}
          prefetch={false}
          title={name}
          aria-label={name}
          data-row-link=""
          className={cx(linkClass, 'flex min-w-0 font-medium')}
        >
          <CutName name={name} />
        </Link>
      ) : (
        <span title={name} className="flex min-w-0 font-medium">
          <CutName name={name} />
        </span>
      )}
    </span>
  );
}
