import { NOTICE_BATCH_STATE_LABELS, NOTICE_KIND_LABELS, type NoticeBatch } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Progress, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Fact } from '../ui/Fact.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Pages } from '../ui/Pages.tsx';
import { useTitle } from '../ui/use-title.ts';
import { When } from '../ui/When.tsx';
import { LeftOutPanel } from './LeftOutPanel.tsx';
import { NoticeTable } from './NoticeTable.tsx';
import { StepDialog } from './StepDialog.tsx';
import { type BatchStepTaken, useNoticeBatch, useNotices, useStepBatch } from './use-notices.ts';
import './notices.css';

const route = getRouteApi('/notice-batches/$batchId');

/** One batch: approved as one by another person, issued one notice after the other. */
export function NoticeBatchScreen() {
  const { t } = useTranslation();
  const { batchId } = route.useParams();
  const { data, error, isPending, refetch } = useNoticeBatch(batchId);
  useTitle(data?.title ?? t('notices.batches.title'));
  return (
    <div className="screen">
      <Link className="back" to="/notice-batches">
        <span aria-hidden="true">←</span> {t('notices.batches.back')}
      </Link>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {data === undefined ? null : (
        <>
          <h1>{data.title}</h1>
          <Standing batch={data} />
          <LeftOutPanel batch={data} />
          <Notices batch={data} />
        </>
      )}
    </div>
  );
}

function Standing({ batch }: { readonly batch: NoticeBatch }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const take = useStepBatch(batch.id);
  const [asked, setAsked] = useState<BatchStepTaken['step'] | null>(null);
  const ask = (step: typeof asked) => {
    take.reset();
    setAsked(step);
  };
  const { expected, drafted, issued, discarded, needless, refused } = batch.counts;
  const atWork =
    batch.state === 'drafting'
      ? (drafted + needless + refused) / Math.max(1, expected)
      : issued / Math.max(1, drafted - discarded);
  return (
    <section className="panel" aria-label={t('notices.state')}>
      <dl className="pairs">
        <Fact label={t('notices.kind')}>{NOTICE_KIND_LABELS[batch.kind][language]}</Fact>
        <Fact label={t('notices.state')}>{NOTICE_BATCH_STATE_LABELS[batch.state][language]}</Fact>
        <Fact label={t('notices.did.drafted')}>
          {batch.draftedBy.name} <When at={batch.draftedAt} />
        </Fact>
        {batch.approvedBy === null || batch.approvedAt === null ? null : (
          <Fact label={t('notices.did.approved')}>
            {batch.approvedBy.name} <When at={batch.approvedAt} />
          </Fact>
        )}
        <Fact label={t('notices.batches.issued')}>
          <span role="status">{t('notices.batches.counts', { issued, drafted, discarded })}</span>
          {needless + refused === 0 ? null : (
            <p className="hint">{t('notices.batches.without', { needless, refused })}</p>
          )}
          <Progress
            aria-label={t('notices.batches.issued')}
            percent={Math.round(atWork * 100)}
            size="small"
          />
        </Fact>
      </dl>
      <div className="actions">
        {batch.allowed.map((step) => (
          <Button key={step} type={step === 'discard' ? 'default' : 'primary'} onClick={() => ask(step)}>
            {t(`notices.batches.steps.${step}`)}
          </Button>
        ))}
      </div>
      {asked === null ? null : (
        <StepDialog
          name={t(`notices.batches.steps.${asked}`)}
          sure={t(`notices.batches.sure.${asked}`, { count: drafted - discarded - issued })}
          needsReason={asked === 'discard'}
          taking={take}
          onTake={(reason) =>
            take.mutate(reason === '' ? { step: asked } : { step: asked, reason }, {
              onSuccess: () => setAsked(null),
            })
          }
          onClose={() => ask(null)}
        />
      )}
    </section>
  );
}

function Notices({ batch }: { readonly batch: NoticeBatch }) {
  const { t } = useTranslation();
  // while it is at work the counts say when there is something new to show
  const list = useNotices(
    { batchId: batch.id },
    `${batch.state} ${batch.counts.drafted} ${batch.counts.issued}`,
  );
  return (
    <section aria-label={t('notices.title')}>
      <Pages list={list}>{(items) => <NoticeTable items={items} />}</Pages>
    </section>
  );
}
