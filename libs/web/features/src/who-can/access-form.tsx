'use client';

import { listQuery, useCluster, useLive } from '@binnacle/web-data';
import { inputClass, Labelled, SelectField } from '@binnacle/web-ui';
import { type ReactNode, useState } from 'react';

/** A page that asks a question: its fields, and below them the answer. */
export function QuestionPage(props: { title: string; lead: string; fields: ReactNode; children: ReactNode }) {
  return (
    <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto outline-offset-[-2px]">
      <header className="px-4 pt-4 pb-3 md:px-6">
        <h1 className="text-xl font-semibold tracking-tight">{props.title}</h1>
        <p className="text-sm text-ink-3">{props.lead}</p>
      </header>
      <div className="flex flex-wrap items-end gap-3 px-4 pb-4 md:px-6">{props.fields}</div>
      <div className="flex flex-col gap-4 px-4 pb-6 md:px-6">{props.children}</div>
    </div>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One of several. */
export function Choice(props: Parameters<typeof SelectField>[0]) {
  return <SelectField {...props} className="max-w-full" />;
}

interface TypedProps extends FieldProps {
  readonly id: string;
  readonly placeholder?: string;
  /** What may be meant. */
  readonly known?: readonly string[];
}

/** A word that is typed, with those that are known at hand. While somebody types, what they typed stands: the address comes later. */
export function Typed({ id, label, value, placeholder, known = [], onChange }: TypedProps) {
  const [typed, setTyped] = useState<string>();
  const type = (text: string) => {
    setTyped(text);
    onChange(text);
  };
  return (
    <Labelled className="max-w-full" label={label}>
      <input
        className={inputClass}
        value={typed ?? value}
        list={`${id}-known`}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => type(target.value)}
        onBlur={() => setTyped(undefined)}
      />
      <datalist id={`${id}-known`}>
        {known.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </Labelled>
  );
}

/** The namespaces that may be seen. */
export function useNamespaceNames(): readonly string[] {
  const { cluster, resources } = useCluster();
  const resource = resources.byId('namespaces');
  const { items } = useLive(resource && listQuery(cluster, resource));
  return items.map(({ metadata }) => metadata.name ?? '').sort();
}
