'use client';

import { type ApiToken, fetchTokens, revokeToken } from '@binnacle/web-data';
import { Button, Panel, showToast, Tag } from '@binnacle/web-ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { messageOf } from '../actions/use-action.js';
import { Age } from '../objects/age.js';
import { RowsTable } from '../objects/rows-panel.js';
import { Until } from '../objects/until.js';
import { TokenDialog } from './token-dialog.js';
import { useFresh } from './use-fresh.js';

const KEY = ['account', 'tokens'];

function Scope({ token: { clusters = [], readOnly } }: { token: ApiToken }) {
  const t = useTranslations('account');
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      {clusters.length > 0 ? t('onlyHere', { cluster: clusters.join(', ') }) : t('everywhere')}
      {readOnly && <Tag>{t('readOnlyTag')}</Tag>}
    </span>
  );
}

/** Tokens for programs: made, shown once, revoked. */
export function TokensPanel({ user, cluster }: { user: string; cluster: string }) {
  const t = useTranslations('account');
  const queries = useQueryClient();
  const { run, dialog } = useFresh(user);
  const [isMaking, setMaking] = useState(false);
  const { data, error } = useQuery({ queryKey: KEY, queryFn: ({ signal }) => fetchTokens(signal), retry: false });
  const refresh = () => queries.invalidateQueries({ queryKey: KEY });
  const revoke = ({ id, name }: ApiToken) =>
    run(async () => {
      await revokeToken(id);
      showToast({ tone: 'ok', text: t('revoked', { name }) });
      await refresh();
    });
  const rows = (data ?? []).map((token) => [
    token.name,
    <Scope key="scope" token={token} />,
    <Age key="added" time={token.created} />,
    token.lastUsed ? <Age key="used" time={token.lastUsed} /> : t('never'),
    <Until key="until" time={Date.parse(token.expiresAt)} />,
    <Button
      key="revoke"
      className="h-7!"
      aria-label={t('revokeToken', { name: token.name })}
      onClick={() => void revoke(token)}
    >
      {t('revoke')}
    </Button>,
  ]);
  const add = (
    <Button className="h-7!" icon={<Plus aria-hidden="true" />} onClick={() => setMaking(true)}>
      {t('newToken')}
    </Button>
  );
  return (
    <Panel title={t('tokens')} count={data?.length} actions={add} flush>
      {error && <p className="px-4 py-3 text-sm text-error">{messageOf(error)}</p>}
      {data?.length === 0 && <p className="px-4 py-3 text-sm text-ink-3">{t('noTokens')}</p>}
      {rows.length > 0 && (
        <RowsTable
          title={t('tokens')}
          head={[t('tokenName'), t('scope'), t('added'), t('lastUsed'), t('until'), t('action')]}
          rows={rows}
        />
      )}
      {isMaking && (
        <TokenDialog cluster={cluster} run={run} onMade={() => void refresh()} onClose={() => setMaking(false)} />
      )}
      {dialog}
    </Panel>
  );
}
