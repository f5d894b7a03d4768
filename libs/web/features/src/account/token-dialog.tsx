'use client';

import { makeToken } from '@binnacle/web-data';
import { SelectField, TextField } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionDialog } from '../actions/action-dialog.js';
import { ShownOnce } from '../actions/people/shown-once.js';

const DAYS = [1, 7, 30, 90, 365] as const;
const DAY_MILLISECONDS = 86_400_000;
const USUAL = 30;

interface TokenDialogProps {
  readonly cluster: string;
  readonly run: (act: () => Promise<void>) => Promise<void>;
  readonly onMade: () => void;
  readonly onClose: () => void;
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
      <SelectField
        label={t('tokenDays')}
        value={String(wish.days)}
        options={DAYS.map((days) => [String(days), t('days', { count: days })])}
        onChange={(days) => onChange({ ...wish, days: Number(days) })}
      />
      <SelectField
        label={t('tokenCluster')}
        value={wish.everywhere ? 'all' : 'here'}
        options={[
          ['here', t('onlyHere', { cluster })],
          ['all', t('everywhere')],
        ]}
        onChange={(where) => onChange({ ...wish, everywhere: where === 'all' })}
      />
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
  if (token !== undefined) {
    return (
      <ShownOnce
        title={t('tokens')}
        lead={t('tokenMade')}
        text={token}
        copyLabel={t('copyToken')}
        doneLabel={t('iHaveIt')}
        onClose={onClose}
      />
    );
  }
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
