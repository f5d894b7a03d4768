'use client';

import { readPlace, type Resource, useCluster } from '@binnacle/web-data';
import { cx } from '@binnacle/web-ui';
import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';
import { usePathname } from 'next/navigation';
import { pluralTitle } from '../objects/plural-title.js';
import { usePages } from '../objects/use-pages.js';

interface Crumb {
  readonly text: string;
  readonly href?: string;
}

const ALONE = {
  kinds: 'nav.all',
  apply: 'apply.title',
  account: 'account.title',
  'who-can': 'access.whoCan',
  'may-do': 'access.mayDo',
  reachability: 'reachability.title',
  overview: 'nav.overview',
  none: 'nav.overview',
} as const;

function useCrumbs(): Crumb[] {
  const t = useTranslations();
  const pages = usePages();
  const { resources } = useCluster();
  const place = readPlace(usePathname());
  if (place.page !== 'list' && place.page !== 'detail') {
    return [{ text: t(ALONE[place.page]) }];
  }
  const resource: Resource | undefined = resources.byId(place.id);
  if (!resource) return [{ text: place.id }];
  if (place.page === 'list') return [{ text: pluralTitle(resource) }];
  const { namespace, name } = place.ref;
  return [
    { text: pluralTitle(resource), href: pages.list(resource) },
    ...(namespace ? [{ text: namespace, href: pages.list(resource, { ns: namespace }) }] : []),
    { text: name },
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
              <Link href={href} title={text} className="truncate rounded-sm hover:text-ink">
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
