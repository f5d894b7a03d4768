'use client';

import { objectKey, type UnstructuredObject } from '@binnacle/web-data';
import { Button, CopyButton, Dialog, Status, type Tone } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { type BulkAct, type BulkItem, BulkRun, type ItemState } from './bulk-run.js';

/** What a change would do to one object. */
export interface Change {
  readonly text: ReactNode;
  /** It is so already, or cannot be done to this one: the object is left alone. */
  readonly skip?: boolean;
}

export interface BulkDialogProps {
  readonly title: string;
  readonly lead: string;
  /** What the button does to so many. */
  readonly submit: (count: number) => string;
  readonly danger?: boolean;
  /** Why it cannot be done now. */
  readonly blocked?: string | undefined;
  readonly command?: string | undefined;
  readonly objects: readonly UnstructuredObject[];
  readonly changeOf: (object: UnstructuredObject) => Change;
  readonly act: BulkAct<UnstructuredObject>;
  /** `failed` are those it was not done to, of those it was begun with. */
  readonly onClose: (done: boolean, failed: readonly UnstructuredObject[]) => void;
  /** What must be said first. */
  readonly children?: ReactNode;
}

const TONES: Readonly<Record<ItemState, Tone>> = {
  waiting: 'idle',
  busy: 'progress',
  tried: 'progress',
  refused: 'error',
  done: 'ok',
  failed: 'error',
};
/** What wants looking at stands first. */
const FIRST: ReadonlySet<ItemState> = new Set<ItemState>(['refused', 'failed']);
/** More lines than this nobody reads. */
const MOST_LINES = 200;
const NOTHING: readonly BulkItem<UnstructuredObject>[] = [];
const noListener = () => () => undefined;

function Line({
  object,
  text,
  item,
}: {
  object: UnstructuredObject;
  text: ReactNode;
  item: BulkItem<UnstructuredObject> | undefined;
}) {
  const t = useTranslations('bulk');
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-b border-line/60 px-3 py-1.5 text-sm last:border-0">
      <span className="min-w-0 flex-1 basis-40 break-all">{objectKey(object)}</span>
      <span className="tabular text-ink-2">{text}</span>
      {item && (
        <span className="basis-24">
          <Status tone={TONES[item.state]}>{t(`state.${item.state}`)}</Status>
        </span>
      )}
      {item?.message && <span className="basis-full text-xs break-words text-error">{item.message}</span>}
    </li>
  );
}

interface LinesProps {
  readonly label: string;
  readonly objects: readonly UnstructuredObject[];
  readonly changeOf: (object: UnstructuredObject) => Change;
  readonly items: readonly BulkItem<UnstructuredObject>[];
}

/** Each object with what changes of it, and how that went. */
function Lines({ label, objects, changeOf, items }: LinesProps) {
  const t = useTranslations('detail');
  const found = new Map(items.map((item) => [item.object, item]));
  const isFirst = (object: UnstructuredObject) => FIRST.has(found.get(object)?.state ?? 'waiting');
  const sorted = [...objects].sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
  return (
    <ul aria-label={label} tabIndex={0} className="max-h-72 overflow-y-auto rounded-md border border-line">
      {sorted.slice(0, MOST_LINES).map((object) => (
        <Line key={objectKey(object)} object={object} text={changeOf(object).text} item={found.get(object)} />
      ))}
      {sorted.length > MOST_LINES && (
        <li className="px-3 py-1.5 text-sm text-ink-3">{t('showMore', { count: sorted.length - MOST_LINES })}</li>
      )}
    </ul>
  );
}

type Phase = 'asking' | 'trying' | 'refused' | 'running' | 'ended';

/** Tries the change with all, and makes it where none is refused; otherwise asks whether to leave out those. */
function useBulkRun(props: BulkDialogProps, wanted: readonly UnstructuredObject[]) {
  const [phase, setPhase] = useState<Phase>('asking');
  const [run, setRun] = useState<BulkRun<UnstructuredObject>>();
  const store = run?.store;
  const items = useSyncExternalStore(store?.subscribe ?? noListener, store?.get ?? (() => NOTHING), () => NOTHING);
  useEffect(() => () => run?.stop(), [run]);
  const make = async (begun: BulkRun<UnstructuredObject>, how: 'run' | 'again') => {
    setPhase('running');
    await begun[how]();
    setPhase('ended');
  };
  const start = async () => {
    const begun = new BulkRun(wanted, props.act);
    setRun(begun);
    setPhase('trying');
    if (await begun.try()) await make(begun, 'run');
    else setPhase('refused');
  };
  const reset = () => {
    setRun(undefined);
    setPhase('asking');
  };
  return { phase, items, start, reset, goOn: () => run && make(run, 'run'), again: () => run && make(run, 'again') };
}

const countIn = (items: readonly BulkItem<UnstructuredObject>[], ...states: ItemState[]) =>
  items.filter(({ state }) => states.includes(state)).length;

/** What has come of it so far, in a sentence. */
function Outcome({ phase, items, skipped }: { phase: Phase; items: LinesProps['items']; skipped: number }) {
  const t = useTranslations('bulk');
  const total = items.length;
  const said = () => {
    switch (phase) {
      case 'asking':
        return skipped > 0 ? t('skipped', { count: skipped }) : '';
      case 'trying':
        return t('trying', { count: countIn(items, 'tried', 'refused'), total });
      case 'refused':
        return t('someRefused', { count: countIn(items, 'refused'), total });
      case 'running':
        return t('running', { count: countIn(items, 'done', 'failed'), total });
      case 'ended':
        return t('ended', { done: countIn(items, 'done'), failed: countIn(items, 'failed', 'refused') });
    }
  };
  return (
    <p role="status" className="tabular text-sm text-ink-2 empty:hidden">
      {said()}
    </p>
  );
}

function Command({ text }: { text: string | undefined }) {
  const t = useTranslations('app');
  if (!text) return null;
  return (
    <div className="flex items-center gap-1 rounded-md bg-sunken py-1 pr-1 pl-2.5">
      <code className="min-w-0 flex-1 font-mono text-xs break-words text-ink-2">{text}</code>
      <CopyButton text={text} label={t('copy')} />
    </div>
  );
}

interface ButtonsProps extends Pick<BulkDialogProps, 'danger' | 'submit' | 'blocked'> {
  readonly run: ReturnType<typeof useBulkRun>;
  /** How many it would be done to now. */
  readonly ready: number;
  readonly onClose: () => void;
}

/** The way back, or on, from where it has come to. */
function Buttons({ run, ready, danger = false, submit, blocked, onClose }: ButtonsProps) {
  const t = useTranslations();
  const { phase, items, reset, again } = run;
  const busy = phase === 'trying' || phase === 'running';
  const failed = countIn(items, 'failed');
  const ended = phase === 'ended';
  return (
    <div className="-mx-5 mt-2 flex flex-wrap justify-end gap-2 border-t border-line px-5 pt-3 pb-2">
      {phase === 'refused' && <Button onClick={reset}>{t('bulk.back')}</Button>}
      {ended && failed > 0 && <Button onClick={() => void again()}>{t('bulk.again', { count: failed })}</Button>}
      <Button key={phase} autoFocus={ended} onClick={onClose}>
        {t(ended ? 'bulk.finish' : 'app.cancel')}
      </Button>
      {!ended && (
        <Button type="submit" variant={danger ? 'danger' : 'primary'} busy={busy} disabledReason={blocked}>
          {busy ? t('actions.busy') : submit(ready)}
        </Button>
      )}
    </div>
  );
}

/** A change to many objects: what it does to each, whether the server takes it, and how it went with each. */
export function BulkDialog(props: BulkDialogProps) {
  const t = useTranslations();
  // Those that were meant when the question was asked, whatever happens to them meanwhile.
  const [objects] = useState(props.objects);
  const wanted = objects.filter((object) => !props.changeOf(object).skip);
  const run = useBulkRun(props, wanted);
  const { phase, items } = run;
  const asking = phase === 'asking';
  const ready = phase === 'refused' ? countIn(items, 'tried') : wanted.length;
  const blocked = (asking ? props.blocked : undefined) ?? (ready === 0 ? t('bulk.nothing') : undefined);
  const left = phase === 'ended' ? items.filter(({ state }) => state !== 'done').map(({ object }) => object) : [];
  const close = () => props.onClose(phase === 'ended' && left.length === 0, left);
  const submit = () => {
    if (blocked) return;
    if (asking) void run.start();
    if (phase === 'refused') void run.goOn();
  };
  return (
    <Dialog open wide onClose={close} title={props.title} description={props.lead} closeLabel={t('app.close')}>
      <form
        id="bulk"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {/* What is done is not what is written here any more once that is changed. */}
        <fieldset disabled={!asking} className="contents">
          {props.children}
        </fieldset>
        <Outcome phase={phase} items={items} skipped={objects.length - wanted.length} />
        <Lines label={t('bulk.objects')} objects={objects} changeOf={props.changeOf} items={items} />
        {asking && <Command text={props.command} />}
        <Buttons
          run={run}
          ready={ready}
          danger={props.danger ?? false}
          submit={props.submit}
          blocked={blocked}
          onClose={close}
        />
      </form>
    </Dialog>
  );
}
