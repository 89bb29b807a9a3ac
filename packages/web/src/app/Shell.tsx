import { Link, Outlet } from '@tanstack/react-router';
import { Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { SignInNotice } from '../sign-in/SignInNotice.tsx';
import { Failure } from '../ui/Failure.tsx';
import { LanguageSwitch } from './LanguageSwitch.tsx';
import { Refusal } from './request.ts';
import { useSession } from './use-session.ts';

/** The frame of every screen: where am I, where can I go, who am I, which language. */
export function Shell() {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <>
      <a className="skip-link" href="#content">
        {t('nav.skip')}
      </a>
      <header className="top">
        <span className="brand">Backcheck</span>
        {session.data === undefined ? null : (
          <nav aria-label={t('nav.label')}>
            <Link to="/findings">{t('nav.findings')}</Link>
            <Link to="/imports">{t('nav.imports')}</Link>
          </nav>
        )}
        <span className="top-end">
          {session.data === undefined ? null : <span className="account">{session.data.account.name}</span>}
          <LanguageSwitch />
        </span>
      </header>
      <main id="content" tabIndex={-1}>
        <Content session={session} />
      </main>
    </>
  );
}

function Content({ session }: { readonly session: ReturnType<typeof useSession> }) {
  const { t } = useTranslation();
  const { error } = session;
  if (error instanceof Refusal && error.status === 401) return <SignInNotice />;
  if (session.data !== undefined) return <Outlet />;
  if (error !== null) return <Failure error={error} retry={() => void session.refetch()} />;
  return <Spin description={t('loading')} delay={300} className="screen-spin" />;
}
