import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { OpenQuestions } from '../assets/OpenQuestions.tsx';
import { SignInScreen } from '../sign-in/SignInScreen.tsx';
import { TwoFactorRequired } from '../sign-in/TwoFactorRequired.tsx';
import { Failure } from '../ui/Failure.tsx';
import { KeptScreen } from './KeptScreen.tsx';
import { LanguageSwitch } from './LanguageSwitch.tsx';
import { isAt, useNavigation } from './navigation.ts';
import { isSignedOut } from './request.ts';
import { useSession, useSignOut } from './use-session.ts';

/** Where somebody without a session has come by a link, which is then what the screen is about. */
const OPEN_SCREENS: readonly string[] = ['/join', '/forgotten-password', '/new-password', '/notice-check'];

/** The frame of every screen: where am I, where can I go, who am I, which language. */
export function Shell() {
  const { t } = useTranslation();
  const session = useSession();
  const { pathname } = useLocation();
  const open = OPEN_SCREENS.includes(pathname);
  // A session that ran out leaves the name of its account behind.
  const account = open || isSignedOut(session.error) ? undefined : session.data;
  useFocusOnScreen();
  return (
    <>
      <a className="skip-link" href="#content">
        {t('nav.skip')}
      </a>
      <header className="top">
        <span className="brand">Backcheck</span>
        {account === undefined || account.twoFactor === 'required' ? null : (
          <Navigation key={account.account.id} />
        )}
        <span className="top-end">
          {account === undefined ? null : <Account name={account.account.name} />}
          <LanguageSwitch />
        </span>
      </header>
      <main id="content" tabIndex={-1}>
        {open ? <Outlet /> : <Content session={session} />}
      </main>
    </>
  );
}

function Navigation() {
  const { t } = useTranslation();
  const places = useNavigation() ?? [];
  const { pathname } = useLocation();
  return (
    <nav aria-label={t('nav.label')}>
      {places.map((place) => (
        <Link key={place.to} to={place.to} {...(isAt(place, pathname) ? { 'aria-current': 'page' } : {})}>
          {t(place.label)}
          {place.to === '/assets' ? <OpenQuestions /> : null}
        </Link>
      ))}
    </nav>
  );
}

/** A new screen starts at its beginning for the keyboard and for screen readers too (WCAG 2.4.3). */
function useFocusOnScreen(): void {
  const { pathname } = useLocation();
  // Another node of the tree is the same screen: the keyboard stays in the tree.
  const screen = pathname.replace(/^\/organizations\/\d+$/, '/organizations');
  const shown = useRef(screen);
  useEffect(() => {
    if (shown.current === screen) return;
    shown.current = screen;
    document.getElementById('content')?.focus({ preventScroll: true });
  }, [screen]);
}

function Account({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  return (
    <>
      <Link to="/account" className="account">
        {name}
      </Link>
      <Button type="text" loading={signOut.isPending} onClick={() => signOut.mutate()}>
        {t('nav.signOut')}
      </Button>
    </>
  );
}

function Content({ session }: { readonly session: ReturnType<typeof useSession> }) {
  const { t } = useTranslation();
  const { data, error } = session;
  const isOut = isSignedOut(error);
  if (data?.twoFactor === 'required' && !isOut) return <TwoFactorRequired session={data} />;
  if (data !== undefined && data.twoFactor !== 'required')
    return (
      <>
        {isOut ? <SignInScreen ended={data} /> : null}
        {/* Another account begins with nothing of what the one before has on its screen. */}
        <KeptScreen key={data.account.id} hidden={isOut}>
          <Outlet />
        </KeptScreen>
      </>
    );
  if (isOut) return <SignInScreen />;
  if (error !== null) return <Failure error={error} retry={() => void session.refetch()} />;
  return <Spin description={t('loading')} delay={300} className="screen-spin" />;
}
