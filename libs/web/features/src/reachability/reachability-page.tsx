'use client';

import { Empty } from '@binnacle/web-ui';
import { ArrowLeftRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { useDeferredValue, useMemo } from 'react';
import { QuestionPage } from '../who-can/access-form.js';
import { ReachabilityAnswer } from './answer.js';
import { QuestionFields } from './end-fields.js';
import { useKnownEnds } from './known-ends.js';
import { readQuestion, specOf, USUAL_PORT } from './question.js';

/** May one reach another, and which policy says so. */
export function ReachabilityPage() {
  const t = useTranslations('reachability');
  const params = useSearchParams();
  const question = useMemo(() => readQuestion((name) => params.get(name) ?? ''), [params]);
  const known = useKnownEnds(question);
  // A name is not asked about letter by letter.
  const asked = useDeferredValue(question);
  const spec = specOf(asked, known.ports?.[0] ?? USUAL_PORT);
  // Which port is meant may have to be read first.
  const isReady = asked.port !== '' || known.ports !== undefined;
  return (
    <QuestionPage title={t('title')} lead={t('lead')} fields={<QuestionFields question={question} known={known} />}>
      {spec && isReady && <ReachabilityAnswer question={asked} spec={spec} state={known.state} />}
      {!spec && (
        <Empty icon={<ArrowLeftRight />} title={t('choose')}>
          {t('chooseHint')}
        </Empty>
      )}
    </QuestionPage>
  );
}
