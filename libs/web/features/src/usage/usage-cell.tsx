'use client';

import { Sparkline } from '@binnacle/web-ui';
import { useFormatter, useTranslations } from 'next-intl';
import { formatBytes, formatCores } from '../objects/quantities.js';
import { None } from '../objects/text.js';
import type { Resource, Usage } from './amounts.js';
import type { UsageBounds } from './measured-kinds.js';

export const FORMATS: Readonly<Record<Resource, (value: number) => string>> = { cpu: formatCores, memory: formatBytes };

/** Of what is used this much is most worth saying: of the limit where there is one. */
function comparedWith({ limit, request, allocatable }: UsageBounds) {
  if (limit) return { of: 'ofLimit', amount: limit } as const;
  if (allocatable) return { of: 'ofAllocatable', amount: allocatable } as const;
  return request ? ({ of: 'ofRequest', amount: request } as const) : undefined;
}

/** A share of what may be used, in words. */
export function useShare() {
  const t = useTranslations('usage');
  const format = useFormatter();
  return (now: number, bounds: UsageBounds): string => {
    const compared = comparedWith(bounds);
    if (!compared) return t('unrequested');
    return t(compared.of, { percent: format.number(now / compared.amount, { style: 'percent' }) });
  };
}

interface UsageCellProps {
  readonly usage: Usage | undefined;
  readonly resource: Resource;
  readonly bounds: UsageBounds;
}

/** What is used now, how much that is of what may be, and how it went. */
export function UsageCell({ usage, resource, bounds }: UsageCellProps) {
  const share = useShare();
  const used = usage?.[resource];
  if (!usage || used?.now === undefined) return <None />;
  const compared = comparedWith(bounds)?.amount;
  const part = compared ? Math.min(used.now / compared, 1) : 0;
  const said = share(used.now, bounds);
  return (
    <span title={said} className="flex items-center justify-end gap-2">
      <Sparkline points={used.points} step={usage.step} />
      <span className="relative min-w-14 pb-1">
        <span className="text-ink-2">{FORMATS[resource](used.now)}</span>
        <span className="sr-only"> {said}</span>
        {compared !== undefined && (
          <span
            aria-hidden="true"
            className="absolute inset-x-0 bottom-0 block h-0.75 overflow-hidden rounded-full bg-line"
          >
            <span
              className={`block h-full rounded-full ${part > 0.9 ? 'bg-error' : part > 0.75 ? 'bg-warn' : 'bg-accent'}`}
              style={{ width: `${Math.max(part * 100, 2)}%` }}
            />
          </span>
        )}
      </span>
    </span>
  );
}
