import type { Account } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Moment } from '../ui/Moment.tsx';
import { GrantLine } from './GrantText.tsx';

export function AccountTable({
  items,
  busy,
}: {
  readonly items: readonly Account[];
  readonly busy: boolean;
}) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked people" aria-label={t('people.tabs.accounts')} aria-busy={busy}>
      <thead>
        <tr>
          <th scope="col">{t('people.columns.name')}</th>
          <th scope="col">{t('people.columns.grants')}</th>
          <th scope="col">{t('people.columns.twoFactor')}</th>
          <th scope="col">{t('people.columns.lastSignIn')}</th>
          <th scope="col">{t('people.columns.state')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((account) => (
          <AccountRow key={account.id} account={account} />
        ))}
      </tbody>
    </table>
  );
}

function AccountRow({ account }: { readonly account: Account }) {
  const { t } = useTranslation();
  const { id, name, email, state, twoFactor, lastSignInAt, grants } = account;
  return (
    <tr className={state}>
      <th scope="row">
        <Link to="/people/$accountId" params={{ accountId: id }}>
          {name}
        </Link>
        <br />
        <small>{email ?? t('people.localAccount')}</small>
      </th>
      <td>
        {grants.length === 0 ? <span className="hint">{t('people.noGrants')}</span> : null}
        {grants.map((grant) => (
          <GrantLine key={grant.id} grant={grant} />
        ))}
      </td>
      <td data-label={t('people.columns.twoFactor')}>{t(`people.twoFactor.${twoFactor ? 'on' : 'off'}`)}</td>
      <td data-label={t('people.columns.lastSignIn')}>
        {lastSignInAt === null ? (
          <span className="hint">{t('people.neverSignedIn')}</span>
        ) : (
          <Moment at={lastSignInAt} />
        )}
      </td>
      <td data-label={t('people.columns.state')}>
        {state === 'active' ? (
          t('people.states.active')
        ) : (
          <span className="tag ended">{t('people.states.disabled')}</span>
        )}
      </td>
    </tr>
  );
}
