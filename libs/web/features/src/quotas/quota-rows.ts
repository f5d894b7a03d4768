import type { ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import { compareValues } from '@binnacle/web-ui';
import { units } from '../objects/quantities.js';

/** How much of one resource is taken. */
export interface QuotaRow {
  readonly name: string;
  /** As they are written; `used` is empty while it has not been counted. */
  readonly used: string;
  readonly hard: string;
  /** 0 where nothing was counted. Of a limit of nothing everything is used. */
  readonly share: number;
  readonly standing: 'free' | 'near' | 'over';
}

const NEAR = 0.9;

function shareOf(used: string, hard: string): number {
  if (used === '') return 0;
  const limit = units(hard);
  return limit > 0 ? units(used) / limit : 1;
}

function rowOf(name: string, used: string, hard: string): QuotaRow {
  const share = shareOf(used, hard);
  const standing = share >= 1 ? 'over' : share >= NEAR ? 'near' : 'free';
  return { name, used, hard, share, standing };
}

/** The fullest first. */
export function quotaRows({ spec, status }: Partial<ResourceQuota>): QuotaRow[] {
  const used = status?.used ?? {};
  return Object.entries(status?.hard ?? spec?.hard ?? {})
    .map(([name, hard]) => rowOf(name, String(used[name] ?? ''), String(hard)))
    .sort((a, b) => b.share - a.share || compareValues(a.name, b.name));
}
