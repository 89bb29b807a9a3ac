import type { Invitation } from '@backcheck/contract';
import { Button, Modal, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { useTitle } from '../ui/use-title.ts';
import { GrantLine } from './GrantText.tsx';
import { InviteButton } from './InviteButton.tsx';
import { PeopleFrame } from './PeopleFrame.tsx';
import { SentNote } from './SentNote.tsx';
import { useInvitations, useResendInvitation, useWithdrawInvitation } from './use-people.ts';

export function InvitationsScreen() {
  const { t } = useTranslation();
  const list = useInvitations();
  useTitle(t('people.tabs.invitations'));
  const items = list.data?.items ?? [];
  return (
    <PeopleFrame title={t('people.tabs.invitations')} action={<InviteButton />}>
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {list.isSuccess && items.length === 0 ? (
        <EmptyState title={t('people.invitation.none')} hint={t('people.invitation.noneHint')} />
      ) : null}
      {items.length === 0 ? null : <InvitationTable items={items} />}
    </PeopleFrame>
  );
}

function InvitationTable({ items }: { readonly items: readonly Invitation[] }) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked people" aria-label={t('people.tabs.invitations')}>
      <thead>
        <tr>
          <th scope="col">{t('people.invitation.for')}</th>
          <th scope="col">{t('people.invitation.grants')}</th>
          <th scope="col">{t('people.invitation.invitedAt')}</th>
          <th scope="col">{t('people.invitation.state')}</th>
          <th scope="col" aria-label={t('people.invitation.resend')} />
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <InvitationRow key={one.id} invitation={one} />
        ))}
      </tbody>
    </table>
  );
}

function InvitationRow({ invitation }: { readonly invitation: Invitation }) {
  const { t } = useTranslation();
  const { email, name, grants, invitedAt } = invitation;
  return (
    <tr>
      <th scope="row">
        {name}
        <br />
        <small>{email}</small>
      </th>
      <td>
        {grants.map((grant) => (
          <GrantLine key={JSON.stringify(grant)} grant={grant} />
        ))}
      </td>
      <td data-label={t('people.invitation.invitedAt')}>
        <Moment at={invitedAt} />
      </td>
      <td>
        <InvitationState invitation={invitation} />
      </td>
      <td className="row-actions">
        <InvitationActions invitation={invitation} />
      </td>
    </tr>
  );
}

function InvitationState({ invitation }: { readonly invitation: Invitation }) {
  const { t } = useTranslation();
  const { expiresAt, sentAt, mailFailure } = invitation;
  if (Date.parse(expiresAt) <= Date.now())
    return <span className="tag">{t('people.invitation.expired')}</span>;
  return (
    <>
      {t('people.invitation.openUntil')} <Moment at={expiresAt} to="day" />
      {mailFailure !== null ? (
        <p className="field-error">{t('people.invitation.mailFailed', { why: mailFailure })}</p>
      ) : sentAt !== null ? (
        <p className="hint">
          {t('people.invitation.mailedAt')} <Moment at={sentAt} />
        </p>
      ) : null}
    </>
  );
}

function InvitationActions({ invitation }: { readonly invitation: Invitation }) {
  const { t } = useTranslation();
  const mayInvite = useMay({ object: 'account', action: 'create' });
  const resend = useResendInvitation();
  const withdraw = useWithdrawInvitation();
  const [sure, setSure] = useState(false);
  const { id, name } = invitation;
  if (!mayInvite) return null;
  return (
    <>
      <Button
        size="small"
        aria-label={t('people.invitation.resendNamed', { name })}
        loading={resend.isPending}
        onClick={() => resend.mutate(id)}
      >
        {t('people.invitation.resend')}
      </Button>
      <Button
        size="small"
        aria-label={t('people.invitation.withdrawNamed', { name })}
        onClick={() => setSure(true)}
      >
        {t('people.invitation.withdraw')}
      </Button>
      {resend.error === null ? null : <Failure error={resend.error} />}
      {resend.data === undefined ? null : (
        <Modal
          open
          title={t('people.invitation.sent')}
          onCancel={resend.reset}
          footer={
            <Button type="primary" autoFocus onClick={resend.reset}>
              {t('people.invitation.done')}
            </Button>
          }
        >
          <SentNote sent={resend.data} />
        </Modal>
      )}
      {sure ? (
        <Modal
          open
          title={t('people.invitation.withdrawNamed', { name })}
          okText={t('people.invitation.withdraw')}
          okButtonProps={{ danger: true }}
          confirmLoading={withdraw.isPending}
          onOk={() => withdraw.mutate(id, { onSuccess: () => setSure(false) })}
          onCancel={() => setSure(false)}
        >
          <p>{t('people.invitation.withdrawSure')}</p>
          {withdraw.error === null ? null : <Failure error={withdraw.error} />}
        </Modal>
      ) : null}
    </>
  );
}
