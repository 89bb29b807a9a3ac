import { CHANNEL_LABELS, DELIVERY_STATE_LABELS, type Delivery, OCCASION_LABELS } from '@backcheck/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { FailureText } from './FailureText.tsx';
import { useDeed } from './use-deliveries.ts';

interface DeliveryEntryProps {
  readonly noticeId: string;
  readonly delivery: Delivery;
}

/** One way to one recipient; where it failed, what a person can do about it. */
export function DeliveryEntry({ noticeId, delivery }: DeliveryEntryProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { channel, occasion, recipient, address, state, failure, sentAt, notBefore, readAt, loggedBy, note } =
    delivery;
  return (
    <li>
      <p className="delivery-line">
        <span>
          {recipient}
          {address === null ? null : <small className="delivery-address">{address}</small>}
        </span>
        <DeliveryStateMark state={state} />
      </p>
      <small>
        {CHANNEL_LABELS[channel][language]}
        {occasion === 'issued' ? null : <> · {OCCASION_LABELS[occasion][language]}</>}
        {sentAt === null ? null : (
          <>
            {' '}
            · <Moment at={sentAt} />
          </>
        )}
        {loggedBy === null ? null : <> · {t('deliveries.loggedBy', { name: loggedBy.name })}</>}
      </small>
      {readAt === null ? null : (
        <p className="hint">
          {t('deliveries.opened')} <Moment at={readAt} />
        </p>
      )}
      {failure === null ? null : <FailureText failure={failure} />}
      {notBefore === null ? null : (
        <p className="hint">
          {t('deliveries.triedAgain')} <Moment at={notBefore} />
        </p>
      )}
      {note === null ? null : <p className="delivery-note">{note}</p>}
      <DeliveryActions noticeId={noticeId} delivery={delivery} />
    </li>
  );
}

export function DeliveryStateMark({ state }: { readonly state: Delivery['state'] }) {
  const language = useLanguage();
  return <span className={`delivery-state ${state}`}>{DELIVERY_STATE_LABELS[state][language]}</span>;
}

/** An unconfirmed mail asks a person which it was: sent again it may come twice, and that is theirs to decide. */
export function DeliveryActions({
  noticeId,
  delivery: { id, channel, state, recipient },
}: DeliveryEntryProps) {
  const { t } = useTranslation();
  const may = useMay({ object: 'notice', action: 'update' });
  const deed = useDeed(noticeId);
  const stuck = state === 'failed' || state === 'bounced' || state === 'unconfirmed';
  if (!may || !stuck || (channel !== 'mail' && channel !== 'webhook')) return null;
  const button = (kind: 'send-again' | 'confirm') => (
    <Button
      size="small"
      aria-label={t(`deliveries.${kind}To`, { name: recipient })}
      loading={deed.isPending && deed.variables.kind === kind}
      onClick={() => deed.mutate({ kind, deliveryId: id })}
    >
      {t(`deliveries.${kind}`)}
    </Button>
  );
  return (
    <>
      {state === 'unconfirmed' ? <p className="hint">{t('deliveries.unconfirmedHint')}</p> : null}
      <div className="actions delivery-actions">
        {state === 'unconfirmed' ? button('confirm') : null}
        {button('send-again')}
      </div>
      {deed.error === null ? null : <Failure error={deed.error} />}
    </>
  );
}
