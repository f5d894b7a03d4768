'use client';

import { makeToken } from '@binnacle/web-data';
import { Button, CopyButton, Dialog, inputClass, TextField } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionDialog } from '../actions/action-dialog.js';

const DAYS = [1, 7, 30, 90, 365] as const;
const DAY_MILLISECONDS = 86_400_000;
const USUAL = 30;

interface TokenDialogProps {
  readonly cluster: string;
  readonly run: (act: () => Promise<void>) => Promise<void>;
  readonly onMade: () => void;
  readonly onClose: () => void;
}

/** Shown once: it is not to go by a press beside it. */
function Made({ token, onClose }: { token: string; onClose: () => void }) {
  const t = useTranslations();
  return (
    <Dialog open onClose={onClose} title={t('account.tokens')} closeLabel={t('app.close')}>
      <div className="flex flex-col gap-4 pb-3">
        <p role="status" className="text-sm text-ink-2">
          {t('account.tokenMade')}
        </p>
        <div className="flex items-center gap-1 rounded-md bg-sunken py-1.5 pr-1 pl-2.5">
          <code data-token="" className="min-w-0 flex-1 font-mono text-xs break-all">
            {token}
          </code>
          <CopyButton text={token} label={t('account.copyToken')} />
        </div>
        <div className="flex justify-end">
          <Button variant="primary" onClick={onClose}>
            {t('account.iHaveIt')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

interface Wish {
  readonly name: string;
  readonly days: number;
  readonly everywhere: boolean;
  readonly readOnly: boolean;
}

function WishFields({ wish, cluster, onChange }: { wish: Wish; cluster: string; onChange: (wish: Wish) => void }) {
  const t = useTranslations('account');
  return (
    <>
      <TextField
        id="token-name"
        label={t('tokenName')}
        value={wish.name}
        autoFocus
        autoComplete="off"
        onChange={({ target }) => onChange({ ...wish, name: target.value })}
      />
      <label className="flex flex-col gap-1 text-xs font-medium text-ink-2">
        {t('tokenDays')}
        <select
          className={inputClass}
          value={wish.days}
          onChange={({ target }) => onChange({ ...wish, days: Number(target.value) })}
        >
          {DAYS.map((days) => (
            <option key={days} value={days}>
              {t('days', { count: days })}
            </option>
          ))}
        </select>
      </label>
      <label className="flex flex-col gap-1 text-xs font-medium text-ink-2">
        {t('tokenCluster')}
        <select
          className={inputClass}
          value={wish.everywhere ? 'all' : 'here'}
          onChange={({ target }) => onChange({ ...wish, everywhere: target.value === 'all' })}
        >
          <option value="here">{t('onlyHere', { cluster })}</option>
          <option value="all">{t('everywhere')}</option>
        </select>
      </label>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={wish.readOnly}
          onChange={({ target }) => onChange({ ...wish, readOnly: target.checked })}
          className="accent-accent"
        />
        {t('readOnly')}
      </label>
    </>
  );
}

/** A token for a program: what it may and for how long, and then the token, once. */
export function TokenDialog({ cluster, run, onMade, onClose }: TokenDialogProps) {
  const t = useTranslations('account');
  const [wish, setWish] = useState<Wish>({ name: '', days: USUAL, everywhere: false, readOnly: false });
  const [busy, setBusy] = useState(false);
  const [token, setToken] = useState<string>();
  const name = wish.name.trim();
  const make = async () => {
    const expiresAt = new Date(Date.now() + wish.days * DAY_MILLISECONDS).toISOString();
    const scope = { clusters: wish.everywhere ? [] : [cluster], readOnly: wish.readOnly };
    setToken((await makeToken({ name, expiresAt, scope })).token);
    onMade();
  };
  const submit = async () => {
    setBusy(true);
    await run(make);
    setBusy(false);
  };
  if (token !== undefined) return <Made token={token} onClose={onClose} />;
  return (
    <ActionDialog
      title={t('tokenTitle')}
      lead={t('tokenLead')}
      submit={t('make')}
      busy={busy}
      blocked={name ? undefined : t('needsName')}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <WishFields wish={wish} cluster={cluster} onChange={setWish} />
    </ActionDialog>
  );
}
