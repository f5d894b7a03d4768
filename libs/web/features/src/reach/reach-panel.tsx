'use client';

import type { Node, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { LOOPBACK_WIRE, WIRE_ANNOTATION } from '@binnacle/machinery-wire';
import { useCluster, useLive } from '@binnacle/web-data';
import { CopyButton, cx, Panel } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Mono, None } from '../objects/text.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { isLoopback, podWays, serviceWays, type Surrounding, type Way } from './ways.js';

const isWired = ({ metadata }: Node): boolean => metadata.annotations?.[WIRE_ANNOTATION] === LOOPBACK_WIRE;

/** Whether addresses of the cluster answer on the machine the reader sits at. */
function useSurrounding(node: string | undefined): Surrounding {
  const { cluster } = useCluster();
  const [isLocal, setLocal] = useState(false);
  // The server that draws the page first does not know where it is looked at.
  useEffect(() => setLocal(isLoopback(window.location.hostname)), []);
  const nodes = useLive(useQueryOf('nodes', {})).items as unknown as readonly Node[];
  const wired = nodes.filter(isWired);
  const isHere = isLocal && wired.some(({ metadata }) => node === undefined || metadata.name === node);
  return { cluster, isHere };
}

/** An address stays in one piece; a command breaks between its words. */
function Copied({ text }: { text: string }) {
  const t = useTranslations('app');
  return (
    <span className="flex items-center gap-1">
      <span className={cx('break-words', !text.includes(' ') && 'whitespace-nowrap')}>
        <Mono>{text}</Mono>
      </span>
      <CopyButton text={text} label={`${t('copy')} ${text}`} className="-my-1" />
    </span>
  );
}

function WayRow({ way, isHere }: { way: Way; isHere: boolean }) {
  return (
    <tr className="border-b border-line/60 align-top last:border-0">
      <td className="px-4 py-2 whitespace-nowrap">
        <Mono>{way.port}</Mono>
      </td>
      {isHere && (
        <td className="py-2 pr-4">
          {way.addresses.length > 0 ? way.addresses.map((text) => <Copied key={text} text={text} />) : <None />}
        </td>
      )}
      <td className="py-2 pr-4">{way.command ? <Copied text={way.command} /> : <None />}</td>
    </tr>
  );
}

function Ways({ ways, isHere }: { ways: readonly Way[]; isHere: boolean }) {
  const t = useTranslations('reach');
  if (ways.length === 0) return null;
  return (
    <Panel title={t('title')} flush>
      <div className="overflow-x-auto">
        <table className="w-full text-left text-sm">
          <thead>
            <tr className="h-8 border-b border-line text-xs text-ink-3">
              <th className="px-4 font-medium">{t('port')}</th>
              {isHere && <th className="pr-4 font-medium">{t('here')}</th>}
              <th className="pr-4 font-medium">{t('forward')}</th>
            </tr>
          </thead>
          <tbody>
            {ways.map((way) => (
              <WayRow key={way.port} way={way} isHere={isHere} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** How the ports of a Pod are reached from outside. */
export function PodReach({ object }: PanelProps) {
  const pod = as<Pod>(object);
  const surrounding = useSurrounding(pod.spec?.nodeName ?? '');
  return <Ways ways={podWays(pod, surrounding)} isHere={surrounding.isHere} />;
}

/** How the ports of a Service are reached from outside. */
export function ServiceReach({ object }: PanelProps) {
  const surrounding = useSurrounding(undefined);
  return <Ways ways={serviceWays(as<Service>(object), surrounding)} isHere={surrounding.isHere} />;
}
