'use client';

import { Button, Status, type Tone } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { KindLink } from '../objects/links.js';
import { CodeEditor } from '../yaml/code-editor.js';
import type { ServerComplaint } from '../yaml/server-errors.js';
import type { Attempt, AttemptState } from './attempt.js';

const TONES: Readonly<Record<AttemptState, Tone>> = {
  created: 'ok',
  configured: 'progress',
  unchanged: 'idle',
  conflict: 'warn',
  later: 'idle',
  refused: 'error',
};

function Complaints({ complaints, go }: { complaints: readonly ServerComplaint[]; go: (line: number) => void }) {
  const t = useTranslations('yaml');
  if (complaints.length === 0) return null;
  return (
    <ul className="mt-1 flex flex-col gap-1 text-xs">
      {complaints.map(({ field, message, line }) => (
        <li key={field + message} className="break-words text-ink-2">
          {line !== undefined && (
            <button
              type="button"
              onClick={() => go(line)}
              className="mr-2 rounded-sm font-medium text-accent underline-offset-2 hover:underline"
            >
              {t('line', { line: String(line) })}
            </button>
          )}
          {field && <code className="mr-1.5 font-mono text-ink">{field}</code>}
          {message}
        </li>
      ))}
    </ul>
  );
}

function Owners(props: { attempt: Attempt; forced: boolean; onForce: (on: boolean) => void }) {
  const t = useTranslations('apply');
  const { owners } = props.attempt;
  if (owners.length === 0) return null;
  return (
    <div className="mt-1.5 flex flex-col gap-1.5 text-xs">
      <table className="w-full text-left">
        <thead>
          <tr className="text-ink-3">
            <th scope="col" className="pr-3 font-normal">
              {t('field')}
            </th>
            <th scope="col" className="font-normal">
              {t('owner')}
            </th>
          </tr>
        </thead>
        <tbody>
          {owners.map(({ field, manager, how }) => (
            <tr key={field + manager} className="align-top">
              <td className="pr-3 break-all">
                <code className="font-mono">{field}</code>
              </td>
              <td className="break-all">
                <span className="font-medium">{manager}</span> <span className="text-ink-3">{how}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <label className="flex items-center gap-2 text-ink-2">
        <input
          type="checkbox"
          className="accent-accent"
          checked={props.forced}
          onChange={(event) => props.onForce(event.target.checked)}
        />
        {t('force')}
      </label>
    </div>
  );
}

function Difference({ attempt, name }: { attempt: Attempt; name: string }) {
  const t = useTranslations('apply');
  const lines = attempt.after.split('\n').length;
  return (
    // As high as what it shows, as far as there is room.
    <div
      className="mt-2 overflow-hidden rounded-md border border-line"
      style={{ height: Math.min(360, lines * 18 + 16) }}
    >
      <CodeEditor
        label={t('changesOf', { name })}
        value={attempt.after}
        readOnly
        {...(attempt.before && { original: attempt.before })}
      />
    </div>
  );
}

interface AttemptRowProps {
  readonly attempt: Attempt;
  readonly dryRun: boolean;
  readonly forced: boolean;
  readonly onForce: (on: boolean) => void;
  readonly onLine: (line: number) => void;
}

/** What it is called, as the way to it where it is there. */
function Subject({ attempt, dryRun }: { attempt: Attempt; dryRun: boolean }) {
  const { state, entry, object } = attempt;
  const { apiVersion, kind, metadata } = object ?? entry.object;
  const name = nameOf(attempt);
  const isThere = object !== undefined && !(dryRun && state === 'created');
  return (
    <span className="min-w-0 flex-1 basis-48 text-sm">
      <span className="text-ink-3">{kind} </span>
      <span className="font-medium break-all">
        {isThere ? <KindLink apiVersion={apiVersion} kind={kind} namespace={metadata.namespace} name={name} /> : name}
      </span>
    </span>
  );
}

function nameOf({ object, entry }: Attempt): string {
  const { name, generateName = '' } = (object ?? entry.object).metadata;
  return name ?? generateName;
}

/** One object, and what the server makes of it. */
export function AttemptRow(props: AttemptRowProps) {
  const t = useTranslations('apply');
  const [open, setOpen] = useState(false);
  const { attempt, dryRun } = props;
  const { state } = attempt;
  const name = nameOf(attempt);
  const isShown = state === 'created' || state === 'configured';
  return (
    <li className="border-b border-line/60 px-4 py-2.5 last:border-0">
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
        <Subject attempt={attempt} dryRun={dryRun} />
        <span className="text-sm">
          <Status tone={TONES[state]}>{t(`${dryRun ? 'would' : 'did'}.${state}`, { what: attempt.waitsFor })}</Status>
        </span>
        {isShown && (
          <Button variant="ghost" aria-expanded={open} className="h-7!" onClick={() => setOpen(!open)}>
            {t(open ? 'hide' : 'show')}
            <span className="sr-only"> {name}</span>
          </Button>
        )}
      </div>
      <Complaints complaints={attempt.complaints} go={props.onLine} />
      <Owners attempt={attempt} forced={props.forced} onForce={props.onForce} />
      {open && isShown && <Difference attempt={attempt} name={name} />}
    </li>
  );
}
