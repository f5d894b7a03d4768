'use client';

import { deletePasskey, fetchPasskeys, hasPasskeys, type Passkey, registerPasskey } from '@binnacle/web-data';
import { Button, IconButton, inputClass, Panel } from '@binnacle/web-ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMethods } from '../sign-in/other-ways.js';
import { Age } from '../objects/age.js';
import { useFresh } from './use-fresh.js';

const KEY = ['account', 'passkeys'];

function PasskeyRow({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const t = useTranslations('account');
  return (
    <li className="flex min-h-10 items-center gap-3 border-b border-line/60 px-4 text-sm last:border-0">
      <span className="min-w-0 flex-1 truncate">{passkey.name}</span>
      <span className="text-xs text-ink-3">
        {t('lastUsed')} {passkey.lastUsedAt ? <Age time={passkey.lastUsedAt} /> : t('never')}
      </span>
      <IconButton label={t('removePasskey', { name: passkey.name })} onClick={onRemove}>
        <Trash2 aria-hidden="true" />
      </IconButton>
    </li>
  );
}

function AddForm({ onAdd }: { onAdd: (name: string) => Promise<void> }) {
  const t = useTranslations('account');
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  return (
    <form
      className="flex flex-wrap gap-2 border-t border-line px-4 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (busy) return;
        setBusy(true);
        void onAdd(name.trim() || t('passkeyDefault')).finally(() => {
          setBusy(false);
          setName('');
        });
      }}
    >
      <input
        aria-label={t('passkeyName')}
        placeholder={t('passkeyName')}
        value={name}
        maxLength={64}
        onChange={({ target }) => setName(target.value)}
        className={`${inputClass} max-w-64 flex-1`}
      />
      <Button type="submit" busy={busy} icon={<Plus aria-hidden="true" />}>
        {t('addPasskey')}
      </Button>
    </form>
  );
}

/** Who closes what the browser shows has not failed. */
const ignoreDeclined = (error: unknown): void => {
  if (!(error instanceof DOMException && error.name === 'NotAllowedError')) throw error;
};

/** Keys of devices that one signs in with; nothing where the server has none. */
export function PasskeysPanel({ user }: { user: string }) {
  const t = useTranslations('account');
  const queries = useQueryClient();
  const { run, dialog } = useFresh(user);
  const available = useMethods()?.passkeys.available === true;
  const { data = [] } = useQuery({
    queryKey: KEY,
    enabled: available,
    queryFn: ({ signal }) => fetchPasskeys(signal),
    retry: false,
  });
  const refresh = () => queries.invalidateQueries({ queryKey: KEY });
  const add = (name: string) =>
    run(async () => {
      await registerPasskey(name).catch(ignoreDeclined);
      await refresh();
    });
  const remove = (id: string) =>
    run(async () => {
      await deletePasskey(id);
      await refresh();
    });
  return (
    <Panel title={t('passkeys')} count={data.length} flush>
      {data.length === 0 && <p className="px-4 py-3 text-sm text-ink-3">{t('noPasskeys')}</p>}
      <ul>
        {data.map((passkey) => (
          <PasskeyRow key={passkey.id} passkey={passkey} onRemove={() => void remove(passkey.id)} />
        ))}
      </ul>
      {available && hasPasskeys() ? (
        <AddForm onAdd={add} />
      ) : (
        <p className="border-t border-line px-4 py-3 text-xs text-ink-3">{t('noPasskeySupport')}</p>
      )}
      {dialog}
    </Panel>
  );
}
