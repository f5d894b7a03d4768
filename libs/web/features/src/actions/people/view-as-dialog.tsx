'use client';

import { canViewAs, useCluster, type ViewedAs } from '@binnacle/web-data';
import { showToast, TextField } from '@binnacle/web-ui';
import { presentCluster } from '@binnacle/machinery-meta';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionDialog } from '../action-dialog.js';
import { impersonationRights } from '../action-rights.js';
import { groupsOf, usePeople, useTeams } from '../../people/people.js';
import { refusalProps, useRefusal } from '../../rights/use-missing.js';
import { changeView } from '../../view-as/change-view.js';

const splitGroups = (text: string): string[] =>
  text
    .split(',')
    .map((group) => group.trim())
    .filter(Boolean);

interface ViewAsDialogProps {
  /** Chosen already. */
  readonly user?: string;
  readonly group?: string;
  readonly onClose: () => void;
}

function useChoice({ user: given = '', group }: ViewAsDialogProps) {
  const teams = useTeams();
  const [user, setUser] = useState(given);
  const [typed, setTyped] = useState(group);
  const groups = typed ?? groupsOf(user, teams).join(', ');
  // A group alone has nobody in it: somebody must be named.
  const name = user.trim() || (group ? 'somebody' : '');
  const chosen: ViewedAs = { user: name, groups: splitGroups(groups) };
  return { user, setUser, groups, setGroups: setTyped, chosen };
}

/** Asks as whom to look, and says what that means. */
export function ViewAsDialog(props: ViewAsDialogProps) {
  const t = useTranslations('viewAs');
  const live = useTranslations('live');
  const { cluster } = useCluster();
  const people = usePeople();
  const [busy, setBusy] = useState(false);
  const { user, setUser, groups, setGroups, chosen } = useChoice(props);
  const refusal = useRefusal(impersonationRights(chosen));
  const invalid = chosen.user === '' ? t('noUser') : canViewAs(chosen) ? undefined : t('unsayable');
  const { disabledReason } = refusalProps(refusal);
  const submit = async () => {
    setBusy(true);
    if (await changeView(chosen, presentCluster(cluster))) return;
    setBusy(false);
    showToast({ tone: 'error', text: live('cannotLeave') });
  };
  return (
    <ActionDialog
      title={t('title')}
      lead={t('lead')}
      submit={t('submit')}
      busy={busy}
      blocked={invalid ?? disabledReason}
      command={`kubectl --as=${chosen.user || '…'}${chosen.groups.map((group) => ` --as-group=${group}`).join('')} get pods`}
      onSubmit={() => void submit()}
      onClose={props.onClose}
    >
      <TextField
        id="view-as-user"
        label={t('user')}
        list="view-as-people"
        value={user}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => setUser(target.value)}
      />
      <datalist id="view-as-people">
        {people.map(({ metadata: { name } }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <TextField
        id="view-as-groups"
        label={t('groups')}
        hint={t('groupsHint')}
        value={groups}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => setGroups(target.value)}
      />
    </ActionDialog>
  );
}
