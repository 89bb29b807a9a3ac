import type { Account, Grant } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Modal, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { useSession } from '../app/use-session.ts';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { useTitle } from '../ui/use-title.ts';
import { AccountActions } from './AccountActions.tsx';
import { GrantDialog } from './GrantDialog.tsx';
import { GrantText, useRoleName } from './GrantText.tsx';
import { useAccount, useGrants, useRevokeGrant } from './use-people.ts';
import './people.css';

const route = getRouteApi('/people/$accountId');

export function PersonScreen() {
  const { t } = useTranslation();
  const { accountId } = route.useParams();
  const { data, error, refetch } = useAccount(accountId);
  useTitle(data?.name ?? t('people.title'));
  return (
    <div className="screen people-screen">
      <Link to="/people" className="back">
        {t('people.all')}
      </Link>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {data !== undefined ? (
        <Person account={data} />
      ) : error === null ? (
        <Spin description={t('loading')} delay={300} className="screen-spin" />
      ) : null}
    </div>
  );
}

function Person({ account }: { readonly account: Account }) {
  const { t } = useTranslation();
  const { data: session } = useSession();
  const mayChange = useMay({ object: 'account', action: 'update' });
  const own = session?.account.id === account.id;
  const { name, email, state, twoFactor, createdAt, lastSignInAt } = account;
  return (
    <>
      <h1>
        {name} {state === 'active' ? null : <span className="tag ended">{t('people.states.disabled')}</span>}
      </h1>
      <section className="panel person-facts" aria-label={t('people.person.facts')}>
        <dl className="pairs">
          <div>
            <dt>{t('account.email')}</dt>
            <dd>{email ?? t('people.localAccount')}</dd>
          </div>
          <div>
            <dt>{t('people.columns.twoFactor')}</dt>
            <dd>{t(`people.twoFactor.${twoFactor ? 'on' : 'off'}`)}</dd>
          </div>
          <div>
            <dt>{t('people.columns.lastSignIn')}</dt>
            <dd>{lastSignInAt === null ? t('people.neverSignedIn') : <Moment at={lastSignInAt} />}</dd>
          </div>
          <div>
            <dt>{t('people.person.since')}</dt>
            <dd>
              <Moment at={createdAt} to="day" />
            </dd>
          </div>
        </dl>
        {own ? <p className="hint">{t('people.person.own')}</p> : null}
        {mayChange && !own ? <AccountActions account={account} /> : null}
      </section>
      <Grants account={account} changeable={mayChange && !own} />
    </>
  );
}

function Grants({ account, changeable }: { readonly account: Account; readonly changeable: boolean }) {
  const { t } = useTranslation();
  const { data, error } = useGrants(account.id);
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<Grant | null>(null);
  return (
    <section className="panel" aria-labelledby="person-grants-title">
      <h2 id="person-grants-title">{t('people.person.grants')}</h2>
      {error === null ? null : <Failure error={error} />}
      {data?.items.length === 0 ? <p>{t('people.person.noGrants')}</p> : null}
      <ul className="rows">
        {data?.items.map((grant) => (
          <li key={grant.id} className="grant-row">
            <GrantText grant={grant} />
            {changeable ? <RevokeButton grant={grant} onClick={() => setRevoking(grant)} /> : null}
          </li>
        ))}
      </ul>
      {changeable ? (
        <div className="actions">
          <Button onClick={() => setAdding(true)}>{t('people.grant.add')}</Button>
        </div>
      ) : null}
      {adding ? <GrantDialog account={account} onClose={() => setAdding(false)} /> : null}
      {revoking === null ? null : (
        <RevokeDialog account={account} grant={revoking} onClose={() => setRevoking(null)} />
      )}
    </section>
  );
}

function RevokeButton({ grant, onClick }: { readonly grant: Grant; readonly onClick: () => void }) {
  const { t } = useTranslation();
  const names = useGrantNames(grant);
  return (
    <Button size="small" aria-label={t('people.grant.revokeNamed', names)} onClick={onClick}>
      {t('people.grant.revoke')}
    </Button>
  );
}

interface RevokeDialogProps {
  readonly account: Account;
  readonly grant: Grant;
  readonly onClose: () => void;
}

function RevokeDialog({ account, grant, onClose }: RevokeDialogProps) {
  const { t } = useTranslation();
  const names = useGrantNames(grant);
  const revoke = useRevokeGrant();
  return (
    <Modal
      open
      title={t('people.grant.revokeTitle', { name: account.name })}
      okText={t('people.grant.revoke')}
      okButtonProps={{ danger: true }}
      confirmLoading={revoke.isPending}
      onOk={() => revoke.mutate(grant.id, { onSuccess: onClose })}
      onCancel={onClose}
    >
      <p>{t('people.grant.revokeSure', names)}</p>
      {revoke.error === null ? null : <Failure error={revoke.error} />}
    </Modal>
  );
}

function useGrantNames({ role, organization }: Grant) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  return { role: roleName(role), place: organization?.name ?? t('people.grant.installation') };
}
