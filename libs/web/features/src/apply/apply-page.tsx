'use client';

import { APPLY_MANAGER, rightKey, rightOn, useCluster } from '@binnacle/web-data';
import { isPast } from '@binnacle/machinery-meta';
import { Button, buttonClass, cx, Empty, NoticeBar } from '@binnacle/web-ui';
import { FilePlus2, FileUp, GitCompare, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { type Refusal, refusalProps, useRefusal } from '../rights/use-missing.js';
import { CodeEditor, type Mark } from '../yaml/code-editor.js';
import { AttemptRow } from './attempt-row.js';
import { appended, MOST_BYTES } from './apply-draft.js';
import { readEntries, type Reading } from './entries.js';
import { type Results, useApply } from './use-apply.js';

type ApplyState = ReturnType<typeof useApply>;

/** Reads files into the text, one behind the other. */
function useFiles(apply: ApplyState) {
  const t = useTranslations('apply');
  const [fault, setFault] = useState('');
  const take = async (files: Iterable<File>) => {
    setFault('');
    let text = apply.text;
    for (const file of files) {
      if (text.length + file.size > MOST_BYTES) return setFault(t('tooLarge', { name: file.name }));
      text = appended(text, await file.text());
    }
    apply.write(text);
  };
  return { fault, take };
}

function FileButton({ onFiles }: { onFiles: (files: Iterable<File>) => void }) {
  const t = useTranslations('apply');
  return (
    <label
      className={cx(buttonClass('secondary'), 'cursor-pointer focus-within:outline-2 focus-within:outline-accent')}
    >
      <FileUp className="size-4" aria-hidden="true" />
      {t('file')}
      <input
        type="file"
        multiple
        accept=".yaml,.yml,.json"
        className="sr-only"
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          // The same file may be chosen again.
          target.value = '';
        }}
      />
    </label>
  );
}

function useMarks(reading: Reading, results: Results | undefined, sought: Mark | undefined): readonly Mark[] {
  return useMemo(() => {
    if (sought) return [sought];
    const refused = (results?.attempts ?? []).flatMap(({ complaints }) => complaints);
    const placed = refused.flatMap(({ line, message }) => (line === undefined ? [] : [{ line, message }]));
    return [...reading.misread, ...placed];
  }, [reading, results, sought]);
}

function Summary({ results }: { results: Results }) {
  const t = useTranslations('apply');
  const count = (...states: string[]) => results.attempts.filter(({ state }) => states.includes(state)).length;
  return (
    <p role="status" className="border-b border-line px-4 py-2 text-xs text-ink-3">
      {results.left > 0 && <span>{t('left', { count: results.left })}</span>}
      {results.left === 0 && (
        <span>
          {t(results.dryRun ? 'tried' : 'done', {
            created: count('created'),
            configured: count('configured'),
            unchanged: count('unchanged'),
            failed: count('refused', 'conflict', 'later'),
          })}
        </span>
      )}
    </p>
  );
}

function ResultList({ apply, onLine }: { apply: ApplyState; onLine: (mark: Mark) => void }) {
  const t = useTranslations('apply');
  const { results } = apply;
  if (!results) {
    return (
      <Empty icon={<FilePlus2 />} title={t('nothingYet')}>
        {t('hint', { namespace: apply.namespace, manager: APPLY_MANAGER })}
      </Empty>
    );
  }
  return (
    <>
      <Summary results={results} />
      <ol aria-label={t('results')}>
        {results.attempts.map((attempt) => (
          <AttemptRow
            key={`${results.dryRun} ${attempt.entry.key}`}
            attempt={attempt}
            dryRun={results.dryRun}
            forced={apply.forced.has(attempt.entry.key)}
            onForce={(on) => apply.force(attempt.entry.key, on)}
            onLine={(line) =>
              onLine({ line, message: attempt.complaints.find((each) => each.line === line)?.message ?? '' })
            }
          />
        ))}
      </ol>
    </>
  );
}

interface HeaderProps {
  readonly apply: ApplyState;
  readonly blocked: string | undefined;
  /** Of a right that is missing for some of it. */
  readonly refusal: Refusal | undefined;
  readonly children: ReactNode;
}

function Header({ apply, blocked, refusal, children }: HeaderProps) {
  const t = useTranslations('apply');
  const isTried = apply.results?.dryRun === true && apply.results.left === 0;
  const hindrance = blocked ? { disabledReason: blocked } : refusalProps(refusal);
  return (
    <header className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-3 md:px-6">
      <h1 className="flex-1 basis-56 text-xl font-semibold tracking-tight">{t('title')}</h1>
      {children}
      <Button
        variant={isTried ? 'secondary' : 'primary'}
        icon={<GitCompare aria-hidden="true" />}
        busy={apply.busy}
        {...hindrance}
        onClick={() => void apply.tryOut()}
      >
        {t('try')}
      </Button>
      <Button
        variant={isTried ? 'primary' : 'secondary'}
        busy={apply.busy}
        {...hindrance}
        onClick={() => void apply.apply()}
      >
        {t('apply')}
      </Button>
    </header>
  );
}

function useBlocked(apply: ApplyState, reading: Reading): string | undefined {
  const t = useTranslations('apply');
  const { cluster } = useCluster();
  if (isPast(cluster)) return t('past');
  if (reading.misread.length > 0) return t('misread');
  return apply.text.trim() === '' || reading.entries.length === 0 ? t('noText') : undefined;
}

/** A text may name many kinds in many namespaces: of so many it is asked before. */
const MOST_ASKED = 20;

/** Why some of it may not be applied, which tries ask for as well. */
function useApplyRefusal({ entries }: Reading, fallback: string): Refusal | undefined {
  const { resources } = useCluster();
  const rights = entries.flatMap(({ object: { apiVersion, kind, metadata } }) => {
    const resource = resources.byKind(apiVersion, kind);
    return resource ? [rightOn('patch', resource, { namespace: metadata.namespace ?? fallback })] : [];
  });
  const each = new Map(rights.map((right) => [rightKey(right), right]));
  return useRefusal([...each.values()].slice(0, MOST_ASKED));
}

const misreadMarks = (text: string): readonly Mark[] => readEntries(text).misread;

/** Objects from a text: tried by the server and compared first, then applied. */
export function ApplyPage() {
  const t = useTranslations('apply');
  const apply = useApply();
  const { fault, take } = useFiles(apply);
  const [sought, setSought] = useState<Mark>();
  const deferred = useDeferredValue(apply.text);
  const reading = useMemo(() => readEntries(deferred), [deferred]);
  const marks = useMarks(reading, apply.results, sought);
  return (
    <div
      className="flex min-h-0 flex-1 flex-col max-md:overflow-y-auto"
      onDragOver={(event) => event.preventDefault()}
      onDropCapture={(event) => {
        if (event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        event.stopPropagation();
        void take([...event.dataTransfer.files]);
      }}
    >
      <Header apply={apply} blocked={useBlocked(apply, reading)} refusal={useApplyRefusal(reading, apply.namespace)}>
        <FileButton onFiles={(files) => void take(files)} />
      </Header>
      {fault && (
        <NoticeBar tone="error" role="alert" icon={<TriangleAlert aria-hidden="true" />}>
          {fault}
        </NoticeBar>
      )}
      <div className="flex min-h-0 flex-1 max-md:flex-col">
        <div className="min-w-0 flex-1 border-line bg-surface max-md:min-h-80 max-md:border-b md:border-r">
          <CodeEditor
            label={t('editor')}
            value={apply.text}
            readOnly={false}
            marks={marks}
            check={misreadMarks}
            onChange={(text) => {
              setSought(undefined);
              apply.write(text);
            }}
          />
        </div>
        <section
          aria-label={t('results')}
          tabIndex={0}
          className="min-w-0 flex-1 outline-offset-[-2px] md:overflow-y-auto"
        >
          <ResultList apply={apply} onLine={setSought} />
        </section>
      </div>
    </div>
  );
}
