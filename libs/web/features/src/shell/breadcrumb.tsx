'use client';

import { type Resource, useCluster } from '@binnacle/web-data';
import { cx } from '@binnacle/web-ui';
import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useParams, usePathname } from 'next/navigation';
import { pluralTitle } from '../list/plural-title.js';
import { usePages } from '../objects/use-pages.js';

interface Crumb {
  readonly text: string;
  readonly href?: string;
}

function useCrumbs(): Crumb[] {
  const t = useTranslations('nav');
  const pages = usePages();
  const { resources } = useCluster();
  const params = useParams<{ resource?: string; key?: string[] }>();
  const pathname = usePathname();
  if (!params.resource) return [{ text: pathname.endsWith('/kinds') ? t('all') : t('overview') }];
  const resource: Resource | undefined = resources.byId(decodeURIComponent(params.resource));
  if (!resource) return [{ text: params.resource }];
  const key = (params.key ?? []).map(decodeURIComponent);
  if (key.length === 0) return [{ text: pluralTitle(resource) }];
  const [namespace, ...rest] = key.length > 1 ? key : [undefined, ...key];
  const place = namespace ? [{ text: namespace, href: pages.list(resource, { ns: namespace }) }] : [];
  return [
    { text: pluralTitle(resource), href: pages.list(resource) },
    ...place,
    ...rest.map((text) => ({ text: text ?? '' })),
  ];
}

/** Where one is. */
export function Breadcrumb() {
  const t = useTranslations('top');
  const crumbs = useCrumbs();
  return (
    <nav aria-label={t('breadcrumb')} className="min-w-0 flex-1 max-md:hidden">
      <ol className="flex min-w-0 items-center gap-1 text-sm text-ink-3">
        {crumbs.map(({ text, href }, index) => (
          <li key={`${index}${text}`} className={cx('flex items-center gap-1', index > 0 && 'min-w-0')}>
            {index > 0 && <ChevronRight className="size-3.5 shrink-0" aria-hidden="true" />}
            {href ? (
              <Link href={href} prefetch={false} title={text} className="truncate rounded-sm hover:text-ink">
                {text}
              </Link>
            ) : (
              <span title={text} className="truncate" aria-current={index === crumbs.length - 1 ? 'page' : undefined}>
                {text}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
