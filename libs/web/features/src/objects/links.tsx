'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { cx, StatusGlyph } from '@binnacle/web-ui';
import { Link } from './link.js';
import type { ReactNode } from 'react';
import type { ObjectStatus } from '../view/kind-view.js';
import { CutName } from './cut-name.js';
import { usePages } from './use-pages.js';

export const linkClass = 'rounded-sm text-ink underline-offset-3 decoration-ink-3 hover:underline';

/** A link to an object of any kind, or its bare name where the server does not serve the kind. */
export function KindLink(props: {
  apiVersion: string;
  kind: string;
  namespace?: string | undefined;
  name: string;
  children?: ReactNode;
  /** Stands in a narrow place: the name is cut where that takes least from it. */
  cut?: boolean;
}) {
  const pages = usePages();
  const href = pages.kindOf(props.apiVersion, props.kind, { namespace: props.namespace ?? '', name: props.name });
  const text = props.children ?? (props.cut ? <CutName name={props.name} /> : props.name);
  const whole = props.cut ? { title: props.name } : {};
  if (!href)
    return (
      <span {...whole} className={props.cut ? 'flex min-w-0' : 'truncate'}>
        {text}
      </span>
    );
  return (
    <Link
      href={href}
      {...whole}
      {...(props.cut && { 'aria-label': props.name })}
      className={cx(linkClass, props.cut && 'inline-flex max-w-full min-w-0 align-bottom')}
    >
      {text}
    </Link>
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
