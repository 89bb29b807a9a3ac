import { QUEUE_REASON_LABEL, QUEUE_REASONS, type QueueItem, type QueueReason } from '@backcheck/contract';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AssetsFrame, OrganizationChoice } from '../assets/AssetsFrame.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Field } from '../ui/Field.tsx';
import { itemsOf, Pages } from '../ui/Pages.tsx';
import { useTitle } from '../ui/use-title.ts';
import { HandOverDialog, HandOverMany } from './HandOverDialog.tsx';
import { QueueTable } from './QueueTable.tsx';
import { type QueueSearch, readQueueSearch } from './search.ts';
import { useMayHandOver, useQueue, useQueueCounts } from './use-ownership.ts';
import './ownership.css';

const route = getRouteApi('/assets/unowned');

export function QueueScreen() {
  const { t } = useTranslation();
  useTitle(t('ownership.queue.title'));
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: { readonly [K in keyof QueueSearch]: QueueSearch[K] | undefined }) =>
    void navigate({ search: (before) => readQueueSearch({ ...before, ...part }), replace: true });
  return (
    <AssetsFrame title={t('ownership.queue.title')} organizationId={search.organizationId}>
      <p className="lead">{t('ownership.queue.lead')}</p>
      <search className="asset-filters" aria-label={t('ownership.queue.title')}>
        <ReasonFilter search={search} onChange={(reason) => change({ reason })} />
        <OrganizationChoice
          allowAll
          value={search.organizationId}
          onChange={(organizationId) => change({ organizationId })}
        />
      </search>
      <Queue key={`${search.reason} ${search.organizationId}`} search={search} />
    </AssetsFrame>
  );
}

interface ReasonFilterProps {
  readonly search: QueueSearch;
  readonly onChange: (reason: QueueReason | undefined) => void;
}

function ReasonFilter({ search, onChange }: ReasonFilterProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const counts = useQueueCounts(search.organizationId).data;
  const label = (reason: QueueReason) =>
    counts === undefined
      ? QUEUE_REASON_LABEL[reason][language]
      : `${QUEUE_REASON_LABEL[reason][language]} (${counts[reason]})`;
  return (
    <Field id="queue-reason" label={t('ownership.queue.reason')}>
      <Select
        id="queue-reason"
        allowClear
        placeholder={t('ownership.queue.all')}
        value={search.reason ?? null}
        options={QUEUE_REASONS.map((value) => ({ value, label: label(value) }))}
        onChange={(reason: QueueReason | undefined) => onChange(reason)}
      />
    </Field>
  );
}

function Queue({ search }: { readonly search: QueueSearch }) {
  const { t } = useTranslation();
  const list = useQueue(search);
  const mayGive = useMayHandOver();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [giving, setGiving] = useState<QueueItem | 'chosen' | null>(null);
  const items = itemsOf(list);
  const wanted = items.filter(({ asset, guess }) => guess !== null && chosen.has(asset.id));
  const close = () => {
    setGiving(null);
    setChosen(new Set());
  };
  return (
    <>
      <Pages
        list={list}
        empty={<EmptyState title={t('ownership.queue.none')} hint={t('ownership.queue.noneHint')} />}
      >
        {(items) => (
          <>
            {mayGive ? (
              <div className="queue-actions">
                <Button type="primary" disabled={wanted.length === 0} onClick={() => setGiving('chosen')}>
                  {t('ownership.queue.handOverChosen', { count: wanted.length })}
                </Button>
              </div>
            ) : null}
            <QueueTable
              items={items}
              busy={list.isPlaceholderData}
              choice={mayGive ? { chosen, onChoose: setChosen, onGive: setGiving } : null}
            />
          </>
        )}
      </Pages>
      {giving === 'chosen' ? <HandOverMany items={wanted} onClose={close} /> : null}
      {giving === null || giving === 'chosen' ? null : <HandOverDialog asset={giving} onClose={close} />}
    </>
  );
}
