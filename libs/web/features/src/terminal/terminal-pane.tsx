'use client';

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type ApiTarget, type Outcome, useCluster, useLive } from '@binnacle/web-data';
import { cx, IconButton, inputClass, type Tone, Status } from '@binnacle/web-ui';
import { RotateCcw, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { KindLink } from '../objects/links.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { containersOf, waitingFor } from './pod-containers.js';
import { SHELL, type Terminal, terminals } from './terminals.js';
import { type CommandPhase, useCommand } from './use-command.js';
import { wordsOf } from './words-of.js';

/** The Pod, as long as it is there. */
function usePod({ pod: { namespace, name } }: Terminal): Pod | undefined {
  const query = useQueryOf('pods', { namespace, fieldSelector: `metadata.name=${name}` });
  return useLive(query).items[0] as Pod | undefined;
}

function useWords({ pod, container }: Terminal) {
  const t = useTranslations('terminal');
  const outcome = ({ exitCode, message }: Outcome) => {
    if (exitCode !== undefined) return t('exited', { code: String(exitCode) });
    return message ? t('refused', { message }) : t('cutOff');
  };
  return {
    label: t('screen', { name: `${pod.name}/${container}` }),
    skipped: (count: number) => t('skipped', { count }),
    outcome,
    ended: (how: Outcome) => `${outcome(how)} ${t('again')}`,
  };
}

function Picker({ terminal, pod }: { terminal: Terminal; pod: Pod | undefined }) {
  const t = useTranslations();
  const found = pod ? containersOf(pod) : [];
  const known = found.some(({ name }) => name === terminal.container);
  const all = known ? found : [{ name: terminal.container, kind: 'container' as const }, ...found];
  return (
    <select
      aria-label={t('logs.container')}
      value={terminal.container}
      onChange={({ target: { value } }) => {
        const ephemeral = all.some(({ name, kind }) => name === value && kind === 'ephemeral');
        terminals.change(terminal.id, {
          container: value,
          command: ephemeral ? undefined : (terminal.command ?? SHELL),
        });
      }}
      className={cx(inputClass, 'h-7! w-auto! max-w-44 pr-1 text-xs!')}
    >
      {all.map(({ name, kind }) => (
        <option key={name} value={name}>
          {kind === 'container' ? name : `${name} (${t(`terminal.${kind}`)})`}
        </option>
      ))}
    </select>
  );
}

/** What is run; changed by Enter, so that nothing runs letter by letter. */
function CommandField({ terminal }: { terminal: Terminal }) {
  const t = useTranslations('terminal');
  const [text, setText] = useState(terminal.command ?? '');
  if (terminal.command === undefined) return <span className="text-xs text-ink-3">{t('attached')}</span>;
  return (
    <input
      aria-label={t('command')}
      value={text}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || text.trim() === '') return;
        terminals.change(terminal.id, { container: terminal.container, command: text.trim() });
        terminals.want(terminal.id);
      }}
      className={cx(inputClass, 'h-7! w-20! font-mono text-xs!')}
    />
  );
}

const TONES: Readonly<Record<CommandPhase['name'], Tone>> = {
  waiting: 'progress',
  connecting: 'progress',
  open: 'ok',
  ended: 'idle',
};

function PhaseMark({ phase, waiting, outcome }: { phase: CommandPhase; waiting: string; outcome: string }) {
  const t = useTranslations('terminal');
  const bad = phase.name === 'ended' && phase.outcome.exitCode !== 0;
  const text = phase.name === 'ended' ? outcome : phase.name === 'waiting' ? waiting : t(phase.name);
  return (
    <span role="status" className="min-w-0 truncate text-xs" title={text}>
      <Status tone={bad ? 'warn' : TONES[phase.name]}>{text}</Status>
    </span>
  );
}

function Header(props: {
  terminal: Terminal;
  pod: Pod | undefined;
  phase: CommandPhase;
  waiting: string;
  outcome: string;
  again: () => void;
}) {
  const t = useTranslations('terminal');
  const { terminal, phase } = props;
  const { namespace, name } = terminal.pod;
  return (
    <header className="flex min-h-9 items-center gap-2 border-b border-line px-2">
      {/* Where there is little room the bar says it. */}
      <span className="min-w-0 shrink text-xs font-medium max-md:hidden">
        <KindLink apiVersion="v1" kind="Pod" namespace={namespace} name={name} cut />
      </span>
      <Picker terminal={terminal} pod={props.pod} />
      <CommandField key={terminal.command} terminal={terminal} />
      <span className="flex min-w-0 flex-1 justify-end">
        <PhaseMark phase={phase} waiting={props.waiting} outcome={props.outcome} />
      </span>
      {phase.name === 'ended' && (
        <IconButton label={t('reconnect')} onClick={props.again} className="h-7! w-7!">
          <RotateCcw aria-hidden="true" />
        </IconButton>
      )}
      <IconButton label={t('close', { name })} onClick={() => terminals.close(terminal.id)} className="h-7! w-7!">
        <X aria-hidden="true" />
      </IconButton>
    </header>
  );
}

function useTarget({ pod: { namespace, name } }: Terminal): ApiTarget {
  const { cluster } = useCluster();
  return { cluster, group: '', version: 'v1', resource: 'pods', namespace, name };
}

/** A terminal in a container, with what it is and how it stands above it. */
export function TerminalPane({ terminal, wanted }: { terminal: Terminal; wanted: number | undefined }) {
  const t = useTranslations('terminal');
  const pod = usePod(terminal);
  const { container, command } = terminal;
  // One that has just been added to a Pod takes its time; what is attached to must run.
  const waiting = command === undefined ? waitingFor(pod, container) : undefined;
  const words = useWords(terminal);
  const wish =
    waiting === undefined ? { container, command: command === undefined ? undefined : wordsOf(command) } : undefined;
  const { host, phase, ready, again, focus } = useCommand(useTarget(terminal), wish, words);
  useEffect(() => {
    if (wanted !== undefined && ready) focus();
  }, [wanted, ready]);
  return (
    <section
      aria-label={words.label}
      data-terminal={terminal.id}
      onFocusCapture={() => terminals.use(terminal.id)}
      className="flex min-w-0 flex-1 basis-80 snap-start flex-col border-line not-last:border-r max-md:min-w-full md:min-w-80"
    >
      <Header
        terminal={terminal}
        pod={pod}
        phase={phase}
        waiting={t('waiting', { reason: waiting ?? '' })}
        outcome={phase.name === 'ended' ? words.outcome(phase.outcome) : ''}
        again={again}
      />
      <div className="min-h-0 flex-1 bg-sunken py-1.5 pl-2">
        <div ref={host} className="h-full" />
      </div>
    </section>
  );
}
