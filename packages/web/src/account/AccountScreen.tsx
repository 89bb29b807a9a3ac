import type { Session } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAccess, useIsCoordinator, useMay } from '../app/use-access.ts';
import { useSession } from '../app/use-session.ts';
import { switchLanguage } from '../i18n/i18n.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { GrantText } from '../people/GrantText.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { ApiKeys } from './ApiKeys.tsx';
import { Password } from './Password.tsx';
import { Sessions } from './Sessions.tsx';
import { TwoFactor } from './TwoFactor.tsx';
import './account.css';

export function AccountScreen() {
  const { t } = useTranslation();
  const { data: session } = useSession();
  const isCoordinator = useIsCoordinator();
  // the coordinator has a tab for it beside the notices
  const mayPush = useMay({ object: 'contact', action: 'read' }) && !isCoordinator;
  useTitle(t('account.title'));
  return (
    <div className="screen account-screen">
      <h1>{t('account.title')}</h1>
      {session === undefined ? null : (
        <>
          <Who session={session} />
          <MyGrants />
          <Password session={session} />
          <TwoFactor session={session} />
        </>
      )}
      <Sessions />
      <ApiKeys />
      {mayPush ? <Link to="/webhooks">{t('notices.tabs.webhooks')}</Link> : null}
    </div>
  );
}

function Who({ session }: { readonly session: Session }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <section className="panel">
      <dl className="pairs">
        <div>
          <dt>{t('account.name')}</dt>
          <dd>{session.account.name}</dd>
        </div>
        <div>
          <dt>{t('account.email')}</dt>
          <dd>{session.email ?? <span className="hint">{t('account.noEmail')}</span>}</dd>
        </div>
        <div>
          <dt>{t('account.language')}</dt>
          <dd>
            <Segmented
              aria-label={t('account.language')}
              value={language}
              options={[
                { value: 'zh', label: <span lang="zh-CN">中文</span> },
                { value: 'en', label: <span lang="en">English</span> },
              ]}
              onChange={(value) => void switchLanguage(value === 'zh' ? 'zh' : 'en')}
            />
            <p className="hint">{t('account.languageHint')}</p>
          </dd>
        </div>
      </dl>
    </section>
  );
}

function MyGrants() {
  const { t } = useTranslation();
  const { data, error } = useAccess();
  return (
    <section className="panel" aria-labelledby="my-grants-title">
      <h2 id="my-grants-title">{t('account.grants')}</h2>
      {error === null ? null : <Failure error={error} />}
      {data?.grants.length === 0 ? <p>{t('account.noGrants')}</p> : null}
      <ul className="rows">
        {data?.grants.map((grant) => (
          <li key={grant.id}>
            <GrantText grant={grant} />
          </li>
        ))}
      </ul>
    </section>
  );
}
