import { type LookBackRule, SEVERITY_LABELS } from '@backcheck/contract';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Moment } from '../ui/Moment.tsx';

/** Which closed findings, in one line. */
export function RuleText({ rule }: { readonly rule: LookBackRule }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { closedFrom, closedUntil, severities, knownExploited, checks } = rule;
  const parts: ReactNode[] = [];
  if (closedFrom !== null)
    parts.push(
      <>
        {t('lookBacks.closedFrom')} <Moment at={closedFrom} />
      </>,
    );
  if (closedUntil !== null)
    parts.push(
      <>
        {t('lookBacks.closedUntil')} <Moment at={closedUntil} />
      </>,
    );
  if (severities.length > 0)
    parts.push(severities.map((one) => SEVERITY_LABELS[one][language]).join(language === 'zh' ? '、' : ', '));
  if (knownExploited) parts.push(t('lookBacks.knownExploitedShort'));
  if (checks.length > 0) parts.push(checks.join(language === 'zh' ? '、' : ', '));
  if (parts.length === 0) return <>{t('lookBacks.anything')}</>;
  return (
    <>
      {parts.map((part, at) => (
        <Fragment key={at}>
          {at === 0 ? null : ' · '}
          {part}
        </Fragment>
      ))}
    </>
  );
}
