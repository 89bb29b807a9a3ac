import type { Webhook } from '@backcheck/contract';
import { Button, Modal, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useMay } from '../app/use-access.ts';
import { NoticeFrame } from '../notices/NoticeFrame.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { useTitle } from '../ui/use-title.ts';
import { RegisterWebhookDialog } from './RegisterWebhookDialog.tsx';
import { useDisableWebhook, useTestWebhook, useWebhooks } from './use-deliveries.ts';
import './deliveries.css';

/** Addresses of organizations' own systems that hear of each notice. */
export function WebhooksScreen() {
  const { t } = useTranslation();
  const list = useWebhooks();
  const mayRegister = useMay({ object: 'contact', action: 'create' });
  const [open, setOpen] = useState(false);
  useTitle(t('deliveries.webhooks.title'));
  const items = list.data?.items ?? [];
  const register = mayRegister ? (
    <Button type="primary" onClick={() => setOpen(true)}>
      {t('deliveries.webhooks.register')}
    </Button>
  ) : null;
  return (
    <NoticeFrame title={t('deliveries.webhooks.title')} action={register}>
      <p className="lead">{t('deliveries.webhooks.lead')}</p>
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {list.isSuccess && items.length === 0 ? (
        <EmptyState title={t('deliveries.webhooks.none')} hint={t('deliveries.webhooks.noneHint')} />
      ) : null}
      {items.length === 0 ? null : <WebhookTable items={items} />}
      {open ? <RegisterWebhookDialog onClose={() => setOpen(false)} /> : null}
    </NoticeFrame>
  );
}

function WebhookTable({ items }: { readonly items: readonly Webhook[] }) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked" aria-label={t('deliveries.webhooks.title')}>
      <thead>
        <tr>
          <th scope="col">{t('deliveries.webhooks.url')}</th>
          <th scope="col">{t('deliveries.webhooks.of')}</th>
          <th scope="col">{t('deliveries.webhooks.registered')}</th>
          <th scope="col">{t('deliveries.webhooks.state')}</th>
          <th scope="col" aria-label={t('deliveries.webhooks.actions')} />
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <WebhookRow key={one.id} webhook={one} />
        ))}
      </tbody>
    </table>
  );
}

function WebhookRow({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useTranslation();
  const { url, organization, registeredBy, registeredAt, disabledAt } = webhook;
  const may = useMay({ object: 'contact', action: 'update' });
  return (
    <tr>
      <th scope="row">
        <code className="webhook-url">{url}</code>
      </th>
      <td data-label={t('deliveries.webhooks.of')}>
        <OrganizationName of={organization} />
      </td>
      <td data-label={t('deliveries.webhooks.registered')}>
        {registeredBy.name}
        <br />
        <small>
          <Moment at={registeredAt} to="day" />
        </small>
      </td>
      <td data-label={t('deliveries.webhooks.state')}>
        <Standing of={webhook} />
      </td>
      <td>{may && disabledAt === null ? <WebhookActions webhook={webhook} /> : null}</td>
    </tr>
  );
}

function Standing({ of: { disabledAt, disabledBy, failingSince, lastFailure } }: { readonly of: Webhook }) {
  const { t } = useTranslation();
  if (disabledAt !== null)
    return (
      <>
        {t(disabledBy === null ? 'deliveries.webhooks.gaveUp' : 'deliveries.webhooks.off')}{' '}
        <Moment at={disabledAt} to="day" />
      </>
    );
  if (failingSince === null)
    return <span className="delivery-state sent">{t('deliveries.webhooks.on')}</span>;
  return (
    <>
      <span className="delivery-state failed">
        {t('deliveries.webhooks.failing')} <Moment at={failingSince} />
      </span>
      <br />
      <small>
        <code>{lastFailure}</code>
      </small>
    </>
  );
}

function WebhookActions({ webhook: { id, url } }: { readonly webhook: Webhook }) {
  const { t } = useTranslation();
  const test = useTestWebhook();
  const disable = useDisableWebhook();
  const [sure, setSure] = useState(false);
  const error = test.error ?? disable.error;
  return (
    <>
      <div className="actions delivery-actions">
        <Button size="small" loading={test.isPending} onClick={() => test.mutate(id)}>
          {t('deliveries.webhooks.test')}
        </Button>
        <Button size="small" type="text" loading={disable.isPending} onClick={() => setSure(true)}>
          {t('deliveries.webhooks.disable')}
        </Button>
      </div>
      {test.data === undefined ? null : (
        <p role="status" className={test.data.taken ? 'received' : 'no-receipt'}>
          {t(test.data.taken ? 'deliveries.webhooks.taken' : 'deliveries.webhooks.notTaken')}{' '}
          <code>{test.data.answer}</code>
        </p>
      )}
      {error === null ? null : <Failure error={error} />}
      {sure ? (
        <Modal
          open
          title={t('deliveries.webhooks.disable')}
          okText={t('deliveries.webhooks.disable')}
          okButtonProps={{ danger: true }}
          onOk={() => {
            disable.mutate(id);
            setSure(false);
          }}
          onCancel={() => setSure(false)}
        >
          <p>{t('deliveries.webhooks.disableSure', { url })}</p>
        </Modal>
      ) : null}
    </>
  );
}
