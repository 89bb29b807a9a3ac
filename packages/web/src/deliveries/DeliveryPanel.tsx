import { CHANNEL_LABELS, type NoticeDeliveries, type Receipt } from '@backcheck/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsCoordinator, useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { Callees } from './Callees.tsx';
import { DeliveryEntry } from './DeliveryEntry.tsx';
import { Ladder } from './Ladder.tsx';
import { LogDialog } from './LogDialog.tsx';
import { useDeliveries } from './use-deliveries.ts';
import './deliveries.css';

interface DeliveryPanelProps {
  readonly noticeId: string;
  /** To whom it was issued. */
  readonly organizationId: string;
}

/** On the page of a notice: who has it, how it went to whom, and what comes when nothing happens. */
export function DeliveryPanel({ noticeId, organizationId }: DeliveryPanelProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useDeliveries(noticeId);
  const mayCall = useMay({ object: 'contact', action: 'read' });
  const isCoordinator = useIsCoordinator();
  const mayLog = useMay({ object: 'notice', action: 'create' });
  const [logging, setLogging] = useState(false);
  return (
    <>
      <section className="panel" aria-labelledby="deliveries-title">
        <h2 id="deliveries-title">{t('deliveries.title')}</h2>
        {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
        {data === undefined ? null : <Receipts of={data} />}
        {data === undefined ? null : <Deliveries of={data} />}
        {mayCall && isCoordinator ? <Callees organizationId={organizationId} /> : null}
        {mayLog ? <Button onClick={() => setLogging(true)}>{t('deliveries.log.open')}</Button> : null}
        {logging ? <LogDialog noticeId={noticeId} onClose={() => setLogging(false)} /> : null}
      </section>
      {data === undefined || data.escalations.length === 0 ? null : (
        <Ladder noticeId={noticeId} steps={data.escalations} />
      )}
    </>
  );
}

/** Silence is said as what it is. */
function Receipts({ of: { noReceiptSince, receipts } }: { readonly of: NoticeDeliveries }) {
  const { t } = useTranslation();
  return (
    <div role="status">
      {noReceiptSince === null ? null : (
        <p className="no-receipt">
          {t('deliveries.noReceipt')} <Moment at={noReceiptSince} />
        </p>
      )}
      <ul className="rows receipts">
        {receipts.map((one) => (
          <ReceiptEntry key={one.no} receipt={one} />
        ))}
      </ul>
    </div>
  );
}

function ReceiptEntry({ receipt }: { readonly receipt: Receipt }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { name, channel, receivedAt, loggedBy, note } = receipt;
  return (
    <li>
      <strong className="received">{t('deliveries.receivedBy', { name })}</strong>
      <br />
      <small>
        {CHANNEL_LABELS[channel][language]} · <Moment at={receivedAt} />
        {loggedBy === null ? null : <> · {t('deliveries.loggedBy', { name: loggedBy.name })}</>}
      </small>
      {note === null ? null : <p className="delivery-note">{note}</p>}
    </li>
  );
}

function Deliveries({ of: { noticeId, planned, items } }: { readonly of: NoticeDeliveries }) {
  const { t } = useTranslation();
  if (!planned) return <p className="hint">{t('deliveries.planning')}</p>;
  if (items.length === 0) return <p className="no-receipt">{t('deliveries.nobody')}</p>;
  return (
    <ul className="rows delivery-rows" aria-label={t('deliveries.sentTo')}>
      {items.map((one) => (
        <DeliveryEntry key={one.id} noticeId={noticeId} delivery={one} />
      ))}
    </ul>
  );
}
