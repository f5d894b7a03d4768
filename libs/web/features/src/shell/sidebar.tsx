'use client';

import { DEFAULT_CLUSTER, presentCluster } from '@binnacle/machinery-meta';
import { IAM, pages as allPages, PEOPLE_CLUSTER, useCluster } from '@binnacle/web-data';
import { cx } from '@binnacle/web-ui';
import {
  ArrowLeftRight,
  FilePlus2,
  Gauge,
  KeyRound,
  LayoutGrid,
  type LucideIcon,
  MailPlus,
  ShieldQuestionMark,
  UserRound,
  UsersRound,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Link } from '../objects/link.js';
import { usePathname } from 'next/navigation';
import { pluralTitle } from '../objects/plural-title.js';
import { usePages } from '../objects/use-pages.js';
import { Logo } from '../sign-in/logo.js';
import { NAVIGATION, type NavGroup } from './navigation.js';

function NavLink({
  href,
  icon: Icon,
  children,
  exact,
}: {
  href: string;
  icon: LucideIcon;
  children: string;
  exact?: boolean;
}) {
  const pathname = usePathname();
  const [path = ''] = href.split('?');
  const active = exact ? pathname === path : pathname === path || pathname.startsWith(`${path}/`);
  return (
    <Link
      href={href}
      title={children}
      aria-current={active ? 'page' : undefined}
      className={cx(
        'flex h-7.5 items-center gap-2.5 rounded-md px-2 text-sm',
        active ? 'bg-selected font-medium text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
      )}
    >
      <Icon aria-hidden="true" className={cx('size-4 shrink-0', active ? 'text-accent' : 'text-ink-3')} />
      <span className="truncate">{children}</span>
    </Link>
  );
}

/** Kinds of one sort, and below them the page that is about them. */
function Group({ group, children }: { group: NavGroup; children?: ReactNode }) {
  const t = useTranslations('nav');
  const pages = usePages();
  const { resources } = useCluster();
  const items = group.items.flatMap(({ id, icon }) => {
    const resource = resources.byId(id);
    return resource ? [{ id, icon, resource }] : [];
  });
  if (items.length === 0) return null;
  return (
    <div className="mt-4">
      <p className="px-2 pb-1 text-2xs font-medium text-ink-3">{t(group.title)}</p>
      {items.map(({ id, icon, resource }) => (
        <NavLink key={id} href={pages.list(resource)} icon={icon}>
          {pluralTitle(resource)}
        </NavLink>
      ))}
      {children}
    </div>
  );
}

const PEOPLE = [
  ['users', 'people', UserRound],
  ['teams', 'teams', UsersRound],
  ['invitations', 'invitations', MailPlus],
] as const;

/** Who may do what, and who there is: people and teams are the installation's, of one cluster that all others share. */
function AccessGroup() {
  const t = useTranslations('access');
  const pages = usePages();
  const { cluster } = useCluster();
  return (
    <div className="mt-4">
      <p className="px-2 pb-1 text-2xs font-medium text-ink-3">{t('nav')}</p>
      <NavLink href={pages.whoCan()} icon={KeyRound}>
        {t('whoCan')}
      </NavLink>
      <NavLink href={pages.mayDo()} icon={ShieldQuestionMark}>
        {t('mayDo')}
      </NavLink>
      {PEOPLE.map(([resource, title, icon]) => (
        <NavLink key={resource} href={allPages.list(PEOPLE_CLUSTER, { ...IAM, resource })} icon={icon}>
          {t(title)}
        </NavLink>
      ))}
      {presentCluster(cluster) === PEOPLE_CLUSTER && (
        <NavLink href={allPages.overview(DEFAULT_CLUSTER)} icon={Gauge} exact>
          {t('toMain', { name: DEFAULT_CLUSTER })}
        </NavLink>
      )}
    </div>
  );
}

/** Where one can go. */
export function Sidebar() {
  const t = useTranslations();
  const pages = usePages();
  return (
    <nav aria-label={t('nav.label')} className="flex h-full flex-col overflow-y-auto px-3 pb-4">
      <Link
        href={pages.overview()}
        className="flex h-12 shrink-0 items-center gap-2.5 rounded-md px-2 font-semibold tracking-tight"
      >
        <Logo className="size-6" />
        <span className="text-base">{t('app.name')}</span>
      </Link>
      <div className="mt-1">
        <NavLink href={pages.overview()} icon={Gauge} exact>
          {t('nav.overview')}
        </NavLink>
        <NavLink href={pages.apply()} icon={FilePlus2} exact>
          {t('apply.title')}
        </NavLink>
      </div>
      {NAVIGATION.map((group) => (
        <Group key={group.title} group={group}>
          {group.title === 'network' && (
            <NavLink href={pages.reachability()} icon={ArrowLeftRight}>
              {t('reachability.nav')}
            </NavLink>
          )}
        </Group>
      ))}
      <AccessGroup />
      <div className="mt-4">
        <NavLink href={pages.kinds()} icon={LayoutGrid}>
          {t('nav.all')}
        </NavLink>
      </div>
    </nav>
  );
}
