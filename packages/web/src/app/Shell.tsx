import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { OpenQuestions } from '../assets/OpenQuestions.tsx';
import { SignInNotice } from '../sign-in/SignInNotice.tsx';
import { Failure } from '../ui/Failure.tsx';
import { LanguageSwitch } from './LanguageSwitch.tsx';
import { isSignedOut } from './request.ts';
import { useSession, useSignOut } from './use-session.ts';

/** The frame of every screen: where am I, where can I go, who am I, which language. */
export function Shell() {
  const { t } = useTranslation();
  const session = useSession();
  // A session that ran out leaves the name of its account behind.
  const account = isSignedOut(session.error) ? undefined : session.data?.account;
  useFocusOnScreen();
  return (
    <>
      <a className="skip-link" href="#content">
        {t('nav.skip')}
      </a>
      <header className="top">
        <span className="brand">Backcheck</span>
        {account === undefined ? null : (
          <nav aria-label={t('nav.label')}>
            <Link to="/findings">{t('nav.findings')}</Link>
            <Link to="/assets">
              {t('nav.assets')}
              <OpenQuestions />
            </Link>
            <Link to="/imports">{t('nav.imports')}</Link>
          </nav>
        )}
        <span className="top-end">
          {account === undefined ? null : <Account name={account.name} />}
          <LanguageSwitch />
        </span>
      </header>
      <main id="content" tabIndex={-1}>
        <Content session={session} />
      </main>
    </>
  );
}

/** A new screen starts at its beginning for the keyboard and for screen readers too (WCAG 2.4.3). */
function useFocusOnScreen(): void {
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    document.getElementById('content')?.focus({ preventScroll: true });
  }, [pathname]);
}

function Account({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  return (
    <>
      <span className="account">{name}</span>
      <Button type="text" loading={signOut.isPending} onClick={() => signOut.mutate()}>
        {t('nav.signOut')}
      </Button>
    </>
  );
}

function Content({ session }: { readonly session: ReturnType<typeof useSession> }) {
  const { t } = useTranslation();
  const { error } = session;
  if (isSignedOut(error)) return <SignInNotice />;
  if (session.data !== undefined) return <Outlet />;
  if (error !== null) return <Failure error={error} retry={() => void session.refetch()} />;
  return <Spin description={t('loading')} delay={300} className="screen-spin" />;
}
