'use client';

import { useTranslations } from 'next-intl';
import type { Activity } from './use-overview.js';

const HEIGHT = 56;
const WIDTH = 300;

/** Events a minute for an hour; the same is said in words. */
export function ActivityChart({ activity }: { activity: Activity }) {
  const t = useTranslations('overview');
  const { buckets, normalCount, warningCount } = activity;
  const most = Math.max(4, ...buckets.map(({ normal, warning }) => normal + warning));
  const step = WIDTH / buckets.length;
  const scale = (count: number) => (count / most) * (HEIGHT - 2);
  return (
    <figure>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="block h-14 w-full"
      >
        <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
        {buckets.map(({ normal, warning }, index) => (
          <g key={index}>
            <rect
              x={index * step}
              width={step - 1.2}
              y={HEIGHT - scale(normal + warning)}
              height={scale(normal)}
              fill="var(--progress)"
              opacity="0.55"
            />
            <rect
              x={index * step}
              width={step - 1.2}
              y={HEIGHT - scale(warning)}
              height={scale(warning)}
              fill="var(--warn)"
            />
          </g>
        ))}
      </svg>
      <figcaption className="mt-2 flex gap-4 text-xs text-ink-3">
        <span className="sr-only">{t('activityText', { normal: normalCount, warning: warningCount })}</span>
        <span aria-hidden="true" className="tabular flex items-center gap-1.5">
          <span className="size-2 rounded-sm bg-progress opacity-55" />
          {t('normal')} {normalCount}
        </span>
        <span aria-hidden="true" className="tabular flex items-center gap-1.5">
          <span className="size-2 rounded-sm bg-warn" />
          {t('warning')} {warningCount}
        </span>
      </figcaption>
    </figure>
  );
}
