'use client';

import type { ReachabilityState } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import { Link } from '../objects/link.js';
import { linkClass } from '../objects/links.js';
import { usePages } from '../objects/use-pages.js';
import type { Fact } from '../view/kind-view.js';

function AskLink({ asked, text }: { asked: ReachabilityState; text: string }) {
  return (
    <Link href={usePages().reachability(asked)} className={linkClass}>
      {text}
    </Link>
  );
}

/** The way to who reaches a Pod. */
export const podReachability = (t: Translate, namespace: string, name: string): Fact => ({
  label: t('reachability.fact'),
  value: <AskLink asked={{ toKind: 'pod', toIn: namespace, to: name }} text={t('reachability.askPod')} />,
});

/** The way to who reaches whom in a namespace. */
export const namespaceReachability = (t: Translate, namespace: string): Fact => ({
  label: t('reachability.fact'),
  value: <AskLink asked={{ fromIn: namespace, toIn: namespace }} text={t('reachability.askThere')} />,
});
