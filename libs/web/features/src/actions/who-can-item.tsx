'use client';

import { isPast } from '@binnacle/machinery-meta';
import { objectRef, type Resource, resourceId, type UnstructuredObject, useCluster } from '@binnacle/web-data';
import { MenuItem } from '@binnacle/web-ui';
import { KeyRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';
import { usePages } from '../objects/use-pages.js';

/** The way from an object to who may do what with it. */
export function WhoCanItem({ object, resource }: { object: UnstructuredObject; resource: Resource }) {
  const t = useTranslations('access');
  const pages = usePages();
  const { cluster } = useCluster();
  // Rights are those of the present.
  if (isPast(cluster)) return null;
  const { namespace, name } = objectRef(object);
  const href = pages.whoCan({ kind: resourceId(resource), in: namespace, name });
  return (
    <MenuItem icon={<KeyRound />} link={<Link href={href} />}>
      {t('whoCan')}
    </MenuItem>
  );
}
