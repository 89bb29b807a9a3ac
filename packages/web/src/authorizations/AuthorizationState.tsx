import { AUTHORIZATION_STATE_LABELS, type Authorization } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Moment } from '../ui/Moment.tsx';

/** Whether anything may run under it now, and if not, when. */
export function AuthorizationState({
  of,
}: {
  readonly of: Pick<Authorization, 'state' | 'windowOpen' | 'nextWindow'>;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { state, windowOpen, nextWindow } = of;
  return (
    <>
      <span className={`authorization-state ${state}`}>{AUTHORIZATION_STATE_LABELS[state][language]}</span>
      {state === 'in-force' ? (
        <small className="waits">
          {windowOpen ? t('authorizations.windowOpen') : t('authorizations.windowClosed')}
          {nextWindow === null ? null : (
            <>
              {' '}
              <Moment at={nextWindow} />
            </>
          )}
        </small>
      ) : null}
    </>
  );
}
