'use client';

import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { RequestTrial, RequestTrialStatus, TrialPeer } from '@binnacle/apis-kubernetes/trial/v1';
import { isPast } from '@binnacle/machinery-meta';
import { apiPath, call, useCluster, useRights } from '@binnacle/web-data';
import { Button, Status, TextField } from '@binnacle/web-ui';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useState } from 'react';
import { Mono } from '../objects/text.js';

const KIND = { group: 'networking.binnacle.dev', version: 'v1', resource: 'requesttrials' };
const API_VERSION = `${KIND.group}/${KIND.version}`;
/** From here on the answer tells of something that is wrong with the request or who answers it. */
const FIRST_FAULT = 400;

interface Asked {
  readonly service: Service;
  /** Of the Service. */
  readonly port: number;
}

const placeOf = ({ address, port }: TrialPeer): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function useTrial({ service: { metadata }, port }: Asked) {
  const { cluster } = useCluster();
  const { namespace = '', name = '' } = metadata;
  return useMutation({
    mutationFn: async (path: string) => {
      const spec = { namespace, service: name, port, path };
      const body = { apiVersion: API_VERSION, kind: 'RequestTrial', spec };
      const { status } = await call<RequestTrial>(apiPath({ cluster, ...KIND }), { method: 'POST', body });
      return status ?? {};
    },
  });
}

function Hop({ label, place, time }: { label: string; place?: string | undefined; time?: string | undefined }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-2">
      <span className="text-ink-2">{label}</span>
      {place && <Mono>{place}</Mono>}
      {time && <span className="text-xs text-ink-3 tabular">{time} ms</span>}
    </li>
  );
}

function Outcome({ status }: { status: RequestTrialStatus }) {
  const t = useTranslations('path.trial');
  const { asked, endpoint, code, failure, text } = status;
  const isFine = code !== undefined && code < FIRST_FAULT;
  return (
    <div className="flex flex-col gap-1.5">
      <ol className="flex flex-col gap-1">
        {asked && <Hop label={t('asked')} place={placeOf(asked)} time={status.connectedMilliseconds} />}
        {endpoint && <Hop label={t('reached')} place={placeOf(endpoint)} time={status.reachedMilliseconds} />}
        {code !== undefined && <Hop label={t('answered')} place={String(code)} time={status.answeredMilliseconds} />}
      </ol>
      <Status tone={isFine ? 'ok' : failure ? 'error' : 'warn'}>
        {failure ? t(`failures.${failure as 'Refused'}`) : t('arrived')}
      </Status>
      {text && (
        <pre
          tabIndex={0}
          className="max-h-40 overflow-auto rounded-md border border-line bg-surface px-2.5 py-1.5 font-mono text-xs whitespace-pre-wrap break-all"
        >
          {text}
          {status.truncated && '…'}
        </pre>
      )}
    </div>
  );
}

/** Sends a request along the way of one port, and shows each step of it. For whoever may get the Service's `proxy`. */
export function TryIt({ service, port }: Asked) {
  const t = useTranslations('path.trial');
  const { cluster } = useCluster();
  const id = useId();
  const [path, setPath] = useState('/');
  const { mutate, data, error, isPending } = useTrial({ service, port });
  const { namespace = '', name = '' } = service.metadata;
  const right = { verb: 'get', group: '', resource: 'services', subresource: 'proxy', namespace, name };
  if (useRights([right])(right) !== true || isPast(cluster)) return null;
  const send = (event: FormEvent) => {
    event.preventDefault();
    mutate(path.startsWith('/') ? path : `/${path}`);
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-2 border-t border-line pt-3 text-sm">
      <div className="flex flex-wrap items-end gap-2">
        <TextField
          id={id}
          label={t('path')}
          value={path}
          onChange={(event) => setPath(event.target.value)}
          maxLength={1024}
        />
        <Button type="submit" busy={isPending}>
          {t('send')}
        </Button>
      </div>
      <div role="status">
        {isPending && <span className="text-ink-3">{t('underWay')}</span>}
        {!isPending && error && <Status tone="error">{error.message}</Status>}
        {!isPending && !error && data && <Outcome status={data} />}
      </div>
    </form>
  );
}
